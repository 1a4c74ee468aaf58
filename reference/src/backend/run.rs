//! Runs a program in a world: all roles in one thread. [DS-ROLE-2]

use super::gmw::GmwParty;
use super::ideal::IdealParty;
use super::{Backend, Program};
use crate::party::coins::{SeedCoins, ShapeCoins, any};
use crate::party::local::{LocalNet, run};
use crate::party::transcript::Transcript;
use crate::party::xof::Seed;
use crate::party::{BitWire, Carried, Coins, PartyError, Role, SessionId};
use crate::primitives::ideal::{Adversary, Functionality, Nobody};
use crate::primitives::roles::Dealer;
use crate::values::{Ring, ShapeRing, Shapes};

/// What the server and the client bring to a program, or get from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sides<R> {
    /// The server's vectors.
    pub server: Vec<R>,
    /// The client's vectors.
    pub client: Vec<R>,
}

/// What a run gave.
#[derive(Clone, Debug)]
pub struct Outcome<R> {
    /// What each party got.
    pub outputs: Sides<R>,
    /// Every frame that travelled.
    pub transcript: Transcript,
}

/// A session of a program: its identifier, and a transcript to write to. The default identifier is all zero, for tests
/// that repeat a session on purpose; under one seed and one identifier all coins repeat. [DS-COIN-4]
#[derive(Clone, Debug, Default)]
pub struct Session {
    /// The identifier.
    pub id: SessionId,
    /// An empty transcript, observed or not.
    pub transcript: Transcript,
}

/// Runs a program over the real protocols of `gmw`, coins expanded from a seed that is bound to the session. [DS-COIN-4]
///
/// One process plays all roles here, for tests and demonstrations, so one seed serves them all. Real roles draw from
/// independent seeds, each known to its role alone: whoever had the dealer's seed could open every mask. [DS-COIN-5]
///
/// # Errors
/// What a program or the executor reports.
pub fn gmw<P: Program>(
    program: &P,
    own: Sides<Ring>,
    seed: &Seed,
    session: Session,
) -> Result<Outcome<Ring>, PartyError> {
    let seed = seed.for_session(session.id);
    let coins = |role| SeedCoins::new(&seed, "gmw", role);
    gmw_with::<crate::values::Concrete, _, _, _>(program, own, coins(Role::Trusted), coins(Role::Client), session)
}

/// The transcript of a program over the real protocols of `gmw`, from shapes alone. [DS-COST-1]
///
/// # Errors
/// What a program or the executor reports.
pub fn gmw_cost<P: Program>(program: &P, own: Sides<ShapeRing>) -> Result<Transcript, PartyError> {
    let outcome = gmw_with::<Shapes, _, _, _>(program, own, ShapeCoins, ShapeCoins, Session::default())?;
    Ok(outcome.transcript)
}

/// Runs a program over the real protocols of `gmw` in any domain, with any coins: the dealer's and the client's.
///
/// # Errors
/// What a program or the executor reports.
pub fn gmw_with<D: BitWire<Payload: Carried>, P: Program, K: Coins<D>, L: Coins<D>>(
    program: &P,
    own: Sides<D::Ring>,
    dealer: K,
    client: L,
    session: Session,
) -> Result<Outcome<D::Ring>, PartyError> {
    let net = LocalNet::new(session.id, session.transcript);
    let trusted = Dealer::<D, _, _>::new(net.any_endpoint(Role::Trusted), any(dealer));
    let server = GmwParty::<D, _, _>::new(net.any_endpoint(Role::Server), any(NoCoins));
    let client = GmwParty::<D, _, _>::new(net.any_endpoint(Role::Client), any(client));
    roles(program, &net, trusted, server, client, own)
}

/// Runs a program in the ideal world where nobody is corrupted, coins expanded from a seed.
///
/// # Errors
/// What a program or the executor reports.
pub fn ideal<P: Program>(
    program: &P,
    own: Sides<Ring>,
    seed: &Seed,
    session: Session,
) -> Result<Outcome<Ring>, PartyError> {
    let seed = seed.for_session(session.id);
    let nobody = Nobody::new(SeedCoins::new(&seed, "ideal", Role::Trusted));
    ideal_with(program, own, nobody, session)
}

/// Runs a program in the ideal world with an adversary, who chooses the corrupted party's output shares. [DS-IDEAL-1]
///
/// # Errors
/// What a program or the executor reports.
pub fn ideal_with<P: Program, A: Adversary>(
    program: &P,
    own: Sides<Ring>,
    adversary: A,
    session: Session,
) -> Result<Outcome<Ring>, PartyError> {
    let net = LocalNet::new(session.id, session.transcript);
    let trusted = Functionality::new(net.any_endpoint(Role::Trusted), adversary);
    let server = IdealParty::new(net.any_endpoint(Role::Server));
    let client = IdealParty::new(net.any_endpoint(Role::Client));
    roles(program, &net, trusted, server, client, own)
}

pub(super) fn roles<P: Program, F: Carried, T: Backend, B: Backend, C: Backend<Share = B::Share>>(
    program: &P,
    net: &LocalNet<F>,
    mut trusted: T,
    mut server: B,
    mut client: C,
    own: Sides<B::Share>,
) -> Result<Outcome<B::Share>, PartyError> {
    let (_, server, client) = run(
        net,
        program.run(&mut trusted, Vec::new()),
        program.run(&mut server, own.server),
        program.run(&mut client, own.client),
    )?;
    Ok(Outcome { outputs: Sides { server, client }, transcript: net.transcript() })
}

/// The server of `gmw` draws no coins.
#[derive(Clone, Copy, Debug)]
pub struct NoCoins;

impl<D: BitWire> Coins<D> for NoCoins {
    fn plane(&mut self, _len: usize) -> Result<D::Plane, PartyError> {
        Err(no_coins())
    }

    fn ring(&mut self, _width: crate::values::Width, _len: usize) -> Result<D::Ring, PartyError> {
        Err(no_coins())
    }
}

fn no_coins() -> PartyError {
    PartyError::Misuse { role: Role::Server, what: "this party draws no coins".into() }
}
