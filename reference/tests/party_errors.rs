//! What stops a party: damaged frames, closed and silent peers, deadlock, misuse; each with who, where and why.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/maps.rs"]
mod maps;
#[path = "common/script.rs"]
mod script;
#[path = "common/tamper.rs"]
mod tamper;
#[path = "common/values.rs"]
mod values;

use deepshare_reference::backend::gmw::GmwParty;
use deepshare_reference::backend::run::{NoCoins, Session, Sides, gmw, gmw_with, ideal};
use deepshare_reference::backend::{Backend, Program};
use deepshare_reference::party::channel::{receive_ring, send_ring};
use deepshare_reference::party::coins::{SeedCoins, TapeCoins};
use deepshare_reference::party::frame::FrameError;
use deepshare_reference::party::local::{LocalNet, run};
use deepshare_reference::party::transcript::Transcript;
use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::{PartyError, Phase, Role, SessionId, Step};
use deepshare_reference::plan::StepConvention;
use deepshare_reference::primitives::ideal::{Functionality, Nobody, Party as IdealParty};
use deepshare_reference::primitives::roles::Dealer;
use deepshare_reference::values::{Concrete, Ranges, Ring, RingVector, Shape, ShapeRing, ValueError};
use maps::MapSpec;
use script::{Call, Script};
use tamper::{Attack, Damage, Hostile};
use values::{ring, width};

const SEED: Seed = Seed([3; 32]);
const STEP: Step = Step::new(Phase::Online, "test/step", "DS-TEST");

fn net() -> LocalNet<Vec<u8>> {
    LocalNet::new(SessionId::default(), Transcript::default())
}

async fn nothing() -> Result<(), PartyError> {
    Ok(())
}

/// A program with every functionality: an input, a linear map, an activation of 3 elements over 5 bits, a truncation, and
/// the output.
fn everything() -> (Script, Sides<Ring>) {
    let map = MapSpec::Dense { input: Shape::new(1, 1, 3).unwrap(), outputs: 3 };
    let step = StepConvention::Nonnegative;
    let calls = vec![
        Call::Input { len: 3 },
        Call::Linear { map, x: 0, batch: 1 },
        Call::Activate { step, x: 1, earlier: vec![], served: Ranges::all(3), elements: 1 },
        Call::Truncate { x: 2, shift: 2 },
        Call::Output { x: 3 },
    ];
    let weights = ring(width(5), &[1, 0, 0, 0, 2, 0, 0, 0, -1]);
    let image = ring(width(5), &[9, -3, 4]);
    (Script { width: width(5), shared: vec![], calls }, Sides { server: vec![weights], client: vec![image] })
}

/// Runs the program over channels of which one damages a frame.
fn attacked(attack: Attack) -> Result<(), PartyError> {
    let (script, own) = everything();
    let net = LocalNet::new(SessionId::default(), Transcript::default());
    let coins = |role| SeedCoins::new(&SEED, "gmw", role);
    let channel = |role| Hostile::new(&net, role, attack);
    let mut trusted = Dealer::<Concrete, _, _>::new(channel(Role::Trusted), coins(Role::Trusted));
    let mut server = GmwParty::<Concrete, _, _>::new(channel(Role::Server), NoCoins);
    let mut client = GmwParty::<Concrete, _, _>::new(channel(Role::Client), coins(Role::Client));
    let shapes: Vec<ShapeRing> = Vec::new();
    let programs = (script.run(&mut server, own.server), script.run(&mut client, own.client));
    run(&net, script.run(&mut trusted, shapes), programs.0, programs.1).map(drop)
}

/// Every step of the program: who sends to whom, and payload bytes without and bits of padding.
fn frames() -> Vec<(Role, Role, &'static str, u64, u64)> {
    let (script, own) = everything();
    let transcript = gmw(&script, own, &SEED, Session::default()).unwrap().transcript;
    let mut seen = std::collections::BTreeSet::new();
    let firsts = transcript.entries().iter().filter(|entry| seen.insert((entry.from, entry.to, entry.step)));
    firsts.map(|entry| (entry.from, entry.to, entry.step, entry.content.bytes(), entry.content.bits() % 8)).collect()
}

/// Where a field of a frame starts.
const ROUND: usize = 18;
const SEQUENCE: usize = 22;
const LABEL: usize = 31;

/// Damage to the header, and the error's code.
const HEADER_DAMAGE: [(Damage, &str); 9] = [
    (
        |mut frame| {
            frame[0] = 2;
            frame
        },
        "frame/version",
    ),
    (
        |mut frame| {
            frame[16] ^= 0x80;
            frame
        },
        "frame/session",
    ),
    (
        |mut frame| {
            frame[17] = 9;
            frame
        },
        "frame/phase",
    ),
    (
        |mut frame| {
            frame[ROUND..SEQUENCE].fill(0);
            frame
        },
        "frame/round",
    ),
    (
        |mut frame| {
            frame[SEQUENCE] ^= 1;
            frame
        },
        "frame/sequence",
    ),
    (
        |mut frame| {
            frame[LABEL] = b'~';
            frame
        },
        "frame/step",
    ),
    (
        |mut frame| {
            let at = LABEL + usize::from(frame[LABEL - 1]);
            frame[at] ^= 1;
            frame
        },
        "frame/length",
    ),
    (
        |mut frame| {
            frame.push(0);
            frame
        },
        "frame/cut",
    ),
    (|_| vec![], "frame/cut"),
];

/// Every kind of damage to the first frame of every step from everybody to everybody: the receiver names it.
#[test]
fn every_damaged_frame_of_every_step_is_named() {
    let frames = frames();
    let steps: std::collections::BTreeSet<&str> = frames.iter().map(|frame| frame.2).collect();
    assert_eq!(steps.len(), 18, "{steps:?}");
    for (from, to, step, bytes, padding) in frames {
        let check = |damage, code| {
            let error = attacked(Attack { from, to, step, damage }).unwrap_err();
            match &error {
                PartyError::Frame { role, from: sender, step: at, .. } => {
                    assert_eq!((*role, *sender, *at, error.code()), (to, from, step, code), "{error}");
                }
                other => panic!("{step} from {from}, {code}: {other}"),
            }
        };
        HEADER_DAMAGE.iter().for_each(|&(damage, code)| check(damage, code));
        check(
            |mut frame| {
                frame.pop();
                frame
            },
            "frame/cut",
        );
        if padding > 0 {
            check(
                |mut frame| {
                    *frame.last_mut().unwrap() |= 0x80;
                    frame
                },
                "frame/padding",
            );
        }
        assert!(bytes > 0);
    }
}

/// A well-formed lie is outside the model: it is not found, and nothing panics.
#[test]
fn a_well_formed_lie_gives_no_error() {
    let damage: Damage = |mut frame| {
        let at = frame.len() - 1;
        frame[at] ^= 1;
        frame
    };
    let attack = Attack { from: Role::Server, to: Role::Client, step: "output", damage };
    assert_eq!(attacked(attack), Ok(()));
}

/// A round that the sender cannot have reached; the dealer's rounds are not bounded, since it never waits.
#[test]
fn rounds_from_the_future() {
    let damage: Damage = |mut frame| {
        frame[ROUND + 1] = 1;
        frame
    };
    let error = attacked(Attack { from: Role::Client, to: Role::Server, step: "input", damage }).unwrap_err();
    let message = "server: step input: frame from client: round 257 is not in 1..=2";
    assert_eq!((error.to_string().as_str(), error.code()), (message, "frame/round"));
    let attack = Attack { from: Role::Trusted, to: Role::Server, step: "and/deal-leaves", damage };
    assert_eq!(attacked(attack), Ok(()));
}

/// A peer that sends another step, another length or another number of frames. [DS-WIRE-2] [DS-WIRE-5]
#[test]
fn another_step_and_another_length() {
    let other = Step::new(Phase::Online, "test/other", "DS-TEST");
    let offline = Step::new(Phase::Offline, "test/step", "DS-TEST");
    for (step, len, cause) in [
        (other, 2, FrameError::Step { found: "test/other".into(), expected: "test/step".into() }),
        (offline, 2, FrameError::Phase { found: 0 }),
        (STEP, 3, FrameError::Length { found: 3, expected: 2 }),
    ] {
        let net = net();
        let (mut server, mut client) = (net.endpoint(Role::Server), net.endpoint(Role::Client));
        let x = ring(width(8), &vec![1; len]);
        let send = async { send_ring::<Concrete, _>(&mut server, Role::Client, step, &x) };
        let receive = receive_ring::<Concrete, _>(&mut client, Role::Server, STEP, width(8), 2);
        let error = run(&net, nothing(), send, receive).unwrap_err();
        let message = format!("client: step test/step: frame from server: {cause}");
        assert_eq!(error, PartyError::Frame { role: Role::Client, from: Role::Server, step: "test/step", cause });
        assert_eq!(error.to_string(), message);
    }
}

/// The program with every functionality, on other vectors than it needs.
fn misused(server: Vec<Ring>, client: Vec<Ring>) -> PartyError {
    gmw(&everything().0, Sides { server, client }, &SEED, Session::default()).unwrap_err()
}

#[test]
fn parties_that_bring_nothing_or_something_else() {
    let Sides { server, client } = everything().1;
    let misuse = |role, what: &str| PartyError::Misuse { role, what: what.to_owned() };
    let no_input = misuse(Role::Client, "the client must give its input");
    assert_eq!(misused(server.clone(), vec![]), no_input);
    assert_eq!(misused(server.clone(), vec![ring(width(5), &[1, 2])]), no_input);
    assert_eq!(misused(server.clone(), vec![ring(width(6), &[1, 2, 3])]), no_input);
    assert_eq!(
        (no_input.to_string().as_str(), no_input.code()),
        ("client: the client must give its input", "party/misuse")
    );
    assert_eq!(misused(vec![], client.clone()), misuse(Role::Server, "the server must give its weights"));
    let short = PartyError::Value {
        role: Role::Server,
        step: "linear/weights",
        source: ValueError::Length { left: 8, right: 9 },
    };
    assert_eq!(misused(vec![ring(width(5), &[1; 8])], client.clone()), short);
    assert_eq!(
        (short.to_string().as_str(), short.code()),
        ("server: step linear/weights: lengths differ: 8 and 9", "party/value")
    );
    // the same in the ideal world; two elements of 5 bits have as many bytes as three, so that the frame cannot tell
    let ideally =
        |server, client| ideal(&everything().0, Sides { server, client }, &SEED, Session::default()).unwrap_err();
    assert_eq!(ideally(server.clone(), vec![]), no_input);
    assert_eq!(ideally(server, vec![ring(width(5), &[1, 2])]), no_input);
    assert_eq!(ideally(vec![], client.clone()), misuse(Role::Server, "the server must give its weights"));
    let short = ideally(vec![ring(width(5), &[1; 8])], client);
    assert_eq!(short.to_string(), "server: step ideal/weights: lengths differ: 8 and 9");
}

#[test]
fn a_shift_of_the_whole_width() {
    for len in [0, 1] {
        let script = Script { width: width(8), shared: vec![len], calls: vec![Call::Truncate { x: 0, shift: 8 }] };
        let own = || Sides { server: vec![ring(width(8), &vec![1; len])], client: vec![ring(width(8), &vec![2; len])] };
        let source = ValueError::Shift { shift: 8, bits: 8 };
        for (found, step) in [
            (gmw(&script, own(), &SEED, Session::default()), "truncate/carries"),
            (ideal(&script, own(), &SEED, Session::default()), "ideal/truncate"),
        ] {
            assert_eq!(found.unwrap_err(), PartyError::Value { role: Role::Trusted, step, source: source.clone() });
        }
    }
}

/// [DS-COIN-1] [DS-COIN-3]
#[test]
fn coins_that_are_used_up_and_a_party_without_any() {
    let (script, own) = everything();
    let tape = || TapeCoins::new(Role::Trusted, vec![0; 4], 200);
    let client = SeedCoins::new(&SEED, "gmw", Role::Client);
    let error = gmw_with::<Concrete, _, _, _>(&script, own.clone(), tape(), client, Session::default()).unwrap_err();
    assert!(matches!(error, PartyError::Value { role: Role::Trusted, step: "coins", source: ValueError::Tape { .. } }));
    assert!(error.to_string().starts_with("trusted: step coins: the random tape is used up: "), "{error}");
    let dealer = SeedCoins::new(&SEED, "gmw", Role::Trusted);
    let error = gmw_with::<Concrete, _, _, _>(&script, own, dealer, NoCoins, Session::default()).unwrap_err();
    assert_eq!(error.to_string(), "server: this party draws no coins");
}

/// Opens gates twice under one identifier, or applies gates that were never opened. [DS-IDEAL-3]
#[test]
fn the_ideal_gate_keeps_its_book() {
    let functionality = |net: &LocalNet<Vec<u8>>| {
        Functionality::new(net.endpoint(Role::Trusted), Nobody::new(SeedCoins::new(&SEED, "ideal", Role::Trusted)))
    };
    let shape = ShapeRing::constant(width(8), 1, 0);
    let share = ring(width(8), &[1]);
    let party = async |mut party: IdealParty<_>, opens: bool| -> Result<(), PartyError> {
        if opens {
            party.open(&share)?;
            party.open(&share)
        } else {
            party.apply(&share).await.map(drop)
        }
    };
    for (opens, what) in
        [(true, "gates 7 are open already"), (false, "of the gates [Gates { id: 7, len: 1 }] some were never opened")]
    {
        let net = net();
        let mut trusted = functionality(&net);
        let gates = deepshare_reference::gate::ideal::Gates { id: 7, len: 1 };
        let program = async {
            if opens {
                trusted.open(7, StepConvention::Positive, &shape).await?;
                trusted.open(7, StepConvention::Positive, &shape).await.map(drop)
            } else {
                trusted.apply(&[gates], &Ranges::all(1), &shape).await.map(drop)
            }
        };
        let (server, client) =
            (IdealParty::new(net.endpoint(Role::Server)), IdealParty::new(net.endpoint(Role::Client)));
        let error = run(&net, program, party(server, opens), party(client, opens)).unwrap_err();
        assert_eq!(error, PartyError::Misuse { role: Role::Trusted, what: what.to_owned() });
        assert_eq!(error.code(), "party/misuse");
    }
}

#[test]
fn codes_are_distinct_and_messages_name_the_party() {
    let all = [
        PartyError::Frame { role: Role::Server, from: Role::Client, step: "s", cause: FrameError::Cut },
        PartyError::Closed { role: Role::Server, from: Role::Client, step: "s" },
        PartyError::Deadlock { waiting: String::new() },
        PartyError::Value { role: Role::Server, step: "s", source: ValueError::Width { bits: 1 } },
        PartyError::NoChannel { from: Role::Server, to: Role::Server },
        PartyError::PublicPart { role: Role::Server, which: "the plan".into() },
        PartyError::Misuse { role: Role::Server, what: String::new() },
        PartyError::NoRandomness { reason: "none".into() },
    ];
    let codes: std::collections::BTreeSet<&str> = all.iter().map(PartyError::code).collect();
    assert_eq!(codes.len(), all.len());
    assert_eq!(all[5].to_string(), "server: the parties do not agree on the public part: the plan differs");
    assert_eq!(all[7].to_string(), "the operating system gave no randomness: none");
}

/// A program that gives an error ends the run with it, and no output.
#[test]
fn the_first_error_ends_the_run() {
    struct Fails;
    impl Program for Fails {
        async fn run<B: Backend>(&self, backend: &mut B, _: Vec<B::Share>) -> Result<Vec<B::Share>, PartyError> {
            Err(PartyError::Misuse { role: backend.role(), what: "no".into() })
        }
    }
    let own = || Sides { server: vec![], client: vec![] };
    let error = gmw(&Fails, own(), &SEED, Session::default()).unwrap_err();
    assert_eq!(error, PartyError::Misuse { role: Role::Trusted, what: "no".into() });
    assert_eq!(ideal(&Fails, own(), &SEED, Session::default()).unwrap_err(), error);
}
