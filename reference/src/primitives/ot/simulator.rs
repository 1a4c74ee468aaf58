//! The simulator of everything that is written over [`Ots`], for either corrupted party, over F_OT and F_COT. Perfect: it
//! lives in the (F_OT, F_COT)-hybrid model and needs no assumption. [DS-OT-1] [DS-OT-2]
//!
//! The protocols' own programs run over this interface on shapes; so each call of theirs is simulated as it comes, and
//! what is kept between calls are lengths. What the corrupted party gets:
//!
//! ```text
//!              server corrupted                          client corrupted
//! F_OT         nothing                                   uniform: each message is xor-ed with the server's draws
//! F_COT        the share that the adversary chooses      the same
//! and/opened   uniform: the client's share of a, b or    uniform: the server's share of a, b or b' masks it
//!              b' masks it, a choice that F_OT keeps
//! input        uniform: x0 is the client's draw          (it sends)
//! output       (it sends)                                F_Output's value minus its share
//! ```

use super::ideal::{CHOICE, CHOSEN, COT_CHOICE, COT_USE, MESSAGES};
use super::{Batch, Choice, Delivered, Ots, Prepare, Transfer, Use};
use crate::party::{Channel, Coins, PartyError, Role, Step};
use crate::primitives::ideal::Leakage;
use crate::primitives::stage::{Handed, Played, Stage};
use crate::transfer::gmw::{INPUT, OUTPUT};
use crate::values::{BitPlane, Concrete, RingVector, ShapePlane, ShapeRing, Shapes, Width};

/// A simulator over F_OT and F_COT.
pub struct HybridSimulator<C, K, A> {
    pub(crate) stage: Stage<C, K, A>,
    /// Whether the garbler's Delta was handed in. [DS-GC-1]
    pub(crate) has_delta: bool,
}

/// What the simulator keeps of COTs: who receives, how many, and whether F_COT has the choice bits.
pub struct SimulatedCots {
    receiver: Role,
    count: usize,
    settled: bool,
}

impl<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed> HybridSimulator<C, K, A> {
    /// A simulator on a stage.
    pub fn new(stage: Stage<C, K, A>) -> HybridSimulator<C, K, A> {
        HybridSimulator { stage, has_delta: false }
    }

    /// F_OT. A corrupted server hands in its messages and gets nothing; a corrupted client hands in its choice and gets
    /// a uniform message, because each is xor-ed with draws of the server's that enter nothing else.
    async fn transfer(&mut self, transfer: &Transfer<ShapePlane>) -> Result<Vec<ShapePlane>, PartyError> {
        let (digits, bits, lanes) = (transfer.choice_bits(), transfer.message_bits(), transfer.lanes());
        self.stage.handed.leak(Leakage::Transfer { choices: 1 << digits, bits, lanes });
        if self.stage.corrupted() == Role::Server {
            self.stage.hear_planes(Played::Trusted, MESSAGES, bits << digits, lanes).await?;
        } else {
            self.stage.hear_planes(Played::Trusted, CHOICE, digits, lanes).await?;
            self.stage.uniform_planes(Played::Trusted, CHOSEN, bits, lanes)?;
        }
        Ok(vec![ShapePlane::constant(lanes, false); bits])
    }

    /// F_COT, Prepare. A corrupted receiver that chooses now hands in its choice.
    async fn prepare(&mut self, prepare: Prepare<ShapePlane>) -> Result<SimulatedCots, PartyError> {
        let Prepare { receiver, count, choice } = prepare;
        self.stage.handed.leak(Leakage::Prepare { receiver, count });
        let mut cots = SimulatedCots { receiver, count, settled: false };
        if let Choice::Now(_) = choice {
            self.settle(&mut cots).await?;
        }
        Ok(cots)
    }

    /// Takes the choice bits of COTs that have none yet, if the corrupted party chooses them.
    async fn settle(&mut self, cots: &mut SimulatedCots) -> Result<(), PartyError> {
        if cots.receiver == self.stage.corrupted() && !cots.settled {
            self.stage.hear_planes(Played::Trusted, COT_CHOICE, 1, cots.count).await?;
        }
        cots.settled = true;
        Ok(())
    }
}

impl<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed> Ots for HybridSimulator<C, K, A> {
    type Domain = Shapes;
    type Cots = SimulatedCots;

    /// The program is followed on shapes, as the trusted party follows it.
    fn role(&self) -> Role {
        Role::Trusted
    }

    fn draw(&mut self, len: usize) -> Result<ShapePlane, PartyError> {
        Ok(ShapePlane::constant(len, false))
    }

    async fn batch(&mut self, batch: Batch<ShapePlane>) -> Result<Delivered<ShapePlane, SimulatedCots>, PartyError> {
        let mut messages = Vec::with_capacity(batch.transfers.len());
        for transfer in &batch.transfers {
            messages.push(self.transfer(transfer).await?);
        }
        let mut cots = Vec::with_capacity(batch.cots.len());
        for prepare in batch.cots {
            cots.push(self.prepare(prepare).await?);
        }
        Ok(Delivered { messages, cots })
    }

    async fn correlate(&mut self, mut uses: Vec<Use<'_, Self>>) -> Result<Vec<ShapeRing>, PartyError> {
        for cots in uses.iter_mut().flat_map(|one| &mut one.groups) {
            self.settle(cots).await?;
        }
        let mut shapes = Vec::with_capacity(uses.len());
        for one in &uses {
            let (width, elements) = (one.x.width(), one.x.len());
            let receiver = one.groups.first().map_or(Role::Client, |cots| cots.receiver);
            if receiver != self.stage.corrupted() {
                self.stage.hear_ring(Played::Trusted, COT_USE, width, elements).await?;
            }
            self.stage.handed.leak(Leakage::Correlate { receiver, elements });
            self.stage.chosen_ring(COT_USE, width, elements)?;
            shapes.push(*one.x);
        }
        Ok(shapes)
    }

    /// The peer's shares are uniform: each is masked by a bit of one triple that the corrupted party does not have.
    async fn open(&mut self, step: Step, shares: &[ShapePlane], len: usize) -> Result<Vec<ShapePlane>, PartyError> {
        self.stage.uniform_planes(Played::Peer, step, shares.len(), len)?;
        self.stage.hear_planes(Played::Peer, step, shares.len(), len).await?;
        Ok(shares.to_vec())
    }

    async fn input(&mut self, _own: Option<&ShapeRing>, width: Width, len: usize) -> Result<ShapeRing, PartyError> {
        self.stage.input(INPUT, width, len).await?;
        Ok(ShapeRing::constant(width, len, 0))
    }

    async fn output(&mut self, x: &ShapeRing) -> Result<Option<ShapeRing>, PartyError> {
        self.stage.output(OUTPUT, x.width(), x.len()).await?;
        Ok(None)
    }
}
