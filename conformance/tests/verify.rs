//! Every input and every coin, the part that takes seconds: exact counts of views, real and simulated. [DS-EXH-1]
#![allow(clippy::unwrap_used, clippy::panic)]

use deepshare_conformance::verify::registry::{QUICK_BITS, all, execution_bits};
use deepshare_reference::party::Role;

/// Each case of at most 2^17 executions, for either corrupted party: real and ideal world agree.
#[test]
fn small_cases_are_perfectly_simulated() {
    for case in all().unwrap() {
        if execution_bits(&case).unwrap() > QUICK_BITS {
            continue;
        }
        for corrupted in [Role::Server, Role::Client] {
            let row = case.check(corrupted, || {}).unwrap();
            println!("{}: {} corrupted, {} executions, {} views", case.title(), corrupted, row.executions, row.views);
            assert_eq!(row.difference, None, "{}, {corrupted} corrupted", case.title());
        }
    }
}

#[test]
fn list() {
    for case in all().unwrap() {
        println!("{} 2^{}", case.title(), execution_bits(&case).unwrap());
    }
}
