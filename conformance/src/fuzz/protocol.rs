//! Cases in the clear and over the protocols: all give what the ring semantics gives.

use super::error::{equal, fails};
use super::{Found, Reach, definition};
use crate::case::Case;
use crate::hostile::Backend;
use crate::hostile::backend::Behaviour;
use deepshare_reference::backend::run::{self, Session, Sides};
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
pub type World = fn(&Inference, Sides<Ring>, u32) -> Result<Sides<Ring>, PartyError>;

/// Writing a case is a right inverse of reading it, and its network's file reads back. [DS-FUZZ-2] [DS-NET-4]
pub fn codec(bytes: &[u8]) -> Found {
    let case = Case::decode(bytes)?;
    equal("the case that is written and read", &case, &Case::decode(&case.encode())?)?;
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
    agrees(bytes, |program, own, seed| Ok(run::ideal(program, own, &user_seed(seed), Session::default())?.outputs))
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
        Ok(run_fss::fss(program, own, serving, &user_seed(seed), Session::default())?.outputs)
    })
}

/// `ot` on base OTs from their functionality: all messages of OT extension.
pub fn ot_extension(bytes: &[u8]) -> Found {
    agrees(bytes, |program, own, seed| honest(Backend::Ot, program, own, seed))
}

/// `ot-dealer` on base OTs from their functionality.
pub fn ot_dealer(bytes: &[u8]) -> Found {
    agrees(bytes, |program, own, seed| honest(Backend::OtDealer, program, own, seed))
}

/// `garbled` on base OTs from their functionality, with dealt linear layers: all of its messages.
pub fn garbled_extension(bytes: &[u8]) -> Found {
    agrees(bytes, |program, own, seed| honest(Backend::Garbled, program, own, seed))
}

/// `ot` with nobody's help.
pub fn ot_real(bytes: &[u8]) -> Found {
    agrees(bytes, |program, own, seed| Ok(run_ot::ot(program, own, &user_seed(seed), Session::default())?.outputs))
}

fn in_gmw(program: &Inference, own: Sides<Ring>, seed: u32) -> Result<Sides<Ring>, PartyError> {
    Ok(run::gmw(program, own, &user_seed(seed), Session::default())?.outputs)
}

fn in_fss(program: &Inference, own: Sides<Ring>, seed: u32) -> Result<Sides<Ring>, PartyError> {
    on_ideal_keys(program, own, Serving::Payload, seed)
}

fn in_ot(program: &Inference, own: Sides<Ring>, seed: u32) -> Result<Sides<Ring>, PartyError> {
    Ok(run_ot::ot_hybrid(program, own, parties(seed), nobody(seed), Session::default())?.outputs)
}

fn in_garbled(program: &Inference, own: Sides<Ring>, seed: u32) -> Result<Sides<Ring>, PartyError> {
    Ok(run_garbled::garbled_hybrid(program, own, parties(seed), nobody(seed), Session::default())?.outputs)
}

fn on_ideal_keys(
    program: &Inference,
    own: Sides<Ring>,
    serving: Serving,
    seed: u32,
) -> Result<Sides<Ring>, PartyError> {
    let session = Session::default();
    Ok(run_fss::fss_hybrid(program, own, serving, dealt(seed), nobody(seed), session)?.outputs)
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

/// A backend of the campaigns of hostile peers, with nobody hostile.
fn honest(backend: Backend, program: &Inference, own: Sides<Ring>, seed: u32) -> Result<Sides<Ring>, PartyError> {
    let net = LocalNet::new(Session::default().id, Transcript::default());
    let ends = backend.run(program, own, &user_seed(seed), &net, &Behaviour::default());
    ends.trusted?;
    Ok(Sides { server: ends.server?, client: ends.client? })
}

/// Runs a case in a world: the client gets what the ring semantics gives, and the server nothing.
fn agrees(bytes: &[u8], world: World) -> Found {
    let case = Case::decode(bytes)?;
    let network = case.network();
    let ring = |image: &Vec<i64>| semantics::ring(network, image).map_err(fails("the ring semantics"));
    let expected: Vec<Vec<i64>> = case.images().iter().map(ring).collect::<Result<_, _>>()?;
    let server = Inference::server_inputs(network).unwrap_or_default();
    let own = Sides { server, client: vec![case.batch()] };
    let found = world(&case.program(), own, case.seed()).map_err(fails("a party"))?;
    equal("the vectors that the server gets", &0, &found.server.len())?;
    let found: Vec<Vec<i64>> = found.client.iter().map(Ring::to_integers).collect();
    equal("the client's outputs", &vec![expected.concat()], &found)?;
    Ok(Reach::Ran)
}
