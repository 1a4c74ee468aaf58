//! The simulators of garbling, for either corrupted party: over F_Labels and F_COT, and on real messages.
//!
//! ```text
//!                    server corrupted                       client corrupted
//! F_Labels           the share that the adversary chooses   the same
//! garbling/choose    uniform columns: PRF                   (it sends)
//! garbling/tables    (it sends)                             uniform: circular correlation robustness (CCR)
//! garbling/labels    (it sends)                             uniform: the labels are drawn as they are sent
//! ```
//! Over F_Labels and F_COT nothing is assumed against a corrupted server; against a corrupted client CCR, for tables
//! alone. The colours and permute bits that its program comes to are the corrupted party's shares; the simulator computes
//! nothing from them. [DS-GC-1] [DS-GC-3] [DS-GC-7]

use super::ideal::{BITS, DELTA, LABELS};
use super::{Garbling, LABEL_BITS, extension::CHOOSE};
use crate::party::{Channel, Coins, PartyError, Role, Step};
use crate::primitives::ideal::Leakage;
use crate::primitives::ot::real_simulator::PeerSimulator;
use crate::primitives::ot::simulator::HybridSimulator;
use crate::primitives::stage::{Handed, Played, Stage};
use crate::values::{BitPlane, Concrete, ShapePlane};

/// How many labels planes of bits take.
fn count(bits: &[ShapePlane]) -> usize {
    ShapePlane::concat(&bits.iter().collect::<Vec<_>>()).len()
}

/// The garbler's tables or labels: heard from a corrupted server, uniform to a corrupted client.
async fn sent<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed>(
    stage: &mut Stage<C, K, A>,
    step: Step,
    bits: usize,
) -> Result<ShapePlane, PartyError> {
    match stage.corrupted() {
        Role::Server => drop(stage.hear_planes(Played::Peer, step, 1, bits).await?),
        _ => stage.uniform_planes(Played::Peer, step, 1, bits)?,
    }
    Ok(ShapePlane::constant(bits, false))
}

impl<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed> Garbling for HybridSimulator<C, K, A> {
    /// F_Labels: a corrupted server hands in Delta once, a corrupted client its bits; either gets the shares that the
    /// adversary chooses.
    async fn labels(&mut self, bits: &[ShapePlane]) -> Result<usize, PartyError> {
        let count = count(bits);
        self.stage.handed.leak(Leakage::Labels { count });
        if self.stage.corrupted() == Role::Client {
            self.stage.hear_planes(Played::Trusted, BITS, 1, count).await?;
        } else if !std::mem::replace(&mut self.has_delta, true) {
            self.stage.hear_planes(Played::Trusted, DELTA, 1, LABEL_BITS).await?;
        }
        self.stage.chosen_planes(LABELS, LABEL_BITS, count)?;
        Ok(count)
    }

    fn hand_over(&mut self, _step: Step, _own: ShapePlane) -> Result<(), PartyError> {
        Ok(()) // never called: programs on shapes take over
    }

    async fn take_over(&mut self, step: Step, bits: usize) -> Result<ShapePlane, PartyError> {
        sent(&mut self.stage, step, bits).await
    }
}

impl<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed> Garbling for PeerSimulator<C, K, A> {
    /// The columns of the client's bits: to a corrupted server uniform, since it lacks one base key of each pair (PRF).
    async fn labels(&mut self, bits: &[ShapePlane]) -> Result<usize, PartyError> {
        let count = count(bits);
        match self.stage.corrupted() {
            Role::Server => self.stage.uniform_planes(Played::Peer, CHOOSE, LABEL_BITS, count)?,
            _ => drop(self.stage.hear_planes(Played::Peer, CHOOSE, LABEL_BITS, count).await?),
        }
        Ok(count)
    }

    fn hand_over(&mut self, _step: Step, _own: ShapePlane) -> Result<(), PartyError> {
        Ok(()) // never called: programs on shapes take over
    }

    async fn take_over(&mut self, step: Step, bits: usize) -> Result<ShapePlane, PartyError> {
        sent(&mut self.stage, step, bits).await
    }
}
