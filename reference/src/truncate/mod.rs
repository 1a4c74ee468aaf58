//! Truncation: floor(x / 2^f), exact for every x, 0 <= f < k. [DS-TRUNC-1]
//!
//! This file is the statement and the plaintext semantics; [`ideal`] is F_Truncate, the others are the
//! real protocols.

pub mod fss;
pub mod fss_simulator;
pub mod garbled;
pub mod gmw;
pub mod gmw_simulator;
pub mod ideal;
pub mod ot;

use crate::values::{ValueError, Width};

/// floor(dec(x) / 2^f) on the ring. [DS-TRUNC-1]
///
/// # Errors
/// [`ValueError::Shift`] unless f < k.
pub fn truncate_ring(width: Width, x: u64, shift: u32) -> Result<u64, ValueError> {
    check_shift(width, shift)?;
    Ok(width.encode_wrapping(width.decode(x) >> shift))
}

/// floor(x / 2^f) on integers. [DS-TRUNC-1]
///
/// # Errors
/// [`ValueError::Shift`] unless f < k.
pub fn truncate_integer(width: Width, x: i64, shift: u32) -> Result<i64, ValueError> {
    check_shift(width, shift)?;
    Ok(x >> shift) // an arithmetic shift rounds towards minus infinity
}

/// Checks 0 <= f < k. [DS-TRUNC-1]
///
/// # Errors
/// [`ValueError::Shift`] unless f < k.
pub fn check_shift(width: Width, shift: u32) -> Result<(), ValueError> {
    if shift < width.bits() { Ok(()) } else { Err(ValueError::Shift { shift, bits: width.bits() }) }
}
