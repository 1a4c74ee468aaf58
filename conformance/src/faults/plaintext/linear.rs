//! Mistakes in linear maps and in sums.

use super::Fault;
use crate::steps::{Kernel, Meaning, Right, Steps};
use crate::vectors::types::Semantics;
use deepshare_reference::values::integer::ExactSum;
use deepshare_reference::values::{Shape, ValueError, Window};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "kernel-flipped",
        mistake: "a convolution flips its kernel, as mathematics does",
        clause: "DS-LIN-3",
        steps: &KernelFlipped,
    },
    Fault {
        name: "padding-on-one-side",
        mistake: "all zeros of the padding stand after the last row and column",
        clause: "DS-LIN-3",
        steps: &PaddingOnOneSide,
    },
    Fault { name: "dilation-ignored", mistake: "a kernel has no holes", clause: "DS-LIN-3", steps: &DilationIgnored },
    Fault {
        name: "strides-swapped",
        mistake: "rows are stepped by the stride of columns",
        clause: "DS-LIN-3",
        steps: &StridesSwapped,
    },
    Fault {
        name: "group-offset-missing",
        mistake: "every group sees the first channels",
        clause: "DS-LIN-3",
        steps: &GroupOffsetMissing,
    },
    Fault {
        name: "kernel-transposed",
        mistake: "weights are read column by column",
        clause: "DS-LIN-3",
        steps: &KernelTransposed,
    },
    Fault {
        name: "weights-input-first",
        mistake: "weights are ordered by input channel, then output channel",
        clause: "DS-LIN-4",
        steps: &WeightsInputFirst,
    },
    Fault {
        name: "dense-channels-last",
        mistake: "a dense layer takes its input row by row, column by column, all channels of each",
        clause: "DS-LIN-4",
        steps: &DenseChannelsLast,
    },
    Fault {
        name: "alphas-of-all-channels",
        mistake: "the affine map of private gates counts channels without gates among the alphas",
        clause: "DS-LIN-6",
        steps: &AlphasOfAllChannels,
    },
    Fault {
        name: "sum-pool-averages",
        mistake: "a sum-pool divides by the size of its window",
        clause: "DS-LIN-5",
        steps: &SumPoolAverages,
    },
    Fault { name: "bias-of-the-row", mistake: "row r gets bias r", clause: "DS-LIN-10", steps: &BiasOfTheRow },
    Fault {
        name: "images-interleaved",
        mistake: "element by element, each of all images",
        clause: "DS-LIN-2",
        steps: &ImagesInterleaved,
    },
    Fault {
        name: "images-reversed",
        mistake: "the last image stands first",
        clause: "DS-LIN-2",
        steps: &ImagesReversed,
    },
    Fault {
        name: "partial-sums-checked",
        mistake: "on integers every partial sum must fit",
        clause: "DS-INT-2",
        steps: &PartialSumsChecked,
    },
    Fault {
        name: "bias-not-in-the-checked-sum",
        mistake: "on integers the sum is checked before the bias is added, and wraps after it",
        clause: "DS-INT-3",
        steps: &BiasNotInTheCheckedSum,
    },
    Fault {
        name: "checkpoint-missing",
        mistake: "on integers a value that does not fit wraps around",
        clause: "DS-INT-1",
        steps: &CheckpointMissing,
    },
    Fault {
        name: "checkpoint-symmetric",
        mistake: "on integers -2^(k-1) is said not to fit",
        clause: "DS-INT-1",
        steps: &CheckpointSymmetric,
    },
];

struct KernelFlipped;

impl Steps for KernelFlipped {
    fn tap(&self, window: Window, axis: usize, out: usize, position: usize) -> Option<usize> {
        let [rows, columns] = window.kernel;
        let size = if axis == 0 { rows } else { columns };
        Right.tap(window, axis, out, size.checked_sub(position + 1)?)
    }
}

struct PaddingOnOneSide;

impl Steps for PaddingOnOneSide {
    fn tap(&self, window: Window, axis: usize, out: usize, position: usize) -> Option<usize> {
        Right.tap(Window { padding: [0, 0], ..window }, axis, out, position)
    }
}

struct DilationIgnored;

impl Steps for DilationIgnored {
    fn tap(&self, window: Window, axis: usize, out: usize, position: usize) -> Option<usize> {
        Right.tap(Window { dilation: [1, 1], ..window }, axis, out, position)
    }
}

struct StridesSwapped;

impl Steps for StridesSwapped {
    fn tap(&self, window: Window, axis: usize, out: usize, position: usize) -> Option<usize> {
        let [rows, columns] = window.stride;
        Right.tap(Window { stride: [columns, rows], ..window }, axis, out, position)
    }
}

struct GroupOffsetMissing;

impl Steps for GroupOffsetMissing {
    fn first_channel(&self, _kernel: Kernel, _o: usize) -> usize {
        0
    }
}

struct KernelTransposed;

impl Steps for KernelTransposed {
    fn weight(&self, kernel: Kernel, [o, i, a, b]: [usize; 4]) -> usize {
        let [rows, columns] = kernel.size;
        Right.weight(Kernel { size: [columns, rows], ..kernel }, [o, i, b, a])
    }
}

struct WeightsInputFirst;

impl Steps for WeightsInputFirst {
    fn weight(&self, kernel: Kernel, [o, i, a, b]: [usize; 4]) -> usize {
        Right.weight(Kernel { inputs: kernel.outputs, ..kernel }, [i, o, a, b])
    }
}

struct DenseChannelsLast;

impl Steps for DenseChannelsLast {
    fn flat(&self, input: Shape, j: usize) -> usize {
        let (channel, place) = (j % input.channels(), j / input.channels());
        channel * input.area() + place
    }
}

struct AlphasOfAllChannels;

impl Steps for AlphasOfAllChannels {
    fn rank(&self, _gated: &[bool], channel: usize) -> usize {
        channel
    }
}

struct SumPoolAverages;

impl Steps for SumPoolAverages {
    fn pool(&self, on: Meaning, elements: &[i64]) -> Result<i64, ValueError> {
        let sum = Right.pool(on, elements)?;
        Ok(sum.div_euclid(i64::try_from(elements.len()).unwrap_or(i64::MAX).max(1)))
    }
}

struct BiasOfTheRow;

impl Steps for BiasOfTheRow {
    fn bias(&self, output: Shape, index: usize) -> usize {
        output.position(index).1
    }
}

struct ImagesInterleaved;

impl Steps for ImagesInterleaved {
    fn image(&self, batch: usize, _elements: usize, image: usize, element: usize) -> usize {
        element * batch + image
    }
}

struct ImagesReversed;

impl Steps for ImagesReversed {
    fn image(&self, batch: usize, elements: usize, image: usize, element: usize) -> usize {
        Right.image(batch, elements, batch - 1 - image, element)
    }
}

struct PartialSumsChecked;

impl Steps for PartialSumsChecked {
    fn sum(&self, on: Meaning, products: &[(i64, i64)], bias: i64) -> Result<i64, ValueError> {
        for count in 1..products.len() {
            Right.sum(on, products.get(..count).unwrap_or(products), 0)?;
        }
        Right.sum(on, products, bias)
    }
}

struct BiasNotInTheCheckedSum;

impl Steps for BiasNotInTheCheckedSum {
    fn sum(&self, on: Meaning, products: &[(i64, i64)], bias: i64) -> Result<i64, ValueError> {
        Right.sum(on, products, 0)?;
        Right.sum(Meaning { semantics: Semantics::Ring, ..on }, products, bias)
    }
}

struct CheckpointMissing;

impl Steps for CheckpointMissing {
    fn checkpoint(&self, on: Meaning, sum: &ExactSum) -> Result<i64, ValueError> {
        Ok(on.reduced(sum))
    }
}

struct CheckpointSymmetric;

impl Steps for CheckpointSymmetric {
    fn checkpoint(&self, on: Meaning, sum: &ExactSum) -> Result<i64, ValueError> {
        let value = on.value(sum)?;
        match on.semantics == Semantics::Integer && value == on.width.min_value() {
            true => Err(ValueError::DoesNotFit { value: value.to_string(), bits: on.width.bits() }),
            false => Ok(value),
        }
    }
}
