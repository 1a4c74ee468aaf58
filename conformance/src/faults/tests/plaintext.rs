//! Every mistake in the plaintext is found by a hand-owned case that names the clause, and no right case has an adapter's error.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests stop like the tests themselves")]

use crate::faults::{self, Fault};
use crate::operations::{Answer, run};
use crate::steps::Right;
use crate::vectors::case::{CaseInput, Level};
use crate::vectors::file::CaseFile;
use std::path::Path;

/// The hand-owned plaintext cases, each with the right answer.
fn cases() -> Vec<(CaseInput, Answer)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let mut cases = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let file = CaseFile::parse(&path.to_string_lossy().as_ref().into(), &text).unwrap();
        cases.extend(file.cases.into_iter().filter(|case| case.level == Level::Plaintext));
    }
    cases.into_iter().map(|case| (case.clone(), run(&Right, &case.operation, case.input))).collect()
}

/// Whether a fault gives something else than is right, and if so under which clauses: the first of the case, and those of
/// the steps that differ.
fn difference((case, right): &(CaseInput, Answer), fault: &Fault) -> Option<Vec<String>> {
    let found = run(fault.steps, &case.operation, case.input.clone());
    let same_error = |a: &Answer, b: &Answer| match (&a.result, &b.result) {
        (Ok(a), Ok(b)) => a == b,
        (Err(a), Err(b)) => a.refused == b.refused && a.output == b.output,
        _ => false,
    };
    let steps =
        right.steps.iter().filter(|step| found.steps.iter().any(|f| f.name == step.name && f.value != step.value));
    let clauses: Vec<String> = steps.map(|step| step.clause.clone()).collect();
    if clauses.is_empty() && same_error(&found, right) {
        return None;
    }
    Some(case.clauses.iter().take(1).cloned().chain(clauses).collect())
}

#[test]
fn every_mistake_is_found_by_a_case_of_its_clause() {
    let cases = cases();
    let mut survivors = Vec::new();
    let mut count = 0;
    for fault in faults::plaintext() {
        count += 1;
        let kills: Vec<(&str, Vec<String>)> =
            cases.iter().filter_map(|case| Some((case.0.id.as_str(), difference(case, fault)?))).collect();
        if !kills.iter().any(|(_, clauses)| clauses.iter().any(|clause| clause == fault.clause)) {
            survivors.push(format!("{} [{}]: {kills:?}", fault.name, fault.clause));
        }
    }
    assert!(count >= 28, "{count} faults");
    assert!(survivors.is_empty(), "{} of {count}: {survivors:#?}", survivors.len());
}

#[test]
fn every_case_is_a_request_of_its_operation() {
    for (case, right) in cases() {
        if let Err(refusal) = right.result {
            assert!(!refusal.refused.code.starts_with("adapter/"), "{}: {}", case.id, refusal.message);
        }
    }
}
