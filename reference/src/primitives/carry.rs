//! The carry of x0 + x1 by a binary tree over their bits. [DS-CARRY-1]
//!
//! Position j has g = a_j and b_j, p = a_j xor b_j. Neighbouring pairs combine by
//! `(g_hi xor p_hi g_lo, p_hi p_lo)`; the tree pairs them from the low end, level by level. The carry out of the lowest
//! positions is their g. Nothing comes into position 0, so the pairs that contain it (the tree's *spine*) need no p.

use super::and::{Ands, Node, Pair, Products};
use crate::party::{PartyError, Role};
use crate::values::{BitPlane, ValueError};

const NO_POSITIONS: &str = "there must be positions on each side";

/// The carry out of the positions given, the lowest first: a share of [x0 + x1 >= 2^L] for L positions. [DS-CARRY-2]
///
/// # Errors
/// What the ANDs report; [`PartyError::Misuse`] if there are no positions.
pub async fn carry<A: Ands>(ands: &mut A, own_bits: Vec<A::Plane>) -> Result<A::Plane, PartyError> {
    let leaves = ands.leaves(own_bits).await?;
    carry_of(ands, leaves).await
}

/// The carry out of all leaves, the lowest first. [DS-CARRY-2]
///
/// # Errors
/// As [`carry`].
pub async fn carry_of<A: Products>(products: &mut A, leaves: Vec<Pair<A>>) -> Result<A::Plane, PartyError> {
    let roots = reduce(products, vec![without_spine(leaves)]).await?;
    match <[Pair<A>; 1]>::try_from(roots) {
        Ok([root]) => Ok(root.generate),
        Err(_) => Err(misuse(products.role(), NO_POSITIONS)),
    }
}

/// The carries out of the `split` lowest positions and out of all positions, by one tree split in two. [DS-CARRY-3]
///
/// # Errors
/// What the ANDs report; [`PartyError::Misuse`] unless 0 < split < number of positions.
pub async fn carries<A: Ands>(
    ands: &mut A,
    own_bits: Vec<A::Plane>,
    split: usize,
) -> Result<(A::Plane, A::Plane), PartyError> {
    let mut low = ands.leaves(own_bits).await?;
    let high = low.split_off(split.min(low.len()));
    carries_of(ands, low, high).await
}

/// The carry out of the low leaves, and the carry out of the high ones above them. [DS-CARRY-3]
///
/// # Errors
/// What the products report; [`PartyError::Misuse`] if either side has no leaves.
pub async fn carries_of<A: Products>(
    products: &mut A,
    low: Vec<Pair<A>>,
    high: Vec<Pair<A>>,
) -> Result<(A::Plane, A::Plane), PartyError> {
    let role = products.role();
    let roots = reduce(products, vec![without_spine(low), high]).await?;
    let Ok([low, Pair { generate, propagate: Some(propagate) }]) = <[Pair<A>; 2]>::try_from(roots) else {
        return Err(misuse(role, NO_POSITIONS));
    };
    let node = Node { high: propagate, low_generate: low.generate.clone(), low_propagate: None };
    let over = products.products(vec![node]).await?;
    let over = over.into_iter().next().ok_or_else(|| misuse(role, NO_POSITIONS))?;
    let over = generate.xor(&over.generate).map_err(|source| mismatch(role, source))?;
    Ok((low.generate, over))
}

/// Drops the lowest position's p.
fn without_spine<A: Products>(mut pairs: Vec<Pair<A>>) -> Vec<Pair<A>> {
    if let Some(lowest) = pairs.first_mut() {
        lowest.propagate = None;
    }
    pairs
}

/// Reduces every tree of a forest to its root, all trees one level at a time, so that a level is one round.
async fn reduce<A: Products>(tree: &mut A, mut forest: Vec<Vec<Pair<A>>>) -> Result<Vec<Pair<A>>, PartyError> {
    while forest.iter().any(|pairs| pairs.len() > 1) {
        let mut nodes = Vec::new();
        let halves: Option<Vec<HalfCombined<A>>> = forest.into_iter().map(|pairs| pair_up(pairs, &mut nodes)).collect();
        let halves = halves.ok_or_else(|| misuse(tree.role(), "only the lowest position may lack p"))?;
        let mut products = tree.products(nodes).await?.into_iter();
        forest = Vec::with_capacity(halves.len());
        for half in halves {
            forest.push(half.finish(&mut products).map_err(|source| mismatch(tree.role(), source))?);
        }
    }
    Ok(forest.into_iter().flatten().collect())
}

/// A level of a tree while its products are on the way: the high pairs' g, and the pair that found no partner.
struct HalfCombined<A: Products> {
    high_generates: Vec<A::Plane>,
    left_over: Option<Pair<A>>,
}

/// Pairs neighbours from the low end and asks for their products; `None` if a high pair has no p.
fn pair_up<A: Products>(tree: Vec<Pair<A>>, nodes: &mut Vec<Node<A>>) -> Option<HalfCombined<A>> {
    let mut half = HalfCombined { high_generates: Vec::new(), left_over: None };
    let mut pairs = tree.into_iter();
    while let Some(low) = pairs.next() {
        let Some(Pair { generate, propagate }) = pairs.next() else {
            half.left_over = Some(low);
            break;
        };
        half.high_generates.push(generate);
        nodes.push(Node { high: propagate?, low_generate: low.generate, low_propagate: low.propagate });
    }
    Some(half)
}

impl<A: Products> HalfCombined<A> {
    /// (g_hi xor p_hi g_lo, p_hi p_lo) for each pair of neighbours.
    fn finish(self, products: &mut impl Iterator<Item = Pair<A>>) -> Result<Vec<Pair<A>>, ValueError> {
        let mut level = Vec::with_capacity(self.high_generates.len() + 1);
        for (high, product) in self.high_generates.into_iter().zip(products) {
            let generate = high.xor(&product.generate)?;
            level.push(Pair { generate, propagate: product.propagate });
        }
        level.extend(self.left_over);
        Ok(level)
    }
}

fn misuse(role: Role, what: &str) -> PartyError {
    PartyError::Misuse { role, what: format!("carry: {what}") }
}

fn mismatch(role: Role, source: ValueError) -> PartyError {
    PartyError::Value { role, step: "carry", source }
}
