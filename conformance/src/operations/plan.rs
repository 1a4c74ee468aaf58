//! Operation `plan`. [DS-PLAN-9] [DS-PLAN-27] [DS-FILE-3]

use super::input::{read_plan, text_of};
use super::{Operation, Refusal, Trace};
use crate::steps::Steps;
use crate::vectors::types::Count;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A plan file, read.
pub struct Plan;

/// The file, as an object or as any text.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    #[serde(default)]
    #[schemars(with = "Option<Map<String, Value>>")]
    plan: Option<Value>,
    #[serde(default)]
    text: Option<String>,
}

/// What a plan costs, its text, and its public part's.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Output {
    counts: Counts,
    text: String,
    public: String,
}

/// The counts of a plan. [DS-PLAN-27]
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    drelus: Count,
    baseline: Count,
    multiplexed: Count,
    linear: Count,
}

impl Operation for Plan {
    const NAME: &'static str = "plan";
    type Input = Input;
    type Output = Output;

    fn run(steps: &dyn Steps, input: Input, _trace: &mut Trace) -> Result<Output, Refusal> {
        let plan = read_plan(steps, &text_of(input.plan, input.text)?)?;
        let counts = steps.counts(&plan);
        Ok(Output {
            counts: Counts {
                drelus: Count(counts.drelus),
                baseline: Count(counts.baseline),
                multiplexed: Count(counts.multiplexed),
                linear: Count(counts.linear),
            },
            text: steps.plan_text(&plan),
            public: steps.plan_text(&steps.public_plan(&plan)),
        })
    }
}
