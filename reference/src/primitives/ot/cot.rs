//! Keys of COTs and the pads that are stretched from them, on concrete bits. [DS-OT-13] [DS-OT-14]
//!
//! A prepared COT leaves the sender with two keys and the receiver with one of them. Every use stretches them under a new
//! counter, so a COT serves any number of vectors, at any later time, and costs nothing more than what it pads.

use super::matrix::Rows;
use super::tweak::Tweak;
use crate::party::xof::Seed;
use crate::values::bits::{BitReader, words_from_bytes};
use crate::values::{Ranges, Ring, ValueError, Width};

/// The keys of COTs that were prepared together.
pub struct Keys {
    tweak: Tweak,
    first: u64,
    /// The sender has the keys of both bits, the receiver those of its own bit.
    keys: Vec<Vec<Seed>>,
    /// How often the COTs were used.
    times: u64,
}

impl Keys {
    /// The keys of all rows of a batch: for the sender's, of both bits; for the receiver's, of its own.
    pub fn new(rows: &Rows, sender: bool) -> Keys {
        let choices = if sender { 0..2 } else { 0..1 };
        Keys { tweak: rows.tweak, first: rows.first, keys: choices.map(|bit| rows.keys(bit)).collect(), times: 0 }
    }

    /// How many COTs.
    pub fn count(&self) -> usize {
        self.keys.first().map_or(0, Vec::len)
    }

    /// The use is over; the next one has other pads. [DS-OT-14]
    pub fn used(&mut self) {
        self.times += 1;
    }

    /// Appends, for each COT, a pad of `counts` elements of `bits` bits.
    fn stretch(&self, bit: usize, counts: &[usize], bits: u32, pads: &mut Vec<u64>) -> Result<(), ValueError> {
        let missing = ValueError::Length { left: self.keys.len(), right: bit + 1 };
        let keys = self.keys.get(bit).ok_or(missing)?;
        for ((number, key), &count) in (self.first..).zip(keys).zip(counts).filter(|(_, count)| **count > 0) {
            let len = count.saturating_mul(bits as usize);
            let mut bytes = vec![0; len.div_ceil(8)];
            self.tweak.cot_pad(key, number, self.times, &mut bytes);
            let words = words_from_bytes(&bytes, bytes.len() * 8)?;
            let mut reader = BitReader::at(&words, 0);
            pads.extend((0..count).map(|_| reader.take(bits)));
        }
        Ok(())
    }
}

/// The pads of one use, times 2^shift: for element j the next k - shift bits of the pad of COT S(j). `bit` says which of
/// the sender's keys; the receiver's is number 0. [DS-OT-14]
///
/// # Errors
/// [`ValueError::Length`] if S selects from another number of COTs; [`ValueError::Shift`] unless shift < k.
pub fn pads(groups: &[&Keys], bit: usize, served: &Ranges, width: Width, shift: u32) -> Result<Ring, ValueError> {
    served.check_source(groups.iter().map(|keys| keys.count()).sum())?;
    let bits = width.bits().checked_sub(shift).filter(|&bits| bits > 0);
    let bits = bits.ok_or(ValueError::Shift { shift, bits: width.bits() })?;
    let mut counts = vec![0_usize; served.source_len()];
    for (start, len) in served.runs()? {
        counts.iter_mut().skip(start).take(len).for_each(|count| *count += 1);
    }
    let mut pads = Vec::with_capacity(served.len());
    let mut rest = counts.as_slice();
    for keys in groups {
        let (own, others) = rest.split_at_checked(keys.count()).unwrap_or((rest, &[]));
        keys.stretch(bit, own, bits, &mut pads)?;
        rest = others;
    }
    Ok(Ring::new(width, in_order(&pads, &counts, served)?.into_iter().map(|pad| pad << shift).collect()))
}

/// Pads that stand COT by COT, in the order of the elements that they serve.
fn in_order(pads: &[u64], counts: &[usize], served: &Ranges) -> Result<Vec<u64>, ValueError> {
    let mut next: Vec<usize> = Vec::with_capacity(counts.len());
    let mut before = 0;
    for count in counts {
        next.push(before);
        before += count;
    }
    let mut ordered = Vec::with_capacity(served.len());
    for (start, len) in served.runs()? {
        for next in next.iter_mut().skip(start).take(len) {
            ordered.extend(pads.get(*next));
            *next += 1;
        }
    }
    Ok(ordered)
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({} COTs, secret)", self.count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::party::SessionId;
    use crate::party::xof;
    use crate::primitives::ot::tweak::Purpose;

    const TWEAK: Tweak = Tweak { purpose: Purpose::ToClient, session: SessionId([5; 16]) };

    /// The keys of both bits of COTs `first` and the next ones.
    fn keys(first: u64, count: u8) -> Keys {
        let of = |bit: u8| (0..count).map(|i| Seed([2 * i + bit; 32])).collect();
        Keys { tweak: TWEAK, first, keys: vec![of(0), of(1)], times: 0 }
    }

    fn width(bits: u64) -> Width {
        Width::new(bits).unwrap()
    }

    /// A pad of one COT, by its definition.
    fn pad(key: u8, number: u64, times: u64, elements: usize) -> Vec<u64> {
        let mut bytes = vec![0; elements];
        TWEAK.cot_pad(&Seed([key; 32]), number, times, &mut bytes);
        bytes.into_iter().map(u64::from).collect()
    }

    /// Each element gets the next bits of the pad of its own COT, of any group and in any order. [DS-OT-14]
    #[test]
    fn pads_stand_in_the_order_of_the_elements() {
        let (a, b) = (keys(7, 2), keys(20, 1));
        let served = Ranges::new(3, [(2, 1), (0, 3), (1, 1)]).unwrap();
        for bit in [0, 1] {
            let pads = pads(&[&a, &b], bit.into(), &served, width(8), 0).unwrap();
            let (first, second, third) = (pad(bit, 7, 0, 1), pad(2 + bit, 8, 0, 2), pad(bit, 20, 0, 2));
            assert_eq!(pads.elements(), [third[0], first[0], second[0], third[1], second[1]]);
        }
        let shifted = pads(&[&a, &b], 0, &served, width(10), 2).unwrap();
        let whole = pads(&[&a, &b], 0, &served, width(8), 0).unwrap();
        assert_eq!(shifted.elements(), whole.elements().iter().map(|pad| pad << 2).collect::<Vec<_>>());
    }

    /// The next use has other pads; a COT that serves nobody hashes nothing. [DS-OT-14]
    #[test]
    fn every_use_has_pads_of_its_own_and_unused_cots_none() {
        let mut keys = keys(7, 2);
        let served = Ranges::new(2, [(1, 1)]).unwrap();
        for times in 0..3 {
            let (pads, hashed) = xof::record(|| pads(&[&keys], 0, &served, width(8), 0).unwrap());
            assert_eq!(pads.elements(), pad(2, 8, times, 1));
            assert_eq!(hashed.len(), 1);
            keys.used();
        }
    }

    #[test]
    fn what_does_not_match_is_an_error() {
        let keys = keys(0, 2);
        let pads = |len, bit, shift| pads(&[&keys], bit, &Ranges::all(len), width(8), shift);
        assert!(pads(2, 1, 7).is_ok());
        assert_eq!(pads(2, 1, 8).unwrap_err(), ValueError::Shift { shift: 8, bits: 8 });
        assert!(matches!(pads(3, 1, 0).unwrap_err(), ValueError::Length { .. }));
        assert_eq!(pads(2, 2, 0).unwrap_err(), ValueError::Length { left: 2, right: 3 });
        assert_eq!(format!("{keys:?}"), "Keys(2 COTs, secret)");
    }
}
