//! The real truncation, backend `garbled`: exact; both carries by one garbled chain.
//!
//! ```text
//! x0', c, w and floor(x / 2^f) as in `gmw`
//! one chain over all k bits of x0' + x1: its carry after f positions is c, after k positions w
//! both carries become ring elements by a COT each, as in `ot`
//! ```
//! [DS-GC-40]

use super::ot::{one_each, quotient, shifted_up, value_error};
use crate::party::PartyError;
use crate::primitives::garbling::{Carries, compare};
use crate::primitives::ot::{Ots, RingOf};
use crate::values::{BitDomain, RingVector};

/// Truncates shares of x by f bits; for f = 0 nothing is sent. [DS-GC-40]
///
/// # Errors
/// What garbling and the OTs report; [`PartyError::Value`] unless f < k.
pub async fn truncate<G: Carries>(garbling: &mut G, x: &RingOf<G>, shift: u32) -> Result<RingOf<G>, PartyError> {
    super::check_shift(x.width(), shift).map_err(|source| value_error(garbling, source))?;
    if shift == 0 {
        return Ok(x.clone());
    }
    let (shifted_up, cots) = (shifted_up(garbling, x), one_each(garbling, x.len())?);
    let bits = <G as Ots>::Domain::bits(&shifted_up);
    let compared = compare(garbling, bits, Some(shift as usize), cots).await?;
    quotient(garbling, &shifted_up, shift, compared).await
}
