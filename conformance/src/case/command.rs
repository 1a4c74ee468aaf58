//! `deepshare case`: shows cases, and turns bytes, JSON and vectors into each other. [DS-FUZZ-4] [DS-FUZZ-5]

use super::{Case, CaseError, convert, show, survey};
use crate::error::CliError;
use crate::files;
use crate::fuzz::{Target, replay};
use crate::output::print;
use crate::printable::Name;
use clap::{Subcommand, ValueEnum};
use deepshare_reference::party::Role;
use deepshare_reference::party::xof::{Label, Seed, xof};
use std::path::{Path, PathBuf};

/// What to do with a case.
#[derive(Subcommand)]
#[command(after_help = "Examples:\n  deepshare case show crash-0123\n  \
    deepshare case convert --from bytes --to json crash-0123 --output case.json\n  \
    deepshare case survey fuzz/corpora/gmw\n  \
    deepshare case replay gmw crash-0123")]
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
    /// Run inputs of a fuzz target again, without a fuzzer
    Replay {
        /// The target, such as gmw
        #[arg(value_parser = replay::argument)]
        target: &'static Target,
        /// The inputs, or folders of them
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
    /// Say what the cases of a corpus have in them: widths, layers, fan-out, use across layers, affine gates
    Survey {
        /// Folders of fuzzers' inputs, or such files; without any, 10,000 cases of random bytes
        paths: Vec<PathBuf>,
        /// Where random bytes come from: any text
        #[arg(long, default_value = "survey", conflicts_with = "paths")]
        seed: String,
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
        CaseCommand::Replay { target, paths } => replay::replay(target, paths),
        CaseCommand::Survey { paths, seed } if paths.is_empty() => print(&survey::text(&drawn(seed)?)),
        CaseCommand::Survey { paths, .. } => {
            let mut cases = Vec::new();
            for path in paths {
                for file in files::in_folder(path)? {
                    cases.push(decoded(files::name(&file), &files::read_bytes(&file)?)?);
                }
            }
            print(&survey::text(&cases))
        }
    }
}

/// Cases of random bytes, 8 to 263 of them.
fn drawn(seed: &str) -> Result<Vec<Case>, CliError> {
    let label = Label { protocol: "case", party: Role::Trusted, purpose: "survey" };
    let seed = Seed::from_user_bytes(seed.as_bytes());
    let case = |number: u64| {
        let mut bytes = [0; 264];
        xof(label, &seed, b"", number, &mut bytes);
        let [first, rest @ ..] = &bytes;
        let (used, _) = rest.split_at(8 + usize::from(*first));
        decoded(Name(format!("random bytes {number}")), used)
    };
    (0..10_000).map(case).collect()
}

/// The case that bytes of a name stand for, whatever they were meant to be.
fn decoded(file: Name, bytes: &[u8]) -> Result<Case, CliError> {
    Case::decode(bytes).map_err(|source| CliError::Case { file, source: CaseError::Network { source } })
}

/// The case of a file; bytes that somebody has meant to be another form are refused.
fn read(file: &Path, form: Form) -> Result<Case, CliError> {
    let failed = |source| CliError::Case { file: files::name(file), source };
    match form {
        Form::Bytes => {
            let bytes = files::read_bytes(file)?;
            convert::mistaken(&bytes).map_or_else(|| decoded(files::name(file), &bytes), |wrong| Err(failed(wrong)))
        }
        Form::Json => convert::from_json(&files::read(file)?).map_err(failed),
        Form::Vector => convert::from_vector(&files::read(file)?).map_err(failed),
    }
}
