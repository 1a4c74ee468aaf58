//! Changes of incoming frames, byte by byte, for hostile cases. [DS-VEC-13]

use crate::operations::Refusal;
use crate::vectors::types::{Count, RoleName};
use serde::Deserialize;

/// One change of the frames from one sender.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tamper {
    /// The sender.
    pub(super) from: RoleName,
    /// Which of the frames that come from it, from 0.
    number: Count,
    /// What is done.
    change: Change,
}

/// What is done to frame number n.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Change {
    Drop,
    End,
    Repeat,
    Swap,
    Truncate,
    CutHeader,
    Extend,
    FlipPadding,
    FlipBit,
    WrongVersion,
    WrongSession,
    WrongPhase,
    NoPhase,
    ZeroRound,
    LateRound,
    WrongSequence,
    WrongLabel,
    WrongLength,
    KeyVersion,
    NoPoint,
    Identity,
}

/// Where fields of a header stand. [DS-WIRE-4]
const SESSION: usize = 1;
const PHASE: usize = 17;
const ROUND: usize = 18;
const SEQUENCE: usize = 22;
const LABEL_LENGTH: usize = 30;

/// Changes a frame of a list.
///
/// # Errors
/// [`Refusal`] if there is no such frame, or no such byte in it.
pub(super) fn apply(tamper: &Tamper, frames: &mut Vec<Vec<u8>>) -> Result<(), Refusal> {
    let number = tamper.number.length();
    let missing = || Refusal::request(format!("there is no frame {number} for the change {:?}", tamper.change));
    let last = number + 1 >= frames.len();
    let frame = frames.get_mut(number).ok_or_else(missing)?;
    match tamper.change {
        Change::Drop => drop(frames.remove(number)),
        Change::End => frames.truncate(number),
        Change::Repeat => {
            let again = frame.clone();
            frames.insert(number, again);
        }
        Change::Swap if last => return Err(missing()),
        Change::Swap => frames.swap(number, number + 1),
        Change::Truncate => drop(frame.pop()),
        Change::CutHeader => frame.truncate(20),
        Change::Extend => frame.push(0),
        change => bytes(change, frame).ok_or_else(missing)?,
    }
    Ok(())
}

/// Changes that keep the frame's length.
fn bytes(change: Change, frame: &mut [u8]) -> Option<()> {
    let label = frame.get(LABEL_LENGTH).copied().map_or(0, usize::from);
    let length = LABEL_LENGTH + 1 + label;
    let payload = length + 8;
    match change {
        Change::FlipPadding => *frame.get_mut(payload..)?.last_mut()? ^= 0x80,
        Change::FlipBit => *frame.get_mut(payload)? ^= 1,
        Change::WrongVersion => *frame.first_mut()? = 2,
        Change::WrongSession => *frame.get_mut(SESSION)? ^= 1,
        Change::WrongPhase => {
            let phase = frame.get_mut(PHASE)?;
            *phase = (*phase + 1) % 4;
        }
        Change::NoPhase => *frame.get_mut(PHASE)? = 4,
        Change::ZeroRound => frame.get_mut(ROUND..SEQUENCE)?.fill(0),
        Change::LateRound => frame.get_mut(ROUND..SEQUENCE)?.fill(0xff),
        Change::WrongSequence => *frame.get_mut(SEQUENCE)? ^= 1,
        Change::WrongLabel => *frame.get_mut(LABEL_LENGTH + 1)? ^= 0x20,
        Change::WrongLength => *frame.get_mut(length)? ^= 1,
        Change::KeyVersion => *frame.get_mut(payload)? = 2,
        Change::NoPoint => frame.get_mut(payload..payload + 32)?.fill(0xff),
        Change::Identity => frame.get_mut(payload..payload + 32)?.fill(0),
        _ => return None,
    }
    Some(())
}
