//! The real gate, backend `garbled`: P0 garbles, P1 evaluates.
//!
//! ```text
//! open    carry into the top bit of x0 + x1 by one garbled chain over the low k-1 bits (`primitives::garbling`);
//!         d = not (msb(x0) xor msb(x1) xor carry): the top bits are XOR-ed in locally, outside the circuit; permute bit
//!         and colour of the carry are its shares; in the same messages one COT each way is prepared
//! apply   as in `ot`
//! ```
//! [DS-GC-30] [DS-OT-31] [DS-OT-32]

use super::ot::{both_ways, gates, low_and_top};
use crate::party::PartyError;
use crate::plan::StepConvention;
use crate::primitives::garbling::{Carries, compare};
use crate::primitives::ot::RingOf;
use crate::values::RingVector;

pub use super::ot::{Gates, apply};

/// Opens gates on x. Two rounds. [DS-GC-30]
///
/// # Errors
/// What garbling and the OTs report.
pub async fn open<G: Carries>(garbling: &mut G, step: StepConvention, x: &RingOf<G>) -> Result<Gates<G>, PartyError> {
    let (low, top) = low_and_top(garbling, step, x)?;
    let compared = compare(garbling, low, None, both_ways(x.len())).await?;
    gates(garbling, &top, compared)
}
