//! The real protocols, for whoever picks them by name. [DS-ROLE-2]

use super::Program;
use super::run::{Outcome, Session, Sides, gmw, gmw_cost};
use super::run_fss::{fss, fss_cost};
use super::run_garbled::{garbled, garbled_cost};
use super::run_ot::{ot, ot_cost, ot_dealer, ot_dealer_cost};
use crate::gate::fss::Serving;
use crate::party::PartyError;
use crate::party::transcript::Transcript;
use crate::party::xof::Seed;
use crate::values::{Ring, ShapeRing};

/// The protocols of a backend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocols {
    /// `gmw`: masked openings, with a dealer's material.
    Gmw,
    /// `ot`: from oblivious transfers, without a dealer.
    Ot,
    /// `ot-dealer`: as `ot`, linear layers with a dealer's triples.
    OtDealer,
    /// `fss` and `fss-select`: comparisons with a dealer's keys.
    Fss(Serving),
    /// `garbled`: garbled circuits, linear layers with a dealer's triples.
    Garbled,
}

impl Protocols {
    /// Runs a program, all roles in one thread, coins expanded from a seed that is bound to the session. [DS-COIN-4]
    ///
    /// # Errors
    /// What a program or the executor reports.
    pub fn run<P: Program>(
        self,
        program: &P,
        own: Sides<Ring>,
        seed: &Seed,
        session: Session,
    ) -> Result<Outcome<Ring>, PartyError> {
        match self {
            Protocols::Gmw => gmw(program, own, seed, session),
            Protocols::Ot => ot(program, own, seed, session),
            Protocols::OtDealer => ot_dealer(program, own, seed, session),
            Protocols::Fss(serving) => fss(program, own, serving, seed, session),
            Protocols::Garbled => garbled(program, own, seed, session),
        }
    }

    /// The transcript of a program, from shapes alone. [DS-COST-1]
    ///
    /// # Errors
    /// What a program or the executor reports.
    pub fn cost<P: Program>(self, program: &P, own: Sides<ShapeRing>) -> Result<Transcript, PartyError> {
        match self {
            Protocols::Gmw => gmw_cost(program, own),
            Protocols::Ot => ot_cost(program, own),
            Protocols::OtDealer => ot_dealer_cost(program, own),
            Protocols::Fss(serving) => fss_cost(program, own, serving),
            Protocols::Garbled => garbled_cost(program, own),
        }
    }
}
