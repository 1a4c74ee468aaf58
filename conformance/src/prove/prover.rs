//! Decides a lemma: asks solvers, checks what they give, replays counterexamples. [DS-PROVE-4]

use super::smt::eval::Evaluator;
use super::smt::{Outcome, Query, Solver};
use super::{Counterexample, Decision, Lemma, Proof, ProveError};
use crate::steps::Steps;
use deepshare_reference::values::Width;
use std::time::{Duration, Instant};

/// What one engine or solver said of one lemma, at one width or at all.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The solver; nothing for the engine of words.
    pub solver: Option<Solver>,
    /// Seconds.
    pub seconds: f64,
    /// What it said.
    pub answer: Answer,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The lemma holds.
    Proved,
    /// It does not: a counterexample, which was replayed.
    Refuted(Counterexample),
    /// No answer in time.
    TimedOut,
}

/// What all attempts on a lemma at one width come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// At least one solver or engine proves it, and none refutes it.
    Proved,
    /// One refutes it.
    Refuted,
    /// Nobody answers.
    Open,
}

impl Verdict {
    /// Of all attempts.
    pub fn of(attempts: &[Attempt]) -> Verdict {
        let any = |wanted: fn(&Answer) -> bool| attempts.iter().any(|attempt| wanted(&attempt.answer));
        match (any(|answer| matches!(answer, Answer::Refuted(_))), any(|answer| *answer == Answer::Proved)) {
            (true, _) => Verdict::Refuted,
            (false, true) => Verdict::Proved,
            (false, false) => Verdict::Open,
        }
    }
}

/// Decides a lemma at one width (for all widths at once, if it is one on words) by an implementation's steps.
///
/// # Errors
/// [`ProveError`]: a program that does not run over symbols, a solver that is missing or breaks, and a counterexample that
/// does not replay on the concrete program.
pub fn decide(
    lemma: &Lemma,
    steps: &dyn Steps,
    width: Width,
    solvers: &[Solver],
    limit: Duration,
) -> Result<Vec<Attempt>, ProveError> {
    let mut attempts = Vec::new();
    match &lemma.proof {
        Proof::Words { decide, .. } => {
            let start = Instant::now();
            let answer = match decide(steps)? {
                Decision::Holds { .. } => Answer::Proved,
                Decision::Fails(found) if lemma.holds(steps, &found)? => {
                    return Err(ProveError::NoCounterexample { query: lemma.name.clone() });
                }
                Decision::Fails(found) => Answer::Refuted(found),
            };
            attempts.push(Attempt { solver: None, seconds: start.elapsed().as_secs_f64(), answer });
        }
        Proof::Bits { queries, .. } => {
            let queries = queries(steps, width)?;
            for &solver in solvers {
                let start = Instant::now();
                let answer = ask(lemma, &queries, width, solver, limit)?;
                match &answer {
                    Answer::Refuted(found) if lemma.holds(steps, found)? => {
                        return Err(ProveError::NoCounterexample { query: found.query.clone() });
                    }
                    _ => {}
                }
                attempts.push(Attempt { solver: Some(solver), seconds: start.elapsed().as_secs_f64(), answer });
            }
        }
    }
    Ok(attempts)
}

/// All queries of a lemma to one solver: the first that fails or that it does not answer decides.
fn ask(lemma: &Lemma, queries: &[Query], width: Width, solver: Solver, limit: Duration) -> Result<Answer, ProveError> {
    for query in queries {
        match solver.decide(query, limit)? {
            Outcome::Holds => {}
            Outcome::TimedOut => return Ok(Answer::TimedOut),
            Outcome::Fails(values) => {
                if Evaluator::new(&values).value(&query.claim)? != 0 {
                    return Err(ProveError::NoCounterexample { query: query.name.clone() });
                }
                let values = values.into_iter().map(|(name, value)| (name, format!("{value:x}"))).collect();
                return Ok(Answer::Refuted(Counterexample {
                    lemma: lemma.name.clone(),
                    clause: lemma.clause.to_owned(),
                    fault: None,
                    width: width.bits(),
                    query: query.name.clone(),
                    values,
                }));
            }
        }
    }
    Ok(Answer::Proved)
}
