//! Operation `make-plan`. [DS-PLAN-30]

use super::input::{plan_refusal, shape};
use super::{Operation, Refusal, Trace};
use crate::steps::{Maker, Steps};
use crate::vectors::types::{Bits, Count, StepName};
use deepshare_reference::plan::{Grouping, MakerError, PlanError, Sharing};
use deepshare_reference::values::{Shape, ValueError, Width};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A plan from a maker.
pub struct MakePlan;

/// A maker, what it needs, and for which layers.
#[derive(Deserialize, JsonSchema)]
#[serde(tag = "maker", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Input {
    /// Channel c uses prototype c mod P. [DS-PLAN-31]
    GroupsModulo {
        /// Ring width.
        width: Count,
        /// Step convention.
        step: StepName,
        /// The layers' shapes.
        shapes: Vec<[Count; 3]>,
        /// P.
        prototypes: Count,
    },
    /// Runs of neighbouring channels. [DS-PLAN-31]
    GroupsContiguous {
        /// Ring width.
        width: Count,
        /// Step convention.
        step: StepName,
        /// The layers' shapes.
        shapes: Vec<[Count; 3]>,
        /// P.
        prototypes: Count,
    },
    /// The first layer of a resolution has the prototypes. [DS-PLAN-32]
    Stage {
        /// Ring width.
        width: Count,
        /// Step convention.
        step: StepName,
        /// The layers' shapes.
        shapes: Vec<[Count; 3]>,
        /// P, or all channels of the first layer.
        #[serde(default)]
        prototypes: Option<Count>,
    },
    /// At most N DReLUs. [DS-PLAN-33]
    Budget {
        /// Ring width.
        width: Count,
        /// Step convention.
        step: StepName,
        /// The layers' shapes.
        shapes: Vec<[Count; 3]>,
        /// N.
        drelus: Count,
    },
    /// By calibration data. [DS-PLAN-34]
    Agreement {
        /// Ring width.
        width: Count,
        /// Step convention.
        step: StepName,
        /// The layers' shapes.
        shapes: Vec<[Count; 3]>,
        /// Which layers share.
        scope: Scope,
        /// P.
        prototypes: Count,
        /// For each layer, for each sample, its bits.
        bits: Vec<Vec<Bits>>,
    },
}

/// Which layers share prototypes.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Each layer by itself.
    Layer,
    /// All layers of one height and width.
    Resolution,
}

/// The plan.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Output {
    #[schemars(with = "Map<String, Value>")]
    plan: Value,
}

/// Width, step, shapes.
type Target = (Count, StepName, Vec<[Count; 3]>);

impl Input {
    /// The maker and its target.
    fn parts(self) -> (Maker, Target) {
        match self {
            Input::GroupsModulo { width, step, shapes, prototypes } => {
                (Maker::Groups(Grouping::Modulo { prototypes: prototypes.length() }), (width, step, shapes))
            }
            Input::GroupsContiguous { width, step, shapes, prototypes } => {
                (Maker::Groups(Grouping::Contiguous { prototypes: prototypes.length() }), (width, step, shapes))
            }
            Input::Stage { width, step, shapes, prototypes } => {
                (Maker::Stage { prototypes: prototypes.map(Count::length) }, (width, step, shapes))
            }
            Input::Budget { width, step, shapes, drelus } => {
                (Maker::Budget { drelus: drelus.0 }, (width, step, shapes))
            }
            Input::Agreement { width, step, shapes, scope, prototypes, bits } => {
                let sharing = match scope {
                    Scope::Layer => Sharing::Layer,
                    Scope::Resolution => Sharing::Resolution,
                };
                let samples = |layer: Vec<Bits>| layer.into_iter().map(|sample| sample.0).collect();
                let bits = bits.into_iter().map(samples).collect();
                (Maker::Agreement { sharing, prototypes: prototypes.length(), bits }, (width, step, shapes))
            }
        }
    }
}

impl Operation for MakePlan {
    const NAME: &'static str = "make-plan";
    type Input = Input;
    type Output = Output;

    fn run(steps: &dyn Steps, input: Input, _trace: &mut Trace) -> Result<Output, Refusal> {
        let (maker, (bits, step, shapes)) = input.parts();
        let width = Width::new(bits.0).map_err(|_| plan_refusal(&PlanError::Width { bits: bits.0 }))?;
        let shapes = shapes.iter().enumerate().map(|(layer, counts)| layer_shape(layer, *counts));
        let shapes = shapes.collect::<Result<Vec<_>, _>>()?;
        let plan = steps.make(&maker, &shapes, width, step.into()).map_err(|error| refuse(&error))?;
        let plan = serde_json::from_str(&steps.plan_text(&plan)).map_err(Refusal::request)?;
        Ok(Output { plan })
    }
}

fn layer_shape(layer: usize, counts: [Count; 3]) -> Result<Shape, Refusal> {
    let [channels, height, width] = counts.map(Count::length);
    shape(counts).map_err(|error| match error {
        ValueError::EmptyShape { .. } => plan_refusal(&PlanError::EmptyShape { layer, channels, height, width }),
        _ => plan_refusal(&PlanError::ShapeOverflow { layer, channels, height, width }),
    })
}

fn refuse(error: &MakerError) -> Refusal {
    match error {
        MakerError::Plan(error) => plan_refusal(error),
        other => Refusal::new(other.code(), other),
    }
}
