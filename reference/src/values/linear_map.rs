//! Bilinear maps of weights and inputs, given by their terms.

use super::tensor::MAX_ELEMENTS;
use super::{Ranges, RingVector, Shape, ValueError};

/// The most terms that are listed one by one. [DS-OT-50]
const MAX_TERMS: usize = 1 << 24;

/// A convolution's window over two axes, rows then columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Kernel size.
    pub kernel: [usize; 2],
    /// Step between neighbouring outputs.
    pub stride: [usize; 2],
    /// Zeros before the first and after the last row and column.
    pub padding: [usize; 2],
}

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
    /// y[o] is the sum of all x[t] with of[t] = o; its one weight is the public factor 1.
    Sums {
        of: Vec<usize>,
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
    /// [`ValueError::LinearMap`] for a zero stride, kernel or group count, padding that is not less than the kernel,
    /// a kernel larger than the padded input, groups that do not divide the channels; [`ValueError::EmptyShape`] for
    /// no output channels; [`ValueError::ShapeOverflow`] for sizes that overflow.
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
        let window = Window { kernel: window, stride, padding: [0, 0] };
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

    /// The terms of a batch of applications, one after the other, sorted by input within each. [DS-OT-50]
    ///
    /// # Errors
    /// [`ValueError::LinearMap`] if there may be more than 2^24 of them, which are not listed one by one.
    pub fn terms(&self, batch: usize) -> Result<Terms, ValueError> {
        let most = self.weights.saturating_mul(self.output.area()).saturating_mul(batch);
        if most > MAX_TERMS {
            return rule(format!(
                "up to {most} terms in a batch of {batch}; products from COTs take {MAX_TERMS} at most"
            ));
        }
        let mut by_output: Vec<Vec<(usize, usize)>> = vec![Vec::new(); self.outputs()];
        let index = |len: usize| (0..len).collect::<Vec<usize>>();
        let (weights, inputs) = (index(self.weights), index(self.inputs()));
        self.accumulate(&mut by_output, &weights, &inputs, |terms, &weight, &input| terms.push((input, weight)));
        let outputs = by_output.into_iter().enumerate();
        let mut all: Vec<(usize, usize, usize)> =
            outputs.flat_map(|(output, terms)| terms.into_iter().map(move |(i, w)| (i, output, w))).collect();
        all.sort_unstable();
        Terms::new(self, &all, batch)
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
            Kind::Sums { of } => {
                for (&output, x) in of.iter().zip(inputs) {
                    if let (Some(sum), Some(one)) = (sums.get_mut(output), weights.first()) {
                        term(sum, one, x);
                    }
                }
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

/// The terms w * x of a map, one by one: which weight, which input, and which output sum it enters.
pub struct Terms {
    /// The weight of each term.
    pub weights: Ranges,
    /// The input of each term, of the whole batch.
    pub inputs: Ranges,
    /// The map that adds terms up to the outputs of the whole batch; its one weight is the public factor 1.
    pub sums: LinearMap,
}

impl Terms {
    /// From the (input, output, weight) of one application's terms.
    fn new(map: &LinearMap, all: &[(usize, usize, usize)], batch: usize) -> Result<Terms, ValueError> {
        let overflow = ValueError::ShapeOverflow { channels: all.len(), height: batch, width: 1 };
        let total = all.len().checked_mul(batch).ok_or(overflow)?;
        let mut weights = Ranges::empty(map.weights());
        let mut inputs = Ranges::empty(map.inputs().saturating_mul(batch));
        let mut of = Vec::with_capacity(total);
        for image in 0..batch {
            for &(input, output, weight) in all {
                weights.push(weight, 1)?;
                inputs.push(image * map.inputs() + input, 1)?;
                of.push(image * map.outputs() + output);
            }
        }
        let flat = |len: usize| Shape::new(len.max(1), 1, 1);
        let (input, output) = (flat(total)?, flat(map.outputs().saturating_mul(batch))?);
        Ok(Terms { weights, inputs, sums: LinearMap { kind: Kind::Sums { of }, weights: 1, input, output } })
    }
}

impl Window {
    /// Rows and columns of the output: floor((size + 2 padding - kernel) / stride) + 1 on each axis. [DS-LIN-3]
    fn output(self, input: Shape) -> Result<(usize, usize), ValueError> {
        Ok((self.output_axis(0, input.height())?, self.output_axis(1, input.width())?))
    }

    fn output_axis(self, axis: usize, size: usize) -> Result<usize, ValueError> {
        let of = |pair: [usize; 2]| if axis == 0 { pair[0] } else { pair[1] };
        let (kernel, stride, padding) = (of(self.kernel), of(self.stride), of(self.padding));
        if kernel == 0 || stride == 0 {
            return rule(format!("kernel {kernel} and stride {stride} must be at least 1"));
        }
        if padding >= kernel {
            return rule(format!("padding {padding} must be less than the kernel's {kernel}"));
        }
        let padded = padding.checked_mul(2).and_then(|both| both.checked_add(size));
        match padded.and_then(|padded| padded.checked_sub(kernel)) {
            Some(room) => Ok(room / stride + 1),
            None => rule(format!("kernel {kernel} does not fit an input of {size} padded by {padding} on both sides")),
        }
    }

    /// The (kernel position, input position) pairs along an axis that contribute to output position `out`.
    fn reach(self, axis: usize, out: usize, size: usize) -> impl Iterator<Item = (usize, usize)> {
        let of = |pair: [usize; 2]| if axis == 0 { pair[0] } else { pair[1] };
        let (start, padding) = (out * of(self.stride), of(self.padding));
        let inside = move |k: usize| (start + k).checked_sub(padding).filter(|&at| at < size);
        (0..of(self.kernel)).filter_map(move |k| inside(k).map(|at| (k, at)))
    }
}

fn product(outputs: usize, inputs: Shape) -> Result<usize, ValueError> {
    let overflow = ValueError::ShapeOverflow { channels: outputs, height: inputs.elements(), width: 1 };
    let weights = outputs.checked_mul(inputs.elements());
    weights.filter(|&n| n as u64 <= MAX_ELEMENTS).ok_or(overflow)
}

fn rule<T>(what: String) -> Result<T, ValueError> {
    Err(ValueError::LinearMap { what })
}
