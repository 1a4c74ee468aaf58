//! Every tape of the dealer: correctness under all of them, the number of coin bits, and perfect privacy of what each
//! party sees.
//!
//! Correctness under every tape makes the honest party's output share the output minus the corrupted party's, which is
//! a function of its view. So the views' independence of the honest party's input, count for count, is the whole of
//! perfect privacy: a simulator runs the protocol with any honest input.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::cast_possible_truncation)] // small numbers of bits

#[path = "common/lanes.rs"]
mod lanes;
#[path = "common/maps.rs"]
mod maps;
#[path = "common/script.rs"]
mod script;
#[path = "common/values.rs"]
mod values;

use deepshare_reference::backend::run::{NoCoins, Session, Sides, gmw_with};
use deepshare_reference::party::coins::TapeCoins;
use deepshare_reference::party::transcript::Transcript;
use deepshare_reference::party::{PartyError, Role};
use deepshare_reference::plan::StepConvention;
use deepshare_reference::values::{Concrete, Ranges, Ring, RingVector, ValueError, Width};
use lanes::{dependence, digits, histograms, run, views};
use script::{Call, Script, Secrets, reconstruct};
use std::collections::BTreeMap;
use values::width;

const STEPS: [StepConvention; 2] = [StepConvention::Nonnegative, StepConvention::Positive];

/// Coin bits of opening one gate: 3 a leaf (two masks, one share of their product); for each node 3 (b, a share of it, a
/// share of a*b), and 3 more if it has a p (the next mask, a share of it, a share of a times p_lo's mask); the masked
/// bit and a share of it, and a ring share of it.
fn opening_bits(k: u32) -> u32 {
    let leaves = k - 1;
    let (mut nodes, mut propagating, mut pairs) = (0, 0, leaves);
    while pairs > 1 {
        nodes += pairs / 2;
        propagating += pairs / 2 - 1; // the lowest node of a level is on the spine
        pairs = pairs.div_ceil(2);
    }
    3 * leaves + 3 * nodes + 3 * propagating + 2 + k
}

/// Coin bits of serving one element: b, a share of it, a share of a*b.
fn serving_bits(k: u32) -> u32 {
    3 * k
}

/// One run on single elements with a tape.
fn run_tape(script: &Script, sides: Sides<Ring>, tape: TapeCoins) -> Result<(Vec<Vec<u64>>, Transcript), PartyError> {
    let session = Session { transcript: Transcript::observed(), ..Session::default() };
    let outcome = gmw_with::<Concrete, _, _, _>(script, sides, tape, NoCoins, session)?;
    Ok((reconstruct(&outcome.outputs), outcome.transcript))
}

fn activation(k: u64, step: StepConvention, n: usize) -> Script {
    let call = Call::Activate { step, x: 0, earlier: vec![], served: Ranges::all(n), elements: 0 };
    Script { width: width(k), shared: vec![n], calls: vec![call] }
}

fn one(width: Width, x: u64) -> Ring {
    Ring::new(width, vec![x])
}

/// A tape of exactly the derived length serves, and one that is a bit shorter is used up. [DS-GMW-6] [DS-GMW-8]
#[test]
fn a_gate_draws_the_derived_number_of_coin_bits() {
    for k in 2..=64_u64 {
        let bits = opening_bits(k as u32) + serving_bits(k as u32);
        let script = activation(k, StepConvention::Positive, 1);
        let sides = Secrets { shared: vec![one(width(k), 1)], ..Secrets::default() }.sides(9);
        let tape = |len: u32| TapeCoins::new(Role::Trusted, vec![0xA5C3_9E17_0F86_D2B4; 64], len as usize);
        assert_eq!(run_tape(&script, sides.clone(), tape(bits)).unwrap().0, [[1]], "k = {k}");
        let short = run_tape(&script, sides, tape(bits - 1)).unwrap_err();
        assert!(
            matches!(short, PartyError::Value { role: Role::Trusted, step: "coins", source: ValueError::Tape { .. } }),
            "{short}"
        );
        if [2, 3, 4, 32, 64].contains(&k) {
            let (open, serve) = (opening_bits(k as u32), serving_bits(k as u32));
            println!("k = {k}: {open} coin bits to open a gate, {serve} to serve an element");
        }
    }
}

/// Every tape, input and split, one run each: opening at k = 2 and 3 and, at k = 2, also serving. [DS-COIN-3]
#[test]
fn a_gate_is_correct_under_every_tape() {
    for step in STEPS {
        let w = width(2);
        let script = activation(2, step, 1);
        let bits = opening_bits(2) + serving_bits(2);
        for shares in 0..16_u64 {
            let sides = Sides { server: vec![one(w, shares)], client: vec![one(w, shares >> 2)] };
            let x = one(w, shares + (shares >> 2));
            let expected = script.plain(&Secrets { shared: vec![x], ..Secrets::default() });
            for tape in 0..1_u64 << bits {
                let coins = TapeCoins::new(Role::Trusted, vec![tape], bits as usize);
                assert_eq!(run_tape(&script, sides.clone(), coins).unwrap().0, expected, "{shares:04b} {tape:013b}");
            }
        }
    }
}

/// The lanes of one run are the runs of single tapes: the same frames, bit for bit.
#[test]
fn lanes_are_single_runs() {
    let (w, script) = (width(3), activation(3, StepConvention::Positive, 1));
    let bits = opening_bits(3) + serving_bits(3);
    let lanes = 1 << 12;
    let wide = activation(3, StepConvention::Positive, lanes);
    let sides = Sides { server: vec![digits(w, lanes, 2)], client: vec![digits(w, lanes, 5)] };
    let (outcome, drawn) = run(&wide, sides, 0);
    assert_eq!(drawn, bits);
    for lane in (0..lanes as u64).step_by(37) {
        let sides = Sides { server: vec![one(w, lane >> 2)], client: vec![one(w, lane >> 5)] };
        let (_, single) = run_tape(&script, sides, TapeCoins::new(Role::Trusted, vec![lane], bits as usize)).unwrap();
        for party in [Role::Server, Role::Client] {
            let all = views(&outcome.transcript, party, lanes);
            assert_eq!(all[lane as usize], views(&single, party, 1)[0], "lane {lane}, {party}");
        }
    }
}

/// Checks a script of one shared vector per `shared` under every tape and every pair of inputs: the outputs, the number
/// of coin bits, and that no party's view depends on the other's input.
fn exhaust(k: u32, vectors: u32, coin_bits: u32, calls: &dyn Fn(usize) -> Vec<Call>) {
    let own_bits = k * vectors;
    let lanes = 1_usize << (2 * own_bits + coin_bits);
    let w = width(u64::from(k));
    let script = Script { width: w, shared: vec![lanes; vectors as usize], calls: calls(lanes) };
    let side = |first: u32| (0..vectors).map(|i| digits(w, lanes, first + k * i)).collect::<Vec<Ring>>();
    let sides = Sides { server: side(0), client: side(own_bits) };
    let shared = sides.server.iter().zip(&sides.client).map(|(s, c)| s.add(c).unwrap()).collect();
    let expected = script.plain(&Secrets { shared, ..Secrets::default() });
    let (outcome, drawn) = run(&script, sides, 2 * own_bits);
    assert!(reconstruct(&outcome.outputs) == expected, "k = {k}: an output is wrong under some tape");
    let part = |first: u32| move |lane: u64| lane >> first & ((1 << own_bits) - 1);
    let server = histograms(&views(&outcome.transcript, Role::Server, lanes), part(0), part(own_bits));
    assert_eq!(dependence(&server), None, "server, k = {k}");
    let client = histograms(&views(&outcome.transcript, Role::Client, lanes), part(own_bits), part(0));
    assert_eq!(dependence(&client), None, "client, k = {k}");
    assert_eq!(drawn, coin_bits, "k = {k}");
}

/// Opening a gate: 2^11 cases at k = 2, 2^20 at k = 3. No bit of any view depends on the other party's share.
#[test]
fn opening_a_gate_is_perfectly_private() {
    for step in STEPS {
        for k in 2..=3 {
            exhaust(k, 1, opening_bits(k), &|_| vec![Call::Open { step, x: 0 }]);
        }
    }
}

/// Opening a gate and serving its own element: 2^17 cases at k = 2.
#[test]
fn an_activation_is_perfectly_private() {
    for step in STEPS {
        exhaust(2, 1, opening_bits(2) + serving_bits(2), &|n| {
            vec![Call::Activate { step, x: 0, earlier: vec![], served: Ranges::all(n), elements: 0 }]
        });
    }
}

/// Truncation by 1 bit at k = 2: 2^21 cases. Two leaves, one node, two masked bits.
#[test]
fn truncation_is_perfectly_private() {
    let bits = 2 * 3 + 3 + 2 * (2 + 2);
    exhaust(2, 1, bits, &|_| vec![Call::Truncate { x: 0, shift: 1 }]);
}

/// Two elements served by one gate at k = 2, together or by two calls: for every pair of inputs the openings
/// (eps_1, eps_2) are jointly uniform over the coins of serving, so they tell nothing about the two elements together.
/// [DS-GMW-5]
#[test]
fn two_elements_of_one_gate_open_under_independent_masks() {
    let w = width(2);
    let (fixed, free) = (opening_bits(2), 2 * serving_bits(2));
    let twice = Ranges::new(1, [(0, 1), (0, 1)]).unwrap();
    let step = StepConvention::Nonnegative;
    let together = vec![Call::Open { step, x: 0 }, Call::Apply { groups: vec![0], served: twice, x: 1 }];
    let apply = |x| Call::Apply { groups: vec![0], served: Ranges::all(1), x };
    let later = vec![Call::Open { step, x: 0 }, apply(1), apply(2)];
    for (calls, shared) in [(together, vec![1, 2]), (later, vec![1, 1, 1])] {
        let script = Script { width: w, shared: shared.clone(), calls };
        for (y1, y2) in [(0, 0), (0, 3), (1, 2), (3, 1)] {
            let elements =
                if shared.len() == 2 { vec![Ring::new(w, vec![y1, y2])] } else { vec![one(w, y1), one(w, y2)] };
            let shared = [one(w, 1)].into_iter().chain(elements).collect();
            let sides = Secrets { shared, ..Secrets::default() }.sides(9);
            let mut seen: BTreeMap<Vec<u64>, u32> = BTreeMap::new();
            for tape in 0..1_u64 << free {
                let tape = TapeCoins::new(Role::Trusted, vec![tape << fixed | 0b101_1010], (fixed + free) as usize);
                let (_, transcript) = run_tape(&script, sides.clone(), tape).unwrap();
                *seen.entry(epsilons(&transcript)).or_default() += 1;
            }
            assert_eq!(seen.len(), 16, "y = {y1}, {y2}: some pair of openings never occurs");
            assert!(seen.values().all(|&count| count == 1 << (free - 4)), "y = {y1}, {y2}: {seen:?}");
        }
    }
}

/// The opened eps of all elements: the sums of both parties' frames.
fn epsilons(transcript: &Transcript) -> Vec<u64> {
    let frames = |role| {
        let frames =
            transcript.entries().iter().filter(move |entry| entry.step == "apply/epsilon" && entry.from == role);
        frames.flat_map(|entry| {
            let bytes = entry.payload.clone().unwrap();
            (0..entry.content.count).map(move |i| u64::from(bytes[i / 4] >> (2 * (i % 4)) & 3)).collect::<Vec<u64>>()
        })
    };
    frames(Role::Server).zip(frames(Role::Client)).map(|(s, c)| (s + c) & 3).collect()
}

/// The check of independence sees a leak: views that contain a bit of the honest input.
#[test]
fn a_leaked_bit_is_seen() {
    let leaking: Vec<u128> = (0..16).map(|lane| lane >> 3 & 1).collect();
    let all = histograms(&leaking, |lane| lane & 3, |lane| lane >> 2);
    let found = "under own input 0 the views of honest inputs 0 and 2 differ";
    assert_eq!(dependence(&all).as_deref(), Some(found));
}
