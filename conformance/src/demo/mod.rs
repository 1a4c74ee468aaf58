//! `deepshare demo`: a trained network on real images in all worlds, compared number by number.

mod json;
mod report;
mod savings;

pub use json::overflow as overflow_json;

use crate::error::CliError;
use crate::models::{IMAGES, Model};
use crate::output::{print, print_json};
use crate::printable::Name;
use crate::seed::UserSeed;
use crate::worlds::{self, Baseline, Difference, Results, World, compare, prediction};
use clap::Args;
use deepshare_reference::network::{Images, Network};
use deepshare_reference::plan::Counts;
use deepshare_reference::values::Width;

/// The options of the demonstration.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:\n  deepshare demo --model full --images 20\n  deepshare demo --width 24 --json")]
pub struct DemoArgs {
    /// How many of the 360 images: a number, or `all`. Slow worlds take two unless --backend names them
    #[arg(long, value_name = "N", default_value = "all")]
    pub images: String,
    /// The network
    #[arg(long, value_enum, default_value = "shared")]
    pub model: Model,
    /// The world to run
    #[arg(long, value_name = "NAME", default_value = "all", value_parser = worlds::names(true))]
    pub backend: String,
    /// Ring width in bits, 2 to 64 [default: the network's, 32]
    #[arg(long, value_name = "K")]
    pub width: Option<u64>,
    /// Seed of all randomness, 2 to 64 hexadecimal digits [default: from the operating system]
    #[arg(long, value_name = "HEX")]
    pub seed: Option<String>,
    /// Print one JSON object instead of words
    #[arg(long)]
    pub json: bool,
}

/// What the demonstration runs on.
struct Setup {
    model: Model,
    network: Network,
    images: Vec<Vec<i64>>,
    labels: Vec<usize>,
    /// Each with the number of images that it is given.
    worlds: Vec<(World, usize)>,
    seed: UserSeed,
}

/// What came out.
struct Report {
    setup: Setup,
    counts: Counts,
    baseline: Baseline,
    /// Predictions of the baseline that equal the labels.
    correct: u64,
    /// The ring semantics, then the worlds, in order.
    rows: Vec<Row>,
}

/// One world's line of the report.
struct Row {
    name: &'static str,
    /// None for the semantics in the clear.
    world: Option<World>,
    /// How many images it was given.
    images: usize,
    results: Results,
    difference: Difference,
}

impl Row {
    /// The line of a world that was given some images, and gave these results.
    fn new(name: &'static str, world: Option<World>, images: usize, results: Results, baseline: &Baseline) -> Row {
        let expected = baseline.outputs.get(..images).unwrap_or(&baseline.outputs);
        let difference = compare(expected, &results.outputs);
        Row { name, world, images, results, difference }
    }

    /// Whether its transcript is what real parties would send.
    fn has_costs(&self) -> bool {
        self.world.is_some_and(|world| world.has_costs)
    }
}

/// Runs the demonstration.
///
/// # Errors
/// [`CliError`]: bad arguments, or [`CliError::Mismatch`] after the report was printed.
pub fn demo(args: &DemoArgs) -> Result<(), CliError> {
    let setup = Setup::new(args)?;
    if !args.json {
        print(&report::introduction(&setup))?;
    }
    let report = Report::new(setup)?;
    match args.json {
        true => print_json(&json::object(&report))?,
        false => print(&report::conclusion(&report)?)?,
    }
    verdict(&report.baseline, &report.rows)
}

impl Setup {
    fn new(args: &DemoArgs) -> Result<Setup, CliError> {
        let worlds = worlds::select(&args.backend)?;
        let network = network(args.model, args.width)?;
        let (images, labels) = images(&args.images)?;
        let seed = UserSeed::from_option(args.seed.as_deref())?;
        let named = worlds.len() == 1;
        let limit = |world: &World| world.demo_images.filter(|_| !named).unwrap_or(images.len()).min(images.len());
        let worlds = worlds.into_iter().map(|world| (world, limit(&world))).collect();
        Ok(Setup { model: args.model, network, images, labels, worlds, seed })
    }
}

/// A bundled network, over another ring if one is asked for.
///
/// # Errors
/// [`CliError::NetworkWidth`] if a gate or a truncation does not fit the width.
pub fn network(model: Model, width: Option<u64>) -> Result<Network, CliError> {
    let file = Name(format!("model {}", model.name()));
    let network =
        Network::from_json(model.json()).map_err(|source| CliError::Network { file: file.clone(), source })?;
    at_width(file, network, width)
}

/// A network over another ring, if one is asked for.
///
/// # Errors
/// [`CliError::Value`] unless the width is in 2..=64; [`CliError::NetworkWidth`] if a gate or a truncation does not fit.
pub fn at_width(file: Name, network: Network, width: Option<u64>) -> Result<Network, CliError> {
    let Some(bits) = width else { return Ok(network) };
    let width =
        Width::new(bits).map_err(|source| CliError::Value { place: Name(format!("--width {bits}")), source })?;
    network.with_width(width).map_err(|source| CliError::NetworkWidth { file, width: width.bits(), source })
}

/// The first images of the bundled ones, with their labels.
fn images(number: &str) -> Result<(Vec<Vec<i64>>, Vec<usize>), CliError> {
    let file =
        Images::from_json(IMAGES).map_err(|source| CliError::Input { file: Name::from("bundled images"), source })?;
    let all = file.images.len();
    let wanted = if number == "all" { Some(all) } else { number.parse().ok() };
    let Some(wanted) = wanted.filter(|wanted| (1..=all).contains(wanted)) else {
        let rule = format!("there are {all} images; give a number from 1 to {all}, or all");
        return Err(CliError::Argument { argument: Name(format!("--images {number}")), rule });
    };
    let labels = file.labels.unwrap_or_default();
    Ok((file.images.into_iter().take(wanted).collect(), labels.into_iter().take(wanted).collect()))
}

impl Report {
    fn new(setup: Setup) -> Result<Report, CliError> {
        let Setup { model, network, images, labels, worlds, seed } = &setup;
        let file = Name(format!("model {}", model.name()));
        let baseline = worlds::plaintext(&file, network, images)?;
        let mut rows = vec![Row::new("ring", None, images.len(), baseline.ring.clone(), &baseline)];
        for (world, count) in worlds {
            let given = images.get(..*count).unwrap_or(images);
            let results = worlds::run(world, network, given, &seed.seed())?;
            rows.push(Row::new(world.name, Some(*world), given.len(), results, &baseline));
        }
        let right = baseline.outputs.iter().zip(labels).filter(|(outputs, label)| prediction(outputs) == Some(**label));
        let (correct, counts) = (right.count() as u64, network.plan().counts());
        Ok(Report { counts, baseline, correct, rows, setup })
    }
}

/// Fails if any number of any world differs from the baseline.
fn verdict(baseline: &Baseline, rows: &[Row]) -> Result<(), CliError> {
    let wrong = rows.iter().filter(|row| row.difference != Difference::default());
    let wrong: Vec<String> = wrong
        .map(|Row { name, difference: d, .. }| format!("{name}: {} logits, {} predictions", d.logits, d.predictions))
        .collect();
    match wrong.is_empty() {
        true => Ok(()),
        false => {
            let baseline = baseline.name();
            Err(CliError::Mismatch {
                what: format!("results differ from the {baseline} semantics: {}", wrong.join("; ")),
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wrong_logit_in_one_world_is_a_mismatch() {
        let results = Results { outputs: vec![vec![3, 1], vec![-2, 5]], ..Results::default() };
        let (overflow, outputs) = (None, results.outputs.clone());
        let baseline = Baseline { overflow, integer_seconds: 0.0, outputs, ring: results.clone() };
        let row = |results| Row::new("ideal", None, 2, results, &baseline);
        assert!(verdict(&baseline, &[row(results.clone())]).is_ok());
        let mut wrong = results.clone();
        wrong.outputs[1][0] += 1;
        let error = verdict(&baseline, &[row(results), row(wrong)]).unwrap_err();
        assert_eq!((error.exit_code(), error.code()), (1, "cli/mismatch"));
        let message = "MISMATCH: results differ from the integer semantics: ideal: 1 logits, 0 predictions";
        assert!(error.to_string().starts_with(message), "{error}");
    }

    #[test]
    fn numbers_of_images_that_there_are_not_are_rejected() {
        for number in ["0", "361", "-1", "many", ""] {
            assert_eq!(images(number).unwrap_err().code(), "cli/argument", "{number}");
        }
        assert_eq!(images("all").unwrap().0.len(), 360);
    }
}
