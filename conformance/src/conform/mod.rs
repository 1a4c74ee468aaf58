//! The harness: an implementation behind an adapter, asked case by case, and what it has earned. [DS-ADAPT-7]

mod bits;
pub(crate) mod book;
pub mod claims;
pub mod command;
pub mod compare;
mod decoded;
mod details;
pub mod earned;
mod forms;
mod frames;
pub mod html;
pub mod json;
pub mod junit;
mod places;
mod process;
mod relations;
pub mod run;
pub mod session;
mod tail;
pub mod text;
mod tree;
pub mod verdict;

pub use compare::compare;
pub use verdict::{Failure, Kind, Verdict};

#[cfg(test)]
pub(crate) mod tests;
