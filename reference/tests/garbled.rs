//! The backend `garbled` exhaustively at the smallest widths, at the boundaries of every width, in random scripts: from
//! base keys of F_BaseOT, and over F_Labels and F_COT under adversaries of both parties. [DS-GC-6] [DS-GC-30] [DS-GC-40]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/adversary.rs"]
mod adversary;
#[path = "common/maps.rs"]
mod maps;
#[path = "common/plans.rs"]
mod plans;
#[path = "common/script.rs"]
mod script;
#[path = "common/values.rs"]
mod values;

use adversary::Constant;
use deepshare_reference::backend::run::{Outcome, Session, Sides};
use deepshare_reference::backend::run_garbled::{garbled, garbled_cost, garbled_hybrid, garbled_on_ideal_base};
use deepshare_reference::party::coins::SeedCoins;
use deepshare_reference::party::transcript::Entry;
use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::{Phase, Role};
use deepshare_reference::plan::StepConvention;
use deepshare_reference::primitives::ideal::Leakage;
use deepshare_reference::values::{Ranges, Ring, RingVector, Shape, Width};
use maps::MapSpec;
use plans::{any_step, any_width};
use proptest::collection::vec;
use proptest::prelude::*;
use script::{Call, Script, Secrets, reconstruct, shapes};
use values::{any_raw, any_seed, any_split, boundaries, ring, split, width};

const STEPS: [StepConvention; 2] = [StepConvention::Nonnegative, StepConvention::Positive];

/// All pairs of shares of R_k: element i has the low k bits of i as the server's share, the next k as the client's.
fn all_shares(width: Width) -> [Ring; 2] {
    let cases = 0_u64..1 << (2 * width.bits());
    [Ring::new(width, cases.clone().collect()), Ring::new(width, cases.map(|i| i >> width.bits()).collect())]
}

/// What the script gives in the clear on given shares.
fn plain(script: &Script, sides: &Sides<Ring>) -> Vec<Vec<u64>> {
    let shared = sides.server.iter().zip(&sides.client).map(|(s, c)| s.add(c).unwrap()).collect();
    script.plain(&Secrets { shared, ..Secrets::default() })
}

/// Runs a script without linear layers over F_Labels and F_COT under an adversary; gives the outcome and what leaked.
fn hybrid(script: &Script, sides: &Sides<Ring>, corrupted: Role, bit: bool) -> (Outcome<Ring>, Vec<Leakage>) {
    let adversary = Constant::new(corrupted, bit);
    let coins = |role| SeedCoins::new(&Seed([u8::from(bit) + 3; 32]), "garbled", role);
    let coins = (coins(Role::Server), coins(Role::Client));
    let outcome = garbled_hybrid(script, sides.clone(), coins, adversary.clone(), Session::default()).unwrap();
    let leaked = adversary.leaked.borrow().clone();
    (outcome, leaked)
}

/// Runs a script in every world of `garbled`, under fewer seeds and adversaries where it is wide: all must give what it
/// gives in the clear, and adversaries hear `leaks`.
fn check(script: &Script, sides: &Sides<Ring>, leaks: &[Leakage]) {
    let expected = plain(script, sides);
    let (what, small) = (format!("k = {}", script.width), script.width.bits() < 8);
    for seed in 0..if small { 2 } else { 1 } {
        let outcome = garbled_on_ideal_base(script, sides.clone(), &Seed([seed; 32]), Session::default()).unwrap();
        assert!(reconstruct(&outcome.outputs) == expected, "{what}, seed {seed}");
    }
    for corrupted in [Role::Server, Role::Client] {
        for bit in [false, true].into_iter().filter(|bit| small || *bit == (corrupted == Role::Client)) {
            let (outcome, leaked) = hybrid(script, sides, corrupted, bit);
            assert!(reconstruct(&outcome.outputs) == expected, "F_Labels, {what}, {corrupted} corrupted, {bit}");
            assert_eq!(leaked, leaks, "{what}");
        }
    }
}

/// What F_Labels and F_COT leak when gates are opened on n elements at width k: the label of every low bit, COTs each way.
fn opening(k: u64, n: usize) -> Vec<Leakage> {
    let labels = Leakage::Labels { count: usize::try_from(k - 1).unwrap() * n };
    let prepare = |receiver| Leakage::Prepare { receiver, count: n };
    vec![labels, prepare(Role::Client), prepare(Role::Server)]
}

/// What F_COT leaks when n elements are served.
fn serving(n: usize) -> Vec<Leakage> {
    [Role::Client, Role::Server].map(|receiver| Leakage::Correlate { receiver, elements: n }).to_vec()
}

/// What F_Labels and F_COT leak of a truncation: the label of every bit, one COT a carry.
fn truncating(k: u64, shift: u32, n: usize) -> Vec<Leakage> {
    let (receiver, count) = (Role::Client, 2 * n);
    let labels = Leakage::Labels { count: usize::try_from(k).unwrap() * n };
    let all = vec![labels, Leakage::Prepare { receiver, count }, Leakage::Correlate { receiver, elements: count }];
    if shift == 0 { Vec::new() } else { all }
}

fn activate(step: StepConvention, n: usize) -> Call {
    Call::Activate { step, x: 0, earlier: vec![], served: Ranges::all(n), elements: 0 }
}

/// Every input under every split: DReLU(x) * x, and again as in a later layer. [DS-GC-30]
#[test]
fn every_split_of_every_prototype() {
    for k in 2..=6 {
        for step in STEPS {
            let [s, c] = all_shares(width(k));
            let n = s.len();
            let again = Call::Apply { groups: vec![0], served: Ranges::all(n), x: 0 };
            let script = Script { width: width(k), shared: vec![n], calls: vec![activate(step, n), again] };
            let sides = Sides { server: vec![s], client: vec![c] };
            check(&script, &sides, &[opening(k, n), serving(n), serving(n)].concat());
        }
    }
}

/// Every input and split of the gate with every input and split of the element that it serves: 2^(4k) cases.
#[test]
fn every_gate_serves_every_element() {
    for k in 2..=3 {
        for step in STEPS {
            let [s, c] = all_shares(width(k));
            let n = s.len();
            let [es, ec] = [&s, &c].map(|x| x.repeat(1, n).unwrap());
            let [gs, gc] = [&s, &c].map(|x| x.repeat(n, 1).unwrap());
            let calls =
                vec![Call::Open { step, x: 0 }, Call::Apply { groups: vec![0], served: Ranges::all(n * n), x: 1 }];
            let script = Script { width: width(k), shared: vec![n * n; 2], calls };
            let sides = Sides { server: vec![gs, es], client: vec![gc, ec] };
            check(&script, &sides, &[opening(k, n * n), serving(n * n)].concat());
        }
    }
}

/// floor(x / 2^f) of every input under every split, for every f.
#[test]
fn every_split_of_every_truncation() {
    for k in 2..=6 {
        for shift in 0..u32::try_from(k).unwrap() {
            let [s, c] = all_shares(width(k));
            let n = s.len();
            let script = Script { width: width(k), shared: vec![n], calls: vec![Call::Truncate { x: 0, shift }] };
            check(&script, &Sides { server: vec![s], client: vec![c] }, &truncating(k, shift, n));
        }
    }
}

/// 0, 1, -1, 2, -2, the smallest two and the largest value under 8 splits, four of them special, at every width.
#[test]
fn extremes_at_every_width() {
    for k in 2..=64_u64 {
        let w = width(k);
        let values = ring(w, &boundaries(w));
        let sides = (0..8_u64).map(|seed| split(&values, seed));
        let (server, client): (Vec<Ring>, Vec<Ring>) = sides.map(|[s, c]| (s, c)).unzip();
        let joined = |parts: &[Ring]| Ring::new(w, parts.iter().flat_map(|x| x.elements().to_vec()).collect());
        let sides = Sides { server: vec![joined(&server)], client: vec![joined(&client)] };
        let n = 8 * values.len();
        let [near, far] = [1, u32::try_from(k - 1).unwrap()];
        let truncate = |shift| Call::Truncate { x: 0, shift };
        let calls = vec![activate(STEPS[0], n), activate(STEPS[1], n), truncate(near), truncate(far)];
        let script = Script { width: w, shared: vec![n], calls };
        let gates = [opening(k, n), serving(n)].concat();
        let leaks = [gates.clone(), gates, truncating(k, near, n), truncating(k, far, n)].concat();
        check(&script, &sides, &leaks);
    }
}

/// From real base OTs up, with a dealer for the linear layer. [DS-GC-1]
#[test]
fn everything_on_real_base_ots() {
    let w = width(9);
    let map = MapSpec::Dense { input: Shape::new(1, 1, 3).unwrap(), outputs: 3 };
    let calls = vec![
        Call::Input { len: 3 },
        Call::Linear { map, x: 0, batch: 1 },
        Call::Activate { step: STEPS[1], x: 1, earlier: vec![], served: Ranges::all(3), elements: 1 },
        Call::Truncate { x: 2, shift: 3 },
        Call::Apply { groups: vec![0], served: Ranges::new(3, [(1, 2), (0, 1)]).unwrap(), x: 3 },
        Call::Output { x: 4 },
    ];
    let script = Script { width: w, shared: vec![], calls };
    let weights = vec![ring(w, &[1, -2, 3, -4, 5, -6, 7, -8, 9])];
    let secrets = Secrets { weights, inputs: vec![ring(w, &[5, -7, 11])], ..Secrets::default() };
    let outcome = garbled(&script, secrets.sides(9), &Seed([5; 32]), Session::default()).unwrap();
    let expected = script.plain(&secrets);
    assert_eq!(reconstruct(&outcome.outputs), expected);
    assert_eq!(outcome.outputs.client.last().unwrap().elements(), expected[4]);
    assert_eq!(outcome.outputs.client.len(), outcome.outputs.server.len() + 1, "only the client gets the output");
}

/// Nothing to do is done, and no party waits.
#[test]
fn no_elements_at_every_width() {
    for k in [2, 3, 64] {
        let empty = || vec![Ring::new(width(k), vec![])];
        let sides = Sides { server: empty(), client: empty() };
        let calls = vec![activate(STEPS[0], 0), Call::Truncate { x: 0, shift: 1 }];
        check(
            &Script { width: width(k), shared: vec![0], calls },
            &sides,
            &[opening(k, 0), serving(0), truncating(k, 1, 0)].concat(),
        );
    }
}

proptest! {
    #![proptest_config(values::cases(40))]

    /// Gates serve their own layer and later ones, in any order, between truncations; shapes cost what values cost.
    #[test]
    fn gates_serve_layers_later(
        width in any_width(), step in any_step(), raw in vec(any_raw(), 1..=66), shift in any::<u32>(),
        split in any_split(), seed in any_seed(),
    ) {
        let n = raw.len();
        let x = ring(width, &raw.iter().map(|&x| values::fit(width, x)).collect::<Vec<_>>());
        let both = Ranges::new(2 * n, [(n, n), (0, n), (n, n)]).unwrap();
        let calls = vec![
            activate(step, n),                                                        // 2
            Call::Truncate { x: 2, shift: shift % width.bits() },                     // 3
            Call::Apply { groups: vec![0], served: Ranges::all(n), x: 3 },            // 4
            Call::Activate { step, x: 4, earlier: vec![0], served: Ranges::new(2 * n, [(n, n)]).unwrap(), elements: 0 },
            Call::Apply { groups: vec![1, 0], served: both, x: 1 },
        ];
        let script = Script { width, shared: vec![n, 3 * n], calls };
        let secrets = Secrets { shared: vec![x.clone(), x.repeat(1, 3).unwrap()], ..Secrets::default() };
        let sides = secrets.sides(split);
        let outcome = garbled_on_ideal_base(&script, sides.clone(), &seed, Session::default()).unwrap();
        prop_assert_eq!(reconstruct(&outcome.outputs), script.plain(&secrets));
        let online = |entries: &[Entry]| -> Vec<Entry> {
            entries.iter().filter(|entry| entry.phase == Phase::Online).cloned().collect()
        };
        let cost = garbled_cost(&script, shapes(&sides)).unwrap();
        prop_assert_eq!(online(cost.entries()), online(outcome.transcript.entries()));
    }
}
