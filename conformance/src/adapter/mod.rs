//! The line protocol between the harness and an implementation, and the reference as an adapter. [DS-ADAPT-1]

pub mod command;
pub mod error;
pub mod protocol;
mod schema;
pub mod serve;

pub use schema::text as schema_text;

/// The version of the line protocol.
pub const PROTOCOL: &str = "deepshare-adapter/1";

/// The most bytes of one line; a longer one is a flood. [DS-ADAPT-6]
pub const LINE_BYTES: usize = 64 << 20;

/// The request that every adapter is asked first.
pub const DESCRIBE: &str = "describe";

#[cfg(test)]
mod tests;
