//! Values and their domains: rings, bit planes, shapes, integers.

mod error;
pub(crate) mod json;
mod tensor;
mod width;

pub use error::ValueError;
pub use json::JsonError;
pub use tensor::Shape;
pub use width::Width;
