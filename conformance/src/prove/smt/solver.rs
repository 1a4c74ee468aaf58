//! Solvers: programs on the path that read SMT-LIB from a file and answer on standard output.

use super::eval::Assignment;
use super::text::Query;
use crate::prove::ProveError;
use clap::ValueEnum;
use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// A solver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Solver {
    /// Z3 of Microsoft Research.
    Z3,
    /// Bitwuzla of Stanford University.
    Bitwuzla,
    /// cvc5 of Stanford University and the University of Iowa.
    Cvc5,
}

/// What a solver says of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// No values make the statement false.
    Holds,
    /// These values make it false.
    Fails(Assignment),
    /// No answer within the time limit.
    TimedOut,
}

impl Solver {
    /// The name of the program.
    pub fn name(self) -> &'static str {
        match self {
            Solver::Z3 => "z3",
            Solver::Bitwuzla => "bitwuzla",
            Solver::Cvc5 => "cvc5",
        }
    }

    /// Asks for a decision; if the statement fails, for values.
    ///
    /// # Errors
    /// [`ProveError::NoSolver`], [`ProveError::Solver`].
    pub fn decide(self, query: &Query, limit: Duration) -> Result<Outcome, ProveError> {
        let Some(answer) = self.run(query, &query.smt(), limit)? else { return Ok(Outcome::TimedOut) };
        match answer.trim() {
            "unsat" => Ok(Outcome::Holds),
            "sat" => match self.run(query, &query.smt_with_values(), limit)? {
                Some(answer) => self.values(query, &answer).map(Outcome::Fails),
                // the statement fails, and to say that there was no answer would let another solver prove it [DS-PROVE-4]
                None => Err(self.failed(query, "the answer is `sat`, and no values come within the limit".to_owned())),
            },
            other => Err(self.failed(query, format!("the answer is `{}`", excerpt(other)))),
        }
    }

    fn failed(self, query: &Query, what: String) -> ProveError {
        ProveError::Solver { solver: self.name(), query: query.name.clone(), what }
    }

    /// What the program writes on standard output; nothing if it is not done in time.
    fn run(self, query: &Query, text: &str, limit: Duration) -> Result<Option<String>, ProveError> {
        let failed = |error: std::io::Error| self.failed(query, error.to_string());
        let mut file = tempfile::Builder::new().suffix(".smt2").tempfile().map_err(failed)?;
        file.write_all(text.as_bytes()).map_err(failed)?;
        let mut command = Command::new(self.name());
        command.arg(file.path()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let spawned = command.spawn();
        let mut child = spawned.map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => ProveError::NoSolver { solver: self.name() },
            _ => failed(error),
        })?;
        let output = child.stdout.take();
        let (done, wait) = mpsc::channel();
        let reader = std::thread::spawn(move || {
            let mut answer = String::new();
            let read = output.map_or(Ok(0), |mut output| output.read_to_string(&mut answer));
            // nobody waits any more if the limit has passed
            let _ = done.send(read.map(|_| answer));
        });
        let answer = wait.recv_timeout(limit);
        // ends the program if it still runs, which is no error if it does not
        let _ = child.kill();
        child.wait().map_err(failed)?;
        let _ = reader.join();
        match answer {
            Ok(answer) => answer.map(Some).map_err(failed),
            Err(_) => Ok(None),
        }
    }

    /// The values of all variables from an answer to `get-value`.
    fn values(self, query: &Query, answer: &str) -> Result<Assignment, ProveError> {
        let values = parse_values(answer);
        match query.variables().into_iter().find(|(name, _)| !values.contains_key(name)) {
            None => Ok(values),
            Some((name, _)) => Err(self.failed(query, format!("there is no value of {name}"))),
        }
    }
}

/// Names and values of an answer `sat ((name value) ..)`. What is no value is left out.
pub fn parse_values(answer: &str) -> Assignment {
    let words: Vec<&str> =
        answer.split(|c: char| c.is_whitespace() || c == '(' || c == ')').filter(|word| !word.is_empty()).collect();
    let pairs = words.get(1..).unwrap_or_default().chunks(2);
    pairs
        .filter_map(|pair| if let [name, value] = pair { Some(((*name).to_owned(), constant(value)?)) } else { None })
        .collect()
}

/// `true`, `false`, `#b..` or `#x..`.
fn constant(text: &str) -> Option<u128> {
    match text {
        "true" => Some(1),
        "false" => Some(0),
        _ => match text.split_at_checked(2)? {
            ("#b", digits) => u128::from_str_radix(digits, 2).ok(),
            ("#x", digits) => u128::from_str_radix(digits, 16).ok(),
            _ => None,
        },
    }
}

/// The beginning of an answer, on one line.
fn excerpt(answer: &str) -> String {
    answer.chars().take(120).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_all_solvers_are_read() {
        let z3 = "sat\n((x #xfe)\n (b false))\n";
        let bitwuzla = "sat\n(\n  (x #b11111110)\n  (b false)\n)\n";
        let cvc5 = "sat\n((x #b11111110) (b false))\n";
        let expected = Assignment::from([("x".to_owned(), 0xfe), ("b".to_owned(), 0)]);
        for answer in [z3, bitwuzla, cvc5] {
            assert_eq!(parse_values(answer), expected, "{answer}");
        }
        assert_eq!(parse_values("sat\n((x oops))"), Assignment::new());
        assert_eq!(parse_values(""), Assignment::new());
    }
}
