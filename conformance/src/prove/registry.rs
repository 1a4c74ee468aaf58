//! All lemmas.

use super::Lemma;

/// All lemmas, those of bits first.
pub fn all() -> Vec<Lemma> {
    super::smt::lemmas::all()
}
