//! Views and honest outputs of all lanes, packed into numbers, and how often each occurs.

use super::error::VerifyError;
use super::protocol::Shared;
use super::tape::Draw;
use deepshare_reference::party::Role;
use deepshare_reference::party::transcript::{Entry, Transcript};
use deepshare_reference::values::bits::{BitReader, words_from_bytes};
use std::fmt::Write;

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
    pub fn view(sent: &Transcript, corrupted: Role, own: &[Draw], lanes: usize) -> Result<Packed, VerifyError> {
        let mut packed = Packed { parts: Vec::new(), lanes: vec![0; lanes] };
        for from in [corrupted.peer(), Role::Trusted] {
            let received = sent.entries().iter().filter(|entry| entry.to == corrupted && entry.from == from);
            received.into_iter().try_for_each(|entry| packed.push_entry(entry))?;
        }
        for draw in own {
            packed.push("own coin".to_owned(), draw.bits, (0..lanes as u64).map(|lane| draw.value(lane)))?;
        }
        Ok(packed)
    }

    /// The view with the honest party's outputs behind it.
    ///
    /// # Errors
    /// As [`Packed::view`].
    pub fn with_outputs(mut self, outputs: &[Shared]) -> Result<Packed, VerifyError> {
        let lanes = self.lanes.len();
        for output in outputs {
            for block in output.values.chunks(lanes) {
                self.push("honest output".to_owned(), output.bits, block.iter().copied())?;
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

/// Numbers of at most so many bits are counted in a table.
const TABLE_BITS: u32 = 22;

/// Each number, of so many bits, with the number of its occurrences, in ascending order.
pub fn counted(lanes: &[u128], bits: u32) -> Vec<(u128, u64)> {
    if bits <= TABLE_BITS && lanes.len() >> bits.saturating_sub(2) > 0 {
        return by_table(lanes, bits);
    }
    // half the memory to sort, where it suffices
    let short: Result<Vec<u64>, _> = lanes.iter().map(|&lane| u64::try_from(lane)).collect();
    match short {
        Ok(short) => by_sorting(short),
        Err(_) => by_sorting(lanes.to_vec()),
    }
}

fn by_table(lanes: &[u128], bits: u32) -> Vec<(u128, u64)> {
    let mut table = vec![0_u64; 1 << bits];
    for lane in lanes {
        if let Some(count) = usize::try_from(*lane).ok().and_then(|index| table.get_mut(index)) {
            *count += 1;
        }
    }
    (0..).zip(table).filter(|(_, count)| *count > 0).collect()
}

fn by_sorting<T: Ord + Copy + Into<u128>>(mut lanes: Vec<T>) -> Vec<(u128, u64)> {
    lanes.sort_unstable();
    lanes
        .chunk_by(|left, right| left == right)
        .filter_map(|run| Some(((*run.first()?).into(), run.len() as u64)))
        .collect()
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

    #[test]
    fn counts_are_compared_after_scaling() {
        let (coarse, fine) = (counted(&[3, 1, 3, 2], 2), counted(&[1, 3, 3, 3, 2, 3, 1, 2], 2));
        assert_eq!(coarse, [(1, 1), (2, 1), (3, 2)]);
        assert_eq!(first_difference((&coarse, 2), (&fine, 3)), None);
        let other = counted(&[1, 1, 3, 3, 3, 3, 3, 2], 2);
        assert_eq!(first_difference((&coarse, 2), (&other, 3)), Some((2, [1, 1])));
        let missing = counted(&[1, 3, 3, 1], 2);
        assert_eq!(first_difference((&missing, 2), (&coarse, 2)), Some((1, [2, 1])));
        assert_eq!(first_difference((&coarse[..2], 2), (&coarse, 2)), Some((3, [0, 2])));
    }

    #[test]
    fn all_ways_of_counting_agree() {
        let lanes: Vec<u128> = (0..1_000_u128).map(|i| i * i % 251).collect();
        let counts = counted(&lanes, 8);
        assert_eq!(counts, by_sorting(lanes.clone()));
        assert_eq!(counts, counted(&lanes, 100));
        assert_eq!(counts.iter().map(|(_, count)| count).sum::<u64>(), 1_000);
        let high: Vec<u128> = lanes.iter().map(|lane| lane << 100).collect();
        assert!(counted(&high, 108).iter().map(|(number, count)| (number >> 100, *count)).eq(counts));
    }

    #[test]
    fn a_view_is_described_part_by_part() {
        let part = |name: &str, bits| Part { name: name.to_owned(), bits };
        let parts = [part("apply/delta", 1), part("apply/epsilon", 4)];
        assert_eq!(describe(&parts, 0b1_1010), "apply/delta 1, apply/epsilon a");
    }
}
