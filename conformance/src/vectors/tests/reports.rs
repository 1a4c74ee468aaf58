//! What replays and the matrix of faults say. [DS-FAULT-1]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests stop like the tests themselves")]

use super::{COMMITTED, small};
use crate::faults;
use crate::vectors::case::Level;
use crate::vectors::check::{Replay, Tally, replay};
use crate::vectors::command::{json_report, json_row, matrix_report, report};
use crate::vectors::file::VectorFile;
use crate::vectors::generate::generate;
use crate::vectors::kill_matrix::{Row, matrix, row};
use indicatif::ProgressBar;
use serde_json::json;
use std::fs;
use tempfile::TempDir;

fn files(release: &TempDir) -> Vec<VectorFile> {
    crate::vectors::release::read(release.path()).unwrap().files
}

fn columns(text: &str) -> Vec<String> {
    text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn cases_are_counted_by_topic_and_level() {
    let of = |files: &[VectorFile]| {
        let found = replay(files, &ProgressBar::hidden());
        assert!(found.different.is_empty(), "{:?}", found.different);
        found.tallies.into_iter().collect::<Vec<_>>()
    };
    let tally = Tally { positive: 1, negative: 1, steps: 0 };
    assert_eq!(of(&files(&small())), [(("t".to_owned(), Level::Plaintext), tally)]);
    let carries = COMMITTED.files.iter().find(|file| file.topic == "carry").unwrap();
    let steps: Vec<u64> = carries.cases.iter().map(|case| case.steps.len() as u64).collect();
    assert!(steps.iter().filter(|&&steps| steps > 1).count() > 1, "cases with steps are what this test is about");
    let told = of(std::slice::from_ref(carries));
    assert_eq!((told.len(), told[0].1.steps), (1, steps.iter().sum()));
}

/// Two topics, two levels, and a case that came out otherwise.
fn found() -> Replay {
    let tally = |positive, negative, steps| Tally { positive, negative, steps };
    let topic = |name: &str, level| (name.to_owned(), level);
    let tallies = [
        (topic("cuts", Level::Plaintext), tally(1, 2, 3)),
        (topic("cuts", Level::Ideal), tally(10, 20, 30)),
        (topic("signs", Level::Plaintext), tally(100, 200, 1300)),
    ];
    Replay { tallies: tallies.into(), different: vec![("cuts/a".to_owned(), "output".to_owned())] }
}

#[test]
fn a_replay_is_told_with_its_sums() {
    let told = columns(&report(&found(), 1.5));
    let rows = [
        "cuts plaintext 1 2 3",
        "cuts ideal 10 20 30",
        "signs plaintext 100 200 1,300",
        "all plaintext 101 202 1,303",
        "all ideal 10 20 30",
        "all transcript 0 0 0",
        "all all 111 222 1,333",
        "",
        "332 of 333 cases replayed with the reference's result and steps, 1.50 s",
    ];
    assert_eq!(told[0], "topic level positive negative steps");
    assert_eq!(told[2..], rows);
    let object = json_report(&found());
    assert_eq!(
        object["topics"][1],
        json!({"topic": "cuts", "level": "ideal", "positive": 10, "negative": 20, "steps": 30})
    );
    assert_eq!(object["topics"].as_array().unwrap().len(), 3);
    assert_eq!(object["different"], json!([{"case": "cuts/a", "difference": "output"}]));
}

/// Signs of 0 under two clauses, the second of which is not that of the fault, and a sum.
fn signs(clause: &str) -> Vec<VectorFile> {
    let cases = TempDir::new().unwrap();
    let case = |id: &str, x: &str| {
        json!({"id": id, "comment": "", "clauses": [clause], "flags": [], "level": "plaintext", "operation": "drelu",
            "input": {"width": 8, "step": "nonnegative", "semantics": "ring", "x": [x]}})
    };
    let signs = json!({"topic": "signs", "about": "", "notes": {}, "cases": [case("signs/one", "1"), case("signs/zero", "0"), case("signs/nil", "0")]});
    let others = json!({"topic": "others", "about": "", "notes": {}, "cases": [case("others/zero", "0")]});
    fs::write(cases.path().join("signs.json"), signs.to_string()).unwrap();
    fs::write(cases.path().join("others.json"), others.to_string()).unwrap();
    let out = TempDir::new().unwrap();
    crate::vectors::generate::write(&generate(cases.path()).unwrap(), out.path()).unwrap();
    files(&out)
}

fn bit_of_zero(files: &[VectorFile]) -> Row {
    row(faults::find("bit-of-zero").unwrap(), files)
}

#[test]
fn a_fault_is_found_by_cases_and_led_to_by_a_clause() {
    let found = bit_of_zero(&signs("DS-DRELU-1"));
    assert_eq!(found.killed, [("others".to_owned(), 1), ("signs".to_owned(), 2)].into());
    assert_eq!((found.kills(), found.missing()), (3, None));
    let lead = found.led.as_ref().unwrap();
    assert_eq!(lead.case, "others/zero");
    let row = json_row(&found);
    assert_eq!(
        (&row["fault"], &row["cases"], &row["files"]),
        (&json!("bit-of-zero"), &json!(3), &json!({"others": 1, "signs": 2}))
    );
    assert_eq!((&row["lead"]["case"], &row["lead"]["failure"]), (&json!("others/zero"), &json!(lead.failure)));
    let misled = bit_of_zero(&signs("DS-VAL-1"));
    assert!(misled.led.is_none() && misled.kills() == 3);
    let what = "no report of the fault bit-of-zero leads to DS-DRELU-1; they lead to DS-VAL-1";
    assert_eq!(misled.missing().as_deref(), Some(what));
    let survives = bit_of_zero(&files(&small()));
    assert_eq!((survives.kills(), survives.missing().as_deref()), (0, Some("no vector finds the fault bit-of-zero")));
    assert_eq!(matrix(&files(&small()), &ProgressBar::hidden()).len(), faults::all().count());
}

#[test]
fn the_matrix_tells_which_file_finds_which_fault() {
    let signs = |clause| bit_of_zero(&signs(clause));
    let alone = bit_of_zero(&self::signs("DS-DRELU-1")[1..]);
    let rows = [signs("DS-DRELU-1"), alone, signs("DS-VAL-1"), bit_of_zero(&files(&small()))];
    let told = columns(&matrix_report(&rows));
    let expected = [
        "bit-of-zero DS-DRELU-1 others/zero others 1, signs 2",
        "bit-of-zero DS-DRELU-1 signs/zero signs 2",
        "bit-of-zero DS-DRELU-1 NOWHERE others 1, signs 2",
        "bit-of-zero DS-DRELU-1 NOWHERE",
        "",
        "file faults found by it alone",
    ];
    assert_eq!(told[2..8], expected);
    assert_eq!(
        told[9..],
        [
            "others 2 0",
            "signs 3 1",
            "",
            "4 faults: 2 found and led to, 1 not found, 1 found without leading to their clause"
        ]
    );
}
