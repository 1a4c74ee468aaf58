//! Claims, cases, files and reports for tests.
#![allow(clippy::unwrap_used, reason = "helpers of tests stop like the tests themselves")]

use crate::adapter::protocol::Described;
use crate::conform::run::{CaseResult, Report, TopicResult};
use crate::conform::{Failure, Kind, Verdict};
use crate::printable::Name;
use crate::vectors::case::Case;
use crate::vectors::file::VectorFile;
use crate::vectors::head::Canary;
use crate::vectors::release::Release;
use serde_json::{Value, json};
use std::time::Duration;

pub fn claims() -> Described {
    let claims = json!({"name": "x", "version": "0", "protocol": "deepshare-adapter/1", "operations": ["drelu", "party", "plan"],
        "backends": ["gmw"], "widths": [8, 32], "levels": ["plaintext", "transcript"], "profiles": []});
    serde_json::from_value(claims).unwrap()
}

pub fn case(level: &str, operation: &str, input: Value) -> Case {
    let case = json!({"id": "t/a", "comment": "", "clauses": ["DS-VAL-1"], "flags": [], "level": level,
        "operation": operation, "input": input, "steps": [], "expect": {"output": {}}});
    serde_json::from_value(case).unwrap()
}

pub fn file(cases: Vec<Case>) -> VectorFile {
    let file = json!({"format": "deepshare-vectors/1.0.0", "spec": "deepshare/1", "generator": {"name": "", "version": ""},
        "topic": "t", "about": "", "encodings": {}, "canary": Canary::this(), "notes": {}, "cases": []});
    VectorFile { cases, ..serde_json::from_value(file).unwrap() }
}

pub fn failed() -> Verdict {
    let [place, clause, expected, found] = [(); 4].map(|()| String::new());
    Verdict::Failed(Box::new(Failure { kind: Kind::Output, place, clause, expected, found, hints: Vec::new() }))
}

pub fn release() -> Release {
    let [format, digest] = [(); 2].map(|()| String::new());
    Release { folder: Name::from("vectors"), format, digest, files: Vec::new() }
}

pub fn report<'a>(release: &'a Release, file: &'a VectorFile, verdicts: &[Verdict], whole: bool) -> Report<'a> {
    let result =
        |(case, verdict): (&'a Case, &Verdict)| CaseResult { case, verdict: verdict.clone(), took: Duration::ZERO };
    let cases = file.cases.iter().zip(verdicts).map(result).collect();
    Report {
        release,
        command: String::new(),
        claims: claims(),
        topics: vec![TopicResult { file, cases }],
        whole,
        remarks: Vec::new(),
    }
}
