//! The tree of a comparison key: G and L, correction words, and nodes. [DS-FSS-2] [DS-FSS-3]

use super::input::xof;
use crate::steps::protocol::{Correction, HashLabel, KeyForm, Node, Preimage, ProtocolSteps};
use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::{Role, SessionId};
use deepshare_reference::values::bits::{BitReader, BitWriter, words_from_bytes};

/// What G and L depend on besides the node. [DS-FSS-2]
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) steps: &'a dyn ProtocolSteps,
    pub(super) form: KeyForm,
    pub(super) session: SessionId,
    pub(super) number: u64,
    pub(super) payload: usize,
}

/// A child of a node: the node, and masks.
pub(super) struct Child {
    pub(super) node: Node,
    pub(super) masks: Vec<u64>,
}

impl Place<'_> {
    /// G: the left child and the right one. [DS-FSS-2]
    pub(super) fn children(&self, level: u32, parent: u128) -> [Child; 2] {
        let words = self.stretch("children", level, parent, 2 * (129 + self.mask_bits()));
        let mut reader = BitReader::at(&words, 0);
        [(); 2].map(|()| {
            let (seed, bit) = (number(&mut reader), reader.take(1) == 1);
            Child { node: Node { seed, bit }, masks: self.read(&mut reader) }
        })
    }

    /// L: the masks of a leaf. [DS-FSS-2]
    pub(super) fn leaf(&self, node: u128) -> Vec<u64> {
        let words = self.stretch("leaf", self.form.bits, node, self.mask_bits());
        self.read(&mut BitReader::at(&words, 0))
    }

    fn stretch(&self, purpose: &'static str, level: u32, node: u128, bits: usize) -> Vec<u64> {
        let mut seed = Seed([0; 32]);
        seed.0.iter_mut().zip(node.to_le_bytes()).for_each(|(byte, of_node)| *byte = of_node);
        let label = HashLabel { protocol: "dcf".into(), party: Role::Trusted, purpose: purpose.into() };
        let context = [&self.session.0[..], &self.number.to_le_bytes()].concat();
        let preimage = Preimage { label, seed, context, counter: level.into(), length: bits.div_ceil(8) };
        let bytes = xof(self.steps, &preimage);
        words_from_bytes(&bytes, bytes.len() * 8).unwrap_or_default()
    }

    fn mask_bits(&self) -> usize {
        self.payload * self.form.width.bits() as usize
    }

    pub(super) fn read(&self, reader: &mut BitReader<'_>) -> Vec<u64> {
        (0..self.payload).map(|_| reader.take(self.form.width.bits())).collect()
    }

    /// (-1)^t_1 (masks of P1 - masks of P0 - V + below). [DS-FSS-3]
    fn correct(
        &self,
        [v0, v1]: [&[u64]; 2],
        difference: &[u64],
        below: &[u64],
        negative: bool,
        last: bool,
    ) -> Vec<u64> {
        let below = below.iter().copied().chain(std::iter::repeat(0));
        let all = v0.iter().zip(v1).zip(difference).zip(below);
        all.map(|(((v0, v1), difference), below)| {
            let value = v1.wrapping_sub(*v0).wrapping_sub(*difference).wrapping_add(below);
            self.steps.correct(self.form, value, negative, last)
        })
        .collect()
    }

    /// A node of the next level. [DS-FSS-4]
    pub(super) fn next(&self, parent: Node, child: Node, correction: &Correction, right: bool) -> Node {
        match parent.bit {
            false => child,
            true => Node { seed: child.seed ^ correction.seed, bit: child.bit ^ self.steps.side(correction, right) },
        }
    }

    /// The correction words, and the last correction. [DS-FSS-3]
    pub(super) fn generate(&self, alpha: u64, beta: &[u64], roots: [u128; 2]) -> (Vec<Correction>, Vec<u64>) {
        let [server, client] = roots;
        let mut nodes = [Node { seed: server, bit: false }, Node { seed: client, bit: true }];
        let mut difference = vec![0; beta.len()];
        let mut words = Vec::new();
        for level in 0..self.form.bits {
            let bit = self.steps.compared_bit(self.form, alpha, level);
            let [[left0, right0], [left1, right1]] = nodes.map(|node| self.children(level, node.seed));
            let (left, right) = ([left0, left1], [right0, right1]);
            let [t_left, t_right] = [&left, &right].map(|[c0, c1]| c0.node.bit ^ c1.node.bit);
            let (keep, lose) = if bit { (right, left) } else { (left, right) };
            let ([_, Node { bit: negative, .. }], [lose0, lose1]) = (nodes, &lose);
            let below = if bit { beta } else { &[] };
            let masks = self.correct([&lose0.masks, &lose1.masks], &difference, below, negative, false);
            let seed = lose0.node.seed ^ lose1.node.seed;
            let word = Correction { seed, left: t_left ^ bit ^ true, right: t_right ^ bit, masks };
            self.add(&mut difference, &keep, &word.masks, negative);
            let [keep0, keep1] = &keep;
            let [node0, node1] = nodes;
            nodes = [self.next(node0, keep0.node, &word, bit), self.next(node1, keep1.node, &word, bit)];
            words.push(word);
        }
        let [leaf0, leaf1] = nodes.map(|node| self.leaf(node.seed));
        let [_, Node { bit: negative, .. }] = nodes;
        let last = self.correct([&leaf0, &leaf1], &difference, &[], negative, true);
        (words, last)
    }

    /// V becomes V + v_0^keep - v_1^keep + (-1)^t_1 v'. [DS-FSS-3]
    fn add(&self, difference: &mut [u64], [keep0, keep1]: &[Child; 2], word: &[u64], negative: bool) {
        let masks = keep0.masks.iter().zip(&keep1.masks).zip(word);
        for (difference, ((v0, v1), word)) in difference.iter_mut().zip(masks) {
            let word = if negative { word.wrapping_neg() } else { *word };
            *difference = difference.wrapping_add(*v0).wrapping_sub(*v1).wrapping_add(word);
        }
    }
}

/// 128 bits, the lowest first.
pub(super) fn number(reader: &mut BitReader<'_>) -> u128 {
    let low = u128::from(reader.take(64));
    low + (u128::from(reader.take(64)) << 64)
}

pub(super) fn write(number: u128, key: &mut BitWriter) {
    let [low, high] = [number, number >> 64].map(|half| u64::try_from(half & u128::from(u64::MAX)).unwrap_or(0));
    key.push(low, 64);
    key.push(high, 64);
}
