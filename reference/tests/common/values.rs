//! Values for tests: elements at the boundaries of the ring, splits into shares, an independent reading of two's
//! complement.
#![allow(dead_code)] // Each test file uses a part of it.

use deepshare_reference::party::xof::Seed;
use deepshare_reference::values::{Ring, RingVector, Width};
use proptest::prelude::*;

/// Integers that become boundary values of whatever ring they are fitted to; the rest is small or anything.
pub fn any_raw() -> impl Strategy<Value = i64> {
    let boundary = [0, 1, -1, 2, -2, i64::MIN, i64::MIN + 1, i64::MAX];
    prop_oneof![4 => proptest::sample::select(boundary.to_vec()), 3 => -20_i64..=20, 1 => any::<i64>()]
}

/// An integer of the width: the 64-bit boundaries become those of the width, other values wrap.
pub fn fit(width: Width, raw: i64) -> i64 {
    let half = 1_i128 << (width.bits() - 1);
    let value = match raw {
        i64::MIN => -half,
        n if n == i64::MIN + 1 => -half + 1,
        i64::MAX => half - 1,
        other => (i128::from(other) + half).rem_euclid(2 * half) - half,
    };
    i64::try_from(value).unwrap()
}

/// The boundary values of a width: 0, 1, -1, 2, -2, the smallest two and the largest.
pub fn boundaries(width: Width) -> Vec<i64> {
    [0, 1, -1, 2, -2, i64::MIN, i64::MIN + 1, i64::MAX].map(|raw| fit(width, raw)).to_vec()
}

/// The width of `bits` bits.
pub fn width(bits: u64) -> Width {
    Width::new(bits).unwrap()
}

/// dec(x), independently of the crate: by comparison with 2^(k-1), in 128 bits.
pub fn signed(width: Width, x: u64) -> i128 {
    let (x, modulus) = (i128::from(x), 1_i128 << width.bits());
    if 2 * x >= modulus { x - modulus } else { x }
}

/// The representative of an integer, independently of the crate.
pub fn unsigned(width: Width, x: i128) -> u64 {
    u64::try_from(x.rem_euclid(1_i128 << width.bits())).unwrap()
}

/// The vector of integers, each modulo 2^k.
pub fn ring(width: Width, integers: &[i64]) -> Ring {
    Ring::new(width, integers.iter().map(|&x| unsigned(width, i128::from(x))).collect())
}

/// One step of a small generator, for data whose only purpose is to be irregular.
pub fn mix(seed: u64) -> u64 {
    let z = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Shares of a vector: the server's are 0, -1, x or 2^(k-1) for the seeds 0 to 3, else irregular.
pub fn split(x: &Ring, seed: u64) -> [Ring; 2] {
    let width = x.width();
    let share = |(i, &x): (usize, &u64)| match seed {
        0 => 0,
        1 => u64::MAX,
        2 => x,
        3 => 1 << (width.bits() - 1),
        _ => mix(seed ^ mix(i as u64)),
    };
    let server = Ring::new(width, x.elements().iter().enumerate().map(share).collect());
    let client = x.sub(&server).unwrap();
    [server, client]
}

/// A seed of a split; the special ones are over-weighted.
pub fn any_split() -> impl Strategy<Value = u64> {
    prop_oneof![1 => 0_u64..4, 2 => any::<u64>()]
}

/// A seed of the coins.
pub fn any_seed() -> impl Strategy<Value = Seed> {
    any::<[u8; 32]>().prop_map(Seed)
}

/// A number of cases, or fewer if `PROPTEST_CASES` says so; a failing case is printed, not kept in a file.
pub fn cases(cases: u32) -> ProptestConfig {
    let most = std::env::var("PROPTEST_CASES").ok().and_then(|most| most.parse().ok()).unwrap_or(u32::MAX);
    ProptestConfig { cases: cases.min(most), failure_persistence: None, ..ProptestConfig::default() }
}
