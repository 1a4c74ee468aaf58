//! Network files that are rejected: every rule, with its exact place and message.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

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

/// [DS-NET-1]
#[test]
fn operands_are_earlier_layers() {
    for operand in ["nothing", "act", "out", ""] {
        let error = NetworkError::UnknownOperand { layer: "act".to_owned(), operand: operand.to_owned() };
        let message = format!("layer act: operand {operand:?} is not `input` and no earlier layer");
        rejected(
            "\"from\": \"stem\"",
            &format!("\"from\": \"{operand}\""),
            &error,
            &message,
            "network/unknown-operand",
        );
    }
    for (from, to, layer, op, found, expected) in [
        ("[\"cut\", \"cut\"]", "[\"cut\"]", "sum", "add", 1, 2),
        ("[\"cut\", \"cut\"]", "\"cut\"", "sum", "add", 1, 2),
        ("[\"cut\", \"cut\"]", "[\"cut\", \"cut\", \"cut\"]", "sum", "add", 3, 2),
        ("[\"act\"]", "[\"act\", \"act\"]", "cut", "truncate", 2, 1),
        ("[\"act\"]", "[]", "cut", "truncate", 0, 1),
    ] {
        let error = NetworkError::OperandCount { layer: layer.to_owned(), op, found, expected };
        let message = format!("layer {layer}: `{op}` takes {expected} operand(s) in `from`, found {found}");
        rejected(from, to, &error, &message, "network/operand-count");
    }
}

#[test]
fn shapes_and_windows_must_exist() {
    let code = "network/geometry";
    let geometry = |layer: &str, source| NetworkError::Geometry { layer: layer.to_owned(), source };
    let source = ValueError::EmptyShape { channels: 0, height: 3, width: 3 };
    rejected("[2, 3, 3]", "[0, 3, 3]", &geometry("input", source), "layer input: shape 0x3x3 has no elements", code);
    let rule = |layer: &str, what: &str| geometry(layer, ValueError::LinearMap { what: what.to_owned() });
    let what = "3 groups do not divide 2 input and 2 output channels";
    rejected("\"groups\": 2", "\"groups\": 3", &rule("stem", what), &format!("layer stem: {what}"), code);
    let what = "kernel 4 does not fit an input of 3 padded by 0 on both sides";
    rejected("\"kernel\": [2, 2]", "\"kernel\": [4, 2]", &rule("stem", what), &format!("layer stem: {what}"), code);
    let dilated = "\"padding\": [0, 1], \"dilation\"";
    let what = "kernel 4 does not fit an input of 3 padded by 0 on both sides";
    rejected(
        "\"padding\": [0, 1]",
        &format!("{dilated}: [3, 1]"),
        &rule("stem", what),
        &format!("layer stem: {what}"),
        code,
    );
    let what = "dilation 0 must be at least 1";
    rejected(
        "\"padding\": [0, 1]",
        &format!("{dilated}: [1, 0]"),
        &rule("stem", what),
        &format!("layer stem: {what}"),
        code,
    );
    let what = "kernel 3 does not fit an input of 2 padded by 0 on both sides";
    rejected("\"window\": [2, 2]", "\"window\": [3, 2]", &rule("pool", what), &format!("layer pool: {what}"), code);
    let what = "kernel 2 and stride 0 must be at least 1";
    rejected("\"stride\": [1, 2]", "\"stride\": [1, 0]", &rule("pool", what), &format!("layer pool: {what}"), code);
    let source = ValueError::EmptyShape { channels: 0, height: 1, width: 1 };
    rejected(
        "\"outputs\": 1",
        "\"outputs\": 0",
        &geometry("out", source),
        "layer out: shape 0x1x1 has no elements",
        code,
    );
}

/// Numbers up to 2^53 - 1 are read, and give a typed error without work or memory in proportion to them.
#[test]
fn huge_numbers_are_errors_at_once() {
    const HUGE: usize = (1 << 53) - 1;
    let huge = HUGE.to_string();
    let overflow = |layer: &str, channels, height, width| NetworkError::Geometry {
        layer: layer.to_owned(),
        source: ValueError::ShapeOverflow { channels, height, width },
    };
    let list = format!("[{huge}, {huge}, {huge}]");
    let message = format!("layer input: {HUGE} x {HUGE} x {HUGE} is more than 2^53 - 1 elements");
    rejected("[2, 3, 3]", &list, &overflow("input", HUGE, HUGE, HUGE), &message, "network/geometry");
    let many = overflow("out", HUGE, 4, 1);
    let message = format!("layer out: {HUGE} x 4 x 1 is more than 2^53 - 1 elements");
    rejected("\"outputs\": 1", &format!("\"outputs\": {huge}"), &many, &message, "network/geometry");
    for (from, to) in [
        ("\"kernel\": [2, 2]", format!("\"kernel\": [{huge}, 2]")),
        ("\"padding\": [0, 1]", format!("\"padding\": [{huge}, 1]")),
        ("\"groups\": 2", format!("\"groups\": {huge}")),
        ("\"out_channels\": 2", format!("\"out_channels\": {}", HUGE - 1)),
        ("\"shift\": 4", format!("\"shift\": {huge}")),
        ("\"layer\": 0", format!("\"layer\": {huge}")),
        ("\"weight_scale\": 2", format!("\"weight_scale\": {huge}")),
        ("\"scale_bits\": 2", format!("\"scale_bits\": {huge}")),
        ("[2, 3, 3]", format!("[{}, 1, 1]", HUGE - 1)),
        ("\"shape\": [2, 2, 4]", format!("\"shape\": [{huge}, 1, 1]")),
    ] {
        assert!(Network::from_json(&changed(from, &to)).is_err(), "{to}");
    }
    // a stride is only ever divided by
    let wide = changed("\"stride\": [1, 2]", &format!("\"stride\": [1, {huge}]")).replace("3, \"4\"]", "\"4\"]");
    assert!(matches!(Network::from_json(&wide), Err(NetworkError::WeightCount { found: 3, expected: 2, .. })));
}

/// [DS-NET-3]
#[test]
fn parameters_have_the_right_number_and_fit() {
    let layer = || "stem".to_owned();
    let error = NetworkError::WeightCount { layer: layer(), found: 7, expected: 8 };
    rejected("[1, -2, 3,", "[-2, 3,", &error, "layer stem: 7 weights, expected 8", "network/weight-count");
    let error = NetworkError::BiasCount { layer: layer(), found: 1, expected: 2 };
    let message = "layer stem: 1 biases, expected 2, one an output channel";
    rejected("[9, 10]", "[9]", &error, message, "network/bias-count");
    let range = |what, index, value| NetworkError::ParameterRange { layer: layer(), what, index, value, bits: 16 };
    let code = "network/parameter-range";
    let message = "layer stem: weights[1] = -32769 does not fit 16 bits";
    rejected("[1, -2, 3,", "[1, -32769, 3,", &range("weights", 1, -32_769), message, code);
    let message = "layer stem: bias[0] = 32768 does not fit 16 bits";
    rejected("[9, 10]", "[\"32768\", 99999]", &range("bias", 0, 32_768), message, code);
    assert!(Network::from_json(&changed("[9, 10]", "[-32768, 32767]")).is_ok());
}

#[test]
fn weights_are_everywhere_or_nowhere() {
    let partial = |layer: &str| NetworkError::PartialWeights { layer: layer.to_owned() };
    let rule = "a network has weights in all its linear layers, or in none (shape-only)";
    let code = "network/partial-weights";
    let message = format!("layer out: {rule}");
    rejected(", \"weights\": [1, 2, 3, \"4\"]", "", &partial("out"), &message, code);
    rejected(", \"weights\": [1, -2, 3, 4, 5, 6, 7, 8], \"bias\": [9, 10]", "", &partial("out"), &message, code);
    let message = format!("layer stem: {rule}");
    rejected(", \"weights\": [1, -2, 3, 4, 5, 6, 7, 8]", "", &partial("stem"), &message, code);
}

/// [DS-LIN-11]
#[test]
fn only_one_row_and_column_is_broadcast() {
    let from = "\"op\": \"truncate\", \"from\": [\"act\"], \"shift\": 4";
    let to = |operand: &str, size: &str| format!("\"op\": \"broadcast\", \"from\": [\"{operand}\"], \"size\": {size}");
    let error = NetworkError::BroadcastShape { layer: "cut".to_owned(), shape: shape(2, 2, 4) };
    let message = "layer cut: shape 2x2x4 has more than one row and column; only one can be broadcast";
    rejected(from, &to("act", "[2, 2]"), &error, message, "network/broadcast-shape");
    let error = NetworkError::MissingField { layer: "cut".to_owned(), op: "broadcast", field: "size" };
    let message = "layer cut: `broadcast` needs the field `size`";
    rejected(from, "\"op\": \"broadcast\", \"from\": [\"act\"]", &error, message, "network/missing-field");
}

/// [DS-LIN-9] [DS-VAL-7]
#[test]
fn additions_need_equal_shapes_and_scales() {
    let layer = || "sum".to_owned();
    let error = NetworkError::AddShapes { layer: layer(), left: shape(2, 2, 4), right: shape(2, 3, 3) };
    let message = "layer sum: cannot add shapes 2x2x4 and 2x3x3";
    rejected("[\"cut\", \"cut\"]", "[\"cut\", \"input\"]", &error, message, "network/add-shapes");
    let error = NetworkError::AddScales { layer: layer(), left: 7, right: 3 };
    let message = "layer sum: cannot add scales 7 and 3; truncate the larger one first";
    rejected("[\"cut\", \"cut\"]", "[\"act\", \"cut\"]", &error, message, "network/add-scales");
    let error = NetworkError::AddScales { layer: layer(), left: 3, right: 7 };
    let message = "layer sum: cannot add scales 3 and 7; truncate the larger one first";
    rejected("[\"cut\", \"cut\"]", "[\"cut\", \"act\"]", &error, message, "network/add-scales");
}

/// [DS-VAL-7]
#[test]
fn scales_are_at_most_65535() {
    for (layer, from, to, scale) in [
        ("input", "\"scale\": 4", "\"scale\": 65536", 65_536),
        ("stem", "\"weight_scale\": 2", "\"weight_scale\": 65536", 65_536),
        ("stem", "\"weight_scale\": 2", "\"weight_scale\": 65532", 65_536),
        ("pool", "\"scale_bits\": 2", "\"scale_bits\": 65533", 65_536),
        ("act", "\"weight_scale\": 2", "\"weight_scale\": 65531", 65_536),
    ] {
        let error = NetworkError::Scale { layer: layer.to_owned(), scale };
        let message = format!("layer {layer}: a scale of 65536 fraction bits is more than 65535");
        rejected(from, to, &error, &message, "network/scale");
    }
}

#[test]
fn shifts_are_below_the_width_and_at_most_the_scale() {
    for shift in [8_u64, 16, 4_294_967_295, 4_294_967_296, (1 << 53) - 1] {
        let error = NetworkError::Shift { layer: "cut".to_owned(), shift, scale: 7, bits: 16 };
        let message = format!(
            "layer cut: truncation by {shift} bits needs a scale of at least {shift} bits (it is 7) and a ring width above {shift} (it is 16)"
        );
        rejected("\"shift\": 4", &format!("\"shift\": {shift}"), &error, &message, "network/shift");
    }
    let deep = changed("\"scale\": 4", "\"scale\": 20");
    for (shift, fits) in [(15, true), (16, false)] {
        let found = Network::from_json(&deep.replace("\"shift\": 4", &format!("\"shift\": {shift}")));
        assert_eq!(found.is_ok(), fits, "shift {shift} at 16 bits and scale 23");
    }
}

/// [DS-NET-5]
#[test]
fn activations_use_the_plans_layers_in_order() {
    let error = NetworkError::ActivationOrder { layer: "act".to_owned(), found: 1, expected: 0 };
    let message = "layer act: activation uses plan layer 1, expected 0: plan layers are used in order";
    rejected("\"layer\": 0", "\"layer\": 1", &error, message, "network/activation-order");
    let error = NetworkError::ActivationShape {
        layer: "act".to_owned(),
        index: 0,
        found: shape(2, 2, 4),
        planned: shape(2, 4, 2),
    };
    let message = "layer act: shape 2x2x4 is not the shape 2x4x2 of plan layer 0";
    rejected("\"shape\": [2, 2, 4]", "\"shape\": [2, 4, 2]", &error, message, "network/activation-shape");
    let code = "network/activation-count";
    let second = "{\"shape\": [2, 2, 4], \"channels\": [{\"source\": \"prototype\"}, {\"source\": \"linear\"}]}";
    let from = "\"channels\": [{\"source\": \"prototype\"}, {\"source\": \"linear\"}]}";
    let error = NetworkError::ActivationCount { planned: 2, found: 1 };
    let message = "the plan has 2 layers, the network 1 activations";
    rejected(from, &format!("{from}, {second}"), &error, message, code);
    let again = "{\"name\": \"cut\", \"op\": \"activation\", \"from\": \"act\", \"layer\": 1},";
    let error = NetworkError::ActivationCount { planned: 1, found: 2 };
    let cut = "{\"name\": \"cut\", \"op\": \"truncate\", \"from\": [\"act\"], \"shift\": 4},";
    rejected(cut, again, &error, "the plan has 1 layers, the network 2 activations", code);
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
