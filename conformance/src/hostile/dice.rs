//! The choices of one case: random ones, from the campaign's seed and the case's number, or a fuzzer's. [DS-HOSTILE-4]

use deepshare_reference::party::Role;
use deepshare_reference::party::xof::{Label, Seed, xof};

/// A stream of choices.
pub enum Dice<'a> {
    /// Random ones.
    Random {
        /// The campaign's seed.
        seed: Seed,
        /// The case's number.
        case: u64,
        /// How many were made.
        draws: u64,
    },
    /// Bytes of a fuzzer; where they end, zeros go on.
    Given(&'a [u8]),
}

impl Dice<'_> {
    /// The random choices of a case.
    pub fn new(seed: &Seed, case: u64) -> Dice<'static> {
        Dice::Random { seed: *seed, case, draws: 0 }
    }

    /// Random bytes.
    pub fn bytes(&mut self, len: usize) -> Vec<u8> {
        let mut bytes = vec![0; len];
        match self {
            Dice::Random { seed, case, draws } => {
                let label = Label { protocol: "hostile", party: Role::Trusted, purpose: "case" };
                xof(label, seed, &case.to_le_bytes(), *draws, &mut bytes);
                *draws += 1;
            }
            Dice::Given(given) => {
                let (taken, rest) = given.split_at(len.min(given.len()));
                bytes.iter_mut().zip(taken).for_each(|(byte, new)| *byte = *new);
                *given = rest;
            }
        }
        bytes
    }

    /// A random number below `bound`, or 0 if `bound` is 0. Slightly biased, which no case minds.
    pub fn below(&mut self, bound: u64) -> u64 {
        let bytes = match self {
            Dice::Given(_) if bound <= 1 << 8 => 1,
            Dice::Given(_) if bound <= 1 << 16 => 2,
            _ => 8,
        };
        let word = self.bytes(bytes).iter().fold(0, |word, &byte| (word << 8) | u64::from(byte));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_bytes_are_the_choices_and_zeros_go_on() {
        let mut dice = Dice::Given(&[7, 1, 2, 9, 9]);
        assert_eq!((dice.below(4), dice.below(1_000), dice.nonzero()), (3, 258, 10));
        assert_eq!((dice.bytes(3), dice.below(u64::MAX), dice.below(0)), (vec![9, 0, 0], 0, 0));
        assert_eq!((dice.pick(&[5, 6]), dice.pick::<u8>(&[])), (Some(5), None));
    }
}
