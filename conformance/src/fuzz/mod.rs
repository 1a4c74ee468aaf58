//! What fuzz targets do with their bytes. A target decodes them, runs an oracle and panics with what that reports; the
//! same functions replay the corpora in tests. [DS-FUZZ-6] [DS-FUZZ-7]

mod definition;
pub mod error;
mod hostile;
mod parsers;
mod pieces;
mod protocol;
pub mod replay;

pub use error::Finding;

/// How far an input came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It is of the kind that the target reads, and everything was run and compared.
    Ran,
    /// It is refused, with a typed error.
    Refused,
}

/// What a target makes of an input.
pub type Found = Result<Reach, Finding>;

/// A fuzz target.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The name: of the program in `fuzz/fuzz_targets` and of the folder in `fuzz/corpora`.
    pub name: &'static str,
    /// What it holds against what.
    pub about: &'static str,
    /// How many of a hundred inputs of its corpus are of its kind, and run, at least.
    pub least: usize,
    /// Runs it on an input.
    pub run: fn(&[u8]) -> Found,
}

/// A target on cases or numbers: all bytes are of its kind.
const fn target(name: &'static str, about: &'static str, run: fn(&[u8]) -> Found) -> Target {
    Target { name, about, least: 100, run }
}

/// A target on what may be refused.
const fn refusing(name: &'static str, about: &'static str, run: fn(&[u8]) -> Found) -> Target {
    Target { name, about, least: 10, run }
}

/// All targets.
pub const TARGETS: &[Target] = &[
    target("codec", "a case and what is written of it", protocol::codec),
    target("semantics", "both plaintext semantics and the definitions", protocol::semantics),
    target("ideal", "the trusted party and the ring semantics", protocol::ideal),
    target("gmw", "the parties of gmw and the ring semantics", protocol::gmw),
    target("ot", "the parties of ot, on ideal OTs, and the ring semantics", protocol::ot),
    target("ot_dealer", "the parties of ot-dealer, on ideal base OTs, and the ring semantics", protocol::ot_dealer),
    target("ot_extension", "the parties of ot, on ideal base OTs, and the ring semantics", protocol::ot_extension),
    target("ot_real", "the parties of ot, from base OTs up, and the ring semantics", protocol::ot_real),
    target("fss", "the parties of fss, on ideal keys, and the ring semantics", protocol::fss),
    target("fss_select", "the parties of fss-select, on ideal keys, and the ring semantics", protocol::fss_select),
    target("fss_keys", "the parties of fss and fss-select, with real keys, and the ring semantics", protocol::fss_keys),
    target("garbled", "the parties of garbled, on ideal OTs, and the ring semantics", protocol::garbled),
    target(
        "garbled_extension",
        "the parties of garbled, on ideal base OTs, and the ring semantics",
        protocol::garbled_extension,
    ),
    target("truncation", "truncation on integers, on the ring and in backends", pieces::truncation),
    target("dcf", "shares of a comparison function and the comparison", pieces::dcf),
    refusing("keys", "bytes as comparison keys", pieces::keys),
    refusing("hostile", "honest parties beside a hostile one, and the specification", hostile::hostile),
    refusing("plan_file", "bytes as a plan file", parsers::plan_file),
    refusing("network_file", "bytes as a network file", parsers::network_file),
    refusing("input_file", "bytes as an input file", parsers::input_file),
    refusing("vector_file", "bytes as a vector file", parsers::vector_file),
    refusing("adapter_line", "bytes as a request to an adapter", parsers::adapter_line),
    refusing("operations", "a request to an adapter, and its answer's form", parsers::operations),
    refusing("adapter_stream", "bytes as an adapter's answers", parsers::adapter_stream),
    refusing("frame", "bytes as a frame", parsers::frame),
];

/// The target of a name.
pub fn named(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}

/// Runs the target of a name on an input.
///
/// # Panics
/// With what the oracle reports. Only fuzz targets and tests call this.
#[allow(clippy::panic, reason = "a fuzzer knows a finding by its panic")]
pub fn check(name: &str, bytes: &[u8]) {
    let Some(target) = named(name) else { panic!("there is no target {name}") };
    if let Err(finding) = (target.run)(bytes) {
        panic!("{name}: {finding}");
    }
}
