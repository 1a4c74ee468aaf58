//! The real gate, backend `gmw`.
//!
//! ```text
//! open    carry into the top bit of x0 + x1 by the tree of `primitives::carry` over the low k-1 bits;
//!         d = not (msb(x0) xor msb(x1) xor carry), a shared bit; the dealer gives a random bit a for the gate
//! apply   once per gate:     delta = d xor a is opened
//!         for each element:  the dealer gives b and a*b; eps = x - b is opened;
//!                            d*x = delta*x + (1 - 2 delta)(a*eps + a*b)
//! ```
//! The bit is never converted to an arithmetic share. A later layer needs a fresh (b, a*b) for the same a, and opens
//! eps only. The gate keeps delta, so d is opened under one mask, once: a second opening would cost 2 bits and say
//! nothing new. What must never happen is that one mask a serves two gates, or one b two elements: the differences of
//! their openings would be differences of secrets. [DS-GMW-1] to [DS-GMW-5]

use crate::party::{BitWire, Channel, Coins, PartyError, Phase, Step};
use crate::plan::StepConvention;
use crate::primitives::carry::carry;
use crate::primitives::masked_bit::{BitMask, MaskSteps, flip_sign};
use crate::primitives::roles::{Dealer, Party, value_error};
use crate::values::{BitPlane, Ranges, RingVector, ShapePlane, ShapeRing, ValueError};

/// The dealer's bit a of each gate. [DS-GMW-2]
pub const DEAL_MASKS: MaskSteps = MaskSteps {
    bit: Step::new(Phase::Offline, "gate/deal-mask-bit", "DS-GMW-2"),
    ring: Step::new(Phase::Offline, "gate/deal-mask-ring", "DS-GMW-2"),
};
/// The opening of delta = d xor a, once per gate. [DS-GMW-3]
pub const DELTA: Step = Step::new(Phase::Online, "apply/delta", "DS-GMW-3");
/// The dealer's b and a*b of each element. [DS-GMW-4]
pub const DEAL_ELEMENTS: Step = Step::new(Phase::Offline, "apply/deal-elements", "DS-GMW-4");
/// The opening of eps = x - b of each element. [DS-GMW-4]
pub const EPSILON: Step = Step::new(Phase::Online, "apply/epsilon", "DS-GMW-4");
const OPEN: Step = Step::new(Phase::Online, "gate/open", "DS-GMW-1");

/// A party's gates that were opened together.
pub struct Gates<D: BitWire> {
    /// Share of the bits d.
    bit: D::Plane,
    /// Shares of the dealer's bits a.
    mask: BitMask<D>,
    /// delta = d xor a, once it is open.
    delta: Option<D::Plane>,
}

/// The dealer's view of gates: the bits a, as ring elements.
pub struct DealtGates<D: BitWire> {
    mask: D::Ring,
}

/// Opens gates on x: [DS-GMW-1]. ceil(log2(k-1)) + 1 rounds.
///
/// # Errors
/// What the channel reports; likewise in [`apply`].
pub async fn open<D: BitWire, C: Channel<D::Payload>>(
    party: &mut Party<D, C>,
    step: StepConvention,
    x: &D::Ring,
) -> Result<Gates<D>, PartyError> {
    // Under `positive` the bit is that of x - 1; the server subtracts the public 1 from its share.
    let minus_one = step == StepConvention::Positive && party.is_server();
    let mut low = D::bits(&if minus_one { x.offset(u64::MAX) } else { x.clone() });
    let top = low.pop().ok_or_else(|| party.value_error(OPEN, ValueError::Length { left: 0, right: 1 }))?;
    let carry = carry(party, low).await?;
    let sum_top = top.xor(&carry).map_err(|e| party.value_error(OPEN, e))?;
    let bit = if party.is_server() { sum_top.not() } else { sum_top };
    let mask = BitMask::receive(party, DEAL_MASKS, x.width(), x.len()).await?;
    Ok(Gates { bit, mask, delta: None })
}

/// Serves elements: y_j = d_S(j) * x_j, where S selects from the gates of all groups, one after the other. One round.
///
/// Gates that serve for the first time open their delta in the same round. [DS-GMW-3] [DS-GMW-4] [DS-GMW-5]
///
/// # Errors
/// What the channel reports.
pub async fn apply<D: BitWire, C: Channel<D::Payload>>(
    party: &mut Party<D, C>,
    groups: &mut [&mut Gates<D>],
    served: &Ranges,
    x: &D::Ring,
) -> Result<D::Ring, PartyError> {
    let (width, len) = (x.width(), x.len());
    let b = party.dealt_ring(DEAL_ELEMENTS, width, len).await?;
    let ab = party.dealt_ring(DEAL_ELEMENTS, width, len).await?;
    let masked = x.sub(&b).map_err(|e| party.value_error(EPSILON, e))?;
    let deltas = delta_shares(groups).map_err(|e| party.value_error(DELTA, e))?;
    for share in &deltas {
        party.send_planes(DELTA, std::slice::from_ref(share))?;
    }
    party.send_ring(EPSILON, &masked)?;
    open_deltas(party, groups, deltas).await?;
    let other = party.receive_ring(EPSILON, width, len).await?;
    let product = || {
        let epsilon = masked.add(&other)?;
        let deltas: Vec<&D::Plane> = groups.iter().filter_map(|gates| gates.delta.as_ref()).collect();
        let delta = D::embed(&D::Plane::concat(&deltas), width).gather(served)?;
        let masks: Vec<&D::Ring> = groups.iter().map(|gates| &gates.mask.ring).collect();
        let a = D::Ring::concat(width, &masks)?.gather(served)?;
        select::<D>(&delta, &a, x, &epsilon, &ab)
    };
    product().map_err(|e| party.value_error(EPSILON, e))
}

/// A share of d*x = delta*x + (1 - 2 delta)(a*eps + a*b), for open delta and eps. [DS-GMW-4]
fn select<D: BitWire>(
    delta: &D::Ring,
    a: &D::Ring,
    x: &D::Ring,
    epsilon: &D::Ring,
    ab: &D::Ring,
) -> Result<D::Ring, ValueError> {
    let ax = a.mul(epsilon)?.add(ab)?;
    delta.mul(x)?.add(&flip_sign(delta).mul(&ax)?)
}

/// The shares of delta = d xor a of all groups that serve for the first time. [DS-GMW-3]
fn delta_shares<D: BitWire>(groups: &[&mut Gates<D>]) -> Result<Vec<D::Plane>, ValueError> {
    let unopened = groups.iter().filter(|gates| gates.delta.is_none());
    unopened.map(|gates| gates.mask.mask(&gates.bit)).collect()
}

/// Takes the peer's shares of the deltas and keeps the sums.
async fn open_deltas<D: BitWire, C: Channel<D::Payload>>(
    party: &mut Party<D, C>,
    groups: &mut [&mut Gates<D>],
    own: Vec<D::Plane>,
) -> Result<(), PartyError> {
    let unopened = groups.iter_mut().filter(|gates| gates.delta.is_none());
    for (gates, own) in unopened.zip(own) {
        for other in party.receive_planes(DELTA, 1, own.len()).await? {
            gates.delta = Some(own.xor(&other).map_err(|e| party.value_error(DELTA, e))?);
        }
    }
    Ok(())
}

/// The dealer's side of [`open`].
///
/// # Errors
/// What the channel or the coins report; likewise in [`deal_apply`].
pub async fn deal_open<D: BitWire, C: Channel<D::Payload>, K: Coins<D>>(
    dealer: &mut Dealer<D, C, K>,
    x: &ShapeRing,
) -> Result<DealtGates<D>, PartyError> {
    let low = vec![ShapePlane::constant(x.len(), false); x.width().bits() as usize - 1];
    carry(dealer, low).await?;
    let mask = BitMask::deal(dealer, DEAL_MASKS, x.width(), x.len())?;
    Ok(DealtGates { mask })
}

/// The dealer's side of [`apply`]: a fresh b for every element, and a*b with the a of its gate. [DS-GMW-4]
///
/// # Errors
/// What the channel or the coins report.
pub fn deal_apply<D: BitWire, C: Channel<D::Payload>, K: Coins<D>>(
    dealer: &mut Dealer<D, C, K>,
    groups: &[&DealtGates<D>],
    served: &Ranges,
    x: &ShapeRing,
) -> Result<ShapeRing, PartyError> {
    let b = dealer.coins.ring(x.width(), x.len())?;
    let masks: Vec<&D::Ring> = groups.iter().map(|gates| &gates.mask).collect();
    let a = D::Ring::concat(x.width(), &masks).and_then(|all| all.gather(served));
    let ab = a.and_then(|a| a.mul(&b)).map_err(|e| value_error(DEAL_ELEMENTS, e))?;
    dealer.share_ring(DEAL_ELEMENTS, &b)?;
    dealer.share_ring(DEAL_ELEMENTS, &ab)?;
    Ok(*x)
}
