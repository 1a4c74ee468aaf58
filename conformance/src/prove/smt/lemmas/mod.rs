//! The lemmas that bit vectors decide.

mod gate;
mod statement;
mod truncation;
pub mod world;

use crate::prove::{Lemma, Widths};
pub use statement::{Statement, lemma};

/// All of them.
pub fn all() -> Vec<Lemma> {
    gate::all().chain(truncation::all()).collect()
}
