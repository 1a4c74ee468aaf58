//! Exact sums, and what they mean in the two semantics.

use crate::vectors::types::Semantics;
use deepshare_reference::values::integer::{ExactSum, checked};
use deepshare_reference::values::{ValueError, Width};

/// One of the two semantics over a ring width. In both, a value is an integer in [-2^(k-1), 2^(k-1) - 1].
#[derive(Clone, Copy, Debug)]
pub struct Meaning {
    /// k.
    pub width: Width,
    /// Which semantics.
    pub semantics: Semantics,
}

impl Meaning {
    /// The element that stands for an integer, taken modulo 2^k. [DS-VAL-2]
    pub fn element(self, x: i64) -> u64 {
        self.width.encode_wrapping(x)
    }

    /// An exact sum as a value. [DS-INT-1]
    ///
    /// # Errors
    /// On integers [`ValueError::DoesNotFit`].
    pub fn value(self, sum: &ExactSum) -> Result<i64, ValueError> {
        match self.semantics {
            Semantics::Ring => Ok(self.reduced(sum)),
            Semantics::Integer => checked(self.width, &sum.total()),
        }
    }

    /// dec of an exact sum modulo 2^k.
    pub fn reduced(self, sum: &ExactSum) -> i64 {
        const ALL: i128 = 1 << 64;
        // the remainder lies in (-2^64, 2^64), so both conversions succeed
        let rest = i128::try_from(sum.total() % ALL).unwrap_or(0);
        self.width.decode(u64::try_from(rest.rem_euclid(ALL)).unwrap_or(0))
    }
}

/// The sum of products, and a bias.
pub(super) fn exact(products: &[(i64, i64)], bias: i64) -> ExactSum {
    let mut sum = ExactSum::default();
    products.iter().for_each(|&(w, x)| sum.add_product(w, x));
    sum.add(i128::from(bias));
    sum
}

/// Two lengths that must agree.
///
/// # Errors
/// [`ValueError::Length`] if they do not.
pub fn same_length(left: usize, right: usize) -> Result<(), ValueError> {
    if left == right { Ok(()) } else { Err(ValueError::Length { left, right }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_reduced_and_checked_whatever_their_size() {
        let products = [(i64::MIN, i64::MIN); 5];
        for bits in [2, 8, 63, 64] {
            let width = Width::new(bits).unwrap();
            let ring = Meaning { width, semantics: Semantics::Ring };
            assert_eq!(ring.value(&exact(&products, -1)).unwrap(), -1, "5 * 2^126 is 0 modulo 2^{bits}");
            assert_eq!(ring.value(&exact(&[(-1, 1)], 0)).unwrap(), -1);
            assert_eq!(ring.value(&exact(&[(1, width.max_value())], 1)).unwrap(), width.min_value());
            let integers = Meaning { width, semantics: Semantics::Integer };
            assert!(integers.value(&exact(&[(1, width.max_value())], 1)).is_err());
            assert_eq!(integers.value(&exact(&[(1, width.min_value())], 0)).unwrap(), width.min_value());
        }
    }
}
