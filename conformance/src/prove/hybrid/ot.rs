//! F_OT and F_COT in any domain. [DS-OT-1] [DS-OT-2]

use super::{call, give_shares, hand_in, value_error};
use deepshare_reference::party::channel::{receive_planes, receive_ring, send_planes, send_ring};
use deepshare_reference::party::{BitWire, Channel, Coins, PartyError, Role, Step};
use deepshare_reference::primitives::ot::messages::indicators;
use deepshare_reference::primitives::ot::{Batch, Choice, Delivered, Ots, Prepare, Transfer, Use};
use deepshare_reference::primitives::roles::Party;
use deepshare_reference::transfer::gmw as transfer;
use deepshare_reference::values::{BitPlane, RingVector, ShapePlane, ShapeRing, Shapes, ValueError, Width};
use std::marker::PhantomData;

const CHOICE: Step = call("ideal/ot-choice", "DS-OT-1");
const MESSAGES: Step = call("ideal/ot-messages", "DS-OT-1");
const CHOSEN: Step = call("ideal/ot-chosen", "DS-OT-1");
const COT_CHOICE: Step = call("ideal/cot-choice", "DS-OT-2");
const COT_USE: Step = call("ideal/cot-use", "DS-OT-2");

/// A computing party that has F_OT and F_COT at hand.
pub struct HybridParty<D, C, K> {
    pub(super) party: Party<D, C>,
    coins: K,
}

/// What a party knows of COTs that were prepared together.
pub struct PartyCots {
    receiver: Role,
    /// Whether the functionality has the choice bits.
    settled: bool,
}

impl<D: BitWire, C: Channel<D::Payload>, K: Coins<D>> HybridParty<D, C, K> {
    /// A party on a channel, with coins.
    pub fn new(channel: C, coins: K) -> HybridParty<D, C, K> {
        HybridParty { party: Party::new(channel), coins }
    }

    fn give(&mut self, step: Step, planes: &[&D::Plane]) -> Result<(), PartyError> {
        hand_in::<D, C>(&mut self.party.channel, step, planes)
    }

    /// Hands in this role's side of a transfer.
    fn hand_in(&mut self, transfer: &Transfer<D::Plane>) -> Result<(), PartyError> {
        match transfer {
            Transfer::Choose { choice, .. } => self.give(CHOICE, &choice.iter().collect::<Vec<_>>()),
            Transfer::Offer(messages) => self.give(MESSAGES, &messages.iter().flatten().collect::<Vec<_>>()),
        }
    }

    fn prepare(&mut self, prepare: Prepare<D::Plane>) -> Result<PartyCots, PartyError> {
        let Prepare { receiver, count, choice } = prepare;
        let settled = matches!(choice, Choice::Now(_));
        if let (true, Choice::Now(bits)) = (receiver == self.party.role(), choice) {
            let missing = value_error(receiver, COT_CHOICE, ValueError::Length { left: 0, right: count });
            let bits = bits.filter(|bits| bits.len() == count).ok_or(missing)?;
            self.give(COT_CHOICE, &[&bits])?;
        }
        Ok(PartyCots { receiver, settled })
    }
}

impl<D: BitWire, C: Channel<D::Payload>, K: Coins<D>> Ots for HybridParty<D, C, K> {
    type Domain = D;
    type Cots = PartyCots;

    fn role(&self) -> Role {
        self.party.role()
    }

    fn draw(&mut self, len: usize) -> Result<D::Plane, PartyError> {
        self.coins.plane(len)
    }

    async fn batch(&mut self, batch: Batch<D::Plane>) -> Result<Delivered<D::Plane, PartyCots>, PartyError> {
        batch.transfers.iter().try_for_each(|transfer| self.hand_in(transfer))?;
        let cots = batch.cots.into_iter().map(|prepare| self.prepare(prepare)).collect::<Result<_, _>>()?;
        let mut messages = Vec::with_capacity(batch.transfers.len());
        for transfer in &batch.transfers {
            let channel = &mut self.party.channel;
            messages.push(match transfer {
                Transfer::Offer(_) => Vec::new(),
                Transfer::Choose { bits, .. } => {
                    receive_planes::<D, C>(channel, Role::Trusted, CHOSEN, *bits, transfer.lanes()).await?
                }
            });
        }
        Ok(Delivered { messages, cots })
    }

    async fn correlate(&mut self, uses: Vec<Use<'_, Self>>) -> Result<Vec<D::Ring>, PartyError> {
        let (role, mut uses) = (self.party.role(), uses);
        for one in &mut uses {
            for (cots, bits) in one.groups.iter_mut().zip(&one.bits).filter(|(cots, _)| !cots.settled) {
                cots.settled = true;
                if cots.receiver == role {
                    self.give(COT_CHOICE, &[bits])?;
                }
            }
        }
        let channel = &mut self.party.channel;
        for one in &uses {
            if one.groups.iter().any(|cots| cots.receiver != role) {
                send_ring::<D, C>(channel, Role::Trusted, COT_USE, one.x)?;
            }
        }
        let mut shares = Vec::with_capacity(uses.len());
        for one in &uses {
            let (width, len) = (one.x.width(), one.x.len());
            shares.push(receive_ring::<D, C>(channel, Role::Trusted, COT_USE, width, len).await?);
        }
        Ok(shares)
    }

    async fn open(&mut self, step: Step, shares: &[D::Plane], len: usize) -> Result<Vec<D::Plane>, PartyError> {
        let (role, channel) = (self.party.role(), &mut self.party.channel);
        send_planes::<D, C>(channel, role.peer(), step, &shares.iter().collect::<Vec<_>>())?;
        let others = receive_planes::<D, C>(channel, role.peer(), step, shares.len(), len).await?;
        let opened = shares.iter().zip(&others).map(|(own, other)| own.xor(other));
        opened.collect::<Result<_, _>>().map_err(|source| value_error(role, step, source))
    }

    async fn input(&mut self, own: Option<&D::Ring>, width: Width, len: usize) -> Result<D::Ring, PartyError> {
        transfer::input(&mut self.party, &mut self.coins, own, width, len).await
    }

    async fn output(&mut self, x: &D::Ring) -> Result<Option<D::Ring>, PartyError> {
        transfer::output(&mut self.party, x).await
    }
}

/// The functionality.
pub struct Functionality<D, C, K> {
    pub(super) channel: C,
    pub(super) coins: K,
    domain: PhantomData<D>,
}

/// What the functionality keeps of COTs.
pub struct StoredCots<P> {
    receiver: Role,
    count: usize,
    choice: Option<P>,
}

impl<D: BitWire, C: Channel<D::Payload>, K: Coins<D>> Functionality<D, C, K> {
    /// A functionality on a channel; coins choose the shares that it gives.
    pub fn new(channel: C, coins: K) -> Functionality<D, C, K> {
        Functionality { channel, coins, domain: PhantomData }
    }

    /// F_OT for one transfer: gives the client the message that it chose, in every lane.
    async fn transfer(&mut self, transfer: &Transfer<ShapePlane>) -> Result<Vec<ShapePlane>, PartyError> {
        let (digits, bits, lanes) = (transfer.choice_bits(), transfer.message_bits(), transfer.lanes());
        let channel = &mut self.channel;
        let choice = receive_planes::<D, C>(channel, Role::Client, CHOICE, digits, lanes).await?;
        let all = receive_planes::<D, C>(channel, Role::Server, MESSAGES, bits << digits, lanes).await?;
        let chosen = choose(&choice, &all, bits, lanes).map_err(|e| value_error(Role::Trusted, CHOSEN, e))?;
        send_planes::<D, C>(channel, Role::Client, CHOSEN, &chosen.iter().collect::<Vec<_>>())?;
        Ok(vec![ShapePlane::constant(lanes, false); bits])
    }

    async fn take_choice(&mut self, receiver: Role, count: usize) -> Result<D::Plane, PartyError> {
        let planes = receive_planes::<D, C>(&mut self.channel, receiver, COT_CHOICE, 1, count).await?;
        Ok(D::Plane::concat(&planes.iter().collect::<Vec<_>>()))
    }
}

/// The message of the lane's choice: the sum over all messages, each in the lanes that chose it.
fn choose<P: BitPlane>(choice: &[P], messages: &[P], bits: usize, lanes: usize) -> Result<Vec<P>, ValueError> {
    let mut chosen = vec![P::constant(lanes, false); bits];
    for (indicator, message) in indicators(choice)?.iter().zip(messages.chunks(bits.max(1))) {
        for (sum, plane) in chosen.iter_mut().zip(message) {
            *sum = sum.xor(&plane.and(indicator)?)?;
        }
    }
    Ok(chosen)
}

impl<D: BitWire, C: Channel<D::Payload>, K: Coins<D>> Ots for Functionality<D, C, K> {
    type Domain = Shapes;
    type Cots = StoredCots<D::Plane>;

    fn role(&self) -> Role {
        Role::Trusted
    }

    fn draw(&mut self, len: usize) -> Result<ShapePlane, PartyError> {
        Ok(ShapePlane::constant(len, false))
    }

    async fn batch(&mut self, batch: Batch<ShapePlane>) -> Result<Delivered<ShapePlane, Self::Cots>, PartyError> {
        let mut messages = Vec::with_capacity(batch.transfers.len());
        for transfer in &batch.transfers {
            messages.push(self.transfer(transfer).await?);
        }
        let mut cots = Vec::with_capacity(batch.cots.len());
        for Prepare { receiver, count, choice } in batch.cots {
            let choice = match choice {
                Choice::Now(_) => Some(self.take_choice(receiver, count).await?),
                Choice::Later => None,
            };
            cots.push(StoredCots { receiver, count, choice });
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
            let (width, len) = (one.x.width(), one.x.len());
            let receiver = one.groups.first().map_or(Role::Client, |cots| cots.receiver);
            let x = receive_ring::<D, C>(&mut self.channel, receiver.peer(), COT_USE, width, len).await?;
            let product = product::<D, Self>(one, &x).map_err(|e| value_error(Role::Trusted, COT_USE, e))?;
            give_shares::<D, C, K>(&mut self.channel, &mut self.coins, COT_USE, &product)?;
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

/// d_S(j) * 2^shift * x_j, for the stored bits of all groups.
fn product<D: BitWire, O: Ots<Cots = StoredCots<D::Plane>>>(
    one: &Use<'_, O>,
    x: &D::Ring,
) -> Result<D::Ring, ValueError> {
    let bits: Vec<&D::Plane> = one.groups.iter().filter_map(|cots| cots.choice.as_ref()).collect();
    let bits = D::embed(&D::Plane::concat(&bits), x.width()).gather(one.served)?;
    bits.mul(&x.scale(1_u64.checked_shl(one.shift).unwrap_or(0)))
}
