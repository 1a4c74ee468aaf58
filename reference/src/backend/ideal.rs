//! The roles of the ideal world, functionality by functionality.

use super::Backend;
use crate::gate::ideal::Gates;
use crate::party::{Channel, PartyError, Role};
use crate::plan::StepConvention;
use crate::primitives::ideal::{Adversary, Functionality, GateId, Party};
use crate::values::{LinearMap, Ranges, Ring, ShapeRing, Width};

/// A party of the ideal world. Gates are the functionality's, and nothing at a party.
pub struct IdealParty<C> {
    party: Party<C>,
}

impl<C: Channel<Vec<u8>>> IdealParty<C> {
    /// A party on a channel.
    pub fn new(channel: C) -> IdealParty<C> {
        IdealParty { party: Party::new(channel) }
    }
}

impl<C: Channel<Vec<u8>>> Backend for IdealParty<C> {
    type Share = Ring;
    type Gates = ();
    type Weights = LinearMap;

    fn role(&self) -> Role {
        self.party.channel.role()
    }

    async fn input(&mut self, own: Option<&Ring>, width: Width, len: usize) -> Result<Ring, PartyError> {
        self.party.input(own, width, len).await
    }

    async fn output(&mut self, x: &Ring) -> Result<Option<Ring>, PartyError> {
        self.party.output(x).await
    }

    async fn open(&mut self, _step: StepConvention, x: &Ring) -> Result<(), PartyError> {
        self.party.open(x)
    }

    async fn apply(&mut self, _groups: &mut [&mut ()], _served: &Ranges, x: &Ring) -> Result<Ring, PartyError> {
        self.party.apply(x).await
    }

    async fn truncate(&mut self, x: &Ring, _shift: u32) -> Result<Ring, PartyError> {
        self.party.truncate(x).await
    }

    async fn weights(&mut self, map: &LinearMap, _width: Width, own: Option<&Ring>) -> Result<LinearMap, PartyError> {
        self.party.weights(map, own)?;
        Ok(map.clone())
    }

    async fn linear(&mut self, map: &LinearMap, x: &Ring, batch: usize) -> Result<Ring, PartyError> {
        self.party.linear(map, x, batch).await
    }
}

impl<C: Channel<Vec<u8>>, A: Adversary> Backend for Functionality<C, A> {
    type Share = ShapeRing;
    type Gates = Gates;
    type Weights = (LinearMap, Ring);

    fn role(&self) -> Role {
        Role::Trusted
    }

    async fn input(&mut self, _own: Option<&ShapeRing>, width: Width, len: usize) -> Result<ShapeRing, PartyError> {
        Functionality::input(self, width, len).await
    }

    async fn output(&mut self, x: &ShapeRing) -> Result<Option<ShapeRing>, PartyError> {
        Functionality::output(self, x).await.map(|()| None)
    }

    async fn open(&mut self, step: StepConvention, x: &ShapeRing) -> Result<Gates, PartyError> {
        let id = self.gates.len() as GateId;
        Functionality::open(self, id, step, x).await
    }

    async fn apply(
        &mut self,
        groups: &mut [&mut Gates],
        served: &Ranges,
        x: &ShapeRing,
    ) -> Result<ShapeRing, PartyError> {
        let ids: Vec<Gates> = groups.iter().map(|gates| **gates).collect();
        Functionality::apply(self, &ids, served, x).await
    }

    async fn truncate(&mut self, x: &ShapeRing, shift: u32) -> Result<ShapeRing, PartyError> {
        Functionality::truncate(self, x, shift).await
    }

    async fn weights(
        &mut self,
        map: &LinearMap,
        width: Width,
        _own: Option<&ShapeRing>,
    ) -> Result<(LinearMap, Ring), PartyError> {
        Ok((map.clone(), Functionality::weights(self, map, width).await?))
    }

    async fn linear(
        &mut self,
        (map, weights): &(LinearMap, Ring),
        x: &ShapeRing,
        batch: usize,
    ) -> Result<ShapeRing, PartyError> {
        Functionality::linear(self, map, weights, x, batch).await
    }
}
