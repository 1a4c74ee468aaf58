//! Mistakes in protocols, of which one sends what nobody asks for: what it sends, and who does.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests stop like the tests themselves")]

use crate::faults;
use crate::operations::run;
use crate::steps::{Right, Steps};
use crate::vectors::types::Bytes;
use deepshare_reference::party::frame::Header;
use serde_json::Value;
use std::path::Path;

/// What a role of a session of `gmw` sends: for each frame the receiver and the step.
fn sent(steps: &dyn Steps, role: &str) -> Vec<(String, String)> {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/v1/gmw.json");
    let file: Value = serde_json::from_str(&std::fs::read_to_string(vectors).unwrap()).unwrap();
    let cases = file["cases"].as_array().unwrap();
    let case = cases.iter().find(|case| case["id"] == format!("gmw/within-{role}")).unwrap();
    let output = run(steps, "party", case["input"].clone()).result.unwrap();
    let frames = output["outgoing"].as_array().unwrap().iter();
    let one = |frame: &Value| {
        let bytes: Bytes = serde_json::from_value(frame["frame"].clone()).unwrap();
        (frame["to"].as_str().unwrap().to_owned(), Header::parse(&bytes.0).unwrap().0.step)
    };
    frames.map(one).collect()
}

/// [DS-IO-2]
#[test]
fn an_output_that_is_opened_to_both_is_sent_by_the_client_to_the_server() {
    let fault = faults::find("output-opened-to-both").unwrap();
    let mut client = sent(&Right, "client");
    client.push(("server".to_owned(), "output".to_owned()));
    assert_eq!(sent(fault.steps, "client"), client);
    for other in ["server", "trusted"] {
        assert_eq!(sent(fault.steps, other), sent(&Right, other), "{other}");
    }
}
