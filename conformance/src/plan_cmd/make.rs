//! `deepshare plan make`: plans from shapes, or from calibration data.

use crate::error::CliError;
use crate::files;
use crate::output::print;
use crate::printable::Name;
use clap::{ArgGroup, Args, Subcommand, ValueEnum};
use deepshare_reference::gate::drelu_integer;
use deepshare_reference::network::{Network, semantics};
use deepshare_reference::plan::{self, Grouping, MakerError, Plan, Sharing, StepConvention};
use deepshare_reference::values::{Shape, Width};
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  deepshare plan make groups --prototypes 4 --shapes 64x32x32,64x32x32
  deepshare plan make stage --prototypes 1 --network net.json --output plan.json
  deepshare plan make budget --drelus 20000 --shapes 64x32x32,128x16x16
  deepshare plan make agreement --prototypes 2 --network net.json --calibration images.json";

/// The ring width if neither an option nor a network gives one.
const DEFAULT_WIDTH: u64 = 32;

/// How to make a plan.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct MakeArgs {
    #[command(subcommand)]
    maker: Maker,
}

#[derive(Subcommand)]
enum Maker {
    /// Each layer by itself: P prototypes, the other channels take turns
    Groups {
        /// P, prototypes in a layer
        #[arg(long, value_name = "P")]
        prototypes: usize,
        /// Runs of neighbouring channels share, instead of channels c mod P
        #[arg(long)]
        contiguous: bool,
        #[command(flatten)]
        target: Target,
    },
    /// The first layer of each resolution has the prototypes, later layers replicate
    Stage {
        /// P, prototypes in a resolution [default: all channels of its first layer]
        #[arg(long, value_name = "P")]
        prototypes: Option<usize>,
        #[command(flatten)]
        target: Target,
    },
    /// The most uniform plan with at most N DReLUs
    Budget {
        /// N, DReLUs an image
        #[arg(long, value_name = "N")]
        drelus: u64,
        #[command(flatten)]
        target: Target,
    },
    /// Prototypes whose bits agree best with those of their replicates on calibration data.
    ///
    /// The plan says something about the data and the weights.
    Agreement {
        /// Calibration data: an input file (deepshare-input/1) for the network
        #[arg(long, value_name = "FILE")]
        calibration: PathBuf,
        /// P, prototypes in a layer, or in a resolution with --across-layers
        #[arg(long, value_name = "P")]
        prototypes: usize,
        /// Layers of one resolution share prototypes
        #[arg(long)]
        across_layers: bool,
        #[command(flatten)]
        target: Target,
    },
}

/// What the plan is for.
#[derive(Args)]
#[command(group(ArgGroup::new("target").required(true).args(["network", "shapes"])))]
struct Target {
    /// Take the shapes, the width and the step of this network's plan: a file, or a built-in network (`network list`)
    #[arg(long, value_name = "FILE|NAME")]
    network: Option<PathBuf>,
    /// Shapes CxHxW of the activation layers, in order, such as 64x32x32,64x16x16
    #[arg(long, value_name = "CxHxW,..")]
    shapes: Option<String>,
    /// Ring width in bits, 2 to 64 [default: the network's, else 32]
    #[arg(long, value_name = "K")]
    width: Option<u64>,
    /// What the step bit is at 0: 1 (nonnegative) or 0 (positive) [default: the network's, else nonnegative]
    #[arg(long, value_enum)]
    step: Option<Step>,
    /// Write the plan to this file instead of printing it
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Step {
    /// 1 where x >= 0
    Nonnegative,
    /// 1 where x > 0
    Positive,
}

impl Maker {
    fn target(&self) -> &Target {
        match self {
            Maker::Groups { target, .. }
            | Maker::Stage { target, .. }
            | Maker::Budget { target, .. }
            | Maker::Agreement { target, .. } => target,
        }
    }
}

/// A target that was read.
struct Shapes {
    place: Name,
    shapes: Vec<Shape>,
    width: Width,
    step: StepConvention,
    network: Option<Network>,
}

/// Makes a plan, and prints or writes it.
///
/// # Errors
/// [`CliError`]: bad files or arguments, or a plan that cannot be made.
pub fn make(args: &MakeArgs) -> Result<(), CliError> {
    let target = args.maker.target();
    let shapes = read(target)?;
    let text = made(&args.maker, &shapes)?.to_json();
    match &target.output {
        Some(path) => files::write(path, &text),
        None => print(&text),
    }
}

fn made(maker: &Maker, target: &Shapes) -> Result<Plan, CliError> {
    let Shapes { shapes, width, step, .. } = target;
    let (width, step) = (*width, *step);
    let plan = match *maker {
        Maker::Groups { prototypes, contiguous: false, .. } => {
            plan::groups(shapes, width, step, Grouping::Modulo { prototypes })
        }
        Maker::Groups { prototypes, contiguous: true, .. } => {
            plan::groups(shapes, width, step, Grouping::Contiguous { prototypes })
        }
        Maker::Stage { prototypes, .. } => plan::stage(shapes, width, step, prototypes),
        Maker::Budget { drelus, .. } => plan::budget(shapes, width, step, drelus),
        Maker::Agreement { ref calibration, prototypes, across_layers, .. } => {
            let bits = calibration_bits(target, calibration)?;
            let sharing = if across_layers { Sharing::Resolution } else { Sharing::Layer };
            plan::agreement(shapes, width, step, &bits, sharing, prototypes)
        }
    };
    plan.map_err(|source: MakerError| CliError::Maker { place: target.place.clone(), source })
}

fn read(target: &Target) -> Result<Shapes, CliError> {
    let network = target.network.as_deref().map(files::network_or_name).transpose()?;
    let place = match (&target.network, &target.shapes) {
        (Some(path), _) => files::name(path),
        (None, shapes) => Name(format!("--shapes {}", shapes.as_deref().unwrap_or_default())),
    };
    let shapes = match &network {
        Some(network) => network.plan().layers().iter().map(|layer| layer.shape).collect(),
        None => parse(target.shapes.as_deref().unwrap_or_default(), &place)?,
    };
    let bits = target.width.or(network.as_ref().map(|network| u64::from(network.width().bits())));
    let bits = bits.unwrap_or(DEFAULT_WIDTH);
    let width =
        Width::new(bits).map_err(|source| CliError::Value { place: Name(format!("--width {bits}")), source })?;
    let step = match (target.step, &network) {
        (Some(Step::Nonnegative), _) | (None, None) => StepConvention::Nonnegative,
        (Some(Step::Positive), _) => StepConvention::Positive,
        (None, Some(network)) => network.plan().step(),
    };
    Ok(Shapes { place, shapes, width, step, network })
}

/// Shapes such as `64x32x32,64x16x16`.
fn parse(text: &str, place: &Name) -> Result<Vec<Shape>, CliError> {
    text.split(',').map(|shape| parse_shape(shape, place)).collect()
}

fn parse_shape(text: &str, place: &Name) -> Result<Shape, CliError> {
    let numbers: Option<Vec<usize>> = text.trim().split('x').map(|number| number.parse().ok()).collect();
    match numbers.as_deref() {
        Some(&[channels, height, width]) => {
            Shape::new(channels, height, width).map_err(|source| CliError::Value { place: place.clone(), source })
        }
        _ => {
            let rule = format!("{text:?} is no shape; a shape is channels, height and width, such as 64x32x32");
            Err(CliError::Argument { argument: place.clone(), rule })
        }
    }
}

/// For each activation layer, for each image, the step bits of its pre-activations in the integer semantics.
fn calibration_bits(target: &Shapes, path: &Path) -> Result<Vec<Vec<Vec<bool>>>, CliError> {
    let Some(network) = &target.network else {
        let rule = "agreement needs a network with weights, not only shapes; give it with --network".to_owned();
        return Err(CliError::Argument { argument: target.place.clone(), rule });
    };
    if network.is_shape_only() {
        return Err(CliError::ShapeOnly { file: target.place.clone() });
    }
    let images = files::images(path, network)?;
    let mut bits = vec![Vec::new(); target.shapes.len()];
    for (image, input) in images.images.iter().enumerate() {
        let error = |source| CliError::Semantics { file: files::name(path), image, source };
        let layers = semantics::pre_activations(network, input).map_err(error)?;
        for (bits, x) in bits.iter_mut().zip(layers) {
            let step = x.iter().map(|&x| drelu_integer(network.width(), target.step, x));
            let step: Result<Vec<bool>, _> = step.collect();
            let place = || Name(format!("{}: images[{image}]", files::name(path)));
            bits.push(step.map_err(|source| CliError::Value { place: place(), source })?);
        }
    }
    Ok(bits)
}
