//! The simulator of gates under a dealer's mask, for either corrupted party: how `gmw` serves elements, and `fss` those of
//! later layers. Perfect, in the dealer-hybrid model; no assumption.
//!
//! ```text
//! from the dealer   its shares of a (as a bit, as a ring element), b, a b: uniform. The server's are draws that enter
//!                   nothing else; the client's are the value minus such a draw, which the client does not see.
//! from the peer     its share of delta = d xor a: uniform, masked by its share of a, once for a gate
//!                   its share of eps = x - b: uniform, masked by its share of b, which serves this element alone
//! ```
//! Of a group the simulator keeps its size, and whether its masks are dealt and its deltas open: a later use sends
//! neither again. [DS-GMW-2] to [DS-GMW-5]

use super::masked::{DEAL_ELEMENTS, DEAL_MASKS, DELTA, EPSILON};
use crate::party::{Channel, Coins, PartyError, Step};
use crate::primitives::stage::{Handed, Played, Stage};
use crate::values::{Concrete, RingVector, ShapeRing, Width};

/// What a simulator keeps of gates that were opened together.
pub struct SimulatedGates {
    len: usize,
    /// Whether the party has its shares of the masks a.
    masked: bool,
    /// Whether delta is open.
    open: bool,
}

impl SimulatedGates {
    /// Gates that have no mask yet.
    pub fn new(len: usize) -> SimulatedGates {
        SimulatedGates { len, masked: false, open: false }
    }

    /// Gates that served before: masks dealt, deltas open.
    pub fn used(len: usize) -> SimulatedGates {
        SimulatedGates { len, masked: true, open: true }
    }

    /// How many gates.
    pub fn count(&self) -> usize {
        self.len
    }

    /// The party's shares of a, once: uniform. [DS-GMW-2]
    ///
    /// # Errors
    /// What the coins or the channel report; likewise in all other calls.
    pub fn masks<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed>(
        &mut self,
        stage: &mut Stage<C, K, A>,
        width: Width,
    ) -> Result<(), PartyError> {
        if !std::mem::replace(&mut self.masked, true) {
            stage.uniform_planes(Played::Trusted, DEAL_MASKS.bit, 1, self.len)?;
            stage.uniform_ring(Played::Trusted, DEAL_MASKS.ring, width, self.len)?;
        }
        Ok(())
    }
}

/// The openings of a round: the deltas of groups that serve for the first time, then `step`. The peer's shares are
/// uniform: its share of a masks d, and its share of b (in `fss` of r) masks x.
pub(crate) async fn opened<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed>(
    stage: &mut Stage<C, K, A>,
    groups: &mut [&mut SimulatedGates],
    step: Step,
    x: &ShapeRing,
) -> Result<(), PartyError> {
    send_deltas(stage, groups)?;
    stage.uniform_ring(Played::Peer, step, x.width(), x.len())?;
    hear_deltas(stage, groups).await?;
    stage.hear_ring(Played::Peer, step, x.width(), x.len()).await.map(drop)
}

pub(crate) fn send_deltas<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed>(
    stage: &mut Stage<C, K, A>,
    groups: &[&mut SimulatedGates],
) -> Result<(), PartyError> {
    let mut closed = groups.iter().filter(|gates| !gates.open);
    closed.try_for_each(|gates| stage.uniform_planes(Played::Peer, DELTA, 1, gates.len))
}

pub(crate) async fn hear_deltas<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed>(
    stage: &mut Stage<C, K, A>,
    groups: &mut [&mut SimulatedGates],
) -> Result<(), PartyError> {
    for gates in groups.iter_mut().filter(|gates| !gates.open) {
        stage.hear_planes(Played::Peer, DELTA, 1, gates.len).await?;
        gates.open = true;
    }
    Ok(())
}

/// Simulates the service of elements: fresh shares of b and of a b, and the opening of eps. [DS-GMW-4]
///
/// # Errors
/// What the coins or the channel report.
pub async fn apply<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed>(
    stage: &mut Stage<C, K, A>,
    groups: &mut [&mut SimulatedGates],
    x: &ShapeRing,
) -> Result<ShapeRing, PartyError> {
    for gates in groups.iter_mut() {
        gates.masks(stage, x.width())?;
    }
    stage.uniform_ring(Played::Trusted, DEAL_ELEMENTS, x.width(), x.len())?;
    stage.uniform_ring(Played::Trusted, DEAL_ELEMENTS, x.width(), x.len())?;
    opened(stage, groups, EPSILON, x).await?;
    Ok(*x)
}
