//! Logical clocks of two parties, and what a piece does to them. [DS-COST-5]
//!
//! A party's clock is the highest round that it has consumed in the phase `online`. A piece is a set of chains of messages, so
//! the clocks after it are maxima of the clocks before it plus constants. Such a map is known from two states: the one in
//! which the server is a round ahead, and the one in which the client is. The third possible state, equal clocks, is their
//! maximum; there is no fourth, because whoever consumes round r got it from a party that had consumed r - 1.

use super::program::Ahead;
use deepshare_reference::party::transcript::Transcript;
use deepshare_reference::party::{Phase, Role};

/// The clocks of server and client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clocks {
    /// The highest online round that the server has consumed.
    pub server: i64,
    /// The highest online round that the client has consumed.
    pub client: i64,
}

impl Clocks {
    /// The clocks at the end of a transcript, in which every frame is consumed.
    pub fn after(transcript: &Transcript) -> Clocks {
        let to =
            |role| i64::from(transcript.cost_where(|entry| entry.phase == Phase::Online && entry.to == role).rounds);
        Clocks { server: to(Role::Server), client: to(Role::Client) }
    }

    /// Online rounds so far.
    pub fn rounds(self) -> i64 {
        self.server.max(self.client)
    }

    fn later(self, by: i64) -> Clocks {
        Clocks { server: self.server + by, client: self.client + by }
    }

    fn max(self, other: Clocks) -> Clocks {
        Clocks { server: self.server.max(other.server), client: self.client.max(other.client) }
    }

    /// The clocks after a piece that begins at these. `advance` gives the clocks after it for a state in which one party has
    /// clock 1 and the other 0.
    ///
    /// # Errors
    /// What `advance` reports.
    pub fn pass<E>(self, mut advance: impl FnMut(Ahead) -> Result<Clocks, E>) -> Result<Clocks, E> {
        match self.server - self.client {
            1.. => Ok(advance(Ahead::Server)?.later(self.client)),
            0 => {
                let (server, client) = (advance(Ahead::Server)?, advance(Ahead::Client)?);
                Ok(server.max(client).later(self.client - 1))
            }
            _ => Ok(advance(Ahead::Client)?.later(self.server)),
        }
    }
}
