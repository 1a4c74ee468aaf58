//! From a statement on one program to a lemma: its term, and its run on the values of a counterexample. [DS-PROVE-3]

use crate::prove::smt::domain::Symbols;
use crate::prove::smt::eval::Assignment;
use crate::prove::smt::source::{Free, Given, Source};
use crate::prove::smt::term::Term;
use crate::prove::smt::text::Query;
use crate::prove::{Backend, Counterexample, Lemma, Proof, ProveError, Widths};
use crate::steps::Steps;
use deepshare_reference::values::{BitDomain, Concrete, Width};
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

    /// Whether the statement holds of a concrete run, by the plaintext semantics of the reference.
    ///
    /// # Errors
    /// What the semantics reports.
    fn holds(&self, width: Width, run: &Self::Run<Concrete>) -> Result<bool, ProveError>;
}

/// A statement as a term.
pub struct Claim {
    /// Names for terms that it speaks of.
    pub named: Vec<(String, Term)>,
    /// The statement.
    pub claim: Term,
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
        let name = format!("{title} at k = {width}");
        Ok(vec![Query { name, clause, says: words.to_owned(), named, claim }])
    };
    let replay = move |steps: &dyn Steps, found: &Counterexample| {
        let width = Width::new(found.width.into())?;
        let values = found.assignment()?;
        let run = statement.run(steps, width, &Given(&values))?;
        statement.holds(width, &run)
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
