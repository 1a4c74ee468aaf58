//! The random choices of one case, from the campaign's seed and the case's number. [DS-HOSTILE-4]

use deepshare_reference::party::Role;
use deepshare_reference::party::xof::{Label, Seed, xof};

/// A stream of random choices.
pub struct Dice {
    seed: Seed,
    case: u64,
    draws: u64,
}

impl Dice {
    /// The choices of a case.
    pub fn new(seed: &Seed, case: u64) -> Dice {
        Dice { seed: *seed, case, draws: 0 }
    }

    /// Random bytes.
    pub fn bytes(&mut self, len: usize) -> Vec<u8> {
        let label = Label { protocol: "hostile", party: Role::Trusted, purpose: "case" };
        let mut bytes = vec![0; len];
        xof(label, &self.seed, &self.case.to_le_bytes(), self.draws, &mut bytes);
        self.draws += 1;
        bytes
    }

    /// A random number below `bound`, or 0 if `bound` is 0. Slightly biased, which no case minds.
    pub fn below(&mut self, bound: u64) -> u64 {
        let word = self.bytes(8).iter().fold(0, |word, &byte| (word << 8) | u64::from(byte));
        word.checked_rem(bound).unwrap_or(0)
    }

    /// As [`Dice::below`], for places and lengths.
    pub fn index(&mut self, bound: usize) -> usize {
        usize::try_from(self.below(bound as u64)).unwrap_or(0)
    }

    /// A random byte that is not zero.
    pub fn nonzero(&mut self) -> u8 {
        u8::try_from(1 + self.below(255)).unwrap_or(1)
    }

    /// A random member of a list.
    pub fn pick<T: Copy>(&mut self, list: &[T]) -> Option<T> {
        let index = self.index(list.len());
        list.get(index).copied()
    }
}
