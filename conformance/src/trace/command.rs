//! `deepshare trace`.

use super::{matrix, page};
use crate::error::CliError;
use crate::files;
use crate::output::{count, print};
use clap::Args;
use std::path::PathBuf;

/// Arguments of `trace`.
#[derive(Debug, Args)]
pub struct TraceArgs {
    /// The project's top folder
    #[arg(value_name = "DIR", default_value = ".")]
    root: PathBuf,
    /// Write the matrix to this file, as a chapter of the book
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Writes the matrix, and lists the gaps.
///
/// # Errors
/// [`CliError`]: a file that cannot be read or written, or a gap.
pub fn trace(args: &TraceArgs) -> Result<(), CliError> {
    let matrix = matrix(&args.root)?;
    let text = page(&matrix);
    match &args.output {
        Some(file) => files::write(file, &text)?,
        None => print(&text)?,
    }
    let gaps = matrix.gaps();
    let [first, ..] = gaps.as_slice() else { return Ok(()) };
    print(&format!("{}\n", gaps.join("\n")))?;
    Err(CliError::Untraced { what: format!("{}; the first is {first}", count(gaps.len() as u64, "gap")) })
}
