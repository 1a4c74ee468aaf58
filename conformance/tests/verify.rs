//! Every input and every coin, the part that takes seconds: exact counts of views, real and simulated, and the leaks that
//! are planted. [DS-EXH-1] [DS-EXH-9]
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::deepshare;
use deepshare_conformance::verify::check::Case;
use deepshare_conformance::verify::gates::{From, Service};
use deepshare_conformance::verify::leaks;
use deepshare_conformance::verify::pieces::WithDealer;
use deepshare_conformance::verify::registry::{QUICK_BITS, all, execution_bits};
use deepshare_reference::party::Role;
use deepshare_reference::values::Width;

const PARTIES: [Role; 2] = [Role::Server, Role::Client];

/// Each case of at most 2^18 executions, for either corrupted party: counts of real and ideal world are equal; whole calls
/// and pieces. [DS-EXH-2] [DS-EXH-3] [DS-EXH-4]
#[test]
fn small_cases_are_perfectly_simulated() {
    let mut checked = 0;
    for case in all().unwrap() {
        let bits = execution_bits(&case).unwrap();
        if bits > QUICK_BITS {
            continue;
        }
        for corrupted in PARTIES {
            let row = case.check(corrupted, || {}).unwrap();
            assert_eq!(row.difference, None, "{}, {corrupted} corrupted", case.title());
            assert_eq!(row.executions, 1 << bits, "{}", case.title());
        }
        checked += 1;
    }
    assert!(checked >= 56, "only {checked} cases are small");
}

/// The sizes that are derived from the protocols: inputs and coins together. A gate has 2k input bits; 3 coin bits a leaf,
/// 3 or 6 a node, 2 + k for its mask. An element has 3k coin bits; it starts from 2 bits of d and 2k of x.
/// In `ot` a gate has one coin bit, its carry's, and an element 2k.
/// [DS-EXH-6]
#[test]
fn cases_have_the_derived_sizes() {
    let of_gmw = [
        ("step bit over F_And", 2, 5),
        ("step bit over F_And", 3, 9),
        ("step bit over F_And", 4, 13),
        ("step bit over F_And", 5, 18),
        ("step bit over F_And", 6, 22),
        ("step bit", 2, 7),
        ("step bit", 3, 15),
        ("step bit", 4, 23),
        ("gate", 2, 11),
        ("gate", 3, 20),
        ("gate", 4, 29),
        ("apply", 2, 16),
        ("apply", 3, 22),
        ("apply", 4, 28),
        ("apply later, from every state", 3, 22),
        ("apply later, from every state", 4, 28),
        ("apply to two elements of a layer", 2, 26),
        ("apply in two layers", 2, 26),
        ("activation with a replicate", 2, 27),
        ("activation, later layer", 2, 27),
        ("truncate, f = 1", 2, 21),
    ];
    let of_ot = [
        ("activation", 2, 9),
        ("activation", 4, 17),
        ("activation, later layer", 4, 25),
        ("activation with a replicate", 3, 25),
        ("activation, another element in a later layer", 3, 25),
    ];
    let sizes = of_gmw.map(|size| ("gmw", size)).into_iter().chain(of_ot.map(|size| ("ot", size)));
    let cases = all().unwrap();
    for (backend, (name, width, bits)) in sizes {
        let mut named = cases.iter().filter(|case| (case.backend, case.width) == (backend, width) && case.name == name);
        let case = named.next().unwrap_or_else(|| panic!("there is no {name} at k = {width}"));
        assert_eq!(execution_bits(case).unwrap(), bits, "{name}, k = {width}");
    }
}

/// Every planted leak is found. A leak of the coins tells inputs apart. Without its defect, nothing is found.
#[test]
fn planted_leaks_are_found() {
    let mut count = 0;
    for mut leak in leaks::all().unwrap() {
        let evidence = leak.found().unwrap().unwrap_or_else(|| panic!("{} survives", leak.name));
        assert_eq!(evidence.tells.is_some(), leak.learns.is_some(), "{}", leak.name);
        println!("{}: {} corrupted, {}", leak.name, evidence.corrupted, evidence.difference.what);
        let in_coins = leak.case.fault.take().is_some() | leak.case.simulator_fault.take().is_some();
        if in_coins && execution_bits(&leak.case).unwrap() <= QUICK_BITS {
            assert_eq!(leak.found().unwrap(), None, "{} without its defect", leak.name);
        }
        count += 1;
    }
    assert!(count >= 10, "only {count} leaks are planted");
}

/// From every state that earlier uses leave, a later use tells nothing: no two inputs of the peer are told apart, its part
/// of the state included. [DS-EXH-5]
#[test]
fn a_later_use_tells_nothing_of_the_state() {
    let protocol = Service { width: Width::MIN, calls: vec![1], from: From::Used, masked_again: false };
    let protocol = Box::new(WithDealer(protocol));
    let case = Case { backend: "gmw", name: String::new(), width: 2, protocol, fault: None, simulator_fault: None };
    for corrupted in PARTIES {
        assert_eq!(case.check(corrupted, || {}).unwrap().difference, None);
        assert_eq!(case.tells(corrupted).unwrap(), None);
    }
}

/// The command's table has a row for each case and party, and its sum; what is not there to enumerate is an error.
/// [DS-EXH-8]
#[test]
fn the_command_reports_each_party_of_each_case() {
    let words = deepshare(&["verify", "exhaustive", "--quick", "--backend", "ot", "--width", "2"]).success();
    let cases = all()
        .unwrap()
        .into_iter()
        .filter(|case| (case.backend, case.width) == ("ot", 2) && execution_bits(case).unwrap() <= QUICK_BITS);
    assert_eq!(words.lines().filter(|line| line.ends_with(" equal")).count(), 2 * cases.count(), "{words}");
    let none = deepshare(&["verify", "exhaustive", "--backend", "ot", "--width", "8"]).rejected();
    assert!(none.contains("--backend ot --width 8 [cli/argument]"), "{none}");
}
