//! The construction that solves extended XOR, on every pair of inputs of small rings and through every backend: a prototype
//! u1, and a replicate u2 whose affine gate (2, -1) gives (2 d - 1) u2. [DS-GATE-2] [DS-PLAN-4]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use deepshare_reference::backend::run::{Outcome, Session, Sides, gmw, ideal};
use deepshare_reference::backend::run_fss::fss;
use deepshare_reference::backend::run_garbled::{garbled, garbled_on_ideal_base};
use deepshare_reference::backend::run_ot::{ot, ot_on_ideal_base};
use deepshare_reference::gate::fss::Serving;
use deepshare_reference::network::Network;
use deepshare_reference::network::inference::Inference;
use deepshare_reference::network::semantics::integer;
use deepshare_reference::party::PartyError;
use deepshare_reference::party::xof::Seed;
use deepshare_reference::values::Ring;

type World = fn(&Inference, Sides<Ring>, &Seed, Session) -> Result<Outcome<Ring>, PartyError>;

/// Every backend; `ot` and `garbled` on base OTs from their functionality, which are real in a test of their own.
const WORLDS: [(&str, World); 6] = [
    ("ideal", |program, own, seed, session| ideal(program, own, seed, session)),
    ("gmw", |program, own, seed, session| gmw(program, own, seed, session)),
    ("ot", |program, own, seed, session| ot_on_ideal_base(program, own, seed, session)),
    ("fss", |program, own, seed, session| fss(program, own, Serving::Payload, seed, session)),
    ("fss-select", |program, own, seed, session| fss(program, own, Serving::Select, seed, session)),
    ("garbled", |program, own, seed, session| garbled_on_ideal_base(program, own, seed, session)),
];

/// Alpha and beta of the construction.
const GATE: [i64; 2] = [2, -1];

/// Two channels of so many neurons: u1, and u2 with an affine gate on u1's bit.
fn network(k: u32, step: &str, gates: &str, [alpha, beta]: [i64; 2], neurons: usize) -> Network {
    let text = format!(
        r#"{{"format": "deepshare-network/1", "name": "extended XOR", "input": {{"shape": [2, 1, {neurons}], "scale": 0}},
            "layers": [{{"name": "gate", "op": "activation", "from": "input", "layer": 0}}],
            "plan": {{"format": "deepshare-plan/1", "width": {k}, "step": "{step}", "layers": [
                {{"shape": [2, 1, {neurons}], "gates": "{gates}", "channels": [
                    {{"source": "prototype"}},
                    {{"source": {{"layer": 0, "channel": 0}}, "gate": {{"alpha": {alpha}, "beta": {beta}}}}}]}}]}}}}"#
    );
    Network::from_json(&text).unwrap()
}

/// The integers of k bits.
fn range(k: u32) -> std::ops::Range<i64> {
    let half = 1 << (k - 1);
    -half..half
}

/// Every pair (u1, u2) of integers of k bits.
fn pairs(k: u32) -> Vec<(i64, i64)> {
    range(k).flat_map(|u1| range(k).map(move |u2| (u1, u2))).collect()
}

/// All pairs as one image: channel u1, then channel u2.
fn image(pairs: &[(i64, i64)]) -> Vec<i64> {
    pairs.iter().map(|pair| pair.0).chain(pairs.iter().map(|pair| pair.1)).collect()
}

/// What a backend gives on all pairs: ReLU(u1), and (2 d - 1) u2.
fn outputs(world: World, network: &Network, pairs: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let outcome = world(&Inference::new(network, 1), sides(network, &image(pairs)), &Seed([7; 32]), Session::default());
    let values = outcome.unwrap().outputs.client[0].to_integers();
    let (relus, products) = values.split_at(pairs.len());
    relus.iter().copied().zip(products.iter().copied()).collect()
}

fn sides(network: &Network, image: &[i64]) -> Sides<Ring> {
    let image = Ring::from_integers(network.width(), image).unwrap();
    Sides { server: Inference::server_inputs(network).unwrap(), client: vec![image] }
}

/// Where the integers have a result its sign is the label, and every backend gives this very number.
fn solves(worlds: &[(&str, World)], k: u32, step: &str, gates: &str) {
    let (single, pairs) = (network(k, step, gates, GATE, 1), pairs(k));
    let all = network(k, step, gates, GATE, pairs.len());
    let expected: Vec<Option<Vec<i64>>> = pairs.iter().map(|&(u1, u2)| integer(&single, &[u1, u2]).ok()).collect();
    assert_eq!(expected.iter().filter(|result| result.is_none()).count(), without_result(k, step), "k = {k}, {step}");
    for (name, world) in worlds {
        let found = outputs(*world, &all, &pairs);
        for ((&(u1, u2), &(relu, y)), expected) in pairs.iter().zip(&found).zip(&expected) {
            let Some(expected) = expected else { continue };
            let place = format!("{name}, k = {k}, {step}, {gates} gates, u1 = {u1}, u2 = {u2}");
            assert_eq!(vec![relu, y], *expected, "{place}");
            assert!(u1 * u2 == 0 || y.signum() == (u1 * u2).signum(), "{place}: y = {y}");
        }
    }
}

/// Pairs without a result on integers. -u2 does not fit if u2 = -2^(k-1), where d = 0; and under `positive` u1 - 1 does not fit
/// if u1 = -2^(k-1).
fn without_result(k: u32, step: &str) -> usize {
    let (all, half) = (1 << k, 1 << (k - 1));
    if step == "positive" { all + half } else { half }
}

#[test]
fn every_pair_of_three_and_four_bits_through_every_backend() {
    for k in 3..=4 {
        for step in ["nonnegative", "positive"] {
            for gates in ["public", "private"] {
                solves(&WORLDS, k, step, gates);
            }
        }
    }
}

#[test]
fn every_pair_of_five_bits_through_every_backend() {
    solves(&WORLDS, 5, "nonnegative", "public");
}

/// On real base OTs.
#[test]
fn every_pair_of_three_bits_without_any_functionality() {
    let real: [(&str, World); 2] = [
        ("ot", |program, own, seed, session| ot(program, own, seed, session)),
        ("garbled", |program, own, seed, session| garbled(program, own, seed, session)),
    ];
    solves(&real, 3, "nonnegative", "public");
}

/// Without the affine gate the replicate is d u2: 0 on two quadrants, which is the failure that the chapter proves.
#[test]
fn the_default_gate_does_not_solve_it() {
    let plain = network(4, "nonnegative", "public", [1, 0], 1);
    let wrong = |&(u1, u2): &(i64, i64)| integer(&plain, &[u1, u2]).unwrap()[1].signum() != (u1 * u2).signum();
    let labelled = pairs(4).into_iter().filter(|(u1, u2)| u1 * u2 != 0);
    assert_eq!(labelled.filter(wrong).count(), 8 * 15, "u1 < 0 and u2 != 0");
}
