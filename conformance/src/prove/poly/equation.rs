//! From an equation between what a program gives and what the semantics says to a lemma. [DS-PROVE-10] [DS-PROVE-13]

use super::search;
use super::source::FreeWords;
use crate::prove::smt::source::{Given, Source};
use crate::prove::{Backend, Counterexample, Decision, Lemma, Outcome, Proof, ProveError};
use crate::steps::Steps;
use deepshare_reference::values::{Domain, Ring, Width};
use std::sync::Arc;

/// What a program gives, and what it should give.
pub struct Equation<R> {
    /// The sum of the parties' shares.
    pub found: R,
    /// The formula of the specification.
    pub expected: R,
}

/// The equation of a source's domain.
pub type EquationOf<S> = Equation<<<S as Source>::Domain as Domain>::Ring>;

/// A statement that what a program gives equals a formula, in every domain.
pub trait Statement: Send + Sync + 'static {
    /// Runs the program on inputs, shares and coins of the source.
    ///
    /// # Errors
    /// What the program reports.
    fn run<S: WordSource>(&self, steps: &dyn Steps, width: Width, source: &S) -> Result<EquationOf<S>, ProveError>;
}

/// A source of a domain in which comparisons can be made or assumed: see [`super::compare`].
pub trait WordSource: Source<Domain: super::compare::Compares> {}
impl<S: Source<Domain: super::compare::Compares>> WordSource for S {}

/// The widths at which programs are run: all of them, because public constants depend on the width.
pub fn widths() -> impl Iterator<Item = Width> {
    (2..=64).filter_map(|bits| Width::new(bits).ok())
}

/// The lemma of a statement.
pub fn lemma<T: Statement>(
    name: String,
    clause: &'static str,
    backend: Backend,
    words: &'static str,
    statement: T,
) -> Lemma {
    let (statement, title) = (Arc::new(statement), name.clone());
    let decided = Arc::clone(&statement);
    let decide = move |steps: &dyn Steps| {
        let mut cases = 0;
        for width in widths() {
            let Equation { found, expected } = decided.run(steps, width, &FreeWords)?;
            if found.elements().len() != expected.elements().len() {
                return Err(ProveError::Lengths { found: found.elements().len(), expected: expected.elements().len() });
            }
            for (found, expected) in found.elements().iter().zip(expected.elements()) {
                let difference = found.sub(expected);
                if !difference.is_zero() {
                    let fails = |values: &_| Ok(!outcome(&*decided, steps, width, values)?.holds());
                    let values = search::values(&title, width, &difference, fails)?;
                    return Ok(Decision::Fails(counterexample(&title, clause, width, values)));
                }
                cases += 1;
            }
        }
        Ok(Decision::Holds { cases })
    };
    let replay =
        move |steps: &dyn Steps, width: Width, values: &search::Values| outcome(&*statement, steps, width, values);
    let proof = Proof::Words { decide: Box::new(decide), replay: Box::new(replay) };
    Lemma { name, clause, backend, statement: words, proof }
}

/// What the concrete program and the formula give on these values.
fn outcome<T: Statement>(
    statement: &T,
    steps: &dyn Steps,
    width: Width,
    values: &search::Values,
) -> Result<Outcome, ProveError> {
    let source = Given::new(values);
    let Equation::<Ring> { found, expected } = statement.run(steps, width, &source)?;
    let [found, expected] = [found, expected].map(|ring| ring.elements().to_vec());
    Ok(Outcome { found, expected, draws: source.drawn(), asks: None })
}

fn counterexample(lemma: &str, clause: &str, width: Width, values: search::Values) -> Counterexample {
    Counterexample {
        lemma: lemma.to_owned(),
        clause: clause.to_owned(),
        fault: None,
        width: width.bits(),
        query: lemma.to_owned(),
        values: values.into_iter().map(|(name, value)| (name, format!("{value:x}"))).collect(),
    }
}
