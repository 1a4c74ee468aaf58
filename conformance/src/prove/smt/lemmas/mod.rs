//! The lemmas that bit vectors decide.

mod activate;
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
    let gates = gate::all().chain(activate::all());
    integers::all().chain(carry::all()).chain(gates).chain(truncation::all()).collect()
}
