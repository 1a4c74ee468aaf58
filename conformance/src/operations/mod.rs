//! The operations that vectors are made of, computed by the reference step by step. [DS-VEC-7]
//!
//! An operation is small steps of [`Steps`](crate::steps::Steps), each a call of the reference, and notes what each step
//! gave. The default steps are right; a fault is another implementation of one of them.

mod answer;
mod registry;

mod drelu;
mod truncation;

pub use answer::{Answer, Refusal, Trace};
pub use registry::{Entry, Operation, find, names, run};
