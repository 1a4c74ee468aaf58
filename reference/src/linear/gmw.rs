//! The real linear layer with server-private weights, backend `gmw`: bilinear triples from the dealer.
//!
//! ```text
//! dealer    B to P0, once for the weights;  a to P1, C0 to P0, C1 to P1 for every input, C0 + C1 = map(B, a)
//! weights   P0 opens F = W - B once; B is bound to these weights, since reuse for others would show their difference
//! linear    P1 opens e = x1 - a
//!           y0 = map(W, x0 + e) + C0        y1 = map(F, a) + C1
//! ```
//! y0 + y1 = map(W, x0 + x1 - a) + map(B, a) + map(W - B, a) = map(W, x). [DS-LIN-7] [DS-LIN-8]

use crate::party::channel::send_ring;
use crate::party::{BitWire, Channel, Coins, PartyError, Phase, Role, Step};
use crate::primitives::roles::{Dealer, Party, value_error};
use crate::values::{LinearMap, RingVector, ShapeRing, Width};

/// The dealer's mask B of the weights. [DS-LIN-7]
pub const DEAL_WEIGHTS: Step = Step::new(Phase::Session, "linear/deal-weights", "DS-LIN-7");
/// The opening of F = W - B. [DS-LIN-7]
pub const WEIGHTS: Step = Step::new(Phase::Session, "linear/weights", "DS-LIN-7");
/// The dealer's a and shares of map(B, a). [DS-LIN-8]
pub const DEAL_INPUTS: Step = Step::new(Phase::Offline, "linear/deal-inputs", "DS-LIN-8");
/// The opening of e = x1 - a. [DS-LIN-8]
pub const INPUTS: Step = Step::new(Phase::Online, "linear/inputs", "DS-LIN-8");

/// What a role keeps of weights for a session.
pub struct Weights<R> {
    map: LinearMap,
    /// The server: W. The client: F = W - B. The dealer: B.
    matrix: R,
}

/// Masks the weights and opens F, once a session. The server gives W, the client nothing. [DS-LIN-7]
///
/// # Errors
/// What the channel reports; [`PartyError::Misuse`] if the server gives no weights; likewise in [`linear`].
pub async fn weights<D: BitWire, C: Channel<D::Payload>>(
    party: &mut Party<D, C>,
    map: &LinearMap,
    width: Width,
    own: Option<&D::Ring>,
) -> Result<Weights<D::Ring>, PartyError> {
    if party.role() == Role::Client {
        let opened = party.receive_ring(WEIGHTS, width, map.weights()).await?;
        return Ok(Weights { map: map.clone(), matrix: opened });
    }
    let missing = || PartyError::Misuse { role: Role::Server, what: "the server must give its weights".into() };
    let w = own.ok_or_else(missing)?;
    let mask = party.dealt_ring(DEAL_WEIGHTS, width, map.weights()).await?;
    let masked = w.sub(&mask).map_err(|e| party.value_error(WEIGHTS, e))?;
    party.send_ring(WEIGHTS, &masked)?;
    Ok(Weights { map: map.clone(), matrix: w.clone() })
}

/// Shares of map(W, x) from shares of a batch of inputs. One message, from the client. [DS-LIN-8]
///
/// # Errors
/// What the channel reports.
pub async fn linear<D: BitWire, C: Channel<D::Payload>>(
    party: &mut Party<D, C>,
    weights: &Weights<D::Ring>,
    x: &D::Ring,
    batch: usize,
) -> Result<D::Ring, PartyError> {
    let (map, width) = (&weights.map, x.width());
    map.check_batch(x.len(), batch).map_err(|e| party.value_error(INPUTS, e))?;
    let operand = if party.is_server() {
        let e = party.receive_ring(INPUTS, width, x.len()).await?;
        x.add(&e)
    } else {
        let a = party.dealt_ring(DEAL_INPUTS, width, x.len()).await?;
        let e = x.sub(&a).map_err(|e| party.value_error(INPUTS, e))?;
        party.send_ring(INPUTS, &e)?;
        Ok(a)
    };
    let correction = party.dealt_ring(DEAL_INPUTS, width, map.outputs() * batch).await?;
    let share = operand.and_then(|operand| D::Ring::linear(map, &weights.matrix, &operand, batch)?.add(&correction));
    share.map_err(|e| party.value_error(INPUTS, e))
}

/// The dealer's side of [`weights`].
///
/// # Errors
/// What the channel or the coins report; likewise in [`deal_linear`].
pub fn deal_weights<D: BitWire, C: Channel<D::Payload>, K: Coins<D>>(
    dealer: &mut Dealer<D, C, K>,
    map: &LinearMap,
    width: Width,
) -> Result<Weights<D::Ring>, PartyError> {
    let mask = dealer.coins.ring(width, map.weights())?;
    send_ring::<D, C>(&mut dealer.channel, Role::Server, DEAL_WEIGHTS, &mask)?;
    Ok(Weights { map: map.clone(), matrix: mask })
}

/// The dealer's side of [`linear`]: a, C0 and C1 are fresh every time.
///
/// # Errors
/// What the channel or the coins report.
pub fn deal_linear<D: BitWire, C: Channel<D::Payload>, K: Coins<D>>(
    dealer: &mut Dealer<D, C, K>,
    weights: &Weights<D::Ring>,
    x: &ShapeRing,
    batch: usize,
) -> Result<ShapeRing, PartyError> {
    let a = dealer.coins.ring(x.width(), x.len())?;
    let product = D::Ring::linear(&weights.map, &weights.matrix, &a, batch).map_err(|e| value_error(DEAL_INPUTS, e))?;
    send_ring::<D, C>(&mut dealer.channel, Role::Client, DEAL_INPUTS, &a)?;
    dealer.share_ring(DEAL_INPUTS, &product)?;
    Ok(ShapeRing::constant(x.width(), product.len(), 0))
}
