//! The trained networks and the held-out images that come with the command.

use clap::ValueEnum;

/// 360 labelled images of handwritten digits, 8x8, that the networks were not trained on.
pub const IMAGES: &str = include_str!("../models/digits-test.json");

/// A bundled network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Model {
    /// Every channel has its own DReLUs
    Full,
    /// DeepShare: one prototype channel for each resolution, all others replicate it
    Shared,
    /// As few DReLUs as `shared`, but the other channels have no gate at all
    Linear,
}

impl Model {
    /// All bundled networks.
    pub const ALL: [Model; 3] = [Model::Full, Model::Shared, Model::Linear];

    /// The network file.
    pub fn json(self) -> &'static str {
        match self {
            Model::Full => include_str!("../models/digits-full.json"),
            Model::Shared => include_str!("../models/digits-shared.json"),
            Model::Linear => include_str!("../models/digits-linear.json"),
        }
    }

    /// The name on the command line and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Model::Full => "full",
            Model::Shared => "shared",
            Model::Linear => "linear",
        }
    }

    /// What its activations do, in words.
    pub fn description(self) -> &'static str {
        match self {
            Model::Full => "every channel computes its own step bits (DReLUs), as in a usual ReLU network",
            Model::Shared => {
                "only one prototype channel per resolution computes step bits (DReLUs); the other channels replicate them"
            }
            Model::Linear => {
                "only one channel per resolution computes step bits (DReLUs); the other channels have no gate at all"
            }
        }
    }
}
