//! Operation `network`. [DS-NET-10] [DS-NET-11]

use super::activation::entered;
use super::input::{read_network, too_large};
use super::layers::{Checkpoint, Gates, Place};
use super::{Operation, Refusal, Trace};
use crate::steps::linear::{Map as TermMap, MapKind};
use crate::steps::{Meaning, Steps};
use crate::vectors::types::{Integer, Semantics, integers, numbers};
use deepshare_reference::network::{Layer, LinearKind, Network as Graph, Operand, Operation as Op, Parameters};
use deepshare_reference::values::Shape;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A network on one image.
pub struct Network;

/// A network with weights, and an image.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    #[schemars(with = "Map<String, Value>")]
    network: Value,
    semantics: Semantics,
    input: Vec<Integer>,
}

/// The last layer's output.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Output {
    output: Vec<Integer>,
}

impl Operation for Network {
    const NAME: &'static str = "network";
    type Input = Input;
    type Output = Output;

    fn run(steps: &dyn Steps, input: Input, trace: &mut Trace) -> Result<Output, Refusal> {
        let text = input.network.to_string();
        let network = read_network(steps, &text)?.ok_or_else(|| Refusal::request("no network"))?;
        let on = Meaning { width: network.width(), semantics: input.semantics };
        let image = numbers(&input.input);
        check(&network, image.len())?;
        let place = Place { layer: Value::from("input"), shape: network.input().shape };
        let image = entered(steps, on, &image, &place)?;
        let mut walk =
            Walk { network: &network, image, tensors: Vec::new(), gates: Gates::new(steps, on, network.plan()) };
        for (index, layer) in network.layers().iter().enumerate() {
            let y = walk.layer(index, layer)?;
            trace.note(&layer.name, clause(&layer.operation), integers(&y));
            walk.tensors.push(y);
        }
        Ok(Output { output: integers(&walk.tensors.pop().unwrap_or_default()) })
    }
}

/// The clause of a layer's operation.
fn clause(operation: &Op) -> &'static str {
    match operation {
        Op::Linear { kind: LinearKind::Convolution { .. }, .. } => "DS-LIN-3",
        Op::Linear { kind: LinearKind::Dense, .. } => "DS-LIN-4",
        Op::Add => "DS-LIN-9",
        Op::SumPool { .. } => "DS-LIN-5",
        Op::Broadcast => "DS-LIN-11",
        Op::Truncate { .. } => "DS-TRUNC-1",
        Op::Activation { .. } => "DS-ACT-1",
    }
}

/// There is something to evaluate, it is not too large, and the input has the right length, in this order. [DS-NET-13]
fn check(network: &Graph, found: usize) -> Result<(), Refusal> {
    let lacks =
        |layer: &&Layer| matches!(layer.operation, Op::Linear { parameters: None, .. }) || network.is_public_part();
    if let Some(layer) = network.layers().iter().find(lacks) {
        let refusal = Refusal::new("semantics/no-weights", format!("layer {}: no weights", layer.name));
        return Err(refusal.at("layer", layer.name.as_str()));
    }
    let input = std::iter::once(("input", network.input()));
    let outputs = network.layers().iter().map(|layer| (layer.name.as_str(), layer.output));
    let large = input.chain(outputs).find(|(_, tensor)| too_large(tensor.shape.elements()));
    if let Some((layer, tensor)) = large {
        let refusal = Refusal::new("semantics/too-large", format!("layer {layer}: {}", tensor.shape));
        return Err(refusal.at("layer", layer));
    }
    match found == network.input().shape.elements() {
        true => Ok(()),
        false => Err(Refusal::new("semantics/input-length", format!("{found} elements"))),
    }
}

/// A walk through a network.
struct Walk<'a> {
    network: &'a Graph,
    image: Vec<i64>,
    /// The outputs of the layers so far.
    tensors: Vec<Vec<i64>>,
    gates: Gates<'a>,
}

impl Walk<'_> {
    /// An operand's elements and shape.
    fn operand(&self, index: usize, layer: &Layer, number: usize) -> (&[i64], Shape) {
        let named = layer.operands.get(number).copied().unwrap_or(Operand::Input);
        let input = (self.image.as_slice(), self.network.input().shape);
        match self.gates.steps.operand(self.network, index, named) {
            Operand::Input => input,
            Operand::Layer(index) => match (self.tensors.get(index), self.network.layers().get(index)) {
                (Some(tensor), Some(layer)) => (tensor, layer.output.shape),
                _ => input,
            },
        }
    }

    /// The output of a layer.
    fn layer(&mut self, index: usize, layer: &Layer) -> Result<Vec<i64>, Refusal> {
        let (steps, on) = (self.gates.steps, self.gates.on);
        let place = Place { layer: Value::from(layer.name.as_str()), shape: layer.output.shape };
        let (x, shape) = self.operand(index, layer, 0);
        let tensor = |index: usize, y| -> Result<i64, Refusal> {
            let y: Result<i64, deepshare_reference::values::ValueError> = y;
            y.map_err(|error| place.error(Checkpoint::Tensor, index, error))
        };
        match &layer.operation {
            Op::Linear { kind, map, parameters, .. } => {
                let map = term_map(kind, map.output().channels(), shape)?;
                let Parameters { weights, bias } = parameters.as_ref().ok_or_else(|| Refusal::request("no weights"))?;
                let bias = |i| bias.as_ref().and_then(|b| b.get(steps.bias(map.output(), i))).copied().unwrap_or(0);
                let outputs = 0..map.output().elements();
                outputs.map(|i| tensor(i, map.output_at(steps, on, weights, x, i, bias(i)))).collect()
            }
            Op::SumPool { window, stride, .. } => {
                let map = new_map(MapKind::SumPool { window: *window, stride: *stride }, shape)?;
                (0..map.output().elements()).map(|i| tensor(i, map.output_at(steps, on, &[1], x, i, 0))).collect()
            }
            Op::Add => {
                let (y, _) = self.operand(index, layer, 1);
                let sums = x.iter().zip(y).enumerate();
                sums.map(|(i, (&x, &y))| tensor(i, steps.sum(on, &[(1, x), (1, y)], 0))).collect()
            }
            Op::Broadcast => {
                let area = layer.output.shape.area();
                Ok(x.iter().flat_map(|&x| std::iter::repeat_n(x, area)).collect())
            }
            Op::Truncate { shift } => {
                x.iter().enumerate().map(|(i, &x)| tensor(i, steps.truncate(on, x, *shift))).collect()
            }
            Op::Activation { layer: planned } => {
                let x = x.to_vec();
                self.gates.layer(*planned, &x, &place, None)
            }
        }
    }
}

/// The map of a linear layer, on the shape of its operand.
fn term_map(kind: &LinearKind, outputs: usize, input: Shape) -> Result<TermMap, Refusal> {
    let kind = match *kind {
        LinearKind::Convolution { window, groups } => MapKind::Convolution { outputs, window, groups },
        LinearKind::Dense => MapKind::Dense { outputs },
    };
    new_map(kind, input)
}

fn new_map(kind: MapKind, input: Shape) -> Result<TermMap, Refusal> {
    TermMap::new(kind, input).map_err(|error| Refusal::new("semantics/value", error))
}
