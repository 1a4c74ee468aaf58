//! The real gate, backend `gmw`.
//!
//! ```text
//! open    carry into the top bit of x0 + x1 by the tree of `primitives::carry` over the low k-1 bits;
//!         d = not (msb(x0) xor msb(x1) xor carry), a shared bit; the dealer gives a random bit a for the gate
//! apply   as for all gates under a dealer's mask: `gate::masked`
//! ```
//! [DS-GMW-1] to [DS-GMW-5]

use super::masked::{DealtGates, Gates};
use crate::party::{BitWire, Channel, Coins, PartyError, Phase, Role, Step};
use crate::plan::StepConvention;
use crate::primitives::and::Ands;
use crate::primitives::carry::carry;
use crate::primitives::roles::{Dealer, Party};
use crate::values::{BitDomain, BitPlane, RingVector, ShapePlane, ShapeRing, ValueError};

const OPEN: Step = Step::new(Phase::Online, "gate/open", "DS-GMW-1");

/// A share of d = DReLU(x): not (msb(x0) xor msb(x1) xor carry), the carry over any ANDs. [DS-GMW-1]
///
/// # Errors
/// What the ANDs report.
pub async fn bits<D: BitDomain, A: Ands<Plane = D::Plane>>(
    ands: &mut A,
    step: StepConvention,
    x: &D::Ring,
) -> Result<D::Plane, PartyError> {
    let role = ands.role();
    let server = role == Role::Server;
    let value_error = |source| PartyError::Value { role, step: OPEN.label, source };
    // Under `positive` the bit is that of x - 1; the server subtracts the public 1 from its share.
    let minus_one = step == StepConvention::Positive && server;
    let mut low = D::bits(&if minus_one { x.offset(u64::MAX) } else { x.clone() });
    let top = low.pop().ok_or_else(|| value_error(ValueError::Length { left: 0, right: 1 }))?;
    let sum_top = top.xor(&carry(ands, low).await?).map_err(value_error)?;
    Ok(if server { sum_top.not() } else { sum_top })
}

/// Opens gates on x: [DS-GMW-1]. ceil(log2(k-1)) + 1 rounds.
///
/// # Errors
/// What the channel reports; likewise in [`deal_open`].
pub async fn open<D: BitWire, C: Channel<D::Payload>>(
    party: &mut Party<D, C>,
    step: StepConvention,
    x: &D::Ring,
) -> Result<Gates<D>, PartyError> {
    let mut gates = Gates::new(bits::<D, _>(party, step, x).await?);
    gates.take_masks(party, x.width()).await?;
    Ok(gates)
}

/// The dealer's side of [`open`].
///
/// # Errors
/// What the channel or the coins report.
pub async fn deal_open<D: BitWire, C: Channel<D::Payload>, K: Coins<D>>(
    dealer: &mut Dealer<D, C, K>,
    x: &ShapeRing,
) -> Result<DealtGates<D>, PartyError> {
    let low = vec![ShapePlane::constant(x.len(), false); x.width().bits() as usize - 1];
    carry(dealer, low).await?;
    let mut gates = DealtGates::new(x.len());
    gates.deal_masks(dealer, x.width())?;
    Ok(gates)
}
