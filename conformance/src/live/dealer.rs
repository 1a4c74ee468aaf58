//! `deepshare dealer`: gives the two parties of one session their random material.

use super::options::{self, DEALER_ADDRESS, MAX_IMAGES, MAX_SECONDS, argument};
use super::party::public_part;
use super::report::Report;
use crate::error::CliError;
use crate::files;
use crate::seed::UserSeed;
use clap::Args;
use deepshare_reference::backend::live::{self, LiveSession};
use deepshare_reference::network::inference::Inference;
use deepshare_reference::party::Role;
use deepshare_reference::party::tcp::deal;
use deepshare_reference::party::transcript::Transcript;
use std::path::PathBuf;
use std::time::Duration;

/// The options of the dealer.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Example:\n  deepshare dealer --public public.json --listen 127.0.0.1:7879")]
pub struct DealerArgs {
    /// The public part of the server's network, or - for standard input
    #[arg(long, value_name = "FILE")]
    pub public: PathBuf,
    /// Listen for the parties; port 0 picks a port
    #[arg(long, value_name = "ADDR", default_value = DEALER_ADDRESS)]
    pub listen: String,
    /// The protocols
    #[arg(long, value_name = "NAME", default_value = "gmw", value_parser = options::backend_names())]
    pub backend: String,
    /// The most images that it deals for
    #[arg(long, value_name = "N", default_value_t = MAX_IMAGES, value_parser = clap::value_parser!(u32).range(1..))]
    pub max_images: u32,
    /// The longest that a party may take for each step, and to take a frame
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..=MAX_SECONDS))]
    pub timeout: u64,
    /// Seed of the dealer's coins, for tests: 2 to 64 hexadecimal digits [default: from the operating system]
    #[arg(long, value_name = "HEX")]
    pub seed: Option<String>,
    /// Print one JSON object instead of words
    #[arg(long)]
    pub json: bool,
}

/// Deals for one session.
///
/// # Errors
/// [`CliError`]: bad files or arguments, or [`CliError::Session`]; then nothing is printed.
pub fn dealer(args: &DealerArgs) -> Result<(), CliError> {
    let backend = options::backend(&args.backend)?;
    if !backend.needs_dealer {
        return Err(argument(format!("--backend {}", backend.name), "it has no dealer"));
    }
    let seed = UserSeed::from_option(args.seed.as_deref())?.seed();
    let limit = Duration::from_secs(args.timeout);
    let network = files::public_part(&args.public)?;
    let listener = options::listen(Role::Trusted, &options::addresses("--listen", &args.listen)?)?;
    let part = |images| public_part(&network, backend, images);
    let dealing = deal(listener, part, args.max_images, limit).map_err(CliError::Session)?;

    let (agreed, connections) = (dealing.agreed, dealing.connections);
    let images = agreed.images;
    let program = Inference::new(&network, usize::try_from(images).unwrap_or(usize::MAX));
    let session = LiveSession { backend, agreed, connections, seed: &seed, limit, transcript: Transcript::default() };
    let finished = live::dealer(&program, session).map_err(CliError::Session)?;
    drop(dealing.keep_out);
    let report = Report { role: Role::Trusted, backend, network: &network, images, shown: None, finished: &finished };
    report.print(args.json)
}
