//! The circuit: the carry chain of x0 + x1, with one AND a position. [DS-GC-6]
//!
//! ```text
//! c_0 = 0      c_(j+1) = ((a_j xor c_j) and (b_j xor c_j)) xor c_j
//! ```
//! a_j are the bits of the garbler's share, b_j those of the evaluator's. XOR is the XOR of labels, for both parties. The
//! constant c_0 has the zero label 0, and 0 is also its active label. Everything here stands position after position,
//! within a position lane after lane, and gates are numbered in this order.

use super::halfgates::{Gate, HalfGates, Label, Table, WireLabel, zero_label};
use crate::party::SessionId;
use crate::values::bits::{wide, words_from_bytes};
use crate::values::{Plane, ValueError};

/// A party's labels of the client's bits, as F_Labels gives them. [DS-GC-1]
pub struct Labels {
    /// The garbler's zero labels, the evaluator's active labels.
    pub labels: Vec<Label>,
    /// The garbler's Delta; zero for the evaluator.
    pub delta: Label,
    /// The session.
    pub session: SessionId,
    /// The number of the first label among all of the session: the gate that takes label number i has number i. [DS-GC-4]
    pub first: u64,
}

/// A circuit in the garbler's hands.
pub struct Garbled {
    /// The tables of all gates.
    pub tables: Vec<Table>,
    /// The permute bits of the carries that were asked for: the garbler's shares.
    pub shares: Vec<Plane>,
}

/// One position: the carry out of it, from a, b and the carry into it. [DS-GC-6]
pub fn position<L: WireLabel>(a: &L, b: &L, carry: &L, and: impl FnOnce([L; 2]) -> L) -> L {
    and([a.xor(carry), b.xor(carry)]).xor(carry)
}

/// Runs the chain on a and b from the carries into position 0, one for each lane; gives the carries out of each number
/// of positions in `outputs`, which ascend. `and` is asked for each gate in turn. [DS-GC-6]
pub fn chain<L: WireLabel>(
    mut carries: Vec<L>,
    (a, b): (&[L], &[L]),
    outputs: &[usize],
    mut and: impl FnMut([L; 2]) -> L,
) -> Vec<Vec<L>> {
    let mut found = Vec::with_capacity(outputs.len());
    let mut inputs = a.iter().zip(b);
    for count in 1..=outputs.last().copied().unwrap_or(0) {
        for (carry, (a, b)) in carries.iter_mut().zip(&mut inputs) {
            *carry = position(a, b, carry, &mut and);
        }
        if outputs.contains(&count) {
            found.push(carries.clone());
        }
    }
    found
}

/// The lowest bits of labels: shares of the wires' values. [DS-GC-8]
fn shares(carries: &[Vec<Label>]) -> Vec<Plane> {
    let plane = |labels: &Vec<Label>| Plane::from_bits(&labels.iter().map(WireLabel::colour).collect::<Vec<bool>>());
    carries.iter().map(plane).collect()
}

impl Labels {
    /// The gates in order.
    fn gates(&self) -> impl Iterator<Item = Gate> {
        let session = self.session;
        (self.first..).map(move |number| Gate { session, number })
    }

    /// Lanes, if there are as many labels as positions and lanes make.
    fn lanes(&self, outputs: &[usize], others: usize) -> Result<usize, ValueError> {
        let positions = outputs.last().copied().unwrap_or(0).max(1);
        let count = self.labels.len();
        let fits = count == others && count.is_multiple_of(positions);
        if fits { Ok(count / positions) } else { Err(ValueError::Length { left: count, right: others }) }
    }

    /// Garbles the chain: `own` are the server's bits, `sent` the labels of them that the client will get. [DS-GC-7]
    ///
    /// # Errors
    /// [`ValueError::Length`] if there are not as many labels as bits.
    pub fn garble(&self, own: &[Plane], sent: &[Label], outputs: &[usize]) -> Result<Garbled, ValueError> {
        let lanes = self.lanes(outputs, sent.len())?;
        let bits = own.iter().flat_map(Plane::to_bits);
        let zero: Vec<Label> = sent.iter().zip(bits).map(|(label, bit)| zero_label(label, &bit, &self.delta)).collect();
        self.lanes(outputs, zero.len())?;
        let (mut tables, mut gates) = (Vec::with_capacity(sent.len()), self.gates());
        let carries = chain(vec![0; lanes], (&zero, &self.labels), outputs, |inputs| {
            gates.next().map_or(0, |gate| {
                let (label, table) = gate.garble(&self.delta, &inputs);
                tables.push(table);
                label
            })
        });
        Ok(Garbled { tables, shares: shares(&carries) })
    }

    /// Evaluates the chain on the labels that the server sent: the colours of the carries, the client's shares. [DS-GC-7]
    ///
    /// # Errors
    /// [`ValueError::Length`] if there is not one label and one table for each gate.
    pub fn evaluate(&self, sent: &[Label], tables: &[Table], outputs: &[usize]) -> Result<Vec<Plane>, ValueError> {
        let lanes = self.lanes(outputs, sent.len())?;
        self.lanes(outputs, tables.len())?;
        let mut gates = self.gates().zip(tables);
        let and = |inputs| gates.next().map_or(0, |(gate, table)| gate.evaluate(table, &inputs));
        Ok(shares(&chain(vec![0; lanes], (sent, &self.labels), outputs, and)))
    }
}

/// Labels as one plane, 128 bits each, the lowest first. [DS-GC-7]
///
/// # Errors
/// None: as many words as bits ask for.
pub fn pack<'l>(labels: impl IntoIterator<Item = &'l Label>) -> Result<Plane, ValueError> {
    let bytes: Vec<u8> = labels.into_iter().flat_map(|label| label.to_le_bytes()).collect();
    let bits = bytes.len().saturating_mul(8);
    Plane::from_words(words_from_bytes(&bytes, bits)?, bits)
}

/// The labels of a plane.
pub fn unpack(plane: &Plane) -> Vec<Label> {
    let label = |pair: &[u64]| <[u64; 2]>::try_from(pair).ok().map(|[low, high]| wide(low, high));
    plane.words().chunks_exact(2).filter_map(label).collect()
}

/// The tables of a plane.
pub fn unpack_tables(plane: &Plane) -> Vec<Table> {
    unpack(plane).chunks_exact(2).filter_map(|table| table.try_into().ok()).collect()
}

impl std::fmt::Debug for Labels {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Labels({}, secret)", self.labels.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In the clear a label is its bit and AND is that of bits: the carry of every a and b, out of any number of positions.
    #[test]
    fn the_chain_is_the_carry() {
        for positions in 1..=6_usize {
            let top = 1_u64 << positions;
            let cases: Vec<(u64, u64)> = (0..top * top).map(|case| (case / top, case % top)).collect();
            let bits = |value: fn(&(u64, u64)) -> u64| -> Vec<Label> {
                let position = |j: usize| cases.iter().map(move |case| Label::from(value(case) >> j & 1));
                (0..positions).flat_map(position).collect()
            };
            let (a, b) = (bits(|(a, _)| *a), bits(|(_, b)| *b));
            for low in 1..=positions {
                let outputs: &[usize] = if low == positions { &[low] } else { &[low, positions] };
                let found = shares(&chain(vec![0; cases.len()], (&a, &b), outputs, |[a, b]| a & b));
                assert_eq!(found.len(), outputs.len());
                for (plane, out) in found.iter().zip(outputs) {
                    let mask = (1 << out) - 1;
                    let expected: Vec<bool> = cases.iter().map(|(a, b)| (a & mask) + (b & mask) > mask).collect();
                    assert_eq!(plane.to_bits(), expected, "{out} of {positions} positions");
                }
            }
        }
    }

    #[test]
    fn labels_come_back_from_planes() {
        let labels = [1, Label::MAX, 0x0123_4567_89ab_cdef_0011_2233_4455_6677];
        let plane = pack(&labels).unwrap();
        assert_eq!(unpack(&plane), labels);
        assert!(plane.to_bits()[0] && !plane.to_bits()[1], "the lowest bit first");
        assert_eq!(unpack_tables(&plane), [[1, Label::MAX]], "a table is two labels");
    }

    #[test]
    fn numbers_of_labels_that_do_not_fit_are_rejected() {
        let labels = Labels { labels: vec![0; 6], delta: 1, session: SessionId::default(), first: 0 };
        assert!(labels.evaluate(&[0; 6], &[[0; 2]; 6], &[3]).is_ok());
        assert!(labels.evaluate(&[0; 5], &[[0; 2]; 6], &[3]).is_err());
        assert!(labels.evaluate(&[0; 6], &[[0; 2]; 5], &[3]).is_err());
        assert!(labels.evaluate(&[0; 6], &[[0; 2]; 6], &[4]).is_err());
        assert!(labels.garble(&[], &[0; 6], &[3]).is_err());
        assert_eq!(format!("{labels:?}"), "Labels(6, secret)");
    }
}
