//! A run: every case of a release, asked or skipped with a reason.

use super::claims::{not_asked, oddities};
use super::compare::compare;
use super::forms::clip;
use super::session::{Limits, NoAnswer, Session};
use super::verdict::{Failure, Kind, Verdict};
use crate::adapter::protocol::{Described, Profile};
use crate::printable::printable;
use crate::vectors::case::Case;
use crate::vectors::file::VectorFile;
use crate::vectors::release::Release;
use indicatif::ProgressBar;
use serde_json::Map;
use std::time::{Duration, Instant};

/// What came out of a case.
#[derive(Clone, Debug)]
pub struct CaseResult<'a> {
    /// The case.
    pub case: &'a Case,
    /// The verdict.
    pub verdict: Verdict,
    /// How long the answer took.
    pub took: Duration,
}

/// The results of a topic.
#[derive(Clone, Debug)]
pub struct TopicResult<'a> {
    /// The vector file.
    pub file: &'a VectorFile,
    /// Its cases, in order.
    pub cases: Vec<CaseResult<'a>>,
}

/// All that a run found.
#[derive(Clone, Debug)]
pub struct Report<'a> {
    /// The release of vectors.
    pub release: &'a Release,
    /// The adapter's command line.
    pub command: String,
    /// What the implementation claims.
    pub claims: Described,
    /// The results, topic by topic.
    pub topics: Vec<TopicResult<'a>>,
    /// Whether the run had all topics of its release.
    pub whole: bool,
    /// What else should be known: claims that nobody knows, a run that was cut short.
    pub remarks: Vec<String>,
}

/// Numbers of cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Cases that passed.
    pub passed: u64,
    /// Cases that failed.
    pub failed: u64,
    /// Cases that were skipped.
    pub skipped: u64,
}

impl Counts {
    /// Counts verdicts.
    pub fn of<'a>(verdicts: impl IntoIterator<Item = &'a Verdict>) -> Counts {
        let mut counts = Counts::default();
        for verdict in verdicts {
            match verdict {
                Verdict::Passed => counts.passed += 1,
                Verdict::Failed(_) => counts.failed += 1,
                Verdict::Skipped(_) => counts.skipped += 1,
            }
        }
        counts
    }
}

impl<'a> TopicResult<'a> {
    /// The cases that failed.
    pub fn failures(&self) -> impl Iterator<Item = (&'a Case, &Failure)> {
        self.cases.iter().filter_map(|result| match &result.verdict {
            Verdict::Failed(failure) => Some((result.case, failure.as_ref())),
            _ => None,
        })
    }

    /// What the notes of a case's flags say, each with its clause: of a failure that they can explain. They are about
    /// results, not about adapters that give none, nor about an error that has another code than the one that is due.
    pub fn notes(&self, case: &Case, failure: &Failure) -> impl Iterator<Item = (&'a str, &'a str)> {
        let other_code = failure.kind == Kind::Error && case.expect.is_negative() && !failure.accepts();
        let explained = !matches!(failure.kind, Kind::Adapter(_) | Kind::Position) && !other_code;
        let notes = case.flags.iter().filter(|_| explained).filter_map(|flag| self.file.notes.get(flag));
        notes.map(|note| (note.text.as_str(), note.clause.as_str())).collect::<Vec<_>>().into_iter()
    }
}

impl<'a> Report<'a> {
    /// All results.
    pub fn results(&self) -> impl Iterator<Item = &CaseResult<'a>> {
        self.topics.iter().flat_map(|topic| &topic.cases)
    }

    /// The numbers of all cases.
    pub fn counts(&self) -> Counts {
        Counts::of(self.results().map(|result| &result.verdict))
    }
}

/// Asks an adapter all cases of these files of a release that it claims.
///
/// # Errors
/// If it cannot be started or does not describe itself. Everything else fails a case, and the run goes on.
pub fn run<'a>(
    command: Vec<String>,
    limits: Limits,
    release: &'a Release,
    files: &[&'a VectorFile],
    progress: &ProgressBar,
) -> Result<Report<'a>, NoAnswer> {
    let shown = command.join(" ");
    let (session, claims) = Session::start(command, limits)?;
    let mut remarks = oddities(&claims);
    let mut asking = Asking { session, positions: claims.profiles.contains(&Profile::Positions), last: None };
    let topics = files.iter().map(|file| {
        let cases = file.cases.iter().map(|case| {
            let start = Instant::now();
            let verdict = not_asked(&claims, case).map_or_else(|| asking.verdict(case), Verdict::Skipped);
            progress.inc(1);
            CaseResult { case, verdict, took: start.elapsed() }
        });
        TopicResult { file, cases: cases.collect() }
    });
    let topics = topics.collect();
    if asking.session.is_given_up() {
        let last = asking.last.map(|failed| failed.error.code()).unwrap_or_default();
        let starts = limits.restarts;
        remarks.push(format!(
            "{starts} new processes in a row failed at their first case, the last with {last}: the rest was not asked"
        ));
    } else if !asking.session.finish() {
        remarks.push("the adapter did not end when its standard input was closed; it was killed".to_owned());
    }
    let whole = files.len() == release.files.len();
    Ok(Report { release, command: shown, claims, topics, whole, remarks })
}

/// A session while cases are asked.
struct Asking {
    session: Session,
    positions: bool,
    /// The last failure of the adapter.
    last: Option<NoAnswer>,
}

impl Asking {
    fn verdict(&mut self, case: &Case) -> Verdict {
        if let (true, Some(last)) = (self.session.is_given_up(), &self.last) {
            return failed(last, "not asked, since the adapter failed again and again: ");
        }
        let nothing = Map::new();
        let input = case.input.as_object().unwrap_or(&nothing); // an input is an object
        match self.session.ask(&case.operation, input) {
            Ok(reply) => compare(case, &reply, self.positions),
            Err(no_answer) => {
                let verdict = failed(&no_answer, "");
                self.last = Some(no_answer);
                verdict
            }
        }
    }
}

/// A case without an answer. [DS-ADAPT-6]
fn failed(no_answer: &NoAnswer, before: &str) -> Verdict {
    let complaints = no_answer.complaints.iter().map(|line| format!("standard error: {line}"));
    Verdict::Failed(Box::new(Failure {
        kind: Kind::Adapter(no_answer.error.code()),
        place: "answer".to_owned(),
        clause: "DS-ADAPT-6".to_owned(),
        expected: "an answer".to_owned(),
        found: clip(&printable(&format!("{before}{}", no_answer.error))),
        hints: complaints.collect(),
    }))
}
