//! Frames from streams of bytes: what is taken, what is allocated, and the error of everything that can be wrong.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/values.rs"]
mod values;

use deepshare_reference::party::frame::{FrameError, Header};
use deepshare_reference::party::stream::{Broken, take_frame};
use deepshare_reference::party::{Carried, Phase, SessionId};
use proptest::prelude::*;
use std::io::{Error, ErrorKind, Read};
use values::cases;

/// Where the fields of the example's frame start: label length, label, payload length, payload.
const LABEL_LEN: usize = 30;
const PAYLOAD_LEN: usize = 31 + 11;
const PAYLOAD: usize = PAYLOAD_LEN + 8;

fn example() -> (Header, Vec<u8>) {
    let session = SessionId(*b"0123456789abcdef");
    let step = "gate/leaves".to_owned();
    let header = Header { session, phase: Phase::Online, round: 2, sequence: 5, step, payload_bytes: 3 };
    let frame = vec![9, 8, 7].seal(&header);
    assert_eq!(frame.len(), PAYLOAD + 3);
    (header, frame)
}

/// A stream that gives few bytes at a time, counts them, and ends with an error or for good.
struct Counting<'a> {
    bytes: &'a [u8],
    taken: usize,
    at_most: usize,
    then: Option<ErrorKind>,
}

impl Counting<'_> {
    fn new(bytes: &[u8], at_most: usize) -> Counting<'_> {
        Counting { bytes, taken: 0, at_most, then: None }
    }
}

impl Read for Counting<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Error> {
        let left = &self.bytes[self.taken..];
        let count = left.len().min(buffer.len()).min(self.at_most);
        match self.then {
            Some(kind) if left.is_empty() => Err(kind.into()),
            _ => {
                buffer[..count].copy_from_slice(&left[..count]);
                self.taken += count;
                Ok(count)
            }
        }
    }
}

/// The error of a stream, and how many bytes of it were taken.
fn broken(bytes: &[u8], header: &Header) -> (Broken, usize) {
    let mut source = Counting::new(bytes, usize::MAX);
    (take_frame(&mut source, header).unwrap_err(), source.taken)
}

#[test]
fn frames_are_taken_one_by_one_however_the_bytes_arrive() {
    let (header, frame) = example();
    let next = Header { sequence: 6, ..header.clone() };
    let stream = [&frame[..], &vec![4, 5, 6].seal(&next), &[0xff; 7]].concat();
    for at_most in [1, 2, 3, 16, 1000] {
        let mut source = Counting::new(&stream, at_most);
        let (round, payload) = take_frame(&mut source, &header).unwrap();
        assert_eq!((round, &payload[..], source.taken), (2, &[9, 8, 7][..], frame.len()));
        assert_eq!(take_frame(&mut source, &next).unwrap().1, [4, 5, 6]);
        assert_eq!(source.taken, 2 * frame.len(), "no byte after the frame is taken");
    }
}

#[test]
fn a_stream_that_ends_between_frames_has_ended_and_one_that_ends_within_a_frame_is_cut() {
    let (header, frame) = example();
    assert_eq!(broken(&[], &header), (Broken::Ended, 0));
    for cut in 1..frame.len() {
        assert_eq!(broken(&frame[..cut], &header), (Broken::Frame(FrameError::Cut), cut), "cut at {cut}");
    }
}

#[test]
fn a_stream_that_is_late_reset_or_broken_says_so_at_every_byte() {
    let (header, frame) = example();
    let failed = Error::from(ErrorKind::PermissionDenied).to_string();
    for cut in 0..frame.len() {
        let found = |kind| {
            let then = Some(kind);
            take_frame(&mut Counting { bytes: &frame[..cut], taken: 0, at_most: 5, then }, &header).unwrap_err()
        };
        assert_eq!(found(ErrorKind::TimedOut), Broken::Late, "late at {cut}");
        assert_eq!(found(ErrorKind::WouldBlock), Broken::Late, "late at {cut}");
        let ended = if cut == 0 { Broken::Ended } else { Broken::Frame(FrameError::Cut) };
        assert_eq!(found(ErrorKind::ConnectionReset), ended, "reset at {cut}");
        assert_eq!(found(ErrorKind::PermissionDenied), Broken::Failed(failed.clone()), "broken at {cut}");
    }
}

/// Every wrong field gives its error, and what is taken then: for fields that are wrong by themselves nothing after
/// them, for others the header, never a byte of the payload.
#[test]
fn wrong_fields_are_found_before_any_byte_of_the_payload_is_taken() {
    let (header, frame) = example();
    for (position, byte, code, taken) in [
        (0, 2, "frame/version", 1),
        (1, 0, "frame/session", PAYLOAD),
        (17, 4, "frame/phase", 18),
        (17, 1, "frame/phase", PAYLOAD),
        (18, 0, "frame/round", PAYLOAD),
        (18, 3, "frame/round", PAYLOAD),
        (22, 4, "frame/sequence", PAYLOAD),
        (31, b'G', "frame/step", PAYLOAD),
        (31, 0xff, "frame/step", PAYLOAD), // no UTF-8
        (PAYLOAD_LEN, 2, "frame/length", PAYLOAD),
        (PAYLOAD_LEN, 4, "frame/length", PAYLOAD),
        (PAYLOAD_LEN + 7, 0xff, "frame/length", PAYLOAD),
    ] {
        let mut changed = frame.clone();
        changed[position] = byte;
        let (found, count) = broken(&changed, &header);
        let Broken::Frame(error) = found else { panic!("byte {position}: {found:?}") };
        assert_eq!((error.code(), count), (code, taken), "byte {position}");
    }
}

/// With every field wrong, mending them one by one gives the errors in the order of the clause.
#[test]
fn errors_come_in_the_order_of_ds_wire_5() {
    let (header, frame) = example();
    let mut all = frame.clone();
    let places = [0, 17, 1, 18, 22, 31, PAYLOAD_LEN];
    let wrong = [9, 9, 9, 9, 9, b'x', 9];
    places.iter().zip(wrong).for_each(|(&place, byte)| all[place] = byte);
    let order = ["version", "phase", "session", "round", "sequence", "step", "length"];
    for (&place, code) in places.iter().zip(order) {
        let Broken::Frame(error) = broken(&all, &header).0 else { panic!("{code}") };
        assert_eq!(error.code(), format!("frame/{code}"));
        all[place] = frame[place];
    }
    assert!(take_frame(&mut &all[..], &header).is_ok());
}

#[test]
fn memory_is_that_of_the_expected_payload_and_a_label_is_at_most_255_bytes() {
    let (header, frame) = example();
    let (_, payload) = take_frame(&mut &frame[..], &header).unwrap();
    assert_eq!((payload.len(), payload.capacity()), (3, 3));

    let mut long = frame.clone();
    long[LABEL_LEN] = 255;
    long.extend([0; 1000]);
    let (found, taken) = broken(&long, &header);
    assert!(matches!(found, Broken::Frame(FrameError::Step { .. })), "{found:?}");
    assert_eq!(taken, 31 + 255 + 8);

    // more than there is memory for: an error of its own, before any byte is taken
    let huge = Header { payload_bytes: u64::MAX, ..header };
    let (found, taken) = broken(&[&huge.to_bytes()[..], &[0; 9]].concat(), &huge);
    assert!(matches!(&found, Broken::Failed(reason) if reason.contains("18446744073709551615")), "{found:?}");
    assert_eq!(taken, PAYLOAD);
}

proptest! {
    #![proptest_config(cases(300))]

    /// A stream and a frame that is handed over whole give the same, whichever byte is changed.
    #[test]
    fn streams_and_whole_frames_agree(position in 0_usize..PAYLOAD + 3, byte in any::<u8>(), cut in 1_usize..=PAYLOAD + 3) {
        let (header, mut frame) = example();
        frame[position] = byte;
        let frame = &frame[..cut];
        let whole = Vec::<u8>::unseal(frame.to_vec(), &header).map_err(Broken::Frame);
        prop_assert_eq!(take_frame(&mut &frame[..], &header), whole);
    }
}
