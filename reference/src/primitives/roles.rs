//! The roles that all backends build on: two computing parties, and a dealer of correlated randomness (Beaver 1991).

use crate::party::channel::{malformed, receive_planes, receive_ring, send_planes, send_ring};
use crate::party::{BitWire, Channel, Coins, PartyError, Role, Step};
use crate::values::{BitPlane, RingVector, ValueError, Width};
use std::marker::PhantomData;

/// One of the two computing parties.
pub struct Party<D, C> {
    /// The party's end of the channels.
    pub channel: C,
    domain: PhantomData<D>,
}

/// The dealer: it sends correlated randomness and sees no share of anything.
pub struct Dealer<D, C, K> {
    /// The dealer's end of the channels.
    pub channel: C,
    /// The dealer's coins.
    pub coins: K,
    domain: PhantomData<D>,
}

impl<D: BitWire, C: Channel<D::Payload>> Party<D, C> {
    /// A party on a channel.
    pub fn new(channel: C) -> Party<D, C> {
        Party { channel, domain: PhantomData }
    }

    /// Which of the two parties this is.
    pub fn role(&self) -> Role {
        self.channel.role()
    }

    /// Whether this is P0, the server: public constants are added by it alone.
    pub fn is_server(&self) -> bool {
        self.role() == Role::Server
    }

    /// Sends planes to the peer.
    pub(crate) fn send_planes(&mut self, step: Step, own: &[D::Plane]) -> Result<(), PartyError> {
        let peer = self.role().peer();
        send_planes::<D, C>(&mut self.channel, peer, step, &own.iter().collect::<Vec<_>>())
    }

    /// Waits for planes from the peer.
    pub(crate) async fn receive_planes(
        &mut self,
        step: Step,
        count: usize,
        len: usize,
    ) -> Result<Vec<D::Plane>, PartyError> {
        let peer = self.role().peer();
        receive_planes::<D, C>(&mut self.channel, peer, step, count, len).await
    }

    /// Sends a ring vector to the peer.
    pub(crate) fn send_ring(&mut self, step: Step, own: &D::Ring) -> Result<(), PartyError> {
        let peer = self.role().peer();
        send_ring::<D, C>(&mut self.channel, peer, step, own)
    }

    /// Waits for a ring vector from the peer.
    pub(crate) async fn receive_ring(&mut self, step: Step, width: Width, len: usize) -> Result<D::Ring, PartyError> {
        let peer = self.role().peer();
        receive_ring::<D, C>(&mut self.channel, peer, step, width, len).await
    }

    /// Sends own planes to the peer and waits for the peer's: one round.
    pub(crate) async fn exchange_planes(
        &mut self,
        step: Step,
        own: &[D::Plane],
        len: usize,
    ) -> Result<Vec<D::Plane>, PartyError> {
        self.send_planes(step, own)?;
        self.receive_planes(step, own.len(), len).await
    }

    /// Opens planes: sends own shares and adds the peer's.
    pub(crate) async fn open_planes(
        &mut self,
        step: Step,
        shares: &[D::Plane],
        len: usize,
    ) -> Result<Vec<D::Plane>, PartyError> {
        let others = self.exchange_planes(step, shares, len).await?;
        let opened = shares.iter().zip(&others).map(|(own, other)| own.xor(other));
        opened.collect::<Result<_, _>>().map_err(|source| self.value_error(step, source))
    }

    /// Waits for planes from the dealer.
    pub(crate) async fn dealt_planes(
        &mut self,
        step: Step,
        count: usize,
        len: usize,
    ) -> Result<Vec<D::Plane>, PartyError> {
        receive_planes::<D, C>(&mut self.channel, Role::Trusted, step, count, len).await
    }

    /// Waits for `len` bits from the dealer which must pass a check, else the frame is malformed.
    pub(crate) async fn dealt_bits(
        &mut self,
        step: Step,
        len: usize,
        check: impl Fn(&D::Plane) -> Result<(), ValueError>,
    ) -> Result<D::Plane, PartyError> {
        let planes = self.dealt_planes(step, 1, len).await?;
        let bits = D::Plane::concat(&planes.iter().collect::<Vec<_>>());
        check(&bits).map_err(|source| malformed(self.role(), Role::Trusted, step, source))?;
        Ok(bits)
    }

    /// Hands planes to the trusted party: a call of an ideal functionality.
    pub(crate) fn give_planes(&mut self, step: Step, own: &[D::Plane]) -> Result<(), PartyError> {
        send_planes::<D, C>(&mut self.channel, Role::Trusted, step, &own.iter().collect::<Vec<_>>())
    }

    /// Waits for a ring vector from the dealer.
    pub(crate) async fn dealt_ring(&mut self, step: Step, width: Width, len: usize) -> Result<D::Ring, PartyError> {
        receive_ring::<D, C>(&mut self.channel, Role::Trusted, step, width, len).await
    }

    pub(crate) fn value_error(&self, step: Step, source: ValueError) -> PartyError {
        PartyError::Value { role: self.role(), step: step.label, source }
    }

    /// The error of a frame from the peer whose payload is malformed.
    pub(crate) fn malformed(&self, step: Step, source: ValueError) -> PartyError {
        malformed(self.role(), self.role().peer(), step, source)
    }
}

impl<D: BitWire, C: Channel<D::Payload>, K: Coins<D>> Dealer<D, C, K> {
    /// A dealer on a channel, with coins.
    pub fn new(channel: C, coins: K) -> Dealer<D, C, K> {
        Dealer { channel, coins, domain: PhantomData }
    }

    /// Sends planes to each party.
    pub(crate) fn deal_planes(
        &mut self,
        step: Step,
        server: &[D::Plane],
        client: &[D::Plane],
    ) -> Result<(), PartyError> {
        send_planes::<D, C>(&mut self.channel, Role::Server, step, &server.iter().collect::<Vec<_>>())?;
        send_planes::<D, C>(&mut self.channel, Role::Client, step, &client.iter().collect::<Vec<_>>())
    }

    /// Sends additive shares of a ring vector: a random share to the server, the rest to the client.
    pub(crate) fn share_ring(&mut self, step: Step, secret: &D::Ring) -> Result<(), PartyError> {
        let server = self.coins.ring(secret.width(), secret.len())?;
        let client = secret.sub(&server).map_err(|source| value_error(step, source))?;
        send_ring::<D, C>(&mut self.channel, Role::Server, step, &server)?;
        send_ring::<D, C>(&mut self.channel, Role::Client, step, &client)
    }
}

/// Two xor shares of a plane: a random one for the server, the rest for the client.
pub(crate) fn share_plane<D: BitWire, K: Coins<D>>(
    coins: &mut K,
    secret: &D::Plane,
) -> Result<[D::Plane; 2], PartyError> {
    let server = coins.plane(secret.len())?;
    let client =
        server.xor(secret).map_err(|source| PartyError::Value { role: Role::Trusted, step: "share", source })?;
    Ok([server, client])
}

pub(crate) fn value_error(step: Step, source: ValueError) -> PartyError {
    PartyError::Value { role: Role::Trusted, step: step.label, source }
}
