//! Counterexamples as vectors: written as a vector file, and replayed by the comparison of the harness. [DS-PROVE-6]

use super::{Counterexample, Outcome, ProveError, registry};
use crate::error::CliError;
use crate::faults::{Fault, find};
use crate::operations::LemmaInput;
use crate::printable::Name;
use crate::steps::{Right, Steps};
use crate::vectors::case::{Case, Expect, Level};
use crate::vectors::check::difference;
use crate::vectors::file::{CaseFile, VectorFile};
use crate::vectors::generate::complete;
use crate::vectors::head::Note;
use crate::vectors::types::{Count, elements};
use deepshare_reference::values::Width;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The vector file of a fault's counterexample: the lemma's program on the very values, and, where an operation of the
/// vectors asks the same and finds the fault too, that operation. [DS-PROVE-6]
///
/// # Errors
/// [`ProveError::NoCounterexample`] if the values are none; what the program reports.
pub fn file(fault: &Fault, found: &Counterexample) -> Result<VectorFile, ProveError> {
    let lemma = registry::find(&found.lemma)?;
    let (width, values) = (Width::new(found.width.into())?, found.assignment()?);
    let outcome = lemma.run(&Right, width, &values)?;
    let write = Writer { fault, found, statement: lemma.statement };
    let exact = write.exact(&outcome);
    if !shows(&exact, fault) {
        return Err(ProveError::NoCounterexample { query: found.query.clone() });
    }
    let asked = outcome.asks.and_then(|(operation, input)| write.asked(operation, input));
    let note = Note { text: fault.mistake.to_owned(), clause: fault.clause.to_owned() };
    let head = CaseFile {
        topic: fault.name.to_owned(),
        about: format!("A counterexample to {}, found by proof with the mistake {}.", found.query, fault.name),
        notes: BTreeMap::from([(fault.name.to_owned(), note)]),
        cases: Vec::new(),
    };
    Ok(head.complete([exact].into_iter().chain(asked).collect()))
}

/// What the cases of a counterexample are made of.
struct Writer<'a> {
    fault: &'a Fault,
    found: &'a Counterexample,
    statement: &'static str,
}

impl Writer<'_> {
    fn case(&self, level: Level, operation: &str, input: Value, comment: String) -> Case {
        let name: String =
            format!("{}-{}-{operation}", self.found.lemma, self.found.width).chars().map(letter).collect();
        let mut clauses = vec![self.fault.clause.to_owned()];
        clauses.extend(Some(self.found.clause.clone()).filter(|clause| clause != self.fault.clause));
        Case {
            id: format!("{}/{name}", self.fault.name),
            comment,
            clauses,
            flags: vec![self.fault.name.to_owned()],
            level,
            operation: operation.to_owned(),
            input,
            steps: Vec::new(),
            expect: Expect::default(),
        }
    }

    /// The lemma's program on the values of the counterexample; what is expected is what the statement demands.
    fn exact(&self, outcome: &Outcome) -> Case {
        let level = if self.found.lemma.contains("/semantics/") { Level::Plaintext } else { Level::Transcript };
        let draws = outcome.draws.clone();
        let input = json!(LemmaInput { lemma: self.found.lemma.clone(), width: Count(self.found.width.into()), draws });
        let comment = format!("Values at which {} fails: {}.", self.found.query, self.statement);
        let output = Some(json!({"elements": elements(&outcome.expected)}));
        Case { expect: Expect { output, ..Expect::default() }, ..self.case(level, "lemma", input, comment) }
    }

    /// The same inputs in an operation that every implementation knows, unless it does not find the fault there.
    fn asked(&self, operation: &str, input: Value) -> Option<Case> {
        let level = if operation.starts_with("shared-") { Level::Ideal } else { Level::Plaintext };
        let comment = format!("The inputs at which {} fails; coins do not matter.", self.found.query);
        let case = complete(&self.case(level, operation, input, comment).into()).ok()?;
        shows(&case, self.fault).then_some(case)
    }
}

/// Whether a case holds without a fault and fails with it.
fn shows(case: &Case, fault: &Fault) -> bool {
    difference(case, &Right).is_none() && difference(case, fault.steps).is_some()
}

fn letter(c: char) -> char {
    if c.is_ascii_lowercase() || c.is_ascii_digit() { c } else { '-' }
}

/// Replays all cases of a vector file: each must hold without a fault, and fail with each fault that its flags name.
/// The text says so, a line a run. [DS-PROVE-8]
///
/// # Errors
/// [`CliError::Vectors`] for a file that is none; [`ProveError::NoFault`]; [`CliError::VectorsDiffer`] with the runs
/// that came out otherwise.
pub fn replay_file(name: &Name, text: &str) -> Result<String, CliError> {
    let file = VectorFile::parse(name, text)?;
    let (mut lines, mut wrong) = (String::new(), Vec::new());
    for case in &file.cases {
        let mut run = |with: &str, steps: &dyn Steps, must_hold: bool| {
            let found = difference(case, steps);
            if found.is_none() != must_hold {
                wrong.push(format!("{} {with}", case.id));
            }
            let says = found.map_or_else(|| "holds".to_owned(), |difference| format!("fails: {difference}"));
            lines.push_str(&format!("{} {with} {says}\n", case.id));
        };
        run("without a fault", &Right, true);
        for flag in &case.flags {
            let fault = find(flag).ok_or_else(|| ProveError::NoFault { fault: flag.clone() })?;
            run(&format!("with {flag}"), fault.steps, false);
        }
    }
    match wrong.is_empty() {
        true => Ok(lines),
        false => Err(CliError::VectorsDiffer { what: format!("{lines}came out otherwise: {}", wrong.join(", ")) }),
    }
}
