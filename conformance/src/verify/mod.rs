//! Every input and every coin: exact counts of views in the real world and against the simulators. [DS-EXH-1]
//!
//! [`protocol`] says what a protocol is here, [`check`] enumerates and compares, [`registry`] lists what is checked,
//! [`leaks`] plants defects that must be found, [`command`] is `deepshare verify`.

pub mod calls;
pub mod check;
pub mod command;
pub mod error;
pub mod gates;
pub mod joint;
pub mod leaks;
pub mod pieces;
pub mod protocol;
pub mod quotients;
pub mod registry;
pub mod scripted;
pub mod tape;
pub mod world;
