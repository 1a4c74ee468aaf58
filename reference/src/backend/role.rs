//! Runs one role of a program on any channel: over TCP, or on frames that somebody gives. [DS-ROLE-1]

use super::Program;
use super::fss::{FssDealer, FssParty};
use super::garbled::GarbledBackend;
use super::gmw::GmwParty;
use super::live::{Kind, LiveBackend};
use super::ot::{Dealt, Gilboa, LinearDealer, OtBackend, Products};
use crate::party::{Channel, Coins, PartyError, Role, SessionId};
use crate::primitives::dcf::real::Keyed;
use crate::primitives::ot::extension::OtParty;
use crate::primitives::ot::tweak::Purpose;
use crate::primitives::roles::Dealer;
use crate::values::{Concrete, Ring, ShapeRing};

/// What a role runs on: its end of the channels, its coins, and the session that both belong to.
pub struct RoleEnd<'c, C, K> {
    /// The end of the channels.
    pub channel: &'c mut C,
    /// The coins, bound to the session. [DS-COIN-4]
    pub coins: K,
    /// The session.
    pub session: SessionId,
}

/// Runs a program as the server or the client, whichever the channel is of. Gives what the role gets.
///
/// # Errors
/// What the program or the channel reports.
pub async fn party<P: Program, C: Channel<Vec<u8>>, K: Coins<Concrete>>(
    program: &P,
    backend: LiveBackend,
    end: RoleEnd<'_, C, K>,
    own: Vec<Ring>,
) -> Result<Vec<Ring>, PartyError> {
    match backend.kind {
        Kind::Gmw => program.run(&mut GmwParty::<Concrete, _, _>::new(end.channel, end.coins), own).await,
        Kind::Ot => over_ot::<P, Gilboa, C, K>(program, end, own).await,
        Kind::OtDealer => over_ot::<P, Dealt, C, K>(program, end, own).await,
        Kind::Fss(serving) => {
            let keyed = Keyed::new(end.session);
            program.run(&mut FssParty::<Concrete, _, _, _>::new(end.channel, end.coins, keyed, serving), own).await
        }
        Kind::Garbled => {
            let RoleEnd { channel, coins, session } = end;
            let ots = OtParty::<Concrete, _, _>::set_up(channel, coins, session, &Purpose::GARBLED).await?;
            program.run(&mut GarbledBackend::<_, Dealt>::new(ots), own).await
        }
    }
}

/// A party of `ot`: the base OTs, and then the program.
async fn over_ot<'c, P: Program, L, C: Channel<Vec<u8>>, K: Coins<Concrete>>(
    program: &P,
    RoleEnd { channel, coins, session }: RoleEnd<'c, C, K>,
    own: Vec<Ring>,
) -> Result<Vec<Ring>, PartyError>
where
    L: Products<OtParty<Concrete, &'c mut C, K>>,
{
    let ots = OtParty::<Concrete, _, _>::set_up(channel, coins, session, &Purpose::OT).await?;
    program.run(&mut OtBackend::<_, L>::new(ots), own).await
}

/// Runs a program as the dealer.
///
/// # Errors
/// As [`party`]; [`PartyError::Misuse`] for a backend without a dealer.
pub async fn dealer<P: Program, C: Channel<Vec<u8>>, K: Coins<Concrete>>(
    program: &P,
    backend: LiveBackend,
    RoleEnd { channel, coins, session }: RoleEnd<'_, C, K>,
) -> Result<(), PartyError> {
    let own = Vec::<ShapeRing>::new();
    match backend.kind {
        Kind::Gmw => program.run(&mut Dealer::<Concrete, _, _>::new(channel, coins), own).await,
        Kind::OtDealer | Kind::Garbled => {
            program.run(&mut LinearDealer::<Concrete, _, _>::new(channel, coins), own).await
        }
        Kind::Fss(serving) => {
            let keyed = Keyed::new(session);
            program.run(&mut FssDealer::<Concrete, _, _, _>::new(channel, coins, keyed, serving), own).await
        }
        Kind::Ot => Err(PartyError::Misuse { role: Role::Trusted, what: "the backend ot has no dealer".into() }),
    }?;
    Ok(())
}
