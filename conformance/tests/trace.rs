//! Traceability: no clause of the book has a gap, the chapter is what the matrix gives, and gaps are found where they are.

#![allow(clippy::unwrap_used, reason = "helpers of tests stop like the tests themselves")]

use deepshare_conformance::trace::{Column, Exemption, Matrix, Row, matrix, page};
use std::path::Path;
use std::sync::OnceLock;

/// The matrix of the project as it stands, read once.
fn now() -> Matrix {
    static NOW: OnceLock<Matrix> = OnceLock::new();
    NOW.get_or_init(|| matrix(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap()).clone()
}

#[test]
fn no_clause_has_a_gap_and_every_exemption_is_needed() {
    let gaps = now().gaps();
    assert!(gaps.is_empty(), "{} gaps:\n{}", gaps.len(), gaps.join("\n"));
}

#[test]
fn the_chapter_is_the_matrix() {
    let regenerate = "regenerate it: cargo run -- trace --output spec/src/traceability.md";
    for (committed, now) in include_str!("../../spec/src/traceability.md").lines().zip(page(&now()).lines()) {
        assert_eq!(committed, now, "left: the chapter, right: the matrix; {regenerate}");
    }
    assert_eq!(include_str!("../../spec/src/traceability.md"), page(&now()), "{regenerate}");
}

/// What is taken away, of a clause that has everything, is told with clause and column.
#[test]
fn a_gap_is_told_with_clause_and_column() {
    for column in Column::ALL {
        let mut matrix = now();
        let whole =
            |row: &&mut Row| row.has_errors && Column::ALL.into_iter().all(|column| !row.evidence(column).is_empty());
        let row = matrix.rows.iter_mut().find(whole).unwrap();
        row.evidence.remove(&column);
        let told = format!("{}: nothing in the column {}", row.clause, column.name());
        assert_eq!(matrix.gaps(), [told]);
    }
}

/// An error is asked for only where a table of errors names the clause.
#[test]
fn a_clause_without_errors_needs_no_case_that_ends_with_one() {
    let mut matrix = now();
    let row = matrix.rows.iter_mut().find(|row| !row.has_errors && row.evidence(Column::Error).is_empty()).unwrap();
    assert!(!row.lacks(Column::Error));
    row.has_errors = true;
    assert!(row.lacks(Column::Error));
}

#[test]
fn exemptions_that_are_not_needed_stated_twice_or_without_a_reason_are_told() {
    let exemption = |reason: &str, clause: &str| Exemption {
        reason: reason.to_owned(),
        columns: vec![Column::Fault],
        clauses: vec![clause.to_owned()],
    };
    let with = |added: Vec<Exemption>| {
        let mut matrix = now();
        matrix.exemptions.list.extend(added);
        matrix.gaps()
    };
    let idle = |clause: &str| format!("{clause}: the exemption in the column fault is not needed");
    assert_eq!(with(vec![exemption("x", "DS-VAL-1")]), [idle("DS-VAL-1")]);
    let unknown = concat!("DS-", "VAL-1000");
    assert_eq!(with(vec![exemption("x", unknown)]), [idle(unknown)]);
    let exempt = now().exemptions.pairs().find(|(_, column)| *column == Column::Fault).unwrap().0.to_owned();
    assert_eq!(with(vec![exemption("x", &exempt)]), [format!("{exempt}: exempt twice in the column fault")]);
    let silent = with(vec![exemption(" ", "DS-VAL-1")]);
    assert_eq!(silent, [idle("DS-VAL-1"), "DS-VAL-1: an exemption without a reason".to_owned()]);
}
