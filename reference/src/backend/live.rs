//! Runs one role of a program in its own process, over TCP. [DS-LIVE-1]
//!
//! Each role has a seed of its own, which no other role may know. [DS-COIN-5]

use super::Program;
use super::protocols::Protocols;
use super::role::{self, RoleEnd};
use crate::gate::fss::Serving;
use crate::party::coins::SeedCoins;
use crate::party::tcp::{Agreed, Finished, TcpChannel, block_on};
use crate::party::transcript::Transcript;
use crate::party::xof::Seed;
use crate::party::{PartyError, Role};
use crate::values::Ring;
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
    pub(super) protocols: Protocols,
}

/// All of them. A further one is a further entry, and where its protocols are new, a variant of [`Protocols`] and its arms
/// in [`role`].
pub const LIVE_BACKENDS: [LiveBackend; 6] = [
    LiveBackend {
        name: "gmw",
        description: "the protocols of `gmw`; a dealer, a third process, gives both parties random material",
        needs_dealer: true,
        protocols: Protocols::Gmw,
    },
    LiveBackend {
        name: "ot",
        description: "the protocols of `ot`, from oblivious transfers: two processes and nobody else",
        needs_dealer: false,
        protocols: Protocols::Ot,
    },
    LiveBackend {
        name: "ot-dealer",
        description: "as `ot`, but a dealer, a third process, gives material for the linear layers",
        needs_dealer: true,
        protocols: Protocols::OtDealer,
    },
    LiveBackend {
        name: "fss",
        description: "the protocols of `fss`: one round for an activation layer; a dealer, a third process, gives keys",
        needs_dealer: true,
        protocols: Protocols::Fss(Serving::Payload),
    },
    LiveBackend {
        name: "fss-select",
        description: "as `fss`, with smaller keys and two rounds for an activation layer that opens gates",
        needs_dealer: true,
        protocols: Protocols::Fss(Serving::Select),
    },
    LiveBackend {
        name: "garbled",
        description: "garbled circuits for DReLUs and truncations; a dealer, a third process, deals for linear layers",
        needs_dealer: true,
        protocols: Protocols::Garbled,
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
    let (backend, id) = (session.backend, session.agreed.session);
    let (mut channel, coins) = session.channel(role)?;
    let end = RoleEnd { channel: &mut channel, coins, session: id };
    let output = block_on(role, role::party(program, backend, end, own))?;
    Ok((output, channel.finish()?))
}

/// Runs a program as the dealer, to the end of the session. Gives what travelled.
///
/// # Errors
/// As [`party`].
pub fn dealer<P: Program>(program: &P, session: LiveSession<'_>) -> Result<Finished, PartyError> {
    let (backend, id) = (session.backend, session.agreed.session);
    let (mut channel, coins) = session.channel(Role::Trusted)?;
    let end = RoleEnd { channel: &mut channel, coins, session: id };
    block_on(Role::Trusted, role::dealer(program, backend, end))?;
    channel.finish()
}
