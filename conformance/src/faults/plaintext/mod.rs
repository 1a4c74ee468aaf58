//! Mistakes in what is computed in the clear.

mod activation;
mod carry;
mod gates;
mod linear;
mod makers;
mod networks;
mod packing;
mod plans;
mod values;

use super::Fault;

/// The faults of this part.
pub(super) fn all() -> impl Iterator<Item = &'static Fault> {
    let areas = [
        values::FAULTS,
        packing::FAULTS,
        gates::FAULTS,
        carry::FAULTS,
        activation::FAULTS,
        linear::FAULTS,
        plans::FAULTS,
        makers::FAULTS,
        networks::FAULTS,
    ];
    areas.into_iter().flatten()
}
