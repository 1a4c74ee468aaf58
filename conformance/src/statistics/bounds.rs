//! Tests on samples of bits, with bounds that hold for every sample size: no limit theorem is used.
//!
//! ```text
//! one sample   n fair coins give more or fewer than q n ones with probability at most 2 exp(-n D(q, 1/2))    Chernoff
//!              N uniform bytes give a value more or less often than q N:   256 * 2 exp(-N D(q, 1/256))    and union
//! two samples  means of n and m bits of one distribution differ by t:      2 exp(-2 t^2 / (1/n + 1/m))      Hoeffding
//! ```
//! D(q, p) = q ln(q/p) + (1-q) ln((1-q)/(1-p)). A test raises an alarm if its bound is below its level; so a false alarm is
//! at most as probable as the level. All tests together have the level 2^-40, divided evenly (union bound).

/// -log2 of the probability of a false alarm, of all tests together.
pub const LEVEL: f64 = 40.0;

/// How surprising a sample is: -log2 of a bound on the probability that a sample without defect is as extreme.
pub type Surprise = f64;

/// Bits in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bits(Vec<bool>);

impl Bits {
    /// The `len` low bits of bytes, the lowest bit of the first byte first.
    pub fn from_bytes(bytes: &[u8], len: usize) -> Bits {
        Bits(bytes.iter().flat_map(|byte| (0..8).map(move |bit| byte >> bit & 1 == 1)).take(len).collect())
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The bits in order.
    pub fn iter(&self) -> impl Iterator<Item = bool> {
        self.0.iter().copied()
    }

    /// Appends others.
    pub fn extend(&mut self, others: &Bits) {
        self.0.extend(&others.0);
    }

    /// The xor of each bit with the one `lag` later. Of uniform bits it is uniform again: the map has full rank.
    pub fn lagged(&self, lag: usize) -> Bits {
        Bits(self.0.iter().zip(self.0.iter().skip(lag)).map(|(a, b)| a ^ b).collect())
    }

    /// The xor with others, as far as both go.
    pub fn xor(&self, others: &Bits) -> Bits {
        Bits(self.0.iter().zip(&others.0).map(|(a, b)| a ^ b).collect())
    }

    /// Every `stride`-th bit from `start` on.
    pub fn column(&self, start: usize, stride: usize) -> Bits {
        Bits(self.0.iter().skip(start).step_by(stride.max(1)).copied().collect())
    }

    fn ones(&self) -> usize {
        self.0.iter().filter(|bit| **bit).count()
    }

    /// How often each byte occurs, bits taken eight at a time.
    fn bytes(&self) -> [usize; 256] {
        let mut counts = [0; 256];
        for chunk in self.0.chunks_exact(8) {
            let value = chunk.iter().rev().fold(0_usize, |value, bit| value << 1 | usize::from(*bit));
            if let Some(count) = counts.get_mut(value) {
                *count += 1;
            }
        }
        counts
    }
}

impl FromIterator<bool> for Bits {
    fn from_iter<I: IntoIterator<Item = bool>>(bits: I) -> Bits {
        Bits(bits.into_iter().collect())
    }
}

#[allow(clippy::cast_precision_loss, reason = "samples have fewer than 2^52 bits")]
fn real(count: usize) -> f64 {
    count as f64
}

/// D(q, p) in nats.
fn divergence(q: f64, p: f64) -> f64 {
    let part = |q: f64, p: f64| if q == 0.0 { 0.0 } else { q * (q / p).ln() };
    part(q, p) + part(1.0 - q, 1.0 - p)
}

/// -log2(events * exp(-exponent)), not below 0.
fn surprise(exponent: f64, events: f64) -> Surprise {
    ((exponent - events.ln()) / std::f64::consts::LN_2).max(0.0)
}

/// Whether as many ones as zeros: monobit. On [`Bits::lagged`] it is a serial test.
pub fn balance(bits: &Bits) -> Surprise {
    if bits.is_empty() {
        return 0.0;
    }
    let n = real(bits.len());
    surprise(n * divergence(real(bits.ones()) / n, 0.5), 2.0)
}

/// Whether all 256 bytes are equally frequent.
pub fn bytes(bits: &Bits) -> Surprise {
    let n = real(bits.len() / 8);
    if n == 0.0 {
        return 0.0;
    }
    let worst = bits.bytes().into_iter().map(|count| divergence(real(count) / n, 1.0 / 256.0)).fold(0.0, f64::max);
    surprise(n * worst, 512.0)
}

/// Whether two samples have as many ones.
pub fn same(a: &Bits, b: &Bits) -> Surprise {
    if a.is_empty() || b.is_empty() {
        return if a.len() == b.len() { 0.0 } else { f64::INFINITY };
    }
    let (n, m) = (real(a.len()), real(b.len()));
    let t = real(a.ones()) / n - real(b.ones()) / m;
    surprise(2.0 * t * t / (1.0 / n + 1.0 / m), 2.0)
}

/// A |bias| of a coin, q - 1/2, that suffices for an alarm of [`balance`] for `bits` bits at a level of 2^-level, for
/// the sample that is expected: by Pinsker's inequality n 2 bias^2 is at most n D.
pub fn sufficient_bias(bits: usize, level: f64) -> f64 {
    ((level + 1.0) * std::f64::consts::LN_2 / (2.0 * real(bits.max(1)))).sqrt()
}

/// Each test's level in bits, so that `tests` tests together have [`LEVEL`].
pub fn level_of_each(tests: usize) -> f64 {
    LEVEL + real(tests.max(1)).log2()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// P(ones = n or 0) = 2^(1-n): the bound is exact at the ends; and never surprised by balance.
    #[test]
    fn bounds_are_exact_where_they_can_be_computed() {
        let all = |n: usize, bit: bool| Bits(vec![bit; n]);
        for bit in [false, true] {
            assert!((balance(&all(100, bit)) - 99.0).abs() < 1e-9);
            assert!((bytes(&all(80, bit)) - (80.0 - 9.0)).abs() < 1e-9, "ten bytes that are alike");
        }
        assert!(balance(&(0..100).map(|i| i % 2 == 0).collect()) < 1e-9);
        assert!(same(&all(5, true), &all(9, true)) < 1e-9);
        assert!(same(&all(0, true), &all(9, true)).is_infinite(), "one sample is missing");
    }

    /// Against the exact tail of the binomial distribution, n = 40: the bound on the surprise is never above it.
    #[test]
    fn the_bound_is_a_bound() {
        let n = 40_usize;
        let mut row = vec![1.0_f64];
        for _ in 0..n {
            let next = (0..=row.len()).map(|i| {
                let at = |i: Option<usize>| i.and_then(|i| row.get(i)).copied().unwrap_or(0.0);
                (at(i.checked_sub(1)) + at(Some(i))) / 2.0
            });
            row = next.collect();
        }
        for ones in 0..=n {
            let bits: Bits = (0..n).map(|i| i < ones).collect();
            let far = ones.abs_diff(n / 2);
            let tail: f64 = row.iter().enumerate().filter(|(i, _)| i.abs_diff(n / 2) >= far).map(|(_, p)| p).sum();
            assert!(balance(&bits) <= -tail.log2() + 1e-9, "{ones} ones");
        }
    }

    #[test]
    fn lags_columns_and_bytes_are_what_they_say() {
        let bits = Bits::from_bytes(&[0b0000_0101, 0xff], 12);
        assert_eq!(bits.len(), 12);
        assert_eq!(bits.lagged(8), Bits(vec![false, true, false, true]));
        assert_eq!(bits.column(2, 4), Bits(vec![true, false, true]));
        assert_eq!((bits.bytes()[5], bits.bytes().iter().sum::<usize>()), (1, 1));
    }

    /// A sample as long as `sufficient_bias` says is caught at that bias, and not at half of it.
    #[test]
    fn a_sufficient_bias_is_caught() {
        for n in [10_000_usize, 100_000] {
            let with = |bias: f64| {
                let ones = (real(n) * (0.5 + bias)).round();
                balance(&(0..n).map(|i| real(i) < ones).collect())
            };
            let least = sufficient_bias(n, 50.0);
            assert!(with(least * 1.01) > 50.0 && with(least / 2.0) < 50.0, "{n}");
        }
    }
}
