//! The dealer's side of the gate of `fss`. It sees no share: masks, keys, and products of what it drew, in the order of
//! [DS-FSS-31]; no mask serves twice. [DS-FSS-33]

use super::{DEAL_MASKS, DEAL_SELECTED, DEAL_TOP_PRODUCTS, DEAL_TOPS, Layout, MASKED, Serving, bit_form, top_and_low};
use crate::backend::Activation;
use crate::gate::masked::{DealtGates, times_mask};
use crate::party::{BitWire, Channel, Coins, PartyError};
use crate::primitives::dcf::Give;
use crate::primitives::masked_bit::flip_sign;
use crate::primitives::roles::{Dealer, share_plane, value_error};
use crate::values::{Ranges, RingVector, ShapeRing, Width};

/// The dealer's side of [`super::open`].
///
/// # Errors
/// What the channel or the coins report; likewise in [`deal_activate`].
pub async fn deal_open<D: BitWire, C: Channel<D::Payload>, K: Coins<D>, M: Give<D>>(
    dealer: &mut Dealer<D, C, K>,
    compare: &mut M,
    x: &ShapeRing,
) -> Result<DealtGates<D>, PartyError> {
    let r = dealer.coins.ring(x.width(), x.len())?;
    dealer.share_ring(DEAL_MASKS, &r)?;
    deal_bits(dealer, compare, &r).await?;
    compare.serve(dealer).await?;
    Ok(DealtGates::new(x.len()))
}

/// Deals what gates on elements with masks r need for their bits. [DS-FSS-11]
async fn deal_bits<D: BitWire, C: Channel<D::Payload>, K: Coins<D>, M: Give<D>>(
    dealer: &mut Dealer<D, C, K>,
    compare: &mut M,
    r: &D::Ring,
) -> Result<(), PartyError> {
    let error = |source| value_error(MASKED, source);
    let (t, low) = top_and_low::<D>(r).map_err(error)?;
    let form = bit_form(r.width(), r.len()).map_err(error)?;
    compare.give(dealer, &form, &low, &D::Ring::constant(Width::MIN, r.len(), 1)).await?;
    let [server, client] = share_plane::<D, K>(&mut dealer.coins, &t)?;
    dealer.deal_planes(DEAL_TOPS, &[server], &[client])
}

/// The dealer's side of [`super::activate`].
///
/// # Errors
/// What the channel or the coins report; [`PartyError::Value`] if the layer's selections do not match.
pub async fn deal_activate<D: BitWire, C: Channel<D::Payload>, K: Coins<D>, M: Give<D>>(
    dealer: &mut Dealer<D, C, K>,
    compare: &mut M,
    serving: Serving,
    layer: &Activation<'_>,
    x: &ShapeRing,
    mut groups: Vec<&mut DealtGates<D>>,
) -> Result<(DealtGates<D>, ShapeRing), PartyError> {
    let error = |source| value_error(MASKED, source);
    let gates = groups.iter().map(|gates| gates.count()).fold(0, usize::saturating_add);
    let layout = Layout::new(layer, gates).map_err(error)?;
    x.gather(&layout.cover).map_err(error)?;
    let r = dealer.coins.ring(x.width(), layout.cover.len())?;
    dealer.share_ring(DEAL_MASKS, &r)?;
    let prototypes = r.gather(&layout.prototypes).map_err(error)?;
    let gated = r.gather(&layout.gated).map_err(error)?;
    let mut own = DealtGates::new(prototypes.len());
    match serving {
        Serving::Payload => {
            let [later, served] = layout.parts(&r).map_err(error)?;
            deal_payload(dealer, compare, &layout, &prototypes, &served).await?;
            deal_selected(dealer, &mut groups, &layout.split.below, &later)?;
            compare.serve(dealer).await?;
        }
        Serving::Select => {
            deal_bits(dealer, compare, &prototypes).await?;
            for gates in &mut groups {
                gates.deal_masks(dealer, x.width())?;
            }
            compare.serve(dealer).await?;
            groups.push(&mut own);
            deal_selected(dealer, &mut groups, layer.served, &gated)?;
        }
    }
    Ok((own, ShapeRing::constant(x.width(), gated.len(), 0)))
}

/// Deals keys that pay (1 - 2t)(1, r_1, .., r_n), and shares of t and t r_j. [DS-FSS-12]
async fn deal_payload<D: BitWire, C: Channel<D::Payload>, K: Coins<D>, M: Give<D>>(
    dealer: &mut Dealer<D, C, K>,
    compare: &mut M,
    layout: &Layout,
    prototypes: &D::Ring,
    served: &D::Ring,
) -> Result<(), PartyError> {
    let error = |source| value_error(DEAL_TOPS, source);
    let width = prototypes.width();
    let (t, low) = top_and_low::<D>(prototypes).map_err(error)?;
    let t = D::embed(&t, width);
    let payload = || {
        let sign = flip_sign(&t);
        let pays = sign.gather(&layout.split.above)?.mul(served)?;
        D::Ring::concat(width, &[&sign, &pays])
    };
    let form = layout.form(width).map_err(error)?;
    compare.give(dealer, &form, &low, &payload().map_err(error)?).await?;
    let tr = t.gather(&layout.split.above).and_then(|t| t.mul(served)).map_err(error)?;
    dealer.share_ring(DEAL_TOPS, &t)?;
    dealer.share_ring(DEAL_TOP_PRODUCTS, &tr)
}

/// Deals masks to gates that have none yet, and shares of - a r_j; nothing if there are no gates. [DS-FSS-14]
fn deal_selected<D: BitWire, C: Channel<D::Payload>, K: Coins<D>>(
    dealer: &mut Dealer<D, C, K>,
    groups: &mut [&mut DealtGates<D>],
    served: &Ranges,
    r: &D::Ring,
) -> Result<(), PartyError> {
    if groups.is_empty() {
        return Ok(());
    }
    for gates in groups.iter_mut() {
        gates.deal_masks(dealer, r.width())?;
    }
    let ar = times_mask(groups, served, &r.scale(u64::MAX)).map_err(|e| value_error(DEAL_SELECTED, e))?;
    dealer.share_ring(DEAL_SELECTED, &ar)
}
