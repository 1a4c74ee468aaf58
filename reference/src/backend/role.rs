//! Runs one role of a program on any channel: over TCP, or on frames that somebody gives. [DS-ROLE-1]

use super::Program;
use super::fss::{FssDealer, FssParty};
use super::garbled::GarbledBackend;
use super::gmw::GmwParty;
use super::live::LiveBackend;
use super::ot::{Dealt, Gilboa, LinearDealer, OtBackend};
use super::protocols::Protocols;
use crate::party::channel::AnyChannel;
use crate::party::coins::AnyCoins;
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
    let RoleEnd { channel, coins, session } = end;
    let (channel, coins): (AnyChannel<'_, _>, AnyCoins<'_, _>) = (Box::new(channel), Box::new(coins));
    match backend.protocols {
        Protocols::Gmw => program.run(&mut GmwParty::<Concrete, _, _>::new(channel, coins), own).await,
        Protocols::Ot => {
            let ots = OtParty::<Concrete, _, _>::set_up(channel, coins, session, &Purpose::OT).await?;
            program.run(&mut OtBackend::<_, Gilboa>::new(ots), own).await
        }
        Protocols::OtDealer => {
            let ots = OtParty::<Concrete, _, _>::set_up(channel, coins, session, &Purpose::OT).await?;
            program.run(&mut OtBackend::<_, Dealt>::new(ots), own).await
        }
        Protocols::Fss(serving) => {
            let keyed = Keyed::new(session);
            program.run(&mut FssParty::<Concrete, _, _, _>::new(channel, coins, keyed, serving), own).await
        }
        Protocols::Garbled => {
            let ots = OtParty::<Concrete, _, _>::set_up(channel, coins, session, &Purpose::GARBLED).await?;
            program.run(&mut GarbledBackend::<_, Dealt>::new(ots), own).await
        }
    }
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
    let (channel, coins): (AnyChannel<'_, _>, AnyCoins<'_, _>) = (Box::new(channel), Box::new(coins));
    match backend.protocols {
        Protocols::Gmw => program.run(&mut Dealer::<Concrete, _, _>::new(channel, coins), own).await,
        Protocols::OtDealer | Protocols::Garbled => {
            program.run(&mut LinearDealer::<Concrete, _, _>::new(channel, coins), own).await
        }
        Protocols::Fss(serving) => {
            let keyed = Keyed::new(session);
            program.run(&mut FssDealer::<Concrete, _, _, _>::new(channel, coins, keyed, serving), own).await
        }
        Protocols::Ot => Err(PartyError::Misuse { role: Role::Trusted, what: "the backend ot has no dealer".into() }),
    }?;
    Ok(())
}
