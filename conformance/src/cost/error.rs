//! Why a network has no cost.

use super::piece::PieceError;
use deepshare_reference::party::PartyError;

/// A network that has no cost.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CostError {
    /// A layer that is too large. [DS-COST-7]
    #[error("layer {layer}: {what}; the network is too large to be costed")]
    TooLarge {
        /// The layer, or `input`.
        layer: String,
        /// Its size and the limit.
        what: String,
    },
    /// A sum that does not fit 64 bits. [DS-COST-7]
    #[error("a sum of bits does not fit 64 bits; the network is too large to be costed")]
    Overflow,
    /// A network that cannot be taken apart.
    #[error(transparent)]
    Piece(#[from] PieceError),
    /// A party that fails over shapes.
    #[error("world {world}: {source}")]
    Party {
        /// The world.
        world: &'static str,
        /// Who failed at which step, and why.
        source: PartyError,
    },
}

impl CostError {
    /// The error's stable code.
    pub fn code(&self) -> &'static str {
        match self {
            CostError::TooLarge { .. } => "cost/too-large",
            CostError::Overflow => "cost/overflow",
            CostError::Piece(source) => source.inner_code(),
            CostError::Party { source, .. } => source.code(),
        }
    }
}
