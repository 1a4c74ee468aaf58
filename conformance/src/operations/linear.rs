//! Operation `linear`. [DS-LIN-1]

use super::input::{self, counts, meaning, overflow, refuse, too_large};
use super::{Operation, Refusal, Trace};
use crate::steps::Steps;
use crate::steps::linear::{Map, MapKind};
use crate::vectors::types::{Bits, Count, Integer, Semantics, integers, numbers};
use deepshare_reference::values::{ValueError, Window};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// map(W, x).
pub struct Linear;

/// A map, its weights, and a batch of inputs.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    width: Count,
    semantics: Semantics,
    map: MapFields,
    weights: Vec<Integer>,
    x: Vec<Integer>,
    batch: Count,
}

/// A linear map as its fields state it.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(tag = "op", rename_all = "snake_case", deny_unknown_fields)]
pub enum MapFields {
    /// A convolution. [DS-LIN-3]
    Conv {
        /// The input's shape.
        shape: [Count; 3],
        /// O.
        out_channels: Count,
        /// (kh, kw).
        kernel: [Count; 2],
        /// (sh, sw).
        stride: [Count; 2],
        /// (ph, pw).
        padding: [Count; 2],
        /// (dh, dw).
        #[serde(default = "no_holes")]
        dilation: [Count; 2],
        /// G.
        groups: Count,
    },
    /// A dense layer. [DS-LIN-4]
    Dense {
        /// The input's shape.
        shape: [Count; 3],
        /// O.
        outputs: Count,
    },
    /// A sum-pool. [DS-LIN-5]
    SumPool {
        /// The input's shape.
        shape: [Count; 3],
        /// (wh, ww).
        window: [Count; 2],
        /// (sh, sw).
        stride: [Count; 2],
    },
    /// The affine map of private gates. [DS-LIN-6]
    Affine {
        /// The shape of x, and of y.
        shape: [Count; 3],
        /// Which channels are gated.
        gated: Bits,
    },
}

fn no_holes() -> [Count; 2] {
    [Count(1), Count(1)]
}

/// The outputs of the batch, one image after the other.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Output {
    shape: [Count; 3],
    y: Vec<Integer>,
}

impl MapFields {
    /// The map.
    ///
    /// # Errors
    /// [`ValueError::LinearMap`] and the errors of shapes.
    pub fn map(&self) -> Result<Map, ValueError> {
        let pair = |counts: &[Count; 2]| counts.map(Count::length);
        let (kind, dimensions) = match self {
            MapFields::Conv { shape, out_channels, kernel, stride, padding, dilation, groups } => {
                let [kernel, stride, padding, dilation] = [kernel, stride, padding, dilation].map(pair);
                let window = Window { kernel, stride, padding, dilation };
                let (outputs, groups) = (out_channels.length(), groups.length());
                (MapKind::Convolution { outputs, window, groups }, shape)
            }
            MapFields::Dense { shape, outputs } => (MapKind::Dense { outputs: outputs.length() }, shape),
            MapFields::SumPool { shape, window, stride } => {
                (MapKind::SumPool { window: pair(window), stride: pair(stride) }, shape)
            }
            MapFields::Affine { shape, gated } => (MapKind::Affine { gated: gated.0.clone() }, shape),
        };
        Map::new(kind, input::shape(*dimensions)?)
    }
}

impl Operation for Linear {
    const NAME: &'static str = "linear";
    type Input = Input;
    type Output = Output;

    fn run(steps: &dyn Steps, input: Input, _trace: &mut Trace) -> Result<Output, Refusal> {
        let on = meaning(input.width, input.semantics)?;
        let map = input.map.map().map_err(refuse)?;
        let batch = input.batch.length();
        if too_large(map.output().elements().saturating_mul(batch)) {
            return Err(Refusal::request("more than 2^26 outputs"));
        }
        let (weights, x) = (numbers(&input.weights), numbers(&input.x));
        let y = map.apply(steps, on, &weights, &x, batch).map_err(overflow)?;
        Ok(Output { shape: counts(map.output()), y: integers(&y) })
    }
}
