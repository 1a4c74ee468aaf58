//! The simulator of the real messages under [`Ots`], for either corrupted party: base OTs, OT extension, COTs. It plays
//! the honest peer, and there is no functionality; security is computational.
//!
//! ```text
//!                   server corrupted               client corrupted               assumption
//! base-ot/offer     a G for a random a             the same                       none; the other keys: CDH, RO
//! base-ot/answer    b_i G for random b_i           the same                       none: the bit is hidden perfectly
//! ot/choose         uniform columns                (it sends)                     PRF: it lacks one key of each pair
//! ot/offer          (it sends)                     uniform messages               CR; the chosen one is uniform itself
//! cot/prepare       uniform columns                the same                       PRF
//! cot/flips         uniform                        the same                       none: r is uniform, hidden in columns
//! cot/corrections   uniform multiples of 2^f       the same                       CR, then PRF: it lacks a key's pad
//! and/opened, input, output                        as over F_OT and F_COT         none
//! ```
//! CR is correlation robustness of the hash of rows, PRF pseudorandomness of what is stretched from a key. The message
//! that a corrupted client chose at F_OT is its pad xor what F_OT gives it. Over F_OT that is uniform (the simulator
//! [`super::simulator`]), and so is the xor. [DS-OT-5] [DS-OT-11] [DS-OT-12] [DS-OT-13] [DS-OT-14]

use super::base::ristretto::{self, ELEMENT_BITS, Element};
use super::base::{ANSWER, OFFER as BASE_OFFER};
use super::code::Code;
use super::domain::{chunks, elements};
use super::extension::{CHOOSE, CORRECTIONS, FLIPS, OFFER, PREPARE};
use super::messages::masked_bits;
use super::tweak::Purpose;
use super::{Batch, Choice, Delivered, Ots, Prepare, Transfer, Use};
use crate::party::channel::send_planes;
use crate::party::{Channel, Coins, PartyError, Role, Step};
use crate::primitives::ideal::value_error;
use crate::primitives::ot::base::ristretto::SCALAR_BITS;
use crate::primitives::stage::{Handed, Played, Stage};
use crate::transfer::gmw::{INPUT, OUTPUT};
use crate::values::{
    BitPlane, Concrete, LinearMap, RingVector, ShapePlane, ShapeRing, Shapes, Terms, ValueError, Width,
};

/// A simulator of the honest peer's real messages.
pub struct PeerSimulator<C, K, A> {
    pub(crate) stage: Stage<C, K, A>,
}

/// What the simulator keeps of COTs: who receives, how many, and whether both know the flips.
pub struct SimulatedCots {
    receiver: Role,
    count: usize,
    settled: bool,
}

impl<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed> PeerSimulator<C, K, A> {
    /// Simulates the base OTs of a session, then stands ready for its calls. [DS-OT-5]
    ///
    /// # Errors
    /// What the coins or the channel report.
    pub async fn set_up(stage: Stage<C, K, A>, purposes: &[Purpose]) -> Result<PeerSimulator<C, K, A>, PartyError> {
        let mut simulator = PeerSimulator { stage };
        let corrupted = simulator.stage.corrupted();
        let answers = |purpose: &&Purpose| purpose.sender() != corrupted; // the honest sender receives base OTs
        for _ in purposes.iter().filter(|purpose| !answers(purpose)) {
            let a = simulator.group_elements(1)?;
            simulator.send_elements(BASE_OFFER, &a)?;
        }
        for purpose in purposes.iter().filter(answers) {
            simulator.stage.hear_planes(Played::Peer, BASE_OFFER, 1, ELEMENT_BITS).await?;
            let b = simulator.group_elements(purpose.code().positions())?;
            simulator.send_elements(ANSWER, &b)?;
        }
        for purpose in purposes.iter().filter(|purpose| !answers(purpose)) {
            simulator.stage.hear_planes(Played::Peer, ANSWER, 1, ELEMENT_BITS * purpose.code().positions()).await?;
        }
        Ok(simulator)
    }

    /// Random multiples of the generator: uniform elements of the group, whatever the honest party's bits are.
    fn group_elements(&mut self, count: usize) -> Result<Vec<Element>, PartyError> {
        let random = self.stage.coins.plane(count * SCALAR_BITS)?;
        Ok(chunks(&random).iter().map(|bytes| ristretto::offer(bytes).1).collect())
    }

    fn send_elements(&mut self, step: Step, sent: &[Element]) -> Result<(), PartyError> {
        let plane = elements(sent).map_err(|source| value_error(step, source))?;
        let to = self.stage.corrupted();
        send_planes::<Concrete, C>(&mut self.stage.peer, to, step, &[&plane])
    }

    /// The columns of COTs: uniform from an honest receiver; heard from a corrupted one. [DS-OT-13]
    async fn prepare(&mut self, prepare: &Prepare<ShapePlane>) -> Result<SimulatedCots, PartyError> {
        let (receiver, count) = (prepare.receiver, prepare.count);
        let columns = Code::Repetition.positions();
        if receiver == self.stage.corrupted() {
            self.stage.hear_planes(Played::Peer, PREPARE, columns, count).await?;
        } else {
            self.stage.uniform_planes(Played::Peer, PREPARE, columns, count)?;
        }
        Ok(SimulatedCots { receiver, count, settled: matches!(prepare.choice, Choice::Now(_)) })
    }

    /// The flips of groups that are used for the first time and that the honest peer receives: uniform, since each is
    /// masked by the r on which its COT was prepared. [DS-OT-14]
    fn send_flips(&mut self, uses: &mut [Use<'_, Self>]) -> Result<(), PartyError> {
        let corrupted = self.stage.corrupted();
        for cots in uses.iter_mut().flat_map(|one| &mut one.groups) {
            if cots.receiver != corrupted && !cots.settled {
                self.stage.uniform_planes(Played::Peer, FLIPS, 1, cots.count)?;
                cots.settled = true;
            }
        }
        Ok(())
    }

    /// The corrupted receiver's flips, likewise.
    async fn hear_flips(&mut self, uses: &mut [Use<'_, Self>]) -> Result<(), PartyError> {
        for cots in uses.iter_mut().flat_map(|one| &mut one.groups).filter(|cots| !cots.settled) {
            self.stage.hear_planes(Played::Peer, FLIPS, 1, cots.count).await?;
            cots.settled = true;
        }
        Ok(())
    }
}

impl<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed> Ots for PeerSimulator<C, K, A> {
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
        let Batch { transfers, cots } = batch;
        let client = self.stage.corrupted() == Role::Client;
        let lanes = transfers.iter().map(Transfer::lanes).fold(0, usize::saturating_add);
        let columns = Code::WalshHadamard.positions();
        match (transfers.is_empty(), client) {
            (true, _) => {}
            (false, true) => drop(self.stage.hear_planes(Played::Peer, CHOOSE, columns, lanes).await?),
            (false, false) => self.stage.uniform_planes(Played::Peer, CHOOSE, columns, lanes)?,
        }
        let mut prepared = Vec::new();
        for (index, one) in cots.iter().enumerate().filter(|(_, one)| one.receiver == Role::Client) {
            prepared.push((index, self.prepare(one).await?));
        }
        match (transfers.is_empty(), client) {
            (true, _) => {}
            (false, true) => self.stage.uniform_planes(Played::Peer, OFFER, 1, masked_bits(&transfers))?,
            (false, false) => {
                self.stage.hear_planes(Played::Peer, OFFER, 1, masked_bits(&transfers)).await?;
            }
        }
        for (index, one) in cots.iter().enumerate().filter(|(_, one)| one.receiver != Role::Client) {
            prepared.push((index, self.prepare(one).await?));
        }
        prepared.sort_by_key(|(index, _)| *index);
        let messages = transfers.iter().map(|t| vec![ShapePlane::constant(t.lanes(), false); t.message_bits()]);
        Ok(Delivered { messages: messages.collect(), cots: prepared.into_iter().map(|(_, cots)| cots).collect() })
    }

    async fn correlate(&mut self, mut uses: Vec<Use<'_, Self>>) -> Result<Vec<ShapeRing>, PartyError> {
        let corrupted = self.stage.corrupted();
        let peer_sends = |one: &Use<'_, Self>| one.groups.iter().any(|cots| cots.receiver == corrupted);
        let corrupted_sends = |one: &Use<'_, Self>| one.groups.iter().any(|cots| cots.receiver != corrupted);
        self.send_flips(&mut uses)?;
        for one in uses.iter().filter(|one| peer_sends(one)) {
            self.stage.uniform_high(CORRECTIONS, one.x.width(), one.x.len(), one.shift)?;
        }
        self.hear_flips(&mut uses).await?;
        for one in uses.iter().filter(|one| corrupted_sends(one)) {
            self.stage.hear_high(CORRECTIONS, one.x.width(), one.x.len(), one.shift).await?;
        }
        Ok(uses.iter().map(|one| *one.x).collect())
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

    fn terms(&self, map: &LinearMap, batch: usize) -> Result<Terms, ValueError> {
        Terms::counted(map, batch)
    }
}
