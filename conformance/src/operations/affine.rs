//! Operation `affine`. [DS-GATE-2]

use super::input::{meaning, overflow, refuse};
use super::{Operation, Refusal, Trace};
use crate::steps::{Steps, same_length};
use crate::vectors::types::{Bits, Count, Integer, Semantics, integers};
use deepshare_reference::plan::AffineGate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// (alpha d + beta) x.
pub struct Affine;

/// A gate, its bits, and what they serve.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    width: Count,
    semantics: Semantics,
    alpha: Integer,
    beta: Integer,
    bits: Bits,
    x: Vec<Integer>,
}

/// The products.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Output {
    y: Vec<Integer>,
}

impl Operation for Affine {
    const NAME: &'static str = "affine";
    type Input = Input;
    type Output = Output;

    fn run(steps: &dyn Steps, input: Input, _trace: &mut Trace) -> Result<Output, Refusal> {
        let on = meaning(input.width, input.semantics)?;
        same_length(input.bits.0.len(), input.x.len()).map_err(refuse)?;
        let gate = AffineGate { alpha: input.alpha.0, beta: input.beta.0 };
        let y = input.bits.0.iter().zip(&input.x).map(|(&bit, x)| steps.affine(on, gate, bit, x.0));
        Ok(Output { y: integers(&y.collect::<Result<Vec<_>, _>>().map_err(overflow)?) })
    }
}
