//! A second plaintext semantics of networks, straight from the specification: unbounded integers, plain loops, one
//! function that a value passes at every checkpoint. On integers it rejects what does not fit; on the ring it wraps.
#![allow(dead_code)] // Each test file uses a part of it.

use crate::maps::MapSpec;
use deepshare_reference::network::{Layer, LinearKind, Network, Operand, Operation};
use deepshare_reference::plan::{Source, StepConvention};
use num_bigint::BigInt;

/// What happens to a value at a checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It must fit k bits.
    Check,
    /// It wraps.
    Wrap,
}

/// A value that does not fit.
#[derive(Debug, PartialEq, Eq)]
pub struct Misfit;

type Values = Vec<BigInt>;

struct Oracle<'a> {
    network: &'a Network,
    mode: Mode,
    half: BigInt,
}

/// The output for one image, or that some checkpoint is not passed.
pub fn evaluate(network: &Network, image: &[i64], mode: Mode) -> Result<Vec<i64>, Misfit> {
    let half = BigInt::from(1) << (network.width().bits() - 1);
    let oracle = Oracle { network, mode, half };
    let input = oracle.pass_all(image.iter().map(|&x| BigInt::from(x)))?;
    let mut outputs: Vec<Values> = Vec::new();
    let mut inputs_of_activations: Vec<Values> = Vec::new();
    for layer in network.layers() {
        let operands: Vec<&Values> = layer.operands.iter().map(|o| find(*o, &input, &outputs)).collect();
        if let Operation::Activation { .. } = layer.operation {
            inputs_of_activations.push(operands[0].clone());
        }
        let shape = match layer.operands[0] {
            Operand::Input => network.input().shape,
            Operand::Layer(index) => network.layers()[index].output.shape,
        };
        let output = oracle.layer(layer, shape, &operands, &inputs_of_activations)?;
        outputs.push(output);
    }
    Ok(outputs.last().unwrap().iter().map(|y| i64::try_from(y).unwrap()).collect())
}

fn find<'a>(operand: Operand, input: &'a Values, outputs: &'a [Values]) -> &'a Values {
    match operand {
        Operand::Input => input,
        Operand::Layer(index) => &outputs[index],
    }
}

impl Oracle<'_> {
    fn pass(&self, value: BigInt) -> Result<BigInt, Misfit> {
        if value >= -&self.half && value < self.half {
            return Ok(value);
        }
        match self.mode {
            Mode::Check => Err(Misfit),
            Mode::Wrap => {
                let modulus = &self.half * 2;
                let residue = ((value + &self.half) % &modulus + &modulus) % &modulus;
                Ok(residue - &self.half)
            }
        }
    }

    fn pass_all(&self, values: impl Iterator<Item = BigInt>) -> Result<Values, Misfit> {
        values.map(|value| self.pass(value)).collect()
    }

    fn layer(
        &self,
        layer: &Layer,
        input: deepshare_reference::values::Shape,
        operands: &[&Values],
        activations: &[Values],
    ) -> Result<Values, Misfit> {
        let x = operands[0];
        match &layer.operation {
            Operation::Linear { kind, map, parameters, .. } => {
                let outputs = map.output().channels();
                let spec = match *kind {
                    LinearKind::Dense => MapSpec::Dense { input, outputs },
                    LinearKind::Convolution { window, groups } => {
                        MapSpec::Convolution { input, out: outputs, window, groups }
                    }
                };
                let parameters = parameters.as_ref().unwrap();
                let weights: Values = parameters.weights.iter().map(|&w| BigInt::from(w)).collect();
                let sums = spec.naive(&weights, x).into_iter().enumerate();
                let area = map.output().area();
                let bias = |i: usize| parameters.bias.as_ref().map_or(0, |bias| bias[i / area]);
                self.pass_all(sums.map(|(i, sum)| sum + bias(i)))
            }
            Operation::SumPool { window, stride, .. } => {
                let spec = MapSpec::SumPool { input, window: *window, stride: *stride };
                self.pass_all(spec.naive(&[BigInt::from(1)], x).into_iter())
            }
            Operation::Add => self.pass_all(x.iter().zip(operands[1]).map(|(a, b)| a + b)),
            Operation::Broadcast => {
                let copies = layer.output.shape.height() * layer.output.shape.width();
                Ok((0..x.len() * copies).map(|i| x[i / copies].clone()).collect())
            }
            Operation::Truncate { shift } => Ok(x.iter().map(|x| x >> *shift).collect()), // num-bigint floors
            Operation::Activation { layer } => self.activation(*layer, x, activations),
        }
    }

    /// y = (alpha * DReLU(source) + beta) * x, or 2^s * x.
    fn activation(&self, index: usize, x: &Values, activations: &[Values]) -> Result<Values, Misfit> {
        let plan = self.network.plan();
        let layer = &plan.layers()[index];
        let area = layer.shape.area();
        let unit = BigInt::from(1) << layer.gate_scale;
        let mut y = Vec::new();
        for (c, channel) in layer.channels.iter().enumerate() {
            for i in 0..area {
                let x = &x[c * area + i];
                let source = match channel.source {
                    Source::Linear => None,
                    Source::Prototype => Some((index, c)),
                    Source::Replicate { layer, channel } => Some((layer, channel)),
                };
                let factor = match source {
                    None => unit.clone(),
                    Some((layer, channel_of)) => {
                        let bit = self.bit(&activations[layer][channel_of * area + i])?;
                        let gate = channel.gate.map(|gate| (BigInt::from(gate.alpha), BigInt::from(gate.beta)));
                        let (alpha, beta) = gate.unwrap_or((unit.clone(), BigInt::ZERO));
                        if bit { alpha + beta } else { beta }
                    }
                };
                y.push(factor * x);
            }
        }
        // the bits of prototypes are checkpoints even where nobody uses them
        for (c, _) in layer.channels.iter().enumerate().filter(|(_, channel)| channel.source == Source::Prototype) {
            for x in &x[c * area..(c + 1) * area] {
                self.bit(x)?;
            }
        }
        self.pass_all(y.into_iter())
    }

    fn bit(&self, x: &BigInt) -> Result<bool, Misfit> {
        match self.network.plan().step() {
            StepConvention::Nonnegative => Ok(*x >= BigInt::ZERO),
            StepConvention::Positive => Ok(self.pass(x - 1)? >= BigInt::ZERO),
        }
    }
}
