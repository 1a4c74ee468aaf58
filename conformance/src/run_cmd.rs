//! `deepshare run`: private inference on a user's network and inputs.

use crate::demo::{at_width, overflow_json};
use crate::error::CliError;
use crate::files;
use crate::output::{count, print, print_json, table, thousands};
use crate::outputs::Outputs;
use crate::printable::printable;
use crate::seed::UserSeed;
use crate::worlds::{self, Baseline, Difference, Results, World, compare};
use clap::Args;
use deepshare_reference::network::{Images, Network};
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::PathBuf;

/// The options of an inference.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Example:\n  deepshare run --network net.json --input images.json --backend all")]
pub struct RunArgs {
    /// Network file (deepshare-network/1), or - for standard input
    #[arg(long, value_name = "FILE")]
    pub network: PathBuf,
    /// Input file (deepshare-input/1), or - for standard input
    #[arg(long, value_name = "FILE")]
    pub input: PathBuf,
    /// The world to run
    #[arg(long, value_name = "NAME", default_value = "gmw", value_parser = worlds::names(true))]
    pub backend: String,
    /// Seed of all randomness, 2 to 64 hexadecimal digits [default: from the operating system]
    #[arg(long, value_name = "HEX")]
    pub seed: Option<String>,
    /// Ring width in bits, 2 to 64 [default: the network's]
    #[arg(long, value_name = "K")]
    pub width: Option<u64>,
    /// Print one JSON object instead of words
    #[arg(long)]
    pub json: bool,
}

/// One world's results with their difference from the plaintext.
type Row = (World, Results, Difference);

/// Runs an inference.
///
/// # Errors
/// [`CliError`]: bad files or arguments, or [`CliError::Mismatch`] after the results were printed.
pub fn run(args: &RunArgs) -> Result<(), CliError> {
    let selected = worlds::select(&args.backend)?;
    let seed = UserSeed::from_option(args.seed.as_deref())?;
    let file = files::name(&args.network);
    let network = at_width(file.clone(), files::network(&args.network)?, args.width)?;
    if network.is_shape_only() {
        return Err(CliError::ShapeOnly { file });
    }
    let images = files::images(&args.input, &network)?;
    let baseline = worlds::plaintext(&files::name(&args.input), &network, &images.images)?;
    let mut rows = Vec::new();
    for world in selected {
        let results = worlds::run(&world, &network, &images.images, &seed.seed())?;
        let difference = compare(&baseline.outputs, &results.outputs);
        rows.push((world, results, difference));
    }
    match args.json {
        true => print_json(&object(&network, &images, &baseline, &rows, &seed))?,
        false => print(&text(&network, &images, &baseline, &rows, &seed))?,
    }
    verdict(&baseline, &rows)
}

fn verdict(baseline: &Baseline, rows: &[Row]) -> Result<(), CliError> {
    match rows.iter().find(|(.., difference)| *difference != Difference::default()) {
        None => Ok(()),
        Some((world, _, difference)) => {
            let what = format!(
                "{} outputs of {} differ from the {} semantics",
                difference.logits,
                world.name,
                baseline.name()
            );
            Err(CliError::Mismatch { what })
        }
    }
}

/// The outputs that are shown: the first world's.
fn outputs<'a>(network: &Network, images: &'a Images, baseline: &'a Baseline, rows: &'a [Row]) -> Outputs<'a> {
    let first = rows.first().map_or(&baseline.outputs, |(_, results, _)| &results.outputs);
    Outputs { images: first, scale: network.output().scale, labels: images.labels.as_deref() }
}

fn text(network: &Network, images: &Images, baseline: &Baseline, rows: &[Row], seed: &UserSeed) -> String {
    let mut text = format!(
        "network {}, {}, ring width {} bits, seed {seed}\n\n",
        printable(network.name()),
        count(images.images.len() as u64, "image"),
        network.width()
    );
    if let Some(overflow) = &baseline.overflow {
        // writing to a string cannot fail
        let _ = writeln!(
            text,
            "WARNING: the integer semantics has no result for image {}:\n  {}\n\
             The numbers below have wrapped around modulo 2^{}; choose a larger --width.\n",
            overflow.image,
            overflow.error,
            network.width()
        );
    }
    text.push_str(&outputs(network, images, baseline, rows).text());
    // writing to a string cannot fail
    let _ = write!(text, "\n{}", costs(network, baseline, rows));
    text
}

fn costs(network: &Network, baseline: &Baseline, rows: &[Row]) -> String {
    let total: u64 = baseline.outputs.iter().map(|outputs| outputs.len() as u64).sum();
    let rows = rows.iter().map(|(world, results, difference)| {
        let cost = |number: u64| if world.has_costs { thousands(number) } else { "-".to_owned() };
        vec![
            world.name.to_owned(),
            format!("{}/{total}", total.saturating_sub(difference.logits)),
            thousands(network.plan().counts().drelus),
            cost(results.per_image(results.online_bits)),
            cost(u64::from(results.rounds)),
            cost(results.per_image(results.offline_bits)),
            cost(results.session_bits),
            format!("{:.2}", results.seconds),
        ]
    });
    let equal = format!("outputs equal\nto {}", baseline.name());
    let headings = [
        "world",
        &equal,
        "DReLUs\n/ image",
        "online\nbits / image",
        "online\nrounds",
        "offline\nbits / image",
        "session\nbits",
        "time\ns",
    ];
    table("<>>>>>>>", &headings, rows.collect())
}

fn object(network: &Network, images: &Images, baseline: &Baseline, rows: &[Row], seed: &UserSeed) -> Value {
    let outputs = outputs(network, images, baseline, rows);
    let worlds = rows.iter().map(|(world, results, difference)| results.json(world.name, *difference));
    json!({
        "network": network.name(),
        "width": network.width().bits(),
        "scale": outputs.scale,
        "seed": seed.to_string(),
        "baseline": baseline.name(),
        "overflow": baseline.overflow.as_ref().map(overflow_json),
        "results": outputs.json(),
        "worlds": worlds.collect::<Vec<Value>>(),
    })
}
