//! The simulator of the truncation of `fss`, for either corrupted party. Over F_DCF it is perfect: x^ has the mask r,
//! which the party knows half of, and the shares of r and of r >> f are split by fresh draws. [DS-FSS-20]

use super::fss::{DEAL_MASKS, DEAL_SHIFTED, MASKED, forms};
use crate::party::{Channel, Coins, PartyError};
use crate::primitives::dcf::simulator::SimulateCompare;
use crate::primitives::ideal::value_error;
use crate::primitives::stage::{Handed, Played, Stage};
use crate::values::{Concrete, RingVector, ShapeRing};

/// Simulates a truncation by f bits; for f = 0 nothing is sent. [DS-FSS-20]
///
/// # Errors
/// What the coins or the channel report; [`PartyError::Value`] unless f < k.
pub async fn truncate<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed, M: SimulateCompare>(
    stage: &mut Stage<C, K, A>,
    compare: &mut M,
    x: &ShapeRing,
    shift: u32,
) -> Result<ShapeRing, PartyError> {
    let (width, len) = (x.width(), x.len());
    super::check_shift(width, shift).map_err(|source| value_error(MASKED, source))?;
    if shift == 0 {
        return Ok(*x);
    }
    let forms = forms(width, shift, len).map_err(|source| value_error(MASKED, source))?;
    stage.uniform_ring(Played::Trusted, DEAL_MASKS, width, len)?; // its share of r
    for form in &forms {
        compare.give(stage, form)?;
    }
    stage.uniform_ring(Played::Trusted, DEAL_SHIFTED, width, len)?; // its share of r >> f
    stage.uniform_ring(Played::Peer, MASKED, width, len)?; // the peer's share of x^, masked by r
    stage.hear_ring(Played::Peer, MASKED, width, len).await?;
    for form in &forms {
        compare.evaluate(stage, form).await?;
    }
    Ok(*x)
}
