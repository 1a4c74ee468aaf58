//! The simulator of a linear layer with a dealer's triples, for either corrupted party. Perfect, given the dealer.
//!
//! ```text
//!                      server corrupted                     client corrupted
//! linear/deal-weights  uniform: B                           nothing
//! linear/weights       (it sends)                           uniform: F = W - B, and the client has no share of B
//! linear/deal-inputs   uniform: C0, split by a fresh draw   uniform: a and C1
//! linear/inputs        uniform: e = x1 - a                  (it sends)
//! ```
//! [DS-LIN-7] [DS-LIN-8]

use super::gmw::{DEAL_INPUTS, DEAL_WEIGHTS, INPUTS, WEIGHTS};
use crate::party::{Channel, Coins, PartyError, Role};
use crate::primitives::ideal::value_error;
use crate::primitives::stage::{Handed, Played, Stage};
use crate::values::{Concrete, LinearMap, RingVector, ShapeRing, Width};

/// Simulates the opening of weights, once a session. [DS-LIN-7]
///
/// # Errors
/// What the coins or the channel report; likewise in [`linear`].
pub async fn weights<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed>(
    stage: &mut Stage<C, K, A>,
    map: &LinearMap,
    width: Width,
) -> Result<LinearMap, PartyError> {
    if stage.corrupted() == Role::Server {
        stage.uniform_ring(Played::Trusted, DEAL_WEIGHTS, width, map.weights())?;
        stage.hear_ring(Played::Peer, WEIGHTS, width, map.weights()).await?;
    } else {
        stage.peer_waits(DEAL_WEIGHTS, width, map.weights()).await?;
        stage.uniform_ring(Played::Peer, WEIGHTS, width, map.weights())?;
    }
    Ok(map.clone())
}

/// Simulates an application. [DS-LIN-8]
///
/// # Errors
/// As [`weights`]; [`PartyError::Value`] if the batch does not match.
pub async fn linear<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed>(
    stage: &mut Stage<C, K, A>,
    map: &LinearMap,
    x: &ShapeRing,
    batch: usize,
) -> Result<ShapeRing, PartyError> {
    let (width, outputs) = (x.width(), map.outputs().saturating_mul(batch));
    map.check_batch(x.len(), batch).map_err(|source| value_error(INPUTS, source))?;
    if stage.corrupted() == Role::Server {
        stage.uniform_ring(Played::Peer, INPUTS, width, x.len())?;
    } else {
        stage.uniform_ring(Played::Trusted, DEAL_INPUTS, width, x.len())?;
        stage.hear_ring(Played::Peer, INPUTS, width, x.len()).await?;
    }
    stage.uniform_ring(Played::Trusted, DEAL_INPUTS, width, outputs)?;
    Ok(ShapeRing::constant(width, outputs, 0))
}
