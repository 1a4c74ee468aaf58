//! The functionalities one by one and in random order, in both worlds, against definitions in the clear: gates opened and
//! applied many times with any selection of several groups, truncation by every shift, linear maps, input and output.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/maps.rs"]
mod maps;
#[path = "common/plans.rs"]
mod plans;
#[path = "common/script.rs"]
mod script;
#[path = "common/values.rs"]
mod values;

use deepshare_reference::backend::run::{Outcome, Session, Sides, gmw, gmw_cost, ideal};
use deepshare_reference::backend::run_fss::{fss, fss_cost};
use deepshare_reference::backend::run_ot::ot_on_ideal_base;
use deepshare_reference::gate::fss::Serving;
use deepshare_reference::party::PartyError;
use deepshare_reference::party::xof::Seed;
use deepshare_reference::plan::StepConvention;
use deepshare_reference::values::{Ranges, Ring, RingVector, Shape, Width};
use maps::{MapSpec, any_map};
use plans::{any_step, any_width};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use script::{Call, Script, Secrets, reconstruct, shapes};
use values::{any_raw, any_seed, any_split, cases, mix, ring};

/// Lengths around the 64 elements of a word, and small ones.
fn any_len() -> impl Strategy<Value = usize> {
    prop_oneof![3 => 1_usize..=9, 1 => proptest::sample::select(vec![0_usize, 63, 64, 65, 127, 128, 130])]
}

/// `len` elements drawn from a pool of boundary values.
fn fill(width: Width, len: usize, pool: &[i64], salt: u64) -> Ring {
    let pick = |i: usize| usize::try_from(mix(salt ^ mix(i as u64)) % pool.len() as u64).unwrap();
    ring(width, &(0..len).map(|i| values::fit(width, pool[pick(i)])).collect::<Vec<_>>())
}

/// Runs a script in the ideal world and over `gmw`; one that is not large over `fss` in either form, and one of eight of
/// them over `ot`, which is slower. The parties' outputs must add up to the definition, and shapes must cost the same.
fn check(script: &Script, secrets: &Secrets, split: u64, seed: &Seed) {
    let expected = script.plain(secrets);
    let mut worlds = vec![("ideal", ideal::<Script> as World), ("gmw", gmw::<Script>)];
    let small = script.shared.iter().sum::<usize>() * script.calls.len() < 1500;
    match seed.0[1] % 2 {
        0 if small => {
            worlds.push(("fss", |script, own, seed, session| fss(script, own, Serving::Payload, seed, session)))
        }
        _ if small => {
            worlds.push(("fss-select", |script, own, seed, session| fss(script, own, Serving::Select, seed, session)))
        }
        _ => {}
    }
    if seed.0[0].is_multiple_of(8) && small {
        worlds.push(("ot", ot_on_ideal_base::<Script>));
    }
    for (name, world) in worlds {
        let outcome = world(script, secrets.sides(split), seed, Session::default()).unwrap();
        assert_eq!(reconstruct(&outcome.outputs), expected, "{name}");
        let opened: Vec<Vec<u64>> =
            outcome.outputs.client[expected.len()..].iter().map(|x| x.elements().to_vec()).collect();
        let outputs =
            script.calls.iter().filter_map(|call| if let Call::Output { x } = call { Some(*x) } else { None });
        let all: Vec<Vec<u64>> =
            secrets.shared.iter().map(|x| x.elements().to_vec()).chain(expected.iter().cloned()).collect();
        assert_eq!(opened, outputs.map(|x| all[x].clone()).collect::<Vec<_>>(), "{name}: opened to the client");
        assert_eq!(outcome.outputs.server.len(), expected.len(), "{name}: opened to the server");
        let sides = shapes(&secrets.sides(split));
        let cost = match name {
            "gmw" => Some(gmw_cost(script, sides)),
            "fss" => Some(fss_cost(script, sides, Serving::Payload)),
            "fss-select" => Some(fss_cost(script, sides, Serving::Select)),
            _ => None,
        };
        if let Some(cost) = cost {
            let cost = cost.unwrap();
            assert_eq!(cost.entries().len(), outcome.transcript.entries().len());
            assert!(cost.entries().iter().eq(outcome.transcript.entries()), "shapes cost otherwise");
        }
    }
}

type World = fn(&Script, Sides<Ring>, &Seed, Session) -> Result<Outcome<Ring>, PartyError>;

/// A random selection of `runs` from `source` gates; empty if there are none.
fn select(source: usize, runs: &[(Index, usize)]) -> Ranges {
    let mut ranges = Ranges::empty(source);
    for (start, len) in runs.iter().filter(|_| source > 0) {
        let start = start.index(source);
        ranges.push(start, (*len).min(source - start)).unwrap();
    }
    ranges
}

#[derive(Clone, Debug)]
struct Served {
    groups: Vec<Index>,
    runs: Vec<(Index, usize)>,
    activate: bool,
}

fn any_serving() -> impl Strategy<Value = Served> {
    let runs = vec((any::<Index>(), prop_oneof![4 => 1_usize..=5, 1 => 60_usize..=70]), 0..=5);
    (vec(any::<Index>(), 1..=3), runs, any::<bool>()).prop_map(|(groups, runs, activate)| Served {
        groups,
        runs,
        activate,
    })
}

proptest! {
    #![proptest_config(cases(500))]

    /// Any number of gates of several groups serves anything, any number of times, in any later call.
    /// [DS-GATE-1] [DS-IDEAL-3]
    #[test]
    fn gates_serve_whatever_selects_them(
        width in any_width(), steps in vec(any_step(), 1..=3), lens in vec(any_len(), 3),
        servings in vec(any_serving(), 1..=4), pool in vec(any_raw(), 1..=12), split in any_split(), seed in any_seed(),
    ) {
        let mut shared: Vec<usize> = Vec::new();
        let mut calls = Vec::new();
        for (step, len) in steps.iter().zip(&lens) {
            calls.push(Call::Open { step: *step, x: shared.len() });
            shared.push(*len);
        }
        let mut sizes: Vec<usize> = shared.clone();
        for serving in &servings {
            let mut groups: Vec<usize> = serving.groups.iter().map(|group| group.index(sizes.len())).collect();
            let mut seen = std::collections::BTreeSet::new();
            groups.retain(|group| seen.insert(*group)); // in any order, each once
            let gates: usize = groups.iter().map(|&group| sizes[group]).sum();
            if serving.activate {
                let (x, own) = (shared.len(), 3);
                shared.push(own);
                let served = select(gates + own, &serving.runs);
                shared.push(served.len());
                calls.push(Call::Activate { step: steps[0], x, earlier: groups, served, elements: x + 1 });
                sizes.push(own);
            } else {
                let served = select(gates, &serving.runs);
                calls.push(Call::Apply { groups, x: shared.len(), served: served.clone() });
                shared.push(served.len());
            }
        }
        let vectors = shared.iter().enumerate().map(|(i, &len)| fill(width, len, &pool, i as u64)).collect();
        check(&Script { width, shared, calls }, &Secrets { shared: vectors, ..Secrets::default() }, split, &seed);
    }
}

proptest! {
    #![proptest_config(cases(80))]

    /// floor(x / 2^f) for every f, exact. [DS-TRUNC-1] [DS-IDEAL-4]
    #[test]
    fn truncation_is_exact_for_every_shift(
        width in any_width(), len in any_len(), pool in vec(any_raw(), 1..=12), split in any_split(), seed in any_seed(),
    ) {
        let calls = (0..width.bits()).map(|shift| Call::Truncate { x: 0, shift }).collect();
        let secrets = Secrets { shared: vec![fill(width, len, &pool, 1)], ..Secrets::default() };
        check(&Script { width, shared: vec![len], calls }, &secrets, split, &seed);
    }
}

proptest! {
    #![proptest_config(cases(300))]

    /// Linear maps of every kind on batches, weights used twice. [DS-LIN-2] [DS-IDEAL-5]
    #[test]
    fn linear_maps_are_their_definition(
        width in any_width(), map in any_map(), batch in 0_usize..=3, pool in vec(any_raw(), 1..=12),
        split in any_split(), seed in any_seed(),
    ) {
        let [weights, inputs, _] = map.sizes();
        let calls = vec![Call::Linear { map: map.clone(), x: 0, batch }, Call::Linear { map, x: 0, batch }];
        let secrets = Secrets {
            shared: vec![fill(width, inputs * batch, &pool, 1)],
            weights: vec![fill(width, weights, &pool, 2), fill(width, weights, &pool, 3)],
            inputs: vec![],
        };
        check(&Script { width, shared: vec![inputs * batch], calls }, &secrets, split, &seed);
    }

    /// What the client puts in comes out to the client, and what is computed on it too.
    /// [DS-IDEAL-6] [DS-IO-1] [DS-VAL-4]
    #[test]
    fn inputs_come_out(
        width in any_width(), len in any_len(), pool in vec(any_raw(), 1..=12), step in any_step(), seed in any_seed(),
    ) {
        let served = Ranges::all(len);
        let calls = vec![
            Call::Input { len },
            Call::Output { x: 0 },
            Call::Activate { step, x: 0, earlier: vec![], served, elements: 0 },
            Call::Output { x: 1 },
        ];
        let secrets = Secrets { inputs: vec![fill(width, len, &pool, 1)], ..Secrets::default() };
        check(&Script { width, shared: vec![], calls }, &secrets, 9, &seed);
    }
}

/// A gate that is applied in its own call, and then in three later ones with other calls in between.
#[test]
fn a_gate_serves_three_calls_later() {
    let width = values::width(16);
    let step = StepConvention::Positive;
    let all = values::boundaries(width);
    let (n, x) = (all.len(), ring(width, &all));
    let dense = MapSpec::Affine { shape: Shape::new(1, 1, n).unwrap(), gated: vec![false] };
    // the calls make the vectors 3, 4, ..
    let calls = vec![
        Call::Activate { step, x: 0, earlier: vec![], served: Ranges::all(n), elements: 1 },
        Call::Linear { map: dense, x: 3, batch: 1 },
        Call::Truncate { x: 4, shift: 1 },
        Call::Activate { step, x: 5, earlier: vec![0], served: Ranges::new(2 * n, [(n, n)]).unwrap(), elements: 5 },
        Call::Apply { groups: vec![0], served: Ranges::all(n), x: 1 },
        Call::Apply { groups: vec![1, 0], served: Ranges::new(2 * n, [(n, n), (0, n), (n, n)]).unwrap(), x: 2 },
    ];
    let script = Script { width, shared: vec![n, n, 3 * n], calls };
    let reversed: Vec<i64> = all.iter().rev().copied().collect();
    let y = ring(width, &reversed);
    let secrets = Secrets {
        shared: vec![x, y.clone(), y.repeat(1, 3).unwrap()],
        weights: vec![ring(width, &[3])],
        inputs: vec![],
    };
    for split in 0..8 {
        check(&script, &secrets, split, &Seed([u8::try_from(8 * split).unwrap(); 32]));
    }
}
