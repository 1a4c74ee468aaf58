//! Gates whose bit is opened under a dealer's mask: how `gmw` serves elements, and `fss` those of later layers.
//!
//! ```text
//! once per gate:     the dealer gives a random bit a; delta = d xor a is opened
//! for each element:  the dealer gives b and a*b; eps = x - b is opened;
//!                    d*x = delta*x + (1 - 2 delta)(a*eps + a*b)
//! ```
//! The bit is never converted to an arithmetic share. A later layer needs a fresh (b, a*b) for the same a, and opens
//! eps only. The gate keeps delta, so d is opened under one mask, once: a second opening would cost 2 bits and say
//! nothing new. What must never happen is that one mask a serves two gates, or one b two elements: the differences of
//! their openings would be differences of secrets. [DS-GMW-2] to [DS-GMW-5]

use crate::party::{BitWire, Channel, Coins, PartyError, Phase, Step};
use crate::primitives::masked_bit::{BitMask, MaskSteps, flip_sign};
use crate::primitives::roles::{Dealer, Party, value_error};
use crate::values::{BitPlane, Ranges, RingVector, ShapeRing, ValueError, Width};

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

/// A party's gates that were opened together.
pub struct Gates<D: BitWire> {
    /// Share of the bits d.
    bit: D::Plane,
    /// Shares of the dealer's bits a, once they are there.
    mask: Option<BitMask<D>>,
    /// delta = d xor a, once it is open.
    delta: Option<D::Plane>,
}

/// The dealer's view of gates: how many, and the bits a, as ring elements, once they are dealt.
pub struct DealtGates<D: BitWire> {
    len: usize,
    mask: Option<D::Ring>,
}

impl<D: BitWire> Gates<D> {
    /// Gates with this share of their bits, which are not masked yet.
    pub fn new(bit: D::Plane) -> Gates<D> {
        Gates { bit, mask: None, delta: None }
    }

    /// Gates that served before: with a share of their masks, and delta open. What a later use starts from.
    pub fn used(bit: D::Plane, mask: BitMask<D>, delta: D::Plane) -> Gates<D> {
        Gates { bit, mask: Some(mask), delta: Some(delta) }
    }

    /// This party's share of the bits d, for tests and proofs of what an opening gives.
    pub fn bit(&self) -> &D::Plane {
        &self.bit
    }

    /// How many gates.
    pub fn count(&self) -> usize {
        self.bit.len()
    }

    /// Takes the dealer's bits a, unless they are there. [DS-GMW-2]
    ///
    /// # Errors
    /// What the channel reports.
    pub async fn take_masks<C: Channel<D::Payload>>(
        &mut self,
        party: &mut Party<D, C>,
        width: Width,
    ) -> Result<(), PartyError> {
        if self.mask.is_none() {
            self.mask = Some(BitMask::receive(party, DEAL_MASKS, width, self.bit.len()).await?);
        }
        Ok(())
    }
}

impl<D: BitWire> DealtGates<D> {
    /// Gates that have no mask yet.
    pub fn new(len: usize) -> DealtGates<D> {
        DealtGates { len, mask: None }
    }

    /// Gates that served before, with these bits a as ring elements.
    pub fn used(mask: D::Ring) -> DealtGates<D> {
        DealtGates { len: mask.len(), mask: Some(mask) }
    }

    /// How many gates.
    pub fn count(&self) -> usize {
        self.len
    }

    /// Deals the bits a, unless they are dealt. [DS-GMW-2]
    ///
    /// # Errors
    /// What the channel or the coins report.
    pub fn deal_masks<C: Channel<D::Payload>, K: Coins<D>>(
        &mut self,
        dealer: &mut Dealer<D, C, K>,
        width: Width,
    ) -> Result<(), PartyError> {
        if self.mask.is_none() {
            self.mask = Some(BitMask::deal(dealer, DEAL_MASKS, width, self.len)?);
        }
        Ok(())
    }
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
    for gates in groups.iter_mut() {
        gates.take_masks(party, width).await?;
    }
    let b = party.dealt_ring(DEAL_ELEMENTS, width, len).await?;
    let ab = party.dealt_ring(DEAL_ELEMENTS, width, len).await?;
    let masked = x.sub(&b).map_err(|e| party.value_error(EPSILON, e))?;
    let deltas = send_deltas(party, groups)?;
    party.send_ring(EPSILON, &masked)?;
    open_deltas(party, groups, deltas).await?;
    let other = party.receive_ring(EPSILON, width, len).await?;
    let epsilon = masked.add(&other);
    epsilon.and_then(|epsilon| products(groups, served, x, &epsilon, &ab)).map_err(|e| party.value_error(EPSILON, e))
}

/// Shares of d_S(j) * x_j, for open deltas and eps. [DS-GMW-4]
///
/// # Errors
/// [`ValueError`] if lengths do not match.
pub(crate) fn products<D: BitWire>(
    groups: &[&mut Gates<D>],
    served: &Ranges,
    x: &D::Ring,
    epsilon: &D::Ring,
    ab: &D::Ring,
) -> Result<D::Ring, ValueError> {
    let deltas: Vec<&D::Plane> = groups.iter().filter_map(|gates| gates.delta.as_ref()).collect();
    let delta = D::embed(&D::Plane::concat(&deltas), x.width()).gather(served)?;
    let masks: Vec<&D::Ring> = groups.iter().filter_map(|gates| Some(&gates.mask.as_ref()?.ring)).collect();
    let a = D::Ring::concat(x.width(), &masks)?.gather(served)?;
    let ax = a.mul(epsilon)?.add(ab)?;
    delta.mul(x)?.add(&flip_sign(&delta).mul(&ax)?)
}

/// Sends the shares of delta = d xor a of all groups that serve for the first time; gives them. [DS-GMW-3]
pub(crate) fn send_deltas<D: BitWire, C: Channel<D::Payload>>(
    party: &mut Party<D, C>,
    groups: &[&mut Gates<D>],
) -> Result<Vec<D::Plane>, PartyError> {
    let unopened = groups.iter().filter(|gates| gates.delta.is_none());
    let shares = unopened.filter_map(|gates| Some(gates.mask.as_ref()?.mask(&gates.bit)));
    let shares: Result<Vec<D::Plane>, ValueError> = shares.collect();
    let shares = shares.map_err(|e| party.value_error(DELTA, e))?;
    for share in &shares {
        party.send_planes(DELTA, std::slice::from_ref(share))?;
    }
    Ok(shares)
}

/// Takes the peer's shares of the deltas and keeps the sums.
pub(crate) async fn open_deltas<D: BitWire, C: Channel<D::Payload>>(
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

/// The dealer's side of [`apply`]: a fresh b for every element, and a*b with the a of its gate. [DS-GMW-4]
///
/// # Errors
/// What the channel or the coins report.
pub fn deal_apply<D: BitWire, C: Channel<D::Payload>, K: Coins<D>>(
    dealer: &mut Dealer<D, C, K>,
    groups: &mut [&mut DealtGates<D>],
    served: &Ranges,
    x: &ShapeRing,
) -> Result<ShapeRing, PartyError> {
    for gates in groups.iter_mut() {
        gates.deal_masks(dealer, x.width())?;
    }
    let b = dealer.coins.ring(x.width(), x.len())?;
    let ab = times_mask(groups, served, &b).map_err(|e| value_error(DEAL_ELEMENTS, e))?;
    dealer.share_ring(DEAL_ELEMENTS, &b)?;
    dealer.share_ring(DEAL_ELEMENTS, &ab)?;
    Ok(*x)
}

/// a*b for every element, with the a of its gate. [DS-GMW-4]
///
/// # Errors
/// [`ValueError`] if lengths do not match.
pub(crate) fn times_mask<D: BitWire>(
    groups: &[&mut DealtGates<D>],
    served: &Ranges,
    b: &D::Ring,
) -> Result<D::Ring, ValueError> {
    let masks: Vec<&D::Ring> = groups.iter().filter_map(|gates| gates.mask.as_ref()).collect();
    D::Ring::concat(b.width(), &masks)?.gather(served)?.mul(b)
}
