//! The faults of the library that proofs can meet: their step is one of a party program, generic over domains. [DS-PROVE-5]
//!
//! The other faults are in steps that never see a symbol (packing, frames, hashes, files, plans); vectors find those.

use crate::faults::{Fault, find};

/// Those that lemmas on bits meet.
pub const OF_BITS: [&str; 8] = [
    "carry-of-lowest-position-dropped",
    "carry-not-passed-on-at-odd-levels",
    "carry-high-and-low-swapped",
    "carry-waiting-run-lost",
    "carry-both-bits-pass-on",
    "both-subtract-one",
    "nobody-subtracts-one",
    "both-add-half",
];

/// Those that lemmas on words meet.
pub const OF_WORDS: [&str; 6] = [
    "bit-not-complemented",
    "bit-complemented-by-client",
    "mask-reused",
    "input-mask-added",
    "weights-mask-added",
    "gate-weights-reordered",
];

/// The faults that some lemma must refute.
pub fn applicable() -> impl Iterator<Item = &'static Fault> {
    names().filter_map(find)
}

/// The names of all.
pub fn names() -> impl Iterator<Item = &'static str> {
    OF_BITS.into_iter().chain(OF_WORDS)
}
