//! What the bytes of a case say, in order. [DS-FUZZ-1] [DS-FUZZ-2]
//!
//! Width, step convention, style of numbers, seed, input, images, then the layers, each with what it needs. Every
//! choice is made among those that keep the network valid, so that all bytes are a case that runs a protocol.

use super::fields::{Fields, Style, bits, listed, mostly_zero, number, width};
use super::layer::Context;
use super::{Case, NAME, layer_name};
use deepshare_reference::network::{Layer, Network, NetworkError, Operand, Operation, TensorType};
use deepshare_reference::plan::{Plan, PlanLayer, StepConvention};
use deepshare_reference::values::{Shape, ValueError, Width};

/// The most layers.
const LAYERS: usize = 6;

/// The most elements of a tensor, those of all images together: a target's executions are worth more than large tensors.
const ELEMENTS: usize = 6;

/// The images of a wide batch, whose vectors, but those of one element an image, do not fit a word of 64.
const WIDE: usize = 33;

/// Describes a case: reads it, or writes the old one.
pub fn case<F: Fields>(fields: &mut F, old: Option<&Case>) -> Result<Case, NetworkError> {
    let old_network = old.map(Case::network);
    let k = width(fields, old_network.map_or(smallest()?, Network::width));
    let steps = [StepConvention::Nonnegative, StepConvention::Positive];
    let step = listed(fields, &steps, old_network.map_or(StepConvention::Nonnegative, |net| net.plan().step()));
    let style = listed(fields, &[Style::Wild, Style::Tame], Style::Wild);
    let seed = u32::from_le_bytes(old.map_or(0, Case::seed).to_le_bytes().map(|byte| fields.byte(byte)));
    let input = input(fields, old_network.map(Network::input))?;
    let images = images(fields, k, style, input.shape, old.map(Case::images).unwrap_or_default());

    let room = (ELEMENTS / images.len().max(1)).max(input.shape.elements());
    let mut draft = Draft { width: k, style, room, input, layers: Vec::new(), plan: Vec::new() };
    let count = 1 + fields.below(LAYERS, old_network.map_or(0, |net| net.layers().len().saturating_sub(1)));
    for index in 0..count {
        draft.layer(fields, index + 1 == count, old_network, index)?;
    }
    let network = Network::new(NAME, input, &draft.layers, Plan::new(k, step, draft.plan)?)?;
    Ok(Case { network, images, seed })
}

fn smallest() -> Result<Width, NetworkError> {
    Width::new(2).map_err(geometry)
}

fn geometry(source: ValueError) -> NetworkError {
    NetworkError::Geometry { layer: "input".to_owned(), source }
}

/// The input's shape and scale.
fn input<F: Fields>(fields: &mut F, old: Option<TensorType>) -> Result<TensorType, NetworkError> {
    const CHANNELS: [usize; 8] = [2, 1, 3, 2, 1, 4, 2, 3];
    const SIZES: [usize; 8] = [1, 2, 1, 3, 1, 2, 1, 4];
    let old_shape = old.map(|old| old.shape);
    let channels = listed(fields, &CHANNELS, old_shape.map_or(1, Shape::channels));
    let height = listed(fields, &within(&SIZES, channels), old_shape.map_or(1, Shape::height));
    let columns = listed(fields, &within(&SIZES, channels * height), old_shape.map_or(1, Shape::width));
    let shape = Shape::new(channels, height, columns).map_err(geometry)?;
    Ok(TensorType { shape, scale: bits(fields, 64, old.map_or(0, |old| old.scale)) })
}

/// The numbers of which each, times a number of elements, is within the limit.
fn within(list: &[usize], elements: usize) -> Vec<usize> {
    list.iter().copied().filter(|number| number * elements <= ELEMENTS).collect()
}

fn images<F: Fields>(fields: &mut F, k: Width, style: Style, shape: Shape, old: &[Vec<i64>]) -> Vec<Vec<i64>> {
    let mut batches = within(&[1, 1, 2, 1, 1, 2, 1, 3], shape.elements()).repeat(8);
    batches.pop(); // its place, of 40 to 64, is the wide batch's
    batches.push(WIDE);
    let batch = listed(fields, &batches, old.len());
    let old = |image: usize, i: usize| old.get(image).and_then(|image| image.get(i)).copied().unwrap_or(0);
    let image = |image| (0..shape.elements()).map(|i| number(fields, k, style, old(image, i))).collect();
    (0..batch).map(image).collect()
}

/// A network under construction.
pub struct Draft {
    /// k.
    pub width: Width,
    /// How numbers are read.
    pub style: Style,
    /// The most elements of a tensor of one image.
    pub room: usize,
    input: TensorType,
    layers: Vec<Layer>,
    /// The plan's layers so far.
    pub plan: Vec<PlanLayer>,
}

impl Draft {
    /// Describes the next layer.
    fn layer<F: Fields>(
        &mut self,
        fields: &mut F,
        last: bool,
        old: Option<&Network>,
        index: usize,
    ) -> Result<(), NetworkError> {
        let old_layer = old.and_then(|old| old.layers().get(index));
        let from = self.operand(fields, old_layer);
        let x = self.type_of(from);
        let context = Context { x, last, old: old_layer, network: old };
        let described = self.operation(fields, &context);
        let layer = layer_name(index);
        let (operation, shape, scale) =
            described.map_err(|source| NetworkError::Geometry { layer: layer.clone(), source })?;
        let mut operands = vec![from];
        if operation == Operation::Add {
            operands.push(self.other_operand(fields, x, old_layer));
        }
        self.layers.push(Layer { name: layer, operation, operands, output: TensorType { shape, scale } });
        Ok(())
    }

    /// All tensors so far, the latest first.
    fn tensors(&self) -> Vec<Operand> {
        (0..self.layers.len()).rev().map(Operand::Layer).chain([Operand::Input]).collect()
    }

    fn type_of(&self, operand: Operand) -> TensorType {
        match operand {
            Operand::Input => self.input,
            Operand::Layer(index) => self.layers.get(index).map_or(self.input, |layer| layer.output),
        }
    }

    /// Any tensor so far, mostly the latest.
    fn operand<F: Fields>(&self, fields: &mut F, old: Option<&Layer>) -> Operand {
        let tensors = self.tensors();
        let old = old.and_then(|old| old.operands.first());
        let old = old.and_then(|old| tensors.iter().position(|tensor| tensor == old)).unwrap_or(0);
        let index = mostly_zero(fields, tensors.len(), old);
        tensors.get(index).copied().unwrap_or(Operand::Input)
    }

    /// What is added to a tensor: any of its type, which may be itself.
    fn other_operand<F: Fields>(&self, fields: &mut F, x: TensorType, old: Option<&Layer>) -> Operand {
        let alike: Vec<Operand> = self.tensors().into_iter().filter(|&tensor| self.type_of(tensor) == x).collect();
        let old = old.and_then(|old| old.operands.get(1)).or(alike.first());
        listed(fields, &alike, old.copied().unwrap_or(Operand::Input))
    }
}
