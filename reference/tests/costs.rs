//! What the protocols cost, measured on transcripts, against formulas of public parameters.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/maps.rs"]
mod maps;
#[path = "common/measure.rs"]
mod measure;
#[path = "common/script.rs"]
mod script;
#[path = "common/values.rs"]
mod values;

use deepshare_reference::backend::run::{gmw, gmw_cost};
use deepshare_reference::party::Phase;
use deepshare_reference::party::transcript::{Cost, Transcript};
use deepshare_reference::values::Shape;
use maps::MapSpec;
use measure::{apply, open};
use script::Call;

/// The transcript of calls on shared vectors, measured; shapes alone must give the same.
fn measure(k: u64, shared: &[usize], weights: &[usize], calls: Vec<Call>) -> Transcript {
    measure::measure((gmw, gmw_cost), &Phase::ALL, k, [shared, weights], calls)
}

fn ceil_log2(n: u64) -> u64 {
    (0..).find(|&log| 1 << log >= n).unwrap()
}

/// 2 L + 4 (L - 1) - 2 ceil(log2 L), L = k - 1: the online bits of opening a gate, both parties together.
fn opening(k: u64) -> u64 {
    let l = k - 1;
    2 * l + 4 * (l - 1) - 2 * ceil_log2(l)
}

/// Its offline bits: 4 a leaf; 4 a node, and 4 more if it has a p; the masked bit as a bit and as a ring element.
fn dealing(k: u64) -> u64 {
    let l = k - 1;
    let (nodes, spine) = (l - 1, ceil_log2(l));
    4 * l + 4 * nodes + 4 * (nodes - spine) + 2 + 2 * k
}

/// Both parties send the same.
fn assert_symmetric(cost: Cost) {
    assert_eq!(cost.server_bits, cost.client_bits);
    assert_eq!(cost.trusted_bits, 0);
}

/// [DS-AND-1] [DS-AND-2] [DS-AND-3] [DS-AND-4] [DS-COST-1]
#[test]
fn one_drelu_at_every_width() {
    for k in 2..=64 {
        for gates in [1_usize, 7, 65] {
            let n = gates as u64;
            let transcript = measure(k, &[gates], &[], vec![open(0)]);
            let online = transcript.cost(Phase::Online);
            assert_eq!(online.bits(), n * opening(k), "k = {k}");
            assert_eq!(u64::from(online.rounds), ceil_log2(k - 1) + 1, "k = {k}");
            assert_symmetric(online);
            let offline = transcript.cost(Phase::Offline);
            assert_eq!((offline.trusted_bits, offline.bits()), (n * dealing(k), n * dealing(k)), "k = {k}");
        }
    }
    assert_eq!((opening(64), opening(32)), (362, 172));
}

/// 2 bits a gate for delta, and 2k bits an element; 4k bits of material an element. [DS-GMW-3]
#[test]
fn serving_elements_at_every_width() {
    for k in 2..=64 {
        for fan_out in 1..=3_usize {
            let (gates, n) = (5, 5 * fan_out);
            let transcript = measure(k, &[gates, n], &[], vec![open(0), apply(gates, fan_out, 1)]);
            let online = transcript.cost(Phase::Online);
            assert_eq!(online.bits(), 5 * (opening(k) + 2) + n as u64 * 2 * k, "k = {k}");
            assert_eq!(u64::from(online.rounds), ceil_log2(k - 1) + 2, "k = {k}");
            assert_eq!(transcript.step_cost("apply/delta").bits(), 2 * 5);
            assert_eq!(transcript.step_cost("apply/epsilon").bits(), n as u64 * 2 * k);
            assert_eq!(transcript.cost(Phase::Offline).bits(), 5 * dealing(k) + n as u64 * 4 * k);
            assert_symmetric(online);
        }
    }
}

#[test]
fn the_figures_of_the_specification() {
    let cost = |k| measure(k, &[1], &[], vec![open(0), apply(1, 1, 0)]).cost(Phase::Online);
    assert_eq!((cost(64).bits(), cost(64).rounds), (362 + 2 + 128, 8));
    assert_eq!((cost(32).bits(), cost(32).rounds), (172 + 2 + 64, 7));
}

/// Each later use costs 2k bits an element and one round, and opens no delta. [DS-GMW-5]
#[test]
fn a_later_layer_sends_no_delta() {
    for k in [2, 8, 32, 64] {
        let gates = 3;
        let mut calls = vec![open(0), apply(gates, 1, 0)];
        let first = measure(k, &[gates], &[], calls.clone());
        for later in 1..=3_u64 {
            calls.push(apply(gates, 1, usize::try_from(later).unwrap()));
            let transcript = measure(k, &[gates], &[], calls.clone());
            let (before, now) = (first.cost(Phase::Online), transcript.cost(Phase::Online));
            assert_eq!(now.bits() - before.bits(), later * 3 * 2 * k, "k = {k}");
            assert_eq!(u64::from(now.rounds - before.rounds), later, "k = {k}");
            let deltas = transcript.entries().iter().filter(|entry| entry.step == "apply/delta").count();
            assert_eq!(deltas, 2, "delta is opened once: one frame each way, in the gate's first use");
            let added = transcript.cost(Phase::Offline).bits() - first.cost(Phase::Offline).bits();
            assert_eq!(added, later * 3 * 4 * k, "k = {k}");
            let masks = transcript.entries().iter().filter(|entry| entry.step.starts_with("gate/deal-mask")).count();
            assert_eq!(masks, 4, "a gate has one mask: as bit and as ring element, one frame to each party");
        }
    }
}

/// The openings of products in trees, level by level: a node opens g_lo, and p_hi and p_lo if they are not open yet.
/// Leaves' p are open; a tree whose lowest pair has no p keeps a spine without.
fn products(trees: &[(u64, bool)]) -> (u64, u64) {
    let leaf = |i: u64, spine: bool| (i > 0 || !spine, true);
    let mut forest: Vec<Vec<(bool, bool)>> =
        trees.iter().map(|&(leaves, spine)| (0..leaves).map(|i| leaf(i, spine)).collect()).collect();
    let (mut openings, mut rounds) = (0, 0);
    while forest.iter().any(|tree| tree.len() > 1) {
        rounds += 1;
        for tree in &mut forest {
            let pair = |pair: &[(bool, bool)]| match *pair {
                [(low_p, low_open), (_, high_open)] => {
                    openings += 1 + u64::from(!high_open) + u64::from(low_p && !low_open);
                    (low_p, false)
                }
                _ => pair[0],
            };
            *tree = tree.chunks(2).map(pair).collect();
        }
    }
    (openings, rounds)
}

#[test]
fn the_closed_form_counts_the_trees_openings() {
    for k in 2..=64 {
        let (openings, rounds) = products(&[(k - 1, true)]);
        assert_eq!(2 * (k - 1) + 2 * openings, opening(k), "k = {k}");
        assert_eq!(rounds, ceil_log2(k - 1));
    }
}

/// Leaves, two trees at once, the node over them, and the two masked carries.
#[test]
fn truncation_at_every_width_and_shift() {
    for k in 2..=64 {
        for shift in 0..k {
            let call = Call::Truncate { x: 0, shift: u32::try_from(shift).unwrap() };
            let online = measure(k, &[3], &[], vec![call]).cost(Phase::Online);
            if shift == 0 {
                assert_eq!((online.bits(), online.rounds), (0, 0));
                continue;
            }
            let (openings, rounds) = products(&[(shift, true), (k - shift, false)]);
            let over = 1 + u64::from(k - shift > 1); // the high root's p is open only if it is a leaf
            assert_eq!(online.bits(), 3 * 2 * (k + openings + over + 2), "k = {k}, f = {shift}");
            assert_eq!(u64::from(online.rounds), 1 + rounds + 1 + 1, "k = {k}, f = {shift}");
            assert!(online.bits() <= 3 * 8 * k, "about 8k bits an element");
            assert_symmetric(online);
        }
    }
}

/// k bits a weight once a session, k bits an input element from the client only; one round.
#[test]
fn linear_layers() {
    for (k, batch) in [(2, 1), (32, 2), (64, 3)] {
        let map = MapSpec::Dense { input: Shape::new(2, 3, 1).unwrap(), outputs: 4 };
        let transcript = measure(k, &[6 * batch], &[24], vec![Call::Linear { map, x: 0, batch }]);
        let (session, online) = (transcript.cost(Phase::Session), transcript.cost(Phase::Online));
        assert_eq!((session.trusted_bits, session.server_bits, session.client_bits), (24 * k, 24 * k, 0));
        let b = batch as u64;
        assert_eq!((online.server_bits, online.client_bits, online.rounds), (0, 6 * b * k, 1));
        assert_eq!(transcript.cost(Phase::Offline).trusted_bits, (6 + 2 * 4) * b * k);
    }
}

/// [DS-IO-1] [DS-COST-2]
#[test]
fn inputs_and_outputs() {
    let transcript = measure(7, &[], &[], vec![Call::Input { len: 5 }, Call::Output { x: 0 }]);
    let online = transcript.cost(Phase::Online);
    assert_eq!((online.client_bits, online.server_bits, online.trusted_bits), (35, 35, 0));
    assert_eq!((online.rounds, online.frames), (2, 2));
    let headers: u64 = transcript.entries().iter().map(|entry| 39 + entry.step.len() as u64).sum();
    assert_eq!(online.wire_bytes, headers + 2 * 5); // 35 bits are 5 bytes
}
