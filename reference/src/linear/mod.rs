//! Linear layers: y = map(W, x) for weights W that only the server knows.
//!
//! [`LinearMap`] is the statement: a bilinear map given by its terms. This file has its plaintext semantics; [`ideal`]
//! is F_Linear, [`gmw`] the real protocol.

pub mod dealt_simulator;
pub mod gmw;
pub mod ideal;
pub mod ot;

use crate::values::integer::ExactSum;
use crate::values::{LinearMap, ValueError};
use num_bigint::BigInt;

/// map(W, x) for one input, on integers: whole sums, unchecked; the caller adds the bias and checks. [DS-INT-2]
///
/// # Errors
/// [`ValueError::Length`] if weights or input do not match the map.
pub fn linear_integer(map: &LinearMap, weights: &[i64], input: &[i64]) -> Result<Vec<BigInt>, ValueError> {
    if weights.len() != map.weights() {
        return Err(ValueError::Length { left: weights.len(), right: map.weights() });
    }
    map.check_batch(input.len(), 1)?;
    let mut sums = vec![ExactSum::default(); map.outputs()];
    map.accumulate(&mut sums, weights, input, |sum, &w, &x| sum.add_product(w, x));
    Ok(sums.iter().map(ExactSum::total).collect())
}
