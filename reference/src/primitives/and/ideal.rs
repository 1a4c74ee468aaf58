//! The ideal ANDs: the trusted party multiplies. [DS-AND-1] [DS-AND-3]

use super::{Ands, Node, Pair, Products};
use crate::party::{Channel, PartyError, Role, Step};
use crate::primitives::ideal::{Adversary, Functionality, Leakage, Party, call, value_error};
use crate::values::{BitPlane, Plane, ShapePlane, ValueError};

/// The call of F_And. [DS-AND-1]
pub const LEAVES: Step = call("ideal/and-leaves", "DS-AND-1");
/// The call of F_SharedAnd. [DS-AND-3]
pub const PRODUCTS: Step = call("ideal/and-products", "DS-AND-3");

impl<C: Channel<Vec<u8>>> Products for Party<C> {
    type Plane = Plane;
    /// A share of p.
    type Factor = Plane;

    fn role(&self) -> Role {
        self.channel.role()
    }

    async fn products(&mut self, nodes: Vec<Node<Self>>) -> Result<Vec<Pair<Self>>, PartyError> {
        let len = nodes.first().map_or(0, |node| node.low_generate.len());
        let operands = nodes.iter().flat_map(|node| {
            [Some(&node.high), Some(&node.low_generate), node.low_propagate.as_ref()].into_iter().flatten()
        });
        self.give_planes(PRODUCTS, &operands.collect::<Vec<_>>())?;
        let propagating = nodes.iter().filter(|node| node.low_propagate.is_some()).count();
        let mut shares = self.get_planes(PRODUCTS, nodes.len() + propagating, len).await?.into_iter();
        let short = || value_error(PRODUCTS, ValueError::Length { left: 0, right: 1 });
        let mut pairs = Vec::with_capacity(nodes.len());
        for node in nodes {
            let generate = shares.next().ok_or_else(short)?;
            let propagate = if node.low_propagate.is_some() { shares.next() } else { None };
            pairs.push(Pair { generate, propagate });
        }
        Ok(pairs)
    }
}

impl<C: Channel<Vec<u8>>> Ands for Party<C> {
    async fn leaves(&mut self, own: Vec<Plane>) -> Result<Vec<Pair<Self>>, PartyError> {
        let len = own.first().map_or(0, BitPlane::len);
        self.give_planes(LEAVES, &own.iter().collect::<Vec<_>>())?;
        let generates = self.get_planes(LEAVES, own.len(), len).await?;
        let pairs = generates.into_iter().zip(own);
        Ok(pairs.map(|(generate, own)| Pair { generate, propagate: Some(own) }).collect())
    }
}

impl<C: Channel<Vec<u8>>, A: Adversary> Products for Functionality<C, A> {
    type Plane = ShapePlane;
    type Factor = ShapePlane;

    fn role(&self) -> Role {
        self.channel.role()
    }

    async fn products(&mut self, nodes: Vec<Node<Self>>) -> Result<Vec<Pair<Self>>, PartyError> {
        let len = nodes.first().map_or(0, |node| node.low_generate.len());
        let propagating = nodes.iter().filter(|node| node.low_propagate.is_some()).count();
        let count = nodes.len() + propagating;
        self.adversary.leak(Leakage::And { planes: count, elements: len });
        let [server, client] = self.take_planes(PRODUCTS, nodes.len() + count, len).await?;
        let operands = server.iter().zip(&client).map(|(s, c)| s.xor(c));
        let operands: Vec<Plane> = operands.collect::<Result<_, _>>().map_err(|e| value_error(PRODUCTS, e))?;
        let products = multiply(&nodes, operands).map_err(|e| value_error(PRODUCTS, e))?;
        self.give_planes(PRODUCTS, &products)?;
        let shape = |node: Node<Self>| Pair { generate: node.low_generate, propagate: node.low_propagate };
        Ok(nodes.into_iter().map(shape).collect())
    }
}

impl<C: Channel<Vec<u8>>, A: Adversary> Ands for Functionality<C, A> {
    async fn leaves(&mut self, own: Vec<ShapePlane>) -> Result<Vec<Pair<Self>>, PartyError> {
        let len = own.first().map_or(0, BitPlane::len);
        self.adversary.leak(Leakage::And { planes: own.len(), elements: len });
        let [server, client] = self.take_planes(LEAVES, own.len(), len).await?;
        let products = server.iter().zip(&client).map(|(a, b)| a.and(b));
        let products: Vec<Plane> = products.collect::<Result<_, _>>().map_err(|e| value_error(LEAVES, e))?;
        self.give_planes(LEAVES, &products)?;
        Ok(own.into_iter().map(|shape| Pair { generate: shape, propagate: Some(shape) }).collect())
    }
}

/// high * low_generate, and high * low_propagate where there is one, for each node.
fn multiply<A: Products>(nodes: &[Node<A>], operands: Vec<Plane>) -> Result<Vec<Plane>, ValueError> {
    const SHORT: ValueError = ValueError::Length { left: 0, right: 1 };
    let mut operands = operands.into_iter();
    let mut products = Vec::new();
    for node in nodes {
        let high = operands.next().ok_or(SHORT)?;
        for _ in 0..1 + usize::from(node.low_propagate.is_some()) {
            products.push(high.and(&operands.next().ok_or(SHORT)?)?);
        }
    }
    Ok(products)
}
