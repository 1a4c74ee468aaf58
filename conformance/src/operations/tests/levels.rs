//! The levels of a tree of carries, as steps are told them. [DS-CARRY-1]
#![allow(clippy::unwrap_used, reason = "helpers of tests stop like the tests themselves")]

use crate::operations::run;
use crate::steps::{Pair, Right, Steps};
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Mutex;

/// Right steps that note the levels of nodes and of pairs that wait.
#[derive(Default)]
struct Noted(Mutex<[BTreeSet<usize>; 2]>);

impl Steps for Noted {
    fn node(&self, level: usize, high: Pair, low: Pair) -> Pair {
        self.0.lock().unwrap()[0].insert(level);
        Right.node(level, high, low)
    }

    fn waiting(&self, level: usize, pair: Pair) -> Pair {
        self.0.lock().unwrap()[1].insert(level);
        Right.waiting(level, pair)
    }
}

/// Five positions are three at level 1, two at level 2 and one at level 3; one waits at the first two.
#[test]
fn levels_are_counted_from_1() {
    let (single, sweep) = (Noted::default(), Noted::default());
    run(&single, "carry", json!({"server": "10110", "client": "01101"})).result.unwrap();
    run(&sweep, "sweep", json!({"function": "carry", "bits": 5})).result.unwrap();
    for noted in [single, sweep] {
        assert_eq!(noted.0.into_inner().unwrap(), [BTreeSet::from([1, 2, 3]), BTreeSet::from([1, 2])]);
    }
}
