//! The parts of a comparison of the backend `ot`, counted from the protocol's description. [DS-OT-20] [DS-OT-23]
#![allow(dead_code)] // Each test file uses a part of it.

use deepshare_reference::party::Role;
use deepshare_reference::primitives::ideal::Leakage;

/// The leaves and nodes of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// For each block its positions and the bits of its messages.
    pub leaves: Vec<(usize, usize)>,
    /// Nodes with two products.
    pub double: usize,
    /// Nodes with one product.
    pub single: usize,
    /// Levels of nodes.
    pub levels: usize,
}

/// ceil(log2 n).
pub fn ceil_log2(n: usize) -> usize {
    (0..).find(|&log| 1 << log >= n).unwrap()
}

/// Blocks of four positions, the last one short; the lowest block of a comparison has one bit, all others two.
fn blocks(positions: usize, lowest: bool) -> Vec<(usize, usize)> {
    let block = |start: usize| ((positions - start).min(4), if lowest && start == 0 { 1 } else { 2 });
    (0..positions).step_by(4).map(block).collect()
}

/// The carry out of `positions` positions: on each level the lowest node has one product, the others have two.
pub fn one_carry(positions: usize) -> Comparison {
    let leaves = blocks(positions, true);
    let (nodes, levels) = (leaves.len() - 1, ceil_log2(leaves.len()));
    Comparison { double: nodes - levels, single: levels, levels, leaves }
}

/// The carries out of `low` positions and, with `high` more above them, out of all: two trees, and a node that joins them.
pub fn two_carries(low: usize, high: usize) -> Comparison {
    let mut both = one_carry(low);
    let above = blocks(high, false);
    both.double += above.len() - 1;
    both.single += 1;
    both.levels = both.levels.max(ceil_log2(above.len())) + 1;
    both.leaves.extend(above);
    both
}

impl Comparison {
    /// 1-of-N OTs on `lanes` elements: choice bits, message bits and their number; nodes with one product come in pairs.
    pub fn transfers(&self, lanes: usize) -> Vec<(usize, usize, usize)> {
        let mut all: Vec<_> = self.leaves.iter().map(|&(positions, bits)| (positions, bits, lanes)).collect();
        let triples = [(3, 2, self.double * lanes), (4, 2, (self.single * lanes).div_ceil(2))];
        all.extend(triples.into_iter().filter(|(_, _, lanes)| *lanes > 0));
        all
    }

    /// What F_OT leaks of it, and F_COT of COTs that are prepared along with it.
    pub fn leaks(&self, lanes: usize, cots: &[(Role, usize)]) -> Vec<Leakage> {
        let transfer =
            |(choice, bits, lanes): (usize, usize, usize)| Leakage::Transfer { choices: 1 << choice, bits, lanes };
        let prepare = |&(receiver, count): &(Role, usize)| Leakage::Prepare { receiver, count };
        self.transfers(lanes).into_iter().map(transfer).chain(cots.iter().map(prepare)).collect()
    }
}

/// What F_OT and F_COT leak when `gates` gates are opened at width k.
pub fn leaks_of_opening(k: usize, gates: usize) -> Vec<Leakage> {
    one_carry(k - 1).leaks(gates, &[(Role::Client, gates), (Role::Server, gates)])
}

/// What F_COT leaks when gates serve elements.
pub fn leaks_of_serving(elements: usize) -> Vec<Leakage> {
    [Role::Client, Role::Server].map(|receiver| Leakage::Correlate { receiver, elements }).to_vec()
}

/// What F_OT and F_COT leak when `elements` elements are truncated by `shift` bits at width k.
pub fn leaks_of_truncation(k: usize, shift: usize, elements: usize) -> Vec<Leakage> {
    if shift == 0 {
        return Vec::new();
    }
    let mut leaks = two_carries(shift, k - shift).leaks(elements, &[(Role::Client, 2 * elements)]);
    leaks.push(Leakage::Correlate { receiver: Role::Client, elements: 2 * elements });
    leaks
}

/// What F_COT leaks of a linear layer at width k: COTs on every bit of the client's share, then their use, bit by bit.
pub fn leaks_of_linear(k: usize, inputs: usize, terms: usize) -> Vec<Leakage> {
    let prepare = Leakage::Prepare { receiver: Role::Client, count: inputs };
    let correlate = Leakage::Correlate { receiver: Role::Client, elements: terms };
    [vec![prepare; k], vec![correlate; k]].concat()
}
