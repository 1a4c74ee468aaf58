//! Tests of the adapter's loop. [DS-ADAPT-1]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests stop like the tests themselves"
)]

use super::serve::{described, serve};
use super::{LINE_BYTES, PROTOCOL};
use crate::steps::Right;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, repeat};

/// What the loop answers to lines.
fn answers(lines: &str) -> Vec<Value> {
    answers_to(lines.as_bytes())
}

fn answers_to(input: impl BufRead) -> Vec<Value> {
    let mut output = Vec::new();
    serve(&Right, &described(None), input, &mut output).unwrap();
    String::from_utf8(output).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// [DS-ADAPT-1]
#[test]
fn requests_are_answered_line_by_line() {
    let x = r#"{"width": 4, "semantics": "ring", "shift": 1, "x": ["-7"]}"#;
    let shift = x.replace("1", "4");
    let found = answers(&format!(
        "{{\"id\": 0, \"operation\": \"describe\", \"input\": {{}}}}\n{{\"id\": 7, \"operation\": \"truncation\", \"input\": {x}}}\n{{\"id\": 8, \"operation\": \"truncation\", \"input\": {shift}}}"
    ));
    assert_eq!(found[0]["output"]["protocol"], PROTOCOL);
    assert_eq!(found[1], json!({"id": 7, "output": {"y": ["-4"]}}));
    assert_eq!((&found[2]["id"], &found[2]["error"]["code"]), (&json!(8), &json!("value/shift")));
}

/// [DS-ADAPT-3]
#[test]
fn lines_that_are_no_requests_are_answered_with_their_id() {
    let cases = [
        ("", 0),
        ("{", 0),
        (r#"{"id": 3, "operation": "drelu"}"#, 3),
        (r#"{"id": 4, "operation": "drelu", "input": {}, "hint": 1}"#, 4),
        (r#"{"id": 5, "operation": "no such", "input": {}}"#, 5),
        (r#"{"id": 6, "operation": "drelu", "input": {"width": 4, "width": 5}}"#, 6),
        (r#"{"id": 6, "operation": "describe", "input": {"a": 1}}"#, 6),
        (r#"{"id": -1, "operation": "describe", "input": {}}"#, 0),
        (r#"{"id": 9007199254740991, "operation": "drelu"}"#, (1_u64 << 53) - 1),
        (r#"{"id": 9007199254740992, "operation": "describe", "input": {}}"#, 0),
    ];
    for (line, id) in cases {
        let found = answers(&format!("{line}\n"));
        assert_eq!((&found[0]["id"], &found[0]["error"]["code"]), (&json!(id), &json!("adapter/request")), "{line}");
    }
}

#[test]
fn a_description_has_no_input() {
    let found = answers("{\"id\": 1, \"operation\": \"describe\", \"input\": {\"a\": 1}}\n");
    let message = found[0]["error"]["message"].as_str().unwrap();
    assert!(message.ends_with("the input of `describe` is empty"), "{message}");
}

const REQUEST: &[u8] = b"{\"id\": 1, \"operation\": \"describe\", \"input\": {}}";

/// What is answered to a line of so many bytes, its end among them, and to another line.
fn answers_to_line_of(bytes: usize) -> Vec<Value> {
    let spaces = repeat(b' ').take((bytes - REQUEST.len() - 1) as u64);
    answers_to(BufReader::new(REQUEST.chain(spaces).chain(&b"\n"[..]).chain(REQUEST)))
}

/// [DS-ADAPT-6]
#[test]
fn a_line_may_have_64_mebibytes_and_after_a_longer_one_no_line_is_read() {
    let longest = answers_to_line_of(LINE_BYTES);
    assert_eq!(longest.iter().map(|answer| &answer["output"]["protocol"]).collect::<Vec<_>>(), [PROTOCOL, PROTOCOL]);
    let longer = answers_to_line_of(LINE_BYTES + 1);
    let [answer] = longer.as_slice() else { panic!("{} answers", longer.len()) };
    assert_eq!((&answer["id"], &answer["error"]["code"]), (&json!(0), &json!("adapter/request")));
    assert!(answer["error"]["message"].as_str().unwrap().ends_with("a line of more than 64 MiB"), "{answer}");
}
