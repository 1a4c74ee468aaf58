//! Operation `lemma`: a party program on inputs, shares and coins that are given. [DS-PROVE-7]

use super::input::width;
use super::{Operation, Refusal, Trace};
use crate::prove::draws::Draws;
use crate::prove::registry;
use crate::steps::Steps;
use crate::vectors::types::{Count, Element, elements};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The program of a lemma.
pub struct LemmaRun;

/// The lemma, and all that its program draws.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The lemma.
    pub lemma: String,
    /// Ring width.
    pub width: Count,
    /// Inputs, shares and coins.
    pub draws: Draws,
}

/// What the parties' outputs reconstruct to.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// The elements; a bit is 0 or 1.
    pub elements: Vec<Element>,
}

impl Operation for LemmaRun {
    const NAME: &'static str = "lemma";
    type Input = Input;
    type Output = Output;

    fn run(steps: &dyn Steps, input: Input, _trace: &mut Trace) -> Result<Output, Refusal> {
        let lemma = registry::find(&input.lemma).map_err(|error| Refusal::new(error.code(), error))?;
        let outcome = lemma.run(steps, width(input.width)?, &input.draws.assignment());
        let outcome = outcome.map_err(|error| Refusal::new(error.code(), error))?;
        match outcome.draws == input.draws {
            true => Ok(Output { elements: elements(&outcome.found) }),
            false => Err(Refusal::request("the draws are not those of the lemma's program")),
        }
    }
}
