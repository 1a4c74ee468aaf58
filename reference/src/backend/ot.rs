//! The roles of the backend `ot`, functionality by functionality; and of `ot-dealer`, which takes its linear layers from
//! a dealer, as `gmw` does, because Gilboa's products are heavy. [DS-OT-60] [DS-OT-61] [DS-OT-62]

use super::Backend;
use crate::gate::ot as gate;
use crate::linear::{gmw as dealt, ot as gilboa};
use crate::party::{Channel, Coins, PartyError, Role};
use crate::plan::StepConvention;
use crate::primitives::ot::domain::OtDomain;
use crate::primitives::ot::extension::OtParty;
use crate::primitives::ot::{Ots, PlaneOf, RingOf};
use crate::primitives::roles::{Dealer, value_error};
use crate::truncate::{check_shift, ot as truncate};
use crate::values::{LinearMap, Ranges, RingVector, ShapeRing, Width};
use std::marker::PhantomData;

/// How linear layers are evaluated.
#[allow(async_fn_in_trait, reason = "programs run on one thread; their futures need not be Send")]
pub trait Products<O: Ots> {
    /// What a role keeps of weights.
    type Weights;

    /// Prepares weights; the server gives them.
    ///
    /// # Errors
    /// What the protocol reports; likewise in [`Products::linear`].
    async fn weights(
        ots: &mut O,
        map: &LinearMap,
        width: Width,
        own: Option<&RingOf<O>>,
    ) -> Result<Self::Weights, PartyError>;

    /// map(W, x) for a batch.
    ///
    /// # Errors
    /// What the protocol reports.
    async fn linear(ots: &mut O, weights: &Self::Weights, x: &RingOf<O>, batch: usize)
    -> Result<RingOf<O>, PartyError>;
}

/// Gilboa's products from COTs: nobody else is needed. [DS-OT-50]
pub struct Gilboa;

/// The bilinear triples of a dealer. [DS-LIN-7] [DS-LIN-8]
pub struct Dealt;

impl<O: Ots> Products<O> for Gilboa {
    type Weights = gilboa::Weights<RingOf<O>>;

    async fn weights(
        ots: &mut O,
        map: &LinearMap,
        _width: Width,
        own: Option<&RingOf<O>>,
    ) -> Result<Self::Weights, PartyError> {
        gilboa::weights(ots.role(), map, own)
    }

    async fn linear(
        ots: &mut O,
        weights: &Self::Weights,
        x: &RingOf<O>,
        batch: usize,
    ) -> Result<RingOf<O>, PartyError> {
        gilboa::linear(ots, weights, x, batch).await
    }
}

impl<D: OtDomain, C: Channel<D::Payload>, K: Coins<D>> Products<OtParty<D, C, K>> for Dealt {
    type Weights = dealt::Weights<D::Ring>;

    async fn weights(
        ots: &mut OtParty<D, C, K>,
        map: &LinearMap,
        width: Width,
        own: Option<&D::Ring>,
    ) -> Result<Self::Weights, PartyError> {
        dealt::weights(&mut ots.party, map, width, own).await
    }

    async fn linear(
        ots: &mut OtParty<D, C, K>,
        weights: &Self::Weights,
        x: &D::Ring,
        batch: usize,
    ) -> Result<D::Ring, PartyError> {
        dealt::linear(&mut ots.party, weights, x, batch).await
    }
}

/// A role of `ot`, over any interface to the OT functionalities; L says how linear layers are evaluated.
pub struct OtBackend<O, L> {
    ots: O,
    linear: PhantomData<L>,
}

impl<O: Ots, L: Products<O>> OtBackend<O, L> {
    /// A role with its interface.
    pub fn new(ots: O) -> OtBackend<O, L> {
        OtBackend { ots, linear: PhantomData }
    }

    /// Gates of bits that are shared already: for proofs of what serving gives. [DS-OT-30]
    ///
    /// # Errors
    /// What the OTs report.
    pub async fn gates_of(&mut self, bit: PlaneOf<O>) -> Result<gate::Gates<O>, PartyError> {
        gate::of_bits(&mut self.ots, bit).await
    }
}

impl<O: Ots, L: Products<O>> Backend for OtBackend<O, L> {
    type Share = RingOf<O>;
    type Gates = gate::Gates<O>;
    type Weights = L::Weights;

    fn role(&self) -> Role {
        self.ots.role()
    }

    async fn input(&mut self, own: Option<&RingOf<O>>, width: Width, len: usize) -> Result<RingOf<O>, PartyError> {
        self.ots.input(own, width, len).await
    }

    async fn output(&mut self, x: &RingOf<O>) -> Result<Option<RingOf<O>>, PartyError> {
        self.ots.output(x).await
    }

    async fn open(&mut self, step: StepConvention, x: &RingOf<O>) -> Result<Self::Gates, PartyError> {
        gate::open(&mut self.ots, step, x).await
    }

    async fn apply(
        &mut self,
        groups: &mut [&mut Self::Gates],
        served: &Ranges,
        x: &RingOf<O>,
    ) -> Result<RingOf<O>, PartyError> {
        gate::apply(&mut self.ots, groups, served, x).await
    }

    async fn truncate(&mut self, x: &RingOf<O>, shift: u32) -> Result<RingOf<O>, PartyError> {
        truncate::truncate(&mut self.ots, x, shift).await
    }

    async fn weights(
        &mut self,
        map: &LinearMap,
        width: Width,
        own: Option<&RingOf<O>>,
    ) -> Result<Self::Weights, PartyError> {
        L::weights(&mut self.ots, map, width, own).await
    }

    async fn linear(&mut self, weights: &Self::Weights, x: &RingOf<O>, batch: usize) -> Result<RingOf<O>, PartyError> {
        L::linear(&mut self.ots, weights, x, batch).await
    }
}

/// The dealer of `ot-dealer` and of `garbled`: it deals for linear layers, and has no part in anything else.
pub struct LinearDealer<D: OtDomain, C, K> {
    dealer: Dealer<D, C, K>,
}

impl<D: OtDomain, C: Channel<D::Payload>, K: Coins<D>> LinearDealer<D, C, K> {
    /// A dealer on a channel, with coins.
    pub fn new(channel: C, coins: K) -> LinearDealer<D, C, K> {
        LinearDealer { dealer: Dealer::new(channel, coins) }
    }
}

impl<D: OtDomain, C: Channel<D::Payload>, K: Coins<D>> Backend for LinearDealer<D, C, K> {
    type Share = ShapeRing;
    type Gates = ();
    type Weights = dealt::Weights<D::Ring>;

    fn role(&self) -> Role {
        Role::Trusted
    }

    async fn input(&mut self, _own: Option<&ShapeRing>, width: Width, len: usize) -> Result<ShapeRing, PartyError> {
        Ok(ShapeRing::constant(width, len, 0))
    }

    async fn output(&mut self, _x: &ShapeRing) -> Result<Option<ShapeRing>, PartyError> {
        Ok(None)
    }

    async fn open(&mut self, _step: StepConvention, _x: &ShapeRing) -> Result<(), PartyError> {
        Ok(())
    }

    async fn apply(
        &mut self,
        _groups: &mut [&mut ()],
        _served: &Ranges,
        x: &ShapeRing,
    ) -> Result<ShapeRing, PartyError> {
        Ok(*x)
    }

    async fn truncate(&mut self, x: &ShapeRing, shift: u32) -> Result<ShapeRing, PartyError> {
        check_shift(x.width(), shift).map_err(|source| value_error(TRUNCATE, source))?;
        Ok(*x)
    }

    async fn weights(
        &mut self,
        map: &LinearMap,
        width: Width,
        _own: Option<&ShapeRing>,
    ) -> Result<Self::Weights, PartyError> {
        dealt::deal_weights(&mut self.dealer, map, width)
    }

    async fn linear(&mut self, weights: &Self::Weights, x: &ShapeRing, batch: usize) -> Result<ShapeRing, PartyError> {
        dealt::deal_linear(&mut self.dealer, weights, x, batch)
    }
}

/// What a shift that is out of range is reported at.
const TRUNCATE: crate::party::Step = crate::party::Step::new(crate::party::Phase::Online, "truncate", "DS-OT-40");
