//! From a statement on one program to a lemma: its term, and its run on the values of a counterexample. [DS-PROVE-3]

use crate::prove::smt::domain::Symbols;
use crate::prove::smt::eval::Assignment;
use crate::prove::smt::source::{Free, Given, Source};
use crate::prove::smt::term::Term;
use crate::prove::smt::text::Query;
use crate::prove::{Backend, Counterexample, Lemma, Outcome, Proof, ProveError, Widths};
use crate::steps::Steps;
use deepshare_reference::values::{BitDomain, Concrete, Width};
use serde_json::Value;
use std::sync::Arc;

/// A statement about what a program gives, in every domain.
pub trait Statement: Send + Sync + 'static {
    /// What the program is run on, and what it gives.
    type Run<D: BitDomain>;

    /// Runs the program; inputs, shares and coins come from the source.
    ///
    /// # Errors
    /// What the program reports.
    fn run<S: Source>(&self, steps: &dyn Steps, width: Width, source: &S) -> Result<Self::Run<S::Domain>, ProveError>;

    /// The statement as a term, written by the definitions of the specification and not by the program's own formulas.
    ///
    /// # Errors
    /// [`ProveError::Sorts`] if it is no term.
    fn claim(&self, width: Width, run: &Self::Run<Symbols>) -> Result<Claim, ProveError>;

    /// What a concrete run gives, and what the plaintext semantics of the reference says to it.
    ///
    /// # Errors
    /// What the semantics reports.
    fn compare(&self, width: Width, run: &Self::Run<Concrete>) -> Result<Compared, ProveError>;

    /// The operation of the vectors that asks the same of a run's inputs, if there is one, with its input. [DS-VEC-7]
    fn asks(&self, _width: Width, _run: &Self::Run<Concrete>) -> Option<(&'static str, Value)> {
        None
    }
}

/// A statement as a term.
pub struct Claim {
    /// Names for terms that it speaks of.
    pub named: Vec<(String, Term)>,
    /// The statement.
    pub claim: Term,
}

/// The two sides of a statement on values.
pub struct Compared {
    /// What the program gives.
    pub found: Vec<u64>,
    /// What the semantics gives.
    pub expected: Vec<u64>,
}

/// Checks that a program gives as many elements as the statement speaks of, and at least one: otherwise a statement about
/// all of them would say less than it seems to, or nothing.
///
/// # Errors
/// [`ProveError::Lengths`].
pub fn complete(found: usize, expected: usize) -> Result<(), ProveError> {
    if found == expected && found > 0 { Ok(()) } else { Err(ProveError::Lengths { found, expected }) }
}

/// Bits as elements.
pub fn words(bits: &[bool]) -> Vec<u64> {
    bits.iter().copied().map(u64::from).collect()
}

/// The lemma of a statement.
pub fn lemma<T: Statement>(
    name: String,
    clause: &'static str,
    backend: Backend,
    words: &'static str,
    widths: Widths,
    statement: T,
) -> Lemma {
    let (statement, title) = (Arc::new(statement), name.clone());
    let asked = Arc::clone(&statement);
    let queries = move |steps: &dyn Steps, width: Width| {
        let run = asked.run(steps, width, &Free)?;
        let Claim { named, claim } = asked.claim(width, &run)?;
        let name = if widths == Widths::Once { title.clone() } else { format!("{title} at k = {width}") };
        Ok(vec![Query { name, clause, says: words.to_owned(), named, claim }])
    };
    let replay = move |steps: &dyn Steps, width: Width, values: &Assignment| {
        let source = Given::new(values);
        let run = statement.run(steps, width, &source)?;
        let Compared { found, expected } = statement.compare(width, &run)?;
        Ok(Outcome { found, expected, draws: source.drawn(), asks: statement.asks(width, &run) })
    };
    let proof = Proof::Bits { widths, queries: Box::new(queries), replay: Box::new(replay) };
    Lemma { name, clause, backend, statement: words, proof }
}

impl Counterexample {
    /// Its values as numbers.
    ///
    /// # Errors
    /// [`ProveError::BadValue`].
    pub fn assignment(&self) -> Result<Assignment, ProveError> {
        let number = |(name, text): (&String, &String)| {
            let bad = |_| ProveError::BadValue { name: name.clone(), text: text.clone(), bits: 64 };
            Ok((name.clone(), u64::from_str_radix(text, 16).map_err(bad)?.into()))
        };
        self.values.iter().map(number).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::complete;

    /// A statement about nothing, or about a part, is no statement.
    #[test]
    fn statements_speak_of_everything_that_a_program_gives() {
        assert!(complete(2, 2).is_ok());
        for (found, expected) in [(0, 0), (1, 2), (2, 1)] {
            assert_eq!(complete(found, expected).unwrap_err().code(), "prove/lengths");
        }
    }
}
