//! Network files that are rejected: every rule, with its exact place and message.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod operations;

use deepshare_reference::network::{Network, NetworkError};
use deepshare_reference::plan::PlanError;
use deepshare_reference::values::{JsonError, Shape, ValueError, Width};

/// A network with every operation. Scales: input 4, stem 6, act 7, cut 3, again 3, sum 3, pool 5, out 6.
const EXAMPLE: &str = r#"{
  "format": "deepshare-network/1",
  "name": "example",
  "input": {"shape": [2, 3, 3], "scale": 4},
  "layers": [
    {"name": "stem", "op": "conv", "from": "input", "out_channels": 2, "kernel": [2, 2], "stride": [1, 1],
     "padding": [0, 1], "groups": 2, "weight_scale": 2, "weights": [1, -2, 3, 4, 5, 6, 7, 8], "bias": [9, 10]},
    {"name": "act", "op": "activation", "from": "stem", "layer": 0},
    {"name": "cut", "op": "truncate", "from": ["act"], "shift": 4},
    {"name": "sum", "op": "add", "from": ["cut", "cut"]},
    {"name": "pool", "op": "sum_pool", "from": "sum", "window": [2, 2], "stride": [1, 2], "scale_bits": 2},
    {"name": "out", "op": "dense", "from": "pool", "outputs": 1, "weight_scale": 1, "weights": [1, 2, 3, "4"]}
  ],
  "plan": {"format": "deepshare-plan/1", "width": 16, "step": "positive", "layers": [
    {"shape": [2, 2, 4], "gate_scale": 1, "channels": [{"source": "prototype"}, {"source": "linear"}]}
  ]}
}"#;

/// The example with one place changed.
fn changed(from: &str, to: &str) -> String {
    assert_eq!(EXAMPLE.matches(from).count(), 1, "{from} does not stand once in the example");
    EXAMPLE.replace(from, to)
}

/// Checks that the example with one place changed is rejected with an error, its message and its code.
fn rejected(from: &str, to: &str, expected: &NetworkError, message: &str, code: &str) {
    let error = Network::from_json(&changed(from, to)).unwrap_err();
    assert_eq!((&error, error.to_string().as_str(), error.code()), (expected, message, code), "{from} -> {to}");
}

fn shape(c: usize, h: usize, w: usize) -> Shape {
    Shape::new(c, h, w).unwrap()
}

#[test]
fn the_example_is_read() {
    let network = Network::from_json(EXAMPLE).unwrap();
    assert_eq!((network.name(), network.layers().len(), network.width().bits()), ("example", 6, 16));
    let types: Vec<String> =
        network.layers().iter().map(|layer| format!("{} {}", layer.output.shape, layer.output.scale)).collect();
    assert_eq!(types, ["2x2x4 6", "2x2x4 7", "2x2x4 3", "2x2x4 3", "2x1x2 5", "1x1x1 6"]);
    assert!(!network.is_shape_only() && network.public_part().is_shape_only());
}

/// [DS-FILE-1] [DS-NET-4]
#[test]
fn text_that_is_no_file() {
    let error = Network::from_json("{").unwrap_err();
    assert!(matches!(&error, NetworkError::Json(JsonError::Syntax { line: 1, .. })), "{error}");
    let error = Network::from_json(&changed("\"padding\": [0, 1]", "\"padding\": [0]")).unwrap_err();
    let message = "line 7, column 19, at layers[0].padding: invalid length 1, expected a list of 2 counts";
    assert_eq!((error.to_string().as_str(), error.code()), (message, "json/structure"));
    let error = Network::from_json(&changed("\"from\": \"stem\"", "\"from\": 3")).unwrap_err();
    let expected = "expected the name of an earlier layer or `input`, or a list of two";
    assert!(error.to_string().ends_with(expected), "{error}");
}

#[test]
fn a_plan_that_is_not_valid() {
    let source = PlanError::Width { bits: 65 };
    let error = NetworkError::Plan { source };
    rejected("\"width\": 16", "\"width\": 65", &error, "plan: ring width 65 is not in 2..=64", "plan/width");
}

/// [DS-NET-2]
#[test]
fn names_must_be_unique() {
    for name in ["stem", "input"] {
        let layer = name.to_owned();
        let message =
            format!("layer {name}: the name is taken; names must be unique, and `input` is the network's input");
        let to = format!("\"name\": \"act\", \"op\": \"activation\", \"from\": \"{name}\"");
        let to = to.replace("\"act\"", &format!("\"{name}\""));
        let from = "\"name\": \"act\", \"op\": \"activation\", \"from\": \"stem\"";
        rejected(from, &to, &NetworkError::DuplicateName { layer }, &message, "network/duplicate-name");
    }
}

#[test]
fn a_field_that_is_missing_or_foreign() {
    for (layer, op, field, text) in [
        ("stem", "conv", "out_channels", "\"out_channels\": 2, "),
        ("stem", "conv", "kernel", "\"kernel\": [2, 2], "),
        ("stem", "conv", "stride", ", \"stride\": [1, 1]"),
        ("stem", "conv", "padding", "\"padding\": [0, 1], "),
        ("stem", "conv", "groups", "\"groups\": 2, "),
        ("stem", "conv", "weight_scale", "\"weight_scale\": 2, "),
        ("out", "dense", "outputs", "\"outputs\": 1, "),
        ("out", "dense", "weight_scale", "\"weight_scale\": 1, "),
        ("pool", "sum_pool", "window", "\"window\": [2, 2], "),
        ("pool", "sum_pool", "stride", "\"stride\": [1, 2], "),
        ("cut", "truncate", "shift", ", \"shift\": 4"),
        ("act", "activation", "layer", ", \"layer\": 0"),
    ] {
        let error = NetworkError::MissingField { layer: layer.to_owned(), op, field };
        let message = format!("layer {layer}: `{op}` needs the field `{field}`");
        rejected(text, "", &error, &message, "network/missing-field");
    }
    for (layer, op, from, field, value) in [
        ("sum", "add", "[\"cut\", \"cut\"]", "bias", "[1]"),
        ("sum", "add", "[\"cut\", \"cut\"]", "layer", "0"),
        ("pool", "sum_pool", "\"scale_bits\": 2", "groups", "1"),
        ("cut", "truncate", "\"shift\": 4", "scale_bits", "1"),
        ("act", "activation", "\"layer\": 0", "shift", "1"),
        ("out", "dense", "\"outputs\": 1", "kernel", "[1, 1]"),
        ("stem", "conv", "\"groups\": 2", "window", "[1, 1]"),
        ("stem", "conv", "\"groups\": 2", "outputs", "2"),
        ("stem", "conv", "\"groups\": 2", "size", "[1, 1]"),
        ("pool", "sum_pool", "\"scale_bits\": 2", "dilation", "[1, 1]"),
    ] {
        let error = NetworkError::ForeignField { layer: layer.to_owned(), op, field };
        let message = format!("layer {layer}: `{op}` has no field `{field}`");
        let to = format!("{from}, \"{field}\": {value}");
        rejected(from, &to, &error, &message, "network/foreign-field");
    }
}

/// [DS-NET-2]
#[test]
fn a_network_has_layers() {
    let start = EXAMPLE.find("{\"name\": \"stem\"").unwrap();
    let end = EXAMPLE.find("  ],\n  \"plan\"").unwrap();
    let empty = format!("{}{}", &EXAMPLE[..start], &EXAMPLE[end..]);
    let error = Network::from_json(&empty).unwrap_err();
    assert_eq!((&error, error.code()), (&NetworkError::NoLayers, "network/no-layers"));
    assert_eq!(error.to_string(), "the network has no layers");
}

/// [DS-NET-8] [DS-PLAN-26]
#[test]
fn another_width_must_hold_gates_and_shifts() {
    let network = Network::from_json(EXAMPLE).unwrap();
    assert_eq!(network.with_width(Width::new(5).unwrap()).unwrap().width().bits(), 5);
    let error = network.with_width(Width::new(4).unwrap()).unwrap_err();
    assert_eq!(error, NetworkError::Shift { layer: "cut".to_owned(), shift: 4, scale: 7, bits: 4 });
    let error = network.with_width(Width::MIN).unwrap_err();
    assert_eq!(error.to_string(), "plan: layer 0: gate scale 1 is too large for ring width 2; it is at most 0");
    assert_eq!(error.code(), "plan/gate-scale");
}

/// What a network shows of itself hides its weights.
#[test]
fn debug_hides_weights() {
    let shown = format!("{:?}", Network::from_json(EXAMPLE).unwrap());
    assert!(shown.contains("Parameters(8 weights, secret)") && shown.contains("Truncate(4)"), "{shown}");
    assert!(!shown.contains("-2, 3"), "{shown}");
}

/// A broadcast repeats one element of each channel over rows and columns, and has the size that it states.
#[test]
fn a_broadcast_has_the_size_that_it_states() {
    let text = changed(
        "\"weights\": [1, 2, 3, \"4\"]}\n",
        "\"weights\": [1, 2, 3, \"4\"]},\n    {\"name\": \"wide\", \"op\": \"broadcast\", \"from\": \"out\", \"size\": [2, 3]}\n",
    );
    let network = Network::from_json(&text).unwrap();
    let output = network.layers()[6].output;
    assert_eq!((output.shape, output.scale), (shape(1, 2, 3), 6));
}

/// A file that says that it is the public part has neither weights nor private gates. [DS-NET-7]
#[test]
fn a_public_part_has_no_parameters() {
    let public = Network::from_json(EXAMPLE).unwrap().public_part().to_json();
    assert!(Network::from_json(&public).unwrap().is_public_part());
    let what = |text: &str| match Network::from_json(text) {
        Err(NetworkError::PublicParameters { what }) => what,
        other => panic!("{other:?}"),
    };
    let marked =
        |text: &str| text.replacen("\"name\": \"example\",", "\"name\": \"example\", \"part\": \"public\",", 1);
    assert_eq!(what(&marked(EXAMPLE)), "weights");
    // without weights, but with a gate that is the server's secret
    let private = changed(
        "\"gate_scale\": 1, \"channels\": [{\"source\": \"prototype\"}",
        "\"gate_scale\": 1, \"gates\": \"private\", \"channels\": [{\"source\": \"prototype\", \"gate\": {\"alpha\": 3, \"beta\": 1}}",
    );
    let weightless = private
        .replace(", \"weights\": [1, -2, 3, 4, 5, 6, 7, 8], \"bias\": [9, 10]", "")
        .replace(", \"weights\": [1, 2, 3, \"4\"]", "");
    assert!(Network::from_json(&weightless).unwrap().is_shape_only());
    assert_eq!(what(&marked(&weightless)), "private gates");
}
