//! Exact, unbounded integers and the check that they fit the ring.

use super::{ValueError, Width};
use num_bigint::BigInt;

/// A checkpoint: the integer, if it fits k bits in two's complement. [DS-INT-1]
///
/// # Errors
/// [`ValueError::DoesNotFit`] if it does not.
pub fn checked(width: Width, value: &BigInt) -> Result<i64, ValueError> {
    match i64::try_from(value) {
        Ok(small) if width.contains(small) => Ok(small),
        _ => Err(ValueError::DoesNotFit { value: value.to_string(), bits: width.bits() }),
    }
}

/// An exact sum of products of 64-bit integers.
///
/// It adds in 128 bits and moves to an unbounded integer just before that would overflow, so that no partial sum is
/// ever rounded, wrapped or checked: only the whole sum passes a checkpoint. [DS-INT-2]
#[derive(Clone, Debug, Default)]
pub struct ExactSum {
    small: i128,
    large: BigInt,
}

impl ExactSum {
    /// Adds a * b.
    pub fn add_product(&mut self, a: i64, b: i64) {
        self.add(i128::from(a) * i128::from(b)); // at most 2^126 in magnitude
    }

    /// Adds a value.
    pub fn add(&mut self, value: i128) {
        match self.small.checked_add(value) {
            Some(sum) => self.small = sum,
            None => {
                self.large += self.small;
                self.small = value;
            }
        }
    }

    /// The whole sum.
    pub fn total(&self) -> BigInt {
        &self.large + self.small
    }
}

/// ceil(log2 n), and 0 for n = 0: the depth of a binary tree over n leaves.
pub fn ceil_log2(n: u32) -> u32 {
    n.max(1).next_power_of_two().trailing_zeros()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_stay_exact_past_128_bits() {
        let mut sum = ExactSum::default();
        for _ in 0..10 {
            sum.add_product(i64::MIN, i64::MIN);
        }
        assert_eq!(sum.total(), BigInt::from(10) << 126);
        for _ in 0..10 {
            sum.add_product(i64::MIN, i64::MAX);
        }
        assert_eq!(sum.total(), BigInt::from(10) << 63);
    }

    #[test]
    fn checkpoints_accept_exactly_the_range() {
        for width in [Width::MIN, Width::MAX] {
            let (low, high) = (BigInt::from(width.min_value()), BigInt::from(width.max_value()));
            assert_eq!(checked(width, &low), Ok(width.min_value()));
            assert_eq!(checked(width, &high), Ok(width.max_value()));
            let above: BigInt = high + 1;
            let error = ValueError::DoesNotFit { value: above.to_string(), bits: width.bits() };
            assert_eq!(checked(width, &above), Err(error));
            assert!(checked(width, &(low - 1)).is_err());
        }
    }

    #[test]
    fn ceiling_of_the_binary_logarithm() {
        let expected = [(0, 0), (1, 0), (2, 1), (3, 2), (4, 2), (5, 3), (31, 5), (32, 5), (63, 6), (64, 6)];
        for (n, log) in expected {
            assert_eq!(ceil_log2(n), log, "{n}");
        }
    }
}
