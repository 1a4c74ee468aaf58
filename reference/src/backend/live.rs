//! Runs one role of a program in its own process, over TCP. [DS-LIVE-1]
//!
//! Each role has a seed of its own, which no other role may know. [DS-COIN-5]

use super::Program;
use super::gmw::GmwParty;
use crate::party::coins::SeedCoins;
use crate::party::tcp::{Agreed, Finished, TcpChannel, block_on};
use crate::party::transcript::Transcript;
use crate::party::xof::Seed;
use crate::party::{PartyError, Role};
use crate::primitives::gmw::Dealer;
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
}

/// All of them. A further one is a further entry, and its arms in [`party`] and, if it needs a dealer, in [`dealer`].
pub const LIVE_BACKENDS: [LiveBackend; 1] = [LiveBackend {
    name: "gmw",
    description: "the protocols of `gmw`; a dealer, a third process, gives both parties random material",
    needs_dealer: true,
    kind: Kind::Gmw,
}];

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
    let kind = session.backend.kind;
    let (mut channel, coins) = session.channel(role)?;
    let output = match kind {
        Kind::Gmw => block_on(role, program.run(&mut GmwParty::<Concrete, _, _>::new(&mut channel, coins), own)),
    }?;
    Ok((output, channel.finish()?))
}

/// Runs a program as the dealer, to the end of the session. Gives what travelled.
///
/// # Errors
pub fn dealer<P: Program>(program: &P, session: LiveSession<'_>) -> Result<Finished, PartyError> {
    let role = Role::Trusted;
    let (kind, own) = (session.backend.kind, Vec::<ShapeRing>::new());
    let (mut channel, coins) = session.channel(role)?;
    match kind {
        Kind::Gmw => block_on(role, program.run(&mut Dealer::<Concrete, _, _>::new(&mut channel, coins), own)),
    }?;
    channel.finish()
}
