//! Adapters that sleep, die, flood, answer garbage: the case fails with the right code, the run goes on and ends. [DS-ADAPT-6]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests stop like the tests themselves"
)]

use deepshare_conformance::conform::run::{Report, run};
use deepshare_conformance::conform::session::{Limits, NoAnswer};
use deepshare_conformance::conform::{Failure, Verdict};
use deepshare_conformance::vectors::file::VectorFile;
use deepshare_conformance::vectors::generate::{generate, write};
use deepshare_conformance::vectors::release::{self, Release};
use indicatif::ProgressBar;
use serde_json::json;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

/// The request of the case at which adapters misbehave contains this.
const TRIGGER: &str = "\"shift\":3";

/// A release with one topic: truncation by 0, 1, ... at k = 16, of -7 by odd numbers and of 7 by even ones.
fn vectors(shifts: std::ops::Range<u64>, elements: usize) -> Release {
    let folder = TempDir::new().unwrap();
    let case = |shift| {
        let x = if shift % 2 == 1 { "-7" } else { "7" };
        json!({"id": format!("t/shift-{shift}"), "comment": "", "clauses": ["DS-TRUNC-1"], "flags": [], "level": "plaintext",
            "operation": "truncation",
            "input": {"width": 16, "semantics": "ring", "shift": shift, "x": vec![x; elements]}})
    };
    let file = json!({"topic": "t", "about": "", "notes": {}, "cases": shifts.map(case).collect::<Vec<_>>()});
    std::fs::write(folder.path().join("t.json"), file.to_string()).unwrap();
    let out = TempDir::new().unwrap();
    write(&generate(folder.path()).unwrap(), out.path()).unwrap();
    release::read(out.path()).unwrap()
}

fn command(arguments: &[&str]) -> Vec<String> {
    [env!("CARGO_BIN_EXE_adapter-that-misbehaves")].iter().chain(arguments).map(|word| (*word).to_owned()).collect()
}

/// An hour: no test waits for it. Tests of the limit itself give a shorter one.
const LONG: Limits =
    Limits { answer: Duration::from_secs(3600), describe: Duration::from_secs(3600), line_bytes: 1 << 20, restarts: 5 };

/// Enough to see that an adapter does not answer; adapters of these tests that do answer, answer in no time.
const SHORT: Limits = Limits { answer: Duration::from_secs(3), ..LONG };

fn conform<'a>(release: &'a Release, arguments: &[&str], limits: Limits) -> Result<Report<'a>, NoAnswer> {
    let files: Vec<&VectorFile> = release.files.iter().collect();
    run(command(arguments), limits, release, &files, &ProgressBar::hidden())
}

/// For each case its id and the kind of its failure, if it failed.
fn failed(report: &Report) -> Vec<(String, &'static str)> {
    let failure = |verdict: &Verdict| match verdict {
        Verdict::Failed(failure) => Some(failure.kind.name()),
        _ => None,
    };
    report.results().filter_map(|result| Some((result.case.id.clone(), failure(&result.verdict)?))).collect()
}

fn first(report: &Report) -> Failure {
    report.topics.first().unwrap().failures().next().unwrap().1.clone()
}

/// The run fails at the one case at which the adapter misbehaves, with this code, and passes all others.
fn fails_with(kind: &str, code: &'static str, limits: Limits) -> Failure {
    let files = vectors(1..7, 2);
    let report = conform(&files, &[kind, TRIGGER], limits).unwrap();
    assert_eq!(failed(&report), [("t/shift-3".to_owned(), code)], "{kind}");
    assert_eq!(report.counts().passed, 5, "{kind}");
    assert_eq!(first(&report).clause, "DS-ADAPT-6", "{kind}: the mistake is the adapter's, not that of a step");
    first(&report)
}

#[test]
fn an_adapter_that_behaves_passes() {
    let files = vectors(1..7, 2);
    for kind in ["behaves", "loud"] {
        let report = conform(&files, &[kind, TRIGGER], LONG).unwrap();
        assert_eq!((report.counts().passed, report.remarks.len()), (6, 0), "{kind}");
    }
}

#[test]
fn the_end_of_the_process_is_a_crash() {
    for kind in ["die", "half-line-and-die", "answer-without-line-feed-and-die"] {
        fails_with(kind, "adapter/crash", LONG);
    }
    let loud = fails_with("die-loudly", "adapter/crash", LONG);
    assert!(loud.found.contains("exit code 3"), "{loud:?}");
    assert_eq!(loud.hints, ["standard error: first line", "standard error: out of \\u{7}memory"]);
    #[cfg(unix)]
    assert!(fails_with("abort", "adapter/crash", LONG).found.contains("signal 6"));
}

#[test]
fn lines_that_are_no_answers_are_garbage() {
    let garbage = ["garbage", "list", "blank", "deep", "no-text", "text-id", "no-form", "two-forms", "unknown-field"];
    for kind in garbage.into_iter().chain(["duplicate-field"]) {
        fails_with(kind, "adapter/garbage", LONG);
    }
    assert!(fails_with("garbage", "adapter/garbage", LONG).found.ends_with("hello"));
}

#[test]
fn answers_to_other_requests_are_told() {
    let failure = fails_with("wrong-id", "adapter/id", LONG);
    assert!(failure.found.contains("the id 13 to the request 3"), "{failure:?}");
}

#[test]
fn too_much_output_is_a_flood() {
    fails_with("endless-line", "adapter/flood", LONG);
    fails_with("endless-line", "adapter/flood", Limits { describe: LONG.describe, ..Limits::of(LONG.answer) });
    fails_with("endless-lines", "adapter/garbage", LONG); // the first of them is no answer
}

#[test]
fn a_second_answer_fails_the_next_case() {
    let files = vectors(1..7, 2);
    let report = conform(&files, &["twice", TRIGGER], LONG).unwrap();
    let failed = failed(&report);
    // it is a flood before the next request, and another request's answer after it
    assert_eq!(failed.len(), 1);
    assert!(failed[0].0 == "t/shift-4" && ["adapter/flood", "adapter/id"].contains(&failed[0].1), "{failed:?}");
}

#[test]
fn no_answer_within_the_limit_is_a_timeout() {
    for kind in ["sleep", "half-line-and-sleep"] {
        let found = fails_with(kind, "adapter/timeout", SHORT).found;
        assert!(found.starts_with("no answer within 3 s;") && found.contains("flush"), "{found}");
    }
}

#[test]
fn an_adapter_that_does_not_read_is_timed_out() {
    let files = vectors(1..2, 100_000); // a request that fits no pipe
    let limits = Limits { answer: Duration::from_secs(1), restarts: 1, ..LONG };
    let report = conform(&files, &["deaf", "describe"], limits).unwrap();
    assert_eq!(failed(&report), [("t/shift-1".to_owned(), "adapter/timeout")]);
}

#[cfg(target_os = "linux")]
#[test]
fn processes_that_an_adapter_started_end_with_it() {
    let files = vectors(3..4, 2);
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("pid");
    let limits = Limits { answer: Duration::from_secs(1), ..LONG };
    let report = conform(&files, &["child", TRIGGER, file.to_str().unwrap()], limits).unwrap();
    assert_eq!(failed(&report), [("t/shift-3".to_owned(), "adapter/timeout")]); // the child keeps the output open
    let process = Path::new("/proc").join(std::fs::read_to_string(file).unwrap());
    let runs = || {
        let state = std::fs::read_to_string(process.join("stat")).unwrap_or_default();
        state.rsplit(") ").next().is_some_and(|state| !state.is_empty() && !state.starts_with(['Z', 'X']))
    };
    for _ in 0..10_000 {
        match runs() {
            true => std::thread::sleep(Duration::from_millis(1)),
            false => return,
        }
    }
    panic!("the child still runs");
}

#[test]
fn after_five_new_processes_that_fail_at_once_no_further_one_is_asked() {
    let files = vectors(0..8, 2);
    let report = conform(&files, &["die", "truncation"], LONG).unwrap();
    assert_eq!(failed(&report).len(), 8);
    assert!(report.remarks[0].starts_with("5 new processes in a row"), "{:?}", report.remarks);
    let found: Vec<String> =
        report.topics.first().unwrap().failures().map(|(_, failure)| failure.found.clone()).collect();
    assert_eq!(found.iter().filter(|found| found.starts_with("not asked")).count(), 3);
    // an adapter that answers in between is asked to the end
    let files = vectors(0..12, 2);
    let report = conform(&files, &["die", "-7"], LONG).unwrap();
    assert_eq!((report.counts().passed, report.counts().failed, report.remarks.len()), (6, 6, 0));
}

#[test]
fn a_run_ends_before_the_first_case_if_nothing_is_described() {
    let files = vectors(1..3, 2);
    let code = |arguments: &[&str]| conform(&files, arguments, LONG).unwrap_err().error.code();
    for kind in ["die", "garbage", "endless-line", "wrong-id", "unsupported", "other-protocol"] {
        assert_eq!(code(&[kind, "describe"]), "adapter/described", "{kind}");
    }
    assert_eq!(code(&["banner"]), "adapter/described");
    let limits = Limits { describe: Duration::from_secs(1), ..LONG };
    assert_eq!(conform(&files, &["sleep", "describe"], limits).unwrap_err().error.code(), "adapter/described");
}

#[test]
fn what_is_not_claimed_is_skipped_with_the_reason() {
    let files = vectors(1..3, 2);
    let skipped = |kind: &str, reason: &str| {
        let report = conform(&files, &[kind, "describe"], LONG).unwrap();
        let of = |verdict: &Verdict| *verdict == Verdict::Skipped(reason.to_owned());
        assert!(report.results().all(|result| of(&result.verdict)), "{kind}: {report:?}");
    };
    skipped("one-width", "not claimed: width 16");
    let report = conform(&files, &["new-operation", "describe"], LONG).unwrap();
    assert!(report.remarks[0].contains("trunkation") && report.counts().passed == 2, "{:?}", report.remarks);
    let report = conform(&files, &["unsupported", "truncation"], LONG).unwrap();
    assert_eq!(report.counts().skipped, 2);
}

#[test]
fn an_adapter_that_does_not_end_is_killed_and_told() {
    let files = vectors(1..2, 2);
    let report = conform(&files, &["stays", "no such text"], LONG).unwrap();
    assert!(report.counts().passed == 1 && report.remarks[0].contains("did not end"), "{:?}", report.remarks);
}
