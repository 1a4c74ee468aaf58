//! Operation `activation`. [DS-ACT-1]

use super::input::{read_plan, width};
use super::layers::{Checkpoint, Gates, Place};
use super::{Operation, Refusal, Trace};
use crate::steps::{Meaning, Steps};
use crate::vectors::types::{Count, Integer, Semantics, integers, numbers};
use deepshare_reference::plan::Plan;
use deepshare_reference::values::integer::ExactSum;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// All activation layers of a plan.
pub struct Activation;

/// A plan, and the input of each of its layers.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    #[schemars(with = "Map<String, Value>")]
    plan: Value,
    semantics: Semantics,
    inputs: Vec<Vec<Integer>>,
}

/// The output of each layer.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Output {
    outputs: Vec<Vec<Integer>>,
}

impl Operation for Activation {
    const NAME: &'static str = "activation";
    type Input = Input;
    type Output = Output;

    fn run(steps: &dyn Steps, input: Input, trace: &mut Trace) -> Result<Output, Refusal> {
        let plan = read_plan(steps, &input.plan.to_string())?;
        let on = Meaning { width: width(Count(u64::from(plan.width().bits())))?, semantics: input.semantics };
        let inputs: Vec<Vec<i64>> = input.inputs.iter().map(|layer| numbers(layer)).collect();
        let places = places(&plan, &inputs)?;
        let mut gates = Gates::new(steps, on, &plan);
        let mut outputs = Vec::new();
        for (layer, (x, place)) in inputs.iter().zip(&places).enumerate() {
            let x = entered(steps, on, x, place)?;
            outputs.push(integers(&gates.layer(layer, &x, place, Some(trace))?));
        }
        Ok(Output { outputs })
    }
}

/// The layers' places, if the inputs have the right lengths.
fn places(plan: &Plan, inputs: &[Vec<i64>]) -> Result<Vec<Place>, Refusal> {
    if inputs.len() != plan.layers().len() {
        return Err(Refusal::request("there is one input for each layer of the plan"));
    }
    let place = |(layer, (entry, x)): (usize, (&deepshare_reference::plan::PlanLayer, &Vec<i64>))| match x.len()
        == entry.shape.elements()
    {
        true => Ok(Place { layer: Value::from(layer), shape: entry.shape }),
        false => Err(Refusal::request(format!("layer {layer}: {} inputs for {}", x.len(), entry.shape))),
    };
    plan.layers().iter().zip(inputs).enumerate().map(place).collect()
}

/// The elements of an input, each a checkpoint. [DS-INT-3]
pub(super) fn entered(steps: &dyn Steps, on: Meaning, x: &[i64], place: &Place) -> Result<Vec<i64>, Refusal> {
    let enter = |(index, &x): (usize, &i64)| {
        let mut sum = ExactSum::default();
        sum.add(i128::from(x));
        steps.checkpoint(on, &sum).map_err(|error| place.error(Checkpoint::Input, index, error))
    };
    x.iter().enumerate().map(enter).collect()
}
