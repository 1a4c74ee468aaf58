//! Real ANDs, backend `gmw`: masked openings with triples from the dealer.

use super::{Ands, Node, Pair, Products};
use crate::party::{BitWire, Channel, Coins, PartyError, Phase, Role, Step};
use crate::primitives::roles::{Dealer, Party, share_plane, value_error};
use crate::values::{BitPlane, ValueError};

/// The dealer's material for leaves. [DS-AND-1]
pub const DEAL_LEAVES: Step = Step::new(Phase::Offline, "and/deal-leaves", "DS-AND-1");
/// The opening of the leaves. [DS-AND-2]
pub const LEAVES: Step = Step::new(Phase::Online, "and/leaves", "DS-AND-2");
/// The dealer's material for a level of products. [DS-AND-3]
pub const DEAL_PRODUCTS: Step = Step::new(Phase::Offline, "and/deal-products", "DS-AND-3");
/// The opening of a level's operands. [DS-AND-4]
pub const PRODUCTS: Step = Step::new(Phase::Online, "and/products", "DS-AND-4");

/// A party's share of a factor p, its share of the mask A, and p xor A once it is open.
pub struct Factor<P> {
    share: P,
    mask: P,
    opened: Option<P>,
}

/// The dealer's view of a factor: its mask A.
pub struct Mask<P> {
    mask: P,
}

impl<D: BitWire, C: Channel<D::Payload>> Products for Party<D, C> {
    type Plane = D::Plane;
    type Factor = Factor<D::Plane>;

    fn role(&self) -> Role {
        self.channel.role()
    }

    async fn products(&mut self, nodes: Vec<Node<Self>>) -> Result<Vec<Pair<Self>>, PartyError> {
        let len = nodes.first().map_or(0, |node| node.low_generate.len());
        let propagating = nodes.iter().filter(|node| node.low_propagate.is_some()).count();
        let dealt = self.dealt_planes(DEAL_PRODUCTS, 2 * (nodes.len() + propagating), len).await?;
        let mut dealt = dealt.into_iter();
        let mut masked = Vec::new();
        let mut prepared = Vec::with_capacity(nodes.len());
        for node in nodes {
            let material = Material::take(&mut dealt, node.low_propagate.is_some());
            let material = material.ok_or_else(|| self.value_error(DEAL_PRODUCTS, SHORT))?;
            node.mask(&material, &mut masked).map_err(|e| self.value_error(PRODUCTS, e))?;
            prepared.push((node, material));
        }
        let mut opened = self.open_planes(PRODUCTS, &masked, len).await?.into_iter();
        let multiply = |(node, material): (Node<Self>, Material<D::Plane>)| {
            let product = node.multiply(material, &mut opened, self.is_server());
            product.map_err(|e| self.value_error(PRODUCTS, e))
        };
        prepared.into_iter().map(multiply).collect()
    }
}

impl<D: BitWire, C: Channel<D::Payload>> Ands for Party<D, C> {
    async fn leaves(&mut self, own: Vec<D::Plane>) -> Result<Vec<Pair<Self>>, PartyError> {
        let len = own.first().map_or(0, BitPlane::len);
        let dealt = self.dealt_planes(DEAL_LEAVES, 2 * own.len(), len).await?;
        let (masks, corrections) = dealt.split_at(own.len());
        let masked = xor_all::<D>(&own, masks).map_err(|e| self.value_error(LEAVES, e))?;
        let others = self.exchange_planes(LEAVES, &masked, len).await?;
        let mut pairs = Vec::with_capacity(own.len());
        for (((own, mask), correction), (masked, other)) in
            own.into_iter().zip(masks).zip(corrections).zip(masked.iter().zip(&others))
        {
            let pair = self.leaf(own, mask, correction, masked, other);
            pairs.push(pair.map_err(|e| self.value_error(LEAVES, e))?);
        }
        Ok(pairs)
    }
}

/// What `dealt` or `opened` lack is a length error; the counts above make it unreachable.
const SHORT: ValueError = ValueError::Length { left: 0, right: 1 };

impl<D: BitWire, C: Channel<D::Payload>> Party<D, C> {
    /// With E = a xor u and F = b xor v open, u the server's mask, v the client's, and c a sharing of u v:
    /// a b = (E xor u)(F xor v) = [a F xor c_0] xor [E v xor c_1], and a xor b opens as E xor F under u xor v. [DS-AND-2]
    fn leaf(
        &self,
        own: D::Plane,
        mask: &D::Plane,
        correction: &D::Plane,
        masked: &D::Plane,
        other: &D::Plane,
    ) -> Result<Pair<Self>, ValueError> {
        let cross = if self.is_server() { own.and(other)? } else { other.and(mask)? };
        let generate = cross.xor(correction)?;
        let opened = Some(masked.xor(other)?);
        Ok(Pair { generate, propagate: Some(Factor { share: own, mask: mask.clone(), opened }) })
    }
}

/// A party's material for one node: a mask B of g_lo and a share of A B; for a node with p, also a share of A D (D the
/// mask of p_lo) and a mask for the product. [DS-AND-3]
struct Material<P> {
    mask: P,
    mask_product: P,
    propagate: Option<(P, P)>,
}

impl<P> Material<P> {
    fn take(dealt: &mut impl Iterator<Item = P>, propagating: bool) -> Option<Material<P>> {
        let (mask, mask_product) = (dealt.next()?, dealt.next()?);
        let propagate = if propagating { Some((dealt.next()?, dealt.next()?)) } else { None };
        Some(Material { mask, mask_product, propagate })
    }
}

impl<D: BitWire, C: Channel<D::Payload>> Node<Party<D, C>> {
    /// Masks what must be opened: g_lo always, p_hi and p_lo unless they are open already.
    fn mask(&self, material: &Material<D::Plane>, masked: &mut Vec<D::Plane>) -> Result<(), ValueError> {
        masked.push(self.low_generate.xor(&material.mask)?);
        for factor in [Some(&self.high), self.low_propagate.as_ref()].into_iter().flatten() {
            if factor.opened.is_none() {
                masked.push(factor.share.xor(&factor.mask)?);
            }
        }
        Ok(())
    }

    /// Multiplies by the opened values, which come in the order of [`Node::mask`]. [DS-AND-4]
    fn multiply(
        self,
        material: Material<D::Plane>,
        opened: &mut impl Iterator<Item = D::Plane>,
        server: bool,
    ) -> Result<Pair<Party<D, C>>, ValueError> {
        let low = opened.next().ok_or(SHORT)?;
        let high = self.high.opened.or_else(|| opened.next()).ok_or(SHORT)?;
        let a = &self.high.mask;
        let generate = beaver(&high, &low, a, &material.mask, &material.mask_product, server)?;
        let propagate = match (self.low_propagate, material.propagate) {
            (Some(low), Some((mask_product, mask))) => {
                let low_opened = low.opened.or_else(|| opened.next()).ok_or(SHORT)?;
                let share = beaver(&high, &low_opened, a, &low.mask, &mask_product, server)?;
                Some(Factor { share, mask, opened: None })
            }
            _ => None,
        };
        Ok(Pair { generate, propagate })
    }
}

/// A share of (P xor A)(Q xor B) = P Q xor P B xor Q A xor A B, for open P, Q and shared A, B, A B (Beaver 1991).
pub(super) fn beaver<P: BitPlane>(p: &P, q: &P, a: &P, b: &P, ab: &P, server: bool) -> Result<P, ValueError> {
    let share = p.and(b)?.xor(&q.and(a)?)?.xor(ab)?;
    if server { share.xor(&p.and(q)?) } else { Ok(share) }
}

fn xor_all<D: BitWire>(left: &[D::Plane], right: &[D::Plane]) -> Result<Vec<D::Plane>, ValueError> {
    left.iter().zip(right).map(|(l, r)| l.xor(r)).collect()
}

impl<D: BitWire, C: Channel<D::Payload>, K: Coins<D>> Products for Dealer<D, C, K> {
    type Plane = crate::values::ShapePlane;
    type Factor = Mask<D::Plane>;

    fn role(&self) -> Role {
        self.channel.role()
    }

    async fn products(&mut self, nodes: Vec<Node<Self>>) -> Result<Vec<Pair<Self>>, PartyError> {
        let (mut server, mut client) = (Vec::new(), Vec::new());
        let mut pairs = Vec::with_capacity(nodes.len());
        for node in nodes {
            let len = node.low_generate.len();
            let b = self.coins.plane(len)?;
            let next = if node.low_propagate.is_some() { Some(self.coins.plane(len)?) } else { None };
            let mut deal = |secret: &D::Plane| {
                let [s, c] = share_plane::<D, K>(&mut self.coins, secret)?;
                server.push(s);
                client.push(c);
                Ok::<(), PartyError>(())
            };
            let a = &node.high.mask;
            let times_a = |other: &D::Plane| a.and(other).map_err(|e| value_error(DEAL_PRODUCTS, e));
            deal(&b)?;
            deal(&times_a(&b)?)?;
            let propagate = match (&node.low_propagate, next) {
                (Some(low), Some(mask)) => {
                    deal(&times_a(&low.mask)?)?;
                    deal(&mask)?;
                    Some(Mask { mask })
                }
                _ => None,
            };
            pairs.push(Pair { generate: node.low_generate, propagate });
        }
        self.deal_planes(DEAL_PRODUCTS, &server, &client)?;
        Ok(pairs)
    }
}

impl<D: BitWire, C: Channel<D::Payload>, K: Coins<D>> Ands for Dealer<D, C, K> {
    async fn leaves(&mut self, own: Vec<Self::Plane>) -> Result<Vec<Pair<Self>>, PartyError> {
        let len = own.first().map_or(0, BitPlane::len);
        let (mut server, mut client) = (Halves::default(), Halves::default());
        let mut pairs = Vec::with_capacity(own.len());
        for shape in own {
            let (u, v) = (self.coins.plane(len)?, self.coins.plane(len)?);
            let product = u.and(&v).map_err(|e| value_error(DEAL_LEAVES, e))?;
            let [c0, c1] = share_plane::<D, K>(&mut self.coins, &product)?;
            let mask = u.xor(&v).map_err(|e| value_error(DEAL_LEAVES, e))?;
            server.push(u, c0);
            client.push(v, c1);
            pairs.push(Pair { generate: shape, propagate: Some(Mask { mask }) });
        }
        self.deal_planes(DEAL_LEAVES, &server.joined(), &client.joined())?;
        Ok(pairs)
    }
}

/// The two lists that a party gets for its leaves: masks, then corrections.
struct Halves<P> {
    masks: Vec<P>,
    corrections: Vec<P>,
}

impl<P> Default for Halves<P> {
    fn default() -> Self {
        Halves { masks: Vec::new(), corrections: Vec::new() }
    }
}

impl<P> Halves<P> {
    fn push(&mut self, mask: P, correction: P) {
        self.masks.push(mask);
        self.corrections.push(correction);
    }

    fn joined(mut self) -> Vec<P> {
        self.masks.append(&mut self.corrections);
        self.masks
    }
}
