//! Operation `shared-activation`. [DS-IDEAL-3]

use super::input::refuse;
use super::party::gates;
use super::shared::{FRESH_BITS, brought, relations, run, sides, stated, sum};
use crate::operations::{self, Operation, Refusal, Trace};
use crate::steps::protocol::ProtocolSteps;
use crate::steps::{Right, Steps};
use crate::vectors::case::Relation;
use crate::vectors::types::{Bytes, Integer, Shares, integers, numbers};
use deepshare_reference::backend::run::Sides;
use deepshare_reference::backend::{Backend, Program};
use deepshare_reference::network::activation::{activate, private_gates};
use deepshare_reference::party::{PartyError, Role};
use deepshare_reference::plan::{Plan, PlanLayer, Visibility};
use deepshare_reference::values::{Ring, RingVector, Width};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// Activation layers of a plan on shares. [DS-IDEAL-3]
pub struct SharedActivation;

/// A plan, and for each layer shares of its input.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActivationFields {
    plan: Map<String, Value>,
    inputs: Vec<Shares>,
    seeds: Vec<Bytes>,
}

/// For each layer the runs.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActivationRuns {
    outputs: Vec<Vec<Shares>>,
}

/// What the layers give in the clear: operation `activation`. [DS-ACT-1]
fn in_the_clear(plan: &Plan, file: &Map<String, Value>, x: &[Ring]) -> Result<Vec<Ring>, Refusal> {
    #[derive(Deserialize)]
    struct Clear {
        outputs: Vec<Vec<Integer>>,
    }
    let inputs: Vec<Vec<Integer>> = x.iter().map(|x| integers(&x.to_integers())).collect();
    let asked = json!({"plan": file, "semantics": "ring", "inputs": inputs});
    let clear: Clear =
        serde_json::from_value(operations::run(&Right, "activation", asked).result?).map_err(Refusal::request)?;
    let ring = |y: &Vec<Integer>| Ring::from_integers(plan.width(), &numbers(y)).map_err(refuse);
    clear.outputs.iter().map(ring).collect()
}

/// All layers, one after the other; the gates of earlier ones serve later ones.
#[derive(Clone)]
struct Layers(Plan);

impl Program for Layers {
    async fn run<B: Backend>(&self, backend: &mut B, own: Vec<B::Share>) -> Result<Vec<B::Share>, PartyError> {
        let (plan, width, server) = (&self.0, self.0.width(), backend.role() == Role::Server);
        let mut own = own.into_iter();
        let mut prepared = Vec::new();
        for layer in plan.layers() {
            let error = |source| PartyError::Value { role: Role::Server, step: "activation", source };
            let map = private_gates(layer).map_err(error)?;
            let matrix = if server && map.is_some() { own.next() } else { None };
            prepared.push(match map {
                Some(map) => Some(backend.weights(&map, width, matrix.as_ref()).await?),
                None => None,
            });
        }
        let (mut gates, mut outputs) = (Vec::new(), Vec::new());
        for (index, (layer, weights)) in plan.layers().iter().zip(&prepared).enumerate() {
            let x = brought(&mut own, width, layer.shape.elements());
            outputs.push(activate(backend, plan, index, 1, &mut gates, weights.as_ref(), &x).await?);
        }
        Ok(outputs)
    }
}

impl ActivationFields {
    fn read(&self) -> Result<Plan, Refusal> {
        let text = serde_json::to_string(&self.plan).map_err(Refusal::request)?;
        let plan = Plan::from_json(&text).map_err(|error| Refusal::new(error.code(), error))?;
        let lengths: Vec<usize> = self.inputs.iter().map(|shares| shares.server.len()).collect();
        let wanted: Vec<usize> = plan.layers().iter().map(|layer| layer.shape.elements()).collect();
        match lengths == wanted {
            true => Ok(plan),
            false => Err(Refusal::request("for each layer there are shares of its elements")),
        }
    }

    /// What both sides bring: the server's private gates first.
    fn own(&self, steps: &dyn ProtocolSteps, plan: &Plan) -> Result<Sides<Ring>, Refusal> {
        let width = plan.width();
        let private = plan.layers().iter().filter(|layer| layer.visibility == Visibility::Private);
        let gates = private.map(|layer| gates(steps, width, layer));
        let mut own = Sides { server: gates.collect(), client: Vec::new() };
        for shares in &self.inputs {
            let Sides { server, client } = sides(width, shares)?;
            own.server.extend(server);
            own.client.extend(client);
        }
        Ok(own)
    }

    fn relations(&self) -> Result<Vec<Relation>, Refusal> {
        let plan = self.read()?;
        let x: Result<Vec<Ring>, Refusal> = self.inputs.iter().map(|shares| sum(plan.width(), shares)).collect();
        let outputs = in_the_clear(&plan, &self.plan, &x?)?;
        let layers = plan.layers().iter().zip(outputs).enumerate();
        let all = layers.map(|(index, (layer, y))| {
            let private = layer.visibility == Visibility::Private;
            let bits = if private { y.len() * plan.width().bits() as usize } else { public_coins(layer, plan.width()) };
            relations(&format!("outputs[{index}]"), &y, bits >= FRESH_BITS)
        });
        Ok(all.flatten().collect())
    }
}

/// Bits of coins in the server's elements of a layer with public gates: alpha times uniform ones, which are as many bits
/// shorter as alpha has factors 2. [DS-VEC-14]
fn public_coins(layer: &PlanLayer, width: Width) -> usize {
    let bits = |alpha: i64| if alpha == 0 { 0 } else { width.bits().saturating_sub(alpha.trailing_zeros()) as usize };
    let gates = (0..layer.channels.len()).filter_map(|channel| layer.gate(channel));
    gates.map(|gate| bits(gate.alpha) * layer.shape.area()).sum()
}

impl Operation for SharedActivation {
    const NAME: &'static str = "shared-activation";
    type Input = ActivationFields;
    type Output = ActivationRuns;

    fn run(steps: &dyn Steps, input: ActivationFields, _trace: &mut Trace) -> Result<ActivationRuns, Refusal> {
        let plan = input.read()?;
        let runs = run(steps, &Layers(plan.clone()), &input.own(steps.protocol(), &plan)?, &input.seeds)?;
        let mut outputs: Vec<Vec<Shares>> = plan.layers().iter().map(|_| Vec::new()).collect();
        for run in runs {
            outputs.iter_mut().zip(run).for_each(|(layer, shares)| layer.push(shares));
        }
        Ok(ActivationRuns { outputs })
    }

    fn relations(input: ActivationFields) -> Result<Option<Vec<Relation>>, Refusal> {
        stated(input.relations())
    }
}
