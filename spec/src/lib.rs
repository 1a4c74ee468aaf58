//! The written specification.

#[doc = include_str!("plans.md")]
pub mod plans {}
