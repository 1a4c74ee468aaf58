//! `deepshare case`: conversions there and back, surveys and replays, and what is refused.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests stop like the tests themselves")]

mod common;

use common::{deepshare, text};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn corpus(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpora").join(target)
}

/// [DS-FUZZ-5]
#[test]
fn bytes_become_json_and_a_vector_and_bytes_again() {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("bytes"), b"\x02\x00\x01").unwrap();
    let convert = |from: &str, to: &str, file: &str, output: &str| {
        let (file, output) = (at(file), at(output));
        let ran = deepshare(&["case", "convert", "--from", from, "--to", to, text(&file), "--output", text(&output)]);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{from} to {to}");
    };
    convert("bytes", "json", "bytes", "json");
    convert("json", "vector", "json", "vector");
    convert("vector", "bytes", "vector", "again");
    let shown = |form: &str, name: &str| deepshare(&["case", "show", "--from", form, text(&at(name))]).stdout;
    assert!(shown("bytes", "bytes").starts_with("width    2 bits"));
    assert_eq!(shown("bytes", "bytes"), shown("bytes", "again"));
    assert_eq!(shown("bytes", "bytes"), shown("json", "json"));
    assert_eq!(shown("bytes", "bytes"), shown("bytes", "json"), "a case's JSON is bytes of the case");
}

/// [DS-FUZZ-9]
#[test]
fn a_corpus_and_random_bytes_are_surveyed() {
    let entries = fs::read_dir(corpus("gmw")).unwrap().count();
    let ran = deepshare(&["case", "survey", text(&corpus("gmw"))]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.starts_with(&format!("{entries} cases; ")), "{}", ran.stdout);
    let [one, other] = ["one", "other"].map(|seed| deepshare(&["case", "survey", "--seed", seed]).stdout);
    assert!(one.starts_with("10000 cases; ") && one != other);
    assert_eq!(one, deepshare(&["case", "survey", "--seed", "one"]).stdout);
    assert_eq!(deepshare(&["case", "survey", "no such folder"]).code, 2);
}

/// [DS-FUZZ-10]
#[test]
fn inputs_of_a_target_are_replayed() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("a"), b"{}").unwrap();
    let plan = deepshare(&["case", "replay", "plan_file", text(folder.path())]);
    assert_eq!((plan.code, plan.stdout.as_str()), (0, "plan_file: 1 inputs, 0 ran, 1 refused, 0 findings\n"));
    let gmw = deepshare(&["case", "replay", "gmw", text(folder.path()), text(&folder.path().join("a"))]);
    assert_eq!((gmw.code, gmw.stdout.as_str()), (0, "gmw: 2 inputs, 2 ran, 0 refused, 0 findings\n"));
    let unknown = deepshare(&["case", "replay", "gmv", text(folder.path())]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.stderr.contains("there is no such fuzz target; there are codec, "), "{}", unknown.stderr);
    assert_eq!(deepshare(&["case", "replay", "gmw"]).code, 2, "nothing to replay");
    assert_eq!(deepshare(&["case", "replay", "gmw", "no such file"]).code, 2);
}

/// [DS-FUZZ-4] [DS-FUZZ-10]
#[test]
fn what_is_no_folder_of_inputs_and_what_is_no_case_is_said() {
    let folder = TempDir::new().unwrap();
    let nothing = deepshare(&["case", "replay", "gmw", text(folder.path())]);
    assert!(nothing.code == 2 && nothing.stderr.contains("/*: there is no such file"), "{}", nothing.stderr);
    let file = folder.path().join("a");
    fs::write(&file, b"{\"format\": \"deepshare-case/1\"}").unwrap();
    let mistaken = deepshare(&["case", "replay", "gmw", text(folder.path())]).stdout;
    assert!(mistaken.contains("is read as bytes of another case, for this is no case's file"), "{mistaken}");
    let shown = deepshare(&["case", "show", text(&file)]);
    assert!(shown.code == 2 && shown.stderr.contains("this is no case's file"), "{}", shown.stderr);
    fs::create_dir(folder.path().join("inner")).unwrap();
    let nested = deepshare(&["case", "replay", "gmw", text(folder.path())]);
    assert!(nested.code == 2 && nested.stderr.contains("inner: this is a directory"), "{}", nested.stderr);
}
