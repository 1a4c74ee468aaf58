//! A failed case, told in lines: the same in the terminal, in JUnit and in HTML.

use super::book;
use super::run::TopicResult;
use super::verdict::Failure;
use crate::printable::printable;
use crate::vectors::case::Case;

/// The lines of a failed case, each with its title.
pub(super) fn lines(topic: &TopicResult, case: &Case, failure: &Failure) -> Vec<(&'static str, String)> {
    let mut lines = vec![
        ("case", format!("{}: {}", case.id, case.comment)),
        ("where", place(failure)),
        ("expected", failure.expected.clone()),
        ("found", failure.found.clone()),
    ];
    lines.extend(failure.hints.iter().map(|hint| ("hint", hint.clone())));
    lines.push(("clause", with_chapter(&failure.clause)));
    let others: Vec<&str> =
        case.clauses.iter().map(String::as_str).filter(|clause| *clause != failure.clause).collect();
    if !others.is_empty() {
        lines.push(("see also", others.join(", ")));
    }
    lines.extend(topic.notes(case, failure).map(|(text, clause)| ("note", format!("{text} [{clause}]"))));
    // comments and notes come from a folder, answers from a program: neither is trusted
    lines.into_iter().map(|(title, line)| (title, printable(&line))).collect()
}

/// The place, and of what kind it is unless it says so itself.
fn place(failure: &Failure) -> String {
    let kind = failure.kind.name();
    match failure.place.starts_with(kind) {
        true => failure.place.clone(),
        false => format!("{} ({kind})", failure.place),
    }
}

/// A clause and the chapter where it stands.
fn with_chapter(clause: &str) -> String {
    match book::chapter(clause) {
        Some(chapter) => format!("{clause}, spec/src/{chapter}.md"),
        None => clause.to_owned(),
    }
}
