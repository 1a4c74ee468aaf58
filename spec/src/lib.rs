//! The written specification of DeepShare. Each module is a chapter of the book, and its code blocks are its doctests;
//! [`measure`] has the programs that they run.

#![allow(
    rustdoc::broken_intra_doc_links,
    reason = "the chapters are written for mdBook: `[O][inputs]` is no link there"
)]

pub mod measure;

#[doc = include_str!("introduction.md")]
pub mod introduction {}
#[doc = include_str!("notation.md")]
pub mod notation {}
#[doc = include_str!("values.md")]
pub mod values {}
#[doc = include_str!("drelu.md")]
pub mod drelu {}
#[doc = include_str!("plans.md")]
pub mod plans {}
#[doc = include_str!("activation.md")]
pub mod activation {}
#[doc = include_str!("truncation.md")]
pub mod truncation {}
#[doc = include_str!("linear.md")]
pub mod linear {}
#[doc = include_str!("network.md")]
pub mod network {}
#[doc = include_str!("expressiveness.md")]
pub mod expressiveness {}
#[doc = include_str!("formats.md")]
pub mod formats {}
#[doc = include_str!("ideal.md")]
pub mod ideal {}
#[doc = include_str!("parties.md")]
pub mod parties {}
#[doc = include_str!("wire.md")]
pub mod wire {}
#[doc = include_str!("live.md")]
pub mod live {}
#[doc = include_str!("security.md")]
pub mod security {}
#[doc = include_str!("simulators.md")]
pub mod simulators {}
#[doc = include_str!("exhaustive.md")]
pub mod exhaustive {}
#[doc = include_str!("shown.md")]
pub mod shown {}
#[doc = include_str!("hostile.md")]
pub mod hostile {}
#[doc = include_str!("gmw.md")]
pub mod gmw {}
#[doc = include_str!("gmw-bits.md")]
pub mod gmw_bits {}
#[doc = include_str!("gmw-carry.md")]
pub mod gmw_carry {}
#[doc = include_str!("gmw-gate.md")]
pub mod gmw_gate {}
#[doc = include_str!("gmw-truncation.md")]
pub mod gmw_truncation {}
#[doc = include_str!("gmw-linear.md")]
pub mod gmw_linear {}
#[doc = include_str!("ot.md")]
pub mod ot {}
#[doc = include_str!("ot-base.md")]
pub mod ot_base {}
#[doc = include_str!("ot-extension.md")]
pub mod ot_extension {}
#[doc = include_str!("ot-comparison.md")]
pub mod ot_comparison {}
#[doc = include_str!("ot-gate.md")]
pub mod ot_gate {}
#[doc = include_str!("ot-truncation.md")]
pub mod ot_truncation {}
#[doc = include_str!("ot-linear.md")]
pub mod ot_linear {}
#[doc = include_str!("fss.md")]
pub mod fss {}
#[doc = include_str!("fss-dcf.md")]
pub mod fss_dcf {}
#[doc = include_str!("fss-gate.md")]
pub mod fss_gate {}
#[doc = include_str!("fss-truncation.md")]
pub mod fss_truncation {}
#[doc = include_str!("garbled.md")]
pub mod garbled {}
#[doc = include_str!("garbled-circuit.md")]
pub mod garbled_circuit {}
#[doc = include_str!("garbled-gate.md")]
pub mod garbled_gate {}
#[doc = include_str!("comparison.md")]
pub mod comparison {}
#[doc = include_str!("costs.md")]
pub mod costs {}
#[doc = include_str!("testing.md")]
pub mod testing {}
#[doc = include_str!("vectors.md")]
pub mod vectors {}
#[doc = include_str!("adapters.md")]
pub mod adapters {}
#[doc = include_str!("faults.md")]
pub mod faults {}
#[doc = include_str!("proofs.md")]
pub mod proofs {}
#[doc = include_str!("proofs-words.md")]
pub mod proofs_words {}
#[doc = include_str!("cases.md")]
pub mod cases {}
#[doc = include_str!("training.md")]
pub mod training {}
#[doc = include_str!("errors.md")]
pub mod errors {}
#[doc = include_str!("traceability.md")]
pub mod traceability {}
