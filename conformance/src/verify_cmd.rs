//! `deepshare verify`: checks of what is claimed of privacy.

use crate::error::CliError;
use crate::statistics::command::{StatisticsArgs, statistics};
use crate::verify::command::{ExhaustiveArgs, exhaustive, planted};
use clap::Subcommand;

/// What is checked.
#[derive(Subcommand)]
pub enum VerifyCommand {
    /// Test what is claimed to look random, and real transcripts beside simulated ones
    Statistics(StatisticsArgs),
    /// Enumerate every input and every coin, and compare counts of real and simulated views
    Exhaustive(ExhaustiveArgs),
    /// Plant leaks and show that the enumeration finds each
    Leaks,
}

/// Checks.
///
/// # Errors
/// [`CliError`]: bad arguments, a role that fails, or a claim that does not hold.
pub fn verify(command: &VerifyCommand) -> Result<(), CliError> {
    match command {
        VerifyCommand::Statistics(args) => statistics(args),
        VerifyCommand::Exhaustive(args) => exhaustive(args),
        VerifyCommand::Leaks => planted(),
    }
}
