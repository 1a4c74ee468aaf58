//! Vector files, and the hand-owned case files from which they are generated. [DS-VEC-1] [DS-VEC-11]

use super::FORMAT;
use super::case::{Case, CaseInput};
use super::error::VectorError;
use super::head::{Canary, ENCODINGS, Generator, Note};
use crate::conform::book;
use crate::operations;
use crate::printable::Name;
use deepshare_reference::party::xof::SPEC_VERSION;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A hand-owned file: a topic, and what is to be asked about it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseFile {
    /// The file's name without `.json`.
    pub topic: String,
    /// What the topic is.
    pub about: String,
    /// What goes wrong in an implementation that fails a case with the flag.
    pub notes: BTreeMap<String, Note>,
    /// The cases.
    pub cases: Vec<CaseInput>,
}

/// A vector file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VectorFile {
    /// The format and its version.
    pub format: String,
    /// The version of the specification.
    pub spec: String,
    /// The program that wrote the file.
    pub generator: Generator,
    /// The file's name without `.json`.
    pub topic: String,
    /// What the topic is.
    pub about: String,
    /// The encodings of all types, in words.
    pub encodings: BTreeMap<String, String>,
    /// One vector in all encodings.
    pub canary: Canary,
    /// What goes wrong in an implementation that fails a case with the flag.
    pub notes: BTreeMap<String, Note>,
    /// The cases.
    pub cases: Vec<Case>,
}

impl CaseFile {
    /// Reads a hand-owned file.
    ///
    /// # Errors
    /// [`VectorError::Json`] or [`VectorError::Case`].
    pub fn parse(file: &Name, text: &str) -> Result<CaseFile, VectorError> {
        let parsed: CaseFile = parse(file, text)?;
        let cases = parsed.cases.iter().map(|c| (c.id.as_str(), &c.clauses, &c.flags, c.operation.as_str()));
        check_cases(file, &parsed.topic, &parsed.notes, cases)?;
        Ok(parsed)
    }

    /// The vector file of computed cases.
    pub fn complete(&self, cases: Vec<Case>) -> VectorFile {
        let words = |(name, words): &(&str, &str)| ((*name).to_owned(), (*words).to_owned());
        VectorFile {
            format: FORMAT.to_owned(),
            spec: SPEC_VERSION.to_owned(),
            generator: Generator::this(),
            topic: self.topic.clone(),
            about: self.about.clone(),
            encodings: ENCODINGS.iter().map(words).collect(),
            canary: Canary::this(),
            notes: self.notes.clone(),
            cases,
        }
    }
}

impl VectorFile {
    /// Reads a vector file, and checks all that can be checked without running a case. [DS-VEC-9]
    ///
    /// # Errors
    /// The first [`VectorError`], with the file and, where there is one, the case.
    pub fn parse(file: &Name, text: &str) -> Result<VectorFile, VectorError> {
        check_version(file, text)?;
        let parsed: VectorFile = parse(file, text)?;
        parsed.canary.check().map_err(|what| VectorError::Canary { file: file.clone(), what })?;
        check_head(file, &parsed.encodings)?;
        let cases = parsed.cases.iter().map(|c| (c.id.as_str(), &c.clauses, &c.flags, c.operation.as_str()));
        check_cases(file, &parsed.topic, &parsed.notes, cases)?;
        for case in &parsed.cases {
            check_expected(case).map_err(|what| case_error(file, &case.id, what))?;
        }
        Ok(parsed)
    }
}

/// Reads strict JSON; the error says where.
pub(super) fn parse<T: DeserializeOwned>(file: &Name, text: &str) -> Result<T, VectorError> {
    let error = |error: &serde_json::Error, path: String| VectorError::Json {
        file: file.clone(),
        place: format!("line {}, column {}{}", error.line(), error.column(), within(&path)),
        message: message(error),
    };
    let mut reader = serde_json::Deserializer::from_str(text);
    let value: Result<T, _> = serde_path_to_error::deserialize(&mut reader);
    let value = value.map_err(|failed| error(failed.inner(), failed.path().to_string()))?;
    reader.end().map_err(|failed| error(&failed, ".".to_owned()))?;
    Ok(value)
}

/// What is wrong, without the line and column, which are told apart.
fn message(error: &serde_json::Error) -> String {
    let place = format!(" at line {} column {}", error.line(), error.column());
    error.to_string().replace(&place, "")
}

/// Where in the JSON value, if that is known.
fn within(path: &str) -> String {
    match path {
        "." | "?" => String::new(),
        path => format!(", at {path}"),
    }
}

/// What every version of the format has: its version is looked at before any other field. [DS-VEC-10]
#[derive(Deserialize)]
struct Versions {
    format: String,
    spec: String,
}

/// The first number of the format's version and the specification's must be known, the second number not be newer. [DS-VEC-10]
pub(super) fn check_version(file: &Name, text: &str) -> Result<(), VectorError> {
    let Versions { format, spec } = parse(file, text)?;
    let unknown = |field, found: String, known: &str| VectorError::Format {
        file: file.clone(),
        field,
        found,
        known: known.to_owned(),
    };
    let numbers = |format: &str| -> Option<[u64; 3]> {
        let numbers: Vec<u64> =
            format.strip_prefix("deepshare-vectors/")?.split('.').map_while(|n| n.parse().ok()).collect();
        numbers.try_into().ok()
    };
    let known = matches!((numbers(&format), numbers(FORMAT)), (Some(found), Some(ours)) if found[0] == ours[0] && found[1] <= ours[1]);
    if !known {
        return Err(unknown("format", format, FORMAT));
    }
    if spec != SPEC_VERSION {
        return Err(unknown("spec", spec, SPEC_VERSION));
    }
    Ok(())
}

/// The encodings of all types are stated. [DS-VEC-1]
fn check_head(file: &Name, encodings: &BTreeMap<String, String>) -> Result<(), VectorError> {
    match ENCODINGS.iter().find(|(name, _)| !encodings.contains_key(*name)) {
        None => Ok(()),
        Some((name, _)) => Err(VectorError::Json {
            file: file.clone(),
            place: "encodings".to_owned(),
            message: format!("the encoding of the type {name:?} is missing"),
        }),
    }
}

/// Ids, clauses, flags and operations of the cases of one file. [DS-VEC-2]
fn check_cases<'a>(
    file: &Name,
    topic: &str,
    notes: &BTreeMap<String, Note>,
    cases: impl Iterator<Item = (&'a str, &'a Vec<String>, &'a Vec<String>, &'a str)>,
) -> Result<(), VectorError> {
    let mut seen = BTreeSet::new();
    if let Some((flag, note)) = notes.iter().find(|(_, note)| book::chapter(&note.clause).is_none()) {
        let message = format!("there is no clause {:?}", note.clause);
        return Err(VectorError::Json { file: file.clone(), place: format!("notes.{flag}"), message });
    }
    for (id, clauses, flags, operation) in cases {
        if !seen.insert(id) {
            return Err(VectorError::Duplicate { file: file.clone(), id: Name::from(id) });
        }
        let name = id.strip_prefix(topic).and_then(|rest| rest.strip_prefix('/'));
        let in_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let what = if !name.is_some_and(|name| !name.is_empty() && name.chars().all(in_name)) {
            format!("an id is {topic:?}, a slash, and small letters, digits and hyphens")
        } else if clauses.is_empty() {
            "it names no clause".to_owned()
        } else if let Some(clause) = clauses.iter().find(|clause| book::chapter(clause).is_none()) {
            format!("there is no clause {clause:?}")
        } else if let Some(flag) = flags.iter().find(|flag| !notes.contains_key(*flag)) {
            format!("the flag {flag:?} has no note in the file's head")
        } else if operations::find(operation).is_none() {
            format!("there is no operation {operation:?}")
        } else {
            continue;
        };
        return Err(case_error(file, id, what));
    }
    Ok(())
}

/// Exactly one form of a result, and no two steps of one name. [DS-VEC-3]
fn check_expected(case: &Case) -> Result<(), String> {
    if let Some(step) = case.steps.iter().find(|step| book::chapter(&step.clause).is_none()) {
        return Err(format!("step {:?}: there is no clause {:?}", step.name, step.clause));
    }
    let expect = &case.expect;
    let related = expect.relations.as_ref().map(|relations| !relations.is_empty());
    if related == Some(false) {
        return Err("a list of relations that is empty demands nothing".to_owned());
    }
    let forms = (expect.error.is_some(), expect.output.is_some(), related.is_some());
    if !matches!(forms, (true, _, false) | (false, true, false) | (false, false, true)) {
        return Err("`expect` has an output, an error with or without an output, or relations".to_owned());
    }
    let mut names = BTreeSet::new();
    match case.steps.iter().find(|step| !names.insert(&step.name)) {
        Some(step) => Err(format!("two steps have the name {:?}", step.name)),
        None => Ok(()),
    }
}

pub(super) fn case_error(file: &Name, id: &str, what: String) -> VectorError {
    VectorError::Case { file: file.clone(), id: Name::from(id), what }
}
