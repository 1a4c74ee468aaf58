//! What the protocols of `ot` cost, measured on transcripts, against formulas of public parameters.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/comparison.rs"]
mod comparison;
#[path = "common/maps.rs"]
mod maps;
#[path = "common/measure.rs"]
mod measure;
#[path = "common/script.rs"]
mod script;
#[path = "common/values.rs"]
mod values;

use comparison::{Comparison, one_carry, two_carries};
use deepshare_reference::backend::run::{gmw, gmw_cost};
use deepshare_reference::backend::run_ot::{ot, ot_cost, ot_dealer, ot_dealer_cost, ot_on_ideal_base};
use deepshare_reference::party::transcript::{Cost, Entry, Transcript};
use deepshare_reference::party::{Phase, Role};
use deepshare_reference::values::{Shape, Window};
use maps::MapSpec;
use measure::{apply, open};
use script::{Call, Script, Secrets, shapes};
use values::{ring, width};

/// The transcript of calls: online frames from values and from shapes are the same. Base OTs come from shapes.
fn measure(k: u64, shared: &[usize], weights: &[usize], calls: Vec<Call>) -> Transcript {
    measure::measure((ot_on_ideal_base, ot_cost), &[Phase::Online], k, [shared, weights], calls)
}

/// Bits each way: the server's, the client's.
type Bits = (u64, u64);

fn bits(cost: Cost) -> Bits {
    assert_eq!(cost.trusted_bits, 0);
    (cost.server_bits, cost.client_bits)
}

fn step(transcript: &Transcript, step: &str) -> Bits {
    bits(transcript.step_cost(step))
}

fn sum(all: &[Bits]) -> Bits {
    all.iter().fold((0, 0), |(s, c), bits| (s + bits.0, c + bits.1))
}

/// What the parts of a comparison on n elements cost: the client's 256 columns, the server's 2^c messages, openings.
fn comparing(parts: &Comparison, n: usize) -> [(&'static str, Bits); 3] {
    let (mut columns, mut messages) = (0, 0);
    for (choice_bits, message_bits, lanes) in parts.transfers(n) {
        columns += 256 * lanes as u64;
        messages += ((lanes * message_bits) << choice_bits) as u64;
    }
    let opened = (n * (3 * parts.double + 2 * parts.single)) as u64;
    [("ot/choose", (0, columns)), ("ot/offer", (messages, 0)), ("and/opened", (opened, opened))]
}

/// A comparison of k - 1 bits on n elements, in bits of both parties: the closed form.
fn closed_form(k: u64, n: u64) -> u64 {
    let (full, short) = ((k - 1) / 4, (k - 1) % 4);
    let blocks = full + u64::from(short > 0);
    let single = u64::from(blocks.next_power_of_two().ilog2());
    let double = blocks - 1 - single;
    let leaves = match (full, short) {
        (0, short) => 256 + (1 << short),
        (full, 0) => 256 + 16 + (full - 1) * (256 + 32),
        (full, short) => 256 + 16 + (full - 1) * (256 + 32) + 256 + (2 << short),
    };
    n * (leaves + double * (256 + 16 + 6) + single * 4) + (single * n).div_ceil(2) * (256 + 32)
}

/// 3 elements A and 512 elements B of 256 bits each, once a session: A for 1-of-16 OTs and for COTs to the client from
/// the client, and the B of COTs to the server; the rest from the server. Nothing for weights.
#[test]
fn base_ots_once_a_session() {
    for k in [2, 7, 64] {
        let map = MapSpec::Dense { input: Shape::new(1, 1, 2).unwrap(), outputs: 1 };
        let linear = Call::Linear { map, x: 0, batch: 1 };
        let calls = vec![open(0), apply(2, 1, 0), linear, Call::Truncate { x: 0, shift: 1 }, open(0)];
        let phases = [Phase::Session, Phase::Online, Phase::Offline];
        let transcript = measure::measure((ot, ot_cost), &phases, k, [&[2], &[2]], calls);
        let session = transcript.cost(Phase::Session);
        assert_eq!(bits(session), ((1 + 256 + 128) * 256, (2 + 128) * 256));
        assert_eq!((session.bits(), session.rounds), (131_840, 2));
        assert_eq!(bits(transcript.step_cost("base-ot/offer")), (256, 2 * 256));
        assert_eq!(transcript.step_cost("base-ot/answer").bits(), 512 * 256);
        assert_eq!(transcript.cost(Phase::Offline), Cost::default());
        assert!(transcript.entries().iter().all(|entry| entry.from != Role::Trusted && entry.to != Role::Trusted));
    }
}

/// Opening: the comparison, and one COT each way, 128 bits.
#[test]
fn one_drelu_at_every_width() {
    for k in 2..=64_usize {
        for n in [1_usize, 2, 7] {
            let (parts, w, gates) = (one_carry(k - 1), k as u64, n as u64);
            let transcript = measure(w, &[n], &[], vec![open(0)]);
            let online = transcript.cost(Phase::Online);
            let costs = comparing(&parts, n);
            costs.iter().for_each(|(label, bits)| assert_eq!(step(&transcript, label), *bits, "k = {k}, {label}"));
            assert_eq!(step(&transcript, "cot/prepare"), (128 * gates, 128 * gates), "k = {k}");
            let comparison = sum(&costs.map(|(_, bits)| bits));
            assert_eq!(bits(online), sum(&[comparison, (128 * gates, 128 * gates)]), "k = {k}");
            assert_eq!(comparison.0 + comparison.1, closed_form(w, gates), "k = {k}, n = {n}");
            let blocks = (k - 1).div_ceil(4);
            assert_eq!(online.rounds as usize, 2 + comparison::ceil_log2(blocks), "k = {k}");
        }
    }
    assert_eq!((closed_form(32, 2), closed_form(64, 2)), (2 * 3_828, 2 * 8_226));
}

/// lambda k + 14 k bits, the bound of Rathee et al. for a comparison: it holds for single elements too.
#[test]
fn the_papers_bound() {
    for k in 2..=64 {
        for n in [1, 2, 3, 65, 100_000] {
            assert!(closed_form(k, n) <= n * (128 + 14) * k, "k = {k}, n = {n}: {}", closed_form(k, n));
        }
        let count = 100_000;
        let from_shapes = shape_cost(k, &[count], vec![open(0)]).cost(Phase::Online);
        assert_eq!(from_shapes.bits(), closed_form(k, count as u64) + 256 * count as u64, "k = {k}");
    }
}

/// The transcript of calls from shapes alone.
fn shape_cost(k: u64, shared: &[usize], calls: Vec<Call>) -> Transcript {
    let vectors = shared.iter().map(|&len| ring(width(k), &vec![0; len])).collect();
    let secrets = Secrets { shared: vectors, ..Secrets::default() };
    ot_cost(&Script { width: width(k), shared: shared.to_vec(), calls }, shapes(&secrets.sides(0))).unwrap()
}

/// A first use: 2 lambda bits a gate for COTs, one bit each way for flips, k bits each way an element; one round more.
#[test]
fn serving_elements_at_every_width() {
    for k in 2..=64_u64 {
        for fan_out in if k % 8 == 0 { 1..=3_usize } else { 2..=2 } {
            let (gates, n) = (5, 5 * fan_out);
            let opening = shape_cost(k, &[gates, n], vec![open(0)]).cost(Phase::Online);
            let transcript = measure(k, &[gates, n], &[], vec![open(0), apply(gates, fan_out, 1)]);
            let online = transcript.cost(Phase::Online);
            let elements = n as u64 * k;
            assert_eq!(step(&transcript, "cot/prepare"), (128 * 5, 128 * 5), "k = {k}");
            assert_eq!(step(&transcript, "cot/flips"), (5, 5), "k = {k}");
            assert_eq!(step(&transcript, "cot/corrections"), (elements, elements), "k = {k}");
            assert_eq!(bits(online), sum(&[bits(opening), (5, 5), (elements, elements)]), "k = {k}");
            assert_eq!(online.rounds, opening.rounds + 1, "k = {k}");
        }
    }
}

/// 2 (lambda + 8 k) + 2 bits a gate for eight elements, at k = 32: 770, where separate multiplexers take 2,560.
#[test]
fn eight_elements_of_one_gate() {
    let gates = 6;
    let transcript = measure(32, &[gates, 8 * gates], &[], vec![open(0), apply(gates, 8, 1)]);
    let cots = transcript.cost_where(|entry| entry.step.starts_with("cot/")).bits();
    assert_eq!(cots, 6 * (2 * (128 + 8 * 32) + 2));
    let separate = 2 * 8 * (128 + 32);
    assert_eq!((cots / 6, separate), (770, 2_560));
}

/// Each later use costs 2k bits an element in one round, and nothing else: no OT, no COT, no flips. [DS-OT-32]
#[test]
fn a_later_layer_sends_corrections_only() {
    for k in 2..=64 {
        let gates = 3;
        let first = vec![open(0), apply(gates, 1, 0)];
        let later = [apply(gates, 1, 0), apply(gates, 2, 1), apply(gates, 1, 0)];
        let before = shape_cost(k, &[gates, 2 * gates], first.clone());
        let transcript = measure(k, &[gates, 2 * gates], &[], [first, later.to_vec()].concat());
        let added: &[Entry] = &transcript.entries()[before.entries().len()..];
        let last = before.cost(Phase::Online).rounds;
        assert!(added.iter().all(|entry| entry.step == "cot/corrections"), "k = {k}");
        let [server, client] = [Role::Server, Role::Client].map(|from| {
            let frames = added.iter().filter(|entry| entry.from == from);
            frames.map(|entry| (entry.content.bits(), entry.round)).collect::<Vec<_>>()
        });
        assert_eq!((server.len(), client.len()), (3, 3), "k = {k}");
        for (layer, ((s, c), elements)) in (1..).zip(server.into_iter().zip(client).zip([3, 6, 3])) {
            assert_eq!((s.0, c.0), (elements * k, elements * k), "k = {k}, layer {layer}");
            // without openings before, one party is a round ahead of the other
            assert_eq!(s.1.max(c.1), last + layer, "k = {k}, layer {layer}");
        }
    }
}

/// Two trees and the node that joins them; two COTs to the client, with one flip each and k bits back. For f = 0 nothing.
/// [DS-OT-40]
#[test]
fn truncation_at_every_width_and_shift() {
    for k in 2..=64_usize {
        for shift in 0..k {
            let calls = vec![Call::Truncate { x: 0, shift: u32::try_from(shift).unwrap() }];
            let measured = shift == 0 || shift == k - 1 || (k + shift) % 8 == 1; // the others from shapes
            let transcript =
                if measured { measure(k as u64, &[3], &[], calls) } else { shape_cost(k as u64, &[3], calls) };
            let online = transcript.cost(Phase::Online);
            if shift == 0 {
                assert_eq!((online.bits(), online.rounds), (0, 0));
                continue;
            }
            let parts = two_carries(shift, k - shift);
            let costs = comparing(&parts, 3);
            let what = format!("k = {k}, f = {shift}");
            costs.iter().for_each(|(label, bits)| assert_eq!(step(&transcript, label), *bits, "{what}, {label}"));
            assert_eq!(step(&transcript, "cot/prepare"), (0, 128 * 6), "{what}");
            assert_eq!(step(&transcript, "cot/flips"), (0, 6), "{what}");
            assert_eq!(step(&transcript, "cot/corrections"), (6 * k as u64, 0), "{what}");
            let all = sum(&[sum(&costs.map(|(_, bits)| bits)), (6 * k as u64, 128 * 6 + 6)]);
            assert_eq!(bits(online), all, "{what}");
            assert_eq!(online.rounds as usize, 2 + parts.levels + 1, "{what}");
        }
    }
}

/// 128 k bits an input from the client, k (k + 1) / 2 bits a term from the server, two rounds.
#[test]
fn linear_layers_at_every_width() {
    let map = |outputs| MapSpec::Dense { input: Shape::new(1, 2, 1).unwrap(), outputs };
    for k in 2..=64_u64 {
        for (outputs, batch) in if k % 8 == 0 { vec![(3, 2), (1, 1)] } else { vec![(2, 1)] } {
            let call = Call::Linear { map: map(outputs), x: 0, batch };
            let transcript = measure(k, &[2 * batch], &[2 * outputs], vec![call]);
            let (inputs, terms) = (2 * batch as u64, (2 * outputs * batch) as u64);
            let (columns, corrections) = (128 * k * inputs, terms * k * (k + 1) / 2);
            assert_eq!(step(&transcript, "cot/prepare"), (0, columns), "k = {k}");
            assert_eq!(step(&transcript, "cot/corrections"), (corrections, 0), "k = {k}");
            let online = transcript.cost(Phase::Online);
            assert_eq!((bits(online), online.rounds), ((corrections, columns), 2), "k = {k}");
            assert_eq!(transcript.cost(Phase::Session).bits(), 131_840, "weights cost nothing once a session");
        }
    }
}

/// A convolution's borders have fewer terms: a 3 x 3 kernel on 2 x 2 elements, padded, meets each of 4 inputs 4 times.
#[test]
fn terms_of_a_padded_convolution() {
    let window = Window { kernel: [3, 3], stride: [1, 1], padding: [1, 1], dilation: [1, 1] };
    let map = MapSpec::Convolution { input: Shape::new(1, 2, 2).unwrap(), out: 1, window, groups: 1 };
    let transcript = measure(8, &[4], &[9], vec![Call::Linear { map, x: 0, batch: 1 }]);
    assert_eq!(bits(transcript.cost(Phase::Online)), (16 * 8 * 9 / 2, 128 * 8 * 4));
}

/// With a dealer, linear layers are those of `gmw`, frame by frame; gates are those of `ot`. [DS-OT-62]
#[test]
fn linear_layers_of_a_dealer() {
    for k in [2, 31, 64] {
        let map = MapSpec::Dense { input: Shape::new(2, 3, 1).unwrap(), outputs: 4 };
        let linear = vec![Call::Linear { map, x: 0, batch: 2 }];
        let dealt = measure::measure((ot_dealer, ot_dealer_cost), &Phase::ALL, k, [&[12], &[24]], linear.clone());
        let gmw = measure::measure((gmw, gmw_cost), &Phase::ALL, k, [&[12], &[24]], linear);
        let of = |transcript: &Transcript| -> Vec<Entry> {
            transcript.entries().iter().filter(|entry| entry.clause != "DS-OT-5").cloned().collect()
        };
        let key = |entry: &Entry| (entry.phase, entry.from, entry.to, entry.step);
        let [mut dealt_frames, mut gmw_frames] = [of(&dealt), of(&gmw)];
        // rounds of a session's phase count from its base OTs on
        dealt_frames.iter_mut().chain(&mut gmw_frames).filter(|e| e.phase == Phase::Session).for_each(|e| e.round = 0);
        dealt_frames.sort_by_key(key);
        gmw_frames.sort_by_key(key);
        assert_eq!(dealt_frames, gmw_frames, "k = {k}");
        assert_eq!(dealt.cost_where(|entry| entry.clause == "DS-OT-5").bits(), 131_840);

        let gates = vec![open(0), apply(5, 2, 1), Call::Truncate { x: 1, shift: 1 }];
        let dealt = measure::measure((ot_dealer, ot_dealer_cost), &Phase::ALL, k, [&[5, 10], &[]], gates.clone());
        assert_eq!(dealt.entries(), shape_cost(k, &[5, 10], gates).entries(), "k = {k}");
    }
}

/// Nothing is served by nobody: no frame beyond the base OTs, and no party waits. [DS-OT-60]
#[test]
fn no_elements_without_gates_send_nothing() {
    let served = deepshare_reference::values::Ranges::empty(0);
    let calls = vec![script::Call::Apply { groups: vec![], served, x: 0 }];
    let script = script::Script { width: values::width(8), shared: vec![0], calls };
    let empty = || vec![values::ring(values::width(8), &[])];
    let sides = deepshare_reference::backend::run::Sides { server: empty(), client: empty() };
    let shapes = deepshare_reference::backend::run_ot::ot_cost(&script, script::shapes(&sides)).unwrap();
    assert_eq!(shapes.cost(deepshare_reference::party::Phase::Online).frames, 0);
}
