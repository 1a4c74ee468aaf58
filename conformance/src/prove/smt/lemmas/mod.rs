//! The lemmas that bit vectors decide.

mod activate;
mod carry;
mod gate;
mod integers;
pub mod labels;
mod statement;
mod truncation;
pub mod world;

use crate::prove::{Lemma, Widths};
pub use statement::{Compared, Statement, lemma};

/// All of them.
pub fn all() -> Vec<Lemma> {
    let gates = gate::all().chain(activate::all()).chain(truncation::all()).chain(labels::all());
    integers::all().chain(carry::all()).chain(gates).collect()
}
