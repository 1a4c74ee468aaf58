//! The handshake: who is at the other end, and whether both want the same session. [DS-LIVE-4]

use super::error::{LiveError, Reason};
use super::greeting::{Hello, Message, greeting, read_greeting};
use super::timed::Timed;
use crate::party::{PIECES, PartyError, PublicPart, Role, SessionId, session_id};
use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

/// What the server and the client have agreed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreed {
    /// The session's identifier.
    pub session: SessionId,
    /// The images of the batch.
    pub images: u32,
    /// The public part.
    pub public: PublicPart,
}

/// One side of a handshake on one connection, which has to be done within a limit.
pub(super) struct Side<'a> {
    role: Role,
    socket: Timed<'a>,
    limit: Duration,
}

impl Side<'_> {
    pub(super) fn new(role: Role, stream: &TcpStream, limit: Duration) -> Side<'_> {
        Side { role, socket: Timed::new(stream, limit), limit }
    }

    /// Says who this is and hears who the other is. [DS-LIVE-2]
    pub(super) fn greet(&mut self) -> Result<Role, PartyError> {
        self.write(&greeting(self.role));
        let found = read_greeting(&mut self.socket);
        found.map_err(|cause| self.error(cause))
    }

    /// As [`Side::greet`], where only one role fits.
    fn greet_one(&mut self, expected: Role) -> Result<(), PartyError> {
        match self.greet()? {
            found if found == expected => Ok(()),
            found => Err(self.error(LiveError::Role { found, expected })),
        }
    }

    pub(super) fn send(&mut self, message: &Message) {
        self.write(&message.to_bytes());
    }

    /// The other side's hello.
    pub(super) fn hear(&mut self) -> Result<Hello, PartyError> {
        match Message::read(&mut self.socket) {
            Ok(Message::Hello(hello)) => Ok(hello),
            Ok(Message::Refusal(reason)) => Err(self.error(LiveError::Refused(reason))),
            Err(cause) => Err(self.error(cause)),
        }
    }

    /// Refuses the other side; gives the error that this is here.
    pub(super) fn refuse(&mut self, reason: Reason) -> PartyError {
        self.send(&Message::Refusal(reason));
        self.error(LiveError::Refusing(reason))
    }

    /// A connection that does not take what is written has ended, which shows when it is read.
    fn write(&mut self, bytes: &[u8]) {
        let _ = self.socket.write_all(bytes);
    }

    pub(super) fn error(&self, cause: LiveError) -> PartyError {
        let cause = match cause {
            LiveError::Silent { .. } => LiveError::Silent { limit: self.limit },
            cause => cause,
        };
        PartyError::Live { role: self.role, cause }
    }
}

/// The digests of a public part of an inference.
pub(super) fn digests(role: Role, public: &PublicPart) -> Result<[[u8; 32]; PIECES], PartyError> {
    let what = || format!("a session's public part has {PIECES} pieces");
    public.digests().ok_or_else(|| PartyError::Misuse { role, what: what() })
}

/// The client's handshake with the server. [DS-LIVE-4]
///
/// # Errors
/// [`PartyError::Live`]: what is wrong with the other side; [`PartyError::PublicPart`] if the public parts differ.
pub fn as_client(
    stream: &TcpStream,
    public: PublicPart,
    images: u32,
    nonce: [u8; 16],
    limit: Duration,
) -> Result<Agreed, PartyError> {
    let role = Role::Client;
    let own = Hello { images, nonce, digests: digests(role, &public)? };
    let mut side = Side::new(role, stream, limit);
    side.greet_one(Role::Server)?;
    side.send(&Message::Hello(own));
    let other = side.hear()?;
    public.agree(role, &public.with_digests(&other.digests))?;
    if other.images != images {
        return Err(side.error(LiveError::Malformed { what: "hello: it names another batch" }));
    }
    Ok(Agreed { session: session_id(&other.nonce, &nonce, &public.digest()), images, public })
}

/// The server's handshake with the client, whose batch may have up to `most` images. `public` gives the server's public
/// part for a batch. [DS-LIVE-4]
///
/// # Errors
/// As [`as_client`]; and [`LiveError::Refusing`] for a batch of another size.
pub fn as_server(
    stream: &TcpStream,
    public: impl FnOnce(u32) -> PublicPart,
    most: u32,
    nonce: [u8; 16],
    limit: Duration,
) -> Result<Agreed, PartyError> {
    let role = Role::Server;
    let mut side = Side::new(role, stream, limit);
    side.greet_one(Role::Client)?;
    let other = side.hear()?;
    let images = other.images;
    if !(1..=most).contains(&images) {
        return Err(side.refuse(Reason::Images { most }));
    }
    let public = public(images);
    side.send(&Message::Hello(Hello { images, nonce, digests: digests(role, &public)? }));
    public.agree(role, &public.with_digests(&other.digests))?;
    Ok(Agreed { session: session_id(&nonce, &other.nonce, &public.digest()), images, public })
}

/// A party's handshake with the dealer, after the parties have agreed on a session. [DS-LIVE-6]
///
/// # Errors
/// [`PartyError::Live`]: what is wrong with the other side; [`PartyError::PublicPart`] if the dealer's public part
/// differs.
pub fn with_dealer(role: Role, stream: &TcpStream, agreed: &Agreed, limit: Duration) -> Result<(), PartyError> {
    let own = Hello { images: agreed.images, nonce: agreed.session.0, digests: digests(role, &agreed.public)? };
    let mut side = Side::new(role, stream, limit);
    side.greet_one(Role::Trusted)?;
    side.send(&Message::Hello(own));
    let dealer = side.hear()?;
    agreed.public.agree(role, &agreed.public.with_digests(&dealer.digests))?;
    match dealer.nonce == agreed.session.0 && dealer.images == agreed.images {
        true => Ok(()),
        false => Err(side.error(LiveError::Malformed { what: "hello: it names another session" })),
    }
}
