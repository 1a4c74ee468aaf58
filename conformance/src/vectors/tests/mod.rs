//! Releases of vectors: regeneration gives the same bytes, and a release that is wrong is rejected with file and case.
//! [DS-VEC-9] [DS-VEC-10]

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests stop like the tests themselves")]

mod generation;
mod reports;

use crate::error::CliError;
use crate::vectors::check::replay;
use crate::vectors::generate::{Generated, generate, write};
use crate::vectors::release::{self, Manifest, Release};
use indicatif::ProgressBar;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use tempfile::TempDir;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The committed vectors.
static COMMITTED: LazyLock<Release> = LazyLock::new(|| release::read(&folder("vectors/v1")).unwrap());

/// All files below a folder: path with slashes, and text.
fn files(folder: &Path, prefix: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        match entry.path().is_dir() {
            true => all.extend(files(&entry.path(), &format!("{path}/"))),
            false => all.push((path, fs::read_to_string(entry.path()).unwrap())),
        }
    }
    all.sort();
    all
}

/// [DS-VEC-11] [DS-VEC-12]
#[test]
fn regeneration_gives_the_committed_bytes() {
    let Generated { files: generated, .. } = generate(&folder("cases")).unwrap();
    let committed = files(&folder("vectors/v1"), "");
    let names = |files: &[(String, String)]| files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    let generated: Vec<(String, String)> = generated.into_iter().collect();
    let remedy = "run `deepshare vectors generate --out conformance/vectors/v1` and review the difference";
    assert_eq!(names(&generated), names(&committed), "{remedy}");
    for ((name, new), (_, old)) in generated.iter().zip(&committed) {
        let line = new.lines().zip(old.lines()).position(|(new, old)| new != old);
        assert!(new == old, "{name} differs, first at line {line:?} (from 0); {remedy}");
    }
    let bytes: usize = committed.iter().map(|(_, text)| text.len()).sum();
    assert!(bytes < 25_000_000, "the release has {bytes} bytes");
}

#[test]
fn every_vector_file_follows_its_schema() {
    for (name, text) in files(&folder("vectors/v1"), "").iter().filter(|(name, _)| !name.contains('/')) {
        let Some(topic) = name.strip_suffix(".json").filter(|topic| *topic != "manifest") else { continue };
        let schema = fs::read_to_string(folder(&format!("vectors/v1/schema/{topic}.schema.json"))).unwrap();
        let schema: Value = serde_json::from_str(&schema).unwrap();
        let value: Value = serde_json::from_str(text).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
        let mut unknown = value.clone();
        unknown["cases"][0]["surprise"] = Value::Null;
        assert!(!validator.is_valid(&unknown), "{name}: an unknown field passes the schema");
        let mut unknown = value;
        unknown["cases"][0]["input"]["surprise"] = Value::Null;
        assert!(!validator.is_valid(&unknown), "{name}: an unknown field of an input passes the schema");
    }
}

/// A release of two hand-owned cases, on disk.
fn small() -> TempDir {
    let cases = TempDir::new().unwrap();
    let text = r#"{"topic": "t", "about": "", "notes": {"n": {"text": "", "clause": "DS-TRUNC-1"}}, "cases": [
        {"id": "t/a", "comment": "", "clauses": ["DS-TRUNC-1"], "flags": ["n"], "level": "plaintext", "operation": "truncation",
         "input": {"width": 4, "semantics": "ring", "shift": 1, "x": ["-7"]}},
        {"id": "t/b", "comment": "", "clauses": ["DS-TRUNC-1"], "flags": [], "level": "plaintext", "operation": "truncation",
         "input": {"width": 4, "semantics": "ring", "shift": 4, "x": ["-7"]}}]}"#;
    fs::write(cases.path().join("t.json"), text).unwrap();
    let out = TempDir::new().unwrap();
    write(&generate(cases.path()).unwrap(), out.path()).unwrap();
    out
}

/// Changes a file of a release; the manifest follows, unless the manifest is what is changed.
fn changed(file: &str, change: impl Fn(&str) -> String) -> Result<(), CliError> {
    let release = small();
    let place = release.path().join(file);
    let old = fs::read_to_string(&place).unwrap();
    let new = change(&old);
    assert_ne!(old, new, "the change changes nothing");
    fs::write(&place, &new).unwrap();
    if file != "manifest.json" {
        let manifest = Manifest::of([(file, new.as_str(), 2)].into_iter());
        fs::write(release.path().join("manifest.json"), serde_json::to_string(&manifest).unwrap()).unwrap();
    }
    release::read(release.path()).map(drop)
}

#[track_caller]
fn rejected(result: Result<(), CliError>, code: &str, words: &[&str]) {
    let error = result.unwrap_err();
    let text = error.to_string();
    assert_eq!(error.code(), code, "{text}");
    assert!(words.iter().all(|word| text.contains(word)), "{text} does not say {words:?}");
    assert!(!text.contains('\n'), "{text} has more than one line");
}

#[test]
fn a_release_that_is_right_is_read() {
    let release = small();
    let read = release::read(release.path()).unwrap().files;
    assert_eq!(read.iter().map(|file| file.cases.len()).collect::<Vec<_>>(), [2]);
    assert_eq!(read[0].cases[0].expect.output, Some(serde_json::json!({"y": ["-4"]})));
    assert_eq!(read[0].cases[1].expect.error.as_ref().unwrap().code, "value/shift");
}

#[test]
fn files_that_are_cut_off_or_have_other_fields_are_rejected() {
    rejected(changed("t.json", |text| text[..text.len() / 2].to_owned()), "vectors/json", &["t.json", "line"]);
    rejected(changed("t.json", |_| String::new()), "vectors/json", &["t.json", "line"]);
    rejected(changed("t.json", |text| format!("{text}{{}}")), "vectors/json", &["t.json", "trailing"]);
    let unknown = |text: &str| text.replacen("\"about\"", "\"surprise\": 1, \"about\"", 1);
    rejected(changed("t.json", unknown), "vectors/json", &["t.json", "surprise"]);
    let unknown = |text: &str| text.replacen("\"comment\"", "\"surprise\": 1, \"comment\"", 1);
    rejected(changed("t.json", unknown), "vectors/json", &["t.json", "cases[0]", "surprise"]);
    let duplicate = |text: &str| text.replacen("\"width\": 4", "\"width\": 4, \"width\": 5", 1);
    rejected(changed("t.json", duplicate), "vectors/json", &["t.json", "cases[0].input", "duplicate"]);
    let missing = |text: &str| text.replacen("\"comment\": \"\",", "", 1);
    rejected(changed("t.json", missing), "vectors/json", &["t.json", "cases[0]", "comment"]);
    let unknown = |text: &str| text.replacen("\"files\"", "\"surprise\": 1, \"files\"", 1);
    rejected(changed("manifest.json", unknown), "vectors/json", &["manifest.json", "surprise"]);
}

/// A place is told once, and as far as it is known.
#[test]
fn json_that_is_wrong_is_told_with_its_place() {
    let told = |change: &dyn Fn(&str) -> String| changed("t.json", change).unwrap_err().to_string();
    let ended = told(&|text| format!("{text}{{}}"));
    assert!(ended.ends_with(": trailing characters") && !ended.contains(", at "), "{ended}");
    let field = told(&|text| text.replacen("\"comment\"", "\"surprise\": 1, \"comment\"", 1));
    assert!(field.contains(", at cases[0].surprise: unknown field `surprise`, expected"), "{field}");
    assert!(!field.contains(" at line"), "the line is told apart: {field}");
    let fraction = told(&|text| text.replacen("\"shift\": 1", "\"shift\": 1.5", 1));
    assert!(fraction.contains("a JSON value with integers only"), "{fraction}");
}

#[test]
fn other_versions_are_rejected_before_anything_else() {
    let other = |text: &str| text.replacen("vectors/1.0.0", "vectors/2.0.0", 1).replacen("\"about\"", "\"new\"", 1);
    rejected(changed("t.json", other), "vectors/format", &["t.json", "2.0.0", "1.0.0"]);
    rejected(changed("manifest.json", other_version), "vectors/format", &["manifest.json", "2.0.0"]);
    let specification = |text: &str| text.replacen("deepshare/1", "deepshare/2", 1);
    rejected(changed("t.json", specification), "vectors/format", &["t.json", "deepshare/2"]);
    let newer = |text: &str| text.replacen("vectors/1.0.0", "vectors/1.1.0", 1);
    rejected(changed("t.json", newer), "vectors/format", &["t.json", "1.1.0", "1.0.0"]);
    let newer = |text: &str| text.replacen("vectors/1.0.0", "vectors/1.0", 1);
    rejected(changed("t.json", newer), "vectors/format", &["t.json"]);
    let newer = |text: &str| text.replacen("vectors/1.0.0", "vectors/1.0.7", 1);
    changed("t.json", newer).unwrap();
}

/// What promises more than it holds: sizes and numbers of cases, notes of no clause, encodings that are not stated, results
/// that nothing can miss. [DS-VEC-1] [DS-VEC-3] [DS-VEC-9]
#[test]
fn releases_that_do_not_hold_what_they_say_are_rejected() {
    let cases = |text: &str| text.replacen("\"cases\": 2", "\"cases\": 3", 1);
    rejected(changed("manifest.json", cases), "vectors/json", &["t.json", "and 3 cases; there are", "and 2"]);
    let bytes = |text: &str| text.replacen("\"bytes\": ", "\"bytes\": 1", 1);
    rejected(changed("manifest.json", bytes), "vectors/json", &["t.json", "bytes"]);
    let unknown = ["DS-TRUNC", "999"].join("-"); // in two parts: the specification's tests read this file
    let clause = |text: &str| text.replacen("\"DS-TRUNC-1\"", &format!("\"{unknown}\""), 1);
    rejected(changed("t.json", clause), "vectors/json", &["t.json", "notes.n", &unknown]);
    let encoding = |text: &str| text.replacen("\"bits\": \"string", "\"bit\": \"string", 1);
    rejected(changed("t.json", encoding), "vectors/json", &["t.json", "encodings", "\"bits\""]);
    let nothing = |text: &str| text.replacen("{\"output\": {\"y\": [\"-4\"]}}", "{\"relations\": []}", 1);
    rejected(changed("t.json", nothing), "vectors/case", &["t.json", "t/a", "demands nothing"]);
}

fn other_version(text: &str) -> String {
    text.replacen("vectors/1.0.0", "vectors/2.0.0", 1)
}

#[test]
fn the_manifest_must_fit_the_folder() {
    let release = small();
    fs::write(release.path().join("t.json"), "{}").unwrap();
    rejected(release::read(release.path()).map(drop), "vectors/digest", &["t.json", "SHA-256"]);
    let release = small();
    fs::remove_file(release.path().join("t.json")).unwrap();
    rejected(release::read(release.path()).map(drop), "vectors/missing", &["t.json"]);
    let release = small();
    fs::write(release.path().join("u.json"), "{}").unwrap();
    rejected(release::read(release.path()).map(drop), "vectors/unlisted", &["u.json"]);
    let empty = TempDir::new().unwrap();
    rejected(release::read(empty.path()).map(drop), "vectors/no-release", &["manifest.json"]);
    for name in ["../t.json", ".json", "T.json", "t_.json", "t", "manifest.json"] {
        let other = |text: &str| text.replacen("\"t.json\"", &format!("{name:?}"), 1);
        rejected(changed("manifest.json", other), "vectors/json", &["manifest.json", "files", name]);
    }
    let twice = |text: &str| {
        let mut manifest: Value = serde_json::from_str(text).unwrap();
        let listed = manifest["files"][0].clone();
        manifest["files"].as_array_mut().unwrap().push(listed);
        manifest.to_string()
    };
    rejected(changed("manifest.json", twice), "vectors/json", &["\"t.json\" is no topic's file, or stands twice"]);
    let release = small();
    let (old, new) = (release.path().join("t.json"), release.path().join("u-2.json"));
    fs::rename(old, &new).unwrap();
    let manifest = Manifest::of([("u-2.json", fs::read_to_string(new).unwrap().as_str(), 2)].into_iter());
    fs::write(release.path().join("manifest.json"), serde_json::to_string(&manifest).unwrap()).unwrap();
    rejected(release::read(release.path()).map(drop), "vectors/json", &["u-2.json", "its topic is \"t\""]);
}

/// What a replay says of the committed vectors, one value of one case changed. [DS-VEC-3] [DS-VEC-6]
fn replayed(id: &str, pointer: &str, value: Value) -> Vec<(String, String)> {
    let topic = id.split('/').next().unwrap();
    let mut file = COMMITTED.files.iter().find(|file| file.topic == topic).unwrap().clone();
    let case = file.cases.iter_mut().find(|case| case.id == id).unwrap();
    let mut json = serde_json::to_value(&*case).unwrap();
    let place = json.pointer_mut(pointer).unwrap();
    assert_ne!(*place, value, "the change changes nothing");
    *place = value;
    *case = serde_json::from_value(json).unwrap();
    replay(&[file], &ProgressBar::hidden()).different
}

#[test]
fn a_replay_finds_a_wrong_output_step_error_and_relation() {
    let [chapter, wrap] = ["truncation/chapter", "shared/input-does-not-fit"];
    let found = |id, pointer, value| {
        let different = replayed(id, pointer, value);
        assert_eq!(different.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), [id], "{different:?}");
    };
    found(chapter, "/expect/output/y/0", "9".into());
    found(wrap, "/expect/error/code", "value/width".into());
    let mut cases = COMMITTED.files.iter().flat_map(|file| &file.cases);
    let with_step = cases.clone().find(|case| !case.steps.is_empty()).unwrap();
    found(&with_step.id, "/steps/0/value", Value::Null);
    found(&with_step.id, "/steps/0/clause", "DS-VAL-1".into());
    let related = cases.find(|case| case.expect.relations.is_some()).unwrap();
    let expect = serde_json::to_value(&related.expect).unwrap();
    let relations = expect["relations"].as_array().unwrap();
    let sum = relations.iter().position(|relation| relation["relation"] == "reconstructs").unwrap();
    found(&related.id, &format!("/expect/relations/{sum}/elements/0"), "3".into());
}

/// [DS-VEC-2]
#[test]
fn cases_that_contradict_the_format_are_rejected() {
    let twice = |text: &str| text.replacen("t/b", "t/a", 1);
    rejected(changed("t.json", twice), "vectors/duplicate", &["t.json", "t/a"]);
    let name = |text: &str| text.replacen("t/b", "t/B", 1);
    rejected(changed("t.json", name), "vectors/case", &["t.json", "t/B"]);
    for name in ["t/", "t", "/b", "t/b_c", "s/b"] {
        let name_of = |text: &str| text.replacen("t/b", name, 1);
        rejected(changed("t.json", name_of), "vectors/case", &["t.json", name, "an id is \"t\", a slash"]);
    }
    let digits = |text: &str| text.replacen("t/b", "t/b-2", 1);
    changed("t.json", digits).unwrap();
    let no_clause = |text: &str| text.replacen("\"clauses\": [\"DS-TRUNC-1\"]", "\"clauses\": []", 1);
    rejected(changed("t.json", no_clause), "vectors/case", &["t.json", "t/a", "it names no clause"]);
    let flag = |text: &str| text.replacen("\"flags\": [\"n\"]", "\"flags\": [\"m\"]", 1);
    rejected(changed("t.json", flag), "vectors/case", &["t.json", "t/a", "\"m\""]);
    let clause = |text: &str| text.replacen("[\"DS-TRUNC-1\"]", concat!("[\"DS-", "TRUNC-999\"]"), 1);
    rejected(changed("t.json", clause), "vectors/case", &["t.json", "t/a", "TRUNC-999"]);
    let operation = |text: &str| text.replacen("\"truncation\"", "\"trim\"", 1);
    rejected(changed("t.json", operation), "vectors/case", &["t.json", "t/a", "trim"]);
    let nothing = |text: &str| text.replacen("{\"output\": {\"y\": [\"-4\"]}}", "{}", 1);
    rejected(changed("t.json", nothing), "vectors/case", &["t.json", "t/a", "expect"]);
    let canary = |text: &str| text.replacen("bc3a12", "123abc", 1);
    rejected(changed("t.json", canary), "vectors/canary", &["t.json"]);
}
