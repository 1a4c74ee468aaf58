//! Bit-level steps as terms of bit vectors, decided by SMT solvers.

pub mod domain;
pub mod eval;
pub mod lemmas;
pub mod solver;
pub mod source;
pub mod term;
pub mod text;

pub use solver::{Outcome, Solver};
pub use text::Query;
