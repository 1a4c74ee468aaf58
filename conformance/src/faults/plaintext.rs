//! Mistakes in what is computed in the clear.

use super::Fault;
use crate::steps::Steps;
use deepshare_reference::gate::drelu_ring;
use deepshare_reference::plan::StepConvention;
use deepshare_reference::values::Width;

/// The faults of this part.
pub(super) const FAULTS: &[Fault] = &[Fault {
    name: "bit-of-zero",
    mistake: "the DReLU of 0 is 0 under `nonnegative`",
    clause: "DS-DRELU-1",
    steps: &BitOfZero,
}];

struct BitOfZero;

impl Steps for BitOfZero {
    fn drelu(&self, width: Width, step: StepConvention, x: u64) -> bool {
        x != 0 && drelu_ring(width, step, x)
    }
}
