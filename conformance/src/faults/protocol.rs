//! Mistakes in the protocols and what they stand on: coins, frames, roles.

use super::Fault;

/// The faults of this part.
pub(super) const FAULTS: &[Fault] = &[];
