//! Networks by the definitions alone: plain loops on unbounded integers, which share neither arithmetic, shapes nor indexing
//! with the reference. Both plaintext semantics are held to them, so that a mistake in what these and all backends share, such
//! as a window's padding or the wiring of a plan, is found. [DS-FUZZ-6]

use deepshare_reference::network::{Layer, LinearKind, Network, Operand, Operation};
use deepshare_reference::plan::{AffineGate, Source, StepConvention};
use deepshare_reference::values::{Shape, Width, Window};
use num_bigint::BigInt;

/// What becomes of a value at a checkpoint; none if there is no result. [DS-INT-1]
pub type Checkpoint = fn(Width, BigInt) -> Option<BigInt>;

/// Of the integer semantics: a value that does not fit k bits is none. [DS-NET-10]
pub fn fits(width: Width, x: BigInt) -> Option<BigInt> {
    let half = BigInt::from(1) << (width.bits() - 1);
    (-&half <= x && x < half).then_some(x)
}

/// Of the ring semantics: the value of k bits that differs by a multiple of 2^k. [DS-NET-11]
pub fn wraps(width: Width, x: BigInt) -> Option<BigInt> {
    let half = BigInt::from(1) << (width.bits() - 1);
    let size = &half * 2;
    let above = ((x + &half) % &size + &size) % &size;
    Some(above - half)
}

/// The network's output; none if a checkpoint has none.
pub fn evaluate(network: &Network, image: &[i64], checkpoint: Checkpoint) -> Option<Vec<BigInt>> {
    let width = network.width();
    let check = |values: Vec<BigInt>| values.into_iter().map(|x| checkpoint(width, x)).collect::<Option<Vec<_>>>();
    let input = check(image.iter().map(|&x| BigInt::from(x)).collect())?;
    let input = Tensor { shape: network.input().shape, elements: input };
    let mut run = Run { network, checkpoint, input, tensors: Vec::new(), bits: Vec::new() };
    for layer in network.layers() {
        let shape = run.shape(layer)?;
        if let Operation::Activation { layer: index } = layer.operation {
            let bits = run.steps(index, layer)?;
            run.bits.push(bits);
        }
        let elements = positions(shape).map(|place| run.element(layer, place)).collect::<Option<_>>()?;
        run.tensors.push(Tensor { shape, elements: check(elements)? });
    }
    Some(run.tensors.pop().unwrap_or(run.input).elements)
}

/// Channel, row and column.
type Place = [usize; 3];

struct Tensor {
    shape: Shape,
    elements: Vec<BigInt>,
}

impl Tensor {
    /// The element at a place, if there is one.
    fn at(&self, [channel, row, column]: Place) -> Option<&BigInt> {
        let (rows, columns) = (self.shape.height(), self.shape.width());
        let inside = channel < self.shape.channels() && row < rows && column < columns;
        self.elements.get((channel * rows + row) * columns + column).filter(|_| inside)
    }
}

/// All places of a shape, in the order of the elements. [DS-VAL-5]
fn positions(shape: Shape) -> impl Iterator<Item = Place> {
    let (rows, columns) = (shape.height(), shape.width());
    (0..shape.channels()).flat_map(move |c| (0..rows).flat_map(move |i| (0..columns).map(move |j| [c, i, j])))
}

struct Run<'a> {
    network: &'a Network,
    checkpoint: Checkpoint,
    input: Tensor,
    /// The outputs of the layers so far.
    tensors: Vec<Tensor>,
    /// The bits of the activation layers so far: of all channels, whether anybody uses them or not.
    bits: Vec<Vec<bool>>,
}

impl Run<'_> {
    fn operand(&self, layer: &Layer, number: usize) -> Option<&Tensor> {
        match *layer.operands.get(number)? {
            Operand::Input => Some(&self.input),
            Operand::Layer(index) => self.tensors.get(index),
        }
    }

    /// The shape of a layer's output. Of what the layer says itself, only the size of a broadcast is a definition.
    fn shape(&self, layer: &Layer) -> Option<Shape> {
        let x = self.operand(layer, 0)?.shape;
        let [channels, rows, columns] = match &layer.operation {
            Operation::Linear { kind: LinearKind::Convolution { window, groups }, parameters, .. } => {
                let of_one_output = x.channels() / groups * window.kernel[0] * window.kernel[1];
                let [kernel, stride, padding, dilation] =
                    [window.kernel, window.stride, window.padding, window.dilation];
                let rows = starts(x.height(), [kernel[0], stride[0], padding[0], dilation[0]]);
                let columns = starts(x.width(), [kernel[1], stride[1], padding[1], dilation[1]]);
                [parameters.as_ref()?.weights.len() / of_one_output, rows, columns]
            }
            Operation::Linear { kind: LinearKind::Dense, parameters, .. } => {
                [parameters.as_ref()?.weights.len() / x.elements(), 1, 1]
            }
            Operation::SumPool { window: [rows, columns], stride, .. } => [
                x.channels(),
                starts(x.height(), [*rows, stride[0], 0, 1]),
                starts(x.width(), [*columns, stride[1], 0, 1]),
            ],
            Operation::Broadcast => [x.channels(), layer.output.shape.height(), layer.output.shape.width()],
            Operation::Add | Operation::Truncate { .. } | Operation::Activation { .. } => return Some(x),
        };
        Shape::new(channels, rows, columns).ok()
    }

    /// An element of a layer's output, before its checkpoint.
    fn element(&self, layer: &Layer, place: Place) -> Option<BigInt> {
        let x = self.operand(layer, 0)?;
        let [channel, row, column] = place;
        match &layer.operation {
            Operation::Linear { kind, parameters, .. } => {
                let parameters = parameters.as_ref()?;
                let weight = |index: usize| parameters.weights.get(index).copied();
                let bias = parameters.bias.as_ref().map_or(Some(0), |bias| bias.get(channel).copied())?;
                let sum = match kind {
                    LinearKind::Convolution { window, groups } => {
                        convolved(x, window, [*groups, layer.output.shape.channels()], place, weight)
                    }
                    LinearKind::Dense => dense(x, channel, weight),
                };
                Some(sum? + bias)
            }
            Operation::SumPool { window: [rows, columns], stride, .. } => {
                let window = (0..*rows).flat_map(|a| (0..*columns).map(move |b| (a, b)));
                window.map(|(a, b)| x.at([channel, row * stride[0] + a, column * stride[1] + b])).sum()
            }
            Operation::Add => Some(x.at(place)? + self.operand(layer, 1)?.at(place)?),
            Operation::Broadcast => x.at([channel, 0, 0]).cloned(),
            Operation::Truncate { shift } => Some(x.at(place)? >> *shift), // of big integers, this rounds down
            Operation::Activation { layer: index } => self.activated(*index, x, place),
        }
    }

    /// The step bits of a layer's operand; none if the x - 1 of a prototype has none. [DS-DRELU-1]
    fn steps(&self, index: usize, layer: &Layer) -> Option<Vec<bool>> {
        let (plan, x) = (self.network.plan(), self.operand(layer, 0)?);
        let channels = &plan.layers().get(index)?.channels;
        let bit = |place: Place| {
            let x = x.at(place)?.clone();
            let compared = match plan.step() {
                StepConvention::Nonnegative => x,
                StepConvention::Positive if channels.get(place[0])?.source == Source::Prototype => {
                    (self.checkpoint)(plan.width(), x - 1)?
                }
                StepConvention::Positive => x,
            };
            Some(compared >= BigInt::ZERO)
        };
        positions(x.shape).map(bit).collect()
    }

    /// (alpha d + beta) x with the bit d of the channel's source; 2^s x of a linear channel. [DS-ACT-1]
    fn activated(&self, index: usize, x: &Tensor, place: Place) -> Option<BigInt> {
        let layer = self.network.plan().layers().get(index)?;
        let channel = layer.channels.get(place[0])?;
        let scale = BigInt::from(1) << layer.gate_scale;
        let (source, prototype) = match channel.source {
            Source::Linear => return Some(scale * x.at(place)?),
            Source::Prototype => (index, place[0]),
            Source::Replicate { layer, channel } => (layer, channel),
        };
        let area = layer.shape.height() * layer.shape.width();
        let neuron = place[1] * layer.shape.width() + place[2];
        let bit = *self.bits.get(source)?.get(prototype * area + neuron)?;
        let factor = match channel.gate {
            Some(AffineGate { alpha, beta }) => BigInt::from(alpha) * u8::from(bit) + beta,
            None => scale * u8::from(bit),
        };
        Some(factor * x.at(place)?)
    }
}

/// How many windows of so much kernel, stride, padding and dilation start along an axis and end inside it: those that begin
/// at multiples of the stride. [DS-LIN-3] [DS-LIN-5]
fn starts(size: usize, [kernel, stride, padding, dilation]: [usize; 4]) -> usize {
    let padded = padding + size + padding;
    let last = |start: usize| start + (kernel - 1) * dilation;
    (0..padded).filter(|start| start % stride == 0 && last(*start) < padded).count()
}

/// A convolution's sum at a place; x is 0 outside its rows and columns. [DS-LIN-3]
fn convolved(
    x: &Tensor,
    window: &Window,
    [groups, outputs]: [usize; 2],
    [output, row, column]: Place,
    weight: impl Fn(usize) -> Option<i64>,
) -> Option<BigInt> {
    let inputs = x.shape.channels() / groups;
    let group = output / (outputs / groups);
    let [rows, columns] = window.kernel;
    let mut sum = BigInt::ZERO;
    for i in 0..inputs {
        for a in 0..rows {
            for b in 0..columns {
                let weight = weight(((output * inputs + i) * rows + a) * columns + b)?;
                let row = (row * window.stride[0] + a * window.dilation[0]).checked_sub(window.padding[0]);
                let column = (column * window.stride[1] + b * window.dilation[1]).checked_sub(window.padding[1]);
                let value = row.zip(column).and_then(|(row, column)| x.at([group * inputs + i, row, column]));
                sum += value.map_or(BigInt::ZERO, |value| value * weight);
            }
        }
    }
    Some(sum)
}

/// A dense layer's sum of an output. [DS-LIN-4]
fn dense(x: &Tensor, output: usize, weight: impl Fn(usize) -> Option<i64>) -> Option<BigInt> {
    let first = output * x.elements.len();
    x.elements.iter().enumerate().map(|(i, x)| Some(x * weight(first + i)?)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every operation but pools and broadcasts, by hand: a convolution of two groups with padding, stride 2 and holes, an
    /// activation with a gate, a replicate and a linear channel, a truncation, a sum and a dense layer.
    const NETWORK: &str = r#"{"format": "deepshare-network/1", "name": "", "input": {"shape": [2, 1, 3], "scale": 0}, "layers": [
        {"name": "conv", "op": "conv", "from": "input", "out_channels": 2, "kernel": [1, 2], "stride": [1, 2],
         "padding": [0, 1], "dilation": [1, 2], "groups": 2, "weight_scale": 0, "weights": [2, 3, 5, 7], "bias": [1, -1]},
        {"name": "relu", "op": "activation", "from": "conv", "layer": 0},
        {"name": "again", "op": "activation", "from": "conv", "layer": 1},
        {"name": "sum", "op": "add", "from": ["relu", "again"]},
        {"name": "cut", "op": "truncate", "from": "sum", "shift": 1},
        {"name": "out", "op": "dense", "from": "cut", "outputs": 1, "weight_scale": 0, "weights": [1, 10, 100, 1000]}],
      "plan": {"format": "deepshare-plan/1", "width": 16, "step": "positive", "layers": [
        {"shape": [2, 1, 2], "gate_scale": 1, "channels": [{"source": "prototype", "gate": {"alpha": 3, "beta": -1}}, {"source": "linear"}]},
        {"shape": [2, 1, 2], "gate_scale": 1, "channels": [{"source": {"layer": 0, "channel": 0}}, {"source": "prototype"}]}]}}"#;

    fn output(image: &[i64], checkpoint: Checkpoint) -> Option<Vec<BigInt>> {
        evaluate(&Network::from_json(NETWORK).ok()?, image, checkpoint)
    }

    #[test]
    fn a_network_by_hand() {
        // conv, output c at column j: w0 x[2j - 1] + w1 x[2j + 1] + bias, with x[-1] = x[3] = 0
        // channel 0 of -1, 4, 0: 3 * 4 + 1 = 13, 2 * 4 + 1 = 9; channel 1 of 1, -2, 6: 7 * -2 - 1 = -15, 5 * -2 - 1 = -11
        // relu: (3 - 1) * 13 = 26, 18; linear, times 2: -30, -22. again: 2 * 13 = 26, 18 by the bits of relu; 0, 0
        // sum: 52, 36, -30, -22; cut: 26, 18, -15, -11
        let by_hand = 26 + 18 * 10 - 15 * 100 - 11 * 1000;
        assert_eq!(output(&[-1, 4, 0, 1, -2, 6], fits), Some(vec![BigInt::from(by_hand)]));
        assert_eq!(output(&[-1, 4, 0, 1, -2, 6], wraps), Some(vec![BigInt::from(by_hand)]));
    }

    /// Of 5 rows: kernel, stride, padding, dilation, and the windows by hand.
    #[test]
    fn windows_start_at_multiples_of_the_stride_and_end_inside() {
        let by_hand = [
            ([1, 1, 0, 1], 5),
            ([2, 1, 0, 1], 4),
            ([5, 1, 0, 1], 1),
            ([6, 1, 0, 1], 0),
            ([2, 2, 0, 1], 2), // 0 1, 2 3; 4 has no neighbour
            ([1, 2, 0, 1], 3),
            ([3, 1, 1, 1], 5),
            ([3, 2, 1, 1], 3),
            ([2, 1, 0, 3], 2), // 0 3, 1 4
            ([3, 1, 0, 2], 1), // 0 2 4
            ([3, 1, 0, 3], 0),
        ];
        for (axis, expected) in by_hand {
            assert_eq!(starts(5, axis), expected, "{axis:?}");
        }
    }

    #[test]
    fn checkpoints_decide_what_is_too_large() {
        let image = [0, 4_000, 0, 0, 0, 0]; // two activations of 24,002 fit 16 bits, and their sum does not
        assert_eq!(output(&image, fits), None);
        assert!(output(&image, wraps).is_some());
        let width = Network::from_json(NETWORK).map(|network| network.width()).unwrap_or(Width::MAX);
        for (x, expected) in
            [(32_767, 32_767), (32_768, -32_768), (-32_768, -32_768), (-32_769, 32_767), (1_i64 << 40, 0)]
        {
            assert_eq!(wraps(width, BigInt::from(x)), Some(BigInt::from(expected)), "{x}");
            assert_eq!(fits(width, BigInt::from(x)), (x == expected).then(|| BigInt::from(x)), "{x}");
        }
    }
}
