//! The command line.

use crate::adapter::command::{AdapterArgs, adapter};
use crate::case::command::{CaseCommand, case};
use crate::conform::command::{ConformArgs, conform};
use crate::cost::{CostArgs, cost};
use crate::demo::{DemoArgs, demo};
use crate::error::CliError;
use crate::hostile_cmd::{HostileArgs, hostile};
use crate::live::dealer::{DealerArgs, dealer};
use crate::live::party::{PartyArgs, party};
use crate::network_cmd::{NetworkCommand, network};
use crate::plan_cmd::{PlanCommand, plan};
use crate::printable::printable;
use crate::prove::command::{ProveArgs, prove};
use crate::run_cmd::{RunArgs, run};
use crate::trace::command::{TraceArgs, trace};
use crate::transcript_cmd::{TranscriptArgs, transcript};
use crate::vectors::command::{VectorsCommand, vectors};
use crate::verify_cmd::{VerifyCommand, verify};
use clap::{Parser, Subcommand};
use std::io::Write;
use std::process::ExitCode;

const EXAMPLES: &str = "\
Examples:
  deepshare                                    the demo: 360 images in all worlds, in minutes
  deepshare demo --model full --images 20      the same network without sharing, 20 images
  deepshare run --network net.json --input images.json
  deepshare plan make stage --prototypes 1 --network net.json --output plan.json
  deepshare plan count plan.json
  deepshare cost --network resnet18-cifar --plan stage
  deepshare transcript --backend gmw --width 8 --seed 00
  deepshare party --help                       a session between processes, in three terminals
  deepshare hostile --mutations 100000         hostile peers against every backend
  deepshare conform --adapter 'python3 my.py'  test your implementation against the vectors";

/// The reference of DeepShare: private inference in which channels share ReLU step bits (DReLUs).
///
/// A server with a network and a client with an image compute the network's output on secret shares.
/// The step bits of ReLUs are what costs; DeepShare computes them on prototype channels only, and the
/// other channels reuse them. This command runs such networks in the clear, with a trusted party and
/// over real two-party protocols, shows that all give the same numbers, and makes, checks and counts
/// sharing plans.
///
/// Without a command it runs the demo. Exit codes: 0 success, 1 results differ or a party failed,
/// 2 bad input.
#[derive(Parser)]
#[command(name = "deepshare", version, after_help = EXAMPLES, verbatim_doc_comment)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run a trained network on bundled images in all worlds and compare every number (the default)
    Demo(DemoArgs),
    /// Run your network on your inputs
    Run(RunArgs),
    /// Be the server or the client of a session over TCP
    Party(PartyArgs),
    /// Be the dealer of a session over TCP
    Dealer(DealerArgs),
    /// Check, count and make sharing plans
    #[command(subcommand)]
    Plan(PlanCommand),
    /// Check and show network files, and take their public part
    #[command(subcommand)]
    Network(NetworkCommand),
    /// Say what an inference costs under a sharing plan, for networks of any size
    Cost(CostArgs),
    /// Show every message of an activation layer, decoded and with its clause
    Transcript(TranscriptArgs),
    /// Send mutated, reordered, repeated or no frames to the parties of every backend
    Hostile(HostileArgs),
    /// Test an implementation: run its adapter against the conformance vectors, and report
    Conform(ConformArgs),
    /// Answer the harness's requests: the reference as an implementation under test
    Adapter(AdapterArgs),
    /// Prove for all inputs, shares and coins that the party programs compute the ring semantics
    Prove(ProveArgs),
    /// Generate, check and test the conformance vectors
    #[command(subcommand)]
    Vectors(VectorsCommand),
    /// Show cases of fuzzers and property tests, and turn them into JSON and vectors and back
    #[command(subcommand)]
    Case(CaseCommand),
    /// Check what is claimed of privacy
    #[command(subcommand)]
    Verify(VerifyCommand),
    /// Show for each clause of the book its code, tests, cases, faults and proofs; a gap is an error
    Trace(TraceArgs),
}

/// Reads the command line and does what it says.
pub fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    let parsed = match arguments.len() {
        0 | 1 => Cli::try_parse_from(["deepshare", "demo"]),
        _ => Cli::try_parse_from(arguments),
    };
    match parsed {
        Ok(cli) => finish(execute(&cli.command)),
        Err(error) => {
            // if standard output or error is closed, nobody is there to be told
            let _ = error.print();
            ExitCode::from(if error.use_stderr() { 2 } else { 0 })
        }
    }
}

fn execute(command: &Command) -> Result<(), CliError> {
    match command {
        Command::Demo(args) => demo(args),
        Command::Run(args) => run(args),
        Command::Party(args) => party(args),
        Command::Dealer(args) => dealer(args),
        Command::Plan(command) => plan(command),
        Command::Network(command) => network(command),
        Command::Cost(args) => cost(args),
        Command::Transcript(args) => transcript(args),
        Command::Hostile(args) => hostile(args),
        Command::Conform(args) => conform(args),
        Command::Adapter(args) => adapter(args),
        Command::Prove(args) => prove(args),
        Command::Vectors(command) => vectors(command),
        Command::Case(command) => case(command),
        Command::Verify(command) => verify(command),
        Command::Trace(args) => trace(args),
    }
}

/// Reports an error on one line of standard error.
fn finish(result: Result<(), CliError>) -> ExitCode {
    let Err(error) = result else { return ExitCode::SUCCESS };
    if error.exit_code() != 0 {
        let line = format!("deepshare: error: {} [{}]", printable(&error.to_string()), error.code());
        let _ = writeln!(std::io::stderr(), "{line}");
    }
    ExitCode::from(error.exit_code())
}
