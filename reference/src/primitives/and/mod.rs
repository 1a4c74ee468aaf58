//! The AND of shared bits: F_And, one reactive functionality with handles. [DS-IDEAL-7]
//!
//! A *factor* is a shared bit that is prepared for multiplication; in a masked backend it carries its mask, so that
//! one opening serves all its products. The trait [`Ands`] is the hybrid boundary: protocols above it run unchanged
//! over the real protocol ([`gmw`]) and over the ideal functionality ([`ideal`]). All roles run the same program; the
//! trusted party's planes are shapes, because it must not know what is multiplied.
//!
//! ```text
//! Leaf      server: a, client: b           ->  shares of g = a and b, factor of p = a xor b
//! Product   factor p, shared g, factor q   ->  shares of p and g, factor of p and q
//! ```

pub mod gmw;
pub mod ideal;
pub mod ot;
pub mod simulator;

use crate::party::{PartyError, Role};
use crate::values::BitPlane;

/// A pair that a party holds of one position, or of a run of positions, of an addition: whether it *generates* a carry
/// and whether it *propagates* one. The propagate bit is left out where nothing can use it.
pub struct Pair<A: Products + ?Sized> {
    /// A share of g.
    pub generate: A::Plane,
    /// The factor of p.
    pub propagate: Option<A::Factor>,
}

/// Two neighbouring pairs to be combined: the high one must still have its propagate bit. [DS-AND-3]
pub struct Node<A: Products + ?Sized> {
    /// p of the high pair.
    pub high: A::Factor,
    /// g of the low pair.
    pub low_generate: A::Plane,
    /// p of the low pair, if the combined pair shall have one.
    pub low_propagate: Option<A::Factor>,
}

/// One role's interface to F_SharedAnd: products of shared bits.
#[allow(async_fn_in_trait, reason = "programs run on one thread; their futures need not be Send")]
pub trait Products {
    /// Planes of this role: the computing parties' values, the trusted party's shapes.
    type Plane: BitPlane;
    /// A shared bit prepared for multiplication.
    type Factor;

    /// Whose interface this is.
    fn role(&self) -> Role;

    /// F_SharedAnd for each node: shares of high * low_generate, and the factor of high * low_propagate. [DS-AND-3]
    ///
    /// # Errors
    /// What the channel or the coins report.
    async fn products(&mut self, nodes: Vec<Node<Self>>) -> Result<Vec<Pair<Self>>, PartyError>;
}

/// One role's interface to F_And and F_SharedAnd.
#[allow(async_fn_in_trait, reason = "programs run on one thread; their futures need not be Send")]
pub trait Ands: Products {
    /// F_And for each plane: the server's plane a and the client's plane b give g = a and b, p = a xor b. [DS-AND-1]
    ///
    /// # Errors
    /// What the channel or the coins report.
    async fn leaves(&mut self, own: Vec<Self::Plane>) -> Result<Vec<Pair<Self>>, PartyError>;
}
