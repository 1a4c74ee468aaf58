//! Broken receivers, planted to show that the harness notices them. [DS-HOSTILE-5]

use super::oracle::Expected;
use deepshare_reference::party::PartyError;

/// What is broken in all receivers of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    #[default]
    None,
    /// Filling bits are not checked.
    SkipsFilling,
    /// Every sequence number is taken.
    AnySequence,
    /// Bytes behind the payload are not noticed.
    TakesMore,
    /// A party that fails gives an output all the same.
    GivesOutput,
    /// A party that fails panics.
    Panics,
    /// A party that fails waits for ever.
    Waits,
}

impl Fault {
    /// The frame as a receiver with this fault takes it: what it does not look at is right.
    pub(super) fn mend(self, expected: &Expected, mut frame: Vec<u8>) -> Vec<u8> {
        let length = 39 + expected.label.len() + usize::try_from(expected.payload_bytes()).unwrap_or(usize::MAX);
        match self {
            Fault::SkipsFilling if frame.len() == length => {
                let mask = u8::MAX.checked_shr(u32::try_from(expected.filling_bits()).unwrap_or(0)).unwrap_or(0);
                frame.iter_mut().skip(length - 1).for_each(|byte| *byte &= mask);
            }
            Fault::AnySequence => {
                let number = expected.sequence.to_le_bytes();
                frame.iter_mut().skip(22).zip(number).for_each(|(byte, right)| *byte = right);
            }
            // a frame of another label has its payload elsewhere
            Fault::TakesMore if frame.get(30).is_some_and(|&len| usize::from(len) == expected.label.len()) => {
                frame.truncate(length);
            }
            _ => {}
        }
        frame
    }

    /// What a party with this fault makes of its end; none if it waits for ever.
    #[allow(clippy::panic, reason = "the fault that is planted is a panic")]
    pub(super) fn end<T>(self, end: Result<T, PartyError>, spare: &mut Option<T>) -> Option<Result<T, PartyError>> {
        match (self, end) {
            (Fault::GivesOutput, Err(error)) => Some(spare.take().ok_or(error)),
            (Fault::Panics, Err(error)) => panic!("planted: {error}"),
            (Fault::Waits, Err(_)) => None,
            (_, end) => Some(end),
        }
    }
}
