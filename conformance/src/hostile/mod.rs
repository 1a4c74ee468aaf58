//! Hostile peers: one role of a backend replaced by one that sends something else at one place, and the honest parties
//! held to what the specification says about it. [DS-HOSTILE-1]
//!
//! The parts: [`kind`] names the mutations and [`mutate`] makes them; [`oracle`] reads the specification, independently of
//! the reference; [`medium`] carries a mutation out; [`case`] examines how the honest parties ended; [`campaign`] runs
//! many; [`fault`] plants broken receivers, to show that the harness notices them.

pub mod backend;
pub mod campaign;
pub mod case;
pub mod dice;
pub mod fault;
pub mod kind;
pub mod medium;
pub mod mutate;
pub mod oracle;
pub mod record;
pub mod totals;

pub use backend::Backend;
pub use campaign::Campaign;
pub use case::Failure;
pub use fault::Fault;
pub use totals::{Offence, Totals};
