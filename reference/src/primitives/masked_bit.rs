//! A shared bit under a dealer's mask, backend `gmw`: what opens it, and what turns it into a ring element.
//!
//! The dealer shares a random bit a twice: as a bit and as a ring element. A shared bit d is opened as
//! delta = d xor a; then d = delta + (1 - 2 delta) a in the ring, which is linear in the ring shares of a.

use super::roles::{Dealer, Party, share_plane};
use crate::party::{BitWire, Channel, Coins, PartyError, Step};
use crate::values::{BitPlane, RingVector, ValueError, Width};

/// A party's shares of a dealer's random bits: as bits and as ring elements. [DS-BIT-1]
pub struct BitMask<D: BitWire> {
    /// Share of the bits.
    pub bit: D::Plane,
    /// Share of the bits as ring elements.
    pub ring: D::Ring,
}

/// The two steps in which a dealer's bits arrive.
#[derive(Clone, Copy)]
pub struct MaskSteps {
    /// The shares as bits.
    pub bit: Step,
    /// The shares as ring elements.
    pub ring: Step,
}

impl<D: BitWire> BitMask<D> {
    /// Takes `len` dealer's bits.
    ///
    /// # Errors
    /// What the channel reports.
    pub async fn receive<C: Channel<D::Payload>>(
        party: &mut Party<D, C>,
        steps: MaskSteps,
        width: Width,
        len: usize,
    ) -> Result<BitMask<D>, PartyError> {
        let bit = D::Plane::concat(&party.dealt_planes(steps.bit, 1, len).await?.iter().collect::<Vec<_>>());
        let ring = party.dealt_ring(steps.ring, width, len).await?;
        Ok(BitMask { bit, ring })
    }

    /// Deals `len` random bits; gives them as ring elements.
    ///
    /// # Errors
    /// What the channel or the coins report.
    pub fn deal<C: Channel<D::Payload>, K: Coins<D>>(
        dealer: &mut Dealer<D, C, K>,
        steps: MaskSteps,
        width: Width,
        len: usize,
    ) -> Result<D::Ring, PartyError> {
        let bit = dealer.coins.plane(len)?;
        let [server, client] = share_plane::<D, K>(&mut dealer.coins, &bit)?;
        dealer.deal_planes(steps.bit, &[server], &[client])?;
        let ring = D::embed(&bit, width);
        dealer.share_ring(steps.ring, &ring)?;
        Ok(ring)
    }

    /// A share of delta = d xor a.
    ///
    /// # Errors
    /// [`ValueError::Length`] if there are not as many bits as masks.
    pub fn mask(&self, bit: &D::Plane) -> Result<D::Plane, ValueError> {
        bit.xor(&self.bit)
    }

    /// A share of d as a ring element: delta + (1 - 2 delta) a, the public delta added by the server. [DS-BIT-2]
    ///
    /// # Errors
    /// [`ValueError::Length`] if there are not as many bits as masks.
    pub fn to_ring(&self, delta: &D::Plane, server: bool) -> Result<D::Ring, ValueError> {
        let delta = D::embed(delta, self.ring.width());
        let share = flip_sign(&delta).mul(&self.ring)?;
        if server { share.add(&delta) } else { Ok(share) }
    }
}

/// 1 - 2 delta for public bits delta: 1 where delta is 0, -1 where it is 1.
pub fn flip_sign<R: RingVector>(delta: &R) -> R {
    delta.scale(2).scale(u64::MAX).offset(1)
}
