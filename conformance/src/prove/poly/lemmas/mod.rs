//! The lemmas that normal forms decide.

mod apply;

use crate::prove::Lemma;

/// All of them.
pub fn all() -> Vec<Lemma> {
    apply::all().collect()
}
