//! Replay: every case of a release through the reference, which must give exactly what the case says.

use super::case::{Case, Level, Step};
use super::file::VectorFile;
use crate::conform::{Verdict, compare};
use crate::operations;
use crate::steps::{Right, Steps};
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
            let difference = difference(case, &Right);
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

/// The first difference between a case and what an implementation's steps give: no step more, less or other, and the
/// result.
pub fn difference(case: &Case, by: &dyn Steps) -> Option<String> {
    let answer = operations::run(by, &case.operation, case.input.clone());
    let names = |steps: &[Step]| steps.iter().map(|step| (step.name.clone(), step.clause.clone())).collect::<Vec<_>>();
    let (wanted, found) = (names(&case.steps), names(&answer.steps));
    if wanted != found {
        return Some(format!("steps {found:?} instead of {wanted:?}"));
    }
    match compare(case, &answer.into(), true) {
        Verdict::Passed => None,
        Verdict::Skipped(why) => Some(why),
        Verdict::Failed(failure) => Some(failure.to_string()),
    }
}
