//! Base OTs: F_BaseOT, from which all other OTs of a session are extended. [DS-OT-4]
//!
//! ```text
//! F_BaseOT   receiver: bits s_0 .. s_(n-1)   ->   sender: pairs of keys (k_i^0, k_i^1);  receiver: k_i^(s_i)
//! ```
//! [`ideal`] is the functionality, [`ristretto`] the real protocol's computation. A backend names its purposes of base
//! OTs ([`super::tweak::Purpose`]); all of them run at once, in two rounds, before anything else.

pub mod ideal;
pub mod ristretto;

use super::code::Code;
use super::domain::OtDomain;
use super::tweak::{Purpose, Tweak};
use crate::party::{Channel, Coins, PartyError, Phase, SessionId, Step};
use crate::primitives::roles::Party;
use crate::values::BitPlane;
use ristretto::{ELEMENT_BITS, SCALAR_BITS};
use std::collections::BTreeMap;

/// The sender's A, one for each purpose in which it sends base OTs. [DS-OT-5]
pub const OFFER: Step = Step::new(Phase::Session, "base-ot/offer", "DS-OT-5");
/// The receiver's B, one for each base OT. [DS-OT-5]
pub const ANSWER: Step = Step::new(Phase::Session, "base-ot/answer", "DS-OT-5");

/// Base keys of one purpose, with what else its extension needs.
pub enum BaseKeys<D: OtDomain> {
    /// The sender of extended OTs has its secret s and one key of each pair.
    Sender(D::Chosen),
    /// The receiver of extended OTs has both keys of each pair.
    Receiver(D::Pairs),
}

/// The base keys of all purposes of a session.
pub type AllKeys<D> = BTreeMap<Purpose, BaseKeys<D>>;

impl Purpose {
    /// The purposes of `ot`, in the order of their base OTs. [DS-OT-4]
    pub const OT: [Purpose; 3] = [Purpose::Messages, Purpose::ToClient, Purpose::ToServer];
    /// The purposes of `garbled`, in the order of their base OTs. [DS-GC-2]
    pub const GARBLED: [Purpose; 3] = [Purpose::Labels, Purpose::ToClient, Purpose::ToServer];

    /// The code of the purpose's extension; it takes one base OT for each position.
    pub fn code(self) -> Code {
        match self {
            Purpose::Messages => Code::WalshHadamard,
            Purpose::ToClient | Purpose::ToServer | Purpose::Labels => Code::Repetition,
        }
    }
}

/// Draws the secret s of a purpose: uniform bits. The lowest bit of Delta is 1, and not drawn. [DS-OT-4] [DS-GC-2]
///
/// # Errors
/// What the coins report.
pub(crate) fn secret<D: OtDomain, K: Coins<D>>(purpose: Purpose, coins: &mut K) -> Result<D::Plane, PartyError> {
    let count = purpose.code().positions();
    match purpose {
        Purpose::Labels => Ok(D::Plane::concat(&[&D::Plane::constant(1, true), &coins.plane(count - 1)?])),
        _ => coins.plane(count),
    }
}

/// Runs the base OTs of a session, once. The sender of an extension is the receiver of its base OTs. [DS-OT-4]
///
/// # Errors
/// What the channel or the coins report.
pub async fn set_up<D: OtDomain, C: Channel<D::Payload>, K: Coins<D>>(
    party: &mut Party<D, C>,
    coins: &mut K,
    session: SessionId,
    purposes: &[Purpose],
) -> Result<AllKeys<D>, PartyError> {
    let role = party.role();
    let offers = |purpose: &Purpose| purpose.sender() != role;
    let mut secrets = Vec::new();
    for purpose in purposes.iter().copied().filter(offers) {
        let offered = D::base_offer(&coins.plane(SCALAR_BITS)?);
        let (secret, a) = offered.map_err(|source| party.value_error(OFFER, source))?;
        party.send_planes(OFFER, &[a])?;
        secrets.push((purpose, secret));
    }
    let mut all = AllKeys::new();
    for purpose in purposes.iter().copied().filter(|purpose| !offers(purpose)) {
        let count = purpose.code().positions();
        let a = one(party, OFFER, ELEMENT_BITS).await?;
        let (bits, random) = (secret::<D, K>(purpose, coins)?, coins.plane(count * SCALAR_BITS)?);
        let answered = D::base_answer(&Tweak { purpose, session }, bits, &random, &a);
        let (keys, b) = answered.map_err(|error| party.malformed(OFFER, error))?;
        party.send_planes(ANSWER, &[b])?;
        all.insert(purpose, BaseKeys::Sender(keys));
    }
    for (purpose, secret) in secrets {
        let b = one(party, ANSWER, ELEMENT_BITS * purpose.code().positions()).await?;
        let pairs = D::base_finish(&Tweak { purpose, session }, secret, &b);
        all.insert(purpose, BaseKeys::Receiver(pairs.map_err(|error| party.malformed(ANSWER, error))?));
    }
    Ok(all)
}

/// The one plane of a frame.
async fn one<D: OtDomain, C: Channel<D::Payload>>(
    party: &mut Party<D, C>,
    step: Step,
    bits: usize,
) -> Result<D::Plane, PartyError> {
    let planes = party.receive_planes(step, 1, bits).await?;
    Ok(D::Plane::concat(&planes.iter().collect::<Vec<_>>()))
}
