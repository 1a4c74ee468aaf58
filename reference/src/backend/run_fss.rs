//! Runs a program over the backend `fss`: all roles in one thread. [DS-ROLE-2]

use super::Program;
use super::fss::{FssDealer, FssParty};
use super::run::{NoCoins, Outcome, Session, Sides, roles};
use crate::gate::fss::Serving;
use crate::party::coins::{SeedCoins, ShapeCoins, any};
use crate::party::local::LocalNet;
use crate::party::transcript::Transcript;
use crate::party::xof::Seed;
use crate::party::{Carried, Coins, PartyError, Role};
use crate::primitives::dcf::domain::DcfDomain;
use crate::primitives::dcf::ideal::{HybridCompare, IdealCompare};
use crate::primitives::dcf::real::Keyed;
use crate::primitives::ideal::Adversary;
use crate::values::{Concrete, Ring, ShapeRing, Shapes};

impl Serving {
    /// The name of the backend that serves in this way, which is also the public part's piece `backend`.
    pub fn backend(self) -> &'static str {
        match self {
            Serving::Payload => "fss",
            Serving::Select => "fss-select",
        }
    }
}

/// Runs a program over the real protocols of `fss`, coins expanded from a seed that is bound to the session. [DS-COIN-4]
/// [DS-COIN-5]
///
/// # Errors
/// What a program or the executor reports.
pub fn fss<P: Program>(
    program: &P,
    own: Sides<Ring>,
    serving: Serving,
    seed: &Seed,
    session: Session,
) -> Result<Outcome<Ring>, PartyError> {
    let seed = seed.for_session(session.id);
    let coins = |role| SeedCoins::new(&seed, serving.backend(), role);
    fss_with::<Concrete, _, _, _>(program, own, serving, (coins(Role::Trusted), coins(Role::Client)), session)
}

/// The transcript of a program over the real protocols of `fss`, from shapes alone. [DS-COST-1]
///
/// # Errors
/// What a program or the executor reports.
pub fn fss_cost<P: Program>(program: &P, own: Sides<ShapeRing>, serving: Serving) -> Result<Transcript, PartyError> {
    let coins = (ShapeCoins, ShapeCoins);
    Ok(fss_with::<Shapes, _, _, _>(program, own, serving, coins, Session::default())?.transcript)
}

/// Runs a program over the real protocols of `fss` in any domain, with any coins: the dealer's and the client's.
///
/// # Errors
/// What a program or the executor reports.
pub fn fss_with<D: DcfDomain<Payload: Carried>, P: Program, K: Coins<D>, L: Coins<D>>(
    program: &P,
    own: Sides<D::Ring>,
    serving: Serving,
    (dealer, client): (K, L),
    session: Session,
) -> Result<Outcome<D::Ring>, PartyError> {
    let (net, keyed) = (LocalNet::new(session.id, session.transcript), Keyed::new(session.id));
    let trusted = FssDealer::<D, _, _, _>::new(net.any_endpoint(Role::Trusted), any(dealer), keyed, serving);
    let server = FssParty::<D, _, _, _>::new(net.any_endpoint(Role::Server), any(NoCoins), keyed, serving);
    let client = FssParty::<D, _, _, _>::new(net.any_endpoint(Role::Client), any(client), keyed, serving);
    roles(program, &net, trusted, server, client, own)
}

/// Runs a program over `fss` with F_DCF in place of keys, and an adversary. [DS-FSS-1]
///
/// # Errors
/// What a program or the executor reports.
pub fn fss_hybrid<P: Program, A: Adversary, K: Coins<Concrete>, L: Coins<Concrete>>(
    program: &P,
    own: Sides<Ring>,
    serving: Serving,
    (dealer, client): (K, L),
    adversary: A,
    session: Session,
) -> Result<Outcome<Ring>, PartyError> {
    let (net, ideal) = (LocalNet::new(session.id, session.transcript), IdealCompare::new(adversary));
    let trusted = FssDealer::<Concrete, _, _, _>::new(net.any_endpoint(Role::Trusted), any(dealer), ideal, serving);
    let server =
        FssParty::<Concrete, _, _, _>::new(net.any_endpoint(Role::Server), any(NoCoins), HybridCompare, serving);
    let client =
        FssParty::<Concrete, _, _, _>::new(net.any_endpoint(Role::Client), any(client), HybridCompare, serving);
    roles(program, &net, trusted, server, client, own)
}
