//! `deepshare verify`: checks of what is claimed of privacy.

use crate::error::CliError;
use crate::statistics::command::{StatisticsArgs, statistics};
use clap::Subcommand;

/// What is checked.
#[derive(Subcommand)]
pub enum VerifyCommand {
    /// Test what is claimed to look random, and real transcripts beside simulated ones
    Statistics(StatisticsArgs),
}

/// Checks.
///
/// # Errors
/// [`CliError`]: bad arguments, a role that fails, or a claim that does not hold.
pub fn verify(command: &VerifyCommand) -> Result<(), CliError> {
    match command {
        VerifyCommand::Statistics(args) => statistics(args),
    }
}
