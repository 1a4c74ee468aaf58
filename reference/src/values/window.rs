//! The window of a convolution or a pool.

use super::linear_map::rule;
use super::{Shape, ValueError};

/// A convolution's window over two axes, rows then columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Kernel size.
    pub kernel: [usize; 2],
    /// Step between neighbouring outputs.
    pub stride: [usize; 2],
    /// Zeros before the first and after the last row and column.
    pub padding: [usize; 2],
    /// Step between neighbouring positions of the kernel; 1 for a kernel without holes.
    pub dilation: [usize; 2],
}

/// One axis of a window.
#[derive(Clone, Copy)]
struct Axis {
    kernel: usize,
    stride: usize,
    padding: usize,
    dilation: usize,
}

impl Window {
    /// Rows and columns of the output: floor((size + 2 padding - extent) / stride) + 1 on each axis, where the kernel's extent
    /// is dilation (kernel - 1) + 1. [DS-LIN-3]
    pub(super) fn output(self, input: Shape) -> Result<(usize, usize), ValueError> {
        Ok((self.axis(0).outputs(input.height())?, self.axis(1).outputs(input.width())?))
    }

    /// How many (output position, kernel position) pairs of both axes meet an input that is no padding, for an input for which
    /// the window is valid. It takes time for the kernel's size on an axis, and for no other size. [DS-OT-50]
    pub(super) fn terms(self, input: Shape) -> u128 {
        self.axis(0).terms(input.height()) * self.axis(1).terms(input.width())
    }

    /// The (kernel position, input position) pairs along an axis that contribute to output position `out`.
    pub(super) fn reach(self, axis: usize, out: usize, size: usize) -> impl Iterator<Item = (usize, usize)> {
        let Axis { kernel, stride, padding, dilation } = self.axis(axis);
        let inside = move |k: usize| (out * stride + k * dilation).checked_sub(padding).filter(|&at| at < size);
        (0..kernel).filter_map(move |k| inside(k).map(|at| (k, at)))
    }

    fn axis(self, axis: usize) -> Axis {
        let of = |[rows, columns]: [usize; 2]| if axis == 0 { rows } else { columns };
        let (kernel, stride) = (of(self.kernel), of(self.stride));
        Axis { kernel, stride, padding: of(self.padding), dilation: of(self.dilation) }
    }
}

impl Axis {
    /// The number of outputs.
    fn outputs(self, size: usize) -> Result<usize, ValueError> {
        let Axis { kernel, stride, padding, dilation } = self;
        if kernel == 0 || stride == 0 {
            return rule(format!("kernel {kernel} and stride {stride} must be at least 1"));
        }
        if dilation == 0 {
            return rule("dilation 0 must be at least 1".to_owned());
        }
        let Some(extent) = (kernel - 1).checked_mul(dilation).and_then(|steps| steps.checked_add(1)) else {
            return rule(format!("kernel {kernel} with dilation {dilation} is too large"));
        };
        if padding >= extent {
            return rule(format!("padding {padding} must be less than the kernel's {extent}"));
        }
        let padded = padding.checked_mul(2).and_then(|both| both.checked_add(size));
        match padded.and_then(|padded| padded.checked_sub(extent)) {
            Some(room) => Ok(room / stride + 1),
            None => rule(format!("kernel {extent} does not fit an input of {size} padded by {padding} on both sides")),
        }
    }

    /// The sum over kernel positions k of the number of outputs o with padding <= o stride + k dilation < padding + size.
    fn terms(self, size: usize) -> u128 {
        let Axis { kernel, stride, padding, dilation } = self;
        let outputs = self.outputs(size).unwrap_or(0);
        // the outputs o with o stride + at < end
        let before = |end: usize, at: usize| end.saturating_sub(at).div_ceil(stride).min(outputs);
        let inside = |k: usize| before(padding + size, k * dilation) - before(padding, k * dilation);
        (0..kernel).map(|k| inside(k) as u128).sum()
    }
}
