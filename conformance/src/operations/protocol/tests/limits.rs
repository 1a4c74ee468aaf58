//! Inputs at the limits of operations on protocols, and one beyond. [DS-VEC-7]
#![allow(clippy::unwrap_used, reason = "helpers of tests stop like the tests themselves")]

use crate::operations::tests::limits::{ask, refused};
use serde_json::{Value, json};

const SEED: &str = "0101010101010101010101010101010101010101010101010101010101010101";
const SESSION: &str = "00000000000000000000000000000000";
const ROOT: &str = "02020202020202020202020202020202";

#[test]
fn draws_and_hashes_have_a_largest_length() {
    let coins = |plane: u64| json!({"protocol": "gmw", "party": "server", "seed": SEED, "draws": [{"plane": plane}]});
    assert_eq!(ask("coins", coins(1 << 20)).unwrap()["draws"][0].as_str().map(str::len), Some(1 << 20));
    refused("coins", coins((1 << 20) + 1), "at most 1048576 elements");
    let hash = |length: u64| json!({"protocol": "gmw", "party": "server", "purpose": "p", "seed": SEED, "context": "", "counter": "0", "length": length});
    assert_eq!(ask("xof", hash(1 << 24)).unwrap()["bytes"].as_str().map(str::len), Some(2 << 24));
    refused("xof", hash((1 << 24) + 1), "at most 16777216 bytes");
}

#[test]
fn a_label_has_at_most_255_bytes() {
    let write = |bytes: usize| json!({"session": SESSION, "phase": "online", "round": 1, "sequence": "0", "label": "x".repeat(bytes), "payload": ""});
    assert!(ask("write-frame", write(255)).is_ok());
    refused("write-frame", write(256), "a label has at most 255 bytes");
}

/// Keys for thresholds, all with this payload and these roots.
fn keys(bits: u64, thresholds: &[&str], payloads: usize, roots: usize) -> Value {
    json!({"session": SESSION, "number": "0", "bits": bits, "width": 4, "thresholds": thresholds,
        "payloads": vec![["5"]; payloads], "roots": vec![[ROOT, SESSION]; roots]})
}

#[test]
fn a_batch_of_keys_has_a_largest_size() {
    // 64 (130 + 0) bits each, against 2^26
    let batch = |count: usize| keys(63, &vec!["0"; count], 0, 0);
    refused("dcf-keys", batch(8065), "one payload and one pair of roots");
    refused("dcf-keys", batch(8066), "keys of more than 67108864 bits");
    refused("dcf-keys", keys(0, &[], 0, 0), "0");
    refused("dcf-keys", keys(65, &[], 0, 0), "65");
}

#[test]
fn batches_have_one_of_each_for_a_key() {
    assert!(ask("dcf-keys", keys(2, &["3", "0"], 2, 2)).is_ok());
    for (payloads, roots) in [(1, 2), (2, 1), (1, 1), (3, 3)] {
        refused("dcf-keys", keys(2, &["3", "0"], payloads, roots), "one payload and one pair of roots");
    }
    let made = ask("dcf-keys", keys(2, &["3"], 1, 1)).unwrap();
    let evaluate = |payloads: Value, x: Value, keys: &str| json!({"role": "server", "session": SESSION, "number": "0", "bits": 2, "width": 4, "payloads": payloads, "x": x, "keys": keys});
    let bytes = made["server"].as_str().unwrap();
    assert!(ask("dcf-evaluate", evaluate(json!([1]), json!(["3"]), bytes)).is_ok());
    refused("dcf-evaluate", evaluate(json!([1]), json!([]), bytes), "one x for each key");
    refused("dcf-evaluate", evaluate(json!([1]), json!(["3", "3"]), bytes), "one x for each key");
    refused("dcf-evaluate", evaluate(json!([1]), json!(["3"]), &format!("ff{}", &bytes[2..])), "another version");
    for other in [&bytes[2..], &format!("{bytes}00")] {
        assert!(ask("dcf-evaluate", evaluate(json!([1]), json!(["3"]), other)).is_err(), "keys of another length");
    }
}

#[test]
fn thresholds_fit_their_bits() {
    let threshold = |bits, number: &str| keys(bits, &[number], 1, 1);
    for (bits, largest, beyond) in [(1, "1", "2"), (3, "7", "8"), (63, "9223372036854775807", "9223372036854775808")] {
        assert!(ask("dcf-keys", threshold(bits, largest)).is_ok(), "{bits}");
        refused("dcf-keys", threshold(bits, beyond), &format!("a number does not fit {bits} bits"));
    }
    assert!(ask("dcf-keys", threshold(64, "18446744073709551615")).is_ok());
    refused("dcf-keys", threshold(64, "18446744073709551616"), "canonical decimal form");
}

/// One role of the network of one activation of two elements.
fn party(role: &str, batch: u64, images: Value) -> Value {
    let plan = json!({"format": "deepshare-plan/1", "width": 8, "step": "nonnegative", "layers": [
        {"shape": [2, 1, 1], "channels": [{"source": "prototype"}, {"source": "prototype"}]}]});
    let network = json!({"format": "deepshare-network/1", "name": "n", "input": {"shape": [2, 1, 1], "scale": 0},
        "layers": [{"name": "a", "op": "activation", "from": "input", "layer": 0}], "plan": plan});
    json!({"backend": "gmw", "role": role, "network": network, "batch": batch, "session": SESSION, "seed": SEED,
        "images": images, "incoming": []})
}

#[test]
fn a_client_has_its_images_and_nobody_else_has_any() {
    let started = |input: Value| ask("party", input).unwrap_err(); // no frame arrives, so the role ends when it waits for one
    let right = started(party("client", 2, json!([["1", "2"], ["3", "4"]])));
    assert!(!right.contains("images"), "{right}");
    let rule = "the client has 2 images of 2 elements";
    for wrong in [json!([]), json!([["1", "2"]]), json!([["1", "2"], ["3"]]), json!([["1", "2"], ["3", "4", "5"]])] {
        refused("party", party("client", 2, wrong), rule);
    }
    refused("party", party("client", 2, Value::Null), "the client has images, and nobody else");
    for other in ["server", "trusted"] {
        refused("party", party(other, 1, json!([["1", "2"]])), "the client has images, and nobody else");
    }
}
