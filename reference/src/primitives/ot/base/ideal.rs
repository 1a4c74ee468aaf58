//! F_BaseOT: the trusted party draws all pairs of keys. [DS-OT-4]
//!
//! With it the real extension runs without group operations: that is how tests and fuzz targets reach its messages often.

use super::super::tweak::Purpose;
use super::{AllKeys, BaseKeys, secret};
use crate::party::channel::{receive_planes, send_planes};
use crate::party::{Channel, Coins, PartyError, Role, SessionId, Step};
use crate::primitives::ideal::{call, value_error};
use crate::primitives::ot::domain::{Chosen, seeds};
use crate::primitives::ot::extension::OtParty;
use crate::primitives::roles::Party;
use crate::values::{Concrete, Plane, ValueError};

const CHOOSE: Step = call("ideal/base-ot-choose", "DS-OT-4");
const KEYS: Step = call("ideal/base-ot-keys", "DS-OT-4");

/// Bits of a key.
const KEY_BITS: usize = 256;

/// A party's side: it hands in its secrets, and gets its keys.
///
/// # Errors
/// What the channel or the coins report.
pub async fn set_up<C: Channel<Vec<u8>>, K: Coins<Concrete>>(
    party: &mut Party<Concrete, C>,
    coins: &mut K,
    purposes: &[Purpose],
) -> Result<AllKeys<Concrete>, PartyError> {
    let mut all = AllKeys::new();
    for &purpose in purposes {
        all.insert(purpose, keys(party, coins, purpose).await?);
    }
    Ok(all)
}

async fn keys<C: Channel<Vec<u8>>, K: Coins<Concrete>>(
    party: &mut Party<Concrete, C>,
    coins: &mut K,
    purpose: Purpose,
) -> Result<BaseKeys<Concrete>, PartyError> {
    let count = purpose.code().positions();
    if party.role() == purpose.sender() {
        let secret = secret::<Concrete, K>(purpose, coins)?;
        send_planes::<Concrete, C>(&mut party.channel, Role::Trusted, CHOOSE, &[&secret])?;
        let keys = party.dealt_planes(KEYS, count, KEY_BITS).await?;
        return Ok(BaseKeys::Sender(Chosen { secret, keys: seeds(&keys) }));
    }
    let keys = seeds(&party.dealt_planes(KEYS, 2 * count, KEY_BITS).await?);
    let (zeros, ones) = keys.split_at(count);
    Ok(BaseKeys::Receiver(zeros.iter().zip(ones).map(|(zero, one)| [*zero, *one]).collect()))
}

/// A party of OT extension on base OTs from the functionality.
///
/// # Errors
/// As [`set_up`].
pub async fn party<C: Channel<Vec<u8>>, K: Coins<Concrete>>(
    channel: C,
    mut coins: K,
    session: SessionId,
    purposes: &[Purpose],
) -> Result<OtParty<Concrete, C, K>, PartyError> {
    let mut party = Party::new(channel);
    let keys = set_up(&mut party, &mut coins, purposes).await?;
    Ok(OtParty::new(party, coins, keys, session))
}

/// The trusted party's side.
///
/// # Errors
/// What the channel or the coins report.
pub async fn serve<C: Channel<Vec<u8>>, K: Coins<Concrete>>(
    channel: &mut C,
    coins: &mut K,
    purposes: &[Purpose],
) -> Result<(), PartyError> {
    for &purpose in purposes {
        let (count, sender) = (purpose.code().positions(), purpose.sender());
        let secret = receive_planes::<Concrete, C>(channel, sender, CHOOSE, 1, count).await?;
        let mut keys = Vec::with_capacity(2 * count);
        for _ in 0..2 * count {
            keys.push(coins.plane(KEY_BITS)?);
        }
        let chosen = choose(&keys, &secret).map_err(|source| value_error(KEYS, source))?;
        send_planes::<Concrete, C>(channel, sender, KEYS, &chosen)?;
        send_planes::<Concrete, C>(channel, sender.peer(), KEYS, &keys.iter().collect::<Vec<_>>())?;
    }
    Ok(())
}

/// Of each pair the key that the secret's bit names.
fn choose<'k>(keys: &'k [Plane], secret: &[Plane]) -> Result<Vec<&'k Plane>, ValueError> {
    let bits = secret.first().map(Plane::to_bits).unwrap_or_default();
    let (zeros, ones) = keys.split_at_checked(bits.len()).ok_or(ValueError::Length { left: keys.len(), right: 0 })?;
    Ok(bits.into_iter().zip(zeros.iter().zip(ones)).map(|(bit, (zero, one))| if bit { one } else { zero }).collect())
}
