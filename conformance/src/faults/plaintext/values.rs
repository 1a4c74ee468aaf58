//! Mistakes in the ring and its encodings.

use super::Fault;
use crate::steps::{Right, Steps};
use deepshare_reference::values::{ValueError, Width};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "reduction-forgotten",
        mistake: "a sum is not reduced modulo 2^k at k below 64",
        clause: "DS-VAL-1",
        steps: &ReductionForgotten,
    },
    Fault {
        name: "sum-saturates",
        mistake: "a sum at k = 64 stops at the largest word",
        clause: "DS-VAL-1",
        steps: &SumSaturates,
    },
    Fault {
        name: "difference-without-sign",
        mistake: "a difference is the larger operand minus the smaller one",
        clause: "DS-VAL-1",
        steps: &DifferenceWithoutSign,
    },
    Fault {
        name: "product-not-reduced",
        mistake: "a product is not reduced modulo 2^k at k below 64",
        clause: "DS-VAL-1",
        steps: &ProductNotReduced,
    },
    Fault {
        name: "product-in-double-precision",
        mistake: "products keep 53 significant bits",
        clause: "DS-VAL-1",
        steps: &ProductInDoublePrecision,
    },
    Fault {
        name: "decode-unsigned",
        mistake: "an element is decoded as its representative",
        clause: "DS-VAL-2",
        steps: &DecodeUnsigned,
    },
    Fault {
        name: "decode-sign-and-magnitude",
        mistake: "the top bit is taken for a sign, the others for a magnitude",
        clause: "DS-VAL-2",
        steps: &DecodeSignAndMagnitude,
    },
    Fault {
        name: "encode-wraps",
        mistake: "an integer that does not fit is taken modulo 2^k",
        clause: "DS-VAL-2",
        steps: &EncodeWraps,
    },
    Fault {
        name: "encode-symmetric",
        mistake: "-2^(k-1) is said not to fit",
        clause: "DS-VAL-2",
        steps: &EncodeSymmetric,
    },
    Fault { name: "planes-top-first", mistake: "plane 0 is the top bit", clause: "DS-VAL-3", steps: &PlanesTopFirst },
    Fault {
        name: "shares-by-xor",
        mistake: "elements are shared by xor, as bits are",
        clause: "DS-VAL-4",
        steps: &SharesByXor,
    },
];

struct ReductionForgotten;

impl Steps for ReductionForgotten {
    fn add(&self, _width: Width, x: u64, y: u64) -> u64 {
        x.wrapping_add(y)
    }
}

struct SumSaturates;

impl Steps for SumSaturates {
    fn add(&self, width: Width, x: u64, y: u64) -> u64 {
        width.reduce(x.saturating_add(y))
    }
}

struct DifferenceWithoutSign;

impl Steps for DifferenceWithoutSign {
    fn subtract(&self, _width: Width, x: u64, y: u64) -> u64 {
        x.abs_diff(y)
    }
}

struct ProductNotReduced;

impl Steps for ProductNotReduced {
    fn multiply(&self, _width: Width, x: u64, y: u64) -> u64 {
        x.wrapping_mul(y)
    }
}

struct ProductInDoublePrecision;

impl Steps for ProductInDoublePrecision {
    fn multiply(&self, width: Width, x: u64, y: u64) -> u64 {
        let product = u128::from(x) * u128::from(y);
        let lost = (128 - product.leading_zeros()).saturating_sub(53);
        width.reduce(x.wrapping_mul(y) & u64::MAX.checked_shl(lost).unwrap_or(0))
    }
}

struct DecodeUnsigned;

impl Steps for DecodeUnsigned {
    fn decode(&self, _width: Width, x: u64) -> i64 {
        i64::try_from(x).unwrap_or(i64::MAX)
    }
}

struct DecodeSignAndMagnitude;

impl Steps for DecodeSignAndMagnitude {
    fn decode(&self, width: Width, x: u64) -> i64 {
        let magnitude = width.decode(x & (width.top_bit() - 1));
        if x & width.top_bit() == 0 { magnitude } else { -magnitude }
    }
}

struct EncodeWraps;

impl Steps for EncodeWraps {
    fn encode(&self, width: Width, x: i64) -> Result<u64, ValueError> {
        Ok(width.encode_wrapping(x))
    }
}

struct EncodeSymmetric;

impl Steps for EncodeSymmetric {
    fn encode(&self, width: Width, x: i64) -> Result<u64, ValueError> {
        match x == width.min_value() {
            true => Err(ValueError::DoesNotFit { value: x.to_string(), bits: width.bits() }),
            false => Right.encode(width, x),
        }
    }
}

struct PlanesTopFirst;

impl Steps for PlanesTopFirst {
    fn plane(&self, width: Width, x: u64, j: u32) -> bool {
        Right.plane(width, x, width.bits() - 1 - j)
    }
}

struct SharesByXor;

impl Steps for SharesByXor {
    fn add(&self, _width: Width, x: u64, y: u64) -> u64 {
        x ^ y
    }

    fn subtract(&self, _width: Width, x: u64, y: u64) -> u64 {
        x ^ y
    }
}
