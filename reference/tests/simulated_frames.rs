//! Simulators send what the real roles send: the same frames in the same order, to either corrupted party, in every
//! backend whose messages are real and in the hybrid worlds; and the party's program runs to its end on them. [DS-SIM-1]
//! [DS-SIM-2]
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
use deepshare_reference::backend::fss::FssParty;
use deepshare_reference::backend::garbled::GarbledBackend;
use deepshare_reference::backend::gmw::GmwParty;
use deepshare_reference::backend::ot::{Dealt, Gilboa, OtBackend};
use deepshare_reference::backend::run::{Outcome, Session, Sides, gmw};
use deepshare_reference::backend::run_fss::{fss, fss_hybrid};
use deepshare_reference::backend::run_garbled::{garbled, garbled_hybrid};
use deepshare_reference::backend::run_ot::{ot, ot_hybrid};
use deepshare_reference::backend::run_simulated::{Followed, HandedOver, Share, against};
use deepshare_reference::backend::simulated::{FssSimulator, GmwSimulator};
use deepshare_reference::backend::{Backend, Program};
use deepshare_reference::gate::fss::Serving;
use deepshare_reference::party::coins::SeedCoins;
use deepshare_reference::party::local::{Endpoint, LocalNet};
use deepshare_reference::party::transcript::{Entry, Transcript};
use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::{Phase, Role};
use deepshare_reference::plan::StepConvention::{Nonnegative, Positive};
use deepshare_reference::primitives::dcf::ideal::HybridCompare;
use deepshare_reference::primitives::dcf::real::Keyed;
use deepshare_reference::primitives::dcf::simulator::{HybridDcf, UniformKeys};
use deepshare_reference::primitives::ideal::{Adversary, Leakage, Nobody};
use deepshare_reference::primitives::ot::extension::OtParty;
use deepshare_reference::primitives::ot::ideal::HybridParty;
use deepshare_reference::primitives::ot::real_simulator::PeerSimulator;
use deepshare_reference::primitives::ot::simulator::HybridSimulator;
use deepshare_reference::primitives::ot::tweak::Purpose;
use deepshare_reference::primitives::stage::{Handed, Stage};
use deepshare_reference::values::{Concrete, Ranges, Ring, RingVector, Shape};
use maps::MapSpec;
use script::{Call, Script, Secrets};
use std::collections::BTreeMap;
use values::{ring, width};

const SEED: Seed = Seed([8; 32]);

/// Input, a linear layer, two activation layers with reuse, an opening alone, truncations, output.
fn script() -> (Script, Secrets) {
    let n = 4;
    let map = MapSpec::Dense { input: Shape::new(2, 1, 1).unwrap(), outputs: 2 };
    let both = Ranges::new(2 * n, [(n, n), (1, 3)]).unwrap();
    let calls = vec![
        Call::Input { len: n },               // 1
        Call::Linear { map, x: 1, batch: 2 }, // 2
        Call::Activate { step: Nonnegative, x: 2, earlier: vec![], served: Ranges::all(n), elements: 2 }, // 3
        Call::Truncate { x: 3, shift: 2 },    // 4
        Call::Activate { step: Positive, x: 4, earlier: vec![0], served: both, elements: 0 }, // 5
        Call::Apply { groups: vec![0], served: Ranges::all(n), x: 4 }, // 6
        Call::Open { step: Positive, x: 6 },
        Call::Apply { groups: vec![2, 0], served: Ranges::new(2 * n, [(n, n)]).unwrap(), x: 6 }, // 7
        Call::Truncate { x: 7, shift: 0 },                                                       // 8
        Call::Output { x: 7 },
        Call::Output { x: 8 },
    ];
    let w = width(7);
    let secrets = Secrets {
        shared: vec![ring(w, &[1, -2, 3, -4, 5, -6, 7])],
        weights: vec![ring(w, &[1, -2, 3, 4])],
        inputs: vec![ring(w, &[5, -7, 11, -64])],
    };
    (Script { width: w, shared: vec![7], calls }, secrets)
}

/// All that is public of the frames that a party sends and receives, in the order of each direction. Rounds of calls of a
/// functionality are left out: in these the functionality counts what the honest party hands in, which no simulator sends.
fn frames(transcript: &Transcript, party: Role) -> BTreeMap<String, Vec<String>> {
    let mut frames = BTreeMap::<_, Vec<String>>::new();
    for entry in transcript.entries().iter().filter(|entry| entry.from == party || entry.to == party) {
        let Entry { phase, round, from, to, step, content, wire_bytes, .. } = entry;
        let round = Some(round).filter(|_| *phase != Phase::Ideal);
        let frame = format!("{step} {} {round:?} {content:?} {wire_bytes}", phase.name());
        frames.entry(format!("{from} to {to}")).or_default().push(frame);
    }
    frames
}

type SeedStage = Stage<Endpoint<Vec<u8>>, SeedCoins, HandedOver<Nobody>>;

/// A simulated run before its party and its simulator are made.
struct Run {
    net: LocalNet<Vec<u8>>,
    corrupted: Role,
    stage: SeedStage,
    share: Share,
    own: Vec<Ring>,
}

impl Run {
    fn new(real: &Outcome<Ring>, sides: &Sides<Ring>, corrupted: Role) -> Run {
        let net = LocalNet::new(Session::default().id, Transcript::observed());
        let share = Share::default();
        let opened = real.outputs.client[real.outputs.server.len()..].iter().cloned().collect();
        let adversary = Nobody::new(SeedCoins::new(&SEED, "nobody", corrupted));
        let handed = HandedOver { adversary, opened, share: share.clone() };
        let (peer, trusted) = (net.endpoint(corrupted.peer()), net.endpoint(Role::Trusted));
        let stage = Stage { peer, trusted, coins: SeedCoins::new(&SEED, "simulator", corrupted), handed };
        let own = if corrupted == Role::Server { &sides.server } else { &sides.client };
        Run { net, corrupted, stage, share, own: own.clone() }
    }

    fn coins(&self) -> SeedCoins {
        SeedCoins::new(&SEED, "corrupted party", self.corrupted)
    }
}

/// Runs a party against a simulator for either corrupted party, and compares the frames with those of a real run. What a
/// corrupted client is given at the end is what the real one got: the simulator sends the rest of its share.
fn compare(name: &str, real: impl Fn(&Script, Sides<Ring>) -> Outcome<Ring>, play: impl Fn(&Script, Run) -> Vec<Ring>) {
    let (script, secrets) = script();
    let sides = secrets.sides(3);
    let real = real(&script, sides.clone());
    let shares = real.outputs.server.len();
    for corrupted in [Role::Server, Role::Client] {
        let run = Run::new(&real, &sides, corrupted);
        let net = run.net.clone();
        let outputs = play(&script, run);
        assert_eq!(frames(&net.transcript(), corrupted), frames(&real.transcript, corrupted), "{name}, {corrupted}");
        let opened = if corrupted == Role::Client { &real.outputs.client[shares..] } else { &[] };
        assert_eq!(&outputs[shares..], opened, "{name}, {corrupted}: what is opened");
        let widths = outputs.iter().map(|x| (x.width(), x.len()));
        let lengths = real.outputs.server.iter().chain(opened).map(|x| (x.width(), x.len()));
        assert!(widths.eq(lengths), "{name}, {corrupted}: shapes of the outputs");
    }
}

/// Runs the script for the corrupted party against a simulator that follows it.
fn follow<S: Backend, B: Backend<Share = Ring>>(
    script: &Script,
    (net, corrupted): (LocalNet<Vec<u8>>, Role),
    mut simulator: S,
    party: B,
    share: Share,
    own: Vec<Ring>,
) -> Vec<Ring> {
    let mut party = Followed::new(party, share);
    let programs = (script.run(&mut simulator, Vec::new()), script.run(&mut party, own));
    against(&net, corrupted, programs.0, programs.1).unwrap()
}

/// Coins of the two roles that draw any in a hybrid world.
fn pair() -> (SeedCoins, SeedCoins) {
    (SeedCoins::new(&SEED, "hybrid", Role::Server), SeedCoins::new(&SEED, "hybrid", Role::Client))
}

fn nobody() -> Nobody {
    Nobody::new(SeedCoins::new(&SEED, "nobody", Role::Trusted))
}

fn observed() -> Session {
    Session { transcript: Transcript::observed(), ..Session::default() }
}

#[test]
fn gmw_is_simulated() {
    compare(
        "gmw",
        |script, own| gmw(script, own, &SEED, observed()).unwrap(),
        |script, run| {
            let party = GmwParty::<Concrete, _, _>::new(run.net.endpoint(run.corrupted), run.coins());
            let simulator = GmwSimulator::new(run.stage);
            follow(script, (run.net, run.corrupted), simulator, party, run.share, run.own)
        },
    );
}

#[test]
fn fss_is_simulated() {
    for serving in [Serving::Payload, Serving::Select] {
        compare(
            serving.backend(),
            |script, own| fss(script, own, serving, &SEED, observed()).unwrap(),
            |script, run| {
                let (end, keyed) = (run.net.endpoint(run.corrupted), Keyed::new(Session::default().id));
                let party = FssParty::<Concrete, _, _, _>::new(end, run.coins(), keyed, serving);
                let simulator = FssSimulator::new(run.stage, UniformKeys, serving);
                follow(script, (run.net, run.corrupted), simulator, party, run.share, run.own)
            },
        );
    }
}

#[test]
fn ot_is_simulated() {
    compare(
        "ot",
        |script, own| ot(script, own, &SEED, observed()).unwrap(),
        |script, run| {
            let (end, coins, share) = (run.net.endpoint(run.corrupted), run.coins(), run.share);
            let simulator = async {
                let ots = PeerSimulator::set_up(run.stage, &Purpose::OT).await?;
                script.run(&mut OtBackend::<_, Gilboa>::new(ots), Vec::new()).await
            };
            let party = async {
                let ots = OtParty::<Concrete, _, _>::set_up(end, coins, Session::default().id, &Purpose::OT).await?;
                script.run(&mut Followed::new(OtBackend::<_, Gilboa>::new(ots), share), run.own).await
            };
            against(&run.net, run.corrupted, simulator, party).unwrap()
        },
    );
}

#[test]
fn garbled_is_simulated() {
    compare(
        "garbled",
        |script, own| garbled(script, own, &SEED, observed()).unwrap(),
        |script, run| {
            let (end, coins, share) = (run.net.endpoint(run.corrupted), run.coins(), run.share);
            let simulator = async {
                let ots = PeerSimulator::set_up(run.stage, &Purpose::GARBLED).await?;
                script.run(&mut GarbledBackend::<_, Dealt>::new(ots), Vec::new()).await
            };
            let party = async {
                let ots =
                    OtParty::<Concrete, _, _>::set_up(end, coins, Session::default().id, &Purpose::GARBLED).await?;
                script.run(&mut Followed::new(GarbledBackend::<_, Dealt>::new(ots), share), run.own).await
            };
            against(&run.net, run.corrupted, simulator, party).unwrap()
        },
    );
}

#[test]
fn calls_of_ots_are_simulated() {
    compare(
        "F_OT",
        |script, own| ot_hybrid(script, own, pair(), nobody(), observed()).unwrap(),
        |script, run| {
            let party = HybridParty::new(run.net.endpoint(run.corrupted), run.coins(), run.net.session());
            let party = OtBackend::<_, Gilboa>::new(party);
            let simulator = OtBackend::<_, Gilboa>::new(HybridSimulator::new(run.stage));
            follow(script, (run.net, run.corrupted), simulator, party, run.share, run.own)
        },
    );
}

#[test]
fn calls_of_comparison_keys_are_simulated() {
    for serving in [Serving::Payload, Serving::Select] {
        compare(
            "F_DCF",
            |script, own| fss_hybrid(script, own, serving, pair(), nobody(), observed()).unwrap(),
            |script, run| {
                let end = run.net.endpoint(run.corrupted);
                let party = FssParty::<Concrete, _, _, _>::new(end, run.coins(), HybridCompare, serving);
                let simulator = FssSimulator::new(run.stage, HybridDcf, serving);
                follow(script, (run.net, run.corrupted), simulator, party, run.share, run.own)
            },
        );
    }
}

#[test]
fn calls_of_labels_are_simulated() {
    compare(
        "F_Labels",
        |script, own| garbled_hybrid(script, own, pair(), nobody(), observed()).unwrap(),
        |script, run| {
            let party = HybridParty::new(run.net.endpoint(run.corrupted), run.coins(), run.net.session());
            let party = GarbledBackend::<_, Gilboa>::new(party);
            let simulator = GarbledBackend::<_, Gilboa>::new(HybridSimulator::new(run.stage));
            follow(script, (run.net, run.corrupted), simulator, party, run.share, run.own)
        },
    );
}

/// What a simulator is handed: the adversary's choices, which hears what leaks, and the opened values in their order, if
/// they have the form that is asked for. [DS-SIM-1]
#[test]
fn a_simulator_is_handed_choices_and_opened_values() {
    let adversary = Constant::new(Role::Client, true);
    let leaked = adversary.leaked.clone();
    let values: Vec<Ring> = (1..=4).map(|value| ring(width(8), &[value; 2])).collect();
    let mut handed = HandedOver { adversary, opened: values.clone().into(), share: Share::default() };
    assert_eq!(handed.corrupted(), Some(Role::Client));
    handed.leak(Leakage::Labels { count: 3 });
    assert_eq!(leaked.borrow().as_slice(), [Leakage::Labels { count: 3 }]);
    assert_eq!(handed.opened(width(8), 2).as_ref(), Ok(&values[0]));
    for (width, len) in [(width(9), 2), (width(8), 1)] {
        assert_eq!(handed.opened(width, len).unwrap_err().code(), "party/misuse", "{width}, {len}");
    }
    assert_eq!(handed.opened(width(8), 2).as_ref(), Ok(&values[3]));
    assert_eq!(handed.opened(width(8), 2).unwrap_err().code(), "party/misuse");
}
