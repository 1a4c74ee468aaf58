//! What the protocols of `garbled` cost, measured on transcripts, against formulas of public parameters. [DS-GC-60]
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
use deepshare_reference::backend::run_garbled::{garbled, garbled_cost, garbled_on_ideal_base};
use deepshare_reference::party::transcript::{Cost, Entry, Transcript};
use deepshare_reference::party::{Phase, Role};
use deepshare_reference::values::Shape;
use maps::MapSpec;
use measure::{apply, open};
use script::{Call, Script, Secrets, shapes};
use values::{ring, width};

/// The transcript of calls: online frames from values and from shapes are the same. Base OTs come from shapes.
fn measure(k: u64, shared: &[usize], calls: Vec<Call>) -> Transcript {
    measure::measure((garbled_on_ideal_base, garbled_cost), &[Phase::Online], k, [shared, &[]], calls)
}

/// The transcript of calls from shapes alone.
fn shape_cost(k: u64, shared: &[usize], calls: Vec<Call>) -> Transcript {
    let vectors = shared.iter().map(|&len| ring(width(k), &vec![0; len])).collect();
    let secrets = Secrets { shared: vectors, ..Secrets::default() };
    garbled_cost(&Script { width: width(k), shared: shared.to_vec(), calls }, shapes(&secrets.sides(0))).unwrap()
}

/// Bits each way: the server's, the client's.
type Bits = (u64, u64);

fn bits(cost: Cost) -> Bits {
    assert_eq!(cost.trusted_bits, 0);
    (cost.server_bits, cost.client_bits)
}

/// The cost of each step, and that there are no other online frames.
fn check_steps(transcript: &Transcript, expected: &[(&str, Bits)], what: &str) {
    for (step, cost) in expected {
        assert_eq!(bits(transcript.step_cost(step)), *cost, "{what}, {step}");
    }
    let sum = expected.iter().fold((0, 0), |(s, c), (_, bits)| (s + bits.0, c + bits.1));
    assert_eq!(bits(transcript.cost(Phase::Online)), sum, "{what}");
}

/// The frames of garbling so many ANDs: 256 bits of table, 128 of the garbler's label, 128 of the columns for each.
fn garbling(ands: u64) -> [(&'static str, Bits); 3] {
    [("garbling/tables", (256 * ands, 0)), ("garbling/labels", (128 * ands, 0)), ("garbling/choose", (0, 128 * ands))]
}

/// k - 1 ANDs a gate, one COT each way; two rounds. At every width, for several numbers of gates.
#[test]
fn one_drelu_at_every_width() {
    for k in 2..=64 {
        for n in [0_usize, 1, 2, 7] {
            let transcript = measure(k, &[n], vec![open(0)]);
            let gates = n as u64;
            let cots = [("cot/prepare", (128 * gates, 128 * gates))];
            let all = [&garbling((k - 1) * gates)[..], &cots].concat();
            check_steps(&transcript, &all, &format!("k = {k}, n = {n}"));
            assert_eq!(transcript.cost(Phase::Online).rounds, 2, "k = {k}");
        }
    }
    let large = shape_cost(64, &[1 << 20], vec![open(0)]).cost(Phase::Online);
    assert_eq!(large.bits(), (512 * 63 + 256) << 20);
}

/// A first use: one flip each way a gate, k bits each way an element; one round more. A later one: no flips.
#[test]
fn serving_elements_at_every_width() {
    for k in 2..=64 {
        let (gates, fan_out) = (3_usize, 1 + usize::try_from(k % 3).unwrap());
        let n = gates * fan_out;
        for uses in 1..=3 {
            let calls = [vec![open(0)], vec![apply(gates, fan_out, 1); uses]].concat();
            let transcript = measure(k, &[gates, n], calls);
            let (gates, elements) = (gates as u64, (n * uses) as u64 * k);
            let uses_of_cots = [
                ("cot/prepare", (128 * gates, 128 * gates)),
                ("cot/flips", (gates, gates)),
                ("cot/corrections", (elements, elements)),
            ];
            let all = [&garbling((k - 1) * gates)[..], &uses_of_cots].concat();
            check_steps(&transcript, &all, &format!("k = {k}, {uses} uses"));
            assert_eq!(transcript.cost(Phase::Online).rounds as usize, 2 + uses, "k = {k}");
        }
    }
}

/// k ANDs whatever the shift is; two COTs to the client, with one flip each and k bits back. For f = 0 nothing.
#[test]
fn truncation_at_every_width_and_shift() {
    for k in 2..=64_u64 {
        for shift in 0..k {
            let calls = vec![Call::Truncate { x: 0, shift: u32::try_from(shift).unwrap() }];
            let measured = shift <= 1 || shift == k - 1; // the others from shapes
            let transcript = if measured { measure(k, &[3], calls) } else { shape_cost(k, &[3], calls) };
            let cost = transcript.cost(Phase::Online);
            if shift == 0 {
                assert_eq!((cost.bits(), cost.rounds, cost.frames), (0, 0, 0));
                continue;
            }
            let conversion = [("cot/prepare", (0, 128 * 6)), ("cot/flips", (0, 6)), ("cot/corrections", (6 * k, 0))];
            check_steps(&transcript, &[&garbling(3 * k)[..], &conversion].concat(), &format!("k = {k}, f = {shift}"));
            assert_eq!(cost.rounds, 3, "k = {k}, f = {shift}");
        }
    }
}

/// 3 elements A and 384 elements B of 256 bits, once a session; linear layers, input and output are those of `gmw`.
#[test]
fn base_ots_once_a_session_and_linear_layers_of_a_dealer() {
    for k in [2, 7, 64] {
        let map = MapSpec::Dense { input: Shape::new(2, 3, 1).unwrap(), outputs: 4 };
        let calls = vec![Call::Linear { map, x: 0, batch: 2 }, Call::Input { len: 3 }, Call::Output { x: 2 }];
        let run = |world| measure::measure(world, &Phase::ALL, k, [&[12], &[24]], calls.clone());
        let (own, theirs) = (run((garbled, garbled_cost)), run((gmw, gmw_cost)));
        let base = |entry: &Entry| entry.clause == "DS-OT-5";
        let session = own.cost_where(base);
        assert_eq!(bits(session), ((1 + 256) * 256, (2 + 128) * 256));
        assert_eq!((session.bits(), session.rounds), (99_072, 2));
        let frames = |transcript: &Transcript| {
            let mut frames: Vec<Entry> = transcript.entries().iter().filter(|entry| !base(entry)).cloned().collect();
            // rounds of a session's phase count from its base OTs on
            frames.iter_mut().filter(|entry| entry.phase == Phase::Session).for_each(|entry| entry.round = 0);
            frames.sort_by_key(|entry| (entry.phase, entry.from, entry.to, entry.step));
            frames
        };
        assert_eq!(frames(&own), frames(&theirs), "k = {k}");
    }
}

/// Without linear layers nobody else takes part, and nothing is prepared. [DS-GC-62]
#[test]
fn gates_and_truncations_need_no_dealer() {
    let calls = vec![open(0), apply(5, 2, 1), Call::Truncate { x: 1, shift: 1 }, open(0)];
    let transcript = measure::measure((garbled, garbled_cost), &Phase::ALL, 9, [&[5, 10], &[]], calls);
    assert_eq!(transcript.cost(Phase::Offline), Cost::default());
    assert!(transcript.entries().iter().all(|entry| entry.from != Role::Trusted && entry.to != Role::Trusted));
    assert_eq!(transcript.cost(Phase::Session).bits(), 99_072, "once");
}
