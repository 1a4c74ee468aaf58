//! The carry of x0 + x1 by blocks of four positions: the millionaires' protocol of CrypTFlow2 (Rathee et al., CCS 2020).
//!
//! ```text
//! block     the server has a, the client b, of m <= 4 bits: one 1-of-2^m OT gives shares of
//!           g = [a + b >= 2^m] and p = [a + b = 2^m - 1]; the lowest block has no p
//! tree      g and p of the blocks combine as in `carry`, with triples from the same batch of OTs
//! ```
//! The carry of an addition is a comparison: x0 + x1 >= 2^L is 2^L - 1 - x1 < x0, the question of two millionaires of
//! whom one has x0 and the other the complement of x1. [DS-OT-20] [DS-OT-23]

use super::and::ot::{Demand, Multiplier, request};
use super::and::{Pair, Products};
use super::carry::{carries_of, carry_of};
use super::ot::messages::indicators;
use super::ot::{Batch, Ots, PlaneOf, Prepare, Transfer};
use crate::party::{PartyError, Role};
use crate::values::{BitPlane, ShapePlane, ValueError};

/// Positions of a block.
pub const BLOCK: usize = 4;

const STEP: &str = "millionaires";

/// What a comparison gives.
pub struct Compared<O: Ots> {
    /// A share of the carry out of all positions.
    pub carry: PlaneOf<O>,
    /// A share of the carry out of the low positions, if it was asked for.
    pub low: Option<PlaneOf<O>>,
    /// The COTs that were prepared along with it.
    pub cots: Vec<O::Cots>,
}

/// A share of the carry out of all positions, the lowest first, and out of the `split` lowest ones if a split is given;
/// COTs for later are prepared in the same batch. 2 + ceil(log2 blocks) rounds, one more with a split. [DS-OT-23]
///
/// # Errors
/// What the OTs report; [`PartyError::Misuse`] if there are no positions, or none on one side of the split.
pub async fn compare<O: Ots>(
    ots: &mut O,
    bits: Vec<PlaneOf<O>>,
    split: Option<usize>,
    cots: Vec<Prepare<PlaneOf<O>>>,
) -> Result<Compared<O>, PartyError> {
    let lanes = bits.first().map_or(0, BitPlane::len);
    let (low, high) = bits.split_at(split.unwrap_or(bits.len()).min(bits.len()));
    let demand = demand(low.len(), split.map(|_| high.len())).await?;

    let mut transfers = Vec::new();
    let low = blocks(ots, low, true, &mut transfers)?;
    let high = blocks(ots, high, false, &mut transfers)?;
    let pending = request(ots, demand, lanes, &mut transfers)?;
    let delivered = ots.batch(Batch { transfers, cots }).await?;

    let role = ots.role();
    let mut messages = delivered.messages.into_iter();
    let low = leaves(role, low, &mut messages)?;
    let high = leaves(role, high, &mut messages)?;
    let mut tree = Multiplier::new(ots, pending, &mut messages)?;
    let (low, high) = (pairs(low), pairs(high));
    let (low, carry) = match split {
        None => (None, carry_of(&mut tree, low).await?),
        Some(_) => {
            let (low, all) = carries_of(&mut tree, low, high).await?;
            (Some(low), all)
        }
    };
    Ok(Compared { carry, low, cots: delivered.cots })
}

/// The products of the tree over `low` positions, or of the two trees over `low` and `high` ones and their join.
async fn demand(low: usize, high: Option<usize>) -> Result<Demand, PartyError> {
    let shape = ShapePlane::constant(1, false);
    let leaves = |positions: usize| -> Vec<Pair<Demand>> {
        (0..positions.div_ceil(BLOCK)).map(|_| Pair { generate: shape, propagate: Some(()) }).collect()
    };
    let mut demand = Demand::default();
    match high {
        None => drop(carry_of(&mut demand, leaves(low)).await?),
        Some(high) => drop(carries_of(&mut demand, leaves(low), leaves(high)).await?),
    }
    Ok(demand)
}

/// A block's g and p: the server's share, until the client has its own.
struct Leaf<P> {
    generate: P,
    propagate: Option<P>,
}

/// Asks for the leaves of all blocks. The server draws its shares; the client's come with the batch. [DS-OT-20]
fn blocks<O: Ots>(
    ots: &mut O,
    bits: &[PlaneOf<O>],
    from_lowest: bool,
    transfers: &mut Vec<Transfer<PlaneOf<O>>>,
) -> Result<Vec<Option<Leaf<PlaneOf<O>>>>, PartyError> {
    let role = ots.role();
    let mut leaves = Vec::new();
    for (index, block) in bits.chunks(BLOCK).enumerate() {
        let lowest = from_lowest && index == 0;
        if role == Role::Client {
            transfers.push(Transfer::Choose { choice: block.to_vec(), bits: if lowest { 1 } else { 2 } });
            leaves.push(None);
            continue;
        }
        let lanes = block.first().map_or(0, BitPlane::len);
        let generate = ots.draw(lanes)?;
        let propagate = if lowest { None } else { Some(ots.draw(lanes)?) };
        let leaf = Leaf { generate, propagate };
        let messages = offer(block, &leaf).map_err(|source| PartyError::Value { role, step: STEP, source })?;
        transfers.push(Transfer::Offer(messages));
        leaves.push(Some(leaf));
    }
    Ok(leaves)
}

/// The server's messages: for every b of the client, its shares of g and p. [DS-OT-20]
fn offer<P: BitPlane>(block: &[P], own: &Leaf<P>) -> Result<Vec<Vec<P>>, ValueError> {
    let is = indicators(block)?; // is[v] = [a = v]
    let mut generate = own.generate.clone(); // b = 0: a + 0 >= 2^m never holds
    let mut messages = Vec::with_capacity(is.len());
    for propagates in is.iter().rev() {
        // a + b = 2^m - 1 iff a = v, the v of this turn being 2^m - 1 - b
        let propagate = own.propagate.as_ref().map(|own| own.xor(propagates)).transpose()?;
        messages.push(std::iter::once(generate.clone()).chain(propagate).collect());
        // with b + 1 in place of b this v generates a carry too
        generate = generate.xor(propagates)?;
    }
    Ok(messages)
}

/// Every leaf with this role's shares.
fn leaves<P: BitPlane>(
    role: Role,
    own: Vec<Option<Leaf<P>>>,
    delivered: &mut impl Iterator<Item = Vec<P>>,
) -> Result<Vec<Leaf<P>>, PartyError> {
    let missing = || PartyError::Value { role, step: STEP, source: ValueError::Length { left: 0, right: 1 } };
    let one = |own: Option<Leaf<P>>| {
        let mut message = delivered.next().unwrap_or_default().into_iter();
        match own {
            Some(leaf) => Ok(leaf),
            None => Ok(Leaf { generate: message.next().ok_or_else(missing)?, propagate: message.next() }),
        }
    };
    own.into_iter().map(one).collect()
}

fn pairs<A: Products<Factor = <A as Products>::Plane>>(leaves: Vec<Leaf<A::Plane>>) -> Vec<Pair<A>> {
    leaves.into_iter().map(|leaf| Pair { generate: leaf.generate, propagate: leaf.propagate }).collect()
}
