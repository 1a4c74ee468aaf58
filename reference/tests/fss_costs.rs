//! What the protocols of `fss` cost, measured on transcripts, against formulas of public parameters; both forms.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/maps.rs"]
mod maps;
#[path = "common/measure.rs"]
mod measure;
#[path = "common/script.rs"]
mod script;
#[path = "common/values.rs"]
mod values;

use deepshare_reference::backend::run::{Session, gmw, gmw_cost};
use deepshare_reference::backend::run_fss::{fss, fss_cost};
use deepshare_reference::gate::fss::Serving;
use deepshare_reference::party::transcript::{Entry, Transcript};
use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::{Phase, Role};
use deepshare_reference::plan::StepConvention;
use deepshare_reference::values::{Ranges, Shape};
use maps::MapSpec;
use measure::{ShapeWorld, World, apply, open};
use script::{Call, Script, Secrets, reconstruct, shapes};
use values::{ring, width};

const FORMS: [Serving; 2] = [Serving::Payload, Serving::Select];

/// The transcript of calls, measured; shapes alone must give the same.
fn measure(serving: Serving, k: u64, shared: &[usize], calls: Vec<Call>) -> Transcript {
    let worlds: (World, ShapeWorld) = match serving {
        Serving::Payload => (
            |script, own, seed, session| fss(script, own, Serving::Payload, seed, session),
            |script, own| fss_cost(script, own, Serving::Payload),
        ),
        Serving::Select => (
            |script, own, seed, session| fss(script, own, Serving::Select, seed, session),
            |script, own| fss_cost(script, own, Serving::Select),
        ),
    };
    measure::measure(worlds, &Phase::ALL, k, [shared, &[]], calls)
}

/// New gates on vector 0, which serve vector 1 `copies` times over; and `earlier` gates, which serve the elements after.
fn activate(gates: usize, copies: usize, earlier: &[usize], later: usize) -> Call {
    let before = earlier.len() * gates;
    let own = std::iter::repeat_n((before, gates), copies);
    let served = Ranges::new(before + gates, own.chain((later > 0).then_some((0, later)))).unwrap();
    Call::Activate { step: StepConvention::Positive, x: 0, earlier: earlier.to_vec(), served, elements: 1 }
}

/// A party's keys: the version, and for each key a root, and at each level a seed and two bits; payload at each level
/// and at the end.
fn keys(keys: u64, payload: u64, n: u64, w: u64) -> u64 {
    8 + keys * (128 + n * (128 + 2)) + payload * (n + 1) * w
}

/// The frames of one direction: step and bits.
fn frames(transcript: &Transcript, from: Role, to: Role) -> Vec<(&'static str, u64)> {
    let of = |entry: &&Entry| entry.from == from && entry.to == to;
    transcript.entries().iter().filter(of).map(|entry| (entry.step, entry.content.bits())).collect()
}

/// Checks every frame, from the dealer to each party and from each party to the other, and the rounds online.
fn check(transcript: &Transcript, dealt: &[(&str, u64)], sent: &[(&str, u64)], rounds: u32, what: &str) {
    for party in [Role::Server, Role::Client] {
        assert_eq!(frames(transcript, Role::Trusted, party), dealt, "{what}: to {party}");
        assert_eq!(frames(transcript, party, party.peer()), sent, "{what}: from {party}");
        assert_eq!(frames(transcript, party, Role::Trusted), [], "{what}: {party} to the dealer");
    }
    let (online, offline) = (transcript.cost(Phase::Online), transcript.cost(Phase::Offline));
    let total = |frames: &[(&str, u64)]| frames.iter().map(|frame| frame.1).sum::<u64>();
    assert_eq!((online.server_bits, online.client_bits, online.trusted_bits), (total(sent), total(sent), 0), "{what}");
    assert_eq!((offline.trusted_bits, offline.bits()), (2 * total(dealt), 2 * total(dealt)), "{what}");
    assert_eq!(online.rounds, rounds, "{what}");
}

/// Frames of the bits alone, which both forms of opening start with.
fn dealt_bits(k: u64, masked: u64, gates: u64) -> Vec<(&'static str, u64)> {
    vec![("gate/deal-masks", masked * k), ("dcf/deal-keys", keys(gates, gates, k - 1, 2)), ("gate/deal-tops", gates)]
}

fn dealt_masks(k: u64, gates: u64) -> Vec<(&'static str, u64)> {
    vec![("gate/deal-mask-bit", gates), ("gate/deal-mask-ring", gates * k)]
}

/// What the dealer sends for an activation; m elements of own gates, e of earlier ones, of which `named` is a group's
/// number of gates that have no mask yet, if any are named.
fn dealt_layer(serving: Serving, k: u64, [g, c, m, e]: [u64; 4], named: Option<u64>) -> Vec<(&'static str, u64)> {
    let unmasked = named.filter(|&gates| gates > 0).map_or(vec![], |gates| dealt_masks(k, gates));
    match serving {
        Serving::Payload => {
            let own = vec![
                ("gate/deal-masks", c * k),
                ("dcf/deal-keys", keys(g, g + m, k - 1, k)),
                ("gate/deal-tops", g * k),
                ("gate/deal-top-products", m * k),
            ];
            let selected = named.map(|_| ("gate/deal-selected", e * k));
            own.into_iter().chain(unmasked).chain(selected).collect()
        }
        Serving::Select => {
            let selected = vec![("gate/deal-selected", (m + e) * k)];
            [dealt_bits(k, c, g), unmasked, dealt_masks(k, g), selected].concat()
        }
    }
}

/// k bits each way an element; to each party a mask, a key that pays in R_2, and a bit: 133 k - 1 bits a gate.
/// [DS-FSS-11]
#[test]
fn opening_alone_at_every_width() {
    for serving in FORMS {
        for k in 2..=64 {
            for gates in [1_usize, 7, 65] {
                let n = gates as u64;
                let transcript = measure(serving, k, &[gates], vec![open(0)]);
                let dealt = dealt_bits(k, n, n);
                check(&transcript, &dealt, &[("gate/masked", n * k)], 1, &format!("{serving:?}, k = {k}"));
                assert_eq!(transcript.cost(Phase::Offline).trusted_bits, 2 * (8 + n * (133 * k - 1)));
            }
        }
    }
}

/// Own elements and replicates: one round by payload, k bits each way an element, whichever it is; by select a round
/// and a bit each way more. [DS-FSS-10] [DS-FSS-12]
#[test]
fn a_layer_with_its_replicates_at_every_width() {
    for serving in FORMS {
        for k in 2..=64 {
            for (gates, copies) in [(1, 1), (5, 2), (3, 4), (33, 1)] {
                let (g, m) = (gates as u64, (gates * copies) as u64);
                let what = format!("{serving:?}, k = {k}, {gates} gates, {copies} elements each");
                // gates stand on other elements than those that they serve: all are masked
                let transcript = measure(serving, k, &[gates, gates * copies], vec![activate(gates, copies, &[], 0)]);
                let mut sent = vec![("gate/masked", (g + m) * k)];
                sent.extend((serving == Serving::Select).then_some(("apply/delta", g)));
                let dealt = dealt_layer(serving, k, [g, g + m, m, 0], None);
                check(&transcript, &dealt, &sent, sent.len().try_into().unwrap(), &what);
                // gates stand on elements that they serve: these are masked once
                let served = Ranges::new(gates, std::iter::repeat_n((0, gates), copies)).unwrap();
                let step = StepConvention::Nonnegative;
                let own = Call::Activate { step, x: 0, earlier: vec![], served, elements: 0 };
                if copies == 1 {
                    let transcript = measure(serving, k, &[gates], vec![own]);
                    sent[0].1 = g * k;
                    let dealt = dealt_layer(serving, k, [g, g, g, 0], None);
                    check(&transcript, &dealt, &sent, sent.len().try_into().unwrap(), &what);
                    let closed = if serving == Serving::Payload { 2 * k * k + 133 * k - 2 } else { 135 * k };
                    assert_eq!(transcript.cost(Phase::Offline).trusted_bits, 2 * (8 + g * closed), "{what}");
                }
            }
        }
    }
}

/// A later layer: one round, k bits each way and two words an element. By payload a gate's first later use costs a bit each
/// way and its mask; its second one, and every later use by select, nothing more.
#[test]
fn later_layers_at_every_width() {
    for serving in FORMS {
        for k in 2..=64 {
            let (gates, g) = (3, 3_u64);
            let own = dealt_layer(serving, k, [g, 2 * g, g, 0], None);
            let mut sent = vec![("gate/masked", 2 * g * k)];
            let mut dealt = own.clone();
            let payload = serving == Serving::Payload;
            if !payload {
                sent.push(("apply/delta", g));
            }
            let mut calls = vec![activate(gates, 1, &[], 0)];
            let mut rounds = sent.len().try_into().unwrap();
            for (use_number, copies) in [(1, 1), (2, 2), (3, 1_u64)] {
                calls.push(apply(gates, copies.try_into().unwrap(), usize::from(copies == 2) + 1));
                if payload && use_number == 1 {
                    dealt.extend(dealt_masks(k, g));
                    sent.push(("apply/delta", g));
                }
                let elements = copies * g * k;
                dealt.extend([("apply/deal-elements", elements); 2]);
                sent.push(("apply/epsilon", elements));
                rounds += 1;
                let transcript = measure(serving, k, &[gates, gates, 2 * gates], calls.clone());
                check(&transcript, &dealt, &sent, rounds, &format!("{serving:?}, k = {k}, use {use_number}"));
            }
        }
    }
}

/// A gate that was opened alone gets its mask at its first use, in either form. [DS-FSS-13]
#[test]
fn first_use_of_a_gate_that_was_opened_alone() {
    for serving in FORMS {
        for k in [2, 3, 8, 31, 64] {
            let transcript = measure(serving, k, &[4, 8], vec![open(0), apply(4, 2, 1), apply(4, 1, 0)]);
            let elements = |n: u64| [("apply/deal-elements", n * k); 2].to_vec();
            let dealt = [dealt_bits(k, 4, 4), dealt_masks(k, 4), elements(8), elements(4)].concat();
            let sent = [("gate/masked", 4 * k), ("apply/delta", 4), ("apply/epsilon", 8 * k), ("apply/epsilon", 4 * k)];
            check(&transcript, &dealt, &sent, 3, &format!("{serving:?}, k = {k}"));
        }
    }
}

/// New gates and elements of earlier gates in one layer: no round more, the same k bits each way and two words an
/// element; deltas of earlier groups travel with x^.
#[test]
fn mixed_layers_at_every_width() {
    for serving in FORMS {
        for k in 2..=64 {
            let (gates, g, later) = (3, 3_u64, 2_u64);
            let payload = serving == Serving::Payload;
            let delta = ("apply/delta", g);
            let first = vec![activate(gates, 1, &[], 0)];
            // its earlier group is named for the first time, then again
            let second = [first.clone(), vec![activate(gates, 1, &[0], 2)]].concat();
            let third = [second.clone(), vec![activate(gates, 1, &[0], 2)]].concat();
            // vector 1 has 3 elements for the first call; the others serve one of 5
            let on = |mut calls: Vec<Call>| {
                for call in calls.iter_mut().skip(1) {
                    if let Call::Activate { elements, .. } = call {
                        *elements = 2;
                    }
                }
                measure(serving, k, &[gates, gates, gates + 2], calls)
            };
            let [own, mixed] = [0, later].map(|e| [g, 2 * g + e, g, e]);
            let (masked, both) = (("gate/masked", 2 * g * k), ("gate/masked", (2 * g + later) * k));
            let unmasked = if payload { g } else { 0 };
            let dealt = [dealt_layer(serving, k, own, None), dealt_layer(serving, k, mixed, Some(unmasked))].concat();
            let sent = if payload { vec![masked, delta, both] } else { vec![masked, delta, both, delta] };
            let each = if payload { 1 } else { 2 };
            check(&on(second), &dealt, &sent, 2 * each, &format!("{serving:?}, k = {k}, first use"));
            let dealt = [dealt, dealt_layer(serving, k, mixed, Some(0))].concat();
            let sent = [sent, if payload { vec![both] } else { vec![both, delta] }].concat();
            check(&on(third), &dealt, &sent, 3 * each, &format!("{serving:?}, k = {k}, second use"));
        }
    }
}

/// Elements of new gates and of earlier ones, taking turns, come out in the layer's order. [DS-ACT-2]
#[test]
fn mixed_layers_give_their_elements_in_order() {
    for serving in FORMS {
        let w = width(16);
        let served = Ranges::new(4, [(2, 1), (1, 1), (3, 1), (0, 2), (2, 1)]).unwrap();
        let step = StepConvention::Nonnegative;
        let calls = vec![open(0), Call::Activate { step, x: 1, earlier: vec![0], served, elements: 2 }];
        let script = Script { width: w, shared: vec![2, 2, 6], calls };
        let shared = vec![ring(w, &[-1, 1]), ring(w, &[1, -1]), ring(w, &[1, 2, 3, 4, 5, 6])];
        let secrets = Secrets { shared, ..Secrets::default() };
        let found = fss(&script, secrets.sides(9), serving, &Seed([1; 32]), Session::default()).unwrap();
        assert_eq!(reconstruct(&found.outputs), [[1, 2, 0, 0, 5, 6]], "{serving:?}");
    }
}

/// An earlier group that is named and serves nobody: its mask and its delta, and an empty vector. [DS-FSS-14]
#[test]
fn a_group_that_is_named_and_serves_nobody() {
    for k in [2, 9, 64] {
        let calls = vec![open(0), activate(2, 1, &[0], 0)];
        let transcript = measure(Serving::Payload, k, &[2, 2], calls);
        let dealt = [dealt_bits(k, 2, 2), dealt_layer(Serving::Payload, k, [2, 4, 2, 0], Some(2))].concat();
        let sent = [("gate/masked", 2 * k), ("apply/delta", 2), ("gate/masked", 4 * k)];
        check(&transcript, &dealt, &sent, 2, &format!("k = {k}"));
    }
}

/// k bits each way and one round for any shift but 0; keys of f bits and of k bits. Both forms have the same.
/// [DS-FSS-20]
#[test]
fn truncation_at_every_width_and_shift() {
    for k in 2..=64_u64 {
        for shift in 0..k {
            let calls = vec![Call::Truncate { x: 0, shift: u32::try_from(shift).unwrap() }];
            let measured = shift == k - 1 || (k + shift) % 16 == 1; // the others from shapes
            let transcript = if measured {
                measure(FORMS[usize::from(k % 2 == 0)], k, &[3], calls)
            } else {
                shape_cost(Serving::Payload, k, &[3], calls)
            };
            let dealt = [
                ("truncate/deal-masks", 3 * k),
                ("dcf/deal-keys", keys(3, 3, shift, k)),
                ("dcf/deal-keys", keys(3, 3, k, k)),
                ("truncate/deal-shifted", 3 * k),
            ];
            let what = format!("k = {k}, f = {shift}");
            match shift {
                0 => check(&transcript, &[], &[], 0, &what),
                _ => check(&transcript, &dealt, &[("truncate/masked", 3 * k)], 1, &what),
            }
            let each = 16 + 3 * (256 + 130 * (k + shift) + (k + shift + 4) * k);
            let offline = transcript.cost(Phase::Offline).trusted_bits;
            assert_eq!(offline, if shift == 0 { 0 } else { 2 * each }, "{what}");
        }
    }
}

/// The transcript of calls from shapes alone.
fn shape_cost(serving: Serving, k: u64, shared: &[usize], calls: Vec<Call>) -> Transcript {
    let vectors = shared.iter().map(|&len| ring(width(k), &vec![0; len])).collect();
    let secrets = Secrets { shared: vectors, ..Secrets::default() };
    let script = Script { width: width(k), shared: shared.to_vec(), calls };
    fss_cost(&script, shapes(&secrets.sides(0)), serving).unwrap()
}

/// Sizes that no test could run on values: a million gates of four elements each.
#[test]
fn a_large_layer_from_shapes() {
    let (gates, g) = (1 << 20, 1_u64 << 20);
    for (serving, each) in [(Serving::Payload, 2 * 4_096 + 3 * 4_096), (Serving::Select, 128)] {
        let transcript = shape_cost(serving, 64, &[gates, 4 * gates], vec![activate(gates, 4, &[], 0)]);
        let online = transcript.cost(Phase::Online);
        let delta = if serving == Serving::Select { g } else { 0 };
        assert_eq!((online.server_bits, online.client_bits), (5 * g * 64 + delta, 5 * g * 64 + delta));
        let keys = 8 + g * (128 + 63 * 130 + each);
        assert_eq!(frames(&transcript, Role::Trusted, Role::Client)[1], ("dcf/deal-keys", keys));
    }
}

/// Linear layers, inputs and outputs are those of `gmw`, frame by frame. [DS-FSS-30]
#[test]
fn linear_layers_inputs_and_outputs_are_those_of_gmw() {
    for k in [2, 31, 64] {
        let map = MapSpec::Dense { input: Shape::new(2, 3, 1).unwrap(), outputs: 4 };
        let calls = vec![Call::Input { len: 5 }, Call::Linear { map, x: 0, batch: 2 }, Call::Output { x: 1 }];
        let of = |worlds| measure::measure(worlds, &Phase::ALL, k, [&[12], &[24]], calls.clone());
        let found = of((
            |script, own, seed, session| fss(script, own, Serving::Payload, seed, session),
            |script, own| fss_cost(script, own, Serving::Payload),
        ));
        assert_eq!(found.entries(), of((gmw, gmw_cost)).entries(), "k = {k}");
    }
}

/// The public figures at k = 64: a ReLU 128 bits online; 16,702 or 8,640 bits from the dealer to each party.
#[test]
fn figures() {
    let step = StepConvention::Nonnegative;
    let relu = |serving| {
        let served = Ranges::all(1);
        let transcript =
            measure(serving, 64, &[1], vec![Call::Activate { step, x: 0, earlier: vec![], served, elements: 0 }]);
        (transcript.cost(Phase::Online).bits(), transcript.cost(Phase::Offline).trusted_bits / 2 - 8)
    };
    assert_eq!((relu(Serving::Payload), relu(Serving::Select)), ((128, 16_702), (130, 8_640)));
}
