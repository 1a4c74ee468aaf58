//! The operations on values in which the two plaintext semantics differ.

use crate::gate::{affine_integer, affine_ring, drelu_integer, drelu_ring};
use crate::linear::linear_integer;
use crate::plan::{AffineGate, StepConvention};
use crate::truncate::{truncate_integer, truncate_ring};
use crate::values::integer::checked;
use crate::values::{LinearMap, ValueError, Width};
use num_bigint::BigInt;

/// What the two semantics differ in: the operations on values. A failing value is reported without its place, which the
/// walk adds; a linear layer reports which of its outputs failed.
pub(super) trait Semantics {
    type Value: Copy;
    fn encode(&self, value: i64) -> Result<Self::Value, ValueError>;
    fn linear(
        &self,
        map: &LinearMap,
        weights: &[Self::Value],
        bias: impl Fn(usize) -> Self::Value,
        x: &[Self::Value],
    ) -> Result<Vec<Self::Value>, (usize, ValueError)>;
    fn add(&self, x: Self::Value, y: Self::Value) -> Result<Self::Value, ValueError>;
    fn truncate(&self, x: Self::Value, shift: u32) -> Result<Self::Value, ValueError>;
    fn drelu(&self, step: StepConvention, x: Self::Value) -> Result<bool, ValueError>;
    fn affine(&self, gate: AffineGate, bit: bool, x: Self::Value) -> Result<Self::Value, ValueError>;
}

/// The integer semantics over k bits: every result is a checkpoint.
pub(super) struct Integers(pub Width);

impl Semantics for Integers {
    type Value = i64;

    fn encode(&self, value: i64) -> Result<i64, ValueError> {
        checked(self.0, &BigInt::from(value))
    }

    fn linear(
        &self,
        map: &LinearMap,
        weights: &[i64],
        bias: impl Fn(usize) -> i64,
        x: &[i64],
    ) -> Result<Vec<i64>, (usize, ValueError)> {
        let sums = linear_integer(map, weights, x).map_err(|error| (0, error))?;
        let sums = sums.into_iter().enumerate();
        sums.map(|(i, sum)| checked(self.0, &(sum + bias(i))).map_err(|error| (i, error))).collect()
    }

    fn add(&self, x: i64, y: i64) -> Result<i64, ValueError> {
        checked(self.0, &(BigInt::from(x) + y))
    }

    fn truncate(&self, x: i64, shift: u32) -> Result<i64, ValueError> {
        truncate_integer(self.0, x, shift)
    }

    fn drelu(&self, step: StepConvention, x: i64) -> Result<bool, ValueError> {
        drelu_integer(self.0, step, x)
    }

    fn affine(&self, gate: AffineGate, bit: bool, x: i64) -> Result<i64, ValueError> {
        affine_integer(self.0, gate, bit, x)
    }
}

/// The ring semantics over R_k: total.
pub(super) struct OnRing(pub Width);

impl Semantics for OnRing {
    type Value = u64;

    fn encode(&self, value: i64) -> Result<u64, ValueError> {
        Ok(self.0.encode_wrapping(value))
    }

    fn linear(
        &self,
        map: &LinearMap,
        weights: &[u64],
        bias: impl Fn(usize) -> u64,
        x: &[u64],
    ) -> Result<Vec<u64>, (usize, ValueError)> {
        let mut sums: Vec<u64> = (0..map.outputs()).map(bias).collect();
        map.accumulate(&mut sums, weights, x, |sum, &w, &x| *sum = sum.wrapping_add(w.wrapping_mul(x)));
        Ok(sums.into_iter().map(|sum| self.0.reduce(sum)).collect())
    }

    fn add(&self, x: u64, y: u64) -> Result<u64, ValueError> {
        Ok(self.0.reduce(x.wrapping_add(y)))
    }

    fn truncate(&self, x: u64, shift: u32) -> Result<u64, ValueError> {
        truncate_ring(self.0, x, shift)
    }

    fn drelu(&self, step: StepConvention, x: u64) -> Result<bool, ValueError> {
        Ok(drelu_ring(self.0, step, x))
    }

    fn affine(&self, gate: AffineGate, bit: bool, x: u64) -> Result<u64, ValueError> {
        Ok(affine_ring(self.0, gate, bit, x))
    }
}
