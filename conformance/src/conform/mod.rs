//! The harness: an implementation behind an adapter, asked case by case, and what it has earned. [DS-ADAPT-7]

mod bits;
pub mod compare;
mod decoded;
mod forms;
mod frames;
mod relations;
mod tree;
pub mod verdict;

pub use compare::compare;
pub use verdict::{Failure, Kind, Verdict};
