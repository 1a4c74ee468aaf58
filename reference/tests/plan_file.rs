//! The plan file: round trips, every kind of malformed file, the typed rules of files, and the JSON Schema beside them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/plans.rs"]
mod plans;

use std::collections::BTreeSet;

use deepshare_reference::plan::{NotPrototype, Plan, PlanError, PlanFileError, StepConvention, stage};
use deepshare_reference::values::{JsonError, Shape, Width};
use proptest::prelude::*;

const SCHEMA: &str = include_str!("../../spec/schema/plan.schema.json");
const CHAPTER: &str = include_str!("../../spec/src/plans.md");

/// A plan file with every field, every source and both spellings of an integer.
const EXAMPLE: &str = r#"{
  "format": "deepshare-plan/1",
  "width": 32,
  "step": "positive",
  "layers": [
    {
      "shape": [3, 2, 2],
      "gate_scale": 1,
      "gates": "private",
      "channels": [
        {"source": "prototype"},
        {"source": {"layer": 0, "channel": 0}, "gate": {"alpha": 4, "beta": "-2"}},
        {"source": "linear"}
      ]
    },
    {"shape": [1, 2, 2], "channels": [{"source": {"layer": 0, "channel": 0}}]}
  ]
}"#;

/// The example with one place changed.
fn changed(from: &str, to: &str) -> String {
    assert_eq!(EXAMPLE.matches(from).count(), 1, "{from} does not stand once in the example");
    EXAMPLE.replace(from, to)
}

fn plan_error(text: &str) -> PlanError {
    match Plan::from_json(text).unwrap_err() {
        PlanFileError::Plan(error) => error,
        other => panic!("{other}"),
    }
}

fn json_error(text: &str) -> (&'static str, String) {
    match Plan::from_json(text).unwrap_err() {
        PlanFileError::Json(error) => (error.code(), error.to_string()),
        other => panic!("{other}"),
    }
}

/// Whether the schema accepts a text; the text must be JSON.
fn schema_accepts(text: &str) -> bool {
    let schema = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::draft202012::options().build(&schema).unwrap();
    validator.is_valid(&serde_json::from_str(text).unwrap())
}

#[test]
fn the_example_is_read_and_written() {
    let plan = Plan::from_json(EXAMPLE).unwrap();
    assert_eq!((plan.width().bits(), plan.step(), plan.layers().len()), (32, StepConvention::Positive, 2));
    let written = r#"{
  "format": "deepshare-plan/1",
  "width": 32,
  "step": "positive",
  "layers": [
    {
      "shape": [
        3,
        2,
        2
      ],
      "gate_scale": 1,
      "gates": "private",
      "channels": [
        {
          "source": "prototype"
        },
        {
          "source": {
            "layer": 0,
            "channel": 0
          },
          "gate": {
            "alpha": 4,
            "beta": -2
          }
        },
        {
          "source": "linear"
        }
      ]
    },
    {
      "shape": [
        1,
        2,
        2
      ],
      "gate_scale": 0,
      "gates": "public",
      "channels": [
        {
          "source": {
            "layer": 0,
            "channel": 0
          }
        }
      ]
    }
  ]
}
"#;
    assert_eq!(plan.to_json(), written);
}

/// [DS-PLAN-1]
#[test]
fn a_file_without_layers_is_a_plan() {
    let text = r#"{"format": "deepshare-plan/1", "width": 2, "step": "nonnegative", "layers": []}"#;
    let plan = Plan::from_json(text).unwrap();
    assert_eq!((plan.width(), plan.step(), plan.layers()), (Width::MIN, StepConvention::Nonnegative, &[][..]));
    assert!(schema_accepts(text));
}

/// Texts that the reader and the schema both reject, with the reader's error.
const STRUCTURE: &[(&str, &str, &str)] = &[
    // Another type, or another word.
    (
        "\"deepshare-plan/1\"",
        "\"deepshare-plan/2\"",
        "line 2, column 30, at format: invalid value: string \"deepshare-plan/2\", expected \"deepshare-plan/1\"",
    ),
    (
        "\"deepshare-plan/1\"",
        "{\"deepshare-plan/1\": null}",
        "line 2, column 12, at format: invalid type: map, expected \"deepshare-plan/1\"",
    ),
    (
        "\"width\": 32",
        "\"width\": \"32\"",
        "line 3, column 15, at width: invalid type: string \"32\", expected a count, a number from 0 to 2^53 - 1",
    ),
    (
        "\"width\": 32",
        "\"width\": -32",
        "line 3, column 14, at width: invalid type: integer `-32`, expected a count, a number from 0 to 2^53 - 1",
    ),
    ("\"positive\"", "1", "line 4, column 11, at step: invalid type: integer `1`, expected a string"),
    (
        "\"private\"",
        "\"secret\"",
        "line 9, column 23, at layers[0].gates: invalid value: string \"secret\", expected \"public\" or \"private\"",
    ),
    ("[3, 2, 2]", "[3, 2]", "line 7, column 21, at layers[0].shape: invalid length 2, expected a list of 3 counts"),
    (
        "[3, 2, 2]",
        "[3, 2, 2, 1]",
        "line 7, column 27, at layers[0].shape: invalid length 4, expected a list of 3 counts",
    ),
    (
        "\"gate_scale\": 1",
        "\"gate_scale\": null",
        "line 8, column 24, at layers[0].gate_scale: invalid type: null, expected a count, a number from 0 to 2^53 - 1",
    ),
    (
        "\"gates\": \"private\"",
        "\"gates\": null",
        "line 9, column 19, at layers[0].gates: invalid type: null, expected \"public\" or \"private\"",
    ),
    (
        "{\"alpha\": 4, \"beta\": \"-2\"}",
        "null",
        "line 12, column 59, at layers[0].channels[1].gate: invalid type: null, expected an object",
    ),
    (
        "{\"alpha\": 4, \"beta\": \"-2\"}",
        "[4, -2]",
        "line 12, column 55, at layers[0].channels[1].gate: invalid type: sequence, expected an object",
    ),
    (
        "\"beta\": \"-2\"",
        "\"beta\": \"-2.0\"",
        "line 12, column 82, at layers[0].channels[1].gate.beta: \
         invalid value: string \"-2.0\", expected an integer, as a number or a decimal string",
    ),
    (
        "\"alpha\": 4",
        "\"alpha\": 99999999999999999999",
        "line 12, column 85, at layers[0].channels[1].gate.alpha: value 99999999999999999999 does not fit 64 bits",
    ),
    (
        "\"linear\"",
        "\"Linear\"",
        "line 13, column 27, at layers[0].channels[2].source: \
         invalid value: string \"Linear\", expected \"prototype\", \"linear\" or {\"layer\": l, \"channel\": c}",
    ),
    (
        "\"linear\"",
        "[0, 0]",
        "line 13, column 20, at layers[0].channels[2].source: \
         invalid type: sequence, expected \"prototype\", \"linear\" or {\"layer\": l, \"channel\": c}",
    ),
    (
        "\"linear\"",
        "{\"layer\": 0, \"channel\": \"0\"}",
        "line 13, column 46, at layers[0].channels[2].source.channel: \
         invalid type: string \"0\", expected a count, a number from 0 to 2^53 - 1",
    ),
    // A missing field, in every object.
    ("\"width\": 32,", "", "line 18, column 1, at the top level: missing field `width`"),
    ("\"shape\": [3, 2, 2],", "", "line 15, column 5, at layers[0]: missing field `shape`"),
    ("{\"source\": \"linear\"}", "{}", "line 13, column 10, at layers[0].channels[2]: missing field `source`"),
    ("\"alpha\": 4, ", "", "line 12, column 69, at layers[0].channels[1].gate: missing field `alpha`"),
    ("\"linear\"", "{\"layer\": 0}", "line 13, column 31, at layers[0].channels[2].source: missing field `channel`"),
    // An unknown field, in every object.
    (
        "\"width\": 32",
        "\"x\": 0, \"width\": 32",
        "line 3, column 5, at x: unknown field `x`, expected one of `format`, `width`, `step`, `layers`",
    ),
    (
        "\"gate_scale\": 1",
        "\"x\": 0",
        "line 8, column 9, at layers[0].x: unknown field `x`, \
         expected one of `shape`, `gate_scale`, `gates`, `channels`",
    ),
    (
        "{\"source\": \"linear\"}",
        "{\"source\": \"linear\", \"x\": 0}",
        "line 13, column 32, at layers[0].channels[2].x: unknown field `x`, expected `source` or `gate`",
    ),
    (
        "\"alpha\": 4",
        "\"alpha\": 4, \"x\": 0",
        "line 12, column 71, at layers[0].channels[1].gate.x: unknown field `x`, expected `alpha` or `beta`",
    ),
    (
        "\"linear\"",
        "{\"layer\": 0, \"channel\": 0, \"x\": 0}",
        "line 13, column 49, at layers[0].channels[2].source.x: unknown field `x`, expected `layer` or `channel`",
    ),
];

#[test]
fn structural_errors_name_their_place_and_the_schema_finds_them_too() {
    for (from, to, shown) in STRUCTURE {
        let text = changed(from, to);
        assert_eq!(json_error(&text), ("json/structure", (*shown).to_owned()));
        assert!(!schema_accepts(&text), "the schema accepts {to}");
    }
    let list = r#"["deepshare-plan/1", 32, "nonnegative", []]"#;
    let shown = "line 1, column 0, at the top level: invalid type: sequence, expected an object";
    assert_eq!(json_error(list), ("json/structure", shown.to_owned()));
    assert!(!schema_accepts(list));
}

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

/// What JSON Schema does not see at all: it knows values, not how they are written.
#[test]
fn the_spelling_of_values_is_not_in_the_schema() {
    for (from, to, shown) in [
        (
            "\"width\": 32",
            "\"width\": 32.0",
            "line 3, column 15, at width: \
             value 32.0 is not accepted: integers have no fraction, no exponent and no negative zero",
        ),
        (
            "\"alpha\": 4",
            "\"alpha\": 4e0",
            "line 12, column 68, at layers[0].channels[1].gate.alpha: \
             value 4e0 is not accepted: integers have no fraction, no exponent and no negative zero",
        ),
        (
            "\"alpha\": 4",
            "\"alpha\": \"9223372036854775808\"",
            "line 12, column 86, at layers[0].channels[1].gate.alpha: value 9223372036854775808 does not fit 64 bits",
        ),
        // A duplicate field, in every object.
        (
            "\"width\": 32",
            "\"width\": 32, \"width\": 32",
            "line 3, column 22, at the top level: duplicate field `width`",
        ),
        (
            "\"gate_scale\": 1",
            "\"gate_scale\": 1, \"shape\": [3, 2, 2]",
            "line 8, column 30, at layers[0]: duplicate field `shape`",
        ),
        (
            "{\"source\": \"linear\"}",
            "{\"source\": \"linear\", \"source\": \"linear\"}",
            "line 13, column 37, at layers[0].channels[2]: duplicate field `source`",
        ),
        (
            "\"alpha\": 4",
            "\"alpha\": 4, \"alph\\u0061\": 4",
            "line 12, column 80, at layers[0].channels[1].gate: duplicate field `alpha`",
        ),
        (
            "\"linear\"",
            "{\"layer\": 0, \"channel\": 0, \"layer\": 0}",
            "line 13, column 53, at layers[0].channels[2].source: duplicate field `layer`",
        ),
    ] {
        let text = changed(from, to);
        assert_eq!(json_error(&text), ("json/structure", shown.to_owned()));
        assert!(schema_accepts(&text), "the schema rejects {to}");
    }
}

#[test]
fn text_that_is_no_json_is_rejected() {
    let deep = changed("\"linear\"", &"[".repeat(100_000));
    for text in ["", " ", "\u{feff}{}", "nul", &format!("\u{feff}{EXAMPLE}"), &format!("{EXAMPLE} {{}}"), "\0"] {
        assert_eq!(json_error(text).0, "json/syntax", "{text:?}");
    }
    assert_eq!(json_error(&changed("32", "1e400")).0, "json/syntax");
    assert_eq!(json_error(&changed("32", &"9".repeat(1000))).0, "json/syntax");
    assert_eq!(json_error(&deep).0, "json/structure");
    assert_eq!(json_error(&"[".repeat(100_000)).0, "json/structure");
    let large = " ".repeat((64 << 20) + 1);
    let error = Plan::from_json(&large).unwrap_err();
    assert_eq!(error, PlanFileError::Json(JsonError::TooLarge { bytes: (64 << 20) + 1 }));
    assert_eq!(
        (error.code(), error.to_string().as_str()),
        ("json/too-large", "the file has 67108865 bytes, more than 64 MiB")
    );
}

#[test]
fn a_file_cut_at_any_byte_is_rejected() {
    assert!(Plan::from_json(EXAMPLE).is_ok());
    for end in 0..EXAMPLE.len() {
        assert_eq!(json_error(&EXAMPLE[..end]).0, "json/syntax", "cut at byte {end}");
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

#[test]
fn integers_from_2_to_53_on_are_written_as_strings() {
    let text = EXAMPLE.replace("\"width\": 32", "\"width\": 64").replace("\"alpha\": 4", "\"alpha\": 9007199254740992");
    let written = Plan::from_json(&text).unwrap().to_json();
    assert!(written.contains("\"alpha\": \"9007199254740992\""), "{written}");
    assert!(schema_accepts(&written));
}

#[test]
fn a_plan_of_resnet18_fits_its_file() {
    let shapes: Vec<Shape> = [(5, 64, 32), (4, 128, 16), (4, 256, 8), (4, 512, 4)]
        .into_iter()
        .flat_map(|(layers, c, side)| std::iter::repeat_n(Shape::new(c, side, side).unwrap(), layers))
        .collect();
    let plan = stage(&shapes, Width::MAX, StepConvention::Nonnegative, None).unwrap();
    let text = plan.to_json();
    assert!(schema_accepts(&text));
    assert_eq!(Plan::from_json(&text), Ok(plan));
}

/// Every code of the chapter's tables of errors is one of the code's, and the other way round.
#[test]
fn the_chapter_lists_every_code_once() {
    let listed: Vec<&str> = CHAPTER
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .filter_map(|row| row.split('`').next())
        .filter(|code| ["plan/", "maker/", "json/"].iter().any(|area| code.starts_with(area)))
        .collect();
    let unique: BTreeSet<&str> = listed.iter().copied().collect();
    assert_eq!(unique.len(), listed.len());
    let sources = [
        include_str!("../src/plan/error.rs"),
        include_str!("../src/plan/makers.rs"),
        include_str!("../src/values/json/mod.rs"),
    ];
    let mut in_code = BTreeSet::new();
    for line in sources.iter().flat_map(|source| source.lines()) {
        if let Some((_, rest)) = line.split_once("} => \"").or(line.split_once("NoPrototypes => \"")) {
            assert!(in_code.insert(rest.trim_end_matches("\",")), "{line}: a second time");
        }
    }
    assert_eq!(in_code, unique);
}

proptest! {
    #[test]
    fn a_plan_survives_its_file(plan in plans::any_plan()) {
        let text = plan.to_json();
        prop_assert_eq!(Plan::from_json(&text), Ok(plan.clone()), "{}", text);
        prop_assert!(schema_accepts(&text), "{}", text);
        prop_assert_eq!(Plan::from_json(&text).unwrap().to_json(), text);
    }

    #[test]
    fn no_text_makes_the_reader_panic(start in 0..EXAMPLE.len(), length in 0..40_usize, by in ".{0,8}") {
        let end = (start + length).min(EXAMPLE.len());
        let text = format!("{}{by}{}", &EXAMPLE[..start], &EXAMPLE[end..]);
        if let Ok(plan) = Plan::from_json(&text) {
            prop_assert!(schema_accepts(&text), "{}", text);
            prop_assert_eq!(Plan::from_json(&plan.to_json()), Ok(plan));
        }
    }
}
