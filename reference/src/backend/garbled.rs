//! The roles of the backend `garbled`, functionality by functionality. Gates and truncations need nobody else; how linear
//! layers are evaluated is a choice, as in `ot`, and the backend takes them from a dealer. [DS-GC-60] [DS-GC-61]
//! [DS-GC-62]

use super::Backend;
use super::ot::Products;
use crate::gate::garbled as gate;
use crate::party::{PartyError, Role};
use crate::plan::StepConvention;
use crate::primitives::garbling::Carries;
use crate::primitives::ot::RingOf;
use crate::truncate::garbled as truncate;
use crate::values::{LinearMap, Ranges, Width};
use std::marker::PhantomData;

/// A role of `garbled`, over any interface to shares of carries and to F_COT; L says how linear layers are evaluated.
pub struct GarbledBackend<G, L> {
    garbling: G,
    linear: PhantomData<L>,
}

impl<G: Carries, L: Products<G>> GarbledBackend<G, L> {
    /// A role with its interface.
    pub fn new(garbling: G) -> GarbledBackend<G, L> {
        GarbledBackend { garbling, linear: PhantomData }
    }
}

impl<G: Carries, L: Products<G>> Backend for GarbledBackend<G, L> {
    type Share = RingOf<G>;
    type Gates = gate::Gates<G>;
    type Weights = L::Weights;

    fn role(&self) -> Role {
        self.garbling.role()
    }

    async fn input(&mut self, own: Option<&RingOf<G>>, width: Width, len: usize) -> Result<RingOf<G>, PartyError> {
        self.garbling.input(own, width, len).await
    }

    async fn output(&mut self, x: &RingOf<G>) -> Result<Option<RingOf<G>>, PartyError> {
        self.garbling.output(x).await
    }

    async fn open(&mut self, step: StepConvention, x: &RingOf<G>) -> Result<Self::Gates, PartyError> {
        gate::open(&mut self.garbling, step, x).await
    }

    async fn apply(
        &mut self,
        groups: &mut [&mut Self::Gates],
        served: &Ranges,
        x: &RingOf<G>,
    ) -> Result<RingOf<G>, PartyError> {
        gate::apply(&mut self.garbling, groups, served, x).await
    }

    async fn truncate(&mut self, x: &RingOf<G>, shift: u32) -> Result<RingOf<G>, PartyError> {
        truncate::truncate(&mut self.garbling, x, shift).await
    }

    async fn weights(
        &mut self,
        map: &LinearMap,
        width: Width,
        own: Option<&RingOf<G>>,
    ) -> Result<Self::Weights, PartyError> {
        L::weights(&mut self.garbling, map, width, own).await
    }

    async fn linear(&mut self, weights: &Self::Weights, x: &RingOf<G>, batch: usize) -> Result<RingOf<G>, PartyError> {
        L::linear(&mut self.garbling, weights, x, batch).await
    }
}
