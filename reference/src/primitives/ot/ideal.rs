//! F_OT and F_COT: the trusted party chooses and multiplies. [DS-OT-1] [DS-OT-2]
//!
//! Parties in this hybrid world talk to each other as in the real one, and hand their OTs to the trusted party.

use super::{Batch, Choice, Delivered, Ots, Prepare, Transfer, Use};
use crate::party::channel::{receive_planes, receive_ring, send_planes, send_ring};
use crate::party::{Channel, Coins, PartyError, Role, SessionId, Step};
use crate::primitives::ideal::{Adversary, Functionality, Leakage, call, value_error};
use crate::primitives::ot::messages::indicators;
use crate::primitives::roles::Party;
use crate::transfer::gmw as transfer;
use crate::values::{
    BitDomain, BitPlane, Concrete, Plane, Ring, RingVector, ShapePlane, ShapeRing, Shapes, ValueError, Width,
};

pub(super) const CHOICE: Step = call("ideal/ot-choice", "DS-OT-1");
pub(super) const MESSAGES: Step = call("ideal/ot-messages", "DS-OT-1");
pub(super) const CHOSEN: Step = call("ideal/ot-chosen", "DS-OT-1");
pub(super) const COT_CHOICE: Step = call("ideal/cot-choice", "DS-OT-2");
pub(super) const COT_USE: Step = call("ideal/cot-use", "DS-OT-2");

/// A computing party that has F_OT and F_COT at hand.
pub struct HybridParty<C, K> {
    pub(crate) party: Party<Concrete, C>,
    pub(crate) coins: K,
    /// The session, which the hashes of garbled circuits name.
    pub(crate) session: SessionId,
    /// The garbler's Delta, once it is drawn. [DS-GC-1]
    pub(crate) delta: Option<Plane>,
    /// How many labels F_Labels has given.
    pub(crate) labels: u64,
}

/// What a party knows of COTs that were prepared together.
pub struct PartyCots {
    receiver: Role,
    /// Whether the functionality has the choice bits.
    settled: bool,
}

/// What the functionality keeps of COTs.
pub struct StoredCots {
    receiver: Role,
    count: usize,
    choice: Option<Plane>,
}

impl<C: Channel<Vec<u8>>, K: Coins<Concrete>> HybridParty<C, K> {
    /// A party on a channel, with coins.
    pub fn new(channel: C, coins: K, session: SessionId) -> HybridParty<C, K> {
        HybridParty { party: Party::new(channel), coins, session, delta: None, labels: 0 }
    }

    pub(crate) fn give(&mut self, step: Step, planes: &[&Plane]) -> Result<(), PartyError> {
        send_planes::<Concrete, C>(&mut self.party.channel, Role::Trusted, step, planes)
    }

    /// Hands in this role's side of a transfer.
    fn hand_in(&mut self, transfer: &Transfer<Plane>) -> Result<(), PartyError> {
        match transfer {
            Transfer::Choose { choice, .. } => self.give(CHOICE, &choice.iter().collect::<Vec<_>>()),
            Transfer::Offer(messages) => self.give(MESSAGES, &messages.iter().flatten().collect::<Vec<_>>()),
        }
    }

    fn prepare(&mut self, prepare: Prepare<Plane>) -> Result<PartyCots, PartyError> {
        let Prepare { receiver, count, choice } = prepare;
        let settled = matches!(choice, Choice::Now(_));
        if let (true, Choice::Now(bits)) = (receiver == self.role(), choice) {
            let missing = || self.party.value_error(COT_CHOICE, ValueError::Length { left: 0, right: count });
            let bits = bits.filter(|bits| bits.len() == count).ok_or_else(missing)?;
            self.give(COT_CHOICE, &[&bits])?;
        }
        Ok(PartyCots { receiver, settled })
    }
}

impl<C: Channel<Vec<u8>>, K: Coins<Concrete>> Ots for HybridParty<C, K> {
    type Domain = Concrete;
    type Cots = PartyCots;

    fn role(&self) -> Role {
        self.party.role()
    }

    fn draw(&mut self, len: usize) -> Result<Plane, PartyError> {
        self.coins.plane(len)
    }

    async fn batch(&mut self, batch: Batch<Plane>) -> Result<Delivered<Plane, PartyCots>, PartyError> {
        batch.transfers.iter().try_for_each(|transfer| self.hand_in(transfer))?;
        let cots = batch.cots.into_iter().map(|prepare| self.prepare(prepare)).collect::<Result<_, _>>()?;
        let mut messages = Vec::with_capacity(batch.transfers.len());
        for transfer in &batch.transfers {
            messages.push(match transfer {
                Transfer::Offer(_) => Vec::new(),
                Transfer::Choose { bits, .. } => self.party.dealt_planes(CHOSEN, *bits, transfer.lanes()).await?,
            });
        }
        Ok(Delivered { messages, cots })
    }

    async fn correlate(&mut self, uses: Vec<Use<'_, Self>>) -> Result<Vec<Ring>, PartyError> {
        let mut uses = uses;
        for one in &mut uses {
            for (cots, bits) in one.groups.iter_mut().zip(&one.bits).filter(|(cots, _)| !cots.settled) {
                cots.settled = true;
                if cots.receiver == self.party.role() {
                    self.give(COT_CHOICE, &[bits])?;
                }
            }
        }
        for one in &uses {
            if one.groups.iter().any(|cots| cots.receiver != self.party.role()) {
                send_ring::<Concrete, C>(&mut self.party.channel, Role::Trusted, COT_USE, one.x)?;
            }
        }
        let mut shares = Vec::with_capacity(uses.len());
        for one in &uses {
            shares.push(self.party.dealt_ring(COT_USE, one.x.width(), one.x.len()).await?);
        }
        Ok(shares)
    }

    async fn open(&mut self, step: Step, shares: &[Plane], len: usize) -> Result<Vec<Plane>, PartyError> {
        self.party.open_planes(step, shares, len).await
    }

    async fn input(&mut self, own: Option<&Ring>, width: Width, len: usize) -> Result<Ring, PartyError> {
        transfer::input(&mut self.party, &mut self.coins, own, width, len).await
    }

    async fn output(&mut self, x: &Ring) -> Result<Option<Ring>, PartyError> {
        transfer::output(&mut self.party, x).await
    }
}

impl<C: Channel<Vec<u8>>, A: Adversary> Functionality<C, A> {
    /// F_OT for one transfer: gives the client the message that it chose, in every lane.
    async fn transfer(&mut self, transfer: &Transfer<ShapePlane>) -> Result<Vec<ShapePlane>, PartyError> {
        let (digits, bits, lanes) = (transfer.choice_bits(), transfer.message_bits(), transfer.lanes());
        self.adversary.leak(Leakage::Transfer { choices: 1 << digits, bits, lanes });
        let choice = receive_planes::<Concrete, C>(&mut self.channel, Role::Client, CHOICE, digits, lanes).await?;
        let count = bits << digits;
        let all = receive_planes::<Concrete, C>(&mut self.channel, Role::Server, MESSAGES, count, lanes).await?;
        let chosen = choose(&choice, &all, bits, lanes).map_err(|source| value_error(CHOSEN, source))?;
        send_planes::<Concrete, C>(&mut self.channel, Role::Client, CHOSEN, &chosen.iter().collect::<Vec<_>>())?;
        Ok(vec![ShapePlane::constant(lanes, false); bits])
    }

    /// F_COT, Prepare.
    async fn prepare(&mut self, prepare: Prepare<ShapePlane>) -> Result<StoredCots, PartyError> {
        let Prepare { receiver, count, choice } = prepare;
        self.adversary.leak(Leakage::Prepare { receiver, count });
        let choice = match choice {
            Choice::Now(_) => Some(self.take_choice(receiver, count).await?),
            Choice::Later => None,
        };
        Ok(StoredCots { receiver, count, choice })
    }

    async fn take_choice(&mut self, receiver: Role, count: usize) -> Result<Plane, PartyError> {
        let planes = receive_planes::<Concrete, C>(&mut self.channel, receiver, COT_CHOICE, 1, count).await?;
        Ok(Plane::concat(&planes.iter().collect::<Vec<_>>()))
    }
}

/// The sum over all messages of the message in the lanes that chose it.
fn choose(choice: &[Plane], messages: &[Plane], bits: usize, lanes: usize) -> Result<Vec<Plane>, ValueError> {
    let mut chosen = vec![Plane::constant(lanes, false); bits];
    for (indicator, message) in indicators(choice)?.iter().zip(messages.chunks(bits.max(1))) {
        for (sum, plane) in chosen.iter_mut().zip(message) {
            *sum = sum.xor(&plane.and(indicator)?)?;
        }
    }
    Ok(chosen)
}

/// d_S(j) * 2^shift * x_j, for the stored bits of all groups.
fn product(groups: &[&mut StoredCots], one: &Use<'_, impl Ots>, x: &Ring) -> Result<Ring, ValueError> {
    let bits: Vec<&Plane> = groups.iter().filter_map(|cots| cots.choice.as_ref()).collect();
    let bits = Concrete::embed(&Plane::concat(&bits), x.width()).gather(one.served)?;
    bits.mul(&x.scale(1_u64.checked_shl(one.shift).unwrap_or(0)))
}

impl<C: Channel<Vec<u8>>, A: Adversary> Ots for Functionality<C, A> {
    type Domain = Shapes;
    type Cots = StoredCots;

    fn role(&self) -> Role {
        Role::Trusted
    }

    fn draw(&mut self, len: usize) -> Result<ShapePlane, PartyError> {
        Ok(ShapePlane::constant(len, false))
    }

    async fn batch(&mut self, batch: Batch<ShapePlane>) -> Result<Delivered<ShapePlane, StoredCots>, PartyError> {
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
        for one in &mut uses {
            for cots in one.groups.iter_mut().filter(|cots| cots.choice.is_none()) {
                cots.choice = Some(self.take_choice(cots.receiver, cots.count).await?);
            }
        }
        let mut shapes = Vec::with_capacity(uses.len());
        for one in &uses {
            let (width, elements) = (one.x.width(), one.x.len());
            let receiver = one.groups.first().map_or(Role::Client, |cots| cots.receiver);
            let x = receive_ring::<Concrete, C>(&mut self.channel, receiver.peer(), COT_USE, width, elements).await?;
            self.adversary.leak(Leakage::Correlate { receiver, elements });
            let product = product(&one.groups, one, &x).map_err(|source| value_error(COT_USE, source))?;
            self.give_ring(COT_USE, &product)?;
            shapes.push(*one.x);
        }
        Ok(shapes)
    }

    async fn open(&mut self, _step: Step, shares: &[ShapePlane], _len: usize) -> Result<Vec<ShapePlane>, PartyError> {
        Ok(shares.to_vec())
    }

    async fn input(&mut self, _own: Option<&ShapeRing>, width: Width, len: usize) -> Result<ShapeRing, PartyError> {
        Ok(ShapeRing::constant(width, len, 0))
    }

    async fn output(&mut self, _x: &ShapeRing) -> Result<Option<ShapeRing>, PartyError> {
        Ok(None)
    }
}
