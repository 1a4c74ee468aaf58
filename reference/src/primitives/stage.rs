//! What every simulator stands on: it plays the honest peer and the trusted party towards the corrupted party's real
//! program, and has nothing but its own coins, public shapes, the corrupted party's messages, and what the ideal
//! functionalities hand to the adversary. [DS-IDEAL-1] [DS-IDEAL-2]
//!
//! Simulators stand beside their protocols: [`super::ot::simulator`], [`super::ot::real_simulator`],
//! [`super::garbling::simulator`], [`super::dcf::simulator`], `gate::fss::simulator`, `truncate::fss_simulator`. A
//! simulator is straight-line and stateful: what it sends in a call depends on no later call.

use super::ideal::Adversary;
use crate::party::channel::{receive_high, receive_planes, send_high, send_planes, send_ring};
use crate::party::{Channel, Coins, PartyError, Role, Step};
use crate::values::{Concrete, Plane, Ring, RingVector, Width};

/// Everything that a simulator is handed: its adversary's choices of output shares, and F_Output's value. [DS-IDEAL-6]
#[allow(async_fn_in_trait, reason = "programs run on one thread; their futures need not be Send")]
pub trait Handed: Adversary {
    /// What F_Output gives to a corrupted client, in the order of its calls.
    ///
    /// # Errors
    /// [`PartyError::Misuse`] if nothing is handed, as to a corrupted server.
    fn opened(&mut self, width: Width, len: usize) -> Result<Ring, PartyError>;

    /// The corrupted client's share of what is opened, once its program has come to it. A simulator has it, since it
    /// follows its party's program from the party's input, coins and messages.
    ///
    /// # Errors
    /// As [`Handed::opened`].
    async fn client_share(&mut self, width: Width, len: usize) -> Result<Ring, PartyError>;
}

/// A borrowed source hands the same.
impl<A: Handed> Handed for &mut A {
    fn opened(&mut self, width: Width, len: usize) -> Result<Ring, PartyError> {
        (**self).opened(width, len)
    }

    async fn client_share(&mut self, width: Width, len: usize) -> Result<Ring, PartyError> {
        (**self).client_share(width, len).await
    }
}

/// Whom a simulator plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Played {
    /// The honest peer.
    Peer,
    /// The trusted party: a dealer, or a functionality of the hybrid world.
    Trusted,
}

/// A simulator's ends of the channels, its coins and what it is handed.
pub struct Stage<C, K, A> {
    /// The end of the honest peer, whom the simulator plays.
    pub peer: C,
    /// The end of the trusted party, whom the simulator plays too.
    pub trusted: C,
    /// The simulator's own coins.
    pub coins: K,
    /// What it is handed.
    pub handed: A,
}

impl<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed> Stage<C, K, A> {
    /// The corrupted party.
    pub fn corrupted(&self) -> Role {
        self.peer.role().peer()
    }

    fn end(&mut self, played: Played) -> &mut C {
        match played {
            Played::Peer => &mut self.peer,
            Played::Trusted => &mut self.trusted,
        }
    }

    /// Sends `count` uniform planes of `len` bits.
    ///
    /// # Errors
    /// What the coins or the channel report; likewise in all other calls.
    pub fn uniform_planes(&mut self, played: Played, step: Step, count: usize, len: usize) -> Result<(), PartyError> {
        let planes = (0..count).map(|_| self.coins.plane(len)).collect::<Result<Vec<Plane>, _>>()?;
        let to = self.corrupted();
        send_planes::<Concrete, C>(self.end(played), to, step, &planes.iter().collect::<Vec<_>>())
    }

    /// Sends a uniform ring vector.
    ///
    /// # Errors
    /// As [`Stage::uniform_planes`].
    pub fn uniform_ring(&mut self, played: Played, step: Step, width: Width, len: usize) -> Result<(), PartyError> {
        let x = self.coins.ring(width, len)?;
        let to = self.corrupted();
        send_ring::<Concrete, C>(self.end(played), to, step, &x)
    }

    /// Sends a uniform vector of multiples of 2^shift, as the peer.
    ///
    /// # Errors
    /// As [`Stage::uniform_planes`].
    pub fn uniform_high(&mut self, step: Step, width: Width, len: usize, shift: u32) -> Result<(), PartyError> {
        let x = self.coins.ring(width, len)?.scale(1_u64.checked_shl(shift).unwrap_or(0));
        let to = self.corrupted();
        send_high::<Concrete, C>(&mut self.peer, to, step, &x, shift)
    }

    /// Takes the corrupted party's planes.
    ///
    /// # Errors
    /// What the channel reports.
    pub async fn hear_planes(
        &mut self,
        played: Played,
        step: Step,
        count: usize,
        len: usize,
    ) -> Result<Vec<Plane>, PartyError> {
        let from = self.corrupted();
        receive_planes::<Concrete, C>(self.end(played), from, step, count, len).await
    }

    /// Takes the corrupted party's ring vector.
    ///
    /// # Errors
    /// What the channel reports.
    pub async fn hear_ring(
        &mut self,
        played: Played,
        step: Step,
        width: Width,
        len: usize,
    ) -> Result<Ring, PartyError> {
        let from = self.corrupted();
        receive_high::<Concrete, C>(self.end(played), from, step, width, len, 0).await
    }

    /// Takes the corrupted party's vector of multiples of 2^shift, as the peer.
    ///
    /// # Errors
    /// What the channel reports.
    pub async fn hear_high(&mut self, step: Step, width: Width, len: usize, shift: u32) -> Result<Ring, PartyError> {
        let from = self.corrupted();
        receive_high::<Concrete, C>(&mut self.peer, from, step, width, len, shift).await
    }

    /// The honest peer waits for the dealer before it sends: its logical clock, which frames carry, moves on. What it gets
    /// does not matter, and is zeros. [DS-COST-2]
    ///
    /// # Errors
    /// What the channel reports.
    pub async fn peer_waits(&mut self, step: Step, width: Width, len: usize) -> Result<(), PartyError> {
        let peer = self.peer.role();
        send_ring::<Concrete, C>(&mut self.trusted, peer, step, &Ring::constant(width, len, 0))?;
        receive_high::<Concrete, C>(&mut self.peer, Role::Trusted, step, width, len, 0).await.map(drop)
    }

    /// A functionality of the hybrid world gives the share of planes that the adversary chooses. [DS-IDEAL-1]
    ///
    /// # Errors
    /// What the adversary or the channel report.
    pub fn chosen_planes(&mut self, step: Step, count: usize, len: usize) -> Result<(), PartyError> {
        let shares = (0..count).map(|_| self.handed.plane_share(len)).collect::<Result<Vec<Plane>, _>>()?;
        let to = self.corrupted();
        send_planes::<Concrete, C>(&mut self.trusted, to, step, &shares.iter().collect::<Vec<_>>())
    }

    /// A functionality of the hybrid world gives the share of a ring vector that the adversary chooses. [DS-IDEAL-1]
    ///
    /// # Errors
    /// What the adversary or the channel report.
    pub fn chosen_ring(&mut self, step: Step, width: Width, len: usize) -> Result<(), PartyError> {
        let share = self.handed.ring_share(width, len)?;
        let to = self.corrupted();
        send_ring::<Concrete, C>(&mut self.trusted, to, step, &share)
    }

    /// Input, as in every additive backend. To a corrupted server: uniform, since x0 is the honest client's draw. A
    /// corrupted client sends x0. [DS-IO-1]
    ///
    /// # Errors
    /// What the coins or the channel report.
    pub async fn input(&mut self, step: Step, width: Width, len: usize) -> Result<(), PartyError> {
        match self.corrupted() {
            Role::Server => self.uniform_ring(Played::Peer, step, width, len),
            _ => self.hear_ring(Played::Peer, step, width, len).await.map(drop),
        }
    }

    /// Output, as in every additive backend. To a corrupted client: F_Output's value minus its share, which is what
    /// the honest server has. A corrupted server sends its share. [DS-IO-2]
    ///
    /// # Errors
    /// What is handed or the channel report.
    pub async fn output(&mut self, step: Step, width: Width, len: usize) -> Result<(), PartyError> {
        if self.corrupted() == Role::Server {
            return self.hear_ring(Played::Peer, step, width, len).await.map(drop);
        }
        let share = self.handed.client_share(width, len).await?;
        let value = self.handed.opened(width, len)?;
        let rest = value.sub(&share).map_err(|source| super::ideal::value_error(step, source))?;
        send_ring::<Concrete, C>(&mut self.peer, Role::Client, step, &rest)
    }
}
