//! The faults of the library that proofs can meet: their step is one of a party program, generic over domains.
//!
//! The other faults are in steps that never see a symbol (packing, frames, hashes, files, plans); vectors find those.

use crate::faults::{Fault, find};

/// Their names.
pub const NAMES: [&str; 14] = [
    "carry-of-lowest-position-dropped",
    "carry-not-passed-on-at-odd-levels",
    "carry-high-and-low-swapped",
    "carry-waiting-run-lost",
    "carry-both-bits-pass-on",
    "both-subtract-one",
    "nobody-subtracts-one",
    "both-add-half",
    "bit-not-complemented",
    "bit-complemented-by-client",
    "mask-reused",
    "input-mask-added",
    "weights-mask-added",
    "gate-weights-reordered",
];

/// The faults that some lemma must refute.
pub fn applicable() -> impl Iterator<Item = &'static Fault> {
    NAMES.into_iter().filter_map(find)
}
