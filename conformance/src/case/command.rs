//! `deepshare case`: shows cases, and turns bytes, JSON and vectors into each other. [DS-FUZZ-4] [DS-FUZZ-5]

use super::{Case, CaseError, convert, show};
use crate::error::CliError;
use crate::files;
use crate::output::print;
use clap::{Subcommand, ValueEnum};
use std::path::{Path, PathBuf};

/// What to do with a case.
#[derive(Subcommand)]
#[command(after_help = "Examples:\n  deepshare case show crash-0123\n  \
    deepshare case convert --from bytes --to json crash-0123 --output case.json")]
pub enum CaseCommand {
    /// Print a case as layers, plan and images
    Show {
        /// The file, such as a fuzzer's input, or - for standard input
        file: PathBuf,
        /// What the file is
        #[arg(long, value_enum, default_value_t = Form::Bytes)]
        from: Form,
    },
    /// Turn a case into another form
    Convert {
        /// The file, or - for standard input
        file: PathBuf,
        /// What the file is
        #[arg(long, value_enum)]
        from: Form,
        /// What it is turned into
        #[arg(long, value_enum)]
        to: Form,
        /// Where it is written
        #[arg(long, value_name = "FILE")]
        output: PathBuf,
    },
}

/// A form of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// What a fuzzer reads and writes: any bytes are a case
    Bytes,
    /// An object with a network file, images and a seed
    Json,
    /// A vector's case with the operation `network`: one image, no seed
    Vector,
}

/// Does it.
///
/// # Errors
/// [`CliError`] of reading and writing; [`CaseError`] for a file that is no case of that form.
pub fn case(command: &CaseCommand) -> Result<(), CliError> {
    match command {
        CaseCommand::Show { file, from } => print(&show::text(&read(file, *from)?)),
        CaseCommand::Convert { file, from, to, output } => {
            let case = read(file, *from)?;
            let failed = |source| CliError::Case { file: files::name(file), source };
            let bytes = match to {
                Form::Bytes => case.encode(),
                Form::Json => convert::to_json(&case).into_bytes(),
                Form::Vector => convert::to_vector(&case).map_err(failed)?.into_bytes(),
            };
            files::write_bytes(output, &bytes)
        }
    }
}

fn read(file: &Path, form: Form) -> Result<Case, CliError> {
    let case = match form {
        Form::Bytes => Case::decode(&files::read_bytes(file)?).map_err(|source| CaseError::Network { source }),
        Form::Json => convert::from_json(&files::read(file)?),
        Form::Vector => convert::from_vector(&files::read(file)?),
    };
    case.map_err(|source| CliError::Case { file: files::name(file), source })
}
