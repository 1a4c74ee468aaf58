//! Changes of frames: done twice, and at the end of a list. [DS-VEC-13]
#![allow(clippy::unwrap_used, reason = "helpers of tests stop like the tests themselves")]

use crate::operations::Refusal;
use crate::operations::protocol::tamper::apply;
use serde_json::json;

/// The frames of a sender after a change of one.
fn changed(change: &str, number: usize, frames: &[Vec<u8>]) -> Result<Vec<Vec<u8>>, Refusal> {
    let tamper = serde_json::from_value(json!({"from": "client", "number": number, "change": change})).unwrap();
    let mut frames = frames.to_vec();
    apply(&tamper, &mut frames).map(|()| frames)
}

/// A frame with a label of one byte.
fn frame(phase: u8, payload: [u8; 2]) -> Vec<u8> {
    let numbers = [3, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0];
    [&[1][..], &[0x5a; 16], &[phase], &numbers, &[1, b'a'], &[2, 0, 0, 0, 0, 0, 0, 0], &payload].concat()
}

#[test]
fn a_flip_done_twice_changes_nothing() {
    for change in ["flip-bit", "flip-padding", "wrong-phase", "wrong-session", "wrong-sequence", "wrong-label"] {
        for frames in [[frame(2, [0xcc, 0x0d])], [frame(3, [0xcd, 0x8d])]] {
            let once = changed(change, 0, &frames).unwrap();
            assert_ne!(once, frames, "{change}");
            assert_eq!(changed(change, 0, &once).unwrap(), frames, "{change}");
        }
    }
}

#[test]
fn a_frame_is_swapped_with_the_next_if_there_is_one() {
    let frames = [frame(2, [0, 0]), frame(2, [1, 1]), frame(2, [2, 2])];
    let [first, second, third] = frames.clone();
    assert_eq!(changed("swap", 0, &frames).unwrap(), [second.clone(), first.clone(), third.clone()]);
    assert_eq!(changed("swap", 1, &frames).unwrap(), [first, third, second]);
    for number in [2, 3] {
        assert!(changed("swap", number, &frames).is_err(), "{number} of 3");
    }
    assert!(changed("drop", 3, &frames).is_err());
}
