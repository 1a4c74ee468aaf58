//! Values and their domains: rings, bit planes, shapes, integers.

pub mod bits;
mod domain;
mod error;
pub mod integer;
pub(crate) mod json;
mod linear_map;
mod plane;
mod ranges;
mod ring;
mod shapes;
mod tensor;
mod terms;
mod width;
mod window;

pub use domain::{BitDomain, BitPlane, Domain, RingVector};
pub use error::ValueError;
pub use json::JsonError;
pub use linear_map::LinearMap;
pub use plane::Plane;
pub use ranges::{Ranges, Split};
pub use ring::{Concrete, Ring};
pub use shapes::{ShapePlane, ShapeRing, Shapes};
pub use tensor::Shape;
pub use terms::Terms;
pub use width::Width;
pub use window::Window;

/// Checks that two lengths agree.
fn check_len(left: usize, right: usize) -> Result<(), ValueError> {
    if left == right { Ok(()) } else { Err(ValueError::Length { left, right }) }
}

/// Checks that runs of (length, factor) cover exactly `len` elements.
fn check_runs(runs: &[(usize, u64)], len: usize) -> Result<(), ValueError> {
    let covered = runs.iter().fold(0_usize, |sum, &(run, _)| sum.saturating_add(run));
    if covered == len { Ok(()) } else { Err(ValueError::Length { left: covered, right: len }) }
}

/// len * each * times, if it fits.
fn repeated_len(len: usize, each: usize, times: usize) -> Result<usize, ValueError> {
    let product = len.checked_mul(each).and_then(|n| n.checked_mul(times));
    let fits = product.filter(|&n| n <= isize::MAX.cast_unsigned() / 8);
    fits.ok_or(ValueError::OutOfRange { start: each, len: times, available: len })
}
