//! Conformance vectors: files, cases, generation, replay. [DS-VEC-1]

pub mod case;
pub mod error;
pub mod file;
pub mod types;

/// The version of the format that this program writes, and of which it reads every second and third number.
pub const FORMAT: &str = "deepshare-vectors/1.0.0";
