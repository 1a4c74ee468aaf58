//! The book is consistent: clauses, cross references, fences, chapters and error codes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests stop like the tests themselves")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// All files with an extension below a folder: path and text.
fn files(folder: &Path, extension: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|e| e == extension) {
            found.push((path.clone(), fs::read_to_string(&path).unwrap()));
        }
    }
    found
}

fn chapters() -> Vec<(PathBuf, String)> {
    files(&root().join("spec/src"), "md")
}

fn code() -> Vec<(PathBuf, String)> {
    let folders = ["reference", "conformance", "fuzz"].map(|folder| root().join(folder));
    folders.iter().filter(|folder| folder.exists()).flat_map(|folder| files(folder, "rs")).collect()
}

/// The hand-owned cases of the conformance vectors.
fn cases() -> Vec<(PathBuf, String)> {
    files(&root().join("conformance/cases"), "json")
}

/// The names `DS-AREA-n` in a text.
fn clauses(text: &str) -> Vec<String> {
    let name = |rest: &str| {
        let area: String = rest.chars().take_while(char::is_ascii_uppercase).collect();
        let number: String =
            rest.get(area.len()..)?.strip_prefix('-')?.chars().take_while(char::is_ascii_digit).collect();
        (!area.is_empty() && !number.is_empty()).then(|| format!("DS-{area}-{number}"))
    };
    text.split("DS-").skip(1).filter_map(name).collect()
}

/// Where each clause is defined: its name in bold and brackets at the start of a paragraph, or, if no paragraph defines it,
/// in a table.
fn definitions() -> BTreeMap<String, Vec<String>> {
    let (mut paragraphs, mut tables) = (BTreeMap::new(), BTreeMap::new());
    for (path, text) in chapters() {
        for (number, line) in text.lines().enumerate() {
            for (before, name) in bold_names(line) {
                let place = format!("{}, line {}", path.display(), number + 1);
                let list: &mut BTreeMap<String, Vec<String>> = match before {
                    "" => &mut paragraphs,
                    _ if line.starts_with('|') => &mut tables,
                    _ => panic!("{place}: {name} is bold in the middle of a paragraph"),
                };
                list.entry(name.to_owned()).or_default().push(place);
            }
        }
    }
    for (name, places) in tables {
        paragraphs.entry(name).or_insert(places);
    }
    paragraphs
}

/// The clauses in bold and brackets on a line, each with what stands before it.
fn bold_names(line: &str) -> impl Iterator<Item = (&str, &str)> {
    line.match_indices("**[DS-").filter_map(move |(start, _)| {
        let (name, _) = line[start + 3..].split_once("]**")?;
        assert_eq!(clauses(name), [name], "{line}: {name} is no clause's name");
        Some((&line[..start], name))
    })
}

#[test]
fn no_clause_is_defined_twice() {
    for (name, places) in definitions() {
        assert_eq!(places.len(), 1, "{name} is defined in {places:?}");
    }
}

#[test]
fn every_clause_that_is_named_is_defined() {
    let defined = definitions();
    let mut missing = BTreeSet::new();
    for (path, text) in chapters().into_iter().chain(code()).chain(cases()) {
        let undefined = clauses(&text).into_iter().filter(|name| !defined.contains_key(name));
        missing.extend(undefined.map(|name| (name, path.clone())));
    }
    assert!(missing.is_empty(), "named and not defined: {missing:#?}");
}

#[test]
fn every_fence_is_tagged() {
    let tags = ["rust", "text", "json", "python", "sh"];
    for (path, text) in chapters() {
        let mut open = false;
        for (number, line) in text.lines().enumerate() {
            let Some(tag) = line.trim_start().strip_prefix("```") else { continue };
            let place = format!("{}, line {}", path.display(), number + 1);
            match open {
                false => assert!(tags.contains(&tag), "{place}: the fence has the tag {tag:?}, not one of {tags:?}"),
                true => assert_eq!(tag, "", "{place}: a fence inside a fence"),
            }
            open = !open;
        }
        assert!(!open, "{}: a fence is not closed", path.display());
    }
}

#[test]
fn summary_and_crate_have_the_same_chapters() {
    let source = root().join("spec/src");
    let summary = fs::read_to_string(source.join("SUMMARY.md")).unwrap();
    let listed: Vec<&str> = summary.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0)).collect();
    let library = fs::read_to_string(source.join("lib.rs")).unwrap();
    let live = library.lines().filter_map(|line| line.strip_prefix("#[doc = include_str!(\""));
    let included: BTreeSet<&str> = live.filter_map(|rest| Some(rest.split_once('"')?.0)).collect();
    assert_eq!(listed.iter().copied().collect::<BTreeSet<_>>(), included);
    assert_eq!(listed.len(), included.len(), "a chapter is listed twice");
    let there: BTreeSet<String> =
        chapters().into_iter().map(|(p, _)| p.file_name().unwrap().to_string_lossy().into()).collect();
    let unlisted: Vec<&String> =
        there.iter().filter(|name| *name != "SUMMARY.md" && !included.contains(name.as_str())).collect();
    assert!(unlisted.is_empty(), "no chapters: {unlisted:?}");
}

#[test]
fn links_between_chapters_lead_somewhere() {
    for (path, text) in chapters() {
        for target in text.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0)) {
            if target.ends_with(".md") {
                assert!(path.with_file_name(target).exists(), "{}: no chapter {target}", path.display());
            }
        }
    }
}

/// Strings such as `frame/cut` that a `code()` of the reference or of the command returns.
fn error_codes() -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    let code = ["reference/src", "conformance/src"].map(|folder| files(&root().join(folder), "rs"));
    for (_, text) in code.into_iter().flatten() {
        let arms = text.split("fn code(&self)").skip(1).filter_map(|rest| Some(rest.split_once("\n    }\n")?.0));
        for arm in arms.flat_map(|body| body.split("=> \"").skip(1)) {
            codes.extend(arm.split_once('"').map(|(code, _)| code.to_owned()));
        }
    }
    assert!(codes.contains("frame/cut") && codes.contains("party/closed"), "the codes were not found: {codes:?}");
    codes
}

#[test]
fn the_table_of_errors_is_complete() {
    let table = fs::read_to_string(root().join("spec/src/errors.md")).unwrap();
    let rows = table.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    let listed: BTreeSet<String> = rows.map(|(code, _)| code.to_owned()).collect();
    assert_eq!(listed, error_codes(), "left: the book's table, right: the codes of the reference and the command");
}
