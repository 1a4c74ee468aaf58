//! The dealer's handshake with both parties of a session. [DS-LIVE-6]

use super::connect::{KeepOut, Listener};
use super::error::{LiveError, Reason};
use super::greeting::{Hello, Message};
use super::handshake::{Agreed, Side, digests};
use crate::party::{PartyError, PublicPart, Role, SessionId};
use std::net::TcpStream;
use std::time::Duration;

/// A session that a dealer deals for.
pub struct Dealing {
    /// What the parties have agreed on.
    pub agreed: Agreed,
    /// The connections to the server and to the client.
    pub connections: Vec<(Role, TcpStream)>,
    /// Refuses everybody else, until it is dropped.
    pub keep_out: KeepOut,
}

/// A party that has come to the dealer.
struct Guest<'a> {
    role: Role,
    side: Side<'a>,
    hello: Hello,
}

/// Waits for the two parties of a session, the first without limit. A batch may have up to `most` images; `public` gives
/// the dealer's public part for a batch. [DS-LIVE-6]
///
/// # Errors
/// [`PartyError::Live`]: what is wrong with who came; [`PartyError::PublicPart`] if a party's public part differs.
pub fn deal(
    listener: Listener,
    public: impl Fn(u32) -> PublicPart,
    most: u32,
    limit: Duration,
) -> Result<Dealing, PartyError> {
    let first = listener.accept(None)?;
    let mut one = Guest::new(&first, limit)?;
    let public = one.check(public, most)?;
    let second = listener.accept(Some(limit))?;
    let keep_out = listener.keep_out()?;
    let mut other = Guest::new(&second, limit)?;
    other.agree(&public)?;
    let same = one.hello.nonce == other.hello.nonce && one.hello.images == other.hello.images;
    if one.role == other.role || !same {
        one.side.refuse(Reason::Session);
        return Err(other.side.refuse(Reason::Session));
    }
    let hello = Message::Hello(one.hello.clone()); // its digests are the dealer's
    one.side.send(&hello);
    other.side.send(&hello);
    let agreed = Agreed { session: SessionId(one.hello.nonce), images: one.hello.images, public };
    let roles = [one.role, other.role];
    Ok(Dealing { agreed, connections: roles.into_iter().zip([first, second]).collect(), keep_out })
}

impl Guest<'_> {
    /// Hears who has come.
    fn new(stream: &TcpStream, limit: Duration) -> Result<Guest<'_>, PartyError> {
        let mut side = Side::new(Role::Trusted, stream, limit);
        let role = match side.greet()? {
            Role::Trusted => {
                let cause = LiveError::Role { found: Role::Trusted, expected: Role::Server };
                return Err(side.error(cause));
            }
            role => role,
        };
        let hello = side.hear()?;
        Ok(Guest { role, side, hello })
    }

    /// The dealer's public part for the batch that the guest wants.
    fn check(&mut self, public: impl Fn(u32) -> PublicPart, most: u32) -> Result<PublicPart, PartyError> {
        if !(1..=most).contains(&self.hello.images) {
            return Err(self.side.refuse(Reason::Images { most }));
        }
        let public = public(self.hello.images);
        self.agree(&public)?;
        Ok(public)
    }

    /// A guest with another public part gets the dealer's digests, so that it can say what differs.
    fn agree(&mut self, public: &PublicPart) -> Result<(), PartyError> {
        let digests = digests(Role::Trusted, public)?;
        let agreed = public.agree(Role::Trusted, &public.with_digests(&self.hello.digests));
        if agreed.is_err() {
            self.side.send(&Message::Hello(Hello { digests, ..self.hello.clone() }));
        }
        agreed
    }
}
