//! Operation `truncation`. [DS-TRUNC-1]

use super::input::{meaning, refuse};
use super::{Operation, Refusal, Trace};
use crate::steps::Steps;
use crate::vectors::types::{Count, Integer, Semantics, integers};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// floor(x / 2^shift).
pub struct Truncation;

/// Integers and the shift.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    width: Count,
    semantics: Semantics,
    shift: Count,
    x: Vec<Integer>,
}

/// The quotients.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Output {
    y: Vec<Integer>,
}

impl Operation for Truncation {
    const NAME: &'static str = "truncation";
    type Input = Input;
    type Output = Output;

    fn run(steps: &dyn Steps, input: Input, _trace: &mut Trace) -> Result<Output, Refusal> {
        let on = meaning(input.width, input.semantics)?;
        let shift = u32::try_from(input.shift.0).unwrap_or(u32::MAX);
        let y = input.x.iter().map(|x| steps.truncate(on, x.0, shift));
        Ok(Output { y: integers(&y.collect::<Result<Vec<_>, _>>().map_err(refuse)?) })
    }
}
