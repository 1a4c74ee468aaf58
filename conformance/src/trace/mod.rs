//! Traceability: for each clause of the book the code that names it, the tests, the cases of the vectors, the faults and
//! the proofs; and what is missing. `deepshare trace` writes the matrix as a chapter of the book.
//!
//! A clause needs code, a test, a case, a fault of the library whose clause it is, and, where a table of errors names it,
//! a case that ends with an error. What is missing is exempt in one file, with a reason, or is a gap.

mod clauses;
pub mod command;
mod exemptions;
mod folder;
mod page;
mod rust;

pub use exemptions::{Exemption, Exemptions};
pub use page::page;

use crate::error::CliError;
use crate::vectors::release;
use crate::{faults, prove, vectors};
use clauses::Clause;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The file of exemptions, seen from the project's top folder.
pub const EXEMPTIONS: &str = "conformance/exemptions.json";
/// Clauses about proofs themselves.
const ABOUT_PROOFS: &str = concat!("DS-", "PROVE-");

/// Where what proofs compute with stands, which is code for those clauses alone.
const PROOFS: [&str; 2] = ["conformance/src/prove/", "conformance/polynomials/src/"];

/// What a clause needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Column {
    /// Code of the reference or of the harness that names the clause.
    Code,
    /// A test that names it, or a code block of the book that stands below it.
    Test,
    /// A case of the vectors with a result.
    Result,
    /// A case of the vectors that ends with an error; only for clauses that a table of errors names.
    Error,
    /// A fault of the library whose clause it is, so that the vectors find it and lead there. [DS-FAULT-1]
    Fault,
}

impl Column {
    /// All columns.
    pub const ALL: [Column; 5] = [Column::Code, Column::Test, Column::Result, Column::Error, Column::Fault];

    /// The name, as it stands in the file of exemptions and in the matrix.
    pub fn name(self) -> &'static str {
        match self {
            Column::Code => "code",
            Column::Test => "test",
            Column::Result => "result",
            Column::Error => "error",
            Column::Fault => "fault",
        }
    }
}

/// A clause with everything that stands for it.
#[derive(Clone, Debug)]
pub struct Row {
    /// The clause's name.
    pub clause: String,
    /// The chapter that defines it, without its ending.
    pub chapter: String,
    /// Whether a table of errors names it.
    pub has_errors: bool,
    /// Names of code, tests, faults, or of topics with their numbers of cases.
    pub evidence: BTreeMap<Column, Vec<String>>,
    /// Lemmas about it, without their cases; no clause needs one.
    pub proofs: Vec<String>,
}

impl Row {
    /// What stands for the clause in a column.
    pub fn evidence(&self, column: Column) -> &[String] {
        self.evidence.get(&column).map_or(&[], Vec::as_slice)
    }

    /// Whether the clause needs something in a column and has nothing.
    pub fn lacks(&self, column: Column) -> bool {
        self.evidence(column).is_empty() && (column != Column::Error || self.has_errors)
    }
}

/// The matrix: a row for each clause, in the order of chapters and, within one, of the text.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// The rows.
    pub rows: Vec<Row>,
    /// The exemptions.
    pub exemptions: Exemptions,
}

/// Reads book, code, tests, cases and exemptions below the project's top folder.
///
/// # Errors
/// [`CliError`]: a file that cannot be read, a release of vectors that is wrong, or a file of exemptions that is no such file.
pub fn matrix(root: &Path) -> Result<Matrix, CliError> {
    let book = folder::texts(root, "spec/src", "md")?;
    let defined = clauses::defined(&book);
    let mut found = Found::default();
    found.source(root)?;
    found.tests(root)?;
    for (clause, chapter) in clauses::blocks(&book) {
        found.add(Column::Test, &clause, format!("book: {chapter}"));
    }
    found.cases(root)?;
    for fault in faults::all() {
        found.add(Column::Fault, fault.clause, fault.name.to_owned());
    }
    let proofs = proofs();
    let errors = clauses::with_errors(&book);
    let row = |Clause { name, chapter }| Row {
        has_errors: errors.contains(&name),
        evidence: found.of(&name),
        proofs: proofs.get(name.as_str()).map(|lemmas| lemmas.iter().cloned().collect()).unwrap_or_default(),
        clause: name,
        chapter,
    };
    Ok(Matrix { rows: defined.into_iter().map(row).collect(), exemptions: Exemptions::read(&root.join(EXEMPTIONS))? })
}

/// Everything that names clauses, by clause and column.
#[derive(Default)]
struct Found(BTreeMap<String, BTreeMap<Column, BTreeSet<String>>>);

impl Found {
    fn add(&mut self, column: Column, clause: &str, evidence: String) {
        self.0.entry(clause.to_owned()).or_default().entry(column).or_default().insert(evidence);
    }

    fn of(&self, clause: &str) -> BTreeMap<Column, Vec<String>> {
        let columns = self.0.get(clause).into_iter().flatten();
        columns.map(|(column, evidence)| (*column, evidence.iter().cloned().collect())).collect()
    }

    /// Code of the reference and of the harness: without tests, faults and this module. Proofs are code for the clauses that
    /// are about proofs; for all others they have a column of their own.
    fn source(&mut self, root: &Path) -> Result<(), CliError> {
        let other = ["conformance/src/faults/", "conformance/src/trace/"];
        for folder in ["reference/src", "conformance/src", "conformance/polynomials/src"] {
            let files = folder::texts(root, folder, "rs")?;
            let apart = |path: &str| rust::is_tests(path) || other.iter().any(|folder| path.starts_with(folder));
            for (path, text) in files.iter().filter(|(path, _)| !apart(path)) {
                let proves = PROOFS.iter().any(|folder| path.starts_with(folder));
                let names = clauses::names(rust::without_tests(text));
                for clause in names.into_iter().filter(|clause| !proves || clause.starts_with(ABOUT_PROOFS)) {
                    self.add(Column::Code, &clause, path.clone());
                }
            }
        }
        Ok(())
    }

    /// Test functions, and files of tests whose head names a clause.
    fn tests(&mut self, root: &Path) -> Result<(), CliError> {
        for folder in ["reference/tests", "conformance/tests", "reference/src", "conformance/src", "spec/tests"] {
            for (path, text) in folder::texts(root, folder, "rs")? {
                for (test, words) in rust::tests(&text, rust::is_tests(&path)) {
                    for clause in clauses::names(&words) {
                        self.add(Column::Test, &clause, format!("{path}{test}"));
                    }
                }
            }
        }
        for (path, text) in folder::texts(root, "conformance/python/tests", "py")? {
            let names = if text.contains("def test_") { clauses::names(&text) } else { BTreeSet::new() };
            names.iter().for_each(|clause| self.add(Column::Test, clause, path.clone()));
        }
        Ok(())
    }

    /// The cases of the release: by the clauses that a case states, and by those of its steps.
    fn cases(&mut self, root: &Path) -> Result<(), CliError> {
        let mut counted: BTreeMap<(String, Column, String), usize> = BTreeMap::new();
        for file in release::read(&root.join(vectors::command::VECTORS))?.files {
            for case in &file.cases {
                let column = if case.expect.is_negative() { Column::Error } else { Column::Result };
                let steps = case.steps.iter().map(|step| &step.clause);
                for clause in case.clauses.iter().chain(steps).collect::<BTreeSet<_>>() {
                    *counted.entry((clause.clone(), column, file.topic.clone())).or_default() += 1;
                }
            }
        }
        for ((clause, column, topic), cases) in counted {
            self.add(column, &clause, format!("{topic} {cases}"));
        }
        Ok(())
    }
}

/// The lemmas about each clause: what they are about and whose programs, without their cases.
fn proofs() -> BTreeMap<&'static str, BTreeSet<String>> {
    let mut found: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
    for lemma in prove::registry::all() {
        let name = lemma.name.split('/').take(2).collect::<Vec<_>>().join("/");
        found.entry(lemma.clause).or_default().insert(name);
    }
    found
}

impl Matrix {
    /// Everything that is wrong: clauses that lack something and are not exempt, and exemptions that are not needed.
    pub fn gaps(&self) -> Vec<String> {
        let exempt: BTreeSet<(&str, Column)> = self.exemptions.pairs().collect();
        let lacking = self.rows.iter().flat_map(|row| {
            Column::ALL.into_iter().filter(|&column| row.lacks(column)).map(move |column| (row.clause.as_str(), column))
        });
        let lacking: BTreeSet<(&str, Column)> = lacking.collect();
        let gap = |(clause, column): &(&str, Column)| format!("{clause}: nothing in the column {}", column.name());
        let idle = |(clause, column): &(&str, Column)| {
            format!("{clause}: the exemption in the column {} is not needed", column.name())
        };
        let gaps = lacking.difference(&exempt).map(gap).chain(exempt.difference(&lacking).map(idle));
        gaps.chain(self.exemptions.faults()).collect()
    }

    /// The number, from 1, of the exemption of a clause in a column.
    pub fn exemption(&self, clause: &str, column: Column) -> Option<usize> {
        self.exemptions.list.iter().position(|exemption| exemption.covers(clause, column)).map(|index| index + 1)
    }
}
