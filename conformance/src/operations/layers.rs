//! Activation layers by a plan, step by step; the gates of all layers so far are kept. [DS-ACT-1]

use super::{Refusal, Trace};
use crate::steps::{Meaning, Steps};
use crate::vectors::types::Bits;
use deepshare_reference::plan::{AffineGate, Plan};
use deepshare_reference::values::{Shape, ValueError};
use serde_json::Value;
use std::collections::BTreeMap;

/// A checkpoint by its name in small letters. [DS-INT-3]
#[derive(Clone, Copy, Debug)]
pub(super) enum Checkpoint {
    Input,
    Tensor,
    Step,
    Activation,
}

/// A layer's place in an error: its name, or its number in the plan. [DS-INT-4]
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub layer: Value,
    pub shape: Shape,
}

impl Place {
    /// The error of the element of a number.
    pub fn error(&self, checkpoint: Checkpoint, index: usize, error: ValueError) -> Refusal {
        let ValueError::DoesNotFit { value, .. } = &error else { return Refusal::new("semantics/value", error) };
        let name = match checkpoint {
            Checkpoint::Input => "input",
            Checkpoint::Tensor => "tensor",
            Checkpoint::Step => "step",
            Checkpoint::Activation => "activation",
        };
        let (channel, row, column) = self.shape.position(index);
        let refusal = Refusal::new("semantics/overflow", &error).at("layer", self.layer.clone());
        let refusal = refusal.at("checkpoint", name).at("channel", channel).at("row", row).at("column", column);
        refusal.at("value", value.as_str())
    }
}

/// The bits of prototypes, by layer and channel.
pub(super) struct Gates<'a> {
    pub steps: &'a dyn Steps,
    pub on: Meaning,
    pub plan: &'a Plan,
    bits: BTreeMap<(usize, usize), Vec<bool>>,
}

impl<'a> Gates<'a> {
    /// No gates yet.
    pub fn new(steps: &'a dyn Steps, on: Meaning, plan: &'a Plan) -> Gates<'a> {
        Gates { steps, on, plan, bits: BTreeMap::new() }
    }

    /// Opens the gates of a layer's prototypes on its input, and serves its channels. `trace` gets the bits. [DS-ACT-1]
    ///
    /// # Errors
    /// On integers `semantics/overflow` at the first checkpoint that does not hold. [DS-INT-4]
    pub fn layer(
        &mut self,
        layer: usize,
        x: &[i64],
        place: &Place,
        trace: Option<&mut Trace>,
    ) -> Result<Vec<i64>, Refusal> {
        let layer = self.steps.plan_layer(self.plan, layer);
        self.open(layer, x, place, trace)?;
        let elements = (0..x.len()).map(|index| self.serve(layer, x, place, index));
        elements.collect()
    }

    fn open(&mut self, layer: usize, x: &[i64], place: &Place, mut trace: Option<&mut Trace>) -> Result<(), Refusal> {
        let area = place.shape.area();
        for (channel, neurons) in x.chunks(area).enumerate() {
            if !self.steps.opens(self.plan, layer, channel) {
                continue;
            }
            let bit = |(i, &x): (usize, &i64)| {
                let bit = self.steps.drelu(self.on, self.plan.step(), x);
                bit.map_err(|error| place.error(Checkpoint::Step, channel * area + i, error))
            };
            let bits: Vec<bool> = neurons.iter().enumerate().map(bit).collect::<Result<_, _>>()?;
            if let Some(trace) = &mut trace {
                trace.note(format!("bits of layer {layer} channel {channel}"), "DS-ACT-1", Bits(bits.clone()));
            }
            self.bits.insert((layer, channel), bits);
        }
        Ok(())
    }

    fn serve(&self, index: usize, x: &[i64], place: &Place, element: usize) -> Result<i64, Refusal> {
        let (channel, row, column) = place.shape.position(element);
        let x = x.get(element).copied().unwrap_or(0);
        let Some(layer) = self.plan.layers().get(index) else { return Ok(x) };
        let neuron = self.steps.neuron(place.shape, row, column);
        let source = self.steps.source(self.plan, index, channel);
        let bit = source.and_then(|source| self.bits.get(&source)?.get(neuron)).copied();
        let given = self.steps.gate(layer, channel).filter(|_| source.is_some());
        // a linear channel is multiplied by its factor, which is beta without alpha
        let gate = given.unwrap_or_else(|| AffineGate { alpha: 0, beta: self.steps.linear_factor(layer) });
        let y = self.steps.affine(self.on, gate, bit.unwrap_or(true), x);
        y.map_err(|error| place.error(Checkpoint::Activation, element, error))
    }
}
