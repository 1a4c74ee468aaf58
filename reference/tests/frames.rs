//! Frames: the header's bytes, and the typed error of everything that can be wrong with a frame.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/values.rs"]
mod values;

use deepshare_reference::party::frame::{FrameError, Header, VERSION};
use deepshare_reference::party::{Carried, Phase, SessionId};
use proptest::prelude::*;
use values::cases;

/// Where the fields of a frame start: version, session, phase, round, sequence, label length, label.
const SESSION: usize = 1;
const PHASE: usize = 17;
const ROUND: usize = 18;
const SEQUENCE: usize = 22;
const LABEL_LEN: usize = 30;
const LABEL: usize = 31;

fn any_header() -> impl Strategy<Value = Header> {
    let phase = proptest::sample::select(Phase::ALL.to_vec());
    let session = any::<[u8; 16]>().prop_map(SessionId);
    (session, phase, 1_u32..=u32::MAX, any::<u64>(), "[a-z/-]{0,30}", 0_u64..=20).prop_map(
        |(session, phase, round, sequence, step, payload_bytes)| Header {
            session,
            phase,
            round,
            sequence,
            step,
            payload_bytes,
        },
    )
}

fn example() -> (Header, Vec<u8>) {
    let session = SessionId(*b"0123456789abcdef");
    let step = "gate/leaves".to_owned();
    let header = Header { session, phase: Phase::Online, round: 2, sequence: 5, step, payload_bytes: 3 };
    let frame = vec![9, 8, 7].seal(&header);
    (header, frame)
}

/// The error of a frame whose bytes were changed.
fn error(change: impl Fn(&mut Vec<u8>)) -> FrameError {
    let (header, mut frame) = example();
    change(&mut frame);
    Vec::<u8>::unseal(frame, &header).unwrap_err()
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn frames_come_back(header in any_header(), byte in any::<u8>()) {
        let payload = vec![byte; usize::try_from(header.payload_bytes).unwrap()];
        let frame = payload.clone().seal(&header);
        prop_assert_eq!(frame.len() as u64, header.wire_bytes() + header.payload_bytes);
        let (parsed, rest) = Header::parse(&frame).unwrap();
        prop_assert_eq!((&parsed, rest), (&header, &payload[..]));
        prop_assert_eq!(parsed.to_bytes(), header.to_bytes());
        let later = Header { round: header.round.saturating_add(3), ..header.clone() };
        prop_assert_eq!(Vec::<u8>::unseal(frame, &later), Ok((header.round, payload)));
    }

    /// A frame that is cut anywhere, or longer than it says, is no frame.
    #[test]
    fn cut_and_extended_frames_are_errors(header in any_header(), extra in 1_usize..=3) {
        let frame = vec![1; usize::try_from(header.payload_bytes).unwrap()].seal(&header);
        for end in 0..frame.len() {
            prop_assert_eq!(Vec::<u8>::unseal(frame[..end].to_vec(), &header), Err(FrameError::Cut), "cut at {}", end);
        }
        let longer = [&frame[..], &vec![0; extra]].concat();
        prop_assert_eq!(Vec::<u8>::unseal(longer, &header), Err(FrameError::Cut));
    }

    /// No bytes make a reader panic, and what it reads it would write.
    #[test]
    fn any_bytes_are_a_header_or_an_error(mut bytes in proptest::collection::vec(any::<u8>(), 0..=80), good in any::<bool>()) {
        if let Some(first) = bytes.first_mut().filter(|_| good) {
            *first = VERSION;
        }
        if let Some(code) = bytes.get_mut(PHASE).filter(|_| good) {
            *code %= 4;
        }
        if let Some(len) = bytes.get_mut(LABEL_LEN).filter(|_| good) {
            *len %= 32;
        }
        if let Ok((header, rest)) = Header::parse(&bytes) {
            let label_is_text = std::str::from_utf8(&bytes[LABEL..LABEL + usize::from(bytes[LABEL_LEN])]).is_ok();
            prop_assert!(!label_is_text || [header.to_bytes(), rest.to_vec()].concat() == bytes);
        }
    }
}

#[test]
fn a_frame_has_the_specified_bytes() {
    let (header, frame) = example();
    let mut expected = vec![1];
    expected.extend(b"0123456789abcdef");
    expected.push(2);
    expected.extend([2, 0, 0, 0]);
    expected.extend([5, 0, 0, 0, 0, 0, 0, 0]);
    expected.push(11);
    expected.extend(b"gate/leaves");
    expected.extend([3, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(header.wire_bytes(), expected.len() as u64);
    expected.extend([9, 8, 7]);
    assert_eq!(frame, expected);
}

#[test]
fn every_changed_field_has_its_error() {
    let label = LABEL + "gate/leaves".len();
    for version in [0, 2, 255] {
        let found = error(|frame| frame[0] = version);
        assert_eq!(found, FrameError::Version { found: version });
        assert_eq!(found.to_string(), format!("frame version {version}, expected 1"));
    }
    for at in SESSION..PHASE {
        assert_eq!(error(|frame| frame[at] ^= 1), FrameError::Session, "byte {at}");
    }
    for code in [0, 1, 3, 4, 255] {
        assert_eq!(error(|frame| frame[PHASE] = code), FrameError::Phase { found: code });
    }
    for (at, bit, found) in [(0, 2, 0), (0, 1, 3), (3, 0x80, 0x8000_0002)] {
        assert_eq!(error(|frame| frame[ROUND + at] ^= bit), FrameError::Round { found, latest: 2 });
    }
    let (header, mut frame) = example();
    frame[ROUND] = 1; // an earlier round is possible
    assert_eq!(Vec::<u8>::unseal(frame, &header), Ok((1, vec![9, 8, 7])));
    for (at, found) in [(0, 4), (7, 5 + (1 << 56))] {
        assert_eq!(error(|frame| frame[SEQUENCE + at] ^= 1), FrameError::Sequence { found, expected: 5 });
    }
    for at in LABEL..label {
        let found = error(|frame| frame[at] ^= 1);
        assert!(matches!(&found, FrameError::Step { expected, .. } if expected == "gate/leaves"), "{found}");
    }
    assert_eq!(error(|frame| frame[LABEL] = b'l').to_string(), "step label \"late/leaves\", expected \"gate/leaves\"");
    for at in 0..8 {
        let found = 3 ^ 1 << (8 * at);
        assert_eq!(error(|frame| frame[label + at] ^= 1), FrameError::Length { found, expected: 3 });
    }
    // a label length that is one less or more shifts what follows, so that another field is wrong
    assert!(matches!(error(|frame| frame[LABEL_LEN] = 10), FrameError::Step { .. }));
    assert!(matches!(error(|frame| frame[LABEL_LEN] = 12), FrameError::Step { .. }));
    assert_eq!(error(|frame| frame[LABEL_LEN] = 255), FrameError::Cut);
}

/// Bytes that are not text make a label that no step has.
#[test]
fn a_label_that_is_no_text_is_another_label() {
    assert!(matches!(error(|frame| frame[LABEL] = 0xFF), FrameError::Step { .. }));
}

#[test]
fn errors_come_in_the_order_of_the_fields() {
    let label = LABEL + "gate/leaves".len();
    let (header, mut frame) = example();
    let mut codes = Vec::new();
    for at in [label, LABEL, SEQUENCE, ROUND + 3, PHASE, SESSION, 0] {
        frame[at] ^= 1;
        codes.push(Vec::<u8>::unseal(frame.clone(), &header).unwrap_err().code());
    }
    // a phase that exists but is another one is found after the session; one that does not exist, when it is read
    let order = ["length", "step", "sequence", "round", "phase", "session", "version"];
    assert_eq!(codes, order.map(|name| format!("frame/{name}")));
}

#[test]
fn codes_and_messages_are_distinct() {
    let all = [
        FrameError::Cut,
        FrameError::Version { found: 2 },
        FrameError::Session,
        FrameError::Phase { found: 7 },
        FrameError::Round { found: 0, latest: 3 },
        FrameError::Sequence { found: 1, expected: 2 },
        FrameError::Step { found: "a".into(), expected: "b".into() },
        FrameError::Length { found: 1, expected: 2 },
        FrameError::Padding,
    ];
    let codes: std::collections::BTreeSet<&str> = all.iter().map(FrameError::code).collect();
    assert_eq!(codes.len(), all.len());
    let messages = [
        "the frame is cut off or has bytes left over",
        "frame version 2, expected 1",
        "the frame belongs to another session",
        "phase code 7 is not the code of this step's phase",
        "round 0 is not in 1..=3",
        "sequence number 1, expected 2",
        "step label \"a\", expected \"b\"",
        "payload of 1 bytes, expected 2",
        "the payload's padding is not zero",
    ];
    assert_eq!(all.map(|error| error.to_string()), messages);
}
