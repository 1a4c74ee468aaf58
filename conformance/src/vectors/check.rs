//! Replay: every case of a release through the reference, which must give exactly what the case says.

use super::case::{Case, Expect, Level};
use super::file::VectorFile;
use super::generate::expected;
use crate::operations::{self, Answer};
use crate::steps::Right;
use indicatif::ProgressBar;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// How many cases of a topic and level there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Cases with an output or relations.
    pub positive: u64,
    /// Cases with an error.
    pub negative: u64,
    /// Named intermediate values of all of them.
    pub steps: u64,
}

/// What a replay found.
#[derive(Clone, Debug, Default)]
pub struct Replay {
    /// For each topic and level its cases.
    pub tallies: BTreeMap<(String, Level), Tally>,
    /// The cases that came out otherwise, each with the first difference.
    pub different: Vec<(String, String)>,
}

/// Replays all cases of a release, in parallel.
pub fn replay(files: &[VectorFile], progress: &ProgressBar) -> Replay {
    let cases: Vec<&Case> = files.iter().flat_map(|file| &file.cases).collect();
    let differences: Vec<Option<String>> = cases
        .par_iter()
        .map(|case| {
            let difference = difference(case);
            progress.inc(1);
            difference
        })
        .collect();
    let mut replay = Replay::default();
    for file in files {
        for case in &file.cases {
            let tally = replay.tallies.entry((file.topic.clone(), case.level)).or_default();
            match case.expect.is_negative() {
                true => tally.negative += 1,
                false => tally.positive += 1,
            }
            tally.steps += case.steps.len() as u64;
        }
    }
    let different = cases.iter().zip(differences).filter_map(|(case, found)| Some((case.id.clone(), found?)));
    replay.different = different.collect();
    replay
}

/// The first difference between a case and what the reference gives.
fn difference(case: &Case) -> Option<String> {
    let answer = operations::run(&Right, &case.operation, case.input.clone());
    step_difference(case, &answer).or_else(|| result_difference(case, &answer))
}

fn step_difference(case: &Case, answer: &Answer) -> Option<String> {
    let names = |steps: &[super::case::Step]| steps.iter().map(|step| step.name.clone()).collect::<Vec<_>>();
    let changed = case.steps.iter().zip(&answer.steps).find(|(wanted, found)| wanted != found);
    if let Some((wanted, found)) = changed {
        return Some(format!("step {:?}: {} instead of {}", wanted.name, found.value, wanted.value));
    }
    let (wanted, found) = (names(&case.steps), names(&answer.steps));
    (wanted != found).then(|| format!("steps {found:?} instead of {wanted:?}"))
}

fn result_difference(case: &Case, answer: &Answer) -> Option<String> {
    let found = expected(answer);
    if case.expect.relations.is_some() {
        return relation_difference(case, &found);
    }
    let show = |expect: &Expect| serde_json::to_string(expect).unwrap_or_default();
    (found != case.expect).then(|| format!("{} instead of {}", show(&found), show(&case.expect)))
}

fn relation_difference(case: &Case, found: &Expect) -> Option<String> {
    let stated = operations::find(&case.operation)?.relations(case.input.clone());
    match (stated, &found.output) {
        (Ok(relations), Some(_)) if relations == case.expect.relations => None,
        (Ok(_), Some(_)) => Some("other relations than those of the operation".to_owned()),
        (Err(refusal), _) => Some(refusal.message),
        (_, None) => Some("no output to relate".to_owned()),
    }
}
