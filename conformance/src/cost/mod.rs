//! The cost explorer: what an inference costs under a sharing plan, in every world that has costs. [DS-COST-4]
//!
//! Nothing is computed by formulas here: the party programs are run over shapes, once for each distinct piece of the network,
//! and pieces are put together by the rules of [DS-COST-5].

pub mod clock;
pub mod command;
pub mod engine;
pub mod error;
pub mod explore;
pub mod json;
mod limits;
pub mod piece;
pub mod plan_spec;
pub mod plot;
pub mod program;
pub mod report;
pub mod spent;
pub mod systems;
pub mod units;

pub use command::{CostArgs, cost};
