//! Relations that outputs satisfy whatever their coins, and what is told of one that does not hold. [DS-VEC-6]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests stop like the tests themselves")]

use super::fixture::case;
use crate::adapter::protocol::Answer;
use crate::conform::{Kind, Verdict, compare};
use serde_json::{Value, json};

/// Where a relation of a case with two seeds does not hold in this output, what is due, and what was found; nothing if it does.
fn broken(relation: &Value, output: &Value) -> Option<[String; 3]> {
    match verdict(relation, &json!({"id": 0, "output": output})) {
        Verdict::Passed => None,
        Verdict::Failed(failure) => {
            assert_eq!((failure.kind, failure.clause.as_str()), (Kind::Relation, "DS-VAL-1"));
            Some([failure.place, failure.expected, failure.found])
        }
        Verdict::Skipped(why) => panic!("{why}"),
    }
}

/// What an answer to a case with two seeds and a relation is worth.
fn verdict(relation: &Value, answer: &Value) -> Verdict {
    let mut case = case("ideal", "shared-input", json!({"width": 8, "seeds": ["00", "01"]}));
    case.expect = serde_json::from_value(json!({"relations": [relation]})).unwrap();
    let answer: Answer = serde_json::from_value(answer.clone()).unwrap();
    compare(&case, &answer.reply().unwrap(), true)
}

fn run(server: &[&str], client: &[&str]) -> Value {
    json!({"server": server, "client": client})
}

fn found(relation: &Value, output: &Value) -> [String; 2] {
    let [_, expected, found] = broken(relation, output).unwrap();
    [expected, found]
}

#[test]
fn shares_reconstruct_in_every_run() {
    let relation = json!({"relation": "reconstructs", "field": "runs", "width": 8, "elements": ["1", "250"]});
    let first = run(&["200", "0"], &["57", "250"]);
    let of = |second: Value| json!({"runs": [first, second]});
    assert_eq!(broken(&relation, &of(run(&["0", "1"], &["1", "249"]))), None);
    let wrong = broken(&relation, &of(run(&["0", "1"], &["1", "250"]))).unwrap();
    assert_eq!(wrong, ["relation `reconstructs` of runs", "element 1: 250 (-6)", "run 1: 251 (-5)"]);
    for (server, client) in [(&["1"][..], &["0", "250"][..]), (&["1", "250"], &["0"])] {
        let [expected, told] = found(&relation, &of(run(server, client)));
        let counts = format!("run 1: {} of the server and {} of the client", server.len(), client.len());
        assert_eq!((expected.as_str(), told), ("shares of 2 elements", counts));
    }
    let no_ring = json!({"relation": "reconstructs", "field": "runs", "width": 65, "elements": []});
    assert_eq!(found(&no_ring, &of(run(&[], &[]))), ["a ring width", "the vector's width 65"]);
}

#[test]
fn elements_are_representatives() {
    let relation = json!({"relation": "range", "field": "outputs[1]", "width": 8});
    let of = |second: Value| json!({"outputs": [[], [run(&["255"], &["0"]), second]]});
    assert_eq!(broken(&relation, &of(run(&["0"], &["255"]))), None);
    let wrong = broken(&relation, &of(run(&["0", "256"], &["255"]))).unwrap();
    let [place, expected, told] = wrong.each_ref().map(String::as_str);
    assert_eq!((place, expected), ("relation `range` of outputs[1]", "elements of [0, 2^8)"));
    assert_eq!(told, "run 1: element 1 of the server is 256");
    assert_eq!(found(&relation, &of(run(&[], &["256"])))[1], "run 1: element 0 of the client is 256");
}

#[test]
fn runs_have_coins_of_their_own() {
    let relation = json!({"relation": "fresh", "field": "runs"});
    let of = |runs: [Value; 2]| json!({"runs": runs});
    assert_eq!(broken(&relation, &of([run(&["1"], &["2"]), run(&["2"], &["2"])])), None);
    let wrong = broken(&relation, &of([run(&["1"], &["2"]), run(&["1"], &["3"])])).unwrap();
    let told = "runs 0 and 1 have the same server's elements [\"1\"]";
    assert_eq!(wrong, ["relation `fresh` of runs", "runs with coins of their own", told]);
}

/// As many runs as seeds.
#[test]
fn there_must_be_runs() {
    let relation = json!({"relation": "fresh", "field": "runs"});
    assert_eq!(found(&relation, &json!({})), ["a list of runs", "nothing"]);
    assert_eq!(found(&relation, &json!({"runs": [run(&[], &[])]})), ["2 runs, one for each seed", "1 runs"]);
    let [expected, told] = found(&relation, &json!({"runs": [["1"]]}));
    assert_eq!(expected, "a list of runs, each shares");
    assert!(!told.is_empty());
    let second = json!({"relation": "fresh", "field": "outputs[2]"});
    assert_eq!(found(&second, &json!({"outputs": [[], []]})), ["a list of runs", "nothing"]);
    let error = json!({"id": 0, "error": {"code": "party/closed"}});
    let Verdict::Failed(failure) = verdict(&relation, &error) else { panic!("an error is no run") };
    assert_eq!((failure.kind, failure.found.as_str()), (Kind::Error, "the error party/closed"));
}
