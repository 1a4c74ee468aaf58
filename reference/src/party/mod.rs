//! What every protocol runs on: roles, channels, frames, coins, the transcript, the local executor, and
//! connections between processes.

pub mod channel;
pub mod coins;
mod error;
pub mod frame;
mod ledger;
pub mod local;
mod payload;
mod print;
mod session;
pub mod stream;
pub mod tcp;
pub mod transcript;
pub mod xof;

pub use channel::{Channel, Content, Phase, Step};
pub use coins::Coins;
pub use error::PartyError;
pub use payload::{BitWire, Carried, Payload, Wire};
pub use session::{PIECES, PublicPart, SessionId, session_id};

/// Who runs a program. [DS-ROLE-1]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// P0, the server: owns the network's weights and private gates.
    Server,
    /// P1, the client: owns the input and learns the output.
    Client,
    /// The trusted third party: the dealer of correlated randomness in a real world with a dealer, the ideal
    /// functionality in the ideal world.
    Trusted,
}

impl Role {
    /// The other of the two parties that compute; the trusted party has no peer.
    pub fn peer(self) -> Role {
        match self {
            Role::Server => Role::Client,
            Role::Client => Role::Server,
            Role::Trusted => Role::Trusted,
        }
    }

    /// The stable name: `server`, `client` or `trusted`.
    pub fn name(self) -> &'static str {
        match self {
            Role::Server => "server",
            Role::Client => "client",
            Role::Trusted => "trusted",
        }
    }
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
