//! Operations on shares: which relations a case states. [DS-VEC-6]
#![allow(clippy::unwrap_used, reason = "helpers of tests stop like the tests themselves")]

use crate::operations::protocol::shared::{coins, stated};
use crate::operations::{Refusal, find};
use crate::vectors::case::Relation;
use deepshare_reference::values::Width;
use serde_json::{Value, json};

#[test]
fn freshness_takes_64_bits_of_coins() {
    for (bits, fewest) in [(2, 32), (3, 22), (8, 8), (63, 2), (64, 1)] {
        let width = Width::new(bits).unwrap();
        assert!(coins(width, fewest) && !coins(width, fewest - 1), "{bits} bits");
    }
}

/// Whether the truncation of so many elements of 8 bits states that shares are fresh.
fn fresh(shift: u32, elements: usize) -> bool {
    let zeros = vec!["0"; elements];
    let input = json!({"width": 8, "shift": shift, "x": {"server": zeros, "client": zeros}, "seeds": []});
    let relations = find("shared-truncation").unwrap().relations(input).unwrap().unwrap();
    relations.iter().any(|relation| matches!(relation, Relation::Fresh { .. }))
}

/// A shift by 0 is local: no coins enter.
#[test]
fn a_truncation_is_fresh_if_it_shifts_and_is_large_enough() {
    assert_eq!([fresh(1, 8), fresh(7, 9), fresh(1, 7), fresh(0, 8), fresh(0, 7)], [true, true, false, false, false]);
}

/// What the specification rejects has an error instead of relations; what is no input at all is refused.
#[test]
fn an_input_that_is_rejected_states_nothing() {
    assert!(stated(Err(Refusal::request("both shares have as many elements"))).is_err());
    let relations = |x: Value, shift: u32| {
        let input = json!({"width": 8, "shift": shift, "x": x, "seeds": []});
        find("shared-truncation").unwrap().relations(input).map_err(|refusal| refusal.refused.code)
    };
    assert_eq!(relations(json!({"server": ["0"], "client": ["0"]}), 8), Ok(None), "no such shift");
    assert!(relations(json!({"server": ["256"], "client": ["0"]}), 1).is_err(), "no element of 8 bits");
}
