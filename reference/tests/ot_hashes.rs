//! What must never repeat: the inputs of the hash in a session of `ot` or of `garbled`, and between sessions. [DS-OT-3]
//! [DS-GC-4]
//!
//! Each party runs in a thread of its own, from base OTs up, and every input of the XOF is recorded and read back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/maps.rs"]
mod maps;
#[path = "common/networks.rs"]
mod networks;
#[path = "common/plans.rs"]
mod plans;
#[path = "common/script.rs"]
mod script;
#[path = "common/threads.rs"]
mod threads;
#[path = "common/values.rs"]
mod values;

use deepshare_reference::backend::run::Sides;
use deepshare_reference::network::inference::Inference;
use deepshare_reference::network::semantics::ring as on_ring;
use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::{Role, SessionId};
use deepshare_reference::plan::StepConvention;
use deepshare_reference::values::{Ranges, Ring, Shape};
use maps::MapSpec;
use networks::any_case;
use proptest::prelude::*;
use script::{Call, Script, Secrets, reconstruct};
use std::collections::{BTreeMap, BTreeSet};
use threads::Protocols;
use values::{ring, width};

/// An input of the XOF, read by its encoding. [DS-XOF-1]
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Input {
    /// Version, protocol, party, purpose.
    label: [String; 4],
    seed: Vec<u8>,
    context: Vec<u8>,
    counter: u64,
    len: u64,
}

fn read(input: &[u8]) -> Input {
    let mut rest = input;
    let mut bytes = |count: usize| {
        let (taken, left) = rest.split_at(count);
        rest = left;
        taken.to_vec()
    };
    let number = |bytes: Vec<u8>| u64::from_le_bytes(bytes.try_into().unwrap());
    let mut label = || {
        let len = number(bytes(8));
        String::from_utf8(bytes(usize::try_from(len).unwrap())).unwrap()
    };
    let label = [label(), label(), label(), label()];
    let seed = bytes(32);
    let len = usize::try_from(number(bytes(8))).unwrap();
    let (context, counter, len) = (bytes(len), number(bytes(8)), number(bytes(8)));
    assert!(rest.is_empty());
    Input { label, seed, context, counter, len }
}

/// How many seeds a role may hash under one label, context and counter: a sender has a row for each message and both
/// keys of a COT, a receiver those of its choice. Base keys are two or one for each element B, columns one for each key.
fn most(role: Role, label: &[String; 4]) -> usize {
    let sends = label[2] == role.name();
    match (label[1].as_str(), label[3].as_str(), sends) {
        ("ot messages", "message pad", true) => 16,
        ("ot messages", "column", true) => 256,
        ("ot messages", "column", false) => 512,
        ("ot cots" | "garbling", "column", true) => 128,
        ("ot cots" | "garbling", "column", false) => 256,
        ("ot cots", "cot key" | "cot pad", true) | (_, "base key", false) => 2,
        ("garbling", "generator half" | "evaluator half", true) => 2,
        _ => 1,
    }
}

/// What is wrong with a role's inputs in a session, if anything: an input that repeats, a seed under two labels, or more
/// seeds under one tweak than the role may have.
fn fault(role: Role, inputs: &[Input]) -> Option<String> {
    let mut seen = BTreeSet::new();
    if let Some(input) = inputs.iter().find(|input| !seen.insert(*input)) {
        return Some(format!("{} repeats at number {}", input.label[3], input.counter));
    }
    let mut labels: BTreeMap<&[u8], &[String; 4]> = BTreeMap::new();
    let mut tweaks: BTreeMap<_, usize> = BTreeMap::new();
    for input in inputs {
        if *labels.entry(&input.seed).or_insert(&input.label) != &input.label {
            return Some(format!("{} uses a seed of another label", input.label[3]));
        }
        *tweaks.entry((&input.label, &input.context, input.counter)).or_default() += 1;
    }
    let over = tweaks.iter().find(|((label, ..), count)| **count > most(role, label));
    over.map(|((label, _, counter), count)| format!("{}: {count} seeds at number {counter}", label[3]))
}

fn read_all(inputs: &[Vec<u8>]) -> Vec<Input> {
    inputs.iter().map(|input| read(input)).collect()
}

/// A script with every call; batches of equal sizes follow one another, and gates serve equal vectors again and again.
fn everything() -> (Script, Secrets) {
    let w = width(7);
    let map = MapSpec::Dense { input: Shape::new(1, 1, 3).unwrap(), outputs: 3 };
    let step = StepConvention::Positive;
    let again = Call::Apply { groups: vec![0], served: Ranges::all(3), x: 1 };
    let calls = vec![
        Call::Input { len: 3 },
        Call::Linear { map: map.clone(), x: 0, batch: 1 },
        Call::Activate { step, x: 1, earlier: vec![], served: Ranges::all(3), elements: 1 },
        again.clone(),
        again,
        Call::Open { step, x: 0 },
        Call::Apply { groups: vec![1, 0], served: Ranges::new(6, [(0, 3)]).unwrap(), x: 1 },
        Call::Apply { groups: vec![0, 1], served: Ranges::new(6, [(3, 3)]).unwrap(), x: 1 },
        Call::Truncate { x: 2, shift: 3 },
        Call::Truncate { x: 2, shift: 3 },
        Call::Linear { map, x: 3, batch: 1 },
        Call::Output { x: 4 },
    ];
    let weights = ring(w, &[1, -2, 3, -4, 5, -6, 7, -8, 9]);
    let secrets =
        Secrets { weights: vec![weights.clone(), weights], inputs: vec![ring(w, &[5, -7, 11])], shared: vec![] };
    (Script { width: w, shared: vec![], calls }, secrets)
}

#[test]
fn no_input_of_a_session_repeats() {
    let (script, secrets) = everything();
    let [server, client] = threads::run(&script, secrets.sides(9), Seed([1; 32]), SessionId([7; 16]));
    let outputs = Sides { server: server.0, client: client.0 };
    assert_eq!(reconstruct(&outputs), script.plain(&secrets));
    let mut purposes = BTreeSet::new();
    for (role, inputs) in [(Role::Server, server.1), (Role::Client, client.1)] {
        let inputs = read_all(&inputs);
        assert_eq!(fault(role, &inputs), None, "{role}");
        let mut ots = inputs.iter().filter(|input| input.label[1].starts_with("ot "));
        assert!(ots.all(|input| input.context.starts_with(&[7; 16])), "{role} hashes without the session");
        println!("{role}: {} inputs of the XOF", inputs.len());
        purposes.extend(inputs.iter().map(|input| input.label[1..].join(" ")));
    }
    let ots = purposes.iter().filter(|purpose| purpose.starts_with("ot "));
    assert_eq!(ots.filter(|purpose| !purpose.contains("coin")).count(), 3 + 2 * 4, "{purposes:?}");
}

/// The hashes of half-gates and of labels' extension: gates of equal circuits in equal calls have numbers of their own,
/// the garbler hashes both labels of a wire, the evaluator one, which the garbler hashes too.
#[test]
fn no_input_of_a_garbled_session_repeats() {
    let (script, secrets) = everything();
    let id = SessionId([7; 16]);
    let [server, client] = threads::run_over(Protocols::Garbled, &script, secrets.sides(9), Seed([1; 32]), id);
    let outputs = Sides { server: server.0, client: client.0 };
    assert_eq!(reconstruct(&outputs), script.plain(&secrets));
    let [server, client] = [server.1, client.1].map(|inputs| read_all(&inputs));
    assert_eq!((fault(Role::Server, &server), fault(Role::Client, &client)), (None, None));
    let gates = 3 * 6 + 3 * 6 + 3 * 7 + 3 * 7; // two openings and two truncations of three elements at k = 7
    for half in ["generator half", "evaluator half"] {
        let of = |inputs: &[Input]| -> Vec<Input> {
            inputs.iter().filter(|input| input.label[3] == half).cloned().collect()
        };
        let (garbled, evaluated) = (of(&server), of(&client));
        assert_eq!((garbled.len(), evaluated.len()), (2 * gates, gates), "{half}");
        let numbers: BTreeSet<u64> = evaluated.iter().map(|input| input.counter).collect();
        assert_eq!(numbers, (0..gates as u64).collect(), "{half}");
        assert!(evaluated.iter().all(|input| garbled.contains(input)), "{half}");
    }
    let labels = server.iter().chain(&client).filter(|input| input.label[1] == "garbling");
    assert!(labels.clone().all(|input| input.label[2] == "server" && input.context.starts_with(&[7; 16])));
    let purposes: BTreeSet<&str> = labels.map(|input| input.label[3].as_str()).collect();
    assert_eq!(purposes.into_iter().collect::<Vec<_>>(), ["base key", "column", "evaluator half", "generator half"]);
    assert!(server.iter().all(|input| input.label[1] != "ot messages"), "garbled has no 1-of-16 OTs");
}

/// Delta is 128 bits, the lowest of them 1: the two labels of every wire that the garbler hashes differ by it.
#[test]
fn the_labels_of_every_wire_differ_by_one_delta_whose_lowest_bit_is_1() {
    let (script, secrets) = everything();
    for seed in 0..4 {
        let (seed, id) = (Seed([seed; 32]), SessionId([7; 16]));
        let [server, client] = threads::run_over(Protocols::Garbled, &script, secrets.sides(9), seed, id);
        let mut wires: BTreeMap<(String, u64), Vec<u128>> = BTreeMap::new();
        let label = |input: &Input| u128::from_le_bytes(input.seed[..16].try_into().unwrap());
        let halves = |inputs: &[Vec<u8>]| -> Vec<Input> {
            read_all(inputs).into_iter().filter(|input| input.label[3].ends_with(" half")).collect()
        };
        for input in halves(&server.1) {
            assert_eq!(input.seed[16..], [0; 16]);
            wires.entry((input.label[3].clone(), input.counter)).or_default().push(label(&input));
        }
        let deltas: BTreeSet<u128> = wires.values().map(|labels| labels[0] ^ labels[1]).collect();
        assert_eq!(deltas.len(), 1, "one Delta for all wires");
        let delta = *deltas.first().unwrap();
        assert_eq!(delta & 1, 1);
        assert!(delta.count_ones().abs_diff(64) < 45, "127 bits of Delta are drawn"); // 8 standard deviations
        // the client has one label of each wire, and the two never stand together
        let active: BTreeSet<u128> = halves(&client.1).iter().map(label).collect();
        assert_eq!(active.len(), wires.len());
        assert!(active.iter().all(|label| !active.contains(&(label ^ delta))));
    }
}

/// Under one seed, two sessions hash nothing in common.
#[test]
fn two_sessions_share_no_input() {
    let (script, secrets) = everything();
    for protocols in [Protocols::Ot, Protocols::Garbled] {
        let session = |id| threads::run_over(protocols, &script, secrets.sides(9), Seed([1; 32]), SessionId([id; 16]));
        let [first, second] = [session(1), session(2)].map(|parties| {
            let all: BTreeSet<Vec<u8>> = parties.into_iter().flat_map(|(_, inputs)| inputs).collect();
            all
        });
        assert!(first.len() > 2000, "{protocols:?}: {}", first.len());
        assert_eq!(first.intersection(&second).count(), 0, "{protocols:?}");
    }
}

proptest! {
    #![proptest_config(values::cases(6))]

    /// Whole inferences: right outputs, and nothing that repeats.
    #[test]
    fn no_input_of_an_inference_repeats(case in any_case(), id in any::<[u8; 16]>()) {
        let program = Inference::new(&case.network, case.images.len());
        let own = Sides { server: Inference::server_inputs(&case.network).unwrap(), client: vec![case.batch()] };
        let [server, client] = threads::run(&program, own, case.seed, SessionId(id));
        let expected: Vec<i64> = case.images.iter().flat_map(|image| on_ring(&case.network, image).unwrap()).collect();
        let found: Vec<Vec<i64>> = client.0.iter().map(Ring::to_integers).collect();
        prop_assert_eq!(found, vec![expected]);
        prop_assert_eq!(fault(Role::Server, &read_all(&server.1)), None);
        prop_assert_eq!(fault(Role::Client, &read_all(&client.1)), None);
    }
}

/// The check sees what it is for.
#[test]
fn planted_repetitions_are_seen() {
    let (script, secrets) = everything();
    let [_, (_, inputs)] = threads::run(&script, secrets.sides(9), Seed([1; 32]), SessionId::default());
    let inputs = read_all(&inputs);
    let with = |change: &dyn Fn(&mut Input)| {
        let mut all = inputs.clone();
        let mut changed = all.iter().find(|input| input.label[3] == "message pad").unwrap().clone();
        change(&mut changed);
        all.push(changed);
        fault(Role::Client, &all)
    };
    assert_eq!(with(&|_| {}).as_deref(), Some("message pad repeats at number 0"));
    assert_eq!(with(&|input| input.seed[0] ^= 1).as_deref(), Some("message pad: 2 seeds at number 0"));
    let other = with(&|input| input.label[3] = "cot key".into());
    assert_eq!(other.as_deref(), Some("cot key uses a seed of another label"));
}
