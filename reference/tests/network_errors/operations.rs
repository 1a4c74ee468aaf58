//! Operations that are rejected: operands, shapes, parameters, scales, shifts and activations.

use super::*;

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
