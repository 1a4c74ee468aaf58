//! Generation: hand-owned files that are wrong, and what is written into a folder. [DS-VEC-11]
#![allow(clippy::unwrap_used, reason = "helpers of tests stop like the tests themselves")]

use super::small;
use crate::vectors::generate::{Generated, add, generate, write};
use crate::vectors::head::{Canary, Generator};
use crate::vectors::release;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const CASE: &str = r#"{"id": "t/a", "comment": "", "clauses": ["DS-TRUNC-1"], "flags": [], "level": "plaintext",
    "operation": "truncation", "input": {"width": 4, "semantics": "ring", "shift": 1, "x": ["-7"]}}"#;

/// What generation says of a folder with one hand-owned file.
fn generated(name: &str, topic: &str, case: &str) -> Result<Generated, String> {
    let cases = TempDir::new().unwrap();
    let file = format!(r#"{{"topic": "{topic}", "about": "", "notes": {{}}, "cases": [{case}]}}"#);
    fs::write(cases.path().join(name), file).unwrap();
    generate(cases.path()).map_err(|error| error.to_string())
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = entries.collect();
    names.sort();
    names
}

#[test]
fn hand_owned_files_that_are_wrong_are_rejected() {
    assert_eq!(generated("t.json", "t", CASE).unwrap().cases, 1);
    let said = |name, topic, case: &str| generated(name, topic, case).unwrap_err();
    assert!(said("u.json", "t", CASE).contains("its topic is \"t\": a file is named after its topic"));
    let no_input = said("t.json", "t", &CASE.replace("\"shift\"", "\"shirt\""));
    assert!(no_input.contains("t/a") && no_input.contains("shirt"), "{no_input}");
    let unknown = said("t.json", "t", &CASE.replace("\"truncation\"", "\"trim\""));
    assert!(unknown.contains("there is no operation \"trim\""), "{unknown}");
    let empty = generate(TempDir::new().unwrap().path()).unwrap_err();
    assert!(empty.code() == "file/missing" && empty.to_string().contains("*.json"), "{empty}");
}

/// What is not of the release goes, unless it is no vector file.
#[test]
fn a_release_replaces_the_one_that_stood_in_its_folder() {
    let release = generated("t.json", "t", CASE).unwrap();
    let folder = small();
    fs::write(folder.path().join("old.json"), "{}").unwrap();
    fs::write(folder.path().join("schema/old.schema.json"), "{}").unwrap();
    fs::write(folder.path().join("notes.txt"), "mine").unwrap();
    write(&release, folder.path()).unwrap();
    assert_eq!(names(folder.path()), ["manifest.json", "notes.txt", "schema", "t.json"]);
    assert_eq!(names(&folder.path().join("schema")), ["t.schema.json"]);
    assert_eq!(release::read(folder.path()).unwrap().files[0].cases.len(), 1);
}

/// A folder with some files of a new release is none: the old manifest does not fit them.
#[test]
fn the_manifest_is_written_last() {
    let release = generated("t.json", "t", CASE).unwrap();
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("t.json")).unwrap();
    assert_eq!(add(&release, folder.path()).unwrap_err().code(), "file/unwritable");
    assert!(!folder.path().join("manifest.json").exists());
}

#[test]
fn a_file_names_the_program_that_wrote_it() {
    let folder = small();
    let files = release::read(folder.path()).unwrap().files;
    let this = Generator { name: "deepshare".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() };
    assert_eq!((&files[0].generator, &files[0].canary), (&this, &Canary::this()));
}
