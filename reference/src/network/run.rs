//! Runs an inference, all roles in one thread. [DS-ROLE-2]
//!
//! These functions are not generic: an inference over every backend is compiled here, and not again by whoever calls them.

use super::inference::Inference;
use crate::backend::protocols::Protocols;
use crate::backend::run::{Outcome, Session, Sides, ideal};
use crate::party::PartyError;
use crate::party::transcript::Transcript;
use crate::party::xof::Seed;
use crate::values::{Ring, ShapeRing};

impl Inference {
    /// Runs the inference over real protocols, coins expanded from a seed that is bound to the session. [DS-NET-9]
    /// [DS-COIN-4]
    ///
    /// # Errors
    /// What a party reports.
    pub fn over(
        &self,
        protocols: Protocols,
        own: Sides<Ring>,
        seed: &Seed,
        session: Session,
    ) -> Result<Outcome<Ring>, PartyError> {
        protocols.run(self, own, seed, session)
    }

    /// Runs the inference in the ideal world where nobody is corrupted. [DS-NET-9] [DS-IDEAL-1]
    ///
    /// # Errors
    /// What a party reports.
    pub fn in_ideal_world(&self, own: Sides<Ring>, seed: &Seed, session: Session) -> Result<Outcome<Ring>, PartyError> {
        ideal(self, own, seed, session)
    }

    /// The inference's transcript over real protocols, from the shapes of what both sides bring. [DS-COST-1]
    ///
    /// # Errors
    /// What a party reports.
    pub fn cost(&self, protocols: Protocols, own: Sides<ShapeRing>) -> Result<Transcript, PartyError> {
        protocols.cost(self, own)
    }
}
