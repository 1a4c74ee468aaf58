//! What the bytes of a case say about a layer. [DS-FUZZ-1]

use super::fields::{Fields, bits, listed, number};
use super::grammar::Draft;
use deepshare_reference::network::{Layer, LinearKind, Network, Operation, Parameters, TensorType};
use deepshare_reference::values::{LinearMap, Shape, ValueError, Window};

/// The most activation layers.
const ACTIVATIONS: usize = 4;

/// The most channels of a tensor.
const CHANNELS: usize = 4;

/// What a layer stands in.
pub struct Context<'a> {
    /// Its operand.
    pub x: TensorType,
    /// Whether it is the last one.
    pub last: bool,
    /// The layer that is written, if one is.
    pub old: Option<&'a Layer>,
    /// The network that is written, if one is.
    pub network: Option<&'a Network>,
}

impl Context<'_> {
    /// The operation that is written, if one is.
    fn operation(&self) -> Option<&Operation> {
        self.old.map(|layer| &layer.operation)
    }
}

/// An operation, and its output's shape and scale.
pub type Described = Result<(Operation, Shape, u32), ValueError>;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Convolution,
    Dense,
    Add,
    SumPool,
    Broadcast,
    Truncate,
    Activation,
}

/// How often each kind comes.
const KINDS: [Kind; 16] = [
    Kind::Activation,
    Kind::Convolution,
    Kind::Truncate,
    Kind::Activation,
    Kind::Dense,
    Kind::Activation,
    Kind::Add,
    Kind::Activation,
    Kind::Truncate,
    Kind::Activation,
    Kind::Broadcast,
    Kind::Activation,
    Kind::Convolution,
    Kind::Activation,
    Kind::SumPool,
    Kind::Truncate,
];

fn kind(operation: &Operation) -> Kind {
    match operation {
        Operation::Linear { kind: LinearKind::Dense, .. } => Kind::Dense,
        Operation::Linear { .. } => Kind::Convolution,
        Operation::Add => Kind::Add,
        Operation::SumPool { .. } => Kind::SumPool,
        Operation::Broadcast => Kind::Broadcast,
        Operation::Truncate { .. } => Kind::Truncate,
        Operation::Activation { .. } => Kind::Activation,
    }
}

impl Draft {
    /// Describes an operation. One that cannot stand there is another.
    pub fn operation<F: Fields>(&mut self, fields: &mut F, context: &Context<'_>) -> Described {
        let drawn = listed(fields, &KINDS, context.operation().map_or(Kind::Activation, kind));
        let TensorType { shape, scale } = context.x;
        match drawn {
            _ if context.last && self.plan.is_empty() => self.activation(fields, context),
            Kind::Activation if self.plan.len() < ACTIVATIONS => self.activation(fields, context),
            Kind::Activation | Kind::Truncate => self.truncation(fields, context),
            Kind::Convolution => self.convolution(fields, context),
            Kind::Dense => self.dense(fields, context),
            Kind::Add => Ok((Operation::Add, shape, scale)),
            Kind::Broadcast if shape.area() == 1 => broadcast(fields, context, self.room),
            Kind::Broadcast | Kind::SumPool => sum_pool(fields, context),
        }
    }

    fn truncation<F: Fields>(&mut self, fields: &mut F, context: &Context<'_>) -> Described {
        let TensorType { shape, scale } = context.x;
        let old = match context.operation() {
            Some(Operation::Truncate { shift }) => *shift,
            _ => 0,
        };
        let most = scale.min(self.width.bits() - 1);
        let old = usize::try_from(old).unwrap_or(0);
        let shift = fields.below(usize::try_from(most).unwrap_or(0) + 1, old);
        let shift = u32::try_from(shift).unwrap_or(0);
        Ok((Operation::Truncate { shift }, shape, scale.saturating_sub(shift)))
    }

    fn convolution<F: Fields>(&mut self, fields: &mut F, context: &Context<'_>) -> Described {
        let (old_window, old_groups, old_out) = match context.operation() {
            Some(Operation::Linear { kind: LinearKind::Convolution { window, groups }, map, .. }) => {
                (*window, *groups, map.output().channels())
            }
            _ => (Window { kernel: [1, 1], stride: [1, 1], padding: [0, 0], dilation: [1, 1] }, 1, 1),
        };
        let shape = context.x.shape;
        // a window with padding gives one row and one column more at most
        let grows = (shape.height() + 1) * (shape.width() + 1) <= self.room;
        let mut window = old_window;
        axis(fields, shape.height(), grows, &mut window, |[rows, _]| rows);
        axis(fields, shape.width(), grows, &mut window, |[_, columns]| columns);
        let area = LinearMap::convolution(shape, shape.channels(), window, 1)?.output().area();
        let most = CHANNELS.min(self.room / area.max(1));
        let divides = |groups: &usize| shape.channels().is_multiple_of(*groups) && *groups <= most;
        let groups = listed(fields, &(1..=shape.channels()).filter(divides).collect::<Vec<_>>(), old_groups);
        let old_each = (old_out / groups.max(1)).saturating_sub(1);
        let out = groups * (1 + fields.below(most / groups.max(1), old_each));
        let map = LinearMap::convolution(shape, out, window, groups)?;
        self.linear(fields, context, LinearKind::Convolution { window, groups }, map)
    }

    fn dense<F: Fields>(&mut self, fields: &mut F, context: &Context<'_>) -> Described {
        let old = match context.operation() {
            Some(Operation::Linear { map, .. }) => map.output().channels(),
            _ => 1,
        };
        let map = LinearMap::dense(context.x.shape, 1 + fields.below(CHANNELS.min(self.room), old.saturating_sub(1)))?;
        self.linear(fields, context, LinearKind::Dense, map)
    }

    /// Weights and bias of a map.
    fn linear<F: Fields>(
        &mut self,
        fields: &mut F,
        context: &Context<'_>,
        kind: LinearKind,
        map: LinearMap,
    ) -> Described {
        let (old_scale, old) = match context.operation() {
            Some(Operation::Linear { weight_scale, parameters, .. }) => (*weight_scale, parameters.as_ref()),
            _ => (0, None),
        };
        let weight_scale = bits(fields, 32, old_scale);
        let at = |list: &[i64], index: usize| list.get(index).copied().unwrap_or(0);
        let old_weights = old.map_or(&[][..], |old| &old.weights);
        let (k, style) = (self.width, self.style);
        let weights = (0..map.weights()).map(|i| number(fields, k, style, at(old_weights, i))).collect();
        let old_bias = old.and_then(|old| old.bias.as_deref());
        let biased = listed(fields, &[false, true], old_bias.is_some());
        let old_bias = old_bias.unwrap_or_default();
        let channels = 0..map.output().channels();
        let bias = biased.then(|| channels.map(|i| number(fields, k, style, at(old_bias, i))).collect());
        let (shape, scale) = (map.output(), context.x.scale.saturating_add(weight_scale));
        let parameters = Some(Parameters { weights, bias });
        Ok((Operation::Linear { kind, map, weight_scale, parameters }, shape, scale))
    }
}

/// One axis of a convolution's window, such that no tensor grows beyond four rows and columns.
fn axis<F: Fields>(
    fields: &mut F,
    size: usize,
    grows: bool,
    window: &mut Window,
    of: impl Fn(&mut [usize; 2]) -> &mut usize + Copy,
) {
    let old = *window;
    let [mut kernel, mut stride, mut padding, mut dilation] = [old.kernel, old.stride, old.padding, old.dilation];
    let [kernel, stride, padding, dilation] = [of(&mut kernel), of(&mut stride), of(&mut padding), of(&mut dilation)];
    *padding = fields.below(if size < 4 && grows { 2 } else { 1 }, *padding);
    *kernel = *padding + 1 + fields.below(size.min(2), kernel.saturating_sub(*padding + 1));
    *stride = 1 + fields.below(2, stride.saturating_sub(1));
    let room = (size + 2 * *padding).saturating_sub(1);
    let holes = room.checked_div(kernel.saturating_sub(1)).unwrap_or(1).min(2);
    *dilation = 1 + fields.below(holes, dilation.saturating_sub(1));
    *of(&mut window.kernel) = *kernel;
    *of(&mut window.stride) = *stride;
    *of(&mut window.padding) = *padding;
    *of(&mut window.dilation) = *dilation;
}

fn sum_pool<F: Fields>(fields: &mut F, context: &Context<'_>) -> Described {
    let TensorType { shape, scale } = context.x;
    let (old_window, old_stride, old_bits) = match context.operation() {
        Some(Operation::SumPool { window, stride, scale_bits, .. }) => (*window, *stride, *scale_bits),
        _ => ([1, 1], [1, 1], 0),
    };
    let mut side = |size: usize, old: usize| 1 + fields.below(size.min(3), old.saturating_sub(1));
    let window = [side(shape.height(), old_window[0]), side(shape.width(), old_window[1])];
    let stride = old_stride.map(|old| 1 + fields.below(2, old.saturating_sub(1)));
    let scale_bits = bits(fields, 8, old_bits);
    let map = LinearMap::sum_pool(shape, window, stride)?;
    let output = map.output();
    Ok((Operation::SumPool { map, window, stride, scale_bits }, output, scale.saturating_add(scale_bits)))
}

fn broadcast<F: Fields>(fields: &mut F, context: &Context<'_>, room: usize) -> Described {
    let TensorType { shape, scale } = context.x;
    let old = context.old.map_or([1, 1], |old| [old.output.shape.height(), old.output.shape.width()]);
    let mut room = room / shape.channels().max(1);
    let [height, columns] = old.map(|old| {
        let side = 1 + fields.below(room.min(3), old.saturating_sub(1));
        room /= side;
        side
    });
    Ok((Operation::Broadcast, Shape::new(shape.channels(), height, columns)?, scale))
}
