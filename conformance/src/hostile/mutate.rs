//! Mutations: what a kind does at a place, and what the specification says about it. [DS-HOSTILE-2]

use super::dice::Dice;
use super::kind::Kind;
use super::oracle::{Verdict, judge};
use super::record::{Place, Record};

/// What arrives in a frame's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing from now on; the sender never ends.
    Silence,
    /// Nothing; the sender ends.
    Close,
    /// Not this frame; the sender goes on.
    Drop,
    /// The frame, and the frame again.
    Repeat,
    /// The next frame, and then the frame.
    Swap,
    /// These bytes.
    Replace(Vec<u8>),
}

/// Where the fields of a frame start. [DS-WIRE-4]
const VERSION: usize = 0;
const SESSION: usize = 1;
const PHASE: usize = 17;
const ROUND: usize = 18;
const SEQUENCE: usize = 22;
const LABEL_LEN: usize = 30;
const LABEL: usize = 31;

/// Bytes that an oversized payload has more than it should.
const OVERSIZE: usize = 1 << 16;

/// What a kind does at a place; none if it can do nothing there: no filling bits, no earlier or later frame, round 1.
/// `foreign` is the record of another session of the same program.
pub fn change(kind: Kind, record: &Record, foreign: &Record, index: usize, dice: &mut Dice<'_>) -> Option<Change> {
    let place = record.place(index)?;
    let bytes = match kind {
        Kind::Silence => return Some(Change::Silence),
        Kind::Close => return Some(Change::Close),
        Kind::Drop => return Some(Change::Drop),
        Kind::Repeat => return Some(Change::Repeat),
        Kind::Swap => return place.next.map(|_| Change::Swap),
        Kind::Replay => record.place(dice.pick(&place.earlier)?)?.frame.clone(),
        Kind::Foreign => foreign.place(index)?.frame.clone(),
        Kind::Cut => place.frame.iter().copied().take(dice.index(place.frame.len())).collect(),
        Kind::Append => [place.frame.clone(), some_bytes(dice)].concat(),
        Kind::Empty => Vec::new(),
        Kind::Garbage => {
            let len = dice.index(2 * place.frame.len());
            dice.bytes(len)
        }
        Kind::Shorter | Kind::Longer | Kind::Oversized => resized(kind, place, dice),
        Kind::PayloadFlip | Kind::PayloadRandom | Kind::PayloadZeros | Kind::PayloadOnes | Kind::FillingFlip => {
            payload(kind, place, dice)?
        }
        _ => header(kind, place, dice)?,
    };
    Some(Change::Replace(bytes))
}

fn some_bytes(dice: &mut Dice<'_>) -> Vec<u8> {
    let len = 1 + dice.index(16);
    dice.bytes(len)
}

/// The place of the payload's length in a frame of this place.
fn length_at(place: &Place) -> usize {
    LABEL + place.expected.label.len()
}

fn payload_at(place: &Place) -> usize {
    length_at(place) + 8
}

/// The frame with bytes written over it at a place.
fn written(frame: &[u8], at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut frame = frame.to_vec();
    frame.iter_mut().skip(at).zip(bytes).for_each(|(byte, new)| *byte = *new);
    frame
}

/// One changed field of the header.
fn header(kind: Kind, place: &Place, dice: &mut Dice<'_>) -> Option<Vec<u8>> {
    let (expected, frame) = (&place.expected, &place.frame);
    let byte = |at: usize| frame.get(at).copied().unwrap_or(0);
    let length = |bytes: u64| written(frame, length_at(place), &bytes.to_le_bytes());
    let round = |round: u64| written(frame, ROUND, &u32::try_from(round).unwrap_or(u32::MAX).to_le_bytes());
    Some(match kind {
        Kind::Version => written(frame, VERSION, &[byte(VERSION) ^ dice.nonzero()]),
        Kind::Session => {
            let at = SESSION + dice.index(16);
            written(frame, at, &[byte(at) ^ dice.nonzero()])
        }
        Kind::PhaseOther => {
            let others: Vec<u8> = (0..4).filter(|&code| code != expected.phase).collect();
            written(frame, PHASE, &[dice.pick(&others)?])
        }
        Kind::PhaseUnknown => written(frame, PHASE, &[u8::try_from(4 + dice.below(252)).ok()?]),
        Kind::RoundZero => round(0),
        Kind::RoundFar => round((1 << 31) + 1 + dice.below((1 << 31) - 1)),
        Kind::RoundLower if expected.reachable > 1 => round(1 + dice.below(u64::from(expected.reachable) - 1)),
        Kind::Sequence => written(frame, SEQUENCE, &other_number(expected.sequence, dice).to_le_bytes()),
        Kind::LabelByte => {
            let at = LABEL + dice.index(expected.label.len());
            written(frame, at, &[byte(at) ^ dice.nonzero()])
        }
        Kind::LabelLength => written(frame, LABEL_LEN, &[byte(LABEL_LEN) ^ dice.nonzero()]),
        Kind::LengthLess => length(expected.payload_bytes().checked_sub(1)?),
        Kind::LengthMore => length(expected.payload_bytes() + 1),
        Kind::LengthHuge => length(1 << 63 | dice.below(1 << 62)),
        _ => return None,
    })
}

/// A number that is not the given one: a neighbour, or any.
fn other_number(number: u64, dice: &mut Dice<'_>) -> u64 {
    match dice.below(3) {
        0 => number.wrapping_add(1),
        1 => number.wrapping_sub(1),
        _ => number.wrapping_add(1 + dice.below(u64::MAX)),
    }
}

/// A payload of another length, stated as it is.
fn resized(kind: Kind, place: &Place, dice: &mut Dice<'_>) -> Vec<u8> {
    let mut frame = place.frame.clone();
    match kind {
        Kind::Shorter => drop(frame.pop()),
        Kind::Longer => frame.extend(some_bytes(dice)),
        _ => frame.resize(frame.len() + OVERSIZE, 0),
    }
    let len = frame.len().saturating_sub(payload_at(place)) as u64;
    written(&frame, length_at(place), &len.to_le_bytes())
}

/// Another payload of the same length.
fn payload(kind: Kind, place: &Place, dice: &mut Dice<'_>) -> Option<Vec<u8>> {
    let at = payload_at(place);
    let len = place.frame.len().saturating_sub(at);
    let (bits, filling) = (place.expected.payload_bits, place.expected.filling_bits());
    Some(match kind {
        Kind::PayloadRandom => written(&place.frame, at, &dice.bytes(len)),
        Kind::PayloadZeros => written(&place.frame, at, &vec![0; len]),
        Kind::PayloadOnes => written(&place.frame, at, &vec![0xff; len]),
        Kind::PayloadFlip => (0..=dice.below(8)).try_fold(place.frame.clone(), |frame, _| {
            let bit = dice.index(usize::try_from(bits).ok()?);
            Some(flipped(frame, at + bit / 8, 1 << (bit % 8)))
        })?,
        _ if filling > 0 => {
            let chosen = u8::try_from(1 + dice.below((1 << filling) - 1)).ok()?;
            flipped(place.frame.clone(), place.frame.len().checked_sub(1)?, chosen << (8 - filling))
        }
        _ => return None,
    })
}

fn flipped(mut frame: Vec<u8>, at: usize, bits: u8) -> Vec<u8> {
    frame.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= bits);
    frame
}

/// What the specification says about a change at a place. [DS-HOSTILE-2]
pub fn verdict(record: &Record, index: usize, change: &Change) -> Option<Verdict> {
    let place = record.place(index)?;
    let step = place.expected.label;
    let next = place.next.and_then(|next| record.place(next));
    let absent = |codes: &[&'static str]| Verdict::Malformed { step, codes: codes.to_vec() };
    Some(match change {
        Change::Silence => absent(&["party/deadlock"]),
        Change::Close => absent(&["party/closed"]),
        // the next frame comes in its place, unless the sender waits for the receiver first
        Change::Drop | Change::Swap => match next.map(|next| judge(&place.expected, &next.frame)) {
            Some(Verdict::Malformed { step, mut codes }) => {
                codes.extend(["party/closed", "party/deadlock"]);
                Verdict::Malformed { step, codes }
            }
            Some(Verdict::WellFormed) => Verdict::WellFormed,
            None => absent(&["party/closed", "party/deadlock"]),
        },
        // what comes after the last step of a program is not looked at
        Change::Repeat => next.map_or(Verdict::WellFormed, |next| judge(&next.expected, &place.frame)),
        Change::Replace(frame) => judge(&place.expected, frame),
    })
}
