//! `deepshare cost`.

use super::explore::{Question, explore};
use super::plan_spec::{PlanSpec, WORDS};
use super::plot::{PlotKind, plot};
use super::units::{Link, Preset};
use super::{json, report};
use crate::error::CliError;
use crate::files;
use crate::output::{print, print_json};
use crate::printable::Name;
use crate::worlds;
use clap::Args;
use deepshare_reference::network::Network;
use deepshare_reference::values::Width;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  deepshare cost --network resnet18-cifar --plan stage
  deepshare cost --network resnet50-imagenet --plan budget:500000 --backend gmw --link lan
  deepshare cost --network my-network.json --plan my-plan.json --bandwidth 50Mbit --latency 10ms
  deepshare cost --network resnet18-cifar --plan stage --plot bits.svg
  deepshare network list                       the built-in networks";

/// What to cost.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct CostArgs {
    /// The network: a file, - for standard input, or the name of a built-in one (`deepshare network list`)
    #[arg(long, value_name = "NAME|FILE")]
    network: PathBuf,
    #[arg(long, value_name = "PLAN", default_value = "own", help = format!("The sharing plan: {WORDS}"))]
    plan: String,
    /// Ring width in bits, 2 to 64 [default: the plan's]
    #[arg(long, value_name = "K")]
    width: Option<u64>,
    /// The protocols
    #[arg(long, value_name = "NAME", default_value = "all", value_parser = worlds::names_with_costs())]
    backend: String,
    /// The line for estimates of time
    #[arg(long, value_enum, default_value = "wan")]
    link: Preset,
    /// Bandwidth of the line, both directions together, in place of the named one's, such as 100Mbit
    #[arg(long, value_name = "BITS")]
    bandwidth: Option<String>,
    /// Latency of the line, one way, in place of the named one's, such as 20ms
    #[arg(long, value_name = "TIME")]
    latency: Option<String>,
    /// Also write a plot to this file, as SVG
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
    /// What is plotted
    #[arg(long, value_enum, default_value = "budget", requires = "plot")]
    plot_kind: PlotKind,
    /// Print one JSON object instead of words
    #[arg(long)]
    json: bool,
}

/// Does it.
///
/// # Errors
/// [`CliError`]: bad files or arguments, or a network that is too large.
pub fn cost(args: &CostArgs) -> Result<(), CliError> {
    let link = Link::new(args.link, args.bandwidth.as_deref(), args.latency.as_deref())?;
    let spec = PlanSpec::parse(&args.plan)?;
    let width = args.width.map(|bits| {
        Width::new(bits).map_err(|source| CliError::Value { place: Name(format!("--width {bits}")), source })
    });
    let network = files::network_or_name(&args.network)?;
    let question = ask(&network, files::name(&args.network), &spec, width.transpose()?, link)?;
    let worlds = worlds::select(&args.backend)?;
    let answers = explore(&question, &worlds)?;
    if let Some(path) = &args.plot {
        files::write(path, &plot(args.plot_kind, &question, &worlds, &answers)?)?;
    }
    match args.json {
        true => print_json(&json::json(&question, &answers)?),
        false => print(&report::report(&question, &answers)?),
    }
}

/// The network under the plan and under none; both over one ring.
fn ask(
    network: &Network,
    place: Name,
    spec: &PlanSpec,
    width: Option<Width>,
    link: Link,
) -> Result<Question, CliError> {
    let public = network.public_part();
    let shared = spec.apply(&public, &place, width)?;
    let full = PlanSpec::Full.apply(&public, &place, Some(shared.width()))?;
    Ok(Question { place, plan: spec.name(), shared, full, link })
}
