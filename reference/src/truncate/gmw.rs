//! The real truncation, backend `gmw`: exact, with one carry tree split at f.
//!
//! ```text
//! x0' = x0 + 2^(k-1)                       so that x' = x + 2^(k-1) is non-negative
//! c   = carry out of the f low bits of x0' + x1
//! w   = carry out of all k bits of x0' + x1
//! floor(x / 2^f) = (x0' >> f) + (x1 >> f) + c - w 2^(k-f) - 2^(k-1-f)        (logical shifts)
//! ```
//! Both carries become ring elements by a dealer's bit each. [DS-TRUNC-2] [DS-TRUNC-3]

use crate::party::{BitWire, Channel, Coins, PartyError, Phase, Role, Step};
use crate::primitives::and::Ands;
use crate::primitives::carry::carries;
use crate::primitives::masked_bit::{BitMask, MaskSteps};
use crate::primitives::roles::{Dealer, Party, value_error};
use crate::values::{BitDomain, BitPlane, RingVector, ShapePlane, ShapeRing, ValueError};

/// The dealer's bits for the two carries. [DS-TRUNC-3]
pub const DEAL_MASKS: MaskSteps = MaskSteps {
    bit: Step::new(Phase::Offline, "truncate/deal-mask-bit", "DS-TRUNC-3"),
    ring: Step::new(Phase::Offline, "truncate/deal-mask-ring", "DS-TRUNC-3"),
};
/// The opening of both masked carries. [DS-TRUNC-3]
pub const CARRIES: Step = Step::new(Phase::Online, "truncate/carries", "DS-TRUNC-3");

/// Truncates shares of x by f bits; for f = 0 nothing is sent. [DS-TRUNC-2]
///
/// # Errors
/// What the channel reports; [`PartyError::Value`] unless f < k.
pub async fn truncate<D: BitWire, C: Channel<D::Payload>>(
    party: &mut Party<D, C>,
    x: &D::Ring,
    shift: u32,
) -> Result<D::Ring, PartyError> {
    super::check_shift(x.width(), shift).map_err(|e| party.value_error(CARRIES, e))?;
    if shift == 0 {
        return Ok(x.clone());
    }
    let (c, w) = both_carries::<D, _>(party, x, shift).await?;
    quotient(party, x, shift, [&c, &w]).await
}

/// This party's share of x' = x + 2^(k-1).
fn shifted_up<R: RingVector>(x: &R, server: bool) -> R {
    if server { x.offset(x.width().top_bit()) } else { x.clone() }
}

/// Shares of c and w, over any ANDs, for 0 < f < k. [DS-TRUNC-2]
///
/// # Errors
/// What the ANDs report.
pub async fn both_carries<D: BitDomain, A: Ands<Plane = D::Plane>>(
    ands: &mut A,
    x: &D::Ring,
    shift: u32,
) -> Result<(D::Plane, D::Plane), PartyError> {
    let server = ands.role() == Role::Server;
    carries(ands, D::bits(&shifted_up(x, server)), shift as usize).await
}

/// A share of floor(x / 2^f) from shares of x, of c and of w: both become ring elements by a dealer's bit each.
/// [DS-TRUNC-3]
///
/// # Errors
/// What the channel reports.
pub async fn quotient<D: BitWire, C: Channel<D::Payload>>(
    party: &mut Party<D, C>,
    x: &D::Ring,
    shift: u32,
    [c, w]: [&D::Plane; 2],
) -> Result<D::Ring, PartyError> {
    let (width, len, server) = (x.width(), x.len(), party.is_server());
    let mask_c = BitMask::receive(party, DEAL_MASKS, width, len).await?;
    let mask_w = BitMask::receive(party, DEAL_MASKS, width, len).await?;
    let masked = [mask_c.mask(c), mask_w.mask(w)].into_iter().collect::<Result<Vec<_>, _>>();
    let masked = masked.map_err(|e| party.value_error(CARRIES, e))?;
    let opened = party.open_planes(CARRIES, &masked, len).await?;

    let combine = || {
        let [delta_c, delta_w] = opened.as_slice() else { return Err(ValueError::Length { left: 0, right: 2 }) };
        let c = mask_c.to_ring(delta_c, server)?;
        let w = mask_w.to_ring(delta_w, server)?;
        let wrap = 1 << (width.bits() - shift); // 2^(k-f), at most 2^63 because f >= 1
        let quotient = D::shift_right(&shifted_up(x, server), shift)?.add(&c)?.sub(&w.scale(wrap))?;
        let half = width.top_bit() >> shift; // 2^(k-1-f)
        Ok(if server { quotient.offset(half.wrapping_neg()) } else { quotient })
    };
    combine().map_err(|e| party.value_error(CARRIES, e))
}

/// The dealer's side of [`truncate`].
///
/// # Errors
/// What the channel or the coins report; [`PartyError::Value`] unless f < k.
pub async fn deal<D: BitWire, C: Channel<D::Payload>, K: Coins<D>>(
    dealer: &mut Dealer<D, C, K>,
    x: &ShapeRing,
    shift: u32,
) -> Result<ShapeRing, PartyError> {
    super::check_shift(x.width(), shift).map_err(|e| value_error(CARRIES, e))?;
    if shift > 0 {
        let bits = vec![ShapePlane::constant(x.len(), false); x.width().bits() as usize];
        carries(dealer, bits, shift as usize).await?;
        deal_quotient(dealer, x)?;
    }
    Ok(*x)
}

/// The dealer's side of [`quotient`]: a bit for c and a bit for w. [DS-TRUNC-3]
///
/// # Errors
/// What the channel or the coins report.
pub fn deal_quotient<D: BitWire, C: Channel<D::Payload>, K: Coins<D>>(
    dealer: &mut Dealer<D, C, K>,
    x: &ShapeRing,
) -> Result<(), PartyError> {
    BitMask::deal(dealer, DEAL_MASKS, x.width(), x.len())?;
    BitMask::deal(dealer, DEAL_MASKS, x.width(), x.len())?;
    Ok(())
}
