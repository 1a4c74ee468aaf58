//! `deepshare adapter`: the reference as an adapter, right or with a fault of the fault library.

use super::serve::{described, serve};
use crate::error::CliError;
use crate::faults;
use crate::output::{print, table};
use crate::printable::Name;
use crate::steps::{Right, Steps};
use clap::Args;
use std::io::ErrorKind;

/// Arguments of `adapter`.
#[derive(Debug, Args)]
pub struct AdapterArgs {
    /// Be an implementation with this mistake
    #[arg(long, value_name = "NAME")]
    fault: Option<String>,
    /// List all mistakes, and end
    #[arg(long, conflicts_with = "fault")]
    list_faults: bool,
    /// Print the JSON Schema of requests and answers, and end
    #[arg(long, conflicts_with_all = ["fault", "list_faults"])]
    schema: bool,
}

/// Answers requests on standard input until it ends.
///
/// # Errors
/// [`CliError::Argument`] for a fault that does not exist; standard input or output that fails.
pub fn adapter(args: &AdapterArgs) -> Result<(), CliError> {
    if args.schema {
        return print(&super::schema_text());
    }
    if args.list_faults {
        let row = |fault: &faults::Fault| [fault.name, fault.clause, fault.mistake].map(str::to_owned).to_vec();
        return print(&table("<<<", &["fault", "clause", "mistake"], faults::all().map(row).collect()));
    }
    let steps: &dyn Steps = match &args.fault {
        Some(name) => faults::find(name).ok_or_else(|| unknown(name))?.steps,
        None => &Right,
    };
    let claims = described(args.fault.as_deref());
    serve(steps, &claims, std::io::stdin().lock(), std::io::stdout().lock()).map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => CliError::BrokenPipe,
        _ => CliError::Stdout(error),
    })
}

fn unknown(name: &str) -> CliError {
    let rule = "there is no such fault; `deepshare adapter --list-faults` lists all".to_owned();
    CliError::Argument { argument: Name(format!("--fault {name}")), rule }
}
