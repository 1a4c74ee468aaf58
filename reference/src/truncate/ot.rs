//! The real truncation, backend `ot`: exact; both carries by one comparison split at f.
//!
//! ```text
//! x0', c, w and floor(x / 2^f) as in `gmw`
//! a carry is shared as bits, c = c0 xor c1 = c0 + c1 - 2 c0 c1: one COT to the client, on its bit, gives shares of c0 c1
//! ```
//! [DS-OT-40]

use crate::party::{PartyError, Role};
use crate::primitives::millionaires::{Compared, compare};
use crate::primitives::ot::{Choice, Ots, PlaneOf, Prepare, RingOf, Use};
use crate::values::{BitDomain, BitPlane, Ranges, RingVector, ValueError};

const STEP: &str = "truncate";

/// Truncates shares of x by f bits; for f = 0 nothing is sent. [DS-OT-40]
///
/// # Errors
/// What the OTs report; [`PartyError::Value`] unless f < k.
pub async fn truncate<O: Ots>(ots: &mut O, x: &RingOf<O>, shift: u32) -> Result<RingOf<O>, PartyError> {
    super::check_shift(x.width(), shift).map_err(|source| value_error(ots, source))?;
    if shift == 0 {
        return Ok(x.clone());
    }
    let (shifted_up, cots) = (shifted_up(ots, x), one_each(ots, x.len())?);
    let compared = compare(ots, O::Domain::bits(&shifted_up), Some(shift as usize), cots).await?;
    quotient(ots, &shifted_up, shift, compared).await
}

pub(super) fn value_error<O: Ots>(ots: &O, source: ValueError) -> PartyError {
    PartyError::Value { role: ots.role(), step: STEP, source }
}

/// This role's share of x' = x + 2^(k-1), which is not negative.
pub(super) fn shifted_up<O: Ots>(ots: &O, x: &RingOf<O>) -> RingOf<O> {
    if ots.is_server() { x.offset(x.width().top_bit()) } else { x.clone() }
}

/// For each carry, two an element, a COT that the client receives. [DS-OT-40]
pub(super) fn one_each<O: Ots>(ots: &O, len: usize) -> Result<Vec<Prepare<PlaneOf<O>>>, PartyError> {
    let count = len.checked_mul(2).ok_or_else(|| value_error(ots, ValueError::Length { left: len, right: 0 }))?;
    Ok(vec![Prepare { receiver: Role::Client, count, choice: Choice::Later }])
}

/// The quotient from the shares of x' and of the two carries. One round. [DS-OT-40]
pub(super) async fn quotient<O: Ots>(
    ots: &mut O,
    shifted_up: &RingOf<O>,
    shift: u32,
    mut compared: Compared<O>,
) -> Result<RingOf<O>, PartyError> {
    let (role, width, len, server) = (ots.role(), shifted_up.width(), shifted_up.len(), ots.is_server());
    let error = |source| PartyError::Value { role, step: STEP, source };
    let low = compared.low.ok_or_else(|| error(ValueError::Length { left: 0, right: 1 }))?;
    let bits = PlaneOf::<O>::concat(&[&low, &compared.carry]);

    // c = c0 + c1 - 2 c0 c1, and w likewise: for both at once
    let own = O::Domain::embed(&bits, width);
    let groups = compared.cots.iter_mut().collect();
    let (count, served) = (bits.len(), Ranges::all(bits.len()));
    let products = ots.correlate(vec![Use { groups, bits: vec![&bits], served: &served, x: &own, shift: 0 }]).await?;
    let combine = || {
        let product = products.first().ok_or(ValueError::Length { left: 0, right: 1 })?;
        let carries = own.sub(&product.scale(2))?;
        let c = carries.gather(&Ranges::new(count, [(0, len)])?)?;
        let w = carries.gather(&Ranges::new(count, [(len, len)])?)?;
        let wrap = 1 << (width.bits() - shift); // 2^(k-f), at most 2^63 because f >= 1
        let quotient = O::Domain::shift_right(shifted_up, shift)?.add(&c)?.sub(&w.scale(wrap))?;
        let half = width.top_bit() >> shift; // 2^(k-1-f)
        Ok(if server { quotient.offset(half.wrapping_neg()) } else { quotient })
    };
    combine().map_err(error)
}
