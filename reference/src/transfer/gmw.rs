//! The real input and output of additive shares: one message each. [DS-IO-1] [DS-IO-2]

use crate::party::{BitWire, Channel, Coins, PartyError, Phase, Role, Step};
use crate::primitives::roles::Party;
use crate::values::{RingVector, Width};

/// The client's sharing of its input. [DS-IO-1]
pub const INPUT: Step = Step::new(Phase::Online, "input", "DS-IO-1");
/// The server's share of the output. [DS-IO-2]
pub const OUTPUT: Step = Step::new(Phase::Online, "output", "DS-IO-2");

/// The client draws x0, sends it to the server and keeps x1 = x - x0. [DS-IO-1]
///
/// # Errors
/// What the channel or the coins report; [`PartyError::Misuse`] if the client gives no input; likewise in [`output`].
pub async fn input<D: BitWire, C: Channel<D::Payload>, K: Coins<D>>(
    party: &mut Party<D, C>,
    coins: &mut K,
    own: Option<&D::Ring>,
    width: Width,
    len: usize,
) -> Result<D::Ring, PartyError> {
    if party.is_server() {
        return party.receive_ring(INPUT, width, len).await;
    }
    let missing = || PartyError::Misuse { role: Role::Client, what: "the client must give its input".into() };
    let x = own.filter(|x| x.len() == len && x.width() == width).ok_or_else(missing)?;
    let x0 = coins.ring(width, len)?;
    party.send_ring(INPUT, &x0)?;
    x.sub(&x0).map_err(|e| party.value_error(INPUT, e))
}

/// The server sends its share to the client, which adds its own. The server learns nothing. [DS-IO-2]
///
/// # Errors
/// What the channel reports.
pub async fn output<D: BitWire, C: Channel<D::Payload>>(
    party: &mut Party<D, C>,
    share: &D::Ring,
) -> Result<Option<D::Ring>, PartyError> {
    if party.is_server() {
        party.send_ring(OUTPUT, share)?;
        return Ok(None);
    }
    let other = party.receive_ring(OUTPUT, share.width(), share.len()).await?;
    share.add(&other).map(Some).map_err(|e| party.value_error(OUTPUT, e))
}
