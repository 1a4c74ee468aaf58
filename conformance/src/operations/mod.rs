//! The operations that vectors are made of, computed by the reference step by step. [DS-VEC-7]
//!
//! An operation is small steps of [`Steps`](crate::steps::Steps), each a call of the reference, and notes what each step
//! gave. The default steps are right; a fault is another implementation of one of them.

mod answer;
mod registry;

mod activation;
mod affine;
mod carry;
mod drelu;
mod input;
mod layers;
mod lemma;
mod linear;
mod make_plan;
mod network;
mod network_file;
mod packing;
mod plan;
pub(crate) mod protocol;
mod ring;
mod sharing;
mod sweep;
mod truncation;

pub use answer::{Answer, Refusal, Trace};
pub use lemma::Input as LemmaInput;
pub use registry::{Entry, Operation, find, names, run};

#[cfg(test)]
pub(crate) mod tests;
