//! Perfect simulation in the hybrid worlds, exactly: for every input of both parties and every coin, a corrupted party's view
//! together with the honest party's outputs occurs as often in the real run as against the simulator. `ot` over F_OT and
//! F_COT, `fss` and `fss-select` over F_DCF; reuse of a gate inside a layer and in later layers included. [DS-IDEAL-1]
//! [DS-OT-1] [DS-OT-2] [DS-FSS-1] [DS-SIM-1] [DS-SIM-2] [DS-SIM-3]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/joint.rs"]
mod joint;
#[path = "common/maps.rs"]
mod maps;
#[path = "common/script.rs"]
mod script;
#[path = "common/values.rs"]
mod values;

use deepshare_reference::backend::fss::FssParty;
use deepshare_reference::backend::garbled::GarbledBackend;
use deepshare_reference::backend::ot::{Gilboa, OtBackend};
use deepshare_reference::backend::run::{Outcome, Session, Sides};
use deepshare_reference::backend::run_fss::fss_hybrid;
use deepshare_reference::backend::run_garbled::garbled_hybrid;
use deepshare_reference::backend::run_ot::ot_hybrid;
use deepshare_reference::backend::run_simulated::{Followed, HandedOver, Share};
use deepshare_reference::backend::simulated::FssSimulator;
use deepshare_reference::backend::{Backend, Program};
use deepshare_reference::gate::fss::Serving;
use deepshare_reference::party::coins::SeedCoins;
use deepshare_reference::party::local::LocalNet;
use deepshare_reference::party::transcript::Transcript;
use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::{Coins, PartyError, Role};
use deepshare_reference::plan::StepConvention;
use deepshare_reference::primitives::dcf::ideal::HybridCompare;
use deepshare_reference::primitives::dcf::simulator::HybridDcf;
use deepshare_reference::primitives::ideal::{Adversary, Leakage};
use deepshare_reference::primitives::ot::ideal::HybridParty;
use deepshare_reference::primitives::ot::simulator::HybridSimulator;
use deepshare_reference::primitives::stage::Stage;
use deepshare_reference::values::Shape;
use deepshare_reference::values::{Concrete, Plane, Ranges, Ring, RingVector, Width};
use joint::{Case, Chooses, Simulated, Tape, Worlds, play};
use maps::MapSpec;
use script::{Call, Script, Secrets};

const STEPS: [StepConvention; 2] = [StepConvention::Nonnegative, StepConvention::Positive];
const STEP: StepConvention = StepConvention::Nonnegative;
const PARTIES: [Role; 2] = [Role::Server, Role::Client];

/// `ot` over F_OT and F_COT.
struct Ot;

impl Worlds for Ot {
    fn real(
        &self,
        script: &Script,
        sides: Sides<Ring>,
        [_, server, client]: [Tape; 3],
        adversary: Chooses,
        session: Session,
    ) -> Outcome<Ring> {
        ot_hybrid(script, sides, (server, client), adversary, session).unwrap()
    }

    fn ideal(&self, script: &Script, own: Vec<Ring>, corrupted: Role, run: Simulated) -> Vec<Ring> {
        let mut simulator = OtBackend::<_, Gilboa>::new(HybridSimulator::new(run.stage));
        let party = HybridParty::new(run.net.endpoint(corrupted), run.coins, run.net.session());
        let mut party = Followed::new(OtBackend::<_, Gilboa>::new(party), run.share);
        play(&run.net, corrupted, script.run(&mut simulator, Vec::new()), script.run(&mut party, own))
    }
}

/// `fss` or `fss-select` over F_DCF.
struct Fss(Serving);

impl Worlds for Fss {
    fn real(
        &self,
        script: &Script,
        sides: Sides<Ring>,
        [dealer, _, client]: [Tape; 3],
        adversary: Chooses,
        session: Session,
    ) -> Outcome<Ring> {
        fss_hybrid(script, sides, self.0, (dealer, client), adversary, session).unwrap()
    }

    fn ideal(&self, script: &Script, own: Vec<Ring>, corrupted: Role, run: Simulated) -> Vec<Ring> {
        let mut simulator = FssSimulator::new(run.stage, HybridDcf, self.0);
        let party = FssParty::<Concrete, _, _, _>::new(run.net.endpoint(corrupted), run.coins, HybridCompare, self.0);
        let mut party = Followed::new(party, run.share);
        play(&run.net, corrupted, script.run(&mut simulator, Vec::new()), script.run(&mut party, own))
    }
}

fn equal(case: &Case<'_>, worlds: &impl Worlds) {
    for corrupted in PARTIES {
        assert_eq!(case.differ(worlds, corrupted, None), None);
    }
}

/// A defect for every two draws of the real world that are alike: the second is the first once more. Each must show in
/// some party's view. `draws` are the bits of each.
fn repeats_are_found(case: &Case<'_>, worlds: &impl Worlds, draws: &[u32]) {
    for second in 1..draws.len() {
        for first in (0..second).filter(|&first| draws[first] == draws[second]) {
            let found =
                PARTIES.iter().any(|corrupted| case.differ(worlds, *corrupted, Some((first, second))).is_some());
            assert!(found, "draw {second} is draw {first} once more, and nobody notices");
        }
    }
}

fn activate(step: StepConvention, n: usize) -> Call {
    Call::Activate { step, x: 0, earlier: vec![], served: Ranges::all(n), elements: 0 }
}

fn apply(n: usize, x: usize) -> Call {
    Call::Apply { groups: vec![0], served: Ranges::all(n), x }
}

const CASE: Case<'static> = Case {
    k: 2,
    vectors: &[1],
    inputs: 0,
    weight: None,
    paired: false,
    real: 0,
    ideal: [0, 0],
    always: None,
    calls: &|_| Vec::new(),
};

/// A gate, the element that it serves, and again in a later layer. Real: the server's g0, two shares a use.
#[test]
fn ot_a_gate_and_its_reuse_in_a_later_layer() {
    for step in STEPS {
        for k in 2..=3 {
            let bits = 1 + 4 * k;
            let calls = |n| vec![activate(step, n), apply(n, 0)];
            equal(&Case { k, real: bits, ideal: [bits, bits], calls: &calls, ..CASE }, &Ot);
        }
    }
}

/// Reuse inside a layer: one gate serves two replicates at once. Two shares of products each.
#[test]
fn ot_a_gate_serves_two_elements_of_its_layer() {
    let calls = |n| {
        let served = Ranges::new(n, [(0, n), (0, n)]).unwrap();
        vec![Call::Activate { step: STEP, x: 0, earlier: vec![], served, elements: 1 }]
    };
    let bits = 1 + 2 * 2 * 2;
    equal(&Case { vectors: &[1, 2], real: bits, ideal: [bits, bits], calls: &calls, ..CASE }, &Ot);
}

/// And in a later layer another element.
#[test]
fn ot_a_gate_serves_another_element_later() {
    let calls = |n| vec![Call::Open { step: STEP, x: 0 }, apply(n, 0), apply(n, 1)];
    let bits = 1 + 2 * 2 * 2;
    equal(&Case { vectors: &[1, 1], real: bits, ideal: [bits, bits], calls: &calls, ..CASE }, &Ot);
}

/// Truncation by 1 bit: leaves of 1 and 2 bits, a pair of triples, shares of two products.
#[test]
fn ot_truncation() {
    let calls = |_| vec![Call::Truncate { x: 0, shift: 1 }];
    let (server, client, opened, shares) = (1 + 2 + 4 + 2, 4, 2, 4);
    let ideal = [server + opened + shares, client + (1 + 2 + 2) + opened + shares];
    let case = Case { paired: true, real: server + client + shares, ideal, calls: &calls, ..CASE };
    equal(&case, &Ot);
}

/// A linear layer of one weight, for every weight: of each of the client's bits a COT, and two shares of a product.
#[test]
fn ot_a_product() {
    let map = MapSpec::Dense { input: Shape::new(1, 1, 1).unwrap(), outputs: 1 };
    for weight in 0..4 {
        let calls = |n| vec![Call::Linear { map: map.clone(), x: 0, batch: n }];
        equal(&Case { weight: Some(weight), real: 4, ideal: [4, 4], calls: &calls, ..CASE }, &Ot);
    }
}

/// Input, a gate on it, and output: the client's frame is what F_Output gives minus its share.
#[test]
fn ot_input_and_output() {
    let calls = |n| vec![Call::Input { len: n }, activate(STEP, n), Call::Output { x: 1 }];
    let case = Case { vectors: &[], inputs: 1, real: 2 + 1 + 4, ideal: [2 + 1 + 4, 2 + 1 + 4], calls: &calls, ..CASE };
    equal(&case, &Ot);
}

/// fss: the draws of a gate's layer: r, the server's shares of r, t and t r; and two shares at F_DCF.
fn payload(k: u32) -> (u32, u32) {
    (4 * k, 4 * k)
}

#[test]
fn fss_an_activation_by_payload() {
    for step in STEPS {
        let calls = |n| vec![activate(step, n)];
        let (drawn, seen) = payload(2);
        let chosen = 2 * 2;
        let ideal = [seen + chosen, seen + chosen];
        let case = Case { real: drawn + chosen, ideal, calls: &calls, ..CASE };
        equal(&case, &Fss(Serving::Payload));
        for always in [false, true] {
            let (drawn, seen) = payload(3);
            let case = Case { k: 3, real: drawn, ideal: [seen, seen], always: Some(always), calls: &calls, ..CASE };
            equal(&case, &Fss(Serving::Payload));
        }
    }
}

/// And a later use: the gate's mask and its shares, b, shares of b and a b; the party sees its shares, delta and eps.
#[test]
fn fss_a_later_use_after_the_payload_form() {
    let k = 2;
    let calls = |n| vec![activate(STEP, n), apply(n, 0)];
    let (drawn, seen) = payload(k);
    let later = 2 + k + 3 * k;
    let case = Case { real: drawn + later, ideal: [seen + later; 2], always: Some(true), calls: &calls, ..CASE };
    equal(&case, &Fss(Serving::Payload));
}

/// A gate serves a replicate of its layer, by payload: r and its share for both elements, shares of t and t r.
#[test]
fn fss_a_gate_serves_another_element_of_its_layer() {
    let k = 2;
    let calls = |n| vec![Call::Activate { step: STEP, x: 0, earlier: vec![], served: Ranges::all(n), elements: 1 }];
    let bits = 4 * k + 2 * k;
    let case = Case { vectors: &[1, 1], real: bits, ideal: [bits, bits], always: Some(true), calls: &calls, ..CASE };
    equal(&case, &Fss(Serving::Payload));
}

/// Select form: r and a share of it, t's share as a bit, the gate's mask and its shares, a share of - a r.
#[test]
fn fss_select_an_activation_and_a_later_use() {
    let k = 2;
    let own = 2 * k + 1 + 2 + k + k;
    for step in STEPS {
        let calls = |n| vec![activate(step, n)];
        let bits = own + 2; // and a share in R_2 at F_DCF
        equal(&Case { real: bits, ideal: [bits, bits], calls: &calls, ..CASE }, &Fss(Serving::Select));
    }
    let calls = |n| vec![activate(STEP, n), apply(n, 0)];
    let bits = own + 3 * k;
    let case = Case { real: bits, ideal: [bits, bits], always: Some(false), calls: &calls, ..CASE };
    equal(&case, &Fss(Serving::Select));
}

/// A gate that is opened alone, and a layer in which it serves the element beside a new gate.
#[test]
fn fss_a_mixed_layer_after_opening_alone() {
    let k = 2;
    let calls = |n| {
        let served = Ranges::new(2 * n, [(0, n)]).unwrap();
        let mixed = Call::Activate { step: STEP, x: 0, earlier: vec![0], served, elements: 0 };
        vec![Call::Open { step: STEP, x: 0 }, mixed]
    };
    let bits = 2 * k + 1 + 2 * k + k + 2 + k + k;
    let case = Case { real: bits, ideal: [bits, bits], always: Some(true), calls: &calls, ..CASE };
    equal(&case, &Fss(Serving::Payload));
}

#[test]
fn fss_truncation() {
    for (k, shift) in [(2, 1), (3, 1), (3, 2)] {
        let calls = |_| vec![Call::Truncate { x: 0, shift }];
        let bits = 3 * k + 2 * k; // r, shares of r and of r >> f; two shares at F_DCF
        equal(&Case { k, real: bits, ideal: [bits, bits], calls: &calls, ..CASE }, &Fss(Serving::Payload));
    }
}

#[test]
fn repeated_draws_are_found() {
    let calls = |n| vec![activate(STEP, n)];
    let (drawn, seen) = payload(2);
    let case = Case { real: drawn, ideal: [seen, seen], always: Some(true), calls: &calls, ..CASE };
    repeats_are_found(&case, &Fss(Serving::Payload), &[2, 2, 2, 2]);
    let calls = |_| vec![Call::Truncate { x: 0, shift: 1 }];
    let case = Case { real: 6, ideal: [6, 6], always: Some(true), calls: &calls, ..CASE };
    repeats_are_found(&case, &Fss(Serving::Payload), &[2, 2, 2]);
}

/// `garbled` over F_Labels and F_COT, server corrupted: nothing is assumed, but labels have 128 bits, so coins are sampled
/// where all else is enumerated. Under the same coins of the server and the same choices of the adversary the views are
/// equal bit for bit, and so are the client's outputs, for every input of both parties. Against a corrupted client the
/// tables are hidden by an assumption, and there is no such count.
#[test]
fn garbled_against_a_corrupted_server() {
    let k = 2;
    let cases = 0_u64..1 << (2 * k);
    let ring = |x: Vec<u64>| Ring::new(values::width(k), x);
    let [server, client] = [0, k].map(|first| ring(cases.clone().map(|case| case >> first).collect()));
    let n = server.len();
    let all = [activate(STEP, n), apply(n, 0), Call::Truncate { x: 0, shift: 1 }];
    let script = Script { width: values::width(k), shared: vec![n], calls: all.to_vec() };
    let secrets = Secrets { shared: vec![server.add(&client).unwrap()], ..Secrets::default() };
    let plain = script.plain(&secrets);
    for seed in 0..20 {
        let coins = |what| SeedCoins::new(&Seed([seed; 32]), what, Role::Server);
        let adversary = || Draws(coins("adversary"));
        let session = || Session { transcript: Transcript::observed(), ..Session::default() };
        let sides = Sides { server: vec![server.clone()], client: vec![client.clone()] };
        let all = (coins("server"), coins("client"));
        let real = garbled_hybrid(&script, sides, all, adversary(), session()).unwrap();
        let net = LocalNet::new(session().id, session().transcript);
        let (peer, trusted) = (net.endpoint(Role::Client), net.endpoint(Role::Trusted));
        let handed = HandedOver { adversary: adversary(), opened: [].into(), share: Share::default() };
        let stage = Stage { peer, trusted, coins: coins("simulator"), handed };
        let mut simulator = GarbledBackend::<_, Gilboa>::new(HybridSimulator::new(stage));
        let party = HybridParty::new(net.endpoint(Role::Server), coins("server"), net.session());
        let mut party = GarbledBackend::<_, Gilboa>::new(party);
        assert_eq!(party.role(), Role::Server);
        let programs = (script.run(&mut simulator, vec![]), script.run(&mut party, vec![server.clone()]));
        let shares = play(&net, Role::Server, programs.0, programs.1);
        let seen = |transcript: &Transcript| -> Vec<(&str, Option<Vec<u8>>)> {
            let received = transcript.entries().iter().filter(|entry| entry.to == Role::Server);
            received.map(|entry| (entry.step, entry.payload.clone())).collect()
        };
        assert!(seen(&real.transcript) == seen(&net.transcript()), "seed {seed}: views differ");
        assert!(real.outputs.server == shares, "seed {seed}: the server's shares differ");
        let honest: Vec<Ring> = plain.iter().zip(&shares).map(|(x, s)| ring(x.clone()).sub(s).unwrap()).collect();
        assert!(real.outputs.client == honest, "seed {seed}: the client's outputs differ");
    }
}

/// An adversary that corrupts the server and draws its shares.
struct Draws(SeedCoins);

impl Adversary for Draws {
    fn corrupted(&self) -> Option<Role> {
        Some(Role::Server)
    }

    fn leak(&mut self, _leakage: Leakage) {}

    fn plane_share(&mut self, len: usize) -> Result<Plane, PartyError> {
        self.0.plane(len)
    }

    fn ring_share(&mut self, width: Width, len: usize) -> Result<Ring, PartyError> {
        self.0.ring(width, len)
    }
}
