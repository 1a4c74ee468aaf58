//! What no protocol can do ends with an error that says so, in every backend alike: parties that bring nothing or
//! something else, lengths that do not fit, gates and keys that are not there. What is empty is no error.
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
use deepshare_reference::backend::run::{Outcome, Session, Sides, gmw, ideal};
use deepshare_reference::backend::run_fss::{fss, fss_hybrid};
use deepshare_reference::backend::run_garbled::{garbled_hybrid, garbled_on_ideal_base};
use deepshare_reference::backend::run_ot::{ot_dealer, ot_hybrid, ot_on_ideal_base};
use deepshare_reference::gate::fss::Serving;
use deepshare_reference::party::coins::SeedCoins;
use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::{PartyError, Role, SessionId};
use deepshare_reference::plan::StepConvention::Nonnegative;
use deepshare_reference::primitives::ot::code::Code;
use deepshare_reference::primitives::ot::matrix::{Position, receive, send};
use deepshare_reference::primitives::ot::tweak::{Purpose, Tweak};
use deepshare_reference::values::{BitPlane, Plane, Ranges, Ring, RingVector, Shape, ValueError};
use maps::MapSpec;
use script::{Call, Script, reconstruct};
use values::{ring, width};

const SEED: Seed = Seed([3; 32]);

type World = fn(&Script, Sides<Ring>) -> Result<Outcome<Ring>, PartyError>;

fn pair() -> (SeedCoins, SeedCoins) {
    (SeedCoins::new(&SEED, "hybrid", Role::Server), SeedCoins::new(&SEED, "hybrid", Role::Client))
}

fn nobody() -> Constant {
    Constant::new(Role::Server, false)
}

/// Every backend, on ideal base OTs where it has any, and the hybrid worlds.
const WORLDS: [(&str, World); 10] = [
    ("ideal", |script, own| ideal(script, own, &SEED, Session::default())),
    ("gmw", |script, own| gmw(script, own, &SEED, Session::default())),
    ("ot", |script, own| ot_on_ideal_base(script, own, &SEED, Session::default())),
    ("ot-dealer", |script, own| ot_dealer(script, own, &SEED, Session::default())),
    ("fss", |script, own| fss(script, own, Serving::Payload, &SEED, Session::default())),
    ("fss-select", |script, own| fss(script, own, Serving::Select, &SEED, Session::default())),
    ("garbled", |script, own| garbled_on_ideal_base(script, own, &SEED, Session::default())),
    ("F_OT", |script, own| ot_hybrid(script, own, pair(), nobody(), Session::default())),
    ("F_DCF", |script, own| fss_hybrid(script, own, Serving::Payload, pair(), nobody(), Session::default())),
    ("F_Labels", |script, own| garbled_hybrid(script, own, pair(), nobody(), Session::default())),
];

/// The same vectors for both parties.
fn both(vectors: &[Ring]) -> Sides<Ring> {
    Sides { server: vectors.to_vec(), client: vectors.to_vec() }
}

/// All worlds end with the error of a value.
fn refused(calls: &[Call], own: &Sides<Ring>, expected: &ValueError) {
    let shared = own.server.iter().map(RingVector::len).collect();
    let script = Script { width: width(8), shared, calls: calls.to_vec() };
    for (name, world) in WORLDS {
        match world(&script, own.clone()) {
            Err(PartyError::Value { source, .. }) => assert_eq!(&source, expected, "{name}: {calls:?}"),
            other => panic!("{name}: {calls:?}: {:?}", other.map(|outcome| outcome.outputs)),
        }
    }
}

/// All worlds end with a misuse by a party.
fn misused(calls: &[Call], own: &Sides<Ring>, by: Role, expected: &str) {
    let script = Script { width: width(8), shared: vec![], calls: calls.to_vec() };
    for (name, world) in WORLDS {
        let error = world(&script, own.clone()).map(|outcome| outcome.outputs).unwrap_err();
        assert_eq!(error, PartyError::Misuse { role: by, what: expected.to_owned() }, "{name}: {calls:?}");
    }
}

fn x(len: usize) -> Ring {
    ring(width(8), &vec![1; len])
}

fn dense() -> MapSpec {
    MapSpec::Dense { input: Shape::new(1, 1, 3).unwrap(), outputs: 2 }
}

/// [DS-IO-1]
#[test]
fn a_client_without_its_input() {
    let calls = [Call::Input { len: 3 }];
    let of_client = |client| Sides { server: vec![], client };
    for client in [vec![], vec![x(2)], vec![x(4)], vec![ring(width(9), &[1; 3])]] {
        misused(&calls, &of_client(client), Role::Client, "the client must give its input");
    }
}

/// [DS-LIN-7]
#[test]
fn a_server_without_its_weights() {
    let calls = [Call::Input { len: 3 }, Call::Linear { map: dense(), x: 0, batch: 1 }];
    let of_server = |server| Sides { server, client: vec![x(3)] };
    misused(&calls, &of_server(vec![]), Role::Server, "the server must give its weights");
    for len in [5, 7] {
        let script = Script { width: width(8), shared: vec![], calls: calls.to_vec() };
        let expected = ValueError::Length { left: len, right: 6 };
        for (name, world) in WORLDS {
            match world(&script, of_server(vec![x(len)])) {
                Err(PartyError::Value { role: Role::Server, source, .. }) => assert_eq!(source, expected, "{name}"),
                other => panic!("{name}: {:?}", other.map(|outcome| outcome.outputs)),
            }
        }
    }
}

/// [DS-TRUNC-1]
#[test]
fn a_shift_by_the_width_and_by_more() {
    for shift in [8, 9, u32::MAX] {
        for len in [0, 1] {
            refused(&[Call::Truncate { x: 0, shift }], &both(&[x(len)]), &ValueError::Shift { shift, bits: 8 });
        }
    }
}

/// [DS-IDEAL-3]
#[test]
fn gates_that_are_not_there() {
    let apply = |served| [Call::Open { step: Nonnegative, x: 0 }, Call::Apply { groups: vec![0], served, x: 1 }];
    let of_three = Ranges::new(3, [(1, 2)]).unwrap();
    refused(&apply(of_three.clone()), &both(&[x(2), x(2)]), &ValueError::Length { left: 2, right: 3 });
    let activate = |served| [Call::Activate { step: Nonnegative, x: 0, earlier: vec![], served, elements: 1 }];
    refused(&activate(of_three), &both(&[x(2), x(2)]), &ValueError::Length { left: 2, right: 3 });
    let by_nobody = Call::Apply { groups: vec![], served: Ranges::all(2), x: 0 };
    refused(&[by_nobody], &both(&[x(2)]), &ValueError::Length { left: 0, right: 2 });
}

/// [DS-IDEAL-3]
#[test]
fn gates_for_more_or_fewer_elements() {
    for elements in [0, 1, 3] {
        let served = Ranges::all(2);
        let own = both(&[x(2), x(elements)]);
        let expected = ValueError::Length { left: 2, right: elements };
        let apply = Call::Apply { groups: vec![0], served: served.clone(), x: 1 };
        refused(&[Call::Open { step: Nonnegative, x: 0 }, apply], &own, &expected);
        let activate = Call::Activate { step: Nonnegative, x: 0, earlier: vec![], served, elements: 1 };
        refused(&[activate], &own, &expected);
    }
}

/// [DS-LIN-2]
#[test]
fn a_batch_that_the_input_is_not() {
    let calls = [Call::Input { len: 3 }, Call::Linear { map: dense(), x: 0, batch: 2 }];
    let script = Script { width: width(8), shared: vec![], calls: calls.to_vec() };
    for (name, world) in WORLDS {
        match world(&script, Sides { server: vec![x(6)], client: vec![x(3)] }) {
            Err(PartyError::Value { source, .. }) => {
                assert_eq!(source, ValueError::Length { left: 3, right: 6 }, "{name}");
            }
            other => panic!("{name}: {:?}", other.map(|outcome| outcome.outputs)),
        }
    }
}

/// An extension has a key and a column for each position of its code. [DS-OT-11]
#[test]
fn keys_and_columns_of_another_number_than_the_code_has_positions() {
    let at = Position { tweak: Tweak { purpose: Purpose::ToClient, session: SessionId([5; 16]) }, batch: 0, first: 0 };
    let (code, choice) = (Code::Repetition, Plane::constant(3, true));
    let n = code.positions();
    let secret = Plane::constant(n, true);
    for found in [0, n - 1, n + 1] {
        let error = ValueError::Length { left: found, right: n };
        let columns = |count| vec![Plane::constant(3, false); count];
        assert_eq!(receive(&at, code, &vec![[SEED; 2]; found], std::slice::from_ref(&choice)).unwrap_err(), error);
        assert_eq!(send(&at, code, &secret, &vec![SEED; found], &columns(n)).unwrap_err(), error);
        assert_eq!(send(&at, code, &secret, &vec![SEED; n], &columns(found)).unwrap_err(), error);
    }
}

/// No image, no gate, no element.
#[test]
fn nothing_is_no_error() {
    let nothing = Ranges::all(0);
    let calls = vec![
        Call::Linear { map: dense(), x: 0, batch: 0 },
        Call::Open { step: Nonnegative, x: 0 },
        Call::Apply { groups: vec![0], served: nothing.clone(), x: 0 },
        Call::Apply { groups: vec![], served: nothing.clone(), x: 0 },
        Call::Activate { step: Nonnegative, x: 0, earlier: vec![0], served: nothing, elements: 0 },
        Call::Truncate { x: 0, shift: 3 },
        Call::Input { len: 0 },
        Call::Output { x: 0 },
    ];
    let script = Script { width: width(8), shared: vec![0], calls };
    for (name, world) in WORLDS {
        let own = Sides { server: vec![x(0), x(6)], client: vec![x(0), x(0)] };
        let outcome = world(&script, own).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(reconstruct(&outcome.outputs), vec![Vec::<u64>::new(); 6], "{name}");
    }
}
