//! The ring width k, and two's complement on R_k.

use super::ValueError;

/// The width k of the ring R_k = Z / 2^k Z in bits, 2 <= k <= 64. [DS-VAL-1]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Width(u32);

impl Width {
    /// The smallest width.
    pub const MIN: Width = Width(2);
    /// The largest width.
    pub const MAX: Width = Width(64);

    /// The width of `bits` bits.
    ///
    /// # Errors
    /// [`ValueError::Width`] unless 2 <= bits <= 64.
    pub fn new(bits: u64) -> Result<Width, ValueError> {
        match u32::try_from(bits) {
            Ok(small) if (2..=64).contains(&small) => Ok(Width(small)),
            _ => Err(ValueError::Width { bits }),
        }
    }

    /// k, in bits.
    pub fn bits(self) -> u32 {
        self.0
    }

    /// 2^k - 1: the k low bits set.
    pub fn mask(self) -> u64 {
        u64::MAX >> (64 - self.0)
    }

    /// 2^(k-1): the top bit, as an element of R_k.
    pub fn top_bit(self) -> u64 {
        1 << (self.0 - 1)
    }

    /// The representative of `value` in R_k (its k low bits).
    pub fn reduce(self, value: u64) -> u64 {
        value & self.mask()
    }

    /// dec(x): the two's-complement value of x in R_k, in [-2^(k-1), 2^(k-1) - 1]. [DS-VAL-2]
    pub fn decode(self, x: u64) -> i64 {
        let unused = 64 - self.0;
        (x << unused).cast_signed() >> unused
    }

    /// The ring element of an integer that may exceed the range: its value modulo 2^k. [DS-VAL-2]
    pub fn encode_wrapping(self, value: i64) -> u64 {
        self.reduce(value.cast_unsigned())
    }

    /// Whether the integer lies in [-2^(k-1), 2^(k-1) - 1].
    pub fn contains(self, value: i64) -> bool {
        self.decode(self.encode_wrapping(value)) == value
    }

    /// The smallest integer of the range, -2^(k-1).
    pub fn min_value(self) -> i64 {
        self.decode(self.top_bit())
    }

    /// The largest integer of the range, 2^(k-1) - 1.
    pub fn max_value(self) -> i64 {
        self.decode(self.top_bit() - 1)
    }
}

impl std::fmt::Display for Width {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_outside_2_to_64_are_rejected() {
        for bits in [0, 1, 65, u64::MAX] {
            assert_eq!(Width::new(bits), Err(ValueError::Width { bits }));
        }
        assert_eq!(Width::new(2), Ok(Width::MIN));
        assert_eq!(Width::new(64), Ok(Width::MAX));
    }

    #[test]
    fn two_complement_at_the_extremes() {
        assert_eq!((Width::MIN.min_value(), Width::MIN.max_value()), (-2, 1));
        assert_eq!((Width::MAX.min_value(), Width::MAX.max_value()), (i64::MIN, i64::MAX));
        let all: Vec<i64> = (0..4).map(|x| Width::MIN.decode(x)).collect();
        assert_eq!(all, [0, 1, -2, -1]);
        assert_eq!(Width::MIN.encode_wrapping(-3), 1);
        assert!(!Width::MIN.contains(2) && Width::MIN.contains(-2));
    }
}
