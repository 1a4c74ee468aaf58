//! Transcripts that a person can read, one a functionality and world, with fixed seeds. `cargo insta review` shows what
//! changed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/maps.rs"]
mod maps;
#[path = "common/script.rs"]
mod script;
#[path = "common/values.rs"]
mod values;

use deepshare_reference::backend::run::{Outcome, Session, Sides, gmw, ideal};
use deepshare_reference::backend::run_fss::fss;
use deepshare_reference::backend::run_garbled::garbled;
use deepshare_reference::backend::run_ot::ot;
use deepshare_reference::gate::fss::Serving;
use deepshare_reference::party::transcript::Transcript;
use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::{PartyError, SessionId};
use deepshare_reference::plan::StepConvention;
use deepshare_reference::values::{Ranges, Ring, Shape};
use maps::MapSpec;
use script::{Call, Script, Secrets, reconstruct};
use values::{ring, width};

type World = fn(&Script, Sides<Ring>, &Seed, Session) -> Result<Outcome<Ring>, PartyError>;

const STEP: StepConvention = StepConvention::Nonnegative;

/// The transcript as text, without the base OTs of a session, which have a snapshot of their own.
fn without_base_ots(transcript: &Transcript) -> String {
    let text = transcript.annotated();
    let mut hidden = false; // a frame's lines of values and bytes are indented
    let kept = text.lines().filter(|line| {
        hidden = line.contains(" base-ot/") || hidden && line.starts_with(' ');
        !hidden
    });
    kept.map(|line| format!("{line}\n")).collect()
}

/// Runs a script in all worlds and compares each transcript, with the outputs in the clear, with its snapshot.
fn snapshots(name: &str, script: &Script, secrets: &Secrets) {
    let expected = script.plain(secrets);
    let payload: World = |script, own, seed, session| fss(script, own, Serving::Payload, seed, session);
    let select: World = |script, own, seed, session| fss(script, own, Serving::Select, seed, session);
    let real: [(&str, World); 5] =
        [("gmw", gmw), ("ot", ot), ("fss", payload), ("fss-select", select), ("garbled", garbled)];
    let all = real.into_iter().chain([("ideal", ideal as World)]);
    for (world, run) in all {
        if world == "fss-select" && !script.calls.iter().any(|call| matches!(call, Call::Activate { .. })) {
            continue; // the forms differ in activation layers only
        }
        let session = Session { id: SessionId(*b"snapshot session"), transcript: Transcript::observed() };
        let outcome = run(script, secrets.sides(0xDEC0DE), &Seed([42; 32]), session).unwrap();
        let found = reconstruct(&outcome.outputs);
        assert_eq!(found, expected, "{name}, {world}");
        let clear: Vec<String> =
            found.into_iter().map(|y| format!("{:?}", Ring::new(script.width, y).to_integers())).collect();
        let text = format!("{}results: {}\n", without_base_ots(&outcome.transcript), clear.join(" "));
        snapshot(&format!("{name}-{world}"), text);
    }
}

fn snapshot(name: &str, text: String) {
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, text);
    });
}

/// What starts every session of `ot`.
#[test]
fn base_ots() {
    let script = Script { width: width(4), shared: vec![], calls: vec![] };
    let session = Session { id: SessionId(*b"snapshot session"), transcript: Transcript::observed() };
    let outcome = ot(&script, Secrets::default().sides(0), &Seed([42; 32]), session).unwrap();
    snapshot("base-ots-ot", outcome.transcript.annotated());
}

fn shared(vectors: Vec<Ring>) -> Secrets {
    Secrets { shared: vectors, ..Secrets::default() }
}

#[test]
fn opening_a_gate() {
    let script = Script { width: width(4), shared: vec![1], calls: vec![Call::Open { step: STEP, x: 0 }] };
    snapshots("gate-open", &script, &shared(vec![ring(width(4), &[-3])]));
}

/// One prototype and two replicates, two rows each.
#[test]
fn an_activation_with_two_replicates() {
    let served = Ranges::new(2, [(0, 2), (0, 2), (0, 2)]).unwrap();
    let calls = vec![Call::Activate { step: STEP, x: 0, earlier: vec![], served, elements: 1 }];
    let script = Script { width: width(8), shared: vec![2, 6], calls };
    let elements = ring(width(8), &[5, -5, 100, 101, -128, 127]);
    snapshots("activation", &script, &shared(vec![ring(width(8), &[5, -5]), elements]));
}

/// A later layer opens eps only, or sends corrections only.
#[test]
fn a_later_layer_reuses_a_gate() {
    let calls = vec![
        Call::Activate { step: STEP, x: 0, earlier: vec![], served: Ranges::all(2), elements: 0 },
        Call::Apply { groups: vec![0], served: Ranges::all(2), x: 1 },
    ];
    let script = Script { width: width(8), shared: vec![2, 2], calls };
    snapshots("later-layer", &script, &shared(vec![ring(width(8), &[0, -1]), ring(width(8), &[7, 8])]));
}

#[test]
fn a_truncation() {
    let script = Script { width: width(8), shared: vec![2], calls: vec![Call::Truncate { x: 0, shift: 3 }] };
    snapshots("truncation", &script, &shared(vec![ring(width(8), &[-1, 127])]));
}

#[test]
fn a_dense_layer() {
    let map = MapSpec::Dense { input: Shape::new(1, 1, 2).unwrap(), outputs: 2 };
    let script = Script { width: width(8), shared: vec![2], calls: vec![Call::Linear { map, x: 0, batch: 1 }] };
    let weights = vec![ring(width(8), &[1, 2, -3, 4])];
    snapshots("dense", &script, &Secrets { weights, ..shared(vec![ring(width(8), &[10, -20])]) });
}

#[test]
fn an_input_and_an_output() {
    let calls = vec![Call::Input { len: 3 }, Call::Output { x: 0 }];
    let script = Script { width: width(8), shared: vec![], calls };
    snapshots("input-output", &script, &Secrets { inputs: vec![ring(width(8), &[1, -2, 3])], ..Secrets::default() });
}
