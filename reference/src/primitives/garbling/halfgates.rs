//! Half-gates: Zahur, Rosulek, Evans, "Two halves make a whole" (EUROCRYPT 2015). [DS-GC-4] [DS-GC-5]
//!
//! ```text
//! A wire has the label W^0 for 0 and W^1 = W^0 xor Delta for 1 (free XOR); the lowest bit of Delta is 1, so the lowest
//! bits of W^0 and W^1 differ (point-and-permute): p = that of W^0, the garbler's; s = that of the active label
//! garbler     T_G = H(A^0) xor H(A^1) xor p_b Delta      C^0 = H(A^0) xor p_a T_G  xor  H'(B^0) xor p_b (T_E xor A^0)
//!             T_E = H'(B^0) xor H'(B^1) xor A^0           -> T_G, T_E
//! evaluator   C = H(A) xor s_a T_G  xor  H'(B) xor s_b (T_E xor A)
//! ```
//! H and H' are the hashes of the generator's and of the evaluator's half, under the gate's number. The formulas are
//! those of [`HalfGates`], over labels of any kind; proofs run them over symbols, with any hash.

use crate::party::xof::{Label as XofLabel, Seed, xof};
use crate::party::{Role, SessionId};

/// A label of a wire: bit j is bit j of the number. The lowest bit is the colour. [DS-GC-2]
pub type Label = u128;

/// The table of an AND: the ciphertexts of the generator's and of the evaluator's half, T_G and T_E. [DS-GC-5]
pub type Table = [Label; 2];

/// What labels can do: those of 128 bits, and symbols that stand for them in proofs. [DS-GC-2]
pub trait WireLabel: Clone {
    /// A bit.
    type Bit;

    /// The XOR of two labels.
    #[must_use]
    fn xor(&self, other: &Self) -> Self;

    /// The lowest bit: of a zero label the permute bit, of an active label the colour. [DS-GC-2]
    fn colour(&self) -> Self::Bit;

    /// The label if the bit is 1, else zero.
    #[must_use]
    fn times(&self, bit: &Self::Bit) -> Self;
}

impl WireLabel for Label {
    type Bit = bool;

    fn xor(&self, other: &Label) -> Label {
        self ^ other
    }

    fn colour(&self) -> bool {
        self & 1 == 1
    }

    fn times(&self, bit: &bool) -> Label {
        Label::from(*bit).wrapping_neg() & self
    }
}

/// The zero label of a wire, from the active label and the value that the wire has. [DS-GC-7]
pub fn zero_label<L: WireLabel>(active: &L, value: &L::Bit, delta: &L) -> L {
    active.xor(&delta.times(value))
}

/// One AND: the hashes under its number, and what the two sides make of them.
pub trait HalfGates {
    /// Labels.
    type Label: WireLabel;

    /// H, the hash of the generator's half. [DS-GC-4]
    fn generator(&self, label: &Self::Label) -> Self::Label;

    /// H', the hash of the evaluator's half. [DS-GC-4]
    fn evaluator(&self, label: &Self::Label) -> Self::Label;

    /// The garbler's side: from the zero labels of a and b the zero label of a and b, and the gate's table. [DS-GC-5]
    fn garble(&self, delta: &Self::Label, [a, b]: &[Self::Label; 2]) -> (Self::Label, [Self::Label; 2]) {
        let (hash_a, hash_b) = (self.generator(a), self.evaluator(b));
        let generator = hash_a.xor(&self.generator(&a.xor(delta))).xor(&delta.times(&b.colour()));
        let evaluator = hash_b.xor(&self.evaluator(&b.xor(delta))).xor(a);
        let first = hash_a.xor(&generator.times(&a.colour()));
        let second = hash_b.xor(&evaluator.xor(a).times(&b.colour()));
        (first.xor(&second), [generator, evaluator])
    }

    /// The evaluator's side: from the active labels of a and b that of a and b. [DS-GC-5]
    fn evaluate(&self, [generator, evaluator]: &[Self::Label; 2], [a, b]: &[Self::Label; 2]) -> Self::Label {
        let first = self.generator(a).xor(&generator.times(&a.colour()));
        let second = self.evaluator(b).xor(&evaluator.xor(a).times(&b.colour()));
        first.xor(&second)
    }
}

/// The hash of one half-gate: the XOF with the label as seed and the gate's number as counter. [DS-GC-4]
fn hash(half: &'static str, session: SessionId, number: u64, label: Label) -> Label {
    let purpose = XofLabel { protocol: "garbling", party: Role::Server, purpose: half };
    let mut seed = [0; 32];
    seed.iter_mut().zip(label.to_le_bytes()).for_each(|(byte, b)| *byte = b);
    let mut output = [0; 16];
    xof(purpose, &Seed(seed), &session.0, number, &mut output);
    Label::from_le_bytes(output)
}

/// An AND gate of a session, by its number, which no other gate of the session has. [DS-GC-4]
#[derive(Clone, Copy, Debug)]
pub struct Gate {
    /// The session.
    pub session: SessionId,
    /// The number.
    pub number: u64,
}

impl HalfGates for Gate {
    type Label = Label;

    fn generator(&self, label: &Label) -> Label {
        hash("generator half", self.session, self.number, *label)
    }

    fn evaluator(&self, label: &Label) -> Label {
        hash("evaluator half", self.session, self.number, *label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::party::xof::record;

    const GATE: Gate = Gate { session: SessionId([5; 16]), number: 7 };

    /// Labels that differ in all bits but for the given lowest bit.
    fn label(salt: u128, lowest: bool) -> Label {
        (salt.wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835) | 1) ^ u128::from(!lowest)
    }

    /// Every input under every choice of permute bits: the active label that comes out is that of a and b, and its colour
    /// and the permute bit differ by it.
    #[test]
    fn the_evaluator_gets_the_label_of_the_product_for_all_inputs_and_colours() {
        for case in 0..64_u32 {
            let bit = |i: u32| case >> i & 1 == 1;
            let (delta, a0, b0) = (label(u128::from(case) + 1, true), label(11, bit(0)), label(13, bit(1)));
            let (a, b) = (bit(2), bit(3));
            let (c0, table) = GATE.garble(&delta, &[a0, b0]);
            let c = GATE.evaluate(&table, &[a0 ^ delta.times(&a), b0 ^ delta.times(&b)]);
            assert_eq!(c, c0 ^ delta.times(&(a & b)), "permute bits {} {}, inputs {a} {b}", bit(0), bit(1));
            assert_eq!(c.colour() ^ c0.colour(), a & b);
        }
    }

    /// Another table, another number or another session gives another label.
    #[test]
    fn both_ciphertexts_the_number_and_the_session_count() {
        let (delta, a0, b0) = (label(1, true), label(2, true), label(3, true));
        let (c0, table) = GATE.garble(&delta, &[a0, b0]);
        // both colours are 1: the evaluator uses both ciphertexts
        assert_eq!(GATE.evaluate(&table, &[a0, b0]), c0);
        for half in 0..2 {
            let mut other = table;
            other[half] ^= 1 << 77;
            assert_ne!(GATE.evaluate(&other, &[a0, b0]), c0);
        }
        for other in [Gate { number: 8, ..GATE }, Gate { session: SessionId([6; 16]), ..GATE }] {
            assert_ne!(other.evaluate(&table, &[a0, b0]), c0);
        }
    }

    /// The garbler hashes both labels of both wires, the evaluator one of each, and those are among the garbler's.
    #[test]
    fn the_evaluator_hashes_two_of_the_garblers_four_inputs() {
        let (delta, a0, b0) = (label(1, true), label(2, false), label(3, true));
        let ((_, table), garbled) = record(|| GATE.garble(&delta, &[a0, b0]));
        let (_, evaluated) = record(|| GATE.evaluate(&table, &[a0 ^ delta, b0]));
        assert_eq!((garbled.len(), evaluated.len()), (4, 2));
        assert!(evaluated.iter().all(|input| garbled.contains(input)));
        let distinct: std::collections::BTreeSet<_> = garbled.iter().collect();
        assert_eq!(distinct.len(), 4);
    }

    #[test]
    fn times_is_a_choice_of_zero_or_the_label() {
        assert_eq!((Label::MAX.times(&false), (5 << 100_u32).times(&true)), (0, 5 << 100));
    }
}
