//! The real F_OT and F_COT: extended from the base OTs of the session. [DS-OT-12] [DS-OT-14]
//!
//! ```text
//! batch       client: the columns u of its choices       ->   server: N masked messages for every choice   ->
//!             and of the COTs that it receives                and the columns u of the COTs that it receives
//! correlate   receiver of COTs, at the first use:  f = d xor r, its choice xor the random bit it prepared
//!             sender:   tau_j = 2^shift x_j + pad_j^0 - pad_j^1
//!             shares of d_S(j) 2^shift x_j = f c + (1 - 2f) r c, c = 2^shift x_j:
//!             sender f c - (1 - 2f) pad_j^0;  receiver (1 - 2f)(pad_j^r + r tau_j)
//! ```

use super::base::{self, AllKeys, BaseKeys};
use super::code::Code;
use super::domain::OtDomain;
use super::matrix::Position;
use super::messages::{all_choices, mask, masked_bits, unmask};
use super::tweak::{Purpose, Tweak};
use super::{Batch, Choice, Delivered, Ots, Prepare, Transfer, Use};
use crate::party::channel::{receive_high, send_high};
use crate::party::{Channel, Coins, PartyError, Phase, Role, SessionId, Step};
use crate::primitives::masked_bit::flip_sign;
use crate::primitives::roles::Party;
use crate::transfer::gmw as transfer;
use crate::values::{BitPlane, LinearMap, RingVector, Terms, ValueError, Width};
use std::collections::BTreeMap;

/// The client's columns for its choices. [DS-OT-12]
pub const CHOOSE: Step = Step::new(Phase::Online, "ot/choose", "DS-OT-12");
/// The server's masked messages. [DS-OT-12]
pub const OFFER: Step = Step::new(Phase::Online, "ot/offer", "DS-OT-12");
/// A receiver's columns for COTs. [DS-OT-13]
pub const PREPARE: Step = Step::new(Phase::Online, "cot/prepare", "DS-OT-13");
/// A receiver's choices, masked by the random bits that it prepared. [DS-OT-14]
pub const FLIPS: Step = Step::new(Phase::Online, "cot/flips", "DS-OT-14");
/// A sender's corrections tau. [DS-OT-14]
pub const CORRECTIONS: Step = Step::new(Phase::Online, "cot/corrections", "DS-OT-14");

/// One of the two computing parties, after the session's base OTs.
pub struct OtParty<D: OtDomain, C, K> {
    /// The party's end of the channel.
    pub party: Party<D, C>,
    coins: K,
    /// One for each purpose for which there are base OTs.
    extensions: BTreeMap<Purpose, Extension<D>>,
}

/// The base keys of one purpose, and how far they are used.
pub(crate) struct Extension<D: OtDomain> {
    keys: BaseKeys<D>,
    code: Code,
    at: Position,
}

/// COTs that were prepared together, as one party has them.
pub struct Cots<D: OtDomain> {
    receiver: Role,
    keys: D::Keys,
    /// The bits r on which they were prepared; the sender does not know them.
    prepared: Option<D::Plane>,
    /// f = d xor r, once both know it. [DS-OT-14]
    flips: Option<D::Plane>,
}

impl<D: OtDomain> Extension<D> {
    fn new(keys: BaseKeys<D>, purpose: Purpose, session: SessionId) -> Extension<D> {
        let at = Position { tweak: Tweak { purpose, session }, batch: 0, first: 0 };
        Extension { keys, code: purpose.code(), at }
    }

    /// The next batch's position; no two batches share any of its numbers. [DS-OT-3]
    fn next(&mut self, len: usize) -> Position {
        let at = self.at;
        self.at.batch += 1;
        self.at.first = self.at.first.saturating_add(len as u64);
        at
    }

    /// The receiver's columns and rows.
    pub(crate) fn receive(&mut self, choice: &[D::Plane]) -> Result<(Vec<D::Plane>, D::Rows), ValueError> {
        let at = self.next(choice.first().map_or(0, BitPlane::len));
        match &self.keys {
            BaseKeys::Receiver(pairs) => D::receive(&at, self.code, pairs, choice),
            BaseKeys::Sender(_) => Err(WRONG_SIDE),
        }
    }

    /// The sender's rows.
    pub(crate) fn send(&mut self, columns: &[D::Plane]) -> Result<D::Rows, ValueError> {
        let at = self.next(columns.first().map_or(0, BitPlane::len));
        match &self.keys {
            BaseKeys::Sender(chosen) => D::send(&at, self.code, chosen, columns),
            BaseKeys::Receiver(_) => Err(WRONG_SIDE),
        }
    }
}

/// The roles of extensions are fixed by their purposes, which makes this unreachable.
const WRONG_SIDE: ValueError = ValueError::Length { left: 0, right: 1 };

impl<D: OtDomain, C: Channel<D::Payload>, K: Coins<D>> OtParty<D, C, K> {
    /// Runs the base OTs of a session, once, for the purposes of a backend. [DS-OT-4]
    ///
    /// # Errors
    /// What the channel or the coins report.
    pub async fn set_up(
        channel: C,
        mut coins: K,
        session: SessionId,
        purposes: &[Purpose],
    ) -> Result<OtParty<D, C, K>, PartyError> {
        let mut party = Party::new(channel);
        let keys = base::set_up(&mut party, &mut coins, session, purposes).await?;
        Ok(OtParty::new(party, coins, keys, session))
    }

    /// A party that has base keys from elsewhere: from F_BaseOT, in tests.
    pub fn new(party: Party<D, C>, coins: K, keys: AllKeys<D>, session: SessionId) -> OtParty<D, C, K> {
        let extension = |(purpose, keys)| (purpose, Extension::new(keys, purpose, session));
        OtParty { party, coins, extensions: keys.into_iter().map(extension).collect() }
    }

    /// The extension of a purpose.
    pub(crate) fn extension(&mut self, purpose: Purpose) -> Result<&mut Extension<D>, PartyError> {
        let role = self.party.role();
        let missing = || PartyError::Misuse { role, what: format!("there are no base OTs for {purpose:?}") };
        self.extensions.get_mut(&purpose).ok_or_else(missing)
    }

    /// 1-of-N OTs: the client asks.
    async fn choose(&mut self, transfers: &[Transfer<D::Plane>]) -> Result<D::Rows, PartyError> {
        let lanes = transfers.iter().map(Transfer::lanes).fold(0, usize::saturating_add);
        if self.party.is_server() {
            let columns = self.party.receive_planes(CHOOSE, Code::WalshHadamard.positions(), lanes).await?;
            let rows = self.extension(Purpose::Messages)?.send(&columns);
            return rows.map_err(|e| self.party.value_error(CHOOSE, e));
        }
        let choices = all_choices(transfers);
        let received = self.extension(Purpose::Messages)?.receive(&choices);
        let (columns, rows) = received.map_err(|e| self.party.value_error(CHOOSE, e))?;
        self.party.send_planes(CHOOSE, &columns)?;
        Ok(rows)
    }

    /// 1-of-N OTs: the server answers. [DS-OT-12]
    async fn offer(
        &mut self,
        transfers: Vec<Transfer<D::Plane>>,
        rows: &D::Rows,
    ) -> Result<Vec<Vec<D::Plane>>, PartyError> {
        if self.party.is_server() {
            let masked = mask::<D>(&transfers, rows).map_err(|e| self.party.value_error(OFFER, e))?;
            self.party.send_planes(OFFER, &masked)?;
            return Ok(vec![Vec::new(); transfers.len()]);
        }
        let masked = self.party.receive_planes(OFFER, 1, masked_bits(&transfers)).await?;
        let masked = D::Plane::concat(&masked.iter().collect::<Vec<_>>());
        unmask::<D>(transfers, rows, &masked).map_err(|e| self.party.value_error(OFFER, e))
    }

    /// COTs: the receiver's columns. [DS-OT-13]
    async fn prepare(&mut self, prepare: Prepare<D::Plane>) -> Result<Cots<D>, PartyError> {
        let Prepare { receiver, count, choice } = prepare;
        let now = matches!(choice, Choice::Now(_));
        let flips = now.then(|| D::Plane::constant(count, false));
        let purpose = if receiver == Role::Client { Purpose::ToClient } else { Purpose::ToServer };
        let role = self.party.role();
        let error = |source| PartyError::Value { role, step: PREPARE.label, source };
        if receiver != role {
            let columns = self.party.receive_planes(PREPARE, Code::Repetition.positions(), count).await?;
            let rows = self.extension(purpose)?.send(&columns).map_err(error)?;
            return Ok(Cots { receiver, keys: D::keys(&rows, true), prepared: None, flips });
        }
        let bits = match choice {
            Choice::Now(Some(bits)) if bits.len() == count => bits,
            Choice::Now(bits) => {
                return Err(error(ValueError::Length { left: bits.map_or(0, |bits| bits.len()), right: count }));
            }
            Choice::Later => self.coins.plane(count)?,
        };
        let (columns, rows) = self.extension(purpose)?.receive(std::slice::from_ref(&bits)).map_err(error)?;
        self.party.send_planes(PREPARE, &columns)?;
        Ok(Cots { receiver, keys: D::keys(&rows, false), prepared: Some(bits), flips })
    }

    /// Sends f = d xor r of the groups that are used for the first time and whose random bits this party has: it receives
    /// these COTs.
    fn send_flips(&mut self, uses: &mut [Use<'_, Self>]) -> Result<(), PartyError> {
        for (cots, bits) in unsettled(uses) {
            if let Some(prepared) = &cots.prepared {
                let flips = bits.xor(prepared).map_err(|e| self.party.value_error(FLIPS, e))?;
                self.party.send_planes(FLIPS, std::slice::from_ref(&flips))?;
                cots.flips = Some(flips);
            }
        }
        Ok(())
    }

    /// Takes f of the others, after [`Self::send_flips`].
    async fn take_flips(&mut self, uses: &mut [Use<'_, Self>]) -> Result<(), PartyError> {
        for (cots, bits) in unsettled(uses) {
            let flips = self.party.receive_planes(FLIPS, 1, bits.len()).await?;
            cots.flips = flips.into_iter().next();
        }
        Ok(())
    }

    /// The sender's corrections: sends tau, and keeps c and the pads of bit 0.
    fn correct(&mut self, one: &Use<'_, Self>) -> Result<(D::Ring, D::Ring), PartyError> {
        let error = |source| PartyError::Value { role: self.party.role(), step: CORRECTIONS.label, source };
        let pads = |bit| D::pads(&keys(one), bit, one.served, one.x.width(), one.shift);
        let c = one.x.scale(1_u64.checked_shl(one.shift).unwrap_or(0));
        let (pad0, pad1) = (pads(0).map_err(error)?, pads(1).map_err(error)?);
        let tau = c.add(&pad0).and_then(|sum| sum.sub(&pad1)).map_err(error)?;
        let peer = self.party.role().peer();
        send_high::<D, C>(&mut self.party.channel, peer, CORRECTIONS, &tau, one.shift)?;
        Ok((c, pad0))
    }

    /// The receiver's part: takes tau; a share of r * c.
    async fn corrected(&mut self, one: &Use<'_, Self>) -> Result<D::Ring, PartyError> {
        let (width, len, peer) = (one.x.width(), one.x.len(), self.party.role().peer());
        let tau = receive_high::<D, C>(&mut self.party.channel, peer, CORRECTIONS, width, len, one.shift).await?;
        let share = || {
            let pad = D::pads(&keys(one), 0, one.served, width, one.shift)?;
            let prepared = gathered::<D>(one, |cots| cots.prepared.as_ref())?;
            pad.add(&prepared.mul(&tau)?)
        };
        share().map_err(|e| self.party.value_error(CORRECTIONS, e))
    }
}

/// The keys of all groups of a use.
fn keys<'u, D: OtDomain, C: Channel<D::Payload>, K: Coins<D>>(one: &'u Use<'_, OtParty<D, C, K>>) -> Vec<&'u D::Keys> {
    one.groups.iter().map(|cots| &cots.keys).collect()
}

/// The groups of which not both parties know f, with the choice bits that they are used with.
fn unsettled<'a, D: OtDomain>(
    uses: &'a mut [Use<'_, impl Ots<Domain = D, Cots = Cots<D>>>],
) -> impl Iterator<Item = (&'a mut Cots<D>, &'a D::Plane)> {
    let groups = uses.iter_mut().flat_map(|one| one.groups.iter_mut().zip(&one.bits));
    groups.map(|(cots, bits)| (&mut **cots, *bits)).filter(|(cots, _)| cots.flips.is_none())
}

/// A bit of each COT, as ring elements in the order of the elements that they serve.
fn gathered<D: OtDomain>(
    one: &Use<'_, impl Ots<Domain = D, Cots = Cots<D>>>,
    bit: impl Fn(&Cots<D>) -> Option<&D::Plane>,
) -> Result<D::Ring, ValueError> {
    let bits: Vec<&D::Plane> = one.groups.iter().filter_map(|cots| bit(cots)).collect();
    D::embed(&D::Plane::concat(&bits), one.x.width()).gather(one.served)
}

impl<D: OtDomain, C: Channel<D::Payload>, K: Coins<D>> Ots for OtParty<D, C, K> {
    type Domain = D;
    type Cots = Cots<D>;

    fn role(&self) -> Role {
        self.party.role()
    }

    fn draw(&mut self, len: usize) -> Result<D::Plane, PartyError> {
        self.coins.plane(len)
    }

    async fn batch(&mut self, batch: Batch<D::Plane>) -> Result<Delivered<D::Plane, Cots<D>>, PartyError> {
        let rows = match batch.transfers.is_empty() {
            true => None,
            false => Some(self.choose(&batch.transfers).await?),
        };
        let mut cots = Vec::new();
        let (client, server): (Vec<_>, Vec<_>) =
            batch.cots.into_iter().enumerate().partition(|(_, prepare)| prepare.receiver == Role::Client);
        for (index, prepare) in client {
            cots.push((index, self.prepare(prepare).await?));
        }
        let messages = match rows {
            Some(rows) => self.offer(batch.transfers, &rows).await?,
            None => Vec::new(),
        };
        for (index, prepare) in server {
            cots.push((index, self.prepare(prepare).await?));
        }
        cots.sort_by_key(|(index, _)| *index);
        Ok(Delivered { messages, cots: cots.into_iter().map(|(_, cots)| cots).collect() })
    }

    async fn correlate(&mut self, mut uses: Vec<Use<'_, Self>>) -> Result<Vec<D::Ring>, PartyError> {
        self.send_flips(&mut uses)?;
        let mut sent = Vec::new();
        for one in &uses {
            let sends = one.groups.iter().any(|cots| cots.receiver != self.party.role());
            sent.push(if sends { Some(self.correct(one)?) } else { None });
        }
        self.take_flips(&mut uses).await?;
        let mut shares = Vec::new();
        for (one, sent) in uses.iter_mut().zip(sent) {
            let flips = gathered::<D>(one, |cots| cots.flips.as_ref());
            let share = match sent {
                // f c - (1 - 2f) pad0
                Some((c, pad0)) => flips.and_then(|f| f.mul(&c)?.sub(&flip_sign(&f).mul(&pad0)?)),
                // (1 - 2f)(pad + r tau)
                None => {
                    let share = self.corrected(one).await?;
                    flips.and_then(|f| flip_sign(&f).mul(&share))
                }
            };
            shares.push(share.map_err(|e| self.party.value_error(CORRECTIONS, e))?);
            one.groups.iter_mut().for_each(|cots| D::used(&mut cots.keys));
        }
        Ok(shares)
    }

    async fn open(&mut self, step: Step, shares: &[D::Plane], len: usize) -> Result<Vec<D::Plane>, PartyError> {
        self.party.open_planes(step, shares, len).await
    }

    async fn input(&mut self, own: Option<&D::Ring>, width: Width, len: usize) -> Result<D::Ring, PartyError> {
        transfer::input(&mut self.party, &mut self.coins, own, width, len).await
    }

    async fn output(&mut self, x: &D::Ring) -> Result<Option<D::Ring>, PartyError> {
        transfer::output(&mut self.party, x).await
    }

    fn terms(&self, map: &LinearMap, batch: usize) -> Result<Terms, ValueError> {
        D::terms(map, batch)
    }
}
