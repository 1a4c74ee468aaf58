//! Why two processes do not come to a session.

use super::greeting::HELLO_VERSION;
use crate::party::Role;
use std::time::Duration;

/// What went wrong before a session began. Codes: see the book's chapter on errors. [DS-LIVE-2]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LiveError {
    /// The other side speaks something else.
    #[error("the other side does not speak this protocol: its greeting does not begin with `deepshare`")]
    Magic,
    /// The other side speaks another version of the handshake.
    #[error("the other side speaks version {found} of the handshake; this is version {HELLO_VERSION}")]
    Version {
        /// The version found.
        found: u8,
    },
    /// The other side has a role that does not fit.
    #[error("the other side is {}, where {} is needed", article(*.found), article(*.expected))]
    Role {
        /// The role found.
        found: Role,
        /// The role needed.
        expected: Role,
    },
    /// A greeting, a hello or a refusal that has no meaning.
    #[error("the other side sent a malformed {what}")]
    Malformed {
        /// What it is, and what is wrong with it.
        what: &'static str,
    },
    /// The other side refuses a session.
    #[error("the other side refuses: {0}")]
    Refused(Reason),
    /// This side refuses a session.
    #[error("the other side was refused: {0}")]
    Refusing(Reason),
    /// The connection ended during the handshake.
    #[error("the other side closed the connection during the handshake")]
    Closed,
    /// The other side keeps silent.
    #[error("the other side did not complete the handshake within {limit:?}")]
    Silent {
        /// How long the handshake may take.
        limit: Duration,
    },
    /// The connection cannot be used.
    #[error("the connection failed: {reason}")]
    Connection {
        /// What the operating system said.
        reason: String,
    },
    /// There is nobody to connect to.
    #[error("nobody listens at {address} ({reason}; tried for {limit:?}): start the other side first")]
    NobodyListens {
        /// Where.
        address: String,
        /// What the operating system said last.
        reason: String,
        /// How long it was tried.
        limit: Duration,
    },
    /// An address where this process cannot listen.
    #[error("cannot listen at {address}: {reason}")]
    Listen {
        /// Where.
        address: String,
        /// What the operating system said.
        reason: String,
    },
}

/// Why a side refuses a session. [DS-LIVE-5]
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// It has a session already.
    #[error("it is busy with a session")]
    Busy,
    /// A batch of no images, or of more than it accepts.
    #[error("a batch has 1 to {most} images there")]
    Images {
        /// The most that it accepts.
        most: u32,
    },
    /// The parties that came to a dealer are not those of one session.
    #[error("the two parties that came to the dealer are not the server and the client of one session")]
    Session,
}

impl LiveError {
    /// The error's stable code.
    pub fn code(&self) -> &'static str {
        match self {
            LiveError::Magic => "live/magic",
            LiveError::Version { .. } => "live/version",
            LiveError::Role { .. } => "live/role",
            LiveError::Malformed { .. } => "live/malformed",
            LiveError::Refused(reason) | LiveError::Refusing(reason) => reason.code(),
            LiveError::Closed => "live/closed",
            LiveError::Silent { .. } => "live/silent",
            LiveError::Connection { .. } => "live/connection",
            LiveError::NobodyListens { .. } => "live/nobody-listens",
            LiveError::Listen { .. } => "live/listen",
        }
    }
}

impl Reason {
    /// The stable code of the error that a refusal is.
    pub fn code(&self) -> &'static str {
        match self {
            Reason::Busy => "live/busy",
            Reason::Images { .. } => "live/images",
            Reason::Session => "live/session",
        }
    }
}

/// What a role is called in a sentence.
fn article(role: Role) -> &'static str {
    match role {
        Role::Server => "a server",
        Role::Client => "a client",
        Role::Trusted => "a dealer",
    }
}
