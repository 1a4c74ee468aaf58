//! What an implementation has earned: topics, levels, and why cases were skipped. [DS-ADAPT-7]

use super::claims::backend;
use super::run::{Counts, Report, TopicResult};
use super::verdict::Verdict;
use crate::vectors::case::{Case, Level};
use std::collections::{BTreeMap, BTreeSet};

/// How an implementation stands with a topic or a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// All cases passed.
    Earned,
    /// Some cases passed, the others were skipped.
    Partial,
    /// Nothing passed, nothing failed.
    Skipped,
    /// A case failed.
    Failed,
}

impl Standing {
    /// All standings, the best first.
    pub const ALL: [Standing; 4] = [Standing::Earned, Standing::Partial, Standing::Skipped, Standing::Failed];

    /// From the numbers of cases.
    pub fn of(counts: Counts) -> Standing {
        match counts {
            Counts { failed: 1.., .. } => Standing::Failed,
            Counts { skipped: 0, passed: 1.., .. } => Standing::Earned,
            Counts { passed: 0, .. } => Standing::Skipped,
            _ => Standing::Partial,
        }
    }

    /// The stable word.
    pub fn name(self) -> &'static str {
        match self {
            Standing::Earned => "earned",
            Standing::Partial => "partial",
            Standing::Skipped => "skipped",
            Standing::Failed => "failed",
        }
    }
}

/// The standing with each topic, in order.
pub fn topics<'a>(report: &Report<'a>) -> Vec<(&'a str, Standing)> {
    let standing = |topic: &TopicResult<'a>| Standing::of(counts(topic));
    report.topics.iter().map(|topic| (topic.file.topic.as_str(), standing(topic))).collect()
}

/// The numbers of a topic.
pub fn counts(topic: &TopicResult) -> Counts {
    Counts::of(topic.cases.iter().map(|result| &result.verdict))
}

/// The standing with each level, at `transcript` with each backend by itself; none if only some topics were run.
pub fn levels(report: &Report) -> Vec<(String, Standing)> {
    if !report.whole {
        return Vec::new();
    }
    let transcripts = report.results().filter(|result| result.case.level == Level::Transcript);
    let backends: BTreeSet<&str> = transcripts.flat_map(|result| backends_of(result.case)).collect();
    let simple = [Level::Plaintext, Level::Ideal].map(|level| (level.name().to_owned(), level, None));
    let of_backend = |backend| (format!("{} {backend}", Level::Transcript.name()), Level::Transcript, Some(backend));
    let all = simple.into_iter().chain(backends.into_iter().map(of_backend));
    let standing = |level: Level, backend: Option<&str>| {
        let belongs = |case: &Case| {
            let of = backends_of(case);
            case.level == level && backend.is_none_or(|backend| of.is_empty() || of.contains(&backend))
        };
        let verdicts: Vec<&Verdict> =
            report.results().filter(|result| belongs(result.case)).map(|result| &result.verdict).collect();
        (!verdicts.is_empty()).then(|| Standing::of(Counts::of(verdicts)))
    };
    all.filter_map(|(name, level, backend)| Some((name, standing(level, backend)?))).collect()
}

/// The backends that a case of level `transcript` is about; none if it is about all.
fn backends_of(case: &Case) -> Vec<&str> {
    match case.operation.as_str() {
        "dcf-keys" | "dcf-evaluate" => vec!["fss", "fss-select"],
        _ => backend(case).into_iter().collect(),
    }
}

/// Every reason for a skip with the number of cases, the most frequent first.
pub fn skips<'a>(verdicts: impl IntoIterator<Item = &'a Verdict>) -> Vec<(&'a str, u64)> {
    let mut reasons: BTreeMap<&str, u64> = BTreeMap::new();
    for verdict in verdicts {
        if let Verdict::Skipped(reason) = verdict {
            *reasons.entry(reason.as_str()).or_default() += 1;
        }
    }
    let mut reasons: Vec<(&str, u64)> = reasons.into_iter().collect();
    reasons.sort_by_key(|&(_, cases)| std::cmp::Reverse(cases));
    reasons
}
