//! Cases in the clear and over the protocols: all give what the ring semantics gives.

use super::error::{Finding, equal, fails};
use super::{Found, Reach, definition};
use crate::case::{Case, convert};
use crate::hostile::Backend;
use crate::hostile::backend::Behaviour;
use deepshare_reference::backend::run::{Outcome, Session, Sides};
use deepshare_reference::backend::{run_fss, run_garbled, run_ot};
use deepshare_reference::gate::fss::Serving;
use deepshare_reference::network::inference::Inference;
use deepshare_reference::network::semantics::{self, SemanticsError};
use deepshare_reference::party::coins::SeedCoins;
use deepshare_reference::party::local::LocalNet;
use deepshare_reference::party::transcript::Transcript;
use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::{PartyError, Role};
use deepshare_reference::primitives::ideal::Nobody;
use deepshare_reference::values::Ring;
use num_bigint::BigInt;

/// Runs the parties of a program under the number of a case; what the server and the client get.
pub type World = fn(&Inference, Sides<Ring>, u32) -> Result<Sides<Ring>, Finding>;

/// Writing a case is a right inverse of reading it, what was read field by field is written so, and its network's file reads
/// back. [DS-FUZZ-2] [DS-NET-4]
pub fn codec(bytes: &[u8]) -> Found {
    let case = Case::decode(bytes)?;
    let written = case.encode();
    equal("the case that is written and read", &case, &Case::decode(&written)?)?;
    let read_as_json = std::str::from_utf8(bytes).is_ok_and(convert::may_be_json);
    equal("a case of fields that is written as JSON", &false, &(!read_as_json && written.starts_with(b"{")))?;
    let network = case.network();
    let again = deepshare_reference::network::Network::from_json(&network.to_json())?;
    equal("the network that is written and read", network, &again)?;
    Ok(Reach::Ran)
}

/// Both semantics are what the definitions say; where the integer semantics has a result, the ring semantics has the same.
/// [DS-NET-10] [DS-NET-11] [DS-NET-12]
pub fn semantics(bytes: &[u8]) -> Found {
    let case = Case::decode(bytes)?;
    for image in case.images() {
        let defined = |checkpoint| definition::evaluate(case.network(), image, checkpoint);
        let ring = semantics::ring(case.network(), image).map_err(fails("the ring semantics"))?;
        equal("the ring semantics and its definition", &defined(definition::wraps), &Some(big(&ring)))?;
        let exact = match semantics::integer(case.network(), image) {
            Ok(exact) => Some(exact),
            Err(SemanticsError::Overflow { .. }) => None,
            Err(error) => return Err(fails("the integer semantics")(error)),
        };
        let numbers = exact.as_ref().map(|exact| big(exact));
        equal("the integer semantics and its definition", &defined(definition::fits), &numbers)?;
        equal("the outputs of the integer and the ring semantics", exact.as_ref().unwrap_or(&ring), &ring)?;
    }
    Ok(Reach::Ran)
}

fn big(numbers: &[i64]) -> Vec<BigInt> {
    numbers.iter().map(|&number| BigInt::from(number)).collect()
}

/// The worlds that take a fraction of a millisecond.
pub const QUICK: [World; 4] = [in_gmw, in_ot, in_fss, in_garbled];

/// The ideal world. [DS-IDEAL-1]
pub fn ideal(bytes: &[u8]) -> Found {
    agrees(bytes, |program, own, seed| every_role(Backend::Ideal, program, own, seed))
}

/// `gmw`.
pub fn gmw(bytes: &[u8]) -> Found {
    agrees(bytes, in_gmw)
}

/// `ot` on F_OT and F_COT. [DS-OT-1] [DS-OT-2]
pub fn ot(bytes: &[u8]) -> Found {
    agrees(bytes, in_ot)
}

/// `fss` on F_DCF. [DS-FSS-1]
pub fn fss(bytes: &[u8]) -> Found {
    agrees(bytes, in_fss)
}

/// `fss-select` on F_DCF. [DS-FSS-1]
pub fn fss_select(bytes: &[u8]) -> Found {
    agrees(bytes, |program, own, seed| on_ideal_keys(program, own, Serving::Select, seed))
}

/// `garbled` on F_Labels and F_COT. [DS-GC-1]
pub fn garbled(bytes: &[u8]) -> Found {
    agrees(bytes, in_garbled)
}

/// `fss` and `fss-select`, by the case's number, with real keys.
pub fn fss_keys(bytes: &[u8]) -> Found {
    agrees(bytes, |program, own, seed| {
        let serving = if seed.is_multiple_of(2) { Serving::Payload } else { Serving::Select };
        every_role(Backend::Fss(serving), program, own, seed)
    })
}

/// `ot` on base OTs from their functionality: all messages of OT extension.
pub fn ot_extension(bytes: &[u8]) -> Found {
    agrees(bytes, |program, own, seed| every_role(Backend::Ot, program, own, seed))
}

/// `ot-dealer` on base OTs from their functionality.
pub fn ot_dealer(bytes: &[u8]) -> Found {
    agrees(bytes, |program, own, seed| every_role(Backend::OtDealer, program, own, seed))
}

/// `garbled` on base OTs from their functionality, with dealt linear layers: all of its messages.
pub fn garbled_extension(bytes: &[u8]) -> Found {
    agrees(bytes, |program, own, seed| every_role(Backend::Garbled, program, own, seed))
}

/// `ot` with nobody's help.
pub fn ot_real(bytes: &[u8]) -> Found {
    agrees(bytes, |program, own, seed| outputs(run_ot::ot(program, own, &user_seed(seed), Session::default())))
}

fn in_gmw(program: &Inference, own: Sides<Ring>, seed: u32) -> Result<Sides<Ring>, Finding> {
    every_role(Backend::Gmw, program, own, seed)
}

fn in_fss(program: &Inference, own: Sides<Ring>, seed: u32) -> Result<Sides<Ring>, Finding> {
    on_ideal_keys(program, own, Serving::Payload, seed)
}

fn in_ot(program: &Inference, own: Sides<Ring>, seed: u32) -> Result<Sides<Ring>, Finding> {
    outputs(run_ot::ot_hybrid(program, own, parties(seed), nobody(seed), Session::default()))
}

fn in_garbled(program: &Inference, own: Sides<Ring>, seed: u32) -> Result<Sides<Ring>, Finding> {
    outputs(run_garbled::garbled_hybrid(program, own, parties(seed), nobody(seed), Session::default()))
}

fn on_ideal_keys(program: &Inference, own: Sides<Ring>, serving: Serving, seed: u32) -> Result<Sides<Ring>, Finding> {
    let session = Session::default();
    outputs(run_fss::fss_hybrid(program, own, serving, dealt(seed), nobody(seed), session))
}

fn outputs(outcome: Result<Outcome<Ring>, PartyError>) -> Result<Sides<Ring>, Finding> {
    outcome.map(|outcome| outcome.outputs).map_err(fails("a party"))
}

/// The coins of a dealer and a client.
fn dealt(seed: u32) -> (SeedCoins, SeedCoins) {
    (coins(seed, Role::Trusted), coins(seed, Role::Client))
}

/// The coins of a server and a client.
fn parties(seed: u32) -> (SeedCoins, SeedCoins) {
    (coins(seed, Role::Server), coins(seed, Role::Client))
}

/// The functionality's own choices.
fn nobody(seed: u32) -> Nobody {
    Nobody::new(SeedCoins::new(&user_seed(seed), "fuzz, functionality", Role::Trusted))
}

fn coins(seed: u32, role: Role) -> SeedCoins {
    SeedCoins::new(&user_seed(seed), "fuzz", role)
}

/// A seed of the specification's coins.
fn user_seed(seed: u32) -> Seed {
    Seed::from_user_bytes(&seed.to_le_bytes())
}

/// A backend with every role on its own, as in the campaigns of hostile peers, with nobody hostile. Every frame that is sent is
/// received.
fn every_role(backend: Backend, program: &Inference, own: Sides<Ring>, seed: u32) -> Result<Sides<Ring>, Finding> {
    let net = LocalNet::new(Session::default().id, Transcript::default());
    let ends = backend.run(program, own, &user_seed(seed), &net, &Behaviour::default());
    ends.trusted.map_err(fails("the trusted party"))?;
    let server = ends.server.map_err(fails("the server"))?;
    let client = ends.client.map_err(fails("the client"))?;
    all_received(&net)?;
    Ok(Sides { server, client })
}

fn all_received(net: &LocalNet<Vec<u8>>) -> Result<(), Finding> {
    equal("the frames that nobody received", &0, &net.undelivered())
}

/// Runs a case in a world: the client gets what the ring semantics gives, and the server nothing.
fn agrees(bytes: &[u8], world: World) -> Found {
    let case = Case::decode(bytes)?;
    let network = case.network();
    let ring = |image: &Vec<i64>| semantics::ring(network, image).map_err(fails("the ring semantics"));
    let expected: Vec<Vec<i64>> = case.images().iter().map(ring).collect::<Result<_, _>>()?;
    let server = Inference::server_inputs(network).unwrap_or_default();
    let own = Sides { server, client: vec![case.batch()] };
    let found = world(&case.program(), own, case.seed())?;
    equal("the vectors that the server gets", &0, &found.server.len())?;
    let found: Vec<Vec<i64>> = found.client.iter().map(Ring::to_integers).collect();
    equal("the client's outputs", &vec![expected.concat()], &found)?;
    Ok(Reach::Ran)
}

#[cfg(test)]
mod tests {
    use super::*;
    use deepshare_reference::party::{Channel, Content, Phase, Step};
    use deepshare_reference::values::RingVector;

    /// What the oracle says of a world, on the case of no bytes.
    fn judged(world: World) -> Result<Reach, String> {
        agrees(b"", world).map_err(|finding| finding.to_string())
    }

    /// [DS-FUZZ-6]
    #[test]
    fn a_world_that_gives_something_else_is_a_finding() {
        assert_eq!(judged(in_gmw), Ok(Reach::Ran));
        let another = judged(|program, own, seed| {
            let right = in_gmw(program, own, seed)?;
            let one = |x: &Ring| Ring::new(x.width(), x.elements().iter().map(|x| x ^ 1).collect());
            Ok(Sides { client: right.client.iter().map(one).collect(), ..right })
        });
        assert!(another.clone().is_err_and(|text| text.starts_with("the client's outputs: expected")), "{another:?}");
        let fewer = judged(|program, own, seed| Ok(Sides { client: Vec::new(), ..in_gmw(program, own, seed)? }));
        assert!(fewer.clone().is_err_and(|text| text.starts_with("the client's outputs: expected")), "{fewer:?}");
        let to_the_server = judged(|program, own, seed| {
            let right = in_gmw(program, own, seed)?;
            Ok(Sides { server: right.client.clone(), ..right })
        });
        assert_eq!(to_the_server, Err("the vectors that the server gets: expected 0, found 1".to_owned()));
        let nothing = judged(|program, _, seed| {
            let none = Sides { server: Vec::new(), client: Vec::new() };
            in_gmw(program, none, seed)
        });
        assert!(nothing.clone().is_err_and(|text| text.contains("ends with an error")), "{nothing:?}");
    }

    /// [DS-FUZZ-6]
    #[test]
    fn a_frame_that_nobody_receives_is_a_finding() {
        let net = LocalNet::new(Session::default().id, Transcript::default());
        assert_eq!(all_received(&net), Ok(()));
        let step = Step::new(Phase::Online, "test/one", "DS-TEST");
        let content = Content { element_bits: 8, ring: true, count: 1 };
        net.endpoint(Role::Server).send(Role::Client, step, content, vec![1]).unwrap();
        let found = all_received(&net).map_err(|finding| finding.to_string());
        assert_eq!(found, Err("the frames that nobody received: expected 0, found 1".to_owned()));
    }
}
