//! The report in the terminal.

use super::details::lines;
use super::earned::{Standing, counts, levels, skips, topics};
use super::run::{Counts, Report, TopicResult};
use super::verdict::Verdict;
use crate::output::{count, paragraph, table, thousands};
use crate::printable::printable;
use crate::vectors::case::Level;

/// The whole report.
pub fn text(report: &Report) -> String {
    let claims = &report.claims;
    let mut text =
        paragraph("tested", &printable(&format!("{} {}, by {}", claims.name, claims.version, report.command)));
    text.push_str(&paragraph("vectors", &release(report)));
    text.push('\n');
    text.push_str(&table("<<>>><", &["topic", "level", "passed", "failed", "skipped", "why skipped"], rows(report)));
    for topic in &report.topics {
        text.push_str(&first_failure(topic));
    }
    text.push('\n');
    text + &summary(report)
}

/// Which release was run: anybody can make one, so its manifest's hash names it.
pub(super) fn release(report: &Report) -> String {
    let release = report.release;
    printable(&format!("{}, {}, manifest's SHA-256 {}", release.folder.0, release.format, release.digest))
}

/// A row for each topic and level.
fn rows(report: &Report) -> Vec<Vec<String>> {
    let row = |topic: &TopicResult, level: Level| {
        let of_level = topic.cases.iter().filter(|result| result.case.level == level);
        let verdicts: Vec<&Verdict> = of_level.map(|result| &result.verdict).collect();
        let Counts { passed, failed, skipped } = Counts::of(verdicts.iter().copied());
        let numbers = [passed, failed, skipped].map(thousands);
        let names = [topic.file.topic.clone(), level.name().to_owned()];
        let row = names.into_iter().chain(numbers).chain([reasons(&verdicts)]);
        (!verdicts.is_empty()).then(|| row.collect())
    };
    let topics = report.topics.iter();
    topics.flat_map(|topic| Level::ALL.into_iter().filter_map(move |level| row(topic, level))).collect()
}

/// The most frequent reason, and how many others there are.
fn reasons(verdicts: &[&Verdict]) -> String {
    match skips(verdicts.iter().copied()).as_slice() {
        [] => String::new(),
        [(reason, _)] => (*reason).to_owned(),
        [(reason, _), others @ ..] => format!("{reason}, and {}", count(others.len() as u64, "other reason")),
    }
}

/// The details of a topic's first failure.
fn first_failure(topic: &TopicResult) -> String {
    let Some((case, failure)) = topic.failures().next() else { return String::new() };
    let Counts { failed, .. } = counts(topic);
    let mut text = format!("\n{}: {} failed; the first:\n", topic.file.topic, count(failed, "case"));
    for (title, line) in lines(topic, case, failure) {
        text.push_str(&paragraph(&format!("  {title}"), &line));
    }
    text
}

/// What is earned, what is not, and why.
fn summary(report: &Report) -> String {
    let Counts { passed, failed, skipped } = report.counts();
    let cases = format!("{} passed, {} failed, {} skipped", thousands(passed), thousands(failed), thousands(skipped));
    let mut text = paragraph("cases", &cases);
    let (topics, levels) = (topics(report), levels(report));
    for standing in Standing::ALL {
        let of = |all: Vec<(&str, Standing)>| {
            let names: Vec<&str> = all.into_iter().filter(|(_, of)| *of == standing).map(|(name, _)| name).collect();
            names.join(", ")
        };
        let topics = of(topics.clone());
        let levels = of(levels.iter().map(|(name, of)| (name.as_str(), *of)).collect());
        let parts = [("levels", levels), ("topics", topics)].into_iter().filter(|(_, names)| !names.is_empty());
        let line: Vec<String> = parts.map(|(what, names)| format!("{what}: {names}")).collect();
        if !line.is_empty() {
            text.push_str(&paragraph(standing.name(), &line.join("; ")));
        }
    }
    if !report.whole {
        text.push_str(&paragraph("levels", "not judged: only some topics were run"));
    }
    for (reason, cases) in skips(report.results().map(|result| &result.verdict)) {
        text.push_str(&paragraph("skipped", &format!("{}: {reason}", count(cases, "case"))));
    }
    if failed > 1 {
        text.push_str(&paragraph("failures", "all of them stand in the reports: --html FILE, --junit FILE, --json"));
    }
    for remark in &report.remarks {
        text.push_str(&paragraph("remark", remark));
    }
    text
}
