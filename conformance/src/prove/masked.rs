//! The bit of an element that is opened under a mask, as the chapter has it. [DS-FSS-11]

use deepshare_reference::plan::StepConvention;
use deepshare_reference::values::{BitDomain, BitPlane, RingVector, ValueError};

/// s xor t xor [y < r'], from x^ = x + r and r: s = not msb(x^), t = msb(r), y and r' the other bits; under `positive` of
/// x^ - 1. The comparison is the caller's.
///
/// # Errors
/// [`ValueError::Length`]; what the comparison reports.
pub fn bit_of_masked<D: BitDomain>(
    step: StepConvention,
    hidden: &D::Ring,
    r: &D::Ring,
    below: impl Fn(&[D::Plane], &[D::Plane]) -> Result<D::Plane, ValueError>,
) -> Result<D::Plane, ValueError> {
    let less = if step == StepConvention::Positive { u64::MAX } else { 0 };
    let (mut hidden, mut r) = (D::bits(&hidden.offset(less)), D::bits(r));
    let missing = || ValueError::Length { left: 0, right: 1 };
    let (top, t) = (hidden.pop().ok_or_else(missing)?, r.pop().ok_or_else(missing)?);
    top.not().xor(&t)?.xor(&below(&hidden, &r)?)
}
