//! The lemmas that normal forms decide.

mod activation;
mod affine;
mod apply;
mod linear;
mod transfer;

use super::equation::Equation;
use super::world::Ended;
use crate::prove::{Lemma, ProveError};
use deepshare_reference::party::{PartyError, Role};
use deepshare_reference::values::{BitDomain, RingVector};

/// All of them.
pub fn all() -> Vec<Lemma> {
    let gates = apply::all().chain(activation::all()).chain(affine::all());
    gates.chain(linear::all()).chain(transfer::all()).collect()
}

/// The equation of the sum of both parties' shares.
fn sum<D: BitDomain>(ended: [Ended<D>; 2], expected: D::Ring) -> Result<Equation<D::Ring>, ProveError> {
    let [Some(y0), Some(y1)] = ended.map(|party| party.share) else { return Err(missing().into()) };
    Ok(Equation { found: y0.add(&y1)?, expected })
}

/// A party without a share.
fn missing() -> PartyError {
    PartyError::Misuse { role: Role::Trusted, what: "a share is missing".into() }
}
