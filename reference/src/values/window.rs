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
}

impl Window {
    /// Rows and columns of the output: floor((size + 2 padding - kernel) / stride) + 1 on each axis. [DS-LIN-3]
    pub(super) fn output(self, input: Shape) -> Result<(usize, usize), ValueError> {
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

    /// How many (output position, kernel position) pairs of both axes meet an input that is no padding, for an input for which
    /// the window is valid. It takes time for the kernel's size on an axis, and for no other size. [DS-OT-50]
    pub(super) fn terms(self, input: Shape) -> u128 {
        self.terms_axis(0, input.height()) * self.terms_axis(1, input.width())
    }

    /// The sum over kernel positions k of the number of outputs o with padding <= o stride + k < padding + size.
    fn terms_axis(self, axis: usize, size: usize) -> u128 {
        let of = |pair: [usize; 2]| if axis == 0 { pair[0] } else { pair[1] };
        let (stride, padding) = (of(self.stride).max(1), of(self.padding));
        let outputs = self.output_axis(axis, size).unwrap_or(0);
        // the outputs o with o stride + k < end
        let before = |end: usize, k: usize| end.saturating_sub(k).div_ceil(stride).min(outputs);
        let inside = |k: usize| before(padding + size, k) - before(padding, k);
        (0..of(self.kernel)).map(|k| inside(k) as u128).sum()
    }

    /// The (kernel position, input position) pairs along an axis that contribute to output position `out`.
    pub(super) fn reach(self, axis: usize, out: usize, size: usize) -> impl Iterator<Item = (usize, usize)> {
        let of = |pair: [usize; 2]| if axis == 0 { pair[0] } else { pair[1] };
        let (start, padding) = (out * of(self.stride), of(self.padding));
        let inside = move |k: usize| (start + k).checked_sub(padding).filter(|&at| at < size);
        (0..of(self.kernel)).filter_map(move |k| inside(k).map(|at| (k, at)))
    }
}
