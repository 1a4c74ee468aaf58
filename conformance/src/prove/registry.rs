//! All lemmas.

use super::{Lemma, ProveError};

/// All lemmas, those of bits first.
pub fn all() -> Vec<Lemma> {
    super::smt::lemmas::all().into_iter().chain(super::poly::lemmas::all()).collect()
}

/// The lemma of a name.
///
/// # Errors
/// [`ProveError::NoLemma`].
pub fn find(name: &str) -> Result<Lemma, ProveError> {
    let found = all().into_iter().find(|lemma| lemma.name == name);
    found.ok_or_else(|| ProveError::NoLemma { lemma: name.to_owned() })
}
