//! Real products of shared bits, backend `ot`: Beaver's openings with triples from 1-of-N OTs. [DS-OT-21] [DS-OT-22]
//!
//! ```text
//! triple         shares of a, b, b' and of ab, ab': one 1-of-8 OT of two bits. The client's choice is (a1, b1, b1');
//!                message (u, v, v') of the server is (c0 xor (a0 xor u)(b0 xor v), c0' xor (a0 xor u)(b0' xor v'))
//! pair           two independent triples of one product each: one 1-of-16 OT of two bits
//! product        p xor a, g xor b (and q xor b') are opened; pg = PG xor P b xor G a xor ab
//! ```
//! Triples do not depend on inputs; all triples of a tree come in the batch that also brings its leaves.

use super::gmw::beaver;
use super::{Node, Pair, Products};
use crate::party::{PartyError, Phase, Role, Step};
use crate::primitives::ot::{Ots, PlaneOf, Transfer};
use crate::values::{BitPlane, Ranges, ShapePlane, ValueError};

/// The opening of a level's masked operands. [DS-OT-22]
pub const OPENED: Step = Step::new(Phase::Online, "and/opened", "DS-OT-22");

const SHORT: ValueError = ValueError::Length { left: 0, right: 1 };

/// How many products a tree has: counted by running the tree over shapes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Demand {
    /// Nodes with one product.
    pub single: usize,
    /// Nodes with two products that share an operand.
    pub double: usize,
}

impl Products for Demand {
    type Plane = ShapePlane;
    type Factor = ();

    fn role(&self) -> Role {
        Role::Trusted
    }

    async fn products(&mut self, nodes: Vec<Node<Self>>) -> Result<Vec<Pair<Self>>, PartyError> {
        let double = nodes.iter().filter(|node| node.low_propagate.is_some()).count();
        self.double += double;
        self.single += nodes.len() - double;
        Ok(nodes.into_iter().map(|node| Pair { generate: node.low_generate, propagate: node.low_propagate }).collect())
    }
}

/// A party's shares of a triple: a, and for each of one or two products b and ab.
struct Triple<P> {
    a: P,
    products: Vec<(P, P)>,
}

/// A party's side of the OTs that make triples: its random operands, and at the server the products' shares.
pub struct Pending<P> {
    lanes: usize,
    demand: Demand,
    double: Option<Operands<P>>,
    single: Option<Operands<P>>,
}

/// a, b, b' of shared triples or a, b, a', b' of pairs; c, c' at the server, shapes or nothing elsewhere.
struct Operands<P> {
    own: Vec<P>,
    products: Vec<P>,
}

/// The products of message v for each operand pair (i, j): (own_i xor v_i)(own_j xor v_j). [DS-OT-21]
fn message<P: BitPlane>(operands: &Operands<P>, pairs: [(usize, usize); 2], v: usize) -> Result<Vec<P>, ValueError> {
    let guess = |i: usize| {
        let own = operands.own.get(i).ok_or(SHORT)?;
        Ok(if v >> i & 1 == 1 { own.not() } else { own.clone() })
    };
    let one = |((i, j), c): ((usize, usize), &P)| c.xor(&guess(i)?.and(&guess(j)?)?);
    pairs.into_iter().zip(&operands.products).map(one).collect()
}

/// Draws operands and says what to transfer. The pairs say which operands are multiplied.
fn ask<O: Ots>(
    ots: &mut O,
    operands: usize,
    pairs: [(usize, usize); 2],
    lanes: usize,
    transfers: &mut Vec<Transfer<PlaneOf<O>>>,
) -> Result<Operands<PlaneOf<O>>, PartyError> {
    let role = ots.role();
    let own = (0..operands).map(|_| ots.draw(lanes)).collect::<Result<Vec<_>, _>>()?;
    if role == Role::Client {
        transfers.push(Transfer::Choose { choice: own.clone(), bits: 2 });
        return Ok(Operands { own, products: Vec::new() });
    }
    let products = vec![ots.draw(lanes)?, ots.draw(lanes)?];
    let operands = Operands { own, products };
    let messages = (0..1 << operands.own.len()).map(|v| message(&operands, pairs, v)).collect::<Result<_, _>>();
    transfers.push(Transfer::Offer(messages.map_err(|e| error(role, e))?));
    Ok(operands)
}

/// The OTs that make the triples of a tree on `lanes` elements. [DS-OT-21]
///
/// # Errors
/// What the coins report.
pub fn request<O: Ots>(
    ots: &mut O,
    demand: Demand,
    lanes: usize,
    transfers: &mut Vec<Transfer<PlaneOf<O>>>,
) -> Result<Pending<PlaneOf<O>>, PartyError> {
    let double = match demand.double {
        0 => None,
        nodes => Some(ask(ots, 3, [(0, 1), (0, 2)], nodes.saturating_mul(lanes), transfers)?),
    };
    let single = match demand.single {
        0 => None,
        nodes => Some(ask(ots, 4, [(0, 1), (2, 3)], nodes.saturating_mul(lanes).div_ceil(2), transfers)?),
    };
    Ok(Pending { lanes, demand, double, single })
}

/// The triples of a tree, and the interface on which the tree runs.
pub struct Multiplier<'a, O: Ots> {
    ots: &'a mut O,
    double: std::vec::IntoIter<Triple<PlaneOf<O>>>,
    single: std::vec::IntoIter<Triple<PlaneOf<O>>>,
}

impl<'a, O: Ots> Multiplier<'a, O> {
    /// Takes what the transfers of [`request`] brought: at the client the messages, in order.
    ///
    /// # Errors
    /// [`PartyError::Value`] if messages are missing.
    pub fn new(
        ots: &'a mut O,
        pending: Pending<PlaneOf<O>>,
        delivered: &mut impl Iterator<Item = Vec<PlaneOf<O>>>,
    ) -> Result<Multiplier<'a, O>, PartyError> {
        let role = ots.role();
        let Pending { lanes, demand, double, single } = pending;
        let mut take = |operands: Operands<PlaneOf<O>>| {
            let delivered = delivered.next().unwrap_or_default();
            let products = if role == Role::Client { delivered } else { operands.products };
            (operands.own, products)
        };
        let double = double.map_or(Ok(Vec::new()), |operands| shared(take(operands), demand.double, lanes));
        let single = single.map_or(Ok(Vec::new()), |operands| paired(take(operands), demand.single, lanes));
        let (double, single) = (double.map_err(|e| error(role, e))?, single.map_err(|e| error(role, e))?);
        Ok(Multiplier { ots, double: double.into_iter(), single: single.into_iter() })
    }
}

/// Triples with two products, node by node.
fn shared<P: BitPlane>(
    (own, products): (Vec<P>, Vec<P>),
    nodes: usize,
    lanes: usize,
) -> Result<Vec<Triple<P>>, ValueError> {
    let ([a, b, b2], [c, c2]) = (own.as_slice(), products.as_slice()) else { return Err(SHORT) };
    let node = |node: usize| {
        let part = |plane: &P| part(plane, node, lanes);
        Ok(Triple { a: part(a)?, products: vec![(part(b)?, part(c)?), (part(b2)?, part(c2)?)] })
    };
    (0..nodes).map(node).collect()
}

/// Triples with one product, node by node: the first of all pairs, then the second. An odd one at the end is left over.
fn paired<P: BitPlane>(
    (own, products): (Vec<P>, Vec<P>),
    nodes: usize,
    lanes: usize,
) -> Result<Vec<Triple<P>>, ValueError> {
    let ([a, b, a2, b2], [c, c2]) = (own.as_slice(), products.as_slice()) else { return Err(SHORT) };
    let [a, b, c] = [(a, a2), (b, b2), (c, c2)].map(|(first, second)| P::concat(&[first, second]));
    let node = |node: usize| {
        let part = |plane: &P| part(plane, node, lanes);
        Ok(Triple { a: part(&a)?, products: vec![(part(&b)?, part(&c)?)] })
    };
    (0..nodes).map(node).collect()
}

/// The lanes of one node.
fn part<P: BitPlane>(plane: &P, node: usize, lanes: usize) -> Result<P, ValueError> {
    plane.gather(&Ranges::new(plane.len(), [(node * lanes, lanes)])?)
}

fn error(role: Role, source: ValueError) -> PartyError {
    PartyError::Value { role, step: OPENED.label, source }
}

impl<O: Ots> Products for Multiplier<'_, O> {
    type Plane = PlaneOf<O>;
    /// A share of p.
    type Factor = PlaneOf<O>;

    fn role(&self) -> Role {
        self.ots.role()
    }

    async fn products(&mut self, nodes: Vec<Node<Self>>) -> Result<Vec<Pair<Self>>, PartyError> {
        let (role, server) = (self.ots.role(), self.ots.is_server());
        let lanes = nodes.first().map_or(0, |node| node.low_generate.len());
        let (mut masked, mut prepared) = (Vec::new(), Vec::with_capacity(nodes.len()));
        for node in nodes {
            let triples = if node.low_propagate.is_some() { &mut self.double } else { &mut self.single };
            let triple = triples.next().ok_or_else(|| error(role, SHORT))?;
            masked.extend(mask(&node, &triple).map_err(|e| error(role, e))?);
            prepared.push(triple);
        }
        let mut opened = self.ots.open(OPENED, &masked, lanes).await?.into_iter();
        let mut pairs = Vec::with_capacity(prepared.len());
        for triple in &prepared {
            let products = multiply(triple, &mut opened, server).map_err(|e| error(role, e))?;
            let mut products = products.into_iter();
            let generate = products.next().ok_or_else(|| error(role, SHORT))?;
            pairs.push(Pair { generate, propagate: products.next() });
        }
        Ok(pairs)
    }
}

/// Shares of p xor a, g xor b and, if there is a q, q xor b'.
fn mask<O: Ots>(node: &Node<Multiplier<'_, O>>, triple: &Triple<PlaneOf<O>>) -> Result<Vec<PlaneOf<O>>, ValueError> {
    let operands = [Some(&node.low_generate), node.low_propagate.as_ref()].into_iter().flatten();
    let masked = operands.zip(&triple.products).map(|(operand, (b, _))| operand.xor(b));
    std::iter::once(node.high.xor(&triple.a)).chain(masked).collect()
}

/// The one or two products of a node, from its opened operands.
fn multiply<P: BitPlane>(
    triple: &Triple<P>,
    opened: &mut impl Iterator<Item = P>,
    server: bool,
) -> Result<Vec<P>, ValueError> {
    let high = opened.next().ok_or(SHORT)?;
    let one = |(b, ab): &(P, P)| beaver(&high, &opened.next().ok_or(SHORT)?, &triple.a, b, ab, server);
    triple.products.iter().map(one).collect()
}
