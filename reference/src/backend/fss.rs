//! The roles of the backend `fss`, functionality by functionality. Linear layers, inputs and outputs are those of `gmw`.
//! [DS-FSS-30] [DS-FSS-32]

use super::{Activation, Backend};
use crate::gate::fss::{self as gate, Serving};
use crate::gate::masked;
use crate::linear::gmw as linear;
use crate::party::{BitWire, Channel, Coins, PartyError, Role};
use crate::plan::StepConvention;
use crate::primitives::dcf::{Compare, Give};
use crate::primitives::roles::{Dealer, Party};
use crate::transfer::gmw as transfer;
use crate::truncate::fss as truncate;
use crate::values::{LinearMap, Ranges, RingVector, ShapeRing, Width};

/// A computing party with its coins (only the client draws any: for its input's shares); M is its interface to F_DCF.
pub struct FssParty<D, C, K, M> {
    party: Party<D, C>,
    coins: K,
    compare: M,
    serving: Serving,
}

/// The dealer; M is its interface to F_DCF.
pub struct FssDealer<D, C, K, M> {
    dealer: Dealer<D, C, K>,
    compare: M,
    serving: Serving,
}

impl<D: BitWire, C: Channel<D::Payload>, K: Coins<D>, M: Compare<D>> FssParty<D, C, K, M> {
    /// A party on a channel, with coins.
    pub fn new(channel: C, coins: K, compare: M, serving: Serving) -> FssParty<D, C, K, M> {
        FssParty { party: Party::new(channel), coins, compare, serving }
    }
}

impl<D: BitWire, C: Channel<D::Payload>, K: Coins<D>, M: Give<D>> FssDealer<D, C, K, M> {
    /// A dealer on a channel, with coins.
    pub fn new(channel: C, coins: K, compare: M, serving: Serving) -> FssDealer<D, C, K, M> {
        FssDealer { dealer: Dealer::new(channel, coins), compare, serving }
    }
}

impl<D: BitWire, C: Channel<D::Payload>, K: Coins<D>, M: Compare<D>> Backend for FssParty<D, C, K, M> {
    type Share = D::Ring;
    type Gates = masked::Gates<D>;
    type Weights = linear::Weights<D::Ring>;

    fn role(&self) -> Role {
        self.party.role()
    }

    async fn input(&mut self, own: Option<&D::Ring>, width: Width, len: usize) -> Result<D::Ring, PartyError> {
        transfer::input(&mut self.party, &mut self.coins, own, width, len).await
    }

    async fn output(&mut self, x: &D::Ring) -> Result<Option<D::Ring>, PartyError> {
        transfer::output(&mut self.party, x).await
    }

    async fn open(&mut self, step: StepConvention, x: &D::Ring) -> Result<Self::Gates, PartyError> {
        gate::open(&mut self.party, &mut self.compare, step, x).await
    }

    async fn apply(
        &mut self,
        groups: &mut [&mut Self::Gates],
        served: &Ranges,
        x: &D::Ring,
    ) -> Result<D::Ring, PartyError> {
        masked::apply(&mut self.party, groups, served, x).await
    }

    async fn activate(
        &mut self,
        layer: &Activation<'_>,
        x: &D::Ring,
        earlier: Vec<&mut Self::Gates>,
    ) -> Result<(Self::Gates, D::Ring), PartyError> {
        gate::activate(&mut self.party, &mut self.compare, self.serving, layer, x, earlier).await
    }

    async fn truncate(&mut self, x: &D::Ring, shift: u32) -> Result<D::Ring, PartyError> {
        truncate::truncate(&mut self.party, &mut self.compare, x, shift).await
    }

    async fn weights(
        &mut self,
        map: &LinearMap,
        width: Width,
        own: Option<&D::Ring>,
    ) -> Result<Self::Weights, PartyError> {
        linear::weights(&mut self.party, map, width, own).await
    }

    async fn linear(&mut self, weights: &Self::Weights, x: &D::Ring, batch: usize) -> Result<D::Ring, PartyError> {
        linear::linear(&mut self.party, weights, x, batch).await
    }
}

impl<D: BitWire, C: Channel<D::Payload>, K: Coins<D>, M: Give<D>> Backend for FssDealer<D, C, K, M> {
    type Share = ShapeRing;
    type Gates = masked::DealtGates<D>;
    type Weights = linear::Weights<D::Ring>;

    fn role(&self) -> Role {
        Role::Trusted
    }

    async fn input(&mut self, _own: Option<&ShapeRing>, width: Width, len: usize) -> Result<ShapeRing, PartyError> {
        Ok(ShapeRing::constant(width, len, 0))
    }

    async fn output(&mut self, _x: &ShapeRing) -> Result<Option<ShapeRing>, PartyError> {
        Ok(None)
    }

    async fn open(&mut self, _step: StepConvention, x: &ShapeRing) -> Result<Self::Gates, PartyError> {
        gate::deal_open(&mut self.dealer, &mut self.compare, x).await
    }

    async fn apply(
        &mut self,
        groups: &mut [&mut Self::Gates],
        served: &Ranges,
        x: &ShapeRing,
    ) -> Result<ShapeRing, PartyError> {
        masked::deal_apply(&mut self.dealer, groups, served, x)
    }

    async fn activate(
        &mut self,
        layer: &Activation<'_>,
        x: &ShapeRing,
        earlier: Vec<&mut Self::Gates>,
    ) -> Result<(Self::Gates, ShapeRing), PartyError> {
        gate::deal_activate(&mut self.dealer, &mut self.compare, self.serving, layer, x, earlier).await
    }

    async fn truncate(&mut self, x: &ShapeRing, shift: u32) -> Result<ShapeRing, PartyError> {
        truncate::deal(&mut self.dealer, &mut self.compare, x, shift).await
    }

    async fn weights(
        &mut self,
        map: &LinearMap,
        width: Width,
        _own: Option<&ShapeRing>,
    ) -> Result<Self::Weights, PartyError> {
        linear::deal_weights(&mut self.dealer, map, width)
    }

    async fn linear(&mut self, weights: &Self::Weights, x: &ShapeRing, batch: usize) -> Result<ShapeRing, PartyError> {
        linear::deal_linear(&mut self.dealer, weights, x, batch)
    }
}
