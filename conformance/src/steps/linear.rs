//! Linear maps term by term: which weight meets which input. [DS-LIN-1]

use super::{Meaning, Steps, same_length};
use deepshare_reference::values::{LinearMap, Shape, ValueError, Window};

/// How the weights of a convolution or a dense layer stand. [DS-LIN-3] [DS-LIN-4]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kernel {
    /// Output channels.
    pub outputs: usize,
    /// Output channels of a group.
    pub group_outputs: usize,
    /// Input channels of a group.
    pub inputs: usize,
    /// Rows and columns.
    pub size: [usize; 2],
}

impl Kernel {
    /// The number of a weight in the order \[O\]\[C/G\]\[kh\]\[kw\].
    pub fn index(self, [o, i, a, b]: [usize; 4]) -> usize {
        ((o * self.inputs + i) * self.size[0] + a) * self.size[1] + b
    }

    /// The places of all weights that one output channel has, in order.
    fn places(self, o: usize) -> impl Iterator<Item = [usize; 4]> {
        let [rows, columns] = self.size;
        let of = move |i| (0..rows).flat_map(move |a| (0..columns).map(move |b| [o, i, a, b]));
        (0..self.inputs).flat_map(of)
    }
}

/// The row or column that position `position` of a kernel meets at output position `out`. [DS-LIN-3]
pub fn tap(window: Window, axis: usize, out: usize, position: usize) -> Option<usize> {
    let of = |[rows, columns]: [usize; 2]| if axis == 0 { rows } else { columns };
    (out * of(window.stride) + position * of(window.dilation)).checked_sub(of(window.padding))
}

/// Which linear map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MapKind {
    /// A convolution. [DS-LIN-3]
    Convolution {
        /// Output channels.
        outputs: usize,
        /// Kernel, stride, padding, dilation.
        window: Window,
        /// Groups.
        groups: usize,
    },
    /// A dense layer. [DS-LIN-4]
    Dense {
        /// Outputs.
        outputs: usize,
    },
    /// A sum-pool. [DS-LIN-5]
    SumPool {
        /// The window.
        window: [usize; 2],
        /// The stride.
        stride: [usize; 2],
    },
    /// The affine map of private gates. [DS-LIN-6]
    Affine {
        /// Which channels are gated.
        gated: Vec<bool>,
    },
}

/// A linear map on inputs of a shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Map {
    /// Which one.
    kind: MapKind,
    /// The shape of x; for the affine map that of its output.
    input: Shape,
    /// The map of the reference, which knows the sizes.
    sizes: LinearMap,
}

impl Map {
    /// A map.
    ///
    /// # Errors
    /// [`ValueError::LinearMap`] and the errors of shapes, as the specification excludes them. [DS-LIN-1]
    pub fn new(kind: MapKind, input: Shape) -> Result<Map, ValueError> {
        let sizes = match &kind {
            MapKind::Convolution { outputs, window, groups } => {
                LinearMap::convolution(input, *outputs, *window, *groups)
            }
            MapKind::Dense { outputs } => LinearMap::dense(input, *outputs),
            MapKind::SumPool { window, stride } => LinearMap::sum_pool(input, *window, *stride),
            MapKind::Affine { gated } => LinearMap::affine(input, gated.clone()),
        }?;
        Ok(Map { kind, input, sizes })
    }

    /// The map of the reference.
    pub fn reference(&self) -> &LinearMap {
        &self.sizes
    }

    /// The shape of y.
    pub fn output(&self) -> Shape {
        self.sizes.output()
    }

    /// map(W, x) for a batch, without bias. [DS-LIN-2]
    ///
    /// # Errors
    /// [`ValueError::Length`] if weights or inputs do not match the map; on integers [`ValueError::DoesNotFit`].
    pub fn apply(
        &self,
        steps: &dyn Steps,
        on: Meaning,
        weights: &[i64],
        x: &[i64],
        batch: usize,
    ) -> Result<Vec<i64>, ValueError> {
        same_length(weights.len(), self.sizes.weights())?;
        self.sizes.check_batch(x.len(), batch)?;
        let (inputs, outputs) = (self.sizes.inputs(), self.sizes.outputs());
        let mut y = Vec::with_capacity(outputs * batch);
        for image in 0..batch {
            let own: Vec<i64> = (0..inputs).map(|i| at(x, steps.image(batch, inputs, image, i))).collect();
            for index in 0..outputs {
                y.push(self.output_at(steps, on, weights, &own, index, 0)?);
            }
        }
        Ok(y)
    }

    /// One output for one image, with a bias.
    ///
    /// # Errors
    /// On integers [`ValueError::DoesNotFit`].
    pub fn output_at(
        &self,
        steps: &dyn Steps,
        on: Meaning,
        weights: &[i64],
        x: &[i64],
        index: usize,
        bias: i64,
    ) -> Result<i64, ValueError> {
        let terms = self.terms(steps, index);
        match self.kind {
            MapKind::SumPool { .. } => {
                let elements: Vec<i64> = terms.iter().map(|&(_, i)| at(x, i)).collect();
                steps.pool(on, &elements)
            }
            _ => {
                let products: Vec<(i64, i64)> = terms.iter().map(|&(w, i)| (at(weights, w), at(x, i))).collect();
                steps.sum(on, &products, bias)
            }
        }
    }

    /// The (weight, input) numbers of the terms of one output.
    fn terms(&self, steps: &dyn Steps, index: usize) -> Vec<(usize, usize)> {
        let [channel, row, column] = <[usize; 3]>::from(self.output().position(index));
        let area = self.output().area();
        match &self.kind {
            MapKind::Convolution { outputs, window, groups } => {
                let (group_outputs, inputs) = (outputs / groups, self.input.channels() / groups);
                let kernel = Kernel { outputs: *outputs, group_outputs, inputs, size: window.kernel };
                self.convolution(steps, kernel, *window, [channel, row, column])
            }
            MapKind::Dense { outputs } => {
                let inputs = self.input.elements();
                let kernel = Kernel { outputs: *outputs, group_outputs: *outputs, inputs, size: [1, 1] };
                kernel
                    .places(channel)
                    .map(|place| (steps.weight(kernel, place), steps.flat(self.input, place[1])))
                    .collect()
            }
            MapKind::SumPool { window, stride } => {
                let kernel = Kernel { outputs: self.input.channels(), group_outputs: 1, inputs: 1, size: *window };
                let window = Window { kernel: *window, stride: *stride, padding: [0, 0], dilation: [1, 1] };
                self.convolution(steps, kernel, window, [channel, row, column])
            }
            MapKind::Affine { gated } => {
                let rank = steps.rank(gated, channel);
                let product = (gated.len() + rank, (gated.len() + rank) * area + index % area);
                let is_gated = gated.get(channel).copied().unwrap_or(false);
                std::iter::once((channel, index)).chain(is_gated.then_some(product)).collect()
            }
        }
    }

    fn convolution(
        &self,
        steps: &dyn Steps,
        kernel: Kernel,
        window: Window,
        [o, row, column]: [usize; 3],
    ) -> Vec<(usize, usize)> {
        let first = steps.first_channel(kernel, o);
        let term = |place @ [_, i, a, b]: [usize; 4]| {
            let (row, column) = (steps.tap(window, 0, row, a)?, steps.tap(window, 1, column, b)?);
            Some((steps.weight(kernel, place), self.input.index(first + i, row, column)?))
        };
        kernel.places(o).filter_map(term).collect()
    }
}

/// An element; a position outside, which only a wrong step can give, reads as 0.
fn at(values: &[i64], index: usize) -> i64 {
    values.get(index).copied().unwrap_or(0)
}
