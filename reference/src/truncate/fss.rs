//! The real truncation, backend `fss`: exact, in one round, by two comparisons with the mask of one opening.
//!
//! ```text
//! x' = x + 2^(k-1), so that it is non-negative; x^ = x' + r is opened, for a dealer's random r
//! c  = [x^ mod 2^f < r mod 2^f]     a borrow from the f low bits
//! w  = [x^ < r]                     a borrow from all k bits
//! floor(x / 2^f) = (x^ >> f) - (r >> f) - c + w 2^(k-f) - 2^(k-1-f)        (logical shifts)
//! ```
//! [DS-FSS-20]

use crate::party::{BitWire, Channel, Coins, PartyError, Phase, Step};
use crate::primitives::dcf::{Compare, Form, Give};
use crate::primitives::roles::{Dealer, Party, value_error};
use crate::values::{Ranges, RingVector, ShapeRing, ValueError, Width};

/// Shares of the mask r. [DS-FSS-20]
pub const DEAL_MASKS: Step = Step::new(Phase::Offline, "truncate/deal-masks", "DS-FSS-20");
/// Shares of r >> f. [DS-FSS-20]
pub const DEAL_SHIFTED: Step = Step::new(Phase::Offline, "truncate/deal-shifted", "DS-FSS-20");
/// The opening of x^ = x' + r. [DS-FSS-20]
pub const MASKED: Step = Step::new(Phase::Online, "truncate/masked", "DS-FSS-20");

/// The keys of both comparisons: of f bits and of k bits; each pays 1.
pub(super) fn forms(width: Width, shift: u32, len: usize) -> Result<[Form; 2], ValueError> {
    Ok([Form::new(shift, width, Ranges::all(len))?, Form::new(width.bits(), width, Ranges::all(len))?])
}

/// The f lowest planes, and all planes.
fn compared<D: BitWire>(x: &D::Ring, shift: u32) -> [Vec<D::Plane>; 2] {
    let all = D::bits(x);
    [all.iter().take(shift as usize).cloned().collect(), all]
}

/// Truncates shares of x by f bits; for f = 0 nothing is sent. One round. [DS-FSS-20]
///
/// # Errors
/// What the channel reports; [`PartyError::Value`] unless f < k.
pub async fn truncate<D: BitWire, C: Channel<D::Payload>, M: Compare<D>>(
    party: &mut Party<D, C>,
    compare: &mut M,
    x: &D::Ring,
    shift: u32,
) -> Result<D::Ring, PartyError> {
    let (width, len, server) = (x.width(), x.len(), party.is_server());
    super::check_shift(width, shift).map_err(|e| party.value_error(MASKED, e))?;
    if shift == 0 {
        return Ok(x.clone());
    }
    let [low_form, all_form] = forms(width, shift, len).map_err(|e| party.value_error(MASKED, e))?;
    let r = party.dealt_ring(DEAL_MASKS, width, len).await?;
    let low_keys = compare.take(party, low_form).await?;
    let all_keys = compare.take(party, all_form).await?;
    let shifted_mask = party.dealt_ring(DEAL_SHIFTED, width, len).await?;

    let shifted_up = if server { x.offset(width.top_bit()) } else { x.clone() };
    let own = shifted_up.add(&r).map_err(|e| party.value_error(MASKED, e))?;
    party.send_ring(MASKED, &own)?;
    let other = party.receive_ring(MASKED, width, len).await?;
    let hidden = own.add(&other).map_err(|e| party.value_error(MASKED, e))?;

    let [low, all] = compared::<D>(&hidden, shift);
    let c = compare.evaluate(party, low_keys, &low).await?;
    let w = compare.evaluate(party, all_keys, &all).await?;
    let combine = || {
        let wrap = 1 << (width.bits() - shift); // 2^(k-f), at most 2^63 because f >= 1
        let share = w.scale(wrap).sub(&c)?.sub(&shifted_mask)?;
        let half = width.top_bit() >> shift; // 2^(k-1-f)
        let public = D::shift_right(&hidden, shift)?.offset(half.wrapping_neg());
        if server { share.add(&public) } else { Ok(share) }
    };
    combine().map_err(|e| party.value_error(MASKED, e))
}

/// The dealer's side of [`truncate`].
///
/// # Errors
/// What the channel or the coins report; [`PartyError::Value`] unless f < k.
pub async fn deal<D: BitWire, C: Channel<D::Payload>, K: Coins<D>, M: Give<D>>(
    dealer: &mut Dealer<D, C, K>,
    compare: &mut M,
    x: &ShapeRing,
    shift: u32,
) -> Result<ShapeRing, PartyError> {
    let error = |source| value_error(MASKED, source);
    super::check_shift(x.width(), shift).map_err(error)?;
    if shift == 0 {
        return Ok(*x);
    }
    let r = dealer.coins.ring(x.width(), x.len())?;
    dealer.share_ring(DEAL_MASKS, &r)?;
    let one = D::Ring::constant(x.width(), x.len(), 1);
    let forms = forms(x.width(), shift, x.len()).map_err(error)?;
    for (form, alpha) in forms.iter().zip(compared::<D>(&r, shift)) {
        compare.give(dealer, form, &alpha, &one).await?;
    }
    dealer.share_ring(DEAL_SHIFTED, &D::shift_right(&r, shift).map_err(error)?)?;
    compare.serve(dealer).await?;
    compare.serve(dealer).await?;
    Ok(*x)
}
