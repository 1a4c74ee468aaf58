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
    RoundThree,
    DealerRound,
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
        Change::WrongPhase => *frame.get_mut(PHASE)? ^= 1,
        Change::NoPhase => *frame.get_mut(PHASE)? = 4,
        Change::ZeroRound => frame.get_mut(ROUND..SEQUENCE)?.fill(0),
        Change::LateRound => frame.get_mut(ROUND..SEQUENCE)?.fill(0xff),
        Change::RoundThree => frame.get_mut(ROUND..SEQUENCE)?.copy_from_slice(&3_u32.to_le_bytes()),
        Change::DealerRound => frame.get_mut(ROUND..SEQUENCE)?.copy_from_slice(&((1_u32 << 31) + 1).to_le_bytes()),
        Change::WrongSequence => *frame.get_mut(SEQUENCE)? ^= 1,
        Change::WrongLabel => *frame.get_mut(LABEL_LENGTH + 1)? ^= 0x20,
        Change::WrongLength => less(frame.get_mut(length..payload)?),
        Change::KeyVersion => *frame.get_mut(payload)? = 2,
        Change::NoPoint => frame.get_mut(payload..payload + 32)?.fill(0xff),
        Change::Identity => frame.get_mut(payload..payload + 32)?.fill(0),
        _ => return None,
    }
    Some(())
}

/// Takes 1 from a little-endian number.
fn less(number: &mut [u8]) {
    for byte in number {
        *byte = byte.wrapping_sub(1);
        if *byte != u8::MAX {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Two frames, with labels of one byte and payloads of two; the changed first one, as hexadecimal digits.
    fn changed(change: &str) -> Vec<String> {
        let frame = |sequence: u8| {
            let header = [vec![1], vec![0x5a; 16], vec![2], vec![3, 0, 0, 0], vec![sequence, 0, 0, 0, 0, 0, 0, 0]];
            [header.concat(), vec![1, b'a'], vec![0, 1, 0, 0, 0, 0, 0, 0], vec![0xcc, 0x0d]].concat()
        };
        let tamper = serde_json::from_value(json!({"from": "client", "number": 0, "change": change})).unwrap();
        let mut frames = vec![frame(0), frame(1)];
        apply(&tamper, &mut frames).unwrap();
        frames.into_iter().map(hex::encode).collect()
    }

    /// [DS-VEC-13]
    #[test]
    fn changes_are_those_of_the_specification() {
        let session = "5a".repeat(16);
        let [first, second] =
            ["00", "01"].map(|n| format!("01{session}0203000000{n}000000000000000161{}cc0d", "0001000000000000"));
        let one = |new: &str, old: &str| vec![first.replacen(old, new, 1), second.clone()];
        assert_eq!(changed("drop"), std::slice::from_ref(&second));
        assert_eq!(changed("end"), Vec::<String>::new());
        assert_eq!(changed("repeat"), [first.clone(), first.clone(), second.clone()]);
        assert_eq!(changed("swap"), [second.clone(), first.clone()]);
        assert_eq!(changed("truncate"), [first[..first.len() - 2].to_owned(), second.clone()]);
        assert_eq!(changed("cut-header"), [first[..40].to_owned(), second.clone()]);
        assert_eq!(changed("extend"), [format!("{first}00"), second.clone()]);
        assert_eq!(changed("flip-padding"), one("cc8d", "cc0d"));
        assert_eq!(changed("flip-bit"), one("cd0d", "cc0d"));
        assert_eq!(changed("wrong-version"), one("025a", "015a"));
        assert_eq!(changed("wrong-session"), one("015b", "015a"));
        assert_eq!(changed("wrong-phase"), one("5a0303", "5a0203"));
        assert_eq!(changed("no-phase"), one("5a0403", "5a0203"));
        assert_eq!(changed("zero-round"), one("0200000000", "0203000000"));
        assert_eq!(changed("late-round"), one("02ffffffff", "0203000000"));
        assert_eq!(changed("wrong-sequence"), one("0203000000 01".replace(' ', "").as_str(), "020300000000"));
        assert_eq!(changed("wrong-label"), one("0141", "0161"));
        assert_eq!(changed("wrong-length"), one("61ff00", "610001"));
        assert_eq!(changed("key-version"), one("020d", "cc0d"));
    }
}
