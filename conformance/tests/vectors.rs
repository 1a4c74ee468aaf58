//! `deepshare vectors`: what is printed and written, and how it ends. [DS-VEC-9] [DS-FAULT-1]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests stop like the tests themselves")]

mod common;

use common::{Ran, deepshare, text};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// A release of one file: a sign that is there to find a fault, and a shift that is rejected.
fn release(folder: &Path) -> String {
    let cases = TempDir::new().unwrap();
    let case = |id: &str, clause: &str, operation: &str, input: Value| json!({"id": id, "comment": "", "clauses": [clause], "flags": [], "level": "plaintext", "operation": operation, "input": input});
    let sign = json!({"width": 8, "step": "nonnegative", "semantics": "ring", "x": ["0"]});
    let shift = json!({"width": 4, "semantics": "ring", "shift": 4, "x": ["1"]});
    let both = [case("t/zero", "DS-DRELU-1", "drelu", sign), case("t/far", "DS-TRUNC-1", "truncation", shift)];
    let file = json!({"topic": "t", "about": "", "notes": {}, "cases": both});
    fs::write(cases.path().join("t.json"), file.to_string()).unwrap();
    deepshare(&["vectors", "generate", "--cases", text(cases.path()), "--out", text(folder)]).success()
}

fn on(command: &str, folder: &TempDir, more: &[&str]) -> Ran {
    deepshare(&[&["vectors", command, text(folder.path())], more].concat())
}

#[test]
fn a_release_is_generated_and_replayed() {
    let folder = TempDir::new().unwrap();
    let said = release(folder.path());
    assert!(said.starts_with("3 files, 2 cases, ") && said.contains(" bytes in "), "{said}");
    let said = on("check", &folder, &[]).success();
    assert!(said.contains("2 of 2 cases replayed with the reference's result and steps"), "{said}");
    let tally = json!({"topic": "t", "level": "plaintext", "positive": 1, "negative": 1, "steps": 0});
    assert_eq!(on("check", &folder, &["--json"]).json(), json!({"topics": [tally], "different": []}));
}

/// A release whose cases are not the reference's, under a manifest that fits it.
#[test]
fn a_case_that_comes_out_otherwise_is_told() {
    let folder = TempDir::new().unwrap();
    release(folder.path());
    let place = folder.path().join("t.json");
    let file = fs::read_to_string(&place).unwrap();
    let other = file.replacen("value/shift", "value/width", 1);
    fs::write(&place, &other).unwrap();
    let stale = on("check", &folder, &[]).rejected();
    assert!(stale.ends_with("[vectors/digest]"), "{stale}");
    let manifest = deepshare_conformance::vectors::release::Manifest::of([("t.json", other.as_str(), 2)].into_iter());
    fs::write(folder.path().join("manifest.json"), serde_json::to_string(&manifest).unwrap()).unwrap();
    let ran = on("check", &folder, &[]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stdout.contains("1 of 2 cases replayed"), "{}", ran.stdout);
    assert!(
        ran.stderr.contains("1 of 2 cases came out otherwise; the first is t/far: error: expected value/width"),
        "{}",
        ran.stderr
    );
}

/// A small release finds some faults, and that others are not found is an error.
#[test]
fn faults_are_found_or_named() {
    let folder = TempDir::new().unwrap();
    release(folder.path());
    let ran = on("kill-matrix", &folder, &["--json"]);
    assert_eq!(ran.code, 1);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let row = report["faults"].as_array().unwrap().iter().find(|row| row["fault"] == "bit-of-zero").unwrap();
    assert_eq!((&row["cases"], &row["lead"]["case"]), (&json!(1), &json!("t/zero")));
    assert!(
        ran.stderr.contains("no vector finds the fault ") && !ran.stderr.contains("fault bit-of-zero"),
        "{}",
        ran.stderr
    );
    let ran = on("kill-matrix", &folder, &[]);
    assert!(ran.code == 1 && ran.stdout.contains("bit-of-zero"), "{}", ran.stdout);
}
