//! The JSON Schemas of networks and inputs: reader and schema accept the shipped files and reject the same broken ones.
#![allow(clippy::unwrap_used, reason = "helpers of tests stop like the tests themselves")]

mod common;

use common::{deepshare, model, schema_accepts};
use deepshare_reference::network::{Images, Network};
use serde_json::Value;

const NETWORK: &str = r#"{"format": "deepshare-network/1", "name": "small", "input": {"shape": [2, 2, 2], "scale": 4},
  "layers": [
    {"name": "conv", "op": "conv", "from": "input", "out_channels": 2, "kernel": [1, 1], "stride": [1, 1],
     "padding": [0, 0], "dilation": [1, 3], "groups": 2, "weight_scale": 3, "weights": [1, "-2"], "bias": [0, 1]},
    {"name": "act", "op": "activation", "from": ["conv"], "layer": 0},
    {"name": "cut", "op": "truncate", "from": "act", "shift": 3},
    {"name": "sum", "op": "add", "from": ["cut", "input"]},
    {"name": "pool", "op": "sum_pool", "from": "sum", "window": [2, 2], "stride": [2, 2], "scale_bits": 2},
    {"name": "all", "op": "broadcast", "from": "pool", "size": [2, 1]},
    {"name": "out", "op": "dense", "from": "all", "outputs": 1, "weight_scale": 0, "weights": [3, 4, 5, 6]}
  ],
  "plan": {"format": "deepshare-plan/1", "width": 16, "step": "nonnegative",
    "layers": [{"shape": [2, 2, 2], "channels": [{"source": "prototype"}, {"source": "linear"}]}]}}"#;

const INPUT: &str =
    r#"{"format": "deepshare-input/1", "shape": [1, 1, 2], "scale": 4, "images": [[0, "-7"]], "labels": [3]}"#;

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// A text with one place changed.
fn changed(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from} is not in the text");
    text.replacen(from, to, 1)
}

#[test]
fn shipped_files_and_examples_pass() {
    for name in ["digits-full.json", "digits-shared.json", "digits-linear.json"] {
        let path = model(name);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(schema_accepts("network.schema.json", &value(&text)), "{name}");
        let public = deepshare(&["network", "public", common::text(&path)]).success();
        assert!(schema_accepts("network.schema.json", &value(&public)), "public part of {name}");
    }
    let images = std::fs::read_to_string(model("digits-test.json")).unwrap();
    assert!(schema_accepts("input.schema.json", &value(&images)));
    assert!(schema_accepts("network.schema.json", &value(NETWORK)) && Network::from_json(NETWORK).is_ok());
    assert!(schema_accepts("input.schema.json", &value(INPUT)) && Images::from_json(INPUT).is_ok());
}

#[test]
fn broken_networks_fail_in_schema_and_reader() {
    for (from, to) in [
        ("deepshare-network/1", "deepshare-network/2"),
        (r#""name": "small", "#, ""),
        (r#""name": "small""#, r#""name": "small", "part": "private""#),
        (r#""name": "small""#, r#""name": "small", "author": "me""#),
        (r#""name": "small""#, r#""name": 7"#),
        (r#""shape": [2, 2, 2], "scale": 4"#, r#""shape": [2, 2], "scale": 4"#),
        (r#""shape": [2, 2, 2], "scale": 4"#, r#""shape": [0, 2, 2], "scale": 4"#),
        (r#""scale": 4"#, r#""scale": 70000"#),
        (r#""scale": 4"#, r#""scale": -1"#),
        (r#""op": "conv""#, r#""op": "convolution""#),
        (r#""kernel": [1, 1]"#, r#""kernel": [1, 1, 1]"#),
        (r#""kernel": [1, 1]"#, r#""kernel": [0, 1]"#),
        (r#""groups": 2, "#, ""),
        (r#""groups": 2"#, r#""groups": 0"#),
        (r#""stride": [1, 1]"#, r#""stride": [1, 0]"#),
        (r#""dilation": [1, 3]"#, r#""dilation": [0, 3]"#),
        (r#""dilation": [1, 3]"#, r#""dilation": [3]"#),
        (r#", "size": [2, 1]"#, ""),
        (r#""size": [2, 1]"#, r#""size": [2, 0]"#),
        (r#"[1, "-2"]"#, "[1, 2.5]"),
        (r#"[1, "-2"]"#, r#"[1, "two"]"#),
        (r#"[1, "-2"]"#, "null"),
        (r#""from": ["cut", "input"]"#, r#""from": "cut""#),
        (r#""from": ["conv"]"#, r#""from": ["conv", "conv"]"#),
        (r#""layer": 0"#, r#""layer": 0, "shift": 1"#),
        (r#", "shift": 3"#, ""),
        (r#""shift": 3"#, r#""shift": 64"#),
        (r#""outputs": 1, "#, ""),
        (r#""name": "conv""#, r#""name": "input""#),
        (r#""width": 16"#, r#""width": 65"#),
        (r#""source": "linear""#, r#""source": "square""#),
    ] {
        let text = changed(NETWORK, from, to);
        assert!(Network::from_json(&text).is_err(), "the reader accepts {to}");
        assert!(!schema_accepts("network.schema.json", &value(&text)), "the schema accepts {to} for {from}");
    }
    let empty = r#"{"format": "deepshare-network/1", "name": "", "input": {"shape": [1, 1, 1], "scale": 0}, "layers": [],
        "plan": {"format": "deepshare-plan/1", "width": 16, "step": "nonnegative", "layers": []}}"#;
    assert!(Network::from_json(empty).is_err() && !schema_accepts("network.schema.json", &value(empty)));
}

#[test]
fn broken_inputs_fail_in_schema_and_reader() {
    for (from, to) in [
        ("deepshare-input/1", "deepshare-input/0"),
        (r#""scale": 4, "#, ""),
        (r#""scale": 4"#, r#""scale": "4""#),
        (r#""scale": 4"#, r#""scale": 65536"#),
        ("[1, 1, 2]", "[1, 2]"),
        ("[1, 1, 2]", "[1, 0, 2]"),
        (r#"[[0, "-7"]]"#, "[0, 7]"),
        (r#""-7""#, "0.5"),
        (r#""-7""#, r#""-07""#),
        (r#""-7""#, "true"),
        ("[3]", "[-3]"),
        ("[3]", "null"),
        (r#""labels""#, r#""classes""#),
    ] {
        let text = changed(INPUT, from, to);
        assert!(Images::from_json(&text).is_err(), "the reader accepts {to}");
        assert!(!schema_accepts("input.schema.json", &value(&text)), "the schema accepts {to} for {from}");
    }
}
