//! Conformance vectors: files, cases, generation, replay. [DS-VEC-1]

pub(crate) mod canonical;
pub mod case;
pub mod check;
pub mod command;
pub mod error;
pub mod file;
pub mod generate;
pub mod head;
pub mod kill_matrix;
pub mod release;
mod schema;
pub(crate) mod strict;
pub mod types;

/// The version of the format that this program writes. It reads all versions with the same first number.
pub const FORMAT: &str = "deepshare-vectors/1.0.0";

#[cfg(test)]
mod tests;
