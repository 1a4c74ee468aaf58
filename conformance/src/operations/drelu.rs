//! Operation `drelu`. [DS-DRELU-1] [DS-DRELU-2] [DS-DRELU-3]

use super::{Operation, Refusal, Trace};
use crate::steps::Steps;
use crate::vectors::types::{Bits, Count, Integer, Semantics, StepName};
use deepshare_reference::gate::drelu_integer;
use deepshare_reference::values::{ValueError, Width};
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
        let width = Width::new(input.width.0).map_err(|error| Refusal::new(error.code(), error))?;
        let step = input.step.into();
        let bit = |x: &Integer| match input.semantics {
            Semantics::Ring => Ok(steps.drelu(width, step, width.encode_wrapping(x.0))),
            Semantics::Integer => drelu_integer(width, step, x.0).map_err(overflow),
        };
        Ok(Output { bits: Bits(input.x.iter().map(bit).collect::<Result<_, _>>()?) })
    }
}

fn overflow(error: ValueError) -> Refusal {
    Refusal::new("semantics/overflow", error)
}
