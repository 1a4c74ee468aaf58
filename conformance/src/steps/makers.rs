//! Makers of plans. [DS-PLAN-30]

use deepshare_reference::plan::{
    Grouping, MakerError, Plan, Sharing, StepConvention, agreement, budget, groups, stage,
};
use deepshare_reference::values::{Shape, Width};

/// A maker, and what it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Maker {
    /// Every layer by itself. [DS-PLAN-31]
    Groups(Grouping),
    /// The first layer of a resolution has the prototypes. [DS-PLAN-32]
    Stage {
        /// How many, at most; all channels of the first layer if it is not said.
        prototypes: Option<usize>,
    },
    /// At most this many DReLUs. [DS-PLAN-33]
    Budget {
        /// N.
        drelus: u64,
    },
    /// By calibration data. [DS-PLAN-34]
    Agreement {
        /// Which layers share.
        sharing: Sharing,
        /// How many prototypes.
        prototypes: usize,
        /// For each layer, for each sample, its bits.
        bits: Vec<Vec<Vec<bool>>>,
    },
}

impl Maker {
    /// The plan.
    ///
    /// # Errors
    /// [`MakerError`].
    pub fn make(&self, shapes: &[Shape], width: Width, step: StepConvention) -> Result<Plan, MakerError> {
        match self {
            Maker::Groups(grouping) => groups(shapes, width, step, *grouping),
            Maker::Stage { prototypes } => stage(shapes, width, step, *prototypes),
            Maker::Budget { drelus } => budget(shapes, width, step, *drelus),
            Maker::Agreement { sharing, prototypes, bits } => {
                agreement(shapes, width, step, bits, *sharing, *prototypes)
            }
        }
    }
}
