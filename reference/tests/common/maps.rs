//! Linear maps as the chapter on formats defines them, by plain loops, independently of the crate's `LinearMap`.
#![allow(dead_code)] // Each test file uses a part of it.

use deepshare_reference::values::{LinearMap, Shape, Window};
use num_bigint::BigInt;
use proptest::prelude::*;

/// A linear map by its public parameters.
#[derive(Clone, Debug)]
pub enum MapSpec {
    /// A convolution.
    Convolution { input: Shape, out: usize, window: Window, groups: usize },
    /// A dense layer.
    Dense { input: Shape, outputs: usize },
    /// A sum over windows.
    SumPool { input: Shape, window: [usize; 2], stride: [usize; 2] },
    /// Private affine gates.
    Affine { shape: Shape, gated: Vec<bool> },
}

impl MapSpec {
    /// The crate's map.
    pub fn map(&self) -> LinearMap {
        let map = match self {
            MapSpec::Convolution { input, out, window, groups } => {
                LinearMap::convolution(*input, *out, *window, *groups)
            }
            MapSpec::Dense { input, outputs } => LinearMap::dense(*input, *outputs),
            MapSpec::SumPool { input, window, stride } => LinearMap::sum_pool(*input, *window, *stride),
            MapSpec::Affine { shape, gated } => LinearMap::affine(*shape, gated.clone()),
        };
        map.unwrap()
    }

    /// (weights, inputs, outputs) of the definition.
    pub fn sizes(&self) -> [usize; 3] {
        match self {
            MapSpec::Convolution { input, out, window, groups } => {
                let [kh, kw] = window.kernel;
                let (h, w) = (positions(*window, 0, input.height()), positions(*window, 1, input.width()));
                [out * (input.channels() / groups) * kh * kw, input.elements(), out * h * w]
            }
            MapSpec::Dense { input, outputs } => [outputs * input.elements(), input.elements(), *outputs],
            MapSpec::SumPool { input, window, stride } => {
                let window = Window { kernel: *window, stride: *stride, padding: [0, 0], dilation: [1, 1] };
                let (h, w) = (positions(window, 0, input.height()), positions(window, 1, input.width()));
                [1, input.elements(), input.channels() * h * w]
            }
            MapSpec::Affine { shape, gated } => {
                let rows = shape.channels() + gated.iter().filter(|&&g| g).count();
                [rows, rows * shape.area(), shape.elements()]
            }
        }
    }

    /// y = map(weights, x) by the definition, on unbounded integers.
    pub fn naive(&self, weights: &[BigInt], x: &[BigInt]) -> Vec<BigInt> {
        match self {
            MapSpec::Convolution { input, out, window, groups } => {
                convolution(*input, *out, *window, *groups, weights, x)
            }
            MapSpec::Dense { input, outputs } => {
                let n = input.elements();
                (0..*outputs).map(|o| (0..n).map(|i| &weights[o * n + i] * &x[i]).sum()).collect()
            }
            MapSpec::SumPool { input, window, stride } => {
                // a convolution of every channel by itself, all weights equal
                let window = Window { kernel: *window, stride: *stride, padding: [0, 0], dilation: [1, 1] };
                let weights = vec![weights[0].clone(); input.channels() * window.kernel[0] * window.kernel[1]];
                convolution(*input, input.channels(), window, input.channels(), &weights, x)
            }
            MapSpec::Affine { shape, gated } => affine(*shape, gated, weights, x),
        }
    }
}

/// The number of places of the window on an axis: those where it does not reach past the padded input.
fn positions(window: Window, axis: usize, size: usize) -> usize {
    let (kernel, stride, padding) = (window.kernel[axis], window.stride[axis], window.padding[axis]);
    let last = (kernel - 1) * window.dilation[axis];
    (0..).take_while(|place| place * stride + last < size + 2 * padding).count()
}

/// The six loops of a convolution: output channel, row, column; input channel of the group, kernel row, kernel column.
fn convolution(
    input: Shape,
    out: usize,
    window: Window,
    groups: usize,
    weights: &[BigInt],
    x: &[BigInt],
) -> Vec<BigInt> {
    let (height, width) = (input.height(), input.width());
    let ([kh, kw], [sh, sw], [ph, pw], [dh, dw]) = (window.kernel, window.stride, window.padding, window.dilation);
    let (per_in, per_out) = (input.channels() / groups, out / groups);
    let mut y = Vec::new();
    for o in 0..out {
        for r in 0..positions(window, 0, height) {
            for c in 0..positions(window, 1, width) {
                let mut sum = BigInt::ZERO;
                for i in 0..per_in {
                    for kr in 0..kh {
                        for kc in 0..kw {
                            let channel = o / per_out * per_in + i;
                            let (row, column) = (r * sh + kr * dh, c * sw + kc * dw); // in the padded input
                            if row >= ph && row - ph < height && column >= pw && column - pw < width {
                                let weight = &weights[((o * per_in + i) * kh + kr) * kw + kc];
                                sum += weight * &x[(channel * height + row - ph) * width + column - pw];
                            }
                        }
                    }
                }
                y.push(sum);
            }
        }
    }
    y
}

/// y[c] = beta_c x[c] + alpha_c g[c]: x of all channels and then g of the gated ones; betas, then alphas.
fn affine(shape: Shape, gated: &[bool], weights: &[BigInt], x: &[BigInt]) -> Vec<BigInt> {
    let (channels, area) = (shape.channels(), shape.area());
    let mut y = Vec::new();
    for c in 0..channels {
        let rank = channels + gated[..c].iter().filter(|&&g| g).count();
        for i in 0..area {
            let plain = &weights[c] * &x[c * area + i];
            let gate = if gated[c] { &weights[rank] * &x[rank * area + i] } else { BigInt::ZERO };
            y.push(plain + gate);
        }
    }
    y
}

/// Any small valid map.
pub fn any_map() -> impl Strategy<Value = MapSpec> {
    let shape = || (1_usize..=4, 1_usize..=5, 1_usize..=5);
    let sizes = proptest::array::uniform8(0_usize..=11);
    (0_usize..4, shape(), sizes, proptest::collection::vec(any::<bool>(), 4))
        .prop_map(|(kind, (c, h, w), sizes, gated)| make(kind, Shape::new(c, h, w).unwrap(), sizes, &gated))
}

/// A valid map of one of the four kinds for an input, from arbitrary numbers.
pub fn make(kind: usize, input: Shape, n: [usize; 8], gated: &[bool]) -> MapSpec {
    let (c, h, w) = (input.channels(), input.height(), input.width());
    match kind {
        0 => {
            let groups = if c.is_multiple_of(2) && n[0].is_multiple_of(2) { 2 } else { 1 };
            let groups = if n[0] == 11 { c } else { groups };
            let padding = [n[1] % 3, n[2] % 3];
            let axis = |size: usize, padding: usize, pick: usize| {
                let room = (size + 2 * padding).min(4); // at least padding + 1, since size >= 1
                padding + 1 + pick % (room.max(padding + 1) - padding)
            };
            let kernel =
                [axis(h, padding[0], n[3]).min(h + 2 * padding[0]), axis(w, padding[1], n[4]).min(w + 2 * padding[1])];
            // holes where the padded input has room for them
            let dilation = |size: usize, i: usize, pick: usize| {
                let holes = if kernel[i] > 1 { (size + 2 * padding[i] - 1) / (kernel[i] - 1) } else { 3 };
                1 + pick / 6 % holes.min(3)
            };
            let dilation = [dilation(h, 0, n[3]), dilation(w, 1, n[4])];
            let window = Window { kernel, stride: [1 + n[5] % 3, 1 + n[6] % 2], padding, dilation };
            MapSpec::Convolution { input, out: groups * (1 + n[7] % 2), window, groups }
        }
        1 => MapSpec::Dense { input, outputs: 1 + n[0] % 4 },
        2 => {
            let window = [1 + n[0] % h.min(3), 1 + n[1] % w.min(3)];
            MapSpec::SumPool { input, window, stride: [1 + n[2] % 3, 1 + n[3] % 3] }
        }
        _ => MapSpec::Affine { shape: input, gated: (0..c).map(|i| gated[i % gated.len()]).collect() },
    }
}
