//! Everything that can go wrong in the command, with its exit code and its stable code.

use crate::adapter::error::AdapterError;
use crate::case::CaseError;
use crate::cost::error::CostError;
use crate::printable::Name;
use crate::prove::ProveError;
use crate::vectors::error::VectorError;
use crate::verify::error::VerifyError;
use deepshare_reference::network::semantics::SemanticsError;
use deepshare_reference::network::{InputError, NetworkError};
use deepshare_reference::party::PartyError;
use deepshare_reference::plan::{MakerError, PlanFileError};
use deepshare_reference::values::{Shape, ValueError};

/// An error of the command. Its text names the file, the place in it and the rule.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CliError {
    /// There is no such file.
    #[error("{file}: there is no such file")]
    Missing {
        /// The file.
        file: Name,
    },
    /// A word that names neither a file nor a built-in network.
    #[error("{name}: there is no such file, and no such built-in network; there are {names}")]
    UnknownNetwork {
        /// The word.
        name: Name,
        /// The built-in networks.
        names: String,
    },
    /// A directory where a file is expected.
    #[error("{file}: this is a directory; name a file")]
    Directory {
        /// The directory.
        file: Name,
    },
    /// A file that cannot be read.
    #[error("{file}: cannot be read: {reason}")]
    Unreadable {
        /// The file.
        file: Name,
        /// What the operating system says.
        reason: std::io::Error,
    },
    /// A file above the limit of all formats. [DS-FILE-2]
    #[error("{file}: the file has {bytes} bytes or more; the limit is 64 MiB (67108864 bytes)")]
    TooLarge {
        /// The file.
        file: Name,
        /// Its size, or how much of it was read.
        bytes: u64,
    },
    /// A file that is not UTF-8. [DS-FILE-1]
    #[error("{file}: line {line}: byte {byte} of the file is not UTF-8; files are UTF-8 JSON")]
    NotUtf8 {
        /// The file.
        file: Name,
        /// The line, from 1.
        line: usize,
        /// The offset of the first bad byte, from 0.
        byte: usize,
    },
    /// A file that cannot be written; nothing is left behind.
    #[error("{file}: cannot be written: {reason}; nothing was written")]
    Unwritable {
        /// The file.
        file: Name,
        /// What the operating system says.
        reason: std::io::Error,
    },
    /// A file that is no valid plan.
    #[error("{file}: {source}")]
    Plan {
        /// The file.
        file: Name,
        /// The place and the rule.
        source: PlanFileError,
    },
    /// A file that is no valid network, or a network that does not fit a width.
    #[error("{file}: {source}")]
    Network {
        /// The file.
        file: Name,
        /// The place and the rule.
        source: NetworkError,
    },
    /// A network that does not fit the width asked for.
    #[error("{file}: --width {width}: {source}; use a larger width")]
    NetworkWidth {
        /// The file or model.
        file: Name,
        /// The width in bits.
        width: u32,
        /// The place and the rule.
        source: NetworkError,
    },
    /// A file that is no valid list of inputs.
    #[error("{file}: {source}")]
    Input {
        /// The file.
        file: Name,
        /// The place and the rule.
        source: InputError,
    },
    /// Inputs of another shape or scale than the network takes.
    #[error(
        "{file}: shape {found} at scale {found_scale}: the network takes shape {expected} at scale {expected_scale}"
    )]
    InputType {
        /// The input file.
        file: Name,
        /// Its shape.
        found: Shape,
        /// Its scale, in fraction bits.
        found_scale: u32,
        /// The network's shape.
        expected: Shape,
        /// The network's scale, in fraction bits.
        expected_scale: u32,
    },
    /// An input file without images where one is needed.
    #[error("{file}: images: the list is empty; give at least one image")]
    NoImages {
        /// The input file.
        file: Name,
    },
    /// A network without weights where they are needed.
    #[error("{file}: the network is shape-only or a public part: it has no weights to run; give the whole network")]
    ShapeOnly {
        /// The network file.
        file: Name,
    },
    /// A network file where only its public part may be given.
    #[error(
        "{file}: this is not the public part of a network, and nobody but the server may have its weights: run `deepshare network public {file} --output P` and give P"
    )]
    NotPublic {
        /// The network file.
        file: Name,
    },
    /// The plaintext semantics has no value where one is needed.
    #[error("{file}: images[{image}]: {source}")]
    Semantics {
        /// The input file.
        file: Name,
        /// The image.
        image: usize,
        /// The place and the rule.
        source: SemanticsError,
    },
    /// A plan that cannot be made.
    #[error("{place}: {source}")]
    Maker {
        /// The file or option that the shapes come from.
        place: Name,
        /// The rule.
        source: MakerError,
    },
    /// A plan file for other layers than the network's.
    #[error(
        "{plan}: the plan does not fit the network {network}: {source}; `deepshare plan make stage --network {network}` makes one that does"
    )]
    PlanMisfit {
        /// The plan file.
        plan: Name,
        /// The network.
        network: Name,
        /// The place and the rule.
        source: Box<NetworkError>,
    },
    /// A network that cannot be costed.
    #[error("{network}: {source}")]
    Cost {
        /// The network.
        network: Name,
        /// The place and the rule.
        source: CostError,
    },
    /// A plot that cannot be drawn.
    #[error("{network}: no plot: {what}")]
    Plot {
        /// The network.
        network: Name,
        /// Why.
        what: String,
    },
    /// An argument that is out of range or does not fit the others.
    #[error("{argument}: {rule}")]
    Argument {
        /// The argument as it was given.
        argument: Name,
        /// The rule, and what to do.
        rule: String,
    },
    /// A plan that is too large to run value by value.
    #[error(
        "{file}: the plan has {elements} elements; a transcript with values is made for at most {limit}; use `deepshare plan count`, which needs no run"
    )]
    TooManyElements {
        /// The plan file.
        file: Name,
        /// Elements of all layers.
        elements: u64,
        /// The limit.
        limit: u64,
    },
    /// A value that the reference rejects.
    #[error("{place}: {source}")]
    Value {
        /// Where.
        place: Name,
        /// The rule.
        source: ValueError,
    },
    /// A run that failed.
    #[error("world {world}: {source}")]
    Party {
        /// The world.
        world: &'static str,
        /// Who failed at which step, and why.
        source: PartyError,
    },
    /// A session between processes that failed.
    #[error("{0}")]
    Session(PartyError),
    /// Results that differ between worlds.
    #[error("MISMATCH: {what}")]
    Mismatch {
        /// Which results of which worlds.
        what: String,
    },
    /// A hostile peer made an honest party do what it may not. [DS-HOSTILE-2]
    #[error("HOSTILE PEER: {what}")]
    Hostile {
        /// Backend, mutation, what was wrong, and how to repeat it.
        what: String,
    },
    /// Real and ideal world differ in an enumeration, or a planted leak survives. [DS-EXH-1]
    #[error("{found}")]
    Exhaustive {
        /// What is found, or what is not.
        found: String,
    },
    /// An enumeration that makes no statement.
    #[error("verify: {0}")]
    Verify(#[from] VerifyError),
    /// A statistical check finds something, or a planted defect is not found. [DS-SIM-4]
    #[error("STATISTICS: {found}")]
    Statistics {
        /// What is found where, and how improbable it is.
        found: String,
    },
    /// A folder or file of vectors that a reader rejects. [DS-VEC-9]
    #[error("{0}")]
    Vectors(#[from] VectorError),
    /// A file that is no case.
    #[error("{file}: {source}")]
    Case {
        /// The file.
        file: Name,
        /// What is wrong with it.
        source: CaseError,
    },
    /// Inputs of a fuzz target on which two worlds differ, or that end as they may not. [DS-FUZZ-10]
    #[error("FINDINGS: {count} inputs; those above")]
    Findings {
        /// How many.
        count: usize,
    },
    /// The reference does not give what the vectors say.
    #[error("VECTORS: {what}")]
    VectorsDiffer {
        /// Which cases, and what to do.
        what: String,
    },
    /// An adapter that cannot be asked anything. [DS-ADAPT-6]
    #[error("--adapter {command}: {source}{said}")]
    Adapter {
        /// The command line.
        command: Name,
        /// Why.
        source: AdapterError,
        /// What it said on standard error.
        said: String,
    },
    /// An implementation that failed a case, or passed none. [DS-ADAPT-7]
    #[error("CONFORMANCE: {what}")]
    Conformance {
        /// How many cases, and the first.
        what: String,
    },
    /// A proof that cannot be carried out. [DS-PROVE-4]
    #[error("{0}")]
    Prove(#[from] ProveError),
    /// A lemma that is not proved, or a planted fault that is not refuted. [DS-PROVE-4]
    #[error("PROOFS: {what}")]
    Unproved {
        /// Which.
        what: String,
    },
    /// A clause without code, test, case or fault, or an exemption that is not needed.
    #[error("TRACE: {what}")]
    Untraced {
        /// How many gaps, and the first.
        what: String,
    },
    /// Standard output that cannot be written.
    #[error("standard output: cannot be written: {0}")]
    Stdout(std::io::Error),
    /// Nobody reads standard output any more. It is not an error.
    #[error("standard output is closed")]
    BrokenPipe,
}

impl CliError {
    /// The stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            CliError::Missing { .. } => "file/missing",
            CliError::UnknownNetwork { .. } => "cli/unknown-network",
            CliError::Directory { .. } => "file/directory",
            CliError::Unreadable { .. } => "file/unreadable",
            CliError::TooLarge { .. } => "json/too-large",
            CliError::NotUtf8 { .. } => "file/not-utf8",
            CliError::Unwritable { .. } => "file/unwritable",
            CliError::Plan { source, .. } => source.code(),
            CliError::Network { source, .. } | CliError::NetworkWidth { source, .. } => source.code(),
            CliError::PlanMisfit { source, .. } => source.code(),
            CliError::Cost { source, .. } => source.code(),
            CliError::Plot { .. } => "cli/plot",
            CliError::Input { source, .. } => source.code(),
            CliError::InputType { .. } => "input/type",
            CliError::NoImages { .. } => "input/no-images",
            CliError::ShapeOnly { .. } => "semantics/no-weights",
            CliError::NotPublic { .. } => "cli/not-public",
            CliError::Semantics { source, .. } => source.code(),
            CliError::Maker { source, .. } => source.code(),
            CliError::Argument { .. } => "cli/argument",
            CliError::TooManyElements { .. } => "transcript/too-many-elements",
            CliError::Value { source, .. } => source.code(),
            CliError::Party { source, .. } | CliError::Session(source) => source.code(),
            CliError::Mismatch { .. } => "cli/mismatch",
            CliError::Hostile { .. } => "cli/hostile",
            CliError::Statistics { .. } => "cli/statistics",
            CliError::Exhaustive { .. } => "cli/exhaustive",
            CliError::Verify(VerifyError::NoCase { .. }) => "cli/argument",
            CliError::Verify(_) => "cli/verify",
            CliError::Vectors(source) => source.code(),
            CliError::Case { source, .. } => source.code(),
            CliError::Findings { .. } => "cli/findings",
            CliError::VectorsDiffer { .. } => "cli/vectors-differ",
            CliError::Adapter { source, .. } => source.code(),
            CliError::Conformance { .. } => "cli/conformance",
            CliError::Prove(source) => source.code(),
            CliError::Unproved { .. } => "cli/unproved",
            CliError::Untraced { .. } => "cli/untraced",
            CliError::Stdout(_) | CliError::BrokenPipe => "cli/stdout",
        }
    }

    /// The exit code of the process: 1 if results differ or a protocol failed, 2 for bad input.
    pub fn exit_code(&self) -> u8 {
        match self {
            CliError::BrokenPipe => 0,
            CliError::VectorsDiffer { .. } | CliError::Conformance { .. } | CliError::Unproved { .. } => 1,
            CliError::Untraced { .. } | CliError::Findings { .. } => 1,
            CliError::Mismatch { .. } | CliError::Hostile { .. } | CliError::Statistics { .. } => 1,
            CliError::Exhaustive { .. } => 1,
            CliError::Verify(VerifyError::NoCase { .. }) => 2,
            CliError::Verify(_) => 1,
            CliError::Party { .. } | CliError::Session(_) => 1,
            _ => 2,
        }
    }
}
