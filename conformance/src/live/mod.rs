//! Parties in processes of their own, over TCP. [DS-LIVE-1]

pub mod dealer;
mod options;
pub mod party;
mod report;
