//! A few small scripts through every backend, in about a second: what they compute, that shapes cost what values cost,
//! and that adversaries of the hybrid worlds change no value. Other files do the same in breadth; this one is built and
//! run for every mutant of `.ci/mutants`, so it should stay small.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/adversary.rs"]
mod adversary;
#[path = "common/maps.rs"]
mod maps;
#[path = "common/script.rs"]
mod script;
#[path = "common/values.rs"]
mod values;

use adversary::Constant;
use deepshare_reference::backend::run::{Outcome, Session, Sides, gmw, gmw_cost, ideal, ideal_with};
use deepshare_reference::backend::run_fss::{fss, fss_cost, fss_hybrid};
use deepshare_reference::backend::run_garbled::{garbled_cost, garbled_hybrid, garbled_on_ideal_base};
use deepshare_reference::backend::run_ot::{ot_cost, ot_dealer, ot_dealer_cost, ot_hybrid, ot_on_ideal_base};
use deepshare_reference::gate::fss::Serving;
use deepshare_reference::party::coins::SeedCoins;
use deepshare_reference::party::transcript::{Entry, Transcript};
use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::{Phase, Role};
use deepshare_reference::plan::StepConvention::{Nonnegative, Positive};
use deepshare_reference::primitives::ideal::Leakage;
use deepshare_reference::values::{Ranges, Ring, Shape, Window};
use maps::MapSpec;
use script::{Call, Script, Secrets, reconstruct, shapes};
use std::collections::BTreeSet;
use values::{boundaries, fit, mix, ring, width};

/// A convolution with padding on two images of 2x2, gates of the first step convention that serve their elements and,
/// permuted, others; gates of the second beside them; truncations; input and output.
fn script(k: u64) -> (Script, Secrets) {
    let w = width(k);
    let window = Window { kernel: [2, 1], stride: [1, 1], padding: [1, 0], dilation: [1, 1] };
    let map = MapSpec::Convolution { input: Shape::new(1, 2, 2).unwrap(), out: 1, window, groups: 1 };
    let [weights, _, outputs] = map.sizes();
    let n = 2 * outputs; // 12 elements
    let low = u32::try_from(k).unwrap() - 1;
    let permuted = Ranges::new(n, [(n - 2, 2), (0, n - 2)]).unwrap();
    let both = Ranges::new(2 * n, [(n, n - 1), (0, 1)]).unwrap();
    let calls = vec![
        Call::Linear { map, x: 0, batch: 2 }, // 2
        Call::Activate { step: Nonnegative, x: 2, earlier: vec![], served: Ranges::all(n), elements: 2 }, // 3
        Call::Truncate { x: 2, shift: 1 },    // 4
        Call::Apply { groups: vec![0], served: permuted, x: 4 }, // 5
        Call::Activate { step: Positive, x: 1, earlier: vec![0], served: both, elements: 1 }, // 6
        Call::Truncate { x: 1, shift: low },  // 7
        Call::Open { step: Positive, x: 3 },
        Call::Apply { groups: vec![2, 1], served: Ranges::new(2 * n, [(0, 3), (n, 9)]).unwrap(), x: 6 }, // 8
        Call::Input { len: 3 },                                                                          // 9
        Call::Truncate { x: 9, shift: 0 },                                                               // 10
        Call::Output { x: 5 },
        Call::Output { x: 10 },
    ];
    let irregular = |salt: u64, len: usize| {
        let value = |i: u64| fit(w, i64::from_le_bytes(mix(salt + i).to_le_bytes()));
        ring(w, &(0..len as u64).map(value).collect::<Vec<_>>())
    };
    let extremes: Vec<i64> = boundaries(w).into_iter().cycle().take(n).collect();
    let secrets = Secrets {
        shared: vec![ring(w, &boundaries(w)), ring(w, &extremes)],
        weights: vec![irregular(7, weights)],
        inputs: vec![irregular(9, 3)],
    };
    (Script { width: w, shared: vec![8, n], calls }, secrets)
}

/// The extreme values of the widest ring: gates, and truncations by little and by much.
fn extremes() -> (Script, Secrets) {
    let w = width(64);
    let calls = vec![
        Call::Activate { step: Nonnegative, x: 0, earlier: vec![], served: Ranges::all(8), elements: 0 },
        Call::Activate { step: Positive, x: 0, earlier: vec![], served: Ranges::all(8), elements: 0 },
        Call::Truncate { x: 0, shift: 1 },
        Call::Truncate { x: 0, shift: 63 },
    ];
    let secrets = Secrets { shared: vec![ring(w, &boundaries(w))], ..Secrets::default() };
    (Script { width: w, shared: vec![8], calls }, secrets)
}

type World = fn(&Script, Sides<Ring>, &Seed, Session) -> Outcome<Ring>;

/// The widest ring takes longest and comes last.
fn computes(name: &str, widths: &[u64], world: World) {
    for &k in widths {
        let (script, secrets) = script(k);
        let outcome = world(&script, secrets.sides(5 + k), &Seed([3; 32]), Session::default());
        right(&format!("{name}, k = {k}"), &script.plain(&secrets), &outcome);
    }
    let (wide, secrets) = extremes();
    let outcome = world(&wide, secrets.sides(4), &Seed([2; 32]), Session::default());
    assert_eq!(reconstruct(&outcome.outputs), wide.plain(&secrets), "{name}, k = 64");
}

/// The shares reconstruct to what the script makes, and the client alone gets what it opens.
fn right(what: &str, expected: &[Vec<u64>], outcome: &Outcome<Ring>) {
    assert_eq!(reconstruct(&outcome.outputs), expected, "{what}");
    let opened = &outcome.outputs.client[outcome.outputs.server.len()..];
    assert_eq!(opened.len(), 2, "{what}: the client alone gets what is opened");
    assert_eq!(opened[0].elements(), expected[3], "{what}");
    assert_eq!(opened[1].elements(), expected[8], "{what}");
}

#[test]
fn gmw_computes() {
    computes("gmw", &[2, 3, 8], |script, own, seed, session| gmw(script, own, seed, session).unwrap());
}

#[test]
fn ideal_computes() {
    computes("ideal", &[2, 3, 8], |script, own, seed, session| ideal(script, own, seed, session).unwrap());
}

#[test]
fn ot_computes() {
    computes("ot", &[2, 5], |script, own, seed, session| ot_on_ideal_base(script, own, seed, session).unwrap());
}

#[test]
fn garbled_computes() {
    computes("garbled", &[2, 5], |script, own, seed, session| {
        garbled_on_ideal_base(script, own, seed, session).unwrap()
    });
}

#[test]
fn fss_computes() {
    computes("fss", &[2, 3, 8], |script, own, seed, session| {
        fss(script, own, Serving::Payload, seed, session).unwrap()
    });
    computes("select", &[2, 3, 8], |script, own, seed, session| {
        fss(script, own, Serving::Select, seed, session).unwrap()
    });
}

/// Real base OTs are slow, so at one width.
#[test]
fn ot_with_a_dealer_computes() {
    let (script, secrets) = script(8);
    let outcome = ot_dealer(&script, secrets.sides(6), &Seed([4; 32]), Session::default()).unwrap();
    assert_eq!(reconstruct(&outcome.outputs), script.plain(&secrets));
    let cost = ot_dealer_cost(&script, shapes(&secrets.sides(6))).unwrap();
    assert_eq!(public(&cost, |_| true), public(&outcome.transcript, |_| true));
}

/// What is public about the frames of some phases.
fn public(transcript: &Transcript, phase: fn(Phase) -> bool) -> Vec<String> {
    let text = |entry: &Entry| {
        let Entry { phase, round, from, to, step, content, wire_bytes, .. } = entry;
        format!("{} {round} {from} {to} {step} {content:?} {wire_bytes}", phase.name())
    };
    transcript.entries().iter().filter(|entry| phase(entry.phase)).map(text).collect()
}

/// [DS-COST-1]
#[test]
fn shapes_cost_what_values_cost() {
    let (script, secrets) = script(8);
    let (own, seed) = (secrets.sides(9), Seed([5; 32]));
    let all = |_: Phase| true;
    let online = |phase: Phase| phase == Phase::Online; // base OTs are ideal below
    let values = gmw(&script, own.clone(), &seed, Session::default()).unwrap().transcript;
    assert_eq!(public(&gmw_cost(&script, shapes(&own)).unwrap(), all), public(&values, all), "gmw");
    for serving in [Serving::Payload, Serving::Select] {
        let values = fss(&script, own.clone(), serving, &seed, Session::default()).unwrap().transcript;
        let cost = fss_cost(&script, shapes(&own), serving).unwrap();
        assert_eq!(public(&cost, all), public(&values, all), "{}", serving.backend());
    }
    let values = ot_on_ideal_base(&script, own.clone(), &seed, Session::default()).unwrap().transcript;
    assert_eq!(public(&ot_cost(&script, shapes(&own)).unwrap(), online), public(&values, online), "ot");
    let values = garbled_on_ideal_base(&script, own.clone(), &seed, Session::default()).unwrap().transcript;
    assert_eq!(public(&garbled_cost(&script, shapes(&own)).unwrap(), online), public(&values, online), "garbled");
}

/// Whatever shares the adversary of either party chooses. [DS-IDEAL-1]
#[test]
fn adversaries_change_no_value() {
    for (corrupted, bit, k) in [(Role::Server, true, 3), (Role::Client, true, 8), (Role::Client, false, 2)] {
        let (script, secrets) = script(k);
        let (expected, own) = (script.plain(&secrets), secrets.sides(k));
        let adversary = || Constant::new(corrupted, bit);
        let coins = |role| SeedCoins::new(&Seed([6; 32]), "hybrid", role);
        let pair = || (coins(Role::Server), coins(Role::Client));
        let session = Session::default;
        let check = |what: &str, outcome: Outcome<Ring>| {
            right(&format!("{what}, k = {k}, {corrupted}"), &expected, &outcome);
        };
        check("ideal", ideal_with(&script, own.clone(), adversary(), session()).unwrap());
        let hears = adversary();
        let leaked = hears.leaked.clone();
        check("F_OT", ot_hybrid(&script, own.clone(), pair(), hears, session()).unwrap());
        // a comparison's blocks have one to four bits; `exhaustive` has the whole list
        let choices = |leakage: &Leakage| match leakage {
            Leakage::Transfer { choices, .. } => Some(*choices),
            _ => None,
        };
        let choices: BTreeSet<usize> = leaked.borrow().iter().filter_map(choices).collect();
        assert!(!choices.is_empty() && choices.is_subset(&[2, 4, 8, 16].into()), "k = {k}: {choices:?}");
        check("F_Labels", garbled_hybrid(&script, own.clone(), pair(), adversary(), session()).unwrap());
        for serving in [Serving::Payload, Serving::Select] {
            check("F_DCF", fss_hybrid(&script, own.clone(), serving, pair(), adversary(), session()).unwrap());
        }
    }
}
