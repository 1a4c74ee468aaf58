//! The plan file: round trips, every kind of malformed file, the typed rules of files, and the JSON Schema beside them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../common/plans.rs"]
mod plans;
mod rules;
mod structure;

use std::collections::BTreeSet;

use deepshare_reference::plan::{NotPrototype, Plan, PlanError, PlanFileError, StepConvention, stage};
use deepshare_reference::values::{JsonError, Shape, Width};
use proptest::prelude::*;

const SCHEMA: &str = include_str!("../../../spec/schema/plan.schema.json");
const CHAPTER: &str = include_str!("../../../spec/src/plans.md");

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
        include_str!("../../src/plan/error.rs"),
        include_str!("../../src/plan/makers.rs"),
        include_str!("../../src/values/json/mod.rs"),
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
