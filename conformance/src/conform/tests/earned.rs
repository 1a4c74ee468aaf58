//! What is asked, and what is earned. [DS-ADAPT-2] [DS-ADAPT-7]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests stop like the tests themselves")]

use crate::adapter::protocol::Described;
use crate::conform::claims::not_asked;
use crate::conform::earned::{Standing, levels, skips, topics};
use crate::conform::run::{CaseResult, Counts, Report, TopicResult};
use crate::conform::{Failure, Kind, Verdict};
use crate::printable::Name;
use crate::vectors::case::Case;
use crate::vectors::file::VectorFile;
use crate::vectors::head::Canary;
use crate::vectors::release::Release;
use serde_json::{Value, json};
use std::time::Duration;

fn claims() -> Described {
    let claims = json!({"name": "x", "version": "0", "protocol": "deepshare-adapter/1", "operations": ["drelu", "party", "plan"],
        "backends": ["gmw"], "widths": [8, 32], "levels": ["plaintext", "transcript"], "profiles": []});
    serde_json::from_value(claims).unwrap()
}

fn case(level: &str, operation: &str, input: Value) -> Case {
    let case = json!({"id": "t/a", "comment": "", "clauses": ["DS-VAL-1"], "flags": [], "level": level,
        "operation": operation, "input": input, "steps": [], "expect": {"output": {}}});
    serde_json::from_value(case).unwrap()
}

#[test]
fn what_is_claimed_is_asked() {
    let reason = |level, operation, input| not_asked(&claims(), &case(level, operation, input));
    let because = |what: &str| Some(format!("not claimed: {what}"));
    assert_eq!(reason("plaintext", "drelu", json!({"width": 8})), None);
    assert_eq!(reason("plaintext", "drelu", json!({"width": 9})), because("width 9"));
    assert_eq!(reason("plaintext", "affine", json!({"width": 8})), because("operation affine"));
    assert_eq!(reason("ideal", "drelu", json!({"width": 8})), because("level ideal"));
    assert_eq!(reason("plaintext", "plan", json!({"plan": {"width": 9}})), because("width 9"));
    assert_eq!(reason("plaintext", "plan", json!({"text": "{"})), None);
    let party = |backend, width| json!({"backend": backend, "network": {"plan": {"width": width}}});
    assert_eq!(reason("transcript", "party", party("gmw", 32)), None);
    assert_eq!(reason("transcript", "party", party("ot", 32)), because("backend ot"));
    assert_eq!(reason("transcript", "party", party("gmw", 64)), because("width 64"));
    // everybody must reject what is no width
    assert_eq!(reason("plaintext", "drelu", json!({"width": 65})), None);
    assert_eq!(reason("plaintext", "drelu", json!({"width": 1})), None);
}

fn file(cases: Vec<Case>) -> VectorFile {
    let file = json!({"format": "deepshare-vectors/1.0.0", "spec": "deepshare/1", "generator": {"name": "", "version": ""},
        "topic": "t", "about": "", "encodings": {}, "canary": Canary::this(), "notes": {}, "cases": []});
    VectorFile { cases, ..serde_json::from_value(file).unwrap() }
}

fn failed() -> Verdict {
    let [place, clause, expected, found] = [(); 4].map(|()| String::new());
    Verdict::Failed(Box::new(Failure { kind: Kind::Output, place, clause, expected, found, hints: Vec::new() }))
}

fn release() -> Release {
    let [format, digest] = [(); 2].map(|()| String::new());
    Release { folder: Name::from("vectors"), format, digest, files: Vec::new() }
}

fn report<'a>(release: &'a Release, file: &'a VectorFile, verdicts: &[Verdict], whole: bool) -> Report<'a> {
    let result =
        |(case, verdict): (&'a Case, &Verdict)| CaseResult { case, verdict: verdict.clone(), took: Duration::ZERO };
    let cases = file.cases.iter().zip(verdicts).map(result).collect();
    Report {
        release,
        command: String::new(),
        claims: claims(),
        topics: vec![TopicResult { file, cases }],
        whole,
        remarks: Vec::new(),
    }
}

/// [DS-VEC-5]
#[test]
fn a_level_is_earned_if_all_its_cases_passed_and_backends_count_by_themselves() {
    let party = |backend| case("transcript", "party", json!({"backend": backend}));
    let file = file(vec![
        case("plaintext", "drelu", json!({})),
        case("transcript", "xof", json!({})),
        party("gmw"),
        party("ot"),
        party("fss"),
        case("transcript", "dcf-keys", json!({})),
    ]);
    let skipped = Verdict::Skipped("why".to_owned());
    let passed = Verdict::Passed;
    let of = |verdicts: [&Verdict; 6]| levels(&report(&release(), &file, &verdicts.map(Clone::clone), true));
    let found = of([&passed, &passed, &passed, &skipped, &passed, &failed()]);
    let levels = [
        ("plaintext", Standing::Earned),
        ("transcript fss", Standing::Failed),
        ("transcript fss-select", Standing::Failed),
        ("transcript gmw", Standing::Earned),
        ("transcript ot", Standing::Partial), // the case about the XOF counts for it, too
    ];
    assert_eq!(found, levels.map(|(name, standing)| (name.to_owned(), standing)));
    let found = of([&skipped, &failed(), &passed, &passed, &passed, &passed]);
    assert_eq!(found.first(), Some(&("plaintext".to_owned(), Standing::Skipped)));
    assert!(found.iter().skip(1).all(|(_, standing)| *standing == Standing::Failed), "{found:?}");
}

#[test]
fn a_topic_with_skips_is_partial_and_a_part_of_a_release_has_no_levels() {
    let file = file(vec![case("plaintext", "drelu", json!({})), case("plaintext", "drelu", json!({}))]);
    let skipped = |why: &str| Verdict::Skipped(why.to_owned());
    let standing = |verdicts: [Verdict; 2]| topics(&report(&release(), &file, &verdicts, true)).first().unwrap().1;
    assert_eq!(standing([Verdict::Passed, Verdict::Passed]), Standing::Earned);
    assert_eq!(standing([Verdict::Passed, skipped("a")]), Standing::Partial);
    assert_eq!(standing([skipped("a"), skipped("a")]), Standing::Skipped);
    assert_eq!(standing([skipped("a"), failed()]), Standing::Failed);
    assert_eq!(Standing::of(Counts::default()), Standing::Skipped);
    assert_eq!(levels(&report(&release(), &file, &[Verdict::Passed, Verdict::Passed], false)), []);
    let verdicts = [skipped("a"), skipped("b"), skipped("b"), Verdict::Passed];
    assert_eq!(skips(&verdicts), [("b", 2), ("a", 1)]);
}
