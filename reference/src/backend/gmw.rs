//! The roles of the backend `gmw`, functionality by functionality: who draws, who sends what, and in which order. [DS-GMW-6]
//! [DS-GMW-7] [DS-GMW-8] [DS-GMW-9] [DS-GMW-10]

use super::Backend;
use crate::gate::{gmw as gate, masked};
use crate::linear::gmw as linear;
use crate::party::{BitWire, Channel, Coins, PartyError, Role};
use crate::plan::StepConvention;
use crate::primitives::roles::{Dealer, Party};
use crate::transfer::gmw as transfer;
use crate::truncate::gmw as truncate;
use crate::values::{LinearMap, Ranges, RingVector, ShapeRing, Width};

/// A computing party with its coins (only the client draws any: for its input's shares).
pub struct GmwParty<D, C, K> {
    party: Party<D, C>,
    coins: K,
}

impl<D: BitWire, C: Channel<D::Payload>, K: Coins<D>> GmwParty<D, C, K> {
    /// A party on a channel, with coins.
    pub fn new(channel: C, coins: K) -> GmwParty<D, C, K> {
        GmwParty { party: Party::new(channel), coins }
    }
}

impl<D: BitWire, C: Channel<D::Payload>, K: Coins<D>> Backend for GmwParty<D, C, K> {
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
        gate::open(&mut self.party, step, x).await
    }

    async fn apply(
        &mut self,
        groups: &mut [&mut Self::Gates],
        served: &Ranges,
        x: &D::Ring,
    ) -> Result<D::Ring, PartyError> {
        masked::apply(&mut self.party, groups, served, x).await
    }

    async fn truncate(&mut self, x: &D::Ring, shift: u32) -> Result<D::Ring, PartyError> {
        truncate::truncate(&mut self.party, x, shift).await
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

impl<D: BitWire, C: Channel<D::Payload>, K: Coins<D>> Backend for Dealer<D, C, K> {
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
        gate::deal_open(self, x).await
    }

    async fn apply(
        &mut self,
        groups: &mut [&mut Self::Gates],
        served: &Ranges,
        x: &ShapeRing,
    ) -> Result<ShapeRing, PartyError> {
        masked::deal_apply(self, groups, served, x)
    }

    async fn truncate(&mut self, x: &ShapeRing, shift: u32) -> Result<ShapeRing, PartyError> {
        truncate::deal(self, x, shift).await
    }

    async fn weights(
        &mut self,
        map: &LinearMap,
        width: Width,
        _own: Option<&ShapeRing>,
    ) -> Result<Self::Weights, PartyError> {
        linear::deal_weights(self, map, width)
    }

    async fn linear(&mut self, weights: &Self::Weights, x: &ShapeRing, batch: usize) -> Result<ShapeRing, PartyError> {
        linear::deal_linear(self, weights, x, batch)
    }
}
