//! Mistakes in the protocols and what they stand on: coins, frames, roles.

mod arrival;
mod frames;
mod hashes;
mod keys;
mod messages;
mod payloads;
mod roles;

use super::Fault;
use crate::steps::Steps;
use crate::steps::protocol::ProtocolSteps;

/// The faults of this part.
pub(super) fn all() -> impl Iterator<Item = &'static Fault> {
    let areas = [
        frames::FAULTS,
        arrival::FAULTS,
        hashes::FAULTS,
        keys::FAULTS,
        messages::FAULTS,
        payloads::FAULTS,
        roles::FAULTS,
    ];
    areas.into_iter().flatten()
}

/// An implementation whose protocols have a mistake.
struct Protocol<T>(T);

impl<T: ProtocolSteps> Steps for Protocol<T> {
    fn protocol(&self) -> &dyn ProtocolSteps {
        &self.0
    }
}
