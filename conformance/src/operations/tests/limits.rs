//! Inputs at the limits of the plaintext operations, and one beyond. [DS-VEC-7]
#![allow(clippy::unwrap_used, reason = "helpers of tests stop like the tests themselves")]

use crate::operations::input::too_large;
use crate::operations::run;
use crate::steps::Right;
use serde_json::{Value, json};

/// The output of an operation, or the words in which it refuses.
pub fn ask(operation: &str, input: Value) -> Result<Value, String> {
    run(&Right, operation, input).result.map_err(|refusal| refusal.message)
}

/// An operation refuses with these words.
#[track_caller]
pub fn refused(operation: &str, input: Value, words: &str) {
    let message = ask(operation, input).unwrap_err();
    assert!(message.contains(words), "{message} does not say {words:?}");
}

/// [DS-NET-13]
#[test]
fn a_tensor_has_at_most_67108864_elements() {
    assert!(!too_large(1 << 26) && too_large((1 << 26) + 1));
}

#[test]
fn a_carry_has_positions() {
    refused("carry", json!({"server": "", "client": ""}), "positions on each side");
    for split in [0, 2, 3] {
        refused("carry", json!({"server": "10", "client": "11", "split": split}), "positions on each side");
    }
    assert_eq!(
        ask("carry", json!({"server": "10", "client": "11", "split": 1})).unwrap(),
        json!({"carry": "1", "low": "1"})
    );
}

/// [DS-VEC-8]
#[test]
fn sweeps_have_at_most_1048576_rows() {
    for bits in [0, 11, u64::from(u32::MAX) + 2] {
        refused("sweep", json!({"function": "carry", "bits": bits}), "more than 1048576 rows");
    }
    assert_eq!(ask("sweep", json!({"function": "carry", "bits": 6})).unwrap()["rows"], 1 << 12);
    for (function, width) in [("drelu", 21), ("drelu", 64), ("reconstruct", 11), ("reconstruct", 64)] {
        refused("sweep", json!({"function": function, "width": width, "step": "positive"}), "more than 1048576 rows");
    }
    for width in [11, 32, 33] {
        refused("sweep", json!({"function": "arithmetic", "width": width}), "more than 1048576 rows");
    }
}

/// [DS-WIRE-1]
#[test]
fn what_does_not_travel_is_zero() {
    let pack = |shift: u64, x: &str| json!({"width": 8, "shift": shift, "elements": [x]});
    assert_eq!(ask("pack", pack(7, "128")).unwrap(), json!({"bytes": "01"}));
    refused("pack", pack(7, "64"), "no multiple of 2^shift");
    refused("pack", pack(8, "0"), "the shift is not below the ring width");
    refused("pack", pack(0, "256"), "an element is not in [0, 2^8)");
    let unpack = json!({"width": 8, "shift": 7, "count": 2, "bytes": "02"});
    assert_eq!(ask("unpack", unpack).unwrap(), json!({"elements": ["0", "128"]}));
}

#[test]
fn planes_have_equal_lengths_and_elements() {
    assert_eq!(ask("pack-planes", json!({"planes": ["101", "011"]})).unwrap(), json!({"bytes": "35"}));
    refused("pack-planes", json!({"planes": ["101", "01"]}), "planes have equal lengths");
    let unpack = |length: u64, bytes: &str| json!({"count": 2, "length": length, "bytes": bytes});
    assert_eq!(ask("unpack-planes", unpack(3, "35")).unwrap(), json!({"planes": ["101", "011"]}));
    refused("unpack-planes", unpack(0, ""), "a plane has at least one element");
}

#[test]
fn lists_of_two_have_equal_lengths() {
    let sum = |right: Value| json!({"width": 4, "operator": "add", "left": ["1", "15"], "right": right});
    assert_eq!(ask("arithmetic", sum(json!(["3", "1"]))).unwrap(), json!({"elements": ["4", "0"]}));
    for right in [json!(["3"]), json!(["3", "1", "0"])] {
        assert!(ask("arithmetic", sum(right)).unwrap_err().contains("2"));
    }
}

#[test]
fn a_file_is_an_object_or_a_text() {
    for input in [json!({}), json!({"plan": {}, "text": "{}"}), json!({"plan": 1})] {
        refused("plan", input, "exactly one of an object and a `text`");
    }
}
