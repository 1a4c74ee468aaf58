//! Operation `drelu`. [DS-DRELU-1] [DS-DRELU-2] [DS-DRELU-3]

use super::input::{meaning, overflow};
use super::{Operation, Refusal, Trace};
use crate::steps::Steps;
use crate::vectors::types::{Bits, Count, Integer, Semantics, StepName};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The step bits of integers.
pub struct Drelu;

/// Integers and the convention.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    width: Count,
    step: StepName,
    semantics: Semantics,
    x: Vec<Integer>,
}

/// A bit for each integer.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Output {
    bits: Bits,
}

impl Operation for Drelu {
    const NAME: &'static str = "drelu";
    type Input = Input;
    type Output = Output;

    fn run(steps: &dyn Steps, input: Input, _trace: &mut Trace) -> Result<Output, Refusal> {
        let on = meaning(input.width, input.semantics)?;
        let bits = input.x.iter().map(|x| steps.drelu(on, input.step.into(), x.0));
        Ok(Output { bits: Bits(bits.collect::<Result<_, _>>().map_err(overflow)?) })
    }
}
