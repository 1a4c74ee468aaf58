//! Runs a program over the backend `ot`: all roles in one thread. [DS-ROLE-2]

use super::Program;
use super::ot::{Dealt, Gilboa, LinearDealer, OtBackend};
use super::run::{Outcome, Session, Sides};
use crate::party::coins::{SeedCoins, ShapeCoins, any};
use crate::party::local::{LocalNet, run};
use crate::party::transcript::Transcript;
use crate::party::xof::Seed;
use crate::party::{Carried, Coins, PartyError, Role};
use crate::primitives::ideal::{Adversary, Functionality};
use crate::primitives::ot::base::ideal as base;
use crate::primitives::ot::domain::OtDomain;
use crate::primitives::ot::extension::OtParty;
use crate::primitives::ot::ideal::HybridParty;
use crate::primitives::ot::tweak::Purpose;
use crate::values::{Concrete, Ring, ShapeRing, Shapes};

/// The coins of the three roles: trusted party, server, client.
pub type RoleCoins<K> = (K, K, K);

/// Coins of all roles from one seed, bound to the session. [DS-COIN-4] [DS-COIN-5]
pub(super) fn coins(backend: &'static str, seed: &Seed, session: &Session) -> RoleCoins<SeedCoins> {
    let seed = seed.for_session(session.id);
    let coins = |role| SeedCoins::new(&seed, backend, role);
    (coins(Role::Trusted), coins(Role::Server), coins(Role::Client))
}

pub(super) const SHAPE_COINS: RoleCoins<ShapeCoins> = (ShapeCoins, ShapeCoins, ShapeCoins);

/// Runs a program over the real protocols of `ot`, from base OTs up; there is no trusted party.
///
/// # Errors
/// What a program or the executor reports.
pub fn ot<P: Program>(
    program: &P,
    own: Sides<Ring>,
    seed: &Seed,
    session: Session,
) -> Result<Outcome<Ring>, PartyError> {
    let coins = coins("ot", seed, &session);
    ot_with::<Concrete, _, _>(program, own, coins, session)
}

/// The transcript of a program over the real protocols of `ot`, from shapes alone. [DS-COST-1]
///
/// # Errors
/// What a program or the executor reports.
pub fn ot_cost<P: Program>(program: &P, own: Sides<ShapeRing>) -> Result<Transcript, PartyError> {
    Ok(ot_with::<Shapes, _, _>(program, own, SHAPE_COINS, Session::default())?.transcript)
}

/// Runs a program over `ot` in any domain, with any coins.
///
/// # Errors
/// What a program or the executor reports.
pub fn ot_with<D: OtDomain<Payload: Carried>, P: Program, K: Coins<D>>(
    program: &P,
    own: Sides<D::Ring>,
    (_, server, client): RoleCoins<K>,
    session: Session,
) -> Result<Outcome<D::Ring>, PartyError> {
    let net = LocalNet::new(session.id, session.transcript);
    let party = async |role, coins, own| {
        let ots = OtParty::<D, _, _>::set_up(net.any_endpoint(role), any(coins), session.id, &Purpose::OT).await?;
        program.run(&mut OtBackend::<_, Gilboa>::new(ots), own).await
    };
    let programs = (party(Role::Server, server, own.server), party(Role::Client, client, own.client));
    let ((), server, client) = run(&net, async { Ok(()) }, programs.0, programs.1)?;
    Ok(Outcome { outputs: Sides { server, client }, transcript: net.transcript() })
}

/// Runs a program over `ot-dealer`: gates and truncations as in `ot`, linear layers with a dealer's triples.
///
/// # Errors
/// What a program or the executor reports.
pub fn ot_dealer<P: Program>(
    program: &P,
    own: Sides<Ring>,
    seed: &Seed,
    session: Session,
) -> Result<Outcome<Ring>, PartyError> {
    let coins = coins("ot-dealer", seed, &session);
    ot_dealer_with::<Concrete, _, _>(program, own, coins, session)
}

/// The transcript of a program over `ot-dealer`, from shapes alone. [DS-COST-1]
///
/// # Errors
/// What a program or the executor reports.
pub fn ot_dealer_cost<P: Program>(program: &P, own: Sides<ShapeRing>) -> Result<Transcript, PartyError> {
    Ok(ot_dealer_with::<Shapes, _, _>(program, own, SHAPE_COINS, Session::default())?.transcript)
}

/// Runs a program over `ot-dealer` in any domain, with any coins.
///
/// # Errors
/// What a program or the executor reports.
pub fn ot_dealer_with<D: OtDomain<Payload: Carried>, P: Program, K: Coins<D>>(
    program: &P,
    own: Sides<D::Ring>,
    (dealer, server, client): RoleCoins<K>,
    session: Session,
) -> Result<Outcome<D::Ring>, PartyError> {
    let net = LocalNet::new(session.id, session.transcript);
    let mut trusted = LinearDealer::<D, _, _>::new(net.any_endpoint(Role::Trusted), any(dealer));
    let party = async |role, coins, own| {
        let ots = OtParty::<D, _, _>::set_up(net.any_endpoint(role), any(coins), session.id, &Purpose::OT).await?;
        program.run(&mut OtBackend::<_, Dealt>::new(ots), own).await
    };
    let programs = (party(Role::Server, server, own.server), party(Role::Client, client, own.client));
    let (_, server, client) = run(&net, program.run(&mut trusted, Vec::new()), programs.0, programs.1)?;
    Ok(Outcome { outputs: Sides { server, client }, transcript: net.transcript() })
}

/// Runs a program over `ot` with base OTs from F_BaseOT: all messages of the extension, and no group operation.
///
/// # Errors
/// What a program or the executor reports.
pub fn ot_on_ideal_base<P: Program>(
    program: &P,
    own: Sides<Ring>,
    seed: &Seed,
    session: Session,
) -> Result<Outcome<Ring>, PartyError> {
    let (mut trusted, server, client) = coins("ot", seed, &session);
    let net = LocalNet::new(session.id, session.transcript);
    let mut channel = net.any_endpoint(Role::Trusted);
    let party = async |role, coins, own| {
        let ots = base::party(net.any_endpoint(role), any(coins), session.id, &Purpose::OT).await?;
        program.run(&mut OtBackend::<_, Gilboa>::new(ots), own).await
    };
    let programs = (party(Role::Server, server, own.server), party(Role::Client, client, own.client));
    let trusted = base::serve(&mut channel, &mut trusted, &Purpose::OT);
    let ((), server, client) = run(&net, trusted, programs.0, programs.1)?;
    Ok(Outcome { outputs: Sides { server, client }, transcript: net.transcript() })
}

/// Runs a program over `ot` with F_OT and F_COT in place of OT extension, and an adversary. [DS-OT-1] [DS-OT-2]
///
/// # Errors
/// What a program or the executor reports.
pub fn ot_hybrid<P: Program, A: Adversary, K: Coins<Concrete>>(
    program: &P,
    own: Sides<Ring>,
    (server, client): (K, K),
    adversary: A,
    session: Session,
) -> Result<Outcome<Ring>, PartyError> {
    let net = LocalNet::new(session.id, session.transcript);
    let functionality = Functionality::new(net.any_endpoint(Role::Trusted), adversary);
    let mut trusted = OtBackend::<_, Gilboa>::new(functionality);
    let mut server =
        OtBackend::<_, Gilboa>::new(HybridParty::new(net.any_endpoint(Role::Server), any(server), session.id));
    let mut client =
        OtBackend::<_, Gilboa>::new(HybridParty::new(net.any_endpoint(Role::Client), any(client), session.id));
    let programs = (program.run(&mut server, own.server), program.run(&mut client, own.client));
    let (_, server, client) = run(&net, program.run(&mut trusted, Vec::new()), programs.0, programs.1)?;
    Ok(Outcome { outputs: Sides { server, client }, transcript: net.transcript() })
}
