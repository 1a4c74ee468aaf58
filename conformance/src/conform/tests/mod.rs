//! Tests of the comparison, of what is earned by it, and of the reports.

mod compare;
mod earned;
pub mod fixture;
#[cfg(unix)]
mod process;
mod relations;
mod reports;
mod session;
