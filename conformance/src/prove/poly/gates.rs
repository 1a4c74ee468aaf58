//! Roles that can be given gates whose bits are shared already.

use deepshare_reference::backend::Backend;
use deepshare_reference::backend::fss::{FssDealer, FssParty};
use deepshare_reference::backend::gmw::GmwParty;
use deepshare_reference::backend::ot::{OtBackend, Products};
use deepshare_reference::gate::masked::{DealtGates, Gates};
use deepshare_reference::party::{BitWire, Channel, Coins, PartyError};
use deepshare_reference::primitives::dcf::{Compare, Give};
use deepshare_reference::primitives::ot::{Ots, PlaneOf};
use deepshare_reference::primitives::roles::Dealer;
use deepshare_reference::values::{BitPlane, ShapePlane};

/// A role of a backend; P is what it has of bits.
#[allow(async_fn_in_trait, reason = "programs run on one thread; their futures need not be Send")]
pub trait TakesBits<P>: Backend {
    /// Gates on these bits.
    ///
    /// # Errors
    /// What the backend reports.
    async fn take_bits(&mut self, bits: P) -> Result<Self::Gates, PartyError>;

    /// What the role has of the gates' bits.
    fn bits(gates: &Self::Gates) -> Option<P>;
}

impl<D: BitWire, C: Channel<D::Payload>, K: Coins<D>> TakesBits<D::Plane> for GmwParty<D, C, K> {
    async fn take_bits(&mut self, bits: D::Plane) -> Result<Gates<D>, PartyError> {
        Ok(Gates::new(bits))
    }

    fn bits(gates: &Gates<D>) -> Option<D::Plane> {
        Some(gates.bit().clone())
    }
}

impl<D: BitWire, C: Channel<D::Payload>, K: Coins<D>, M: Compare<D>> TakesBits<D::Plane> for FssParty<D, C, K, M> {
    async fn take_bits(&mut self, bits: D::Plane) -> Result<Gates<D>, PartyError> {
        Ok(Gates::new(bits))
    }

    fn bits(gates: &Gates<D>) -> Option<D::Plane> {
        Some(gates.bit().clone())
    }
}

impl<D: BitWire, C: Channel<D::Payload>, K: Coins<D>> TakesBits<ShapePlane> for Dealer<D, C, K> {
    async fn take_bits(&mut self, bits: ShapePlane) -> Result<DealtGates<D>, PartyError> {
        Ok(DealtGates::new(bits.len()))
    }

    fn bits(_gates: &DealtGates<D>) -> Option<ShapePlane> {
        None
    }
}

impl<D: BitWire, C: Channel<D::Payload>, K: Coins<D>, M: Give<D>> TakesBits<ShapePlane> for FssDealer<D, C, K, M> {
    async fn take_bits(&mut self, bits: ShapePlane) -> Result<DealtGates<D>, PartyError> {
        Ok(DealtGates::new(bits.len()))
    }

    fn bits(_gates: &DealtGates<D>) -> Option<ShapePlane> {
        None
    }
}

impl<O: Ots, L: Products<O>> TakesBits<PlaneOf<O>> for OtBackend<O, L> {
    async fn take_bits(&mut self, bits: PlaneOf<O>) -> Result<Self::Gates, PartyError> {
        self.gates_of(bits).await
    }

    fn bits(gates: &Self::Gates) -> Option<PlaneOf<O>> {
        Some(gates.bit().clone())
    }
}
