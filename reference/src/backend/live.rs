//! Runs one role of a program in its own process, over TCP. [DS-LIVE-1]
//!
//! Each role has a seed of its own, which no other role may know. [DS-COIN-5]

use super::Program;
use super::fss::{FssDealer, FssParty};
use super::garbled::GarbledBackend;
use super::gmw::GmwParty;
use super::ot::{Dealt, Gilboa, LinearDealer, OtBackend, Products};
use crate::gate::fss::Serving;
use crate::party::coins::SeedCoins;
use crate::party::tcp::{Agreed, Finished, TcpChannel, block_on};
use crate::party::transcript::Transcript;
use crate::party::xof::Seed;
use crate::party::{PartyError, Role, SessionId};
use crate::primitives::dcf::real::Keyed;
use crate::primitives::ot::extension::OtParty;
use crate::primitives::ot::tweak::Purpose;
use crate::primitives::roles::Dealer;
use crate::values::{Concrete, Ring, ShapeRing};
use std::net::TcpStream;
use std::time::Duration;

/// A backend whose roles run in processes of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiveBackend {
    /// The name, which is also the public part's piece `backend`.
    pub name: &'static str,
    /// What it is, in words.
    pub description: &'static str,
    /// Whether a dealer takes part.
    pub needs_dealer: bool,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Gmw,
    Ot,
    OtDealer,
    Fss(Serving),
    Garbled,
}

/// All of them. A further one is a further entry, and its arms in [`party`] and, if it needs a dealer, in [`dealer`].
pub const LIVE_BACKENDS: [LiveBackend; 6] = [
    LiveBackend {
        name: "gmw",
        description: "the protocols of `gmw`; a dealer, a third process, gives both parties random material",
        needs_dealer: true,
        kind: Kind::Gmw,
    },
    LiveBackend {
        name: "ot",
        description: "the protocols of `ot`, from oblivious transfers: two processes and nobody else",
        needs_dealer: false,
        kind: Kind::Ot,
    },
    LiveBackend {
        name: "ot-dealer",
        description: "as `ot`, but a dealer, a third process, gives material for the linear layers",
        needs_dealer: true,
        kind: Kind::OtDealer,
    },
    LiveBackend {
        name: "fss",
        description: "the protocols of `fss`: one round for an activation layer; a dealer, a third process, gives keys",
        needs_dealer: true,
        kind: Kind::Fss(Serving::Payload),
    },
    LiveBackend {
        name: "fss-select",
        description: "as `fss`, with smaller keys and two rounds for an activation layer that opens gates",
        needs_dealer: true,
        kind: Kind::Fss(Serving::Select),
    },
    LiveBackend {
        name: "garbled",
        description: "garbled circuits for DReLUs and truncations; a dealer, a third process, deals for linear layers",
        needs_dealer: true,
        kind: Kind::Garbled,
    },
];

/// The session of one role: what the handshakes gave, and what this role brings to it.
pub struct LiveSession<'a> {
    /// The backend.
    pub backend: LiveBackend,
    /// What the parties have agreed on.
    pub agreed: Agreed,
    /// The connections to the other roles, their handshakes done.
    pub connections: Vec<(Role, TcpStream)>,
    /// This role's own seed.
    pub seed: &'a Seed,
    /// How long a frame may take. [DS-LIVE-8]
    pub limit: Duration,
    /// An empty transcript, observed or not.
    pub transcript: Transcript,
}

impl LiveSession<'_> {
    fn channel(self, role: Role) -> Result<(TcpChannel, SeedCoins), PartyError> {
        let seed = self.seed.for_session(self.agreed.session);
        let coins = SeedCoins::new(&seed, self.backend.name, role);
        let channel = TcpChannel::new(self.agreed.session, role, self.limit, self.transcript, self.connections)?;
        Ok((channel, coins))
    }
}

/// Runs a program as the server or the client, to the end of the session. Gives what the role gets, and what travelled.
///
/// # Errors
/// What the program or the channel reports; then there is no output, and the connections are cut.
pub fn party<P: Program>(
    program: &P,
    role: Role,
    own: Vec<Ring>,
    session: LiveSession<'_>,
) -> Result<(Vec<Ring>, Finished), PartyError> {
    let (kind, id) = (session.backend.kind, session.agreed.session);
    let (mut channel, coins) = session.channel(role)?;
    let output = match kind {
        Kind::Gmw => block_on(role, program.run(&mut GmwParty::<Concrete, _, _>::new(&mut channel, coins), own)),
        Kind::Ot => block_on(role, ot_party::<P, Gilboa>(program, &mut channel, coins, id, own)),
        Kind::OtDealer => block_on(role, ot_party::<P, Dealt>(program, &mut channel, coins, id, own)),
        Kind::Fss(serving) => {
            let mut party = FssParty::<Concrete, _, _, _>::new(&mut channel, coins, Keyed::new(id), serving);
            block_on(role, program.run(&mut party, own))
        }
        Kind::Garbled => block_on(role, garbled_party(program, &mut channel, coins, id, own)),
    }?;
    Ok((output, channel.finish()?))
}

/// A party of `ot`: the base OTs, and then the program.
async fn ot_party<'c, P: Program, L: Products<OtParty<Concrete, &'c mut TcpChannel, SeedCoins>>>(
    program: &P,
    channel: &'c mut TcpChannel,
    coins: SeedCoins,
    session: SessionId,
    own: Vec<Ring>,
) -> Result<Vec<Ring>, PartyError> {
    let ots = OtParty::<Concrete, _, _>::set_up(channel, coins, session, &Purpose::OT).await?;
    program.run(&mut OtBackend::<_, L>::new(ots), own).await
}

/// A party of `garbled`: the base OTs, and then the program.
async fn garbled_party<P: Program>(
    program: &P,
    channel: &mut TcpChannel,
    coins: SeedCoins,
    session: SessionId,
    own: Vec<Ring>,
) -> Result<Vec<Ring>, PartyError> {
    let ots = OtParty::<Concrete, _, _>::set_up(channel, coins, session, &Purpose::GARBLED).await?;
    program.run(&mut GarbledBackend::<_, Dealt>::new(ots), own).await
}

/// Runs a program as the dealer, to the end of the session. Gives what travelled.
///
/// # Errors
/// As [`party`].
pub fn dealer<P: Program>(program: &P, session: LiveSession<'_>) -> Result<Finished, PartyError> {
    let role = Role::Trusted;
    let (kind, id, own) = (session.backend.kind, session.agreed.session, Vec::<ShapeRing>::new());
    let (mut channel, coins) = session.channel(role)?;
    match kind {
        Kind::Gmw => block_on(role, program.run(&mut Dealer::<Concrete, _, _>::new(&mut channel, coins), own)),
        Kind::OtDealer | Kind::Garbled => {
            block_on(role, program.run(&mut LinearDealer::<Concrete, _, _>::new(&mut channel, coins), own))
        }
        Kind::Fss(serving) => {
            let mut dealer = FssDealer::<Concrete, _, _, _>::new(&mut channel, coins, Keyed::new(id), serving);
            block_on(role, program.run(&mut dealer, own))
        }
        Kind::Ot => Err(PartyError::Misuse { role, what: "the backend ot has no dealer".into() }),
    }?;
    channel.finish()
}
