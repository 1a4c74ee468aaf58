//! The matrix as a chapter of the book.

use super::{Column, Exemption, Matrix, Row};
use std::collections::BTreeMap;

/// How many names a cell shows; the rest is counted.
const SHOWN: usize = 3;

const HEAD: &str = "\
# Traceability

This page is generated from the book, the code, the tests, the vectors and the fault library:

```sh
cargo run --release -- trace --output spec/src/traceability.md
```

A test compares it with what is there now, and fails where a clause has a gap.

| column | what stands there | needed by |
|---|---|---|
| code | files of the reference and of the harness that name the clause, tests apart | every clause |
| test | tests that name it in their text or in the comment on top of them, files of tests whose head names it, and \
chapters with a code block that runs below the clause | every clause |
| result | topics of [vectors](vectors.md), each with the number of its cases that state the clause, or have a step of it, and end \
with a result | every clause |
| error | the same for cases that end with an error | every clause that a table of errors names |
| fault | mistakes of the [fault library](faults.md) that break the clause; the vectors find each and lead to it ([DS-FAULT-1]) | \
every clause |
| proof | lemmas whose clause it is, without their cases ([proofs](proofs.md)) | none |

That a test names a clause says where to look, not that the test can fail. What says so is the column of faults: each is an \
implementation that the vectors reject.

A number in brackets is an exemption; the [reasons](#exemptions) stand below. An exemption that is not needed fails the test too.
";

/// The chapter, byte for byte.
pub fn page(matrix: &Matrix) -> String {
    let mut text = HEAD.to_owned();
    text.push_str(&summary(matrix));
    text.push_str("\n## Matrix\n");
    let mut chapters: Vec<(&str, Vec<&Row>)> = Vec::new();
    for row in &matrix.rows {
        match chapters.last_mut() {
            Some((chapter, rows)) if *chapter == row.chapter => rows.push(row),
            _ => chapters.push((&row.chapter, vec![row])),
        }
    }
    for (chapter, rows) in chapters {
        text.push_str(&format!("\n### [{chapter}]({chapter}.md)\n\n"));
        text.push_str("| clause | code | test | result | error | fault | proof |\n|---|---|---|---|---|---|---|\n");
        rows.iter().for_each(|row| text.push_str(&line(matrix, row)));
    }
    text.push_str("\n## Exemptions\n\n");
    for (index, exemption) in matrix.exemptions.list.iter().enumerate() {
        text.push_str(&reason(index + 1, exemption));
    }
    text
}

/// How many clauses have something in each column, how many are exempt, and how many need nothing.
fn summary(matrix: &Matrix) -> String {
    let mut text = "\n| column | clauses with something | exempt | nothing needed |\n|---|---|---|---|\n".to_owned();
    for column in Column::ALL {
        let number = |chosen: &dyn Fn(&Row) -> bool| matrix.rows.iter().filter(|row| chosen(row)).count();
        let with = number(&|row| !row.evidence(column).is_empty());
        let exempt = number(&|row| row.lacks(column));
        let rest = matrix.rows.len() - with - exempt;
        text.push_str(&format!("| {} | {with} | {exempt} | {rest} |\n", column.name()));
    }
    text
}

/// One row.
fn line(matrix: &Matrix, row: &Row) -> String {
    let cells = Column::ALL.map(|column| match (row.evidence(column), matrix.exemption(&row.clause, column)) {
        ([], Some(number)) => format!("({number})"),
        (names, _) => cell(names),
    });
    format!("| [{}] | {} | {} |\n", row.clause, cells.join(" | "), cell(&row.proofs))
}

/// The first names of a cell, shortened, and how many more there are.
fn cell(names: &[String]) -> String {
    let mut shown: Vec<String> = names.iter().take(SHOWN).map(|name| short(name)).collect();
    if names.len() > SHOWN {
        shown.push(format!("and {} more", names.len() - SHOWN));
    }
    shown.join(", ")
}

/// A path without the folders that all have.
fn short(name: &str) -> String {
    let folder = if name.contains("/src/") { "/src/" } else { "/tests/" };
    let replaced = name.replacen(folder, "/", 1).replace(".rs", "").replace(".py", "");
    let name = replaced.strip_prefix("reference/").unwrap_or(&replaced);
    if name.contains('/') || name.contains("::") { format!("`{name}`") } else { name.to_owned() }
}

/// A reason with its clauses, by area.
fn reason(number: usize, exemption: &Exemption) -> String {
    let columns: Vec<&str> = exemption.columns.iter().map(|column| column.name()).collect();
    let mut areas: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for clause in &exemption.clauses {
        let (area, number) = clause.rsplit_once('-').unwrap_or((clause, ""));
        areas.entry(area).or_default().push(number);
    }
    let clauses: Vec<String> = areas.iter().map(|(area, numbers)| format!("{area}-{}", numbers.join(", -"))).collect();
    format!("- ({number}) *{}.* {} Clauses: {}.\n", columns.join(", "), exemption.reason, clauses.join("; "))
}
