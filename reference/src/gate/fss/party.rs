//! The parties' side of the gate of `fss`.

use super::{DEAL_MASKS, DEAL_SELECTED, DEAL_TOP_PRODUCTS, DEAL_TOPS, Layout, MASKED, Serving, bit_form, top_and_low};
use crate::backend::Activation;
use crate::gate::masked::{Gates, open_deltas, products, send_deltas};
use crate::party::{BitWire, Channel, PartyError};
use crate::plan::StepConvention;
use crate::primitives::dcf::Compare;
use crate::primitives::masked_bit::flip_sign;
use crate::primitives::roles::Party;
use crate::values::{BitPlane, Ranges, RingVector, ValueError, Width};

/// s = not msb(x^), and y = x^ mod 2^(k-1); under `positive` of x^ - 1, since the bit is that of x - 1. [DS-FSS-11]
fn compared<D: BitWire>(step: StepConvention, hidden: &D::Ring) -> Result<(D::Plane, Vec<D::Plane>), ValueError> {
    let minus_one = step == StepConvention::Positive;
    let (top, low) = top_and_low::<D>(&if minus_one { hidden.offset(u64::MAX) } else { hidden.clone() })?;
    Ok((top.not(), low))
}

/// Opens x^ = x + r, and the deltas of gates that serve for the first time: one round. [DS-FSS-10]
async fn reveal<D: BitWire, C: Channel<D::Payload>>(
    party: &mut Party<D, C>,
    earlier: &mut [&mut Gates<D>],
    x: &D::Ring,
    r: &D::Ring,
) -> Result<D::Ring, PartyError> {
    let own = x.add(r).map_err(|e| party.value_error(MASKED, e))?;
    let deltas = send_deltas(party, earlier)?;
    party.send_ring(MASKED, &own)?;
    open_deltas(party, earlier, deltas).await?;
    let other = party.receive_ring(MASKED, x.width(), x.len()).await?;
    own.add(&other).map_err(|e| party.value_error(MASKED, e))
}

/// What a party needs for bits alone: keys that pay 1, and shares of t. [DS-FSS-11]
struct BitKeys<D: BitWire, M: Compare<D>> {
    keys: M::Keys,
    top: D::Plane,
}

impl<D: BitWire, M: Compare<D>> BitKeys<D, M> {
    async fn take<C: Channel<D::Payload>>(
        party: &mut Party<D, C>,
        compare: &mut M,
        width: Width,
        gates: usize,
    ) -> Result<BitKeys<D, M>, PartyError> {
        let form = bit_form(width, gates).map_err(|e| party.value_error(MASKED, e))?;
        let keys = compare.take(party, form).await?;
        let top = party.dealt_planes(DEAL_TOPS, 1, gates).await?;
        Ok(BitKeys { keys, top: D::Plane::concat(&top.iter().collect::<Vec<_>>()) })
    }

    /// A share of d = s xor t xor [y < r']: the comparison's share in R_2 has it as its lowest bit. [DS-FSS-11]
    async fn evaluate<C: Channel<D::Payload>>(
        self,
        party: &mut Party<D, C>,
        compare: &mut M,
        step: StepConvention,
        hidden: &D::Ring,
    ) -> Result<D::Plane, PartyError> {
        let (s, low) = compared::<D>(step, hidden).map_err(|e| party.value_error(MASKED, e))?;
        let below = compare.evaluate(party, self.keys, &low).await?;
        let bit = || {
            let u = lowest_bit::<D>(&below)?.xor(&self.top)?;
            if party.is_server() { u.xor(&s) } else { Ok(u) }
        };
        bit().map_err(|e| party.value_error(MASKED, e))
    }
}

/// A share of a bit from an additive share of it in any ring: the lowest bit of a sum is the xor of the lowest bits.
fn lowest_bit<D: BitWire>(share: &D::Ring) -> Result<D::Plane, ValueError> {
    D::bits(share).into_iter().next().ok_or(ValueError::Length { left: 0, right: 1 })
}

/// Opens gates on x. One round. [DS-FSS-11]
///
/// # Errors
/// What the channel reports; likewise in [`activate`].
pub async fn open<D: BitWire, C: Channel<D::Payload>, M: Compare<D>>(
    party: &mut Party<D, C>,
    compare: &mut M,
    step: StepConvention,
    x: &D::Ring,
) -> Result<Gates<D>, PartyError> {
    let r = party.dealt_ring(DEAL_MASKS, x.width(), x.len()).await?;
    let keys = BitKeys::take(party, compare, x.width(), x.len()).await?;
    let hidden = reveal(party, &mut [], x, &r).await?;
    Ok(Gates::new(keys.evaluate(party, compare, step, &hidden).await?))
}

/// Opens gates on elements of x and serves elements by them and by earlier gates. [DS-FSS-12] [DS-FSS-13]
///
/// # Errors
/// What the channel reports; [`PartyError::Value`] if the layer's selections do not match.
pub async fn activate<D: BitWire, C: Channel<D::Payload>, M: Compare<D>>(
    party: &mut Party<D, C>,
    compare: &mut M,
    serving: Serving,
    layer: &Activation<'_>,
    x: &D::Ring,
    mut earlier: Vec<&mut Gates<D>>,
) -> Result<(Gates<D>, D::Ring), PartyError> {
    let gates = earlier.iter().map(|gates| gates.count()).fold(0, usize::saturating_add);
    let layout = Layout::new(layer, gates).map_err(|e| party.value_error(MASKED, e))?;
    let x = x.gather(&layout.cover).map_err(|e| party.value_error(MASKED, e))?;
    let r = party.dealt_ring(DEAL_MASKS, x.width(), x.len()).await?;
    match serving {
        Serving::Payload => by_payload(party, compare, layer.step, &layout, [&x, &r], &mut earlier).await,
        Serving::Select => by_select(party, compare, layer, &layout, [&x, &r], earlier).await,
    }
}

/// The payload form: one round. [DS-FSS-12]
async fn by_payload<D: BitWire, C: Channel<D::Payload>, M: Compare<D>>(
    party: &mut Party<D, C>,
    compare: &mut M,
    step: StepConvention,
    layout: &Layout,
    [x, r]: [&D::Ring; 2],
    earlier: &mut [&mut Gates<D>],
) -> Result<(Gates<D>, D::Ring), PartyError> {
    let (width, gates) = (x.width(), layout.prototypes.len());
    let form = layout.form(width).map_err(|e| party.value_error(MASKED, e))?;
    let keys = compare.take(party, form).await?;
    let t = party.dealt_ring(DEAL_TOPS, width, gates).await?;
    let tr = party.dealt_ring(DEAL_TOP_PRODUCTS, width, layout.split.above.len()).await?;
    let selected = take_selected(party, earlier, width, layout.split.below.len()).await?;

    let hidden = reveal(party, earlier, x, r).await?;
    let prototypes = hidden.gather(&layout.prototypes).and_then(|own| compared::<D>(step, &own));
    let (s, low) = prototypes.map_err(|e| party.value_error(MASKED, e))?;
    let paid = compare.evaluate(party, keys, &low).await?;

    let server = party.is_server();
    let serve = || {
        let all = gates + layout.split.above.len();
        let u = t.add(&paid.gather(&Ranges::new(all, [(0, gates)])?)?)?;
        let ur = tr.add(&paid.gather(&Ranges::new(all, [(gates, all - gates)])?)?)?;
        let [later_x, own_x] = layout.parts(x)?;
        let [later_hidden, own_hidden] = layout.parts(&hidden)?;
        let own = own_products::<D>(&s, &u, &ur, &layout.split.above, &own_x, &own_hidden)?;
        let later = match selected {
            Some(ar) => products(earlier, &layout.split.below, &later_x, &later_hidden, &ar)?,
            None => later_x, // there are no earlier gates, and so no such elements
        };
        let y = D::Ring::concat(width, &[&later, &own])?.gather(&layout.split.merge)?;
        let bit = lowest_bit::<D>(&u)?;
        Ok((Gates::new(if server { bit.xor(&s)? } else { bit }), y))
    };
    serve().map_err(|e| party.value_error(MASKED, e))
}

/// Shares of d x_j = s x_j + (1 - 2s)(u x^_j - u r_j), from shares of u of each gate and of u r_j. [DS-FSS-12]
fn own_products<D: BitWire>(
    s: &D::Plane,
    u: &D::Ring,
    ur: &D::Ring,
    served: &Ranges,
    x: &D::Ring,
    hidden: &D::Ring,
) -> Result<D::Ring, ValueError> {
    let s = D::embed(s, x.width()).gather(served)?;
    let ux = u.gather(served)?.mul(hidden)?.sub(ur)?;
    s.mul(x)?.add(&flip_sign(&s).mul(&ux)?)
}

/// The select form: x^ and the earlier deltas in one round, the new deltas in the next. [DS-FSS-13]
async fn by_select<D: BitWire, C: Channel<D::Payload>, M: Compare<D>>(
    party: &mut Party<D, C>,
    compare: &mut M,
    layer: &Activation<'_>,
    layout: &Layout,
    [x, r]: [&D::Ring; 2],
    mut groups: Vec<&mut Gates<D>>,
) -> Result<(Gates<D>, D::Ring), PartyError> {
    let (width, gates) = (x.width(), layout.prototypes.len());
    let keys = BitKeys::take(party, compare, width, gates).await?;
    for gates in &mut groups {
        gates.take_masks(party, width).await?;
    }
    let hidden = reveal(party, &mut groups, x, r).await?;
    let prototypes = hidden.gather(&layout.prototypes).map_err(|e| party.value_error(MASKED, e))?;
    let mut own = Gates::new(keys.evaluate(party, compare, layer.step, &prototypes).await?);
    groups.push(&mut own);
    let selected = take_selected(party, &mut groups, width, layout.gated.len()).await?;
    let deltas = send_deltas(party, &groups)?;
    open_deltas(party, &mut groups, deltas).await?;
    let serve = || {
        let ar = selected.ok_or(ValueError::Length { left: 0, right: 1 })?;
        products(&groups, layer.served, &x.gather(&layout.gated)?, &hidden.gather(&layout.gated)?, &ar)
    };
    let y = serve().map_err(|e| party.value_error(MASKED, e))?;
    Ok((own, y))
}

/// Takes the masks of gates that have none yet, and shares of - a r_j; nothing if there are no gates. [DS-FSS-14]
async fn take_selected<D: BitWire, C: Channel<D::Payload>>(
    party: &mut Party<D, C>,
    groups: &mut [&mut Gates<D>],
    width: Width,
    len: usize,
) -> Result<Option<D::Ring>, PartyError> {
    if groups.is_empty() {
        return Ok(None);
    }
    for gates in groups.iter_mut() {
        gates.take_masks(party, width).await?;
    }
    Ok(Some(party.dealt_ring(DEAL_SELECTED, width, len).await?))
}
