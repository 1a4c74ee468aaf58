//! Operation `truncation`. [DS-TRUNC-1]

use super::{Operation, Refusal, Trace};
use crate::steps::Steps;
use crate::vectors::types::{Count, Integer, Semantics, integers, numbers};
use deepshare_reference::truncate::truncate_integer;
use deepshare_reference::values::{ValueError, Width};
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
        let refuse = |error: ValueError| Refusal::new(error.code(), error);
        let width = Width::new(input.width.0).map_err(refuse)?;
        let shift = u32::try_from(input.shift.0).unwrap_or(u32::MAX);
        let cut = |x: i64| match input.semantics {
            Semantics::Ring => steps.truncate(width, width.encode_wrapping(x), shift).map(|y| width.decode(y)),
            Semantics::Integer => truncate_integer(width, x, shift),
        };
        let y: Vec<i64> = numbers(&input.x).into_iter().map(cut).collect::<Result<_, _>>().map_err(refuse)?;
        Ok(Output { y: integers(&y) })
    }
}
