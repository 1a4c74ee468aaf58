//! The simulator of the truncation of `gmw`, for either corrupted party. Perfect, in the dealer-hybrid model; no
//! assumption.
//!
//! ```text
//! both carries            as the simulator of ANDs does: primitives::and::simulator
//! truncate/deal-masks     uniform: its shares of two random bits, each split by draws that it does not see or that are
//!                         its share
//! truncate/carries        uniform: the peer's share of each mask masks its share of the carry
//! ```
//! [DS-TRUNC-2] [DS-TRUNC-3]

use super::gmw::{CARRIES, DEAL_MASKS, both_carries};
use crate::party::{Channel, Coins, PartyError};
use crate::primitives::and::simulator::DealtAnds;
use crate::primitives::ideal::value_error;
use crate::primitives::stage::{Handed, Played, Stage};
use crate::values::{Concrete, RingVector, ShapeRing, Shapes};

/// Simulates a truncation by f bits; for f = 0 nothing is sent. [DS-TRUNC-2]
///
/// # Errors
/// What the coins or the channel report; [`PartyError::Value`] unless f < k.
pub async fn truncate<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed>(
    stage: &mut Stage<C, K, A>,
    x: &ShapeRing,
    shift: u32,
) -> Result<ShapeRing, PartyError> {
    super::check_shift(x.width(), shift).map_err(|source| value_error(CARRIES, source))?;
    if shift > 0 {
        both_carries::<Shapes, _>(&mut DealtAnds(stage), x, shift).await?;
        quotient(stage, x).await?;
    }
    Ok(*x)
}

/// Simulates the quotient from shared carries. [DS-TRUNC-3]
///
/// # Errors
/// What the coins or the channel report.
pub async fn quotient<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed>(
    stage: &mut Stage<C, K, A>,
    x: &ShapeRing,
) -> Result<(), PartyError> {
    for _carry in ["c", "w"] {
        stage.uniform_planes(Played::Trusted, DEAL_MASKS.bit, 1, x.len())?;
        stage.uniform_ring(Played::Trusted, DEAL_MASKS.ring, x.width(), x.len())?;
    }
    stage.uniform_planes(Played::Peer, CARRIES, 2, x.len())?;
    stage.hear_planes(Played::Peer, CARRIES, 2, x.len()).await.map(drop)
}
