//! The matrix of faults: which vectors find which mistake, and whether what the harness says leads to it.

use super::case::Case;
use super::file::VectorFile;
use crate::conform::compare::compare;
use crate::conform::verdict::{Failure, Verdict};
use crate::faults::{self, Fault};
use crate::operations;
use indicatif::ProgressBar;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// What the vectors say of one fault.
pub struct Row {
    /// The fault.
    pub fault: &'static Fault,
    /// For each topic that finds it, how many of its cases fail.
    pub killed: BTreeMap<String, u64>,
    /// The first failed case whose report leads to the fault's clause, and where it first differs.
    pub led: Option<Lead>,
    /// The clauses that the reports of failed cases name, with the first case of each.
    pub clauses: BTreeMap<String, String>,
}

/// A case that leads to a mistake.
pub struct Lead {
    /// The case.
    pub case: String,
    /// The first difference, as the harness shows it.
    pub failure: String,
}

impl Row {
    /// How many cases fail.
    pub fn kills(&self) -> u64 {
        self.killed.values().sum()
    }

    /// What is missing, in words, unless the vectors find the fault and lead to its clause.
    pub fn missing(&self) -> Option<String> {
        let (name, clause) = (self.fault.name, self.fault.clause);
        if self.killed.is_empty() {
            return Some(format!("no vector finds the fault {name}"));
        }
        let named: Vec<&str> = self.clauses.keys().map(String::as_str).collect();
        let wrong = || format!("no report of the fault {name} leads to {clause}; they lead to {}", named.join(", "));
        self.led.is_none().then(wrong)
    }
}

/// Runs every fault against every case, in parallel.
pub fn matrix(files: &[VectorFile], progress: &ProgressBar) -> Vec<Row> {
    let all: Vec<&'static Fault> = faults::all().collect();
    let row = |fault: &&'static Fault| {
        let row = row(fault, files);
        progress.inc(1);
        row
    };
    all.par_iter().map(row).collect()
}

/// One fault against every case.
pub(super) fn row(fault: &'static Fault, files: &[VectorFile]) -> Row {
    let mut row = Row { fault, killed: BTreeMap::new(), led: None, clauses: BTreeMap::new() };
    for file in files {
        let failed: Vec<(&Case, _)> =
            file.cases.par_iter().filter_map(|case| Some((case, failure(fault, case)?))).collect();
        for (case, failure) in failed {
            *row.killed.entry(file.topic.clone()).or_default() += 1;
            row.clauses.entry(failure.clause.clone()).or_insert_with(|| case.id.clone());
            if row.led.is_none() && leads(&failure, case, fault) {
                row.led = Some(Lead { case: case.id.clone(), failure: failure.to_string() });
            }
        }
    }
    row
}

/// Whether the report of a failed case leads to the fault: by the clause of what first differs, or, for a mistake that shows only
/// in a later step, by the clause that the case is there for, which the report names too. [DS-FAULT-1]
fn leads(failure: &Failure, case: &Case, fault: &Fault) -> bool {
    failure.clause == fault.clause || case.clauses.first().is_some_and(|clause| clause == fault.clause)
}

/// Where an implementation with the fault first differs from the case.
fn failure(fault: &Fault, case: &Case) -> Option<Box<Failure>> {
    let answer = operations::run(fault.steps, &case.operation, case.input.clone());
    match compare(case, &answer.into(), true) {
        Verdict::Failed(failure) => Some(failure),
        Verdict::Passed | Verdict::Skipped(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conform::tests::fixture::case;
    use crate::conform::verdict::Kind;
    use serde_json::json;

    /// By the clause of what first differs, or by that of the case.
    #[test]
    fn either_clause_leads_to_a_fault() {
        let case = case("plaintext", "drelu", json!({})); // of DS-VAL-1
        let leads_to = |clause: &str, fault: &str| {
            let [place, expected, found] = [(); 3].map(|()| String::new());
            let failure =
                Failure { kind: Kind::Step, place, clause: clause.to_owned(), expected, found, hints: Vec::new() };
            leads(&failure, &case, faults::all().find(|found| found.clause == fault).unwrap())
        };
        assert!(leads_to("DS-DRELU-1", "DS-DRELU-1"));
        assert!(leads_to("DS-DRELU-1", "DS-VAL-1"));
        assert!(!leads_to("DS-VAL-1", "DS-DRELU-1"));
    }
}
