//! Runs a program over the backend `garbled`: all roles in one thread. [DS-ROLE-2]

use super::Program;
use super::garbled::GarbledBackend;
use super::ot::{Dealt, Gilboa, LinearDealer};
use super::run::{Outcome, Session, Sides};
use super::run_ot::{RoleCoins, SHAPE_COINS, coins};
use crate::party::coins::any;
use crate::party::local::{LocalNet, run};
use crate::party::transcript::Transcript;
use crate::party::xof::Seed;
use crate::party::{Carried, Coins, PartyError, Role};
use crate::primitives::garbling::domain::GarblingDomain;
use crate::primitives::ideal::{Adversary, Functionality};
use crate::primitives::ot::base::ideal as base;
use crate::primitives::ot::extension::OtParty;
use crate::primitives::ot::ideal::HybridParty;
use crate::primitives::ot::tweak::Purpose;
use crate::values::{Concrete, Ring, ShapeRing, Shapes};

/// Runs a program over the real protocols of `garbled`, from base OTs up; the dealer deals for linear layers only.
///
/// # Errors
/// What a program or the executor reports.
pub fn garbled<P: Program>(
    program: &P,
    own: Sides<Ring>,
    seed: &Seed,
    session: Session,
) -> Result<Outcome<Ring>, PartyError> {
    let coins = coins("garbled", seed, &session);
    garbled_with::<Concrete, _, _>(program, own, coins, session)
}

/// The transcript of a program over the real protocols of `garbled`, from shapes alone. [DS-COST-1]
///
/// # Errors
/// What a program or the executor reports.
pub fn garbled_cost<P: Program>(program: &P, own: Sides<ShapeRing>) -> Result<Transcript, PartyError> {
    Ok(garbled_with::<Shapes, _, _>(program, own, SHAPE_COINS, Session::default())?.transcript)
}

/// Runs a program over `garbled` in any domain, with any coins.
///
/// # Errors
/// What a program or the executor reports.
pub fn garbled_with<D: GarblingDomain<Payload: Carried>, P: Program, K: Coins<D>>(
    program: &P,
    own: Sides<D::Ring>,
    (dealer, server, client): RoleCoins<K>,
    session: Session,
) -> Result<Outcome<D::Ring>, PartyError> {
    let net = LocalNet::new(session.id, session.transcript);
    let mut trusted = LinearDealer::<D, _, _>::new(net.any_endpoint(Role::Trusted), any(dealer));
    let party = async |role, coins, own| {
        let ots = OtParty::<D, _, _>::set_up(net.any_endpoint(role), any(coins), session.id, &Purpose::GARBLED).await?;
        program.run(&mut GarbledBackend::<_, Dealt>::new(ots), own).await
    };
    let programs = (party(Role::Server, server, own.server), party(Role::Client, client, own.client));
    let (_, server, client) = run(&net, program.run(&mut trusted, Vec::new()), programs.0, programs.1)?;
    Ok(Outcome { outputs: Sides { server, client }, transcript: net.transcript() })
}

/// Runs a program over `garbled` with base OTs from F_BaseOT, which the dealer plays too: all messages but those of base
/// OTs, and no group operation.
///
/// # Errors
/// What a program or the executor reports.
pub fn garbled_on_ideal_base<P: Program>(
    program: &P,
    own: Sides<Ring>,
    seed: &Seed,
    session: Session,
) -> Result<Outcome<Ring>, PartyError> {
    let (mut draws, server, client) = coins("garbled", seed, &session);
    let net = LocalNet::new(session.id, session.transcript);
    let trusted = async {
        let mut channel = net.any_endpoint(Role::Trusted);
        base::serve(&mut channel, &mut draws, &Purpose::GARBLED).await?;
        program.run(&mut LinearDealer::<Concrete, _, _>::new(channel, any(draws)), Vec::new()).await
    };
    let party = async |role, coins, own| {
        let ots = base::party(net.any_endpoint(role), any(coins), session.id, &Purpose::GARBLED).await?;
        program.run(&mut GarbledBackend::<_, Dealt>::new(ots), own).await
    };
    let programs = (party(Role::Server, server, own.server), party(Role::Client, client, own.client));
    let (_, server, client) = run(&net, trusted, programs.0, programs.1)?;
    Ok(Outcome { outputs: Sides { server, client }, transcript: net.transcript() })
}

/// Runs a program over `garbled` with F_Labels and F_COT in place of OT extension, and an adversary. Linear layers are
/// Gilboa's, over F_COT: the functionality is no dealer. [DS-GC-1] [DS-OT-2]
///
/// # Errors
/// What a program or the executor reports.
pub fn garbled_hybrid<P: Program, A: Adversary, K: Coins<Concrete>>(
    program: &P,
    own: Sides<Ring>,
    (server, client): (K, K),
    adversary: A,
    session: Session,
) -> Result<Outcome<Ring>, PartyError> {
    let net = LocalNet::new(session.id, session.transcript);
    let functionality = Functionality::new(net.any_endpoint(Role::Trusted), adversary);
    let party = |role, coins| {
        GarbledBackend::<_, Gilboa>::new(HybridParty::new(net.any_endpoint(role), any(coins), session.id))
    };
    let mut trusted = GarbledBackend::<_, Gilboa>::new(functionality);
    let (mut server, mut client) = (party(Role::Server, server), party(Role::Client, client));
    let programs = (program.run(&mut server, own.server), program.run(&mut client, own.client));
    let (_, server, client) = run(&net, program.run(&mut trusted, Vec::new()), programs.0, programs.1)?;
    Ok(Outcome { outputs: Sides { server, client }, transcript: net.transcript() })
}
