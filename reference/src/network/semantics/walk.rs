//! The walk through a network in the clear, one image at a time.

use super::arithmetic::Semantics;
use super::{Checkpoint, SemanticsError};
use crate::network::{Layer, Network, Operation, Parameters};
use crate::plan::Plan;
use crate::values::{Shape, ValueError};

/// The most elements of a tensor that is evaluated in the clear. [DS-NET-13]
const MAX_ELEMENTS: usize = 1 << 26;

/// Evaluates the layers in order; the bits of all prototypes are kept for later layers. `see` is shown every layer with
/// its first operand.
pub(super) fn evaluate<S: Semantics>(
    semantics: &S,
    network: &Network,
    input: &[i64],
    mut see: impl FnMut(&Layer, &[S::Value]),
) -> Result<Vec<S::Value>, SemanticsError> {
    check(network, input.len())?;
    let walk = Walk { semantics, network };
    let place = |i| Place { layer: "input", checkpoint: Checkpoint::Input, shape: network.input().shape, index: i };
    let encode = |(i, &x): (usize, &i64)| semantics.encode(x).map_err(|error| walk.overflow(place(i), error));
    let input: Vec<S::Value> = input.iter().enumerate().map(encode).collect::<Result<_, _>>()?;

    // the layers' outputs, and last the input, each until its last use
    let mut values: Vec<Vec<S::Value>> = vec![Vec::new(); network.layers().len()];
    values.push(input);
    let last_uses = network.last_uses();
    let mut bits = Vec::new();
    let mut output = Vec::new();
    for (index, layer) in network.layers().iter().enumerate() {
        let operands = layer.operands.iter().filter_map(|&operand| values.get(network.slot(operand)));
        let operands: Vec<&[S::Value]> = operands.map(Vec::as_slice).collect();
        see(layer, operands.first().copied().unwrap_or(&[]));
        output = walk.layer(layer, &operands, &mut bits)?;
        for (value, _) in values.iter_mut().zip(&last_uses).filter(|(_, last)| **last == index) {
            *value = Vec::new();
        }
        if let Some(slot) = values.get_mut(index) {
            slot.clone_from(&output);
        }
    }
    Ok(output)
}

/// Checks that there is something to evaluate, and that it is not too large. [DS-NET-13]
fn check(network: &Network, found: usize) -> Result<(), SemanticsError> {
    if let Some(layer) = network.missing_parameters() {
        return Err(SemanticsError::NoWeights { layer: layer.name.clone() });
    }
    let input = std::iter::once(("input", network.input()));
    let outputs = network.layers().iter().map(|layer| (layer.name.as_str(), layer.output));
    let mut sizes = input.chain(outputs).map(|(name, tensor)| (name, tensor.shape.elements()));
    if let Some((layer, elements)) = sizes.find(|&(_, elements)| elements > MAX_ELEMENTS) {
        return Err(SemanticsError::TooLarge { layer: layer.to_owned(), elements });
    }
    let expected = network.input().shape.elements();
    if found == expected { Ok(()) } else { Err(SemanticsError::InputLength { found, expected }) }
}

/// The bits of a layer's prototypes: for each channel its neurons' bits; empty for other channels.
type LayerBits = Vec<Vec<bool>>;

struct Walk<'a, S> {
    semantics: &'a S,
    network: &'a Network,
}

/// An element of a layer's output.
#[derive(Clone, Copy)]
struct Place<'a> {
    layer: &'a str,
    checkpoint: Checkpoint,
    shape: Shape,
    index: usize,
}

impl<S: Semantics> Walk<'_, S> {
    fn overflow(&self, place: Place<'_>, error: ValueError) -> SemanticsError {
        let ValueError::DoesNotFit { value, bits } = error else {
            return SemanticsError::Value { layer: place.layer.to_owned(), source: error };
        };
        let (channel, row, column) = place.shape.position(place.index);
        let (layer, checkpoint) = (place.layer.to_owned(), place.checkpoint);
        SemanticsError::Overflow { layer, checkpoint, channel, row, column, value, bits }
    }

    fn layer(
        &self,
        layer: &Layer,
        operands: &[&[S::Value]],
        bits: &mut Vec<LayerBits>,
    ) -> Result<Vec<S::Value>, SemanticsError> {
        let shape = layer.output.shape;
        let at = |checkpoint| move |index| Place { layer: &layer.name, checkpoint, shape, index };
        let x = operands.first().copied().unwrap_or(&[]);
        let tensor = |(i, error)| self.overflow(at(Checkpoint::Tensor)(i), error);
        match &layer.operation {
            Operation::Linear { map, parameters, .. } => {
                let parameters = parameters.as_ref();
                let missing = || SemanticsError::NoWeights { layer: layer.name.clone() };
                let [weights, bias] = self.parameters(&layer.name, parameters.ok_or_else(missing)?)?;
                let zero = self.parameter(&layer.name, "bias", 0, 0)?;
                let bias_of = |i: usize| bias.get(i / map.output().area()).copied().unwrap_or(zero);
                self.semantics.linear(map, &weights, bias_of, x).map_err(tensor)
            }
            Operation::SumPool { map, .. } => {
                let (one, zero) = (self.constant(layer, 1)?, self.constant(layer, 0)?);
                self.semantics.linear(map, &[one], |_| zero, x).map_err(tensor)
            }
            Operation::Add => {
                let y = operands.get(1).copied().unwrap_or(&[]);
                let sums = x.iter().zip(y).enumerate();
                sums.map(|(i, (&x, &y))| self.semantics.add(x, y).map_err(|e| tensor((i, e)))).collect()
            }
            Operation::Broadcast => {
                Ok(x.iter().flat_map(|&x| std::iter::repeat_n(x, layer.output.shape.area())).collect())
            }
            Operation::Truncate { shift } => {
                let cut = |(i, &x)| self.semantics.truncate(x, *shift).map_err(|e| tensor((i, e)));
                x.iter().enumerate().map(cut).collect()
            }
            Operation::Activation { layer: index } => {
                let own = self.prototype_bits(*index, x, at(Checkpoint::Step))?;
                bits.push(own);
                self.activation(*index, x, bits, at(Checkpoint::Activation))
            }
        }
    }

    /// 0 or 1, which fit every ring.
    fn constant(&self, layer: &Layer, value: i64) -> Result<S::Value, SemanticsError> {
        self.parameter(&layer.name, "weights", 0, value)
    }

    fn parameter(&self, layer: &str, what: &'static str, i: usize, value: i64) -> Result<S::Value, SemanticsError> {
        let bits = self.network.width().bits();
        let error = |_| SemanticsError::Parameter { layer: layer.to_owned(), what, index: i, value, bits };
        self.semantics.encode(value).map_err(error)
    }

    fn parameters(&self, layer: &str, p: &Parameters) -> Result<[Vec<S::Value>; 2], SemanticsError> {
        let list = |what: &'static str, values: &[i64]| {
            let values = values.iter().enumerate();
            values.map(|(i, &value)| self.parameter(layer, what, i, value)).collect::<Result<Vec<_>, _>>()
        };
        Ok([list("weights", &p.weights)?, list("bias", p.bias.as_deref().unwrap_or(&[]))?])
    }

    /// DReLU of the layer's own prototypes. [DS-ACT-1]
    fn prototype_bits<'p>(
        &self,
        index: usize,
        x: &[S::Value],
        place: impl Fn(usize) -> Place<'p>,
    ) -> Result<LayerBits, SemanticsError> {
        let plan = self.network.plan();
        let area = plan.layers().get(index).map_or(1, |layer| layer.shape.area());
        let mut bits = Vec::new();
        for (channel, neurons) in x.chunks(area).enumerate() {
            let mut own = Vec::new();
            if plan.prototype_of(index, channel) == Some((index, channel)) {
                for (i, &x) in neurons.iter().enumerate() {
                    let bit = self.semantics.drelu(plan.step(), x);
                    own.push(bit.map_err(|error| self.overflow(place(channel * area + i), error))?);
                }
            }
            bits.push(own);
        }
        Ok(bits)
    }

    /// y = (alpha d + beta) x with the source's bit d at the same row and column; 2^s x on linear channels. [DS-ACT-1]
    fn activation<'p>(
        &self,
        index: usize,
        x: &[S::Value],
        bits: &[LayerBits],
        place: impl Fn(usize) -> Place<'p>,
    ) -> Result<Vec<S::Value>, SemanticsError> {
        let plan: &Plan = self.network.plan();
        let Some(layer) = plan.layers().get(index) else { return Ok(Vec::new()) };
        let area = layer.shape.area();
        let mut y = Vec::with_capacity(x.len());
        for (channel, neurons) in x.chunks(area).enumerate() {
            let source = plan.prototype_of(index, channel);
            let source_bits = source.and_then(|(layer, channel)| bits.get(layer)?.get(channel));
            let gate = layer.gate(channel).unwrap_or(layer.default_gate());
            for (i, &x) in neurons.iter().enumerate() {
                // a linear channel is multiplied by 2^s: the default gate with the bit 1
                let bit = source_bits.and_then(|bits| bits.get(i)).copied().unwrap_or(true);
                let value = self.semantics.affine(gate, bit, x);
                y.push(value.map_err(|error| self.overflow(place(channel * area + i), error))?);
            }
        }
        Ok(y)
    }
}
