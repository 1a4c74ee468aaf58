//! The `deepshare` command: a demonstration on real images, inference on a user's files, plans, networks, transcripts,
//! parties in processes of their own, hostile peers.
//!
//! Everything that is printed is computed by `deepshare-reference`; this crate reads files, runs worlds side by side,
//! compares, and reports. Exit codes: 0 success, 1 results that differ or a party that fails, 2 bad input.

pub mod adapter;
pub mod case;
pub mod cli;
pub mod conform;
pub mod cost;
pub mod demo;
pub mod error;
pub mod faults;
pub mod files;
pub mod fuzz;
pub mod hostile;
pub mod hostile_cmd;
pub mod live;
pub mod models;
pub mod network_cmd;
pub mod operations;
pub mod output;
pub mod outputs;
pub mod plan_cmd;
pub mod printable;
pub mod prove;
pub mod run_cmd;
pub mod seed;
pub mod statistics;
pub mod steps;
pub mod trace;
pub mod transcript_cmd;
pub mod vectors;
pub mod verify;
pub mod verify_cmd;
pub mod worlds;
pub mod zoo;

pub use cli::main;
