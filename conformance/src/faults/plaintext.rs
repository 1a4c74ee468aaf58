//! Mistakes in what is computed in the clear.

use super::Fault;
use crate::steps::{Meaning, Right, Steps};
use deepshare_reference::plan::StepConvention;
use deepshare_reference::values::ValueError;

/// The faults of this part.
pub(super) const FAULTS: &[Fault] = &[Fault {
    name: "bit-of-zero",
    mistake: "the DReLU of 0 is 0 under `nonnegative`",
    clause: "DS-DRELU-1",
    steps: &BitOfZero,
}];

struct BitOfZero;

impl Steps for BitOfZero {
    fn drelu(&self, on: Meaning, step: StepConvention, x: i64) -> Result<bool, ValueError> {
        Ok(x != 0 && Right.drelu(on, step, x)?)
    }
}
