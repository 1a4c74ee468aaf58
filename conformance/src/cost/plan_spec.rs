//! What `--plan` says: a maker, a file, or the network's own plan.

use crate::error::CliError;
use crate::files;
use crate::printable::Name;
use crate::zoo::builder::full;
use deepshare_reference::network::{Network, NetworkError};
use deepshare_reference::plan::{self, Grouping, MakerError, Plan, PlanLayer};
use deepshare_reference::values::{Shape, Width};
use std::path::Path;

/// The words that an option `--plan` takes, for help and errors.
pub const WORDS: &str = "own, full, stage, stage:P, groups:P, contiguous:P, budget:N, or a plan file";

/// A plan that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanSpec {
    /// The network file's own.
    Own,
    /// Every channel a prototype.
    Full,
    /// The first layer of each resolution has the prototypes.
    Stage(Option<usize>),
    /// Every layer by itself.
    Groups(Grouping),
    /// The most uniform plan of a budget.
    Budget(u64),
    /// A plan file.
    File(String),
}

impl PlanSpec {
    /// Reads a word.
    ///
    /// # Errors
    /// [`CliError::Argument`] for a word that is no maker and no file.
    pub fn parse(word: &str) -> Result<PlanSpec, CliError> {
        let error = |rule: String| CliError::Argument { argument: Name(format!("--plan {word}")), rule };
        let (maker, number) = match word.split_once(':') {
            Some((maker, number)) if !Path::new(word).exists() => (maker, Some(number)),
            _ => (word, None),
        };
        let needed = |what: &str| {
            let number = number.ok_or_else(|| error(format!("{maker} needs {what}, such as {maker}:4")))?;
            number
                .parse::<u64>()
                .map_err(|_| error(format!("{number:?} is no number; write {what}, such as {maker}:4")))
        };
        let prototypes = || needed("a number of prototypes").map(|n| usize::try_from(n).unwrap_or(usize::MAX));
        match (maker, number) {
            ("own", None) => Ok(PlanSpec::Own),
            ("full", None) => Ok(PlanSpec::Full),
            ("stage", None) => Ok(PlanSpec::Stage(None)),
            ("stage", Some(_)) => Ok(PlanSpec::Stage(Some(prototypes()?))),
            ("groups", _) => Ok(PlanSpec::Groups(Grouping::Modulo { prototypes: prototypes()? })),
            ("contiguous", _) => Ok(PlanSpec::Groups(Grouping::Contiguous { prototypes: prototypes()? })),
            ("budget", _) => Ok(PlanSpec::Budget(needed("a number of DReLUs")?)),
            ("agreement", _) => Err(error(
                "agreement needs data: make a file with `deepshare plan make agreement --network F --calibration IMAGES \
                 --prototypes P --output plan.json`, and give that"
                    .to_owned(),
            )),
            _ if Path::new(word).exists() || word == "-" || word.contains(['.', '/', '\\']) => {
                Ok(PlanSpec::File(word.to_owned()))
            }
            _ => Err(error(format!("there is no such plan maker or file; there are {WORDS}"))),
        }
    }

    /// The name in reports.
    pub fn name(&self) -> String {
        match self {
            PlanSpec::Own => "own".to_owned(),
            PlanSpec::Full => "full".to_owned(),
            PlanSpec::Stage(None) => "stage".to_owned(),
            PlanSpec::Stage(Some(prototypes)) => format!("stage:{prototypes}"),
            PlanSpec::Groups(Grouping::Modulo { prototypes }) => format!("groups:{prototypes}"),
            PlanSpec::Groups(Grouping::Contiguous { prototypes }) => format!("contiguous:{prototypes}"),
            PlanSpec::Budget(drelus) => format!("budget:{drelus}"),
            PlanSpec::File(file) => file.clone(),
        }
    }

    /// The network under this plan, over a ring of another width if one is given.
    ///
    /// # Errors
    /// [`CliError`]: a plan that cannot be made or read, or does not fit the network.
    pub fn apply(&self, network: &Network, place: &Name, width: Option<Width>) -> Result<Network, CliError> {
        let own = network.plan();
        let (ring, step) = (width.unwrap_or(own.width()), own.step());
        let shapes: Vec<Shape> = own.layers().iter().map(|layer| layer.shape).collect();
        let made = match self {
            PlanSpec::Own => return network.with_width(ring).map_err(|source| too_narrow(place, ring, source)),
            PlanSpec::File(file) => return from_file(network, place, file, width),
            PlanSpec::Full => full(&shapes, ring),
            PlanSpec::Stage(prototypes) => plan::stage(&shapes, ring, step, *prototypes),
            PlanSpec::Groups(grouping) => plan::groups(&shapes, ring, step, *grouping),
            PlanSpec::Budget(drelus) => plan::budget(&shapes, ring, step, *drelus),
        };
        let plan = made.and_then(|plan| scaled(&plan, own));
        let plan = plan.map_err(|source| CliError::Maker { place: place.clone(), source })?;
        network.with_plan(plan).map_err(|source| too_narrow(place, ring, source))
    }
}

fn too_narrow(place: &Name, width: Width, source: NetworkError) -> CliError {
    CliError::NetworkWidth { file: place.clone(), width: width.bits(), source }
}

/// The network under the public part of a plan file.
fn from_file(network: &Network, place: &Name, file: &str, width: Option<Width>) -> Result<Network, CliError> {
    let plan = files::plan(Path::new(file))?.public_part();
    let ring = width.unwrap_or(plan.width());
    let plan = plan.with_width(ring).map_err(|source| too_narrow(&Name::from(file), ring, source.into()))?;
    let misfit = |source| CliError::PlanMisfit { plan: Name::from(file), network: place.clone(), source };
    network.with_plan(plan).map_err(|source| misfit(Box::new(source)))
}

/// The plan with the gate scales of the network's own plan, on which its later scales depend. They change no cost.
fn scaled(plan: &Plan, own: &Plan) -> Result<Plan, MakerError> {
    let layers = plan.layers().iter().zip(own.layers());
    let layers = layers.map(|(layer, own)| PlanLayer { gate_scale: own.gate_scale, ..layer.clone() });
    Ok(Plan::new(plan.width(), plan.step(), layers.collect())?)
}
