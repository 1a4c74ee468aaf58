//! The simulator of the gate of `fss` and `fss-select`, for either corrupted party. Over F_DCF it is perfect: what the
//! party receives are its shares, split by fresh draws, and the peer's shares of openings, each under a mask that serves
//! nothing else. With keys it is computational, under PRF alone. [DS-FSS-33]
//!
//! ```text
//! from the dealer   its shares of r, t, t r_j, a (twice), - a r_j, b, a b      uniform
//! from the peer     its shares of x^ = x + r, delta = d xor a, eps = x - b     uniform: r, a, b mask them
//! F_DCF, keys       as the simulator of comparisons does ([`crate::primitives::dcf::simulator`])
//! ```
//! Later uses are those of all gates under a dealer's mask: [`crate::gate::masked_simulator`]. [DS-FSS-10] to [DS-FSS-14] [DS-GMW-2] to [DS-GMW-5]

use super::{DEAL_MASKS, DEAL_SELECTED, DEAL_TOP_PRODUCTS, DEAL_TOPS, Layout, MASKED, Serving, bit_form};
use crate::backend::Activation;
use crate::gate::masked_simulator::{SimulatedGates, hear_deltas, opened, send_deltas};
use crate::party::{Channel, Coins, PartyError};
use crate::primitives::dcf::simulator::SimulateCompare;
use crate::primitives::ideal::value_error;
use crate::primitives::stage::{Handed, Played, Stage};
use crate::values::{Concrete, Ranges, RingVector, ShapeRing, Width};

/// Simulates opening gates alone. [DS-FSS-11]
///
/// # Errors
/// What the coins or the channel report; likewise in all other calls.
pub async fn open<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed, M: SimulateCompare>(
    stage: &mut Stage<C, K, A>,
    compare: &mut M,
    x: &ShapeRing,
) -> Result<SimulatedGates, PartyError> {
    let form = bit_form(x.width(), x.len()).map_err(|source| value_error(MASKED, source))?;
    stage.uniform_ring(Played::Trusted, DEAL_MASKS, x.width(), x.len())?;
    compare.give(stage, &form)?;
    stage.uniform_planes(Played::Trusted, DEAL_TOPS, 1, x.len())?;
    opened(stage, &mut [], MASKED, x).await?;
    compare.evaluate(stage, &form).await?;
    Ok(SimulatedGates::new(x.len()))
}

/// Simulates an activation layer in either form. [DS-FSS-12] [DS-FSS-13]
///
/// # Errors
/// As [`open`]; [`PartyError::Value`] if the layer's selections do not match.
pub async fn activate<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed, M: SimulateCompare>(
    stage: &mut Stage<C, K, A>,
    compare: &mut M,
    serving: Serving,
    layer: &Activation<'_>,
    x: &ShapeRing,
    groups: Vec<&mut SimulatedGates>,
) -> Result<(SimulatedGates, ShapeRing), PartyError> {
    let gates = groups.iter().map(|gates| gates.count()).fold(0, usize::saturating_add);
    let layout = Layout::new(layer, gates).map_err(|source| value_error(MASKED, source))?;
    let covered = x.gather(&layout.cover).map_err(|source| value_error(MASKED, source))?;
    stage.uniform_ring(Played::Trusted, DEAL_MASKS, x.width(), covered.len())?;
    let own = match serving {
        Serving::Payload => by_payload(stage, compare, &layout, &covered, groups).await?,
        Serving::Select => by_select(stage, compare, &layout, &covered, groups).await?,
    };
    Ok((own, ShapeRing::constant(x.width(), layout.gated.len(), 0)))
}

/// The payload form: shares of t and of t r_j, the selection of earlier gates, one opening. [DS-FSS-12] [DS-FSS-14]
async fn by_payload<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed, M: SimulateCompare>(
    stage: &mut Stage<C, K, A>,
    compare: &mut M,
    layout: &Layout,
    x: &ShapeRing,
    mut earlier: Vec<&mut SimulatedGates>,
) -> Result<SimulatedGates, PartyError> {
    let (width, gates) = (x.width(), layout.prototypes.len());
    let form = layout.form(width).map_err(|source| value_error(MASKED, source))?;
    compare.give(stage, &form)?;
    stage.uniform_ring(Played::Trusted, DEAL_TOPS, width, gates)?;
    stage.uniform_ring(Played::Trusted, DEAL_TOP_PRODUCTS, width, layout.split.above.len())?;
    selected(stage, &mut earlier, width, &layout.split.below)?;
    opened(stage, &mut earlier, MASKED, x).await?;
    compare.evaluate(stage, &form).await?;
    Ok(SimulatedGates::new(gates))
}

/// The select form: shares of t as bits; after the first opening the new gates' masks, and their deltas. [DS-FSS-13]
async fn by_select<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed, M: SimulateCompare>(
    stage: &mut Stage<C, K, A>,
    compare: &mut M,
    layout: &Layout,
    x: &ShapeRing,
    mut groups: Vec<&mut SimulatedGates>,
) -> Result<SimulatedGates, PartyError> {
    let (width, gates) = (x.width(), layout.prototypes.len());
    let form = bit_form(width, gates).map_err(|source| value_error(MASKED, source))?;
    compare.give(stage, &form)?;
    stage.uniform_planes(Played::Trusted, DEAL_TOPS, 1, gates)?;
    for earlier in &mut groups {
        earlier.masks(stage, width)?;
    }
    opened(stage, &mut groups, MASKED, x).await?;
    compare.evaluate(stage, &form).await?;
    let mut own = SimulatedGates::new(gates);
    groups.push(&mut own);
    selected(stage, &mut groups, width, &layout.gated)?;
    send_deltas(stage, &groups)?;
    hear_deltas(stage, &mut groups).await?;
    Ok(own)
}

/// The masks of groups that have none yet, and shares of - a r_j; nothing if there are no gates. [DS-FSS-14]
fn selected<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed>(
    stage: &mut Stage<C, K, A>,
    groups: &mut [&mut SimulatedGates],
    width: Width,
    served: &Ranges,
) -> Result<(), PartyError> {
    if groups.is_empty() {
        return Ok(());
    }
    for gates in groups.iter_mut() {
        gates.masks(stage, width)?;
    }
    stage.uniform_ring(Played::Trusted, DEAL_SELECTED, width, served.len())
}
