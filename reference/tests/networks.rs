//! Random networks in all worlds: the ideal world, the real protocols and the ring semantics always agree, and agree
//! with the integer semantics wherever that is defined.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/adversary.rs"]
mod adversary;
#[path = "common/maps.rs"]
mod maps;
#[path = "common/networks.rs"]
mod networks;
#[path = "common/oracle.rs"]
mod oracle;
#[path = "common/plans.rs"]
mod plans;
#[path = "common/values.rs"]
mod values;

use adversary::Constant;
use deepshare_reference::backend::protocols::Protocols;
use deepshare_reference::backend::run::{Outcome, Session, Sides, ideal_with};
use deepshare_reference::backend::run_ot::{ot_cost, ot_on_ideal_base};
use deepshare_reference::gate::fss::Serving;
use deepshare_reference::network::Network;
use deepshare_reference::network::inference::Inference;
use deepshare_reference::network::semantics::{SemanticsError, integer, ring};
use deepshare_reference::party::transcript::Entry;
use deepshare_reference::party::{Phase, Role};
use deepshare_reference::primitives::ideal::Leakage;
use deepshare_reference::values::{Ring, RingVector};
use networks::{Case, any_case};
use oracle::{Mode, evaluate};
use proptest::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Images seen, and those of them for which the integer semantics is defined.
static IMAGES: AtomicUsize = AtomicUsize::new(0);
static DEFINED: AtomicUsize = AtomicUsize::new(0);

/// Checks one image's plaintext results against one another; gives the ring's.
fn plaintext(network: &Network, image: &[i64]) -> Vec<i64> {
    let on_ring = ring(network, image).unwrap();
    assert_eq!(Ok(on_ring.clone()), evaluate(network, image, Mode::Wrap), "ring semantics and its second definition");
    IMAGES.fetch_add(1, Ordering::Relaxed);
    match integer(network, image) {
        Ok(exact) => {
            DEFINED.fetch_add(1, Ordering::Relaxed);
            assert_eq!(exact, on_ring, "integer and ring semantics");
            assert_eq!(Ok(exact), evaluate(network, image, Mode::Check), "a value that does not fit became a result");
        }
        Err(error) => {
            assert!(matches!(error, SemanticsError::Overflow { .. }), "{error}");
            assert!(evaluate(network, image, Mode::Check).is_err(), "no value misfits, yet {error}");
        }
    }
    on_ring
}

fn sides(case: &Case) -> Sides<Ring> {
    Sides { server: Inference::server_inputs(&case.network).unwrap(), client: vec![case.batch()] }
}

/// The ring's outputs for all images.
fn on_ring(case: &Case) -> Vec<i64> {
    case.images.iter().flat_map(|image| ring(&case.network, image).unwrap()).collect()
}

/// What a run gives to the client; the server must get nothing.
fn only_the_clients(outcome: &Outcome<Ring>) -> Vec<i64> {
    assert!(outcome.outputs.server.is_empty(), "the server gets an output");
    assert_eq!(outcome.outputs.client.len(), 1);
    outcome.outputs.client[0].to_integers()
}

/// What is public about a frame.
fn public(entry: &Entry) -> String {
    let Entry { phase, round, from, to, step, content, wire_bytes, .. } = entry;
    format!("{} {round} {from} {to} {step} {content:?} {wire_bytes}", phase.name())
}

proptest! {
    #![proptest_config(values::cases(2000))]

    fn worlds_agree(case in any_case()) {
        let expected: Vec<i64> = case.images.iter().flat_map(|image| plaintext(&case.network, image)).collect();
        let program = Inference::new(&case.network, case.images.len());
        let ideal = program.in_ideal_world(sides(&case), &case.seed, Session::default()).unwrap();
        prop_assert_eq!(only_the_clients(&ideal), expected.clone());
        let gmw = program.over(Protocols::Gmw, sides(&case), &case.seed, Session::default()).unwrap();
        prop_assert_eq!(only_the_clients(&gmw), expected);
    }
}

proptest! {
    #![proptest_config(values::cases(300))]

    /// [DS-NET-4]
    #[test]
    fn files_of_random_networks_round_trip(case in any_case()) {
        let text = case.network.to_json();
        let again = Network::from_json(&text).unwrap();
        prop_assert!(again == case.network);
        prop_assert_eq!(again.to_json(), text);
        let public = case.network.public_part();
        prop_assert!(Network::from_json(&public.to_json()).unwrap() == public);
        prop_assert!(public.public_part() == public);
    }

    /// The cost of an inference from shapes alone is the transcript of a real one, frame by frame. [DS-COST-1]
    #[test]
    fn shapes_give_the_transcript_of_values(case in any_case()) {
        let program = Inference::new(&case.network, case.images.len());
        let real = program.over(Protocols::Gmw, sides(&case), &case.seed, Session::default()).unwrap().transcript;
        let shapes = program.cost(Protocols::Gmw, program.input_shapes().unwrap()).unwrap();
        let (real, shapes): (Vec<_>, Vec<_>) =
            (real.entries().iter().map(public).collect(), shapes.entries().iter().map(public).collect());
        prop_assert_eq!(real, shapes);
    }
}

proptest! {
    #![proptest_config(values::cases(100))]

    /// `ot` computes the ring semantics, and costs online what its shapes cost; its base OTs are ideal here.
    #[test]
    fn ot_agrees_on_random_networks(case in any_case()) {
        let program = Inference::new(&case.network, case.images.len());
        let outcome = ot_on_ideal_base(&program, sides(&case), &case.seed, Session::default()).unwrap();
        prop_assert_eq!(only_the_clients(&outcome), on_ring(&case));
        let online = |entry: &&Entry| entry.phase == Phase::Online;
        let shapes = ot_cost(&program, program.input_shapes().unwrap()).unwrap();
        let (real, shapes): (Vec<_>, Vec<_>) = (
            outcome.transcript.entries().iter().filter(online).map(public).collect(),
            shapes.entries().iter().filter(online).map(public).collect(),
        );
        prop_assert_eq!(real, shapes);
    }
}

proptest! {
    #![proptest_config(values::cases(150))]

    /// Both forms of `fss` compute the ring semantics, and cost what their shapes cost.
    #[test]
    fn fss_agrees_on_random_networks(case in any_case()) {
        let program = Inference::new(&case.network, case.images.len());
        for protocols in [Serving::Payload, Serving::Select].map(Protocols::Fss) {
            let outcome = program.over(protocols, sides(&case), &case.seed, Session::default()).unwrap();
            prop_assert_eq!(only_the_clients(&outcome), on_ring(&case));
            let shapes = program.cost(protocols, program.input_shapes().unwrap()).unwrap();
            let (real, shapes): (Vec<_>, Vec<_>) = (
                outcome.transcript.entries().iter().map(public).collect(),
                shapes.entries().iter().map(public).collect(),
            );
            prop_assert_eq!(real, shapes);
        }
    }
}

proptest! {
    #![proptest_config(values::cases(10))]

    /// From real base OTs up, with a dealer for linear layers.
    #[test]
    fn ot_with_a_dealer_agrees_on_random_networks(case in any_case()) {
        let program = Inference::new(&case.network, case.images.len());
        let outcome = program.over(Protocols::OtDealer, sides(&case), &case.seed, Session::default()).unwrap();
        prop_assert_eq!(only_the_clients(&outcome), on_ring(&case));
    }
}

/// Zeros of the same shapes.
fn zeros(sides: &Sides<Ring>) -> Sides<Ring> {
    let zero = |xs: &Vec<Ring>| xs.iter().map(|x| x.scale(0)).collect();
    Sides { server: zero(&sides.server), client: zero(&sides.client) }
}

/// Runs a case in the ideal world under an adversary; gives the output, the leakage, and what is public of each frame.
fn corrupted(case: &Case, sides: Sides<Ring>, role: Role, bit: bool) -> (Vec<i64>, Vec<Leakage>, Vec<String>) {
    let adversary = Constant::new(role, bit);
    let program = Inference::new(&case.network, case.images.len());
    let outcome = ideal_with(&program, sides, adversary.clone(), Session::default()).unwrap();
    let frames = outcome.transcript.entries().iter().map(public).collect();
    (outcome.outputs.client[0].to_integers(), adversary.leaked.take(), frames)
}

proptest! {
    #![proptest_config(values::cases(300))]

    /// Whatever shares an adversary chooses, the client gets the ring's output; and what leaks, and the sizes and order
    /// of all frames, are those of a run on zeros: they depend on the public part only. [DS-IDEAL-1] [DS-IDEAL-2]
    #[test]
    fn adversaries_change_nothing_and_learn_shapes(case in any_case(), server in any::<bool>(), bit in any::<bool>()) {
        let expected = on_ring(&case);
        let role = if server { Role::Server } else { Role::Client };
        let (output, leaked, frames) = corrupted(&case, sides(&case), role, bit);
        prop_assert_eq!(output, expected);
        let (_, leaked_by_zeros, frames_of_zeros) = corrupted(&case, zeros(&sides(&case)), role, bit);
        prop_assert_eq!(leaked, leaked_by_zeros);
        prop_assert_eq!(frames, frames_of_zeros);
    }
}

/// [DS-ACT-1] [DS-GATE-2]
#[test]
fn all_worlds_agree_on_random_networks() {
    worlds_agree();
    let (images, defined) = (IMAGES.load(Ordering::Relaxed), DEFINED.load(Ordering::Relaxed));
    println!("integer semantics defined for {defined} of {images} images");
    assert!(defined * 10 > images * 4, "the integer semantics is defined for only {defined} of {images} images");
    assert!(images - defined > images / 20, "only {} of {images} images overflow", images - defined);
}
