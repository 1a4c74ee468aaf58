//! The tree of pairs that finds a carry. [DS-CARRY-1]

use super::{Pair, Steps};

/// g = a and b, p = a xor b.
pub fn leaf(a: bool, b: bool) -> Pair {
    (a & b, a ^ b)
}

/// (g_hi xor p_hi g_lo, p_hi p_lo).
pub fn node(high: Pair, low: Pair) -> Pair {
    (high.0 ^ (high.1 & low.0), high.1 & low.1)
}

/// One level up: neighbours are paired from the low end, and the highest pair waits where the number is odd. The level is counted from 1.
pub fn next_level(steps: &dyn Steps, level: usize, pairs: &[Pair]) -> Vec<Pair> {
    let up = pairs.chunks(2).filter_map(|chunk| match *chunk {
        [low, high] => Some(steps.node(level, high, low)),
        [pair] => Some(steps.waiting(level, pair)),
        _ => None,
    });
    up.collect()
}

#[cfg(test)]
mod tests {
    use super::{Pair, node};

    /// Of any pairs, also of those that no bits have.
    #[test]
    fn a_node_is_its_formula() {
        let pairs: [Pair; 4] = [(false, false), (false, true), (true, false), (true, true)];
        for (high, low) in pairs.iter().flat_map(|high| pairs.map(|low| (*high, low))) {
            assert_eq!(node(high, low), (high.0 != (high.1 && low.0), high.1 && low.1), "{high:?} {low:?}");
        }
    }
}
