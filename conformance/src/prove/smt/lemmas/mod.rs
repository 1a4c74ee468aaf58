//! The lemmas that bit vectors decide.

mod carry;
mod gate;
mod integers;
mod statement;
mod truncation;
pub mod world;

use crate::prove::{Lemma, Widths};
pub use statement::{Compared, Statement, lemma};

/// All of them.
pub fn all() -> Vec<Lemma> {
    integers::all().chain(carry::all()).chain(gate::all()).chain(truncation::all()).collect()
}
