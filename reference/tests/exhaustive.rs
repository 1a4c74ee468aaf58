//! Every input and every split at the smallest widths: gates, their use by other elements, truncation by every shift;
//! extreme values at every width. Real protocols under several seeds; the ideal world, and `ot` over F_OT and F_COT,
//! under adversaries of both parties.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/adversary.rs"]
mod adversary;
#[path = "common/comparison.rs"]
mod comparison;
#[path = "common/maps.rs"]
mod maps;
#[path = "common/script.rs"]
mod script;
#[path = "common/values.rs"]
mod values;

use adversary::Constant;
use comparison::{leaks_of_linear, leaks_of_opening, leaks_of_serving, leaks_of_truncation};
use deepshare_reference::backend::run::{Outcome, Session, Sides, gmw, ideal_with};
use deepshare_reference::backend::run_fss::{fss, fss_hybrid};
use deepshare_reference::backend::run_ot::{ot, ot_hybrid, ot_on_ideal_base};
use deepshare_reference::gate::fss::Serving;
use deepshare_reference::party::Role;
use deepshare_reference::party::coins::SeedCoins;
use deepshare_reference::party::xof::Seed;
use deepshare_reference::plan::StepConvention;
use deepshare_reference::primitives::ideal::Leakage;
use deepshare_reference::values::{Ranges, Ring, RingVector, Width};
use maps::MapSpec;
use script::{Call, Script, Secrets, reconstruct};
use values::{boundaries, ring, split, width};

const STEPS: [StepConvention; 2] = [StepConvention::Nonnegative, StepConvention::Positive];
const SEEDS: u8 = 4;

fn bits(k: u64) -> usize {
    usize::try_from(k).unwrap()
}

/// All pairs of shares of R_k: element i has the low k bits of i as the server's share, the next k as the client's.
fn all_shares(width: Width) -> [Ring; 2] {
    let cases = 0_u64..1 << (2 * width.bits());
    [Ring::new(width, cases.clone().collect()), Ring::new(width, cases.map(|i| i >> width.bits()).collect())]
}

/// What adversaries hear: from the functionalities of the ideal world, and from F_OT and F_COT under `ot`.
struct Leaks {
    ideal: Vec<Leakage>,
    ot: Vec<Leakage>,
}

/// Runs a script on given shares and private vectors: over the real protocols under several seeds (one, where that is slow); in the ideal world, and
/// in that of F_OT and F_COT, under every constant adversary. All must give `expected`, and adversaries hear `leaks`.
fn check(script: &Script, sides: &Sides<Ring>, expected: &[Vec<u64>], leaks: &Leaks) {
    let lanes: usize = script.shared.iter().sum();
    let seeds = if lanes > 10_000 || script.width.bits() > 7 { 1 } else { SEEDS };
    for seed in 0..SEEDS {
        let outcome = gmw(script, sides.clone(), &Seed([seed; 32]), Session::default()).unwrap();
        assert!(reconstruct(&outcome.outputs) == expected, "gmw, k = {}, seed {seed}", script.width);
    }
    for seed in 0..seeds {
        let outcome = ot_on_ideal_base(script, sides.clone(), &Seed([seed; 32]), Session::default()).unwrap();
        assert!(reconstruct(&outcome.outputs) == expected, "ot, k = {}, seed {seed}", script.width);
    }
    for (serving, seed) in [(Serving::Payload, 0), (Serving::Select, 1)] {
        let outcome = fss(script, sides.clone(), serving, &Seed([seed; 32]), Session::default()).unwrap();
        assert!(reconstruct(&outcome.outputs) == expected, "{}, k = {}", serving.backend(), script.width);
    }
    for corrupted in [Role::Server, Role::Client] {
        for bit in [false, true] {
            let adversary = Constant::new(corrupted, bit);
            let outcome = ideal_with(script, sides.clone(), adversary.clone(), Session::default()).unwrap();
            let what = format!("k = {}, {corrupted} corrupted, shares of {bit}", script.width);
            assert!(reconstruct(&outcome.outputs) == expected, "{what}");
            assert_eq!(*adversary.leaked.borrow(), leaks.ideal, "{what}");
            chosen(&outcome, corrupted, if bit { script.width.mask() } else { 0 });

            let adversary = Constant::new(corrupted, bit);
            let coins = |role| SeedCoins::new(&Seed([u8::from(bit); 32]), "ot", role);
            let coins = (coins(Role::Server), coins(Role::Client));
            let outcome = ot_hybrid(script, sides.clone(), coins, adversary.clone(), Session::default()).unwrap();
            assert!(reconstruct(&outcome.outputs) == expected, "F_OT, {what}");
            assert_eq!(*adversary.leaked.borrow(), leaks.ot, "F_OT, {what}");

            for serving in [Serving::Payload, Serving::Select] {
                let adversary = Constant::new(corrupted, bit);
                let coins = |role| SeedCoins::new(&Seed([u8::from(bit); 32]), "fss", role);
                let coins = (coins(Role::Trusted), coins(Role::Client));
                let session = Session::default();
                let outcome = fss_hybrid(script, sides.clone(), serving, coins, adversary.clone(), session).unwrap();
                assert!(reconstruct(&outcome.outputs) == expected, "F_DCF, {}, {what}", serving.backend());
                assert_eq!(*adversary.leaked.borrow(), compared(script, serving), "F_DCF, {what}");
            }
        }
    }
}

/// What F_DCF leaks under `fss`: of gates, and of truncations; all else has no comparison.
fn compared(script: &Script, serving: Serving) -> Vec<Leakage> {
    let k = script.width.bits();
    let compare = |keys, input_bits, payload| Leakage::Compare { keys, input_bits, payload };
    let of = |call: &Call| match call {
        Call::Open { x, .. } => vec![compare(script.shared[*x], k - 1, script.shared[*x])],
        Call::Activate { x, served, .. } => {
            let paid = if serving == Serving::Payload { served.len() } else { 0 };
            vec![compare(script.shared[*x], k - 1, script.shared[*x] + paid)]
        }
        Call::Truncate { x, shift } if *shift > 0 => {
            let n = script.shared[*x];
            vec![compare(n, *shift, n), compare(n, k, n)]
        }
        _ => vec![],
    };
    script.calls.iter().flat_map(of).collect()
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

/// Every input and split of a prototype's own element: DReLU(x) * x. [DS-DRELU-1] [DS-GMW-1] [DS-OT-30]
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
            let once = [leaks_of_opening(bits(k), n), leaks_of_serving(n)].concat();
            let leaks = Leaks { ideal: vec![open(0), apply(0), open(1), apply(1)], ot: [once.clone(), once].concat() };
            check(&script, &sides, &plain(&script, &sides), &leaks);
        }
    }
}

/// Every input and split of the gate with every input and split of the element that it serves: 2^(4k) cases.
/// [DS-GATE-1] [DS-GMW-2] [DS-GMW-4] [DS-OT-31]
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
            let apply = Leakage::Apply { ids: vec![0], elements: n * n };
            let leaks = Leaks {
                ideal: vec![Leakage::Open { id: 0, gates: n * n }, apply.clone(), apply],
                ot: [leaks_of_opening(bits(k), n * n), leaks_of_serving(n * n), leaks_of_serving(n * n)].concat(),
            };
            check(&script, &sides, &plain(&script, &sides), &leaks);
        }
    }
}

/// The bit itself at every input, by both conventions: 0 is on for `nonnegative` only, and -2^(k-1) for `positive` only
/// (the ring's wrap-around). What it serves is the constant 1. [DS-DRELU-2] [DS-FSS-11] [DS-IDEAL-3]
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
            let leaks = Leaks {
                ideal: vec![Leakage::Open { id: 0, gates: n }, Leakage::Apply { ids: vec![0], elements: n }],
                ot: [leaks_of_opening(bits(k), n), leaks_of_serving(n)].concat(),
            };
            check(&script, &secrets.sides(9), &[expected], &leaks);
        }
    }
}

/// floor(x / 2^f) of every input under every split, for every f.
/// [DS-TRUNC-3] [DS-BIT-1] [DS-BIT-2] [DS-OT-40] [DS-FSS-20] [DS-IDEAL-4]
#[test]
fn every_split_of_every_truncation() {
    for k in 2..=6 {
        for shift in 0..u32::try_from(k).unwrap() {
            let [s, c] = all_shares(width(k));
            let n = s.len();
            let script = Script { width: width(k), shared: vec![n], calls: vec![Call::Truncate { x: 0, shift }] };
            let sides = Sides { server: vec![s], client: vec![c] };
            let leaks = Leaks {
                ideal: vec![Leakage::Truncate { elements: n, shift }],
                ot: leaks_of_truncation(bits(k), shift as usize, n),
            };
            check(&script, &sides, &plain(&script, &sides), &leaks);
        }
    }
}

/// Every weight and every split of every input of a 1 x 1 map; and what F_Linear leaks.
/// [DS-LIN-7] [DS-LIN-8] [DS-OT-50] [DS-IDEAL-5]
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
            let leaks = Leaks {
                ideal: vec![Leakage::Weights { weights: 1 }, Leakage::Linear { batch: n, outputs: n }],
                ot: leaks_of_linear(bits(k), n, n),
            };
            check(&script, &sides, &plain(&script, &sides), &leaks);
        }
    }
}

/// -2, -1, 0, 1, 2, the smallest two and the largest value under 8 splits, four of them special, at every width: as gates
/// by either convention, serving themselves, and truncated. [DS-AND-2] [DS-AND-4]
#[test]
fn extremes_at_every_width() {
    for k in 2..=64_u64 {
        let w = width(k);
        let (values, splits) = (ring(w, &boundaries(w)), 8_usize);
        let n = values.len() * splits;
        let sides = (0..splits as u64).map(|seed| split(&values, seed));
        let (server, client): (Vec<Ring>, Vec<Ring>) = sides.map(|[s, c]| (s, c)).unzip();
        let joined = |parts: &[Ring]| Ring::new(w, parts.iter().flat_map(|x| x.elements().to_vec()).collect());
        let [server, client] = [joined(&server), joined(&client)];
        let shift = u32::try_from(1 + k % 5 * (k - 2) / 4).unwrap();
        let [gates, again] = [0, 1].map(|id| {
            let ideal = [Leakage::Open { id, gates: n }, Leakage::Apply { ids: vec![id], elements: n }];
            (ideal, [leaks_of_opening(bits(k), n), leaks_of_serving(n)].concat())
        });
        let truncate = vec![Leakage::Truncate { elements: n, shift }];
        let leaks = Leaks {
            ideal: [gates.0.to_vec(), again.0.to_vec(), truncate].concat(),
            ot: [gates.1, again.1, leaks_of_truncation(bits(k), shift as usize, n)].concat(),
        };
        let activate = |step| Call::Activate { step, x: 0, earlier: vec![], served: Ranges::all(n), elements: 0 };
        let calls = vec![activate(STEPS[0]), activate(STEPS[1]), Call::Truncate { x: 0, shift }];
        let script = Script { width: w, shared: vec![n], calls };
        let sides = Sides { server: vec![server], client: vec![client] };
        check(&script, &sides, &plain(&script, &sides), &leaks);
    }
}

/// The same from real base OTs up: every split of every prototype at k = 4, and of every truncation by 2 bits.
#[test]
fn every_split_on_real_base_ots() {
    let [s, c] = all_shares(width(4));
    let n = s.len();
    let activate = |step| Call::Activate { step, x: 0, earlier: vec![], served: Ranges::all(n), elements: 0 };
    let calls = vec![activate(STEPS[0]), activate(STEPS[1]), Call::Truncate { x: 0, shift: 2 }];
    let script = Script { width: width(4), shared: vec![n], calls };
    let sides = Sides { server: vec![s], client: vec![c] };
    let outcome = ot(&script, sides.clone(), &Seed([5; 32]), Session::default()).unwrap();
    assert!(reconstruct(&outcome.outputs) == plain(&script, &sides));
}
