//! The simulators of whole backends: the simulators of their functionalities, behind [`Backend`] on shapes. A program runs
//! on one as it runs on the trusted party, and meets the real program of the corrupted party. [DS-IDEAL-1] [DS-SIM-2]
//!
//! | backend | hybrid model | simulator | assumption |
//! |---|---|---|---|
//! | `ot` | F_OT, F_COT | `OtBackend` over `HybridSimulator`(crate::primitives::ot::simulator::HybridSimulator) | none |
//! | `ot` | none | `OtBackend` over [`PeerSimulator`] | CDH, RO, CR, PRF |
//! | `garbled` | F_Labels, F_COT, the dealer | `GarbledBackend` over `HybridSimulator` | CCR, against a client |
//! | `garbled` | the dealer | `GarbledBackend` over [`PeerSimulator`] | CDH, RO, CR, CCR, PRF |
//! | `gmw` | the dealer | [`GmwSimulator`] | none |
//! | `fss`, `fss-select` | F_DCF, the dealer | [`FssSimulator`] with `HybridDcf` | none |
//! | `fss`, `fss-select` | the dealer | [`FssSimulator`] with `UniformKeys` | PRF |

use super::ot::{Dealt, Products};
use super::{Activation, Backend};
use crate::gate::fss::{Serving, simulator as gate};
use crate::gate::{gmw, masked_simulator as masked};
use crate::linear::dealt_simulator as linear;
use crate::party::{Channel, Coins, PartyError, Role};
use crate::plan::StepConvention;
use crate::primitives::and::simulator::DealtAnds;
use crate::primitives::dcf::simulator::SimulateCompare;
use crate::primitives::ot::real_simulator::PeerSimulator;
use crate::primitives::stage::{Handed, Stage};
use crate::transfer::gmw::{INPUT, OUTPUT};
use crate::truncate::{fss_simulator as truncate, gmw_simulator};
use crate::values::{Concrete, LinearMap, Ranges, RingVector, ShapeRing, Shapes, Width};

/// A simulator of `fss` or `fss-select`; M simulates F_DCF.
pub struct FssSimulator<C, K, A, M> {
    stage: Stage<C, K, A>,
    compare: M,
    serving: Serving,
}

impl<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed, M: SimulateCompare> FssSimulator<C, K, A, M> {
    /// A simulator on a stage.
    pub fn new(stage: Stage<C, K, A>, compare: M, serving: Serving) -> FssSimulator<C, K, A, M> {
        FssSimulator { stage, compare, serving }
    }
}

impl<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed, M: SimulateCompare> Backend for FssSimulator<C, K, A, M> {
    type Share = ShapeRing;
    type Gates = masked::SimulatedGates;
    type Weights = LinearMap;

    fn role(&self) -> Role {
        Role::Trusted
    }

    async fn input(&mut self, _own: Option<&ShapeRing>, width: Width, len: usize) -> Result<ShapeRing, PartyError> {
        self.stage.input(INPUT, width, len).await?;
        Ok(ShapeRing::constant(width, len, 0))
    }

    async fn output(&mut self, x: &ShapeRing) -> Result<Option<ShapeRing>, PartyError> {
        self.stage.output(OUTPUT, x.width(), x.len()).await?;
        Ok(None)
    }

    async fn open(&mut self, _step: StepConvention, x: &ShapeRing) -> Result<Self::Gates, PartyError> {
        gate::open(&mut self.stage, &mut self.compare, x).await
    }

    async fn apply(
        &mut self,
        groups: &mut [&mut Self::Gates],
        _served: &Ranges,
        x: &ShapeRing,
    ) -> Result<ShapeRing, PartyError> {
        masked::apply(&mut self.stage, groups, x).await
    }

    async fn activate(
        &mut self,
        layer: &Activation<'_>,
        x: &ShapeRing,
        earlier: Vec<&mut Self::Gates>,
    ) -> Result<(Self::Gates, ShapeRing), PartyError> {
        gate::activate(&mut self.stage, &mut self.compare, self.serving, layer, x, earlier).await
    }

    async fn truncate(&mut self, x: &ShapeRing, shift: u32) -> Result<ShapeRing, PartyError> {
        truncate::truncate(&mut self.stage, &mut self.compare, x, shift).await
    }

    async fn weights(
        &mut self,
        map: &LinearMap,
        width: Width,
        _own: Option<&ShapeRing>,
    ) -> Result<LinearMap, PartyError> {
        linear::weights(&mut self.stage, map, width).await
    }

    async fn linear(&mut self, weights: &LinearMap, x: &ShapeRing, batch: usize) -> Result<ShapeRing, PartyError> {
        linear::linear(&mut self.stage, weights, x, batch).await
    }
}

/// A simulator of `gmw`.
pub struct GmwSimulator<C, K, A> {
    stage: Stage<C, K, A>,
}

impl<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed> GmwSimulator<C, K, A> {
    /// A simulator on a stage.
    pub fn new(stage: Stage<C, K, A>) -> GmwSimulator<C, K, A> {
        GmwSimulator { stage }
    }
}

impl<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed> Backend for GmwSimulator<C, K, A> {
    type Share = ShapeRing;
    type Gates = masked::SimulatedGates;
    type Weights = LinearMap;

    fn role(&self) -> Role {
        Role::Trusted
    }

    async fn input(&mut self, _own: Option<&ShapeRing>, width: Width, len: usize) -> Result<ShapeRing, PartyError> {
        self.stage.input(INPUT, width, len).await?;
        Ok(ShapeRing::constant(width, len, 0))
    }

    async fn output(&mut self, x: &ShapeRing) -> Result<Option<ShapeRing>, PartyError> {
        self.stage.output(OUTPUT, x.width(), x.len()).await?;
        Ok(None)
    }

    async fn open(&mut self, step: StepConvention, x: &ShapeRing) -> Result<Self::Gates, PartyError> {
        gmw::bits::<Shapes, _>(&mut DealtAnds(&mut self.stage), step, x).await?;
        let mut gates = masked::SimulatedGates::new(x.len());
        gates.masks(&mut self.stage, x.width())?;
        Ok(gates)
    }

    async fn apply(
        &mut self,
        groups: &mut [&mut Self::Gates],
        _served: &Ranges,
        x: &ShapeRing,
    ) -> Result<ShapeRing, PartyError> {
        masked::apply(&mut self.stage, groups, x).await
    }

    async fn truncate(&mut self, x: &ShapeRing, shift: u32) -> Result<ShapeRing, PartyError> {
        gmw_simulator::truncate(&mut self.stage, x, shift).await
    }

    async fn weights(
        &mut self,
        map: &LinearMap,
        width: Width,
        _own: Option<&ShapeRing>,
    ) -> Result<LinearMap, PartyError> {
        linear::weights(&mut self.stage, map, width).await
    }

    async fn linear(&mut self, weights: &LinearMap, x: &ShapeRing, batch: usize) -> Result<ShapeRing, PartyError> {
        linear::linear(&mut self.stage, weights, x, batch).await
    }
}

impl<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed> Products<PeerSimulator<C, K, A>> for Dealt {
    type Weights = LinearMap;

    async fn weights(
        ots: &mut PeerSimulator<C, K, A>,
        map: &LinearMap,
        width: Width,
        _own: Option<&ShapeRing>,
    ) -> Result<LinearMap, PartyError> {
        linear::weights(&mut ots.stage, map, width).await
    }

    async fn linear(
        ots: &mut PeerSimulator<C, K, A>,
        weights: &LinearMap,
        x: &ShapeRing,
        batch: usize,
    ) -> Result<ShapeRing, PartyError> {
        linear::linear(&mut ots.stage, weights, x, batch).await
    }
}
