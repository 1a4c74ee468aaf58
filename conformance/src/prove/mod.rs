//! Proofs from the code: the party programs of the reference, run over symbols.
//!
//! A *lemma* says that the outputs of a program reconstruct to the ring semantics, for all inputs, shares and coins. The
//! programs are those that run: they are generic over a domain, and here the domain's values are terms. Two engines decide
//! lemmas: [`smt`] hands bit-level steps to solvers of bit vectors, for one width at a time; word-by-word products are
//! compared as polynomials, for all widths at once.
//!
//! Every lemma takes the steps of an implementation, so that a fault of the fault library can be put in their place: then
//! the lemma must fail, and what it gives is a counterexample: a vector that replays on concrete values. [DS-PROVE-1]

pub mod command;
pub mod draws;
mod error;
pub mod faults;
pub mod hybrid;
mod lemma;
pub mod masked;
pub mod poly;
mod prover;
pub mod reals;
pub mod registry;
pub mod smt;
pub mod vector;

pub use error::ProveError;
pub use lemma::{Backend, Counterexample, Decision, Lemma, Outcome, Proof, Widths};
pub use prover::{Answer, Attempt, Verdict, decide};
