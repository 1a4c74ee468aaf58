//! The small steps that operations are made of. Each is a call of the reference or a formula of the specification. A fault is an implementation that gets one of them
//! wrong, as somebody might; the reference itself knows nothing of faults.

use deepshare_reference::gate::drelu_ring;
use deepshare_reference::plan::StepConvention;
use deepshare_reference::truncate::truncate_ring;
use deepshare_reference::values::{ValueError, Width};

/// The steps, right by default.
pub trait Steps {
    /// The DReLU of a ring element. [DS-DRELU-1] [DS-DRELU-2]
    fn drelu(&self, width: Width, step: StepConvention, x: u64) -> bool {
        drelu_ring(width, step, x)
    }

    /// floor(dec(x) / 2^shift). [DS-TRUNC-1]
    ///
    /// # Errors
    /// [`ValueError::Shift`] unless shift < k.
    fn truncate(&self, width: Width, x: u64, shift: u32) -> Result<u64, ValueError> {
        truncate_ring(width, x, shift)
    }
}

/// The steps as the specification has them.
#[derive(Clone, Copy, Debug)]
pub struct Right;

impl Steps for Right {}
