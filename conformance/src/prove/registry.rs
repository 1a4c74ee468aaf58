//! All lemmas.

use super::Lemma;

/// All lemmas, those of bits first.
pub fn all() -> Vec<Lemma> {
    super::smt::lemmas::all().into_iter().chain(super::poly::lemmas::all()).collect()
}
