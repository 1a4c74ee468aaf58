//! The simulators of F_And: of the protocol with a dealer's triples, and of calls of the functionality itself, for either
//! corrupted party. Both are perfect and need no assumption; the first lives in the dealer-hybrid model, the second in
//! the F_And-hybrid one. [DS-AND-1] to [DS-AND-4]
//!
//! ```text
//!                     server corrupted                       client corrupted
//! and/deal-leaves     uniform: its masks u, its draws c0     uniform: its masks v; c1 = u v xor c0, c0 unseen
//! and/leaves          uniform: v masks the client's bit      uniform: u masks the server's bit
//! and/deal-products   uniform: draws of its shares           uniform: each share is split by such a draw
//! and/products        uniform: of each opened operand the peer's share has the peer's share of a mask that serves it alone
//! F_And               the share that the adversary chooses   the same
//! ```
//! A program of carries runs over either on shapes, as it runs over the dealer. What is kept of a factor is whether its
//! masked value is open already: then a later product opens nothing of it.

use super::gmw::{DEAL_LEAVES, DEAL_PRODUCTS, LEAVES, PRODUCTS};
use super::ideal::{LEAVES as CALL_LEAVES, PRODUCTS as CALL_PRODUCTS};
use super::{Ands, Node, Pair, Products};
use crate::party::{Channel, Coins, PartyError, Role};
use crate::primitives::ideal::Leakage;
use crate::primitives::stage::{Handed, Played, Stage};
use crate::values::{BitPlane, Concrete, ShapePlane};

/// Simulates ANDs with a dealer's triples.
pub struct DealtAnds<'a, C, K, A>(pub &'a mut Stage<C, K, A>);

/// What the simulator keeps of a factor.
pub struct SimulatedFactor {
    /// Whether p xor A is open.
    open: bool,
}

impl<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed> Products for DealtAnds<'_, C, K, A> {
    type Plane = ShapePlane;
    type Factor = SimulatedFactor;

    fn role(&self) -> Role {
        Role::Trusted
    }

    async fn products(&mut self, nodes: Vec<Node<Self>>) -> Result<Vec<Pair<Self>>, PartyError> {
        let len = nodes.first().map_or(0, |node| node.low_generate.len());
        let propagating = nodes.iter().filter(|node| node.low_propagate.is_some()).count();
        let factors = nodes.iter().flat_map(|node| [Some(&node.high), node.low_propagate.as_ref()]);
        let opened = nodes.len() + factors.flatten().filter(|factor| !factor.open).count();
        self.0.uniform_planes(Played::Trusted, DEAL_PRODUCTS, 2 * (nodes.len() + propagating), len)?;
        self.0.uniform_planes(Played::Peer, PRODUCTS, opened, len)?;
        self.0.hear_planes(Played::Peer, PRODUCTS, opened, len).await?;
        let pairs = nodes.into_iter().map(|node| Pair {
            generate: node.low_generate,
            propagate: node.low_propagate.map(|_| SimulatedFactor { open: false }),
        });
        Ok(pairs.collect())
    }
}

impl<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed> Ands for DealtAnds<'_, C, K, A> {
    async fn leaves(&mut self, own: Vec<ShapePlane>) -> Result<Vec<Pair<Self>>, PartyError> {
        let len = own.first().map_or(0, BitPlane::len);
        self.0.uniform_planes(Played::Trusted, DEAL_LEAVES, 2 * own.len(), len)?;
        self.0.uniform_planes(Played::Peer, LEAVES, own.len(), len)?;
        self.0.hear_planes(Played::Peer, LEAVES, own.len(), len).await?;
        // the two openings of a leaf open its p as well
        let pair = |generate| Pair { generate, propagate: Some(SimulatedFactor { open: true }) };
        Ok(own.into_iter().map(pair).collect())
    }
}

/// Simulates calls of F_And and F_SharedAnd. The corrupted party hands in its operands and gets the shares that the
/// adversary chooses.
pub struct HybridAnds<'a, C, K, A>(pub &'a mut Stage<C, K, A>);

impl<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed> Products for HybridAnds<'_, C, K, A> {
    type Plane = ShapePlane;
    type Factor = ShapePlane;

    fn role(&self) -> Role {
        Role::Trusted
    }

    async fn products(&mut self, nodes: Vec<Node<Self>>) -> Result<Vec<Pair<Self>>, PartyError> {
        let len = nodes.first().map_or(0, |node| node.low_generate.len());
        let propagating = nodes.iter().filter(|node| node.low_propagate.is_some()).count();
        let planes = nodes.len() + propagating;
        self.0.handed.leak(Leakage::And { planes, elements: len });
        self.0.hear_planes(Played::Trusted, CALL_PRODUCTS, nodes.len() + planes, len).await?;
        self.0.chosen_planes(CALL_PRODUCTS, planes, len)?;
        let shape = |node: Node<Self>| Pair { generate: node.low_generate, propagate: node.low_propagate };
        Ok(nodes.into_iter().map(shape).collect())
    }
}

impl<C: Channel<Vec<u8>>, K: Coins<Concrete>, A: Handed> Ands for HybridAnds<'_, C, K, A> {
    async fn leaves(&mut self, own: Vec<ShapePlane>) -> Result<Vec<Pair<Self>>, PartyError> {
        let len = own.first().map_or(0, BitPlane::len);
        self.0.handed.leak(Leakage::And { planes: own.len(), elements: len });
        self.0.hear_planes(Played::Trusted, CALL_LEAVES, own.len(), len).await?;
        self.0.chosen_planes(CALL_LEAVES, own.len(), len)?;
        Ok(own.into_iter().map(|shape| Pair { generate: shape, propagate: Some(shape) }).collect())
    }
}
