//! The codes of OT extension. [DS-OT-10]
//!
//! A receiver's choice is encoded; any two words of a code differ in at least lambda = 128 positions, so that the pads of
//! all messages but the chosen one depend on at least 128 secret bits of the sender.

use crate::values::{BitPlane, ValueError};

/// The security parameter lambda in bits.
pub const LAMBDA: usize = 128;

/// A row of a matrix of OT extension: as many bits as the code has positions, the lowest bit of the first word first.
pub type Row = [u64; 4];

/// A binary linear code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// One bit, repeated 128 times: IKNP (Ishai, Kilian, Nissim, Petrank 2003).
    Repetition,
    /// Four bits w as their 256 inner products with 0..256 modulo 16, the Walsh-Hadamard code of length 16 repeated 16
    /// times: KK13 (Kolesnikov, Kumaresan 2013). Different words differ in exactly 128 positions.
    WalshHadamard,
}

impl Code {
    /// The number of positions of a word.
    pub fn positions(self) -> usize {
        match self {
            Code::Repetition => LAMBDA,
            Code::WalshHadamard => 2 * LAMBDA,
        }
    }

    /// The bits of a choice.
    pub fn choice_bits(self) -> usize {
        match self {
            Code::Repetition => 1,
            Code::WalshHadamard => 4,
        }
    }

    /// Whether bit number `bit` of a choice enters position j of its word.
    fn enters(self, position: usize, bit: usize) -> bool {
        match self {
            Code::Repetition => true,
            Code::WalshHadamard => position >> bit & 1 == 1,
        }
    }

    /// Position j of the words of all lanes: the xor of the choice's bits that enter it.
    ///
    /// # Errors
    /// [`ValueError::Length`] if the planes of the choice differ in length.
    pub fn column<P: BitPlane>(self, choice: &[P], position: usize) -> Result<P, ValueError> {
        let len = choice.first().map_or(0, BitPlane::len);
        let entering = choice.iter().enumerate().filter(|(bit, _)| self.enters(position, *bit));
        entering.map(|(_, plane)| plane).try_fold(P::constant(len, false), |sum, plane| sum.xor(plane))
    }

    /// The word of a public choice.
    pub fn word(self, choice: usize) -> Row {
        let mut row = [0; 4];
        let bits = (0..self.choice_bits()).filter(|bit| choice >> bit & 1 == 1);
        for bit in bits {
            for position in (0..self.positions()).filter(|&position| self.enters(position, bit)) {
                if let Some(word) = row.get_mut(position / 64) {
                    *word ^= 1 << (position % 64);
                }
            }
        }
        row
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::Plane;

    fn weight(row: Row) -> u32 {
        row.iter().map(|word| word.count_ones()).sum()
    }

    /// [DS-OT-10]: the distance of every two words.
    #[test]
    fn words_differ_in_128_positions() {
        for code in [Code::Repetition, Code::WalshHadamard] {
            let words: Vec<Row> = (0..1 << code.choice_bits()).map(|choice| code.word(choice)).collect();
            for (i, a) in words.iter().enumerate() {
                for b in &words[..i] {
                    assert_eq!(weight(std::array::from_fn(|w| a[w] ^ b[w])), 128, "{code:?}");
                }
            }
        }
    }

    #[test]
    fn columns_are_the_positions_of_words() {
        for code in [Code::Repetition, Code::WalshHadamard] {
            let lanes = 1_usize << code.choice_bits();
            let plane = |bit: usize| Plane::from_bits(&(0..lanes).map(|c| c >> bit & 1 == 1).collect::<Vec<_>>());
            let choice: Vec<Plane> = (0..code.choice_bits()).map(plane).collect();
            for position in 0..code.positions() {
                let column = code.column(&choice, position).unwrap().to_bits();
                let bit = |c: usize| code.word(c)[position / 64] >> (position % 64) & 1 == 1;
                assert_eq!(column, (0..lanes).map(bit).collect::<Vec<_>>(), "{code:?} {position}");
            }
        }
    }
}
