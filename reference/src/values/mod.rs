//! Values and their domains: rings, bit planes, shapes, integers.

mod error;
mod tensor;
mod width;

pub use error::ValueError;
pub use tensor::Shape;
pub use width::Width;
