//! What is asked, and what is earned. [DS-ADAPT-2] [DS-ADAPT-7]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests stop like the tests themselves")]

use super::fixture::{case, claims, failed, file, release, report};
use crate::conform::Verdict;
use crate::conform::claims::{not_asked, oddities};
use crate::conform::earned::{Standing, levels, skips, topics};
use crate::conform::run::Counts;
use serde_json::json;

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
fn a_claim_that_nobody_knows_is_odd() {
    let mut claims = claims();
    assert!(oddities(&claims).is_empty());
    claims.operations.push("sing".to_owned());
    assert_eq!(oddities(&claims), ["it claims the operation \"sing\", which this harness does not know"]);
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
