//! Every input and every split at the smallest widths: gates, their use by other elements, truncation by every shift;
//! real world under several seeds, ideal world under adversaries of both parties.
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
use deepshare_reference::backend::run::{Outcome, Session, Sides, gmw, ideal_with};
use deepshare_reference::party::Role;
use deepshare_reference::party::xof::Seed;
use deepshare_reference::plan::StepConvention;
use deepshare_reference::primitives::ideal::Leakage;
use deepshare_reference::values::{Ranges, Ring, RingVector, Width};
use maps::MapSpec;
use script::{Call, Script, Secrets, reconstruct};
use values::{ring, width};

const STEPS: [StepConvention; 2] = [StepConvention::Nonnegative, StepConvention::Positive];
const SEEDS: u8 = 4;

/// All pairs of shares of R_k: element i has the low k bits of i as the server's share, the next k as the client's.
fn all_shares(width: Width) -> [Ring; 2] {
    let cases = 0_u64..1 << (2 * width.bits());
    [Ring::new(width, cases.clone().collect()), Ring::new(width, cases.map(|i| i >> width.bits()).collect())]
}

/// Runs a script on given shares and private vectors: in the real world under several seeds, and in the ideal world
/// under every constant adversary; all must give `expected`, and the adversary must hear exactly `leaks`.
fn check(script: &Script, sides: &Sides<Ring>, expected: &[Vec<u64>], leaks: &[Leakage]) {
    for seed in 0..SEEDS {
        let outcome = gmw(script, sides.clone(), &Seed([seed; 32]), Session::default()).unwrap();
        assert!(reconstruct(&outcome.outputs) == expected, "gmw, k = {}, seed {seed}", script.width);
    }
    for corrupted in [Role::Server, Role::Client] {
        for bit in [false, true] {
            let adversary = Constant::new(corrupted, bit);
            let outcome = ideal_with(script, sides.clone(), adversary.clone(), Session::default()).unwrap();
            let what = format!("k = {}, {corrupted} corrupted, shares of {bit}", script.width);
            assert!(reconstruct(&outcome.outputs) == expected, "{what}");
            assert_eq!(*adversary.leaked.borrow(), leaks, "{what}");
            chosen(&outcome, corrupted, if bit { script.width.mask() } else { 0 });
        }
    }
}

/// The corrupted party's shares are those that the adversary chose.
fn chosen(outcome: &Outcome<Ring>, corrupted: Role, share: u64) {
    let own = if corrupted == Role::Server { &outcome.outputs.server } else { &outcome.outputs.client };
    assert!(own.iter().flat_map(|x| x.elements()).all(|&x| x == share), "{corrupted} got another share");
}

/// What the script gives in the clear on given shares.
fn plain(script: &Script, sides: &Sides<Ring>) -> Vec<Vec<u64>> {
    let shares = sides.server.iter().zip(&sides.client).take(script.shared.len());
    let shared = shares.map(|(s, c)| s.add(c).unwrap()).collect();
    script.plain(&Secrets { shared, weights: sides.server[script.shared.len()..].to_vec(), inputs: vec![] })
}

/// Every input and split of a prototype's own element: DReLU(x) * x.
#[test]
fn every_split_of_every_prototype() {
    for k in 2..=4 {
        for step in STEPS {
            let [s, c] = all_shares(width(k));
            let n = s.len();
            let calls = vec![
                Call::Activate { step, x: 0, earlier: vec![], served: Ranges::all(n), elements: 0 },
                Call::Open { step, x: 0 },
                Call::Apply { groups: vec![1], served: Ranges::all(n), x: 0 },
            ];
            let script = Script { width: width(k), shared: vec![n], calls };
            let sides = Sides { server: vec![s], client: vec![c] };
            let open = |id| Leakage::Open { id, gates: n };
            let apply = |id| Leakage::Apply { ids: vec![id], elements: n };
            check(&script, &sides, &plain(&script, &sides), &[open(0), apply(0), open(1), apply(1)]);
        }
    }
}

/// Every input and split of the gate with every input and split of the element that it serves: 2^(4k) cases.
#[test]
fn every_gate_serves_every_element() {
    for k in 2..=4 {
        for step in STEPS {
            let [s, c] = all_shares(width(k));
            let n = s.len();
            let (elements, gates) =
                ([&s, &c].map(|x| x.repeat(1, n).unwrap()), [&s, &c].map(|x| x.repeat(n, 1).unwrap()));
            let ([es, ec], [gs, gc]) = (elements, gates);
            let calls = vec![
                Call::Open { step, x: 0 },
                Call::Apply { groups: vec![0], served: Ranges::all(n * n), x: 1 },
                Call::Apply { groups: vec![0], served: Ranges::all(n * n), x: 2 }, // once more, as in a later layer
            ];
            let script = Script { width: width(k), shared: vec![n * n; 2], calls };
            let sides = Sides { server: vec![gs, es], client: vec![gc, ec] };
            let leaks = [
                Leakage::Open { id: 0, gates: n * n },
                Leakage::Apply { ids: vec![0], elements: n * n },
                Leakage::Apply { ids: vec![0], elements: n * n },
            ];
            check(&script, &sides, &plain(&script, &sides), &leaks);
        }
    }
}

/// The bit itself at every input, by both conventions: 0 is on for `nonnegative` only, and -2^(k-1) for `positive` only
/// (the ring's wrap-around). What it serves is the constant 1.
#[test]
fn the_bit_of_every_input() {
    for k in 2..=7 {
        let (w, n) = (width(k), 1_usize << k);
        let half = 1_u64 << (k - 1);
        for (step, on) in [
            (StepConvention::Nonnegative, (0..half).collect::<Vec<u64>>()),
            (StepConvention::Positive, (1..=half).collect()),
        ] {
            let x = Ring::new(w, (0..1 << k).collect());
            let one = ring(w, &vec![1; n]);
            let calls = vec![Call::Activate { step, x: 0, earlier: vec![], served: Ranges::all(n), elements: 1 }];
            let script = Script { width: w, shared: vec![n, n], calls };
            let secrets = Secrets { shared: vec![x, one], ..Secrets::default() };
            let expected: Vec<u64> = (0..1 << k).map(|x| u64::from(on.contains(&x))).collect();
            let leaks = [Leakage::Open { id: 0, gates: n }, Leakage::Apply { ids: vec![0], elements: n }];
            check(&script, &secrets.sides(9), &[expected], &leaks);
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
            let sides = Sides { server: vec![s], client: vec![c] };
            check(&script, &sides, &plain(&script, &sides), &[Leakage::Truncate { elements: n, shift }]);
        }
    }
}

/// Every weight and every split of every input of a 1 x 1 map; and what F_Linear leaks.
#[test]
fn every_product_of_a_weight_and_an_input() {
    for k in 2..=4 {
        let [s, c] = all_shares(width(k));
        let n = s.len();
        let input = deepshare_reference::values::Shape::new(1, 1, 1).unwrap();
        let map = MapSpec::Dense { input, outputs: 1 };
        for weight in 0..1 << k {
            let calls = vec![Call::Linear { map: map.clone(), x: 0, batch: n }];
            let script = Script { width: width(k), shared: vec![n], calls };
            let weights = Ring::new(width(k), vec![weight]);
            let sides = Sides { server: vec![s.clone(), weights], client: vec![c.clone()] };
            let leaks = [Leakage::Weights { weights: 1 }, Leakage::Linear { batch: n, outputs: n }];
            check(&script, &sides, &plain(&script, &sides), &leaks);
        }
    }
}
