//! The plaintext semantics of a network: on integers, with checkpoints, and on the ring. [DS-NET-10] [DS-NET-11]
//!
//! Theorem: where the integer semantics gives a result, the ring semantics gives the same one. An integer-semantics
//! error is never silently a result. [DS-NET-12]

use super::{Network, Operand, Operation, Parameters};
use crate::gate::{affine_integer, affine_ring, drelu_integer, drelu_ring};
use crate::linear::linear_integer;
use crate::plan::{AffineGate, Plan, StepConvention};
use crate::truncate::{truncate_integer, truncate_ring};
use crate::values::integer::checked;
use crate::values::{LinearMap, Shape, ValueError, Width};
use num_bigint::BigInt;

/// A place where the integer semantics checks that a value fits k bits. [DS-INT-1]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checkpoint {
    /// An element of the network's input.
    Input,
    /// A weight, a bias or a gate's alpha or beta.
    Parameter,
    /// An element of a tensor between operations: a whole sum with its bias, an addition, a pool, a truncation.
    Tensor,
    /// x - 1, under the step convention `positive`.
    Step,
    /// An activation's output.
    Activation,
}

/// The semantics gives no result: a value that does not fit, or a network that cannot be evaluated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SemanticsError {
    /// A value that does not fit k bits at a checkpoint. [DS-INT-1]
    #[error(
        "layer {layer}, channel {channel}, row {row}, column {column}: {checkpoint:?} value {value} does not fit {bits} bits"
    )]
    Overflow {
        /// The layer's name, or `input`.
        layer: String,
        /// Which checkpoint.
        checkpoint: Checkpoint,
        /// Channel.
        channel: usize,
        /// Row.
        row: usize,
        /// Column.
        column: usize,
        /// The value.
        value: String,
        /// Ring width in bits.
        bits: u32,
    },
    /// A parameter that does not fit k bits. [DS-INT-1]
    #[error("layer {layer}: parameter {what}[{index}] = {value} does not fit {bits} bits")]
    Parameter {
        /// The layer's name.
        layer: String,
        /// `weights` or `bias`.
        what: &'static str,
        /// Position in the list.
        index: usize,
        /// The value.
        value: i64,
        /// Ring width in bits.
        bits: u32,
    },
    /// A shape-only network has nothing to evaluate.
    #[error("layer {layer}: the network is shape-only; it has no weights to evaluate")]
    NoWeights {
        /// The layer's name.
        layer: String,
    },
    /// An input with another number of elements than the network takes.
    #[error("the input has {found} elements, the network takes {expected}")]
    InputLength {
        /// Elements found.
        found: usize,
        /// Elements expected.
        expected: usize,
    },
    /// A length or shift that validation excludes.
    #[error("layer {layer}: {source}")]
    Value {
        /// The layer's name.
        layer: String,
        /// What is wrong.
        source: ValueError,
    },
}

impl SemanticsError {
    /// The error's stable code.
    pub fn code(&self) -> &'static str {
        match self {
            SemanticsError::Overflow { .. } => "semantics/overflow",
            SemanticsError::Parameter { .. } => "semantics/parameter",
            SemanticsError::NoWeights { .. } => "semantics/no-weights",
            SemanticsError::InputLength { .. } => "semantics/input-length",
            SemanticsError::Value { .. } => "semantics/value",
        }
    }
}

/// The integer semantics: exact, or an error that names the place. [DS-NET-10]
///
/// # Errors
/// [`SemanticsError::Overflow`] or [`SemanticsError::Parameter`] at the first checkpoint that a value does not pass.
pub fn integer(network: &Network, input: &[i64]) -> Result<Vec<i64>, SemanticsError> {
    evaluate(&Integers(network.width()), network, input)
}

/// The ring semantics: total, with wrap-around. [DS-NET-11]
///
/// # Errors
/// [`SemanticsError::NoWeights`] or [`SemanticsError::InputLength`]: it has a result for every network and every input.
pub fn ring(network: &Network, input: &[i64]) -> Result<Vec<i64>, SemanticsError> {
    let width = network.width();
    Ok(evaluate(&OnRing(width), network, input)?.into_iter().map(|x| width.decode(x)).collect())
}

/// What the two semantics differ in: the operations on values. Errors are positions' errors; the walk adds the place.
trait Semantics {
    type Value: Copy;
    fn encode(&self, value: i64) -> Result<Self::Value, ValueError>;
    fn linear(
        &self,
        map: &LinearMap,
        weights: &[Self::Value],
        bias: impl Fn(usize) -> Self::Value,
        x: &[Self::Value],
    ) -> Result<Vec<Self::Value>, (usize, ValueError)>;
    fn add(&self, x: Self::Value, y: Self::Value) -> Result<Self::Value, ValueError>;
    fn truncate(&self, x: Self::Value, shift: u32) -> Result<Self::Value, ValueError>;
    fn drelu(&self, step: StepConvention, x: Self::Value) -> Result<bool, ValueError>;
    fn affine(&self, gate: AffineGate, bit: bool, x: Self::Value) -> Result<Self::Value, ValueError>;
}

struct Integers(Width);

impl Semantics for Integers {
    type Value = i64;

    fn encode(&self, value: i64) -> Result<i64, ValueError> {
        checked(self.0, &BigInt::from(value))
    }

    fn linear(
        &self,
        map: &LinearMap,
        weights: &[i64],
        bias: impl Fn(usize) -> i64,
        x: &[i64],
    ) -> Result<Vec<i64>, (usize, ValueError)> {
        let sums = linear_integer(map, weights, x).map_err(|error| (0, error))?;
        let sums = sums.into_iter().enumerate();
        sums.map(|(i, sum)| checked(self.0, &(sum + bias(i))).map_err(|error| (i, error))).collect()
    }

    fn add(&self, x: i64, y: i64) -> Result<i64, ValueError> {
        checked(self.0, &(BigInt::from(x) + y))
    }

    fn truncate(&self, x: i64, shift: u32) -> Result<i64, ValueError> {
        truncate_integer(self.0, x, shift)
    }

    fn drelu(&self, step: StepConvention, x: i64) -> Result<bool, ValueError> {
        drelu_integer(self.0, step, x)
    }

    fn affine(&self, gate: AffineGate, bit: bool, x: i64) -> Result<i64, ValueError> {
        affine_integer(self.0, gate, bit, x)
    }
}

struct OnRing(Width);

impl Semantics for OnRing {
    type Value = u64;

    fn encode(&self, value: i64) -> Result<u64, ValueError> {
        Ok(self.0.encode_wrapping(value))
    }

    fn linear(
        &self,
        map: &LinearMap,
        weights: &[u64],
        bias: impl Fn(usize) -> u64,
        x: &[u64],
    ) -> Result<Vec<u64>, (usize, ValueError)> {
        let mut sums: Vec<u64> = (0..map.outputs()).map(bias).collect();
        map.accumulate(&mut sums, weights, x, |sum, &w, &x| *sum = sum.wrapping_add(w.wrapping_mul(x)));
        Ok(sums.into_iter().map(|sum| self.0.reduce(sum)).collect())
    }

    fn add(&self, x: u64, y: u64) -> Result<u64, ValueError> {
        Ok(self.0.reduce(x.wrapping_add(y)))
    }

    fn truncate(&self, x: u64, shift: u32) -> Result<u64, ValueError> {
        truncate_ring(self.0, x, shift)
    }

    fn drelu(&self, step: StepConvention, x: u64) -> Result<bool, ValueError> {
        Ok(drelu_ring(self.0, step, x))
    }

    fn affine(&self, gate: AffineGate, bit: bool, x: u64) -> Result<u64, ValueError> {
        Ok(affine_ring(self.0, gate, bit, x))
    }
}

/// Evaluates the layers in order; the bits of all prototypes are kept for later layers.
fn evaluate<S: Semantics>(semantics: &S, network: &Network, input: &[i64]) -> Result<Vec<S::Value>, SemanticsError> {
    let (found, expected) = (input.len(), network.input().shape.elements());
    if found != expected {
        return Err(SemanticsError::InputLength { found, expected });
    }
    let walk = Walk { semantics, network };
    let place = |i| Place { layer: "input", checkpoint: Checkpoint::Input, shape: network.input().shape, index: i };
    let encode = |(i, &x): (usize, &i64)| semantics.encode(x).map_err(|error| walk.overflow(place(i), error));
    let input: Vec<S::Value> = input.iter().enumerate().map(encode).collect::<Result<_, _>>()?;
    let mut outputs: Vec<Vec<S::Value>> = Vec::new();
    let mut bits = Vec::new();
    for layer in network.layers() {
        let operands: Vec<&[S::Value]> = layer
            .operands
            .iter()
            .filter_map(|operand| match operand {
                Operand::Input => Some(input.as_slice()),
                Operand::Layer(index) => outputs.get(*index).map(Vec::as_slice),
            })
            .collect();
        let output = walk.layer(layer, &operands, &mut bits)?;
        outputs.push(output);
    }
    Ok(outputs.pop().unwrap_or(input))
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
        layer: &super::Layer,
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
                let (weights, bias) = self.parameters(&layer.name, parameters.ok_or_else(missing)?)?;
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
    fn constant(&self, layer: &super::Layer, value: i64) -> Result<S::Value, SemanticsError> {
        self.parameter(&layer.name, "weights", 0, value)
    }

    fn parameter(&self, layer: &str, what: &'static str, i: usize, value: i64) -> Result<S::Value, SemanticsError> {
        let bits = self.network.width().bits();
        let error = |_| SemanticsError::Parameter { layer: layer.to_owned(), what, index: i, value, bits };
        self.semantics.encode(value).map_err(error)
    }

    fn parameters(&self, layer: &str, p: &Parameters) -> Result<(Vec<S::Value>, Vec<S::Value>), SemanticsError> {
        let list = |what: &'static str, values: &[i64]| {
            let values = values.iter().enumerate();
            values.map(|(i, &value)| self.parameter(layer, what, i, value)).collect::<Result<Vec<_>, _>>()
        };
        Ok((list("weights", &p.weights)?, list("bias", p.bias.as_deref().unwrap_or(&[]))?))
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
