//! What all forms of a report say of the same run, word for word. [DS-ADAPT-7]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests stop like the tests themselves")]

use super::fixture::{case, claims, file, release, report};
use crate::conform::run::{CaseResult, Counts, Report, TopicResult};
use crate::conform::{Failure, Kind, Verdict, html, json, junit, text};
use crate::vectors::case::Case;
use crate::vectors::file::VectorFile;
use crate::vectors::head::{Generator, Note};
use crate::vectors::release::Release;
use serde_json::{Value, json};
use std::time::Duration;

/// A case with a flag.
fn named(id: &str, level: &str, operation: &str) -> Case {
    let clauses = ["DS-DRELU-1", "DS-VAL-1"].map(str::to_owned).to_vec();
    let comment = "<b>why</b> & \u{1b}[2J".to_owned();
    Case { id: id.to_owned(), comment, clauses, flags: vec!["zero".to_owned()], ..case(level, operation, json!({})) }
}

/// Two topics: of signs with two levels, and of cuts.
fn files() -> [VectorFile; 2] {
    let levels = ["plaintext", "plaintext", "ideal", "ideal", "ideal"];
    let names = ["signs/right", "signs/zero", "signs/later", "signs/other", "signs/dead"];
    let signs = levels.iter().zip(names).map(|(level, name)| named(name, level, "drelu")).collect();
    let note = Note { text: "The bit of 0 is wrong.".to_owned(), clause: "DS-DRELU-1".to_owned() };
    let (topic, about, notes) = ("signs".to_owned(), "Bits & signs.".to_owned(), [("zero".to_owned(), note)].into());
    let cuts = ["cuts/one", "cuts/two"].map(|name| named(name, "plaintext", "truncation")).to_vec();
    [VectorFile { topic, about, notes, ..file(signs) }, VectorFile { topic: "cuts".to_owned(), ..file(cuts) }]
}

fn failure(kind: Kind, clause: &str) -> Verdict {
    let [place, expected, found] = ["output.bits", "\"011\"", "\"001\""].map(str::to_owned);
    let hints = vec!["the first bit that differs is bit 1, from 0".to_owned(), "\u{7}".to_owned()];
    Verdict::Failed(Box::new(Failure { kind, place, clause: clause.to_owned(), expected, found, hints }))
}

fn topic<'a>(file: &'a VectorFile, verdicts: &[Verdict]) -> TopicResult<'a> {
    let took = Duration::from_millis(1500);
    let result = |(case, verdict): (&'a Case, &Verdict)| CaseResult { case, verdict: verdict.clone(), took };
    TopicResult { file, cases: file.cases.iter().zip(verdicts).map(result).collect() }
}

/// What a run with all verdicts says, in some form, without the version of the harness.
fn told(whole: bool, form: impl Fn(&Report) -> String) -> String {
    let files = files();
    let release = Release { format: "deepshare-vectors/1.0.0".to_owned(), digest: "ab".repeat(32), ..release() };
    let skipped = |why: &str| Verdict::Skipped(why.to_owned());
    let crash = failure(Kind::Adapter("adapter/crash"), "DS-ADAPT-6");
    let signs = [Verdict::Passed, failure(Kind::Output, "DS-DRELU-1"), skipped("a"), skipped("b & c"), crash];
    let cuts = [Verdict::Passed, skipped("a")];
    let topics = vec![topic(&files[0], &signs), topic(&files[1], &cuts)];
    let (command, remarks) = ("./adapter --x".to_owned(), vec!["it was <odd>".to_owned()]);
    let report = Report { release: &release, command, claims: claims(), topics, whole, remarks };
    form(&report).replace(&format!("deepshare {}", Generator::this().version), "deepshare VERSION")
}

/// Compares with a snapshot beside this file.
macro_rules! snapshot {
    ($name:literal, $text:expr) => {
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!($name, $text);
        });
    };
}

#[test]
fn the_terminal() {
    snapshot!("report-of-all-topics", told(true, text::text));
    snapshot!("report-of-some-topics", told(false, text::text));
}

#[test]
fn a_single_failure_stands_in_the_terminal_whole() {
    let file = file(vec![named("t/a", "plaintext", "drelu"), named("t/b", "plaintext", "drelu")]);
    let release = release();
    let text = |verdicts: [Verdict; 2]| text::text(&report(&release, &file, &verdicts, true));
    let failed = || failure(Kind::Output, "DS-DRELU-1");
    assert!(!text([Verdict::Passed, failed()]).contains("all of them stand in the reports"));
    assert!(text([failed(), failed()]).contains("all of them stand in the reports"));
}

/// An element a line; the style sheet is left out, and the rules that filters add to it are not.
#[test]
fn the_page() {
    let page = told(true, |report| html::page(report, "https://x.invalid/{chapter}.html"));
    snapshot!("report-page", page.replace(include_str!("../report.css"), "").replace("><", ">\n<"));
    let some = told(false, |report| html::page(report, "https://x.invalid/{chapter}.html"));
    assert!(some.contains("Levels are not judged: only some topics were run.") && !some.contains("Levels:"), "{some}");
}

#[test]
fn junit_xml() {
    snapshot!("report-junit", told(true, |report| junit::xml(report).unwrap()));
}

#[test]
fn one_json_object() {
    let object = |report: &Report| {
        let mut object = json::object(report);
        assert_eq!(object["harness"], serde_json::to_value(Generator::this()).unwrap());
        object["harness"] = Value::Null;
        serde_json::to_string_pretty(&object).unwrap()
    };
    snapshot!("report-json", told(true, object));
}

/// Notes are about results that are wrong, not about adapters that give none, nor about another error than the one that is due.
#[test]
fn notes_are_told_of_failures_that_they_can_explain() {
    let files = files();
    let topic = topic(&files[0], &[]);
    let notes = |case: &Case, kind: Kind, found: &str| {
        let [place, clause, expected] = [(); 3].map(|()| String::new());
        let failure = Failure { kind, place, clause, expected, found: found.to_owned(), hints: Vec::new() };
        topic.notes(case, &failure).map(|(text, clause)| (text.to_owned(), clause.to_owned())).collect::<Vec<_>>()
    };
    let told = [("The bit of 0 is wrong.".to_owned(), "DS-DRELU-1".to_owned())];
    let right = &files[0].cases[0];
    for kind in [Kind::Step, Kind::Frame, Kind::Output, Kind::Relation, Kind::Error] {
        assert_eq!(notes(right, kind, "the error x"), told, "{kind:?}");
    }
    for kind in [Kind::Adapter("adapter/crash"), Kind::Position] {
        assert_eq!(notes(right, kind, "the output {}"), [], "{kind:?}");
    }
    let mut negative = right.clone();
    negative.expect = serde_json::from_value(json!({"error": {"code": "value/shift", "at": {}}})).unwrap();
    assert_eq!(notes(&negative, Kind::Error, "the error x"), [], "another error is due");
    assert_eq!(notes(&negative, Kind::Error, "the output {}"), told, "what must be rejected is accepted");
    assert_eq!(notes(&negative, Kind::Output, "{}"), told);
    assert_eq!(notes(&Case { flags: Vec::new(), ..right.clone() }, Kind::Output, "{}"), []);
}

#[test]
fn verdicts_are_counted_by_kind() {
    let counted = |counts: [u64; 3]| {
        let [passed, failed, skipped] = counts;
        Counts { passed, failed, skipped }
    };
    let [passed, failed, skipped] = [Verdict::Passed, failure(Kind::Step, ""), Verdict::Skipped(String::new())];
    assert_eq!(Counts::of([]), counted([0, 0, 0]));
    assert_eq!(Counts::of([&passed, &skipped, &failed, &skipped, &skipped, &failed]), counted([1, 2, 3]));
}
