//! `deepshare plan`: check, count and make sharing plans.

mod make;

use crate::error::CliError;
use crate::files;
use crate::output::{count, percent, print, print_json, table, thousands};
use clap::Subcommand;
use deepshare_reference::plan::{Plan, PlanLayer, Source, Visibility};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub use make::MakeArgs;

/// What to do with a plan.
#[derive(Subcommand)]
pub enum PlanCommand {
    /// Say whether a plan file is valid, with a summary
    Check {
        /// The plan file, or - for standard input
        file: PathBuf,
    },
    /// Count DReLUs and the elements that they serve
    Count {
        /// The plan file, or - for standard input
        file: PathBuf,
        /// Print one JSON object instead of words
        #[arg(long)]
        json: bool,
    },
    /// Make a plan from the shapes of a network's activation layers
    Make(MakeArgs),
}

/// Does it.
///
/// # Errors
/// [`CliError`]: of reading, the first rule that is broken, or a plan that cannot be made.
pub fn plan(command: &PlanCommand) -> Result<(), CliError> {
    match command {
        PlanCommand::Check { file } => print(&summary(file, &files::plan(file)?)),
        PlanCommand::Count { file, json: true } => print_json(&counts_json(&files::plan(file)?)),
        PlanCommand::Count { file, json: false } => print(&counts(file, &files::plan(file)?)),
        PlanCommand::Make(args) => make::make(args),
    }
}

fn summary(path: &Path, plan: &Plan) -> String {
    let rows = plan.layers().iter().enumerate().map(|(index, layer)| {
        let number = |wanted: fn(usize, &Source) -> bool| {
            thousands(layer.channels.iter().filter(|channel| wanted(index, &channel.source)).count() as u64)
        };
        vec![
            index.to_string(),
            layer.shape.to_string(),
            number(|_, source| *source == Source::Prototype),
            number(|own, source| matches!(source, Source::Replicate { layer, .. } if *layer == own)),
            number(|own, source| matches!(source, Source::Replicate { layer, .. } if *layer != own)),
            number(|_, source| *source == Source::Linear),
            gates(layer),
        ]
    });
    let rows: Vec<Vec<String>> = rows.collect();
    let headings = [
        "layer",
        "shape\nCxHxW",
        "prototypes\nchannels",
        "replicates of\nthis layer",
        "replicates of\nearlier layers",
        "linear\nchannels",
        "gates",
    ];
    format!(
        "{}: valid plan; {}, ring width {} bits, step {}\n\n{}",
        files::name(path),
        count(rows.len() as u64, "layer"),
        plan.width(),
        plan.step(),
        table("<>>>>><", &headings, rows)
    )
}

fn gates(layer: &PlanLayer) -> String {
    let visibility = match layer.visibility {
        Visibility::Public => "public",
        Visibility::Private => "private",
    };
    format!("{visibility}, scale {}", layer.gate_scale)
}

/// For each fan-out, how many prototype channels have it.
fn histogram(plan: &Plan) -> BTreeMap<u64, u64> {
    let mut histogram = BTreeMap::new();
    for fan_out in plan.fan_outs().into_values() {
        *histogram.entry(fan_out).or_insert(0) += 1;
    }
    histogram
}

fn counts(path: &Path, plan: &Plan) -> String {
    let counts = plan.counts();
    let rows = histogram(plan).into_iter().map(|(fan_out, prototypes)| vec![thousands(fan_out), thousands(prototypes)]);
    let numbers = [
        ("DReLUs", counts.drelus, format!("{} of the baseline", percent(counts.drelus, counts.baseline))),
        ("baseline", counts.baseline, "DReLUs without sharing, one an element".to_owned()),
        ("multiplexed", counts.multiplexed, "elements that are multiplied by a gate".to_owned()),
        ("linear", counts.linear, "elements without a gate".to_owned()),
    ];
    let numbers = numbers.map(|(name, number, what)| vec![name.to_owned(), thousands(number), what]);
    format!(
        "{}\n\n{}\n{}",
        files::name(path),
        table("<><", &["count", "per image", "meaning"], numbers.into()),
        table(">>", &["fan-out: elements\nthat a bit serves", "prototype\nchannels"], rows.collect())
    )
}

fn counts_json(plan: &Plan) -> serde_json::Value {
    let counts = plan.counts();
    let histogram = histogram(plan).into_iter();
    json!({
        "drelus": counts.drelus,
        "baseline": counts.baseline,
        "ratio": if counts.baseline == 0 { None } else { Some(counts.drelus as f64 / counts.baseline as f64) },
        "multiplexed": counts.multiplexed,
        "linear": counts.linear,
        "fan_outs": histogram
            .map(|(fan_out, prototypes)| json!({ "fan_out": fan_out, "prototypes": prototypes }))
            .collect::<Vec<_>>(),
    })
}
