//! The gate: the handle that a DReLU leaves behind, opened once and applied many times. [DS-GATE-1]
//!
//! ```text
//! DReLU_k(x)    = 1 if dec(x) >= 0 else 0                      (step convention `nonnegative`)
//! DReLU_k(x)    = the same of x - 1, which equals msb(-x)      (step convention `positive`)
//! apply(d, x)   = d * x
//! affine(d, x)  = (alpha * d + beta) * x
//! ```
//!
//! This file is the statement and the plaintext semantics; [`ideal`] is the reactive functionality F_DeepShare,
//! [`gmw`] and [`fss`] are the real protocols with a dealer, [`ot`] the one from oblivious transfers, [`garbled`] the one
//! from garbled circuits; [`masked`] is what `gmw` and `fss` share.

pub mod fss;
pub mod garbled;
pub mod gmw;
pub mod ideal;
pub mod masked;
pub mod masked_simulator;
pub mod ot;

use crate::plan::{AffineGate, StepConvention};
use crate::values::{ValueError, Width, integer};
use num_bigint::BigInt;

/// DReLU on the ring: total, with wrap-around. [DS-DRELU-1] [DS-DRELU-2]
pub fn drelu_ring(width: Width, step: StepConvention, x: u64) -> bool {
    match step {
        StepConvention::Nonnegative => width.decode(x) >= 0,
        StepConvention::Positive => width.decode(width.reduce(x.wrapping_sub(1))) >= 0,
    }
}

/// DReLU on integers: exact; under `positive`, x - 1 is a checkpoint. [DS-DRELU-3]
///
/// # Errors
/// [`ValueError::DoesNotFit`] if x - 1 does not fit, under `positive`.
pub fn drelu_integer(width: Width, step: StepConvention, x: i64) -> Result<bool, ValueError> {
    match step {
        StepConvention::Nonnegative => Ok(x >= 0),
        StepConvention::Positive => Ok(integer::checked(width, &(BigInt::from(x) - 1))? >= 0),
    }
}

/// (alpha * d + beta) * x on the ring. [DS-GATE-2]
pub fn affine_ring(width: Width, gate: AffineGate, bit: bool, x: u64) -> u64 {
    let alpha = width.encode_wrapping(gate.alpha);
    let beta = width.encode_wrapping(gate.beta);
    width.reduce(alpha.wrapping_mul(u64::from(bit)).wrapping_add(beta).wrapping_mul(x))
}

/// (alpha * d + beta) * x on integers; the result is a checkpoint, nothing in between is. [DS-GATE-2]
///
/// # Errors
/// [`ValueError::DoesNotFit`] if the result does not fit.
pub fn affine_integer(width: Width, gate: AffineGate, bit: bool, x: i64) -> Result<i64, ValueError> {
    let factor = BigInt::from(gate.alpha) * u8::from(bit) + gate.beta;
    integer::checked(width, &(factor * x))
}
