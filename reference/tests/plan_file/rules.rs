//! Files that break a rule of plans: which the JSON Schema sees, and in which order they are checked.

use super::*;

/// Rules of one field, which the schema finds too.
#[test]
fn rules_of_a_single_field_are_in_the_schema() {
    for (from, to, error, shown) in [
        ("\"width\": 32", "\"width\": 1", PlanError::Width { bits: 1 }, "ring width 1 is not in 2..=64"),
        ("\"width\": 32", "\"width\": 65", PlanError::Width { bits: 65 }, "ring width 65 is not in 2..=64"),
        (
            "\"positive\"",
            "\"Positive\"",
            PlanError::UnknownStep { step: "Positive".to_owned() },
            "step convention \"Positive\" is unknown; it is \"nonnegative\" or \"positive\"",
        ),
        (
            "[1, 2, 2]",
            "[1, 0, 2]",
            PlanError::EmptyShape { layer: 1, channels: 1, height: 0, width: 2 },
            "layer 1: shape 1x0x2 has no elements",
        ),
        (
            "\"gate_scale\": 1",
            "\"gate_scale\": 9007199254740991",
            PlanError::GateScale { layer: 0, scale: 9_007_199_254_740_991, bits: 32, limit: 30 },
            "layer 0: gate scale 9007199254740991 is too large for ring width 32; it is at most 30",
        ),
        (
            "[{\"source\": {\"layer\": 0, \"channel\": 0}}]",
            "[]",
            PlanError::EmptyLayer { layer: 1, expected: 1 },
            "layer 1: no channels are listed, and its shape has 1",
        ),
        (
            "{\"source\": \"linear\"}",
            "{\"source\": \"linear\", \"gate\": {\"alpha\": 2, \"beta\": 0}}",
            PlanError::GateOnLinear { layer: 0, channel: 2 },
            "layer 0, channel 2: a linear channel takes no gate; remove the gate",
        ),
    ] {
        let text = changed(from, to);
        let found = plan_error(&text);
        assert_eq!(found.to_string(), shown);
        assert_eq!(found, error);
        assert!(!schema_accepts(&text), "the schema accepts {to}");
    }
}

/// Rules that relate fields to each other. A schema cannot express them, and accepts these files.
#[test]
fn rules_across_fields_are_not_in_the_schema() {
    let last = "[{\"source\": {\"layer\": 0, \"channel\": 0}}]";
    let source = |layer: u64, channel: u64| format!("[{{\"source\": {{\"layer\": {layer}, \"channel\": {channel}}}}}]");
    let not_prototype = |source_channel, kind| PlanError::SourceNotPrototype {
        layer: 1,
        channel: 0,
        source_layer: 0,
        source_channel,
        kind,
    };
    let most = (1 << 53) - 1;
    for (from, to, error) in [
        (
            "[1, 2, 2]",
            "[9007199254740991, 9007199254740991, 1]".to_owned(),
            PlanError::ShapeOverflow { layer: 1, channels: most, height: most, width: 1 },
        ),
        (
            "[1, 2, 2]",
            "[1, 4503599627370496, 2]".to_owned(),
            PlanError::ShapeOverflow { layer: 1, channels: 1, height: 1 << 52, width: 2 },
        ),
        (
            "\"gate_scale\": 1",
            "\"gate_scale\": 31".to_owned(),
            PlanError::GateScale { layer: 0, scale: 31, bits: 32, limit: 30 },
        ),
        ("[1, 2, 2]", "[1, 9007199254740991, 1]".to_owned(), PlanError::TotalOverflow { layer: 1 }),
        ("[3, 2, 2]", "[2, 2, 2]".to_owned(), PlanError::ChannelCount { layer: 0, found: 3, expected: 2 }),
        (last, source(2, 0), PlanError::SourceLayerOutOfRange { layer: 1, channel: 0, source_layer: 2, layers: 2 }),
        (
            last,
            source((1 << 53) - 1, 0),
            PlanError::SourceLayerOutOfRange { layer: 1, channel: 0, source_layer: most, layers: 2 },
        ),
        (
            "\"linear\"",
            "{\"layer\": 1, \"channel\": 0}".to_owned(),
            PlanError::SourceLayerLater { layer: 0, channel: 2, source_layer: 1 },
        ),
        (
            last,
            source(0, 3),
            PlanError::SourceChannelOutOfRange {
                layer: 1,
                channel: 0,
                source_layer: 0,
                source_channel: 3,
                channels: 3,
            },
        ),
        (
            "[1, 2, 2]",
            "[1, 2, 1]".to_owned(),
            PlanError::SpatialMismatch {
                layer: 1,
                channel: 0,
                source_layer: 0,
                source_height: 2,
                source_width: 2,
                height: 2,
                width: 1,
            },
        ),
        (last, source(0, 1), not_prototype(1, NotPrototype::Replicate)),
        (last, source(0, 2), not_prototype(2, NotPrototype::Linear)),
        (
            "\"alpha\": 4",
            "\"alpha\": 2147483648".to_owned(),
            PlanError::AlphaOutOfRange { layer: 0, channel: 1, alpha: 1 << 31, bits: 32 },
        ),
        (
            "\"beta\": \"-2\"",
            "\"beta\": \"-9223372036854775808\"".to_owned(),
            PlanError::BetaOutOfRange { layer: 0, channel: 1, beta: i64::MIN, bits: 32 },
        ),
    ] {
        let text = changed(from, &to);
        assert_eq!(plan_error(&text), error);
        assert!(schema_accepts(&text), "the schema rejects {to}");
    }
}

#[test]
fn a_broken_rule_keeps_its_code_in_a_file() {
    let error = Plan::from_json(&changed("\"width\": 32", "\"width\": 0")).unwrap_err();
    assert_eq!((error.code(), error.to_string().as_str()), ("plan/width", "ring width 0 is not in 2..=64"));
}

/// Among the rules that only files can break, and between them and the others, the order is that of [DS-PLAN-9].
/// [DS-PLAN-10] [DS-PLAN-11] [DS-PLAN-12]
#[test]
fn the_rules_of_files_are_checked_in_their_order() {
    let mut text = r#"{"format": "deepshare-plan/1", "width": 1, "step": "", "layers": [
        {"shape": [0, 1, 1], "gate_scale": 63, "channels": []}, {"shape": [1, 1, 0], "channels": []}]}"#
        .to_owned();
    for (code, from, to) in [
        ("plan/width", "\"width\": 1", "\"width\": 64"),
        ("plan/unknown-step", "\"step\": \"\"", "\"step\": \"positive\""),
        ("plan/empty-shape", "[0, 1, 1]", "[1, 9007199254740991, 2]"),
        ("plan/shape-overflow", "[1, 9007199254740991, 2]", "[1, 9007199254740991, 1]"),
        ("plan/gate-scale", "63", "62"),
        ("plan/empty-shape", "[1, 1, 0]", "[1, 1, 1]"),
        ("plan/total-overflow", "[1, 1, 1]", "[1, 1, 1]"),
    ] {
        assert_eq!(Plan::from_json(&text).unwrap_err().code(), code);
        text = text.replace(from, to);
    }
}
