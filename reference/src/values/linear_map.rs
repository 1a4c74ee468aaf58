//! Bilinear maps of weights and inputs, given by their terms.

use super::tensor::MAX_ELEMENTS;
use super::window::Window;
use super::{RingVector, Shape, ValueError};

/// A map y = map(weights, x) that is linear in the weights and in x. [DS-LIN-1]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinearMap {
    kind: Kind,
    weights: usize,
    input: Shape,
    output: Shape,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Convolution {
        window: Window,
        groups: usize,
    },
    Dense,
    SumPool {
        window: Window,
    },
    /// y[c] = beta_c x[c] + alpha_c g[c], where g[c] = d * x[c] is there for gated channels only.
    Affine {
        gated: Vec<bool>,
    },
}

/// `sum += w * x` for one term of a map.
trait Term<S, T>: Fn(&mut S, &T, &T) {}
impl<S, T, F: Fn(&mut S, &T, &T)> Term<S, T> for F {}

impl LinearMap {
    /// A convolution (cross-correlation) with zero padding and channel groups. Weights are ordered
    /// [out][in / groups][row][column]. [DS-LIN-3]
    ///
    /// # Errors
    /// [`ValueError::LinearMap`] for a zero stride, kernel, dilation or group count, padding that is not less than the kernel,
    /// a kernel larger than the padded input, groups that do not divide the channels; [`ValueError::EmptyShape`] for
    /// no output channels; [`ValueError::ShapeOverflow`] for sizes that overflow. [DS-LIN-12]
    pub fn convolution(
        input: Shape,
        out_channels: usize,
        window: Window,
        groups: usize,
    ) -> Result<LinearMap, ValueError> {
        if groups == 0 || !input.channels().is_multiple_of(groups) || !out_channels.is_multiple_of(groups) {
            let channels = input.channels();
            return rule(format!("{groups} groups do not divide {channels} input and {out_channels} output channels"));
        }
        let (height, width) = window.output(input)?;
        let output = Shape::new(out_channels, height, width)?;
        let kernel = Shape::new(input.channels() / groups, window.kernel[0], window.kernel[1])?;
        let weights = product(out_channels, kernel)?;
        Ok(LinearMap { kind: Kind::Convolution { window, groups }, weights, input, output })
    }

    /// A dense layer on the flattened input. Weights are ordered `[out][in]`. [DS-LIN-4]
    ///
    /// # Errors
    /// [`ValueError::EmptyShape`] for no outputs, [`ValueError::ShapeOverflow`] for sizes that overflow.
    pub fn dense(input: Shape, outputs: usize) -> Result<LinearMap, ValueError> {
        let output = Shape::new(outputs, 1, 1)?;
        Ok(LinearMap { kind: Kind::Dense, weights: product(outputs, input)?, input, output })
    }

    /// The sum over windows of each channel; its one weight is the public factor 1. [DS-LIN-5]
    ///
    /// # Errors
    /// [`ValueError::LinearMap`] as [`LinearMap::convolution`]; a pool has no padding.
    pub fn sum_pool(input: Shape, window: [usize; 2], stride: [usize; 2]) -> Result<LinearMap, ValueError> {
        let window = Window { kernel: window, stride, padding: [0, 0], dilation: [1, 1] };
        let (height, width) = window.output(input)?;
        let output = Shape::new(input.channels(), height, width)?;
        Ok(LinearMap { kind: Kind::SumPool { window }, weights: 1, input, output })
    }

    /// The affine gates of a private layer. The input is x (all channels), then d * x (gated channels only); the
    /// weights are beta (all channels), then alpha (gated channels only). [DS-LIN-6]
    ///
    /// # Errors
    /// [`ValueError::Length`] unless there is one flag a channel; [`ValueError::ShapeOverflow`] for sizes that overflow.
    pub fn affine(shape: Shape, gated: Vec<bool>) -> Result<LinearMap, ValueError> {
        if gated.len() != shape.channels() {
            return Err(ValueError::Length { left: gated.len(), right: shape.channels() });
        }
        let weights = shape.channels() + gated.iter().filter(|&&g| g).count();
        let input = Shape::new(weights, shape.height(), shape.width())?;
        Ok(LinearMap { kind: Kind::Affine { gated }, weights, input, output: shape })
    }

    /// How many terms w * x one application has: products with zeros of the padding are none. Found without listing them,
    /// so a map of any size has its number at once. [DS-OT-50]
    pub fn terms_of_one(&self) -> u128 {
        let wide = |n: usize| n as u128;
        match &self.kind {
            Kind::Convolution { window, groups } => {
                let pairs = wide(self.input.channels() / groups) * wide(self.output.channels());
                pairs * window.terms(self.input)
            }
            Kind::Dense => wide(self.weights),
            Kind::SumPool { window } => wide(self.input.channels()) * window.terms(self.input),
            Kind::Affine { .. } => wide(self.weights) * wide(self.output.area()),
        }
    }

    /// The number of weights.
    pub fn weights(&self) -> usize {
        self.weights
    }

    /// The number of inputs of one application.
    pub fn inputs(&self) -> usize {
        self.input.elements()
    }

    /// The number of outputs of one application.
    pub fn outputs(&self) -> usize {
        self.output.elements()
    }

    /// The shape of the output.
    pub fn output(&self) -> Shape {
        self.output
    }

    /// Calls `term(sum, weight, input)` for every term of every output sum. The order is not specified; it does not
    /// matter, because no partial sum is checked or rounded. [DS-LIN-2]
    pub fn accumulate<S, T>(&self, sums: &mut [S], weights: &[T], inputs: &[T], term: impl Fn(&mut S, &T, &T)) {
        match &self.kind {
            Kind::Convolution { window, groups } => self.convolve(*window, *groups, sums, weights, inputs, &term),
            Kind::Dense => {
                for (sum, row) in sums.iter_mut().zip(weights.chunks_exact(self.inputs())) {
                    row.iter().zip(inputs).for_each(|(w, x)| term(sum, w, x));
                }
            }
            Kind::SumPool { window } => {
                let channels = sums.chunks_exact_mut(self.output.area()).zip(inputs.chunks_exact(self.input.area()));
                channels.for_each(|(sums, inputs)| self.slide(*window, sums, &|_, _| weights.first(), inputs, &term));
            }
            Kind::Affine { gated } => self.affine_terms(gated, sums, weights, inputs, &term),
        }
    }

    fn convolve<S, T>(
        &self,
        window: Window,
        groups: usize,
        sums: &mut [S],
        weights: &[T],
        inputs: &[T],
        term: &impl Term<S, T>,
    ) {
        let (in_group, out_group) = (self.input.channels() / groups, self.output.channels() / groups);
        let [rows, columns] = window.kernel;
        let kernels = weights.chunks_exact(in_group * rows * columns);
        for (out, (sums, kernel)) in sums.chunks_exact_mut(self.output.area()).zip(kernels).enumerate() {
            let first = out / out_group * in_group;
            let channels = inputs.chunks_exact(self.input.area()).skip(first).take(in_group);
            for (slice, channel) in kernel.chunks_exact(rows * columns).zip(channels) {
                self.slide(window, sums, &|row, column| slice.get(row * columns + column), channel, term);
            }
        }
    }

    /// One input channel's part of one output channel.
    fn slide<'w, S, T: 'w>(
        &self,
        window: Window,
        sums: &mut [S],
        weight: &impl Fn(usize, usize) -> Option<&'w T>,
        channel: &[T],
        term: &impl Term<S, T>,
    ) {
        for (out_row, sums) in sums.chunks_exact_mut(self.output.width()).enumerate() {
            for (row, input) in window.reach(0, out_row, self.input.height()) {
                let input = channel.chunks_exact(self.input.width()).nth(input).unwrap_or(&[]);
                for (out_column, sum) in sums.iter_mut().enumerate() {
                    for (column, at) in window.reach(1, out_column, self.input.width()) {
                        if let (Some(w), Some(x)) = (weight(row, column), input.get(at)) {
                            term(sum, w, x);
                        }
                    }
                }
            }
        }
    }

    fn affine_terms<S, T>(&self, gated: &[bool], sums: &mut [S], weights: &[T], inputs: &[T], term: &impl Term<S, T>) {
        let area = self.output.area();
        let out_of_part = |channels: usize| (weights.iter().skip(channels), inputs.chunks_exact(area).skip(channels));
        let ((betas, plain), (alphas, products)) = (out_of_part(0), out_of_part(gated.len()));
        for ((sums, beta), xs) in sums.chunks_exact_mut(area).zip(betas).zip(plain) {
            sums.iter_mut().zip(xs).for_each(|(sum, x)| term(sum, beta, x));
        }
        let gated_sums = sums.chunks_exact_mut(area).zip(gated).filter_map(|(sums, &g)| g.then_some(sums));
        for ((sums, alpha), products) in gated_sums.zip(alphas).zip(products) {
            sums.iter_mut().zip(products).for_each(|(sum, product)| term(sum, alpha, product));
        }
    }

    /// Checks that weights and a batch of inputs match this map.
    ///
    /// # Errors
    /// [`ValueError::Length`] or [`ValueError::WidthMismatch`] if they do not.
    pub fn check_operands<R: RingVector>(&self, weights: &R, inputs: &R, batch: usize) -> Result<(), ValueError> {
        if weights.width() != inputs.width() {
            return Err(ValueError::WidthMismatch { left: weights.width().bits(), right: inputs.width().bits() });
        }
        if weights.len() != self.weights {
            return Err(ValueError::Length { left: weights.len(), right: self.weights });
        }
        self.check_batch(inputs.len(), batch)
    }

    /// Checks that `len` elements are a batch of inputs, and that the outputs' number does not overflow.
    ///
    /// # Errors
    /// [`ValueError::Length`] or [`ValueError::ShapeOverflow`] if not.
    pub fn check_batch(&self, len: usize, batch: usize) -> Result<(), ValueError> {
        let overflow =
            |s: Shape| ValueError::ShapeOverflow { channels: s.channels(), height: s.height(), width: batch };
        let expected = self.inputs().checked_mul(batch).ok_or_else(|| overflow(self.input))?;
        self.outputs().checked_mul(batch).ok_or_else(|| overflow(self.output))?;
        if len == expected { Ok(()) } else { Err(ValueError::Length { left: len, right: expected }) }
    }
}

fn product(outputs: usize, inputs: Shape) -> Result<usize, ValueError> {
    let overflow = ValueError::ShapeOverflow { channels: outputs, height: inputs.elements(), width: 1 };
    let weights = outputs.checked_mul(inputs.elements());
    weights.filter(|&n| n as u64 <= MAX_ELEMENTS).ok_or(overflow)
}

pub(super) fn rule<T>(what: String) -> Result<T, ValueError> {
    Err(ValueError::LinearMap { what })
}
