//! Counterexamples are vectors: every lemma can be written as one, and each fault's fails with the fault alone.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests stop like the tests themselves")]

mod common;

use common::deepshare;
use deepshare_conformance::faults::{Fault, find};
use deepshare_conformance::operations;
use deepshare_conformance::printable::Name;
use deepshare_conformance::prove::draws::Draws;
use deepshare_conformance::prove::{Counterexample, Decision, Lemma, Proof, faults, registry, vector};
use deepshare_conformance::steps::Right;
use deepshare_conformance::vectors::check::difference;
use deepshare_conformance::vectors::file::VectorFile;
use deepshare_conformance::vectors::generate::{add, release};
use deepshare_reference::values::Width;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::path::Path;

/// A counterexample with these values, in hexadecimal.
fn counterexample(lemma: &Lemma, width: u32, values: &[(&str, &str)]) -> Counterexample {
    Counterexample {
        lemma: lemma.name.clone(),
        clause: lemma.clause.to_owned(),
        fault: None,
        width,
        query: format!("{} at k = {width}", lemma.name),
        values: values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
    }
}

/// Values at k = 8 that each fault on bits gets wrong, found by hand.
const BY_HAND: [(&str, &str, [&str; 2]); 8] = [
    ("carry-of-lowest-position-dropped", "carry/semantics/tree", ["7f", "1"]),
    ("carry-not-passed-on-at-odd-levels", "carry/semantics/tree", ["7f", "1"]),
    ("carry-high-and-low-swapped", "carry/semantics/tree", ["40", "40"]),
    ("carry-waiting-run-lost", "carry/semantics/tree", ["40", "40"]),
    ("carry-both-bits-pass-on", "carry/semantics/tree", ["60", "60"]),
    ("both-subtract-one", "open/gmw/positive", ["1", "0"]),
    ("nobody-subtracts-one", "open/gmw/positive", ["0", "0"]),
    ("both-add-half", "truncate/gmw/f=1", ["0", "0"]),
];

/// The vector file of a fault's counterexample: found by hand for bits, by the engine for words.
fn written(fault: &Fault) -> VectorFile {
    let found = match BY_HAND.iter().find(|(name, _, _)| *name == fault.name) {
        Some((_, lemma, [x0, x1])) => {
            counterexample(&registry::find(lemma).unwrap(), 8, &[("x0_1", *x0), ("x1_1", *x1)])
        }
        None => registry::all().iter().find_map(|lemma| by_engine(lemma, fault)).unwrap(),
    };
    vector::file(fault, &found).unwrap_or_else(|error| panic!("{}: {error}", fault.name))
}

fn by_engine(lemma: &Lemma, fault: &Fault) -> Option<Counterexample> {
    let Proof::Words { decide, .. } = &lemma.proof else { return None };
    match decide(fault.steps).unwrap() {
        Decision::Fails(found) => Some(found),
        Decision::Holds { .. } => None,
    }
}

/// Which operation besides `lemma` shows the fault.
fn also(fault: &str) -> Option<&'static str> {
    match fault {
        "both-subtract-one" | "nobody-subtracts-one" => Some("shared-activation"),
        "both-add-half" => Some("shared-truncation"),
        name if name.starts_with("carry-") => Some("carry"),
        _ => None,
    }
}

fn run(arguments: &[&str], file: &Path) -> common::Ran {
    let path = file.to_str().unwrap();
    deepshare(&arguments.iter().copied().chain([path]).collect::<Vec<_>>())
}

/// [DS-PROVE-6] Each fault's file is a vector file of a release that the reference replays; with the fault every case
/// fails, and the difference leads to the fault's clause.
#[test]
fn every_fault_has_a_vector_that_fails_with_it_alone() {
    let mut files = Vec::new();
    for fault in faults::applicable() {
        let file = written(fault);
        let asked: Vec<&str> = file.cases.iter().map(|case| case.operation.as_str()).collect();
        assert_eq!(asked, ["lemma"].into_iter().chain(also(fault.name)).collect::<Vec<_>>(), "{}", fault.name);
        for case in &file.cases {
            assert_eq!(difference(case, &Right), None, "{}", case.id);
            let failed = difference(case, fault.steps).unwrap_or_else(|| panic!("{} passes", case.id));
            assert!(case.operation != "lemma" || failed.ends_with(&format!("[{}]", fault.clause)), "{failed}");
        }
        files.push((format!("{}.json", fault.name), file));
    }
    files.sort_by(|(left, _), (right, _)| left.cmp(right));
    let folder = tempfile::tempdir().unwrap();
    add(&release(&files), folder.path()).unwrap();
    let said = run(&["vectors", "check"], folder.path()).success();
    let cases: usize = files.iter().map(|(_, file)| file.cases.len()).sum();
    assert!(said.contains(&format!("{cases} of {cases} cases replayed")), "{said}");
    let said = run(&["prove", "--replay"], &folder.path().join("nobody-subtracts-one.json")).success();
    let lines: Vec<&str> = said.lines().collect();
    let [exact, failed, asked, asked_failed] = *lines.as_slice() else { panic!("{said}") };
    let id = "nobody-subtracts-one/open-gmw-positive-8";
    assert_eq!(exact, format!("{id}-lemma without a fault holds"));
    assert!(failed.starts_with(&format!("{id}-lemma with nobody-subtracts-one fails: ")), "{said}");
    assert!(failed.contains("expected \"0\", found \"1\""), "{said}");
    assert_eq!(asked, format!("{id}-shared-activation without a fault holds"));
    assert!(asked_failed.starts_with(&format!("{id}-shared-activation with nobody-subtracts-one fails: ")), "{said}");
}

/// The command on lemmas that need no solver: it writes a release, or says that no lemma refutes. [DS-PROVE-5]
#[test]
fn the_command_writes_vectors() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let prove = |fault, lemma| deepshare(&["prove", "--fault", fault, "--lemma", lemma, "--counterexamples", path]);
    prove("bit-not-complemented", "apply/gmw/one").success();
    run(&["prove", "--replay"], &folder.path().join("bit-not-complemented.json")).success();
    let said = run(&["vectors", "check"], folder.path()).success();
    assert!(said.contains("1 of 1 case replayed"), "{said}");
    let stops = prove("nobody-subtracts-one", "activate/fss/one/");
    assert_eq!(stops.code, 1, "a program that stops with the fault is no error of the proof: {}", stops.stderr);
    assert!(stops.stderr.contains("[cli/unproved]"), "{}", stops.stderr);
}

/// [DS-PROVE-8] A file that says otherwise is an error: its result is wrong, or its fault does not fail.
#[test]
fn a_replay_that_comes_out_otherwise_is_an_error() {
    let mut wrong = written(find("nobody-subtracts-one").unwrap());
    wrong.cases.truncate(1);
    let text = |file: &VectorFile| serde_json::to_string(file).unwrap();
    let mut idle = wrong.clone();
    let name = Name::from("found.json");
    assert!(vector::replay_file(&name, &text(&wrong)).is_ok());
    wrong.cases[0].expect.output = Some(json!({"elements": ["1"]}));
    idle.cases[0].flags = vec!["both-add-half".to_owned()];
    idle.notes.insert("both-add-half".to_owned(), idle.notes["nobody-subtracts-one"].clone());
    for file in [wrong, idle.clone()] {
        assert_eq!(vector::replay_file(&name, &text(&file)).unwrap_err().code(), "cli/vectors-differ");
    }
    idle.cases[0].flags = vec!["typo".to_owned()];
    idle.notes.insert("typo".to_owned(), idle.notes["nobody-subtracts-one"].clone());
    assert_eq!(vector::replay_file(&name, &text(&idle)).unwrap_err().code(), "prove/no-fault");
}

/// Values at which nothing fails are no counterexample, and no vector is written.
#[test]
fn values_that_do_not_fail_make_no_vector() {
    let lemma = registry::find("open/gmw/positive").unwrap();
    let found = counterexample(&lemma, 8, &[("x0_1", "5")]);
    let error = vector::file(find("nobody-subtracts-one").unwrap(), &found).unwrap_err();
    assert_eq!(error.code(), "prove/no-counterexample");
}

/// The draws of a lemma at a width, where all variables are zero.
fn draws(lemma: &Lemma, width: Width) -> Draws {
    lemma.run(&Right, width, &[].into()).unwrap().draws
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3, ..ProptestConfig::default() })]

    /// [DS-PROVE-7] Every lemma's program can be asked with its draws, and gives what its statement demands.
    #[test]
    fn every_lemma_is_a_case(width in 2_u64..=64, value in any::<u64>()) {
        let width = Width::new(width).unwrap();
        for lemma in registry::all() {
            let names = draws(&lemma, width).assignment();
            let values = names.into_keys().zip(0_u64..).map(|(name, number)| {
                let mixed = value.wrapping_mul(2 * number + 1);
                // only 1 is read as a bit that is set, so every third value is 0 or 1
                (name, u128::from(width.reduce(mixed) & if number % 3 == 0 { 1 } else { u64::MAX }))
            });
            let outcome = lemma.run(&Right, width, &values.collect()).unwrap();
            let input = json!({"lemma": lemma.name, "width": width.bits(), "draws": outcome.draws});
            let answer = operations::run(&Right, "lemma", input).result.unwrap();
            let expected: Vec<String> = outcome.expected.iter().map(u64::to_string).collect();
            prop_assert_eq!(answer, json!({"elements": expected}), "{}", lemma.name);
        }
    }
}

/// Draws that are not those of the program are refused: one too few, one too many, and another type.
#[test]
fn other_draws_are_refused() {
    let lemma = registry::find("open/gmw/positive").unwrap();
    let right = json!(draws(&lemma, Width::new(2).unwrap()));
    let ask = |draws: &Value| {
        let answer = operations::run(&Right, "lemma", json!({"lemma": lemma.name, "width": 2, "draws": draws}));
        answer.result.map_err(|refusal| refusal.refused.code)
    };
    assert!(ask(&right).is_ok());
    let changes: [fn(&mut Value); 5] = [
        |draws| draws["x0"] = json!([]),
        |draws| draws["x0"] = json!([["0"], ["0"]]),
        |draws| draws["x0"] = json!(["0"]),
        |draws| draws["x0"] = json!([["4"]]),
        |draws| draws["x2"] = json!([["0"]]),
    ];
    for change in changes {
        let mut other = right.clone();
        change(&mut other);
        assert_eq!(ask(&other), Err("adapter/request".to_owned()), "{other}");
    }
    let answer = operations::run(&Right, "lemma", json!({"lemma": "open/nobody", "width": 2, "draws": {}}));
    assert_eq!(answer.result.unwrap_err().refused.code, "prove/no-lemma");
}
