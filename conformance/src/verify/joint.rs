//! Views and honest outputs of all lanes, packed into numbers, and how often each occurs.

use super::error::VerifyError;
use super::protocol::Shared;
use super::tape::Draw;
use deepshare_reference::party::Role;
use deepshare_reference::party::transcript::{Entry, Transcript};
use deepshare_reference::values::bits::{BitReader, words_from_bytes};
use std::fmt::Write;
use std::ops::Range;

/// A part of a packed view: what it is, and its bits. The first part is in the highest bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is: a message by its sender and step, an own coin, an output of the honest party.
    pub name: String,
    /// Bits of a value.
    pub bits: u32,
}

/// Packed numbers, one a lane, and what their parts are.
#[derive(Clone, Debug, Default)]
pub struct Packed {
    /// The parts.
    pub parts: Vec<Part>,
    /// The numbers.
    pub lanes: Vec<u128>,
}

impl Packed {
    /// The corrupted party's view: what it received from its peer, then from the trusted party, then its own coins.
    ///
    /// # Errors
    /// [`VerifyError::TooLong`] for views above 128 bits, [`VerifyError::Lanes`] for a message that is not lane by lane.
    pub fn view(sent: &Transcript, corrupted: Role, own: &[Draw], lanes: Range<u64>) -> Result<Packed, VerifyError> {
        let count = usize::try_from(lanes.end - lanes.start).unwrap_or(usize::MAX);
        let mut packed = Packed { parts: Vec::new(), lanes: vec![0; count] };
        for from in [corrupted.peer(), Role::Trusted] {
            let received = sent.entries().iter().filter(|entry| entry.to == corrupted && entry.from == from);
            received.into_iter().try_for_each(|entry| packed.push_entry(entry))?;
        }
        for draw in own {
            packed.push("own coin".to_owned(), draw.bits, lanes.clone().map(|lane| draw.value(lane)))?;
        }
        Ok(packed)
    }

    /// The view with a party's outputs behind it.
    ///
    /// # Errors
    /// As [`Packed::view`].
    pub fn with_outputs(mut self, outputs: &[Shared]) -> Result<Packed, VerifyError> {
        let lanes = self.lanes.len();
        for output in outputs {
            for block in output.values.chunks(lanes) {
                self.push("output".to_owned(), output.bits, block.iter().copied())?;
            }
        }
        Ok(self)
    }

    fn push_entry(&mut self, entry: &Entry) -> Result<(), VerifyError> {
        let (bits, lanes) = (entry.content.element_bits, self.lanes.len());
        let step = || VerifyError::Lanes { step: entry.step };
        if !entry.content.count.is_multiple_of(lanes) {
            return Err(step());
        }
        let total = usize::try_from(entry.content.bits()).map_err(|_| step())?;
        let payload = entry.payload.as_ref().ok_or_else(step)?;
        let words = words_from_bytes(payload, total).map_err(|_| step())?;
        let mut reader = BitReader::at(&words, 0);
        for _ in 0..entry.content.count / lanes {
            self.push(
                format!("{} from the {}", entry.step, entry.from),
                bits,
                std::iter::repeat_with(|| reader.take(bits)),
            )?;
        }
        Ok(())
    }

    fn push(&mut self, name: String, bits: u32, values: impl Iterator<Item = u64>) -> Result<(), VerifyError> {
        self.parts.push(Part { name, bits });
        if self.bits() > u128::BITS {
            return Err(VerifyError::TooLong { bits: self.bits() });
        }
        for (lane, value) in self.lanes.iter_mut().zip(values) {
            *lane = *lane << bits | u128::from(value);
        }
        Ok(())
    }

    /// Bits of a packed number.
    pub fn bits(&self) -> u32 {
        self.parts.iter().map(|part| part.bits).sum()
    }
}

/// A packed number, part by part.
pub fn describe(parts: &[Part], packed: u128) -> String {
    let mut left: u32 = parts.iter().map(|part| part.bits).sum();
    let mut text = String::new();
    for part in parts {
        left -= part.bits;
        let value = packed.checked_shr(left).unwrap_or(0) & ((1_u128 << part.bits) - 1);
        let comma = if text.is_empty() { "" } else { ", " };
        // writing to a string cannot fail
        let _ = write!(text, "{comma}{} {value:x}", part.name);
    }
    text
}

/// Numbers of at most so many bits are counted in a table, if there are many.
const TABLE_BITS: u32 = 22;

/// Counts packed numbers of so many bits.
pub enum Counter {
    /// How often each number occurs.
    Table(Vec<u32>),
    /// All numbers of at most 64 bits, to be sorted.
    Short(Vec<u64>),
    /// All numbers, to be sorted.
    Long(Vec<u128>),
}

impl Counter {
    /// A counter for 2^expected numbers of `bits` bits.
    pub fn new(bits: u32, expected: u32) -> Counter {
        match bits {
            0..=TABLE_BITS if bits <= expected + 2 && expected < u32::BITS => Counter::Table(vec![0; 1 << bits]),
            0..=64 => Counter::Short(Vec::with_capacity(1 << expected)),
            _ => Counter::Long(Vec::with_capacity(1 << expected)),
        }
    }

    /// Counts numbers.
    pub fn add(&mut self, numbers: &[u128]) {
        // a counter is made for numbers of these bits, so none is cut or left out
        let short = |number: &u128| u64::try_from(*number).ok();
        match self {
            Counter::Table(table) => {
                for number in numbers {
                    if let Some(count) = usize::try_from(*number).ok().and_then(|index| table.get_mut(index)) {
                        *count += 1;
                    }
                }
            }
            Counter::Short(all) => all.extend(numbers.iter().filter_map(short)),
            Counter::Long(all) => all.extend(numbers),
        }
    }

    /// Each number with the number of its occurrences, in ascending order.
    pub fn finish(self) -> Counts {
        match self {
            Counter::Table(table) => {
                let counts = (0..).zip(table).map(|(number, count)| (number, u64::from(count)));
                counts.filter(|(_, count)| *count > 0).collect()
            }
            Counter::Short(all) => by_sorting(all),
            Counter::Long(all) => by_sorting(all),
        }
    }
}

/// Numbers with the numbers of their occurrences, in ascending order.
pub type Counts = Vec<(u128, u64)>;

fn by_sorting<T: Ord + Copy + Into<u128>>(mut numbers: Vec<T>) -> Counts {
    numbers.sort_unstable();
    let runs = numbers.chunk_by(|left, right| left == right);
    runs.filter_map(|run| Some(((*run.first()?).into(), run.len() as u64))).collect()
}

/// Counts under a map of the numbers.
pub fn mapped(counts: &Counts, map: impl Fn(u128) -> u128) -> Counts {
    let mut images: Counts = counts.iter().map(|(number, count)| (map(*number), *count)).collect();
    images.sort_unstable();
    images.dedup_by(|later, first| {
        let same = later.0 == first.0;
        first.1 += if same { later.1 } else { 0 };
        same
    });
    images
}

/// A number that does not occur equally often: it, and its relative counts, those of the real world first.
pub type Unequal = (u128, [u64; 2]);

/// Compares counts of 2^real runs with counts of 2^ideal ones, each times the other's number.
pub fn first_difference(real: (&[(u128, u64)], u32), ideal: (&[(u128, u64)], u32)) -> Option<Unequal> {
    let (mut left, mut right) = (real.0.iter().peekable(), ideal.0.iter().peekable());
    loop {
        let lowest = match (left.peek(), right.peek()) {
            (Some((l, _)), Some((r, _))) => *l.min(r),
            (Some((number, _)), None) | (None, Some((number, _))) => *number,
            (None, None) => return None,
        };
        let l = left.next_if(|(number, _)| *number == lowest).map_or(0, |(_, count)| *count);
        let r = right.next_if(|(number, _)| *number == lowest).map_or(0, |(_, count)| *count);
        if u128::from(l) << ideal.1 != u128::from(r) << real.1 {
            return Some((lowest, [l, r]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(numbers: &[u128], bits: u32, expected: u32) -> Counts {
        let mut counter = Counter::new(bits, expected);
        let (first, second) = numbers.split_at(numbers.len() / 3);
        counter.add(first);
        counter.add(second);
        counter.finish()
    }

    #[test]
    fn counts_are_compared_after_scaling() {
        let count = |numbers: &[u128]| counted(numbers, 2, 3);
        let (coarse, fine) = (count(&[3, 1, 3, 2]), count(&[1, 3, 3, 3, 2, 3, 1, 2]));
        assert_eq!(coarse, [(1, 1), (2, 1), (3, 2)]);
        assert_eq!(first_difference((&coarse, 2), (&fine, 3)), None);
        let other = count(&[1, 1, 3, 3, 3, 3, 3, 2]);
        assert_eq!(first_difference((&coarse, 2), (&other, 3)), Some((2, [1, 1])));
        let missing = count(&[1, 3, 3, 1]);
        assert_eq!(first_difference((&missing, 2), (&coarse, 2)), Some((1, [2, 1])));
        assert_eq!(first_difference((&coarse[..2], 2), (&coarse, 2)), Some((3, [0, 2])));
    }

    #[test]
    fn all_ways_of_counting_agree() {
        let numbers: Vec<u128> = (0..1_024_u128).map(|i| i * i % 251).collect();
        let counts = counted(&numbers, 8, 10);
        assert!(matches!(Counter::new(8, 10), Counter::Table(_)) && matches!(Counter::new(13, 10), Counter::Short(_)));
        assert_eq!(counts, counted(&numbers, 13, 10));
        assert_eq!(counts, counted(&numbers, 65, 10));
        assert_eq!(counts.iter().map(|(_, count)| count).sum::<u64>(), 1_024);
        let halves = mapped(&counts, |number| number / 2);
        assert_eq!(halves, counted(&numbers.iter().map(|number| number / 2).collect::<Vec<_>>(), 7, 10));
        assert_eq!(mapped(&counts, |number| 250 - number).len(), counts.len());
    }

    #[test]
    fn a_view_is_described_part_by_part() {
        let part = |name: &str, bits| Part { name: name.to_owned(), bits };
        let parts = [part("apply/delta", 1), part("apply/epsilon", 4)];
        assert_eq!(describe(&parts, 0b1_1010), "apply/delta 1, apply/epsilon a");
    }
}
