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
    pub fn len(&self) -> usize {
        self.keys.first().map_or(0, Vec::len)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
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
    served.check_source(groups.iter().map(|keys| keys.len()).sum())?;
    let bits = width.bits().checked_sub(shift).filter(|&bits| bits > 0);
    let bits = bits.ok_or(ValueError::Shift { shift, bits: width.bits() })?;
    let mut counts = vec![0_usize; served.source_len()];
    for (start, len) in served.runs()? {
        counts.iter_mut().skip(start).take(len).for_each(|count| *count += 1);
    }
    let mut pads = Vec::with_capacity(served.len());
    let mut rest = counts.as_slice();
    for keys in groups {
        let (own, others) = rest.split_at_checked(keys.len()).unwrap_or((rest, &[]));
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
        write!(f, "Keys({} COTs, secret)", self.len())
    }
}
