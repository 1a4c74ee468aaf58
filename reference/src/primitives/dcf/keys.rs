//! One key: generation and evaluation, on concrete bits. [DS-FSS-2] to [DS-FSS-5]
//!
//! ```text
//! A node of a binary tree has a seed s and a bit t, for each party. The path of alpha is the one on which the parties'
//! s differ and their t differ; off it both are equal, and what the parties add up from there cancels.
//!
//! G(s)      -> for each side, left and right: a child's seed, its bit, and a mask v over R_w for each payload element
//! L(s)      -> for a leaf: a mask for each payload element
//! level i   correction word (s', t'_left, t'_right, v'): whoever has t = 1 adds it to what G gives
//!           alpha_i = 1: the left child leaves the path, to smaller x: v' makes the masks differ there by beta
//!           alpha_i = 0: the right child leaves the path, to larger x: v' makes them cancel there
//! the end   alpha itself is not below alpha: a last correction makes the sum 0 there
//! ```

use super::{Form, SEED_BITS};
use crate::party::xof::{Label, Seed, xof};
use crate::party::{Role, SessionId};
use crate::values::Width;
use crate::values::bits::{BitReader, BitWriter, wide, words_from_bytes};

/// The version of the key format. [DS-FSS-5]
pub const VERSION: u8 = 1;

const CHILDREN: Label = Label { protocol: "dcf", party: Role::Trusted, purpose: "children" };
const LEAF: Label = Label { protocol: "dcf", party: Role::Trusted, purpose: "leaf" };

/// Where a key's hashes belong: no two keys share an input. [DS-FSS-6]
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The session.
    pub session: SessionId,
    /// The number of the key in the session.
    pub number: u64,
}

/// A party's node: its seed and its bit.
#[derive(Clone, Copy)]
struct Node {
    seed: u128,
    bit: bool,
}

/// What G gives for one side: a child, and masks. [DS-FSS-2]
struct Child {
    node: Node,
    masks: Vec<u64>,
}

/// The size of a payload.
#[derive(Clone, Copy)]
struct Payload {
    width: Width,
    len: usize,
}

/// A correction word.
struct Correction {
    seed: u128,
    left: bool,
    right: bool,
    masks: Vec<u64>,
}

impl Place {
    /// G: the left child and the right one. Each is read like everything packed: 128 bits of seed, one bit, and the
    /// masks. [DS-FSS-2]
    fn children(&self, level: u64, parent: u128, payload: Payload) -> [Child; 2] {
        let words = self.stretch(CHILDREN, level, parent, 2 * (SEED_BITS as usize + 1 + payload.bits()));
        let mut reader = BitReader::at(&words, 0);
        [(); 2].map(|()| {
            let node = Node { seed: seed_from(&mut reader), bit: reader.take(1) == 1 };
            Child { node, masks: payload.read(&mut reader) }
        })
    }

    /// L: the masks of a leaf. [DS-FSS-2]
    fn leaf(&self, form: &Form, seed: u128, payload: Payload) -> Vec<u64> {
        let words = self.stretch(LEAF, u64::from(form.input_bits()), seed, payload.bits());
        payload.read(&mut BitReader::at(&words, 0))
    }

    /// The XOF of a node's seed, under the session, the key's number and the level. [DS-FSS-6]
    fn stretch(&self, label: Label, level: u64, node: u128, bits: usize) -> Vec<u64> {
        let mut seed = Seed([0; 32]);
        seed.0.iter_mut().zip(node.to_le_bytes()).for_each(|(byte, b)| *byte = b);
        let mut context = [0; 24];
        let parts = self.session.0.into_iter().chain(self.number.to_le_bytes());
        context.iter_mut().zip(parts).for_each(|(byte, b)| *byte = b);
        let mut bytes = vec![0; bits.div_ceil(8)];
        xof(label, &seed, &context, level, &mut bytes);
        words_from_bytes(&bytes, bytes.len() * 8).unwrap_or_default()
    }

    /// Generates both parties' keys for the threshold alpha and appends them. [DS-FSS-3]
    pub fn generate(&self, form: &Form, alpha: u64, beta: &[u64], seeds: [u128; 2], keys: &mut [BitWriter; 2]) {
        let payload = Payload { width: form.width(), len: beta.len() };
        let mut nodes = [Node { seed: seeds[0], bit: false }, Node { seed: seeds[1], bit: true }];
        let mut difference = vec![0; beta.len()]; // of what both parties have added up along alpha's path
        keys.iter_mut().zip(seeds).for_each(|(key, seed)| write_seed(key, seed));
        for (level, bit) in levels(form, alpha) {
            let [[left0, right0], [left1, right1]] = nodes.map(|node| self.children(level, node.seed, payload));
            let (left, right) = ([left0, left1], [right0, right1]);
            let [t_left, t_right] = [&left, &right].map(|[c0, c1]| c0.node.bit ^ c1.node.bit);
            let (keep, lose) = if bit { (right, left) } else { (left, right) };
            let negative = nodes[1].bit;
            let below = if bit { beta } else { &[] }; // what leaves to the left is below alpha
            let masks = payload.correct(lose.each_ref().map(|child| &child.masks), &difference, below, negative);
            let word = Correction {
                seed: lose[0].node.seed ^ lose[1].node.seed,
                left: t_left ^ bit ^ true,
                right: t_right ^ bit,
                masks,
            };
            payload.add_difference(&mut difference, &keep, &word.masks, negative);
            for (node, child) in nodes.iter_mut().zip(&keep) {
                *node = word.apply(*node, child.node, bit);
            }
            keys.iter_mut().for_each(|key| word.write(key, payload));
        }
        let leaves = nodes.map(|node| self.leaf(form, node.seed, payload));
        let last = payload.correct(leaves.each_ref(), &difference, &[], nodes[1].bit);
        keys.iter_mut().for_each(|key| payload.write(&last, key));
    }

    /// A party's share of beta if x < alpha, of zeros else, from its key. [DS-FSS-4]
    pub fn evaluate(&self, form: &Form, role: Role, key: &mut BitReader<'_>, x: u64, len: usize) -> Vec<u64> {
        let payload = Payload { width: form.width(), len };
        let mut node = Node { seed: seed_from(key), bit: role == Role::Client };
        let mut sum = vec![0; len];
        for (level, bit) in levels(form, x) {
            let word = Correction::read(key, payload);
            let [left, right] = self.children(level, node.seed, payload);
            let child = if bit { right } else { left };
            payload.add_corrected(&mut sum, &child.masks, &word.masks, node.bit);
            node = word.apply(node, child.node, bit);
        }
        let last = payload.read(key);
        payload.add_corrected(&mut sum, &self.leaf(form, node.seed, payload), &last, node.bit);
        let sign = |value: u64| if role == Role::Client { value.wrapping_neg() } else { value };
        sum.into_iter().map(|value| form.width().reduce(sign(value))).collect()
    }
}

/// The levels from 0 on, each with its bit of the value, the highest of the form's bits first.
fn levels(form: &Form, value: u64) -> impl Iterator<Item = (u64, bool)> {
    let bits = u64::from(form.input_bits());
    (0..bits).map(move |level| (level, value >> (bits - 1 - level) & 1 == 1))
}

impl Payload {
    /// Bits of one set of masks.
    fn bits(self) -> usize {
        self.len.saturating_mul(self.width.bits() as usize)
    }

    /// v' = (-1)^negative (masks of P1 - masks of P0 - difference + below), so that the sums differ by `below`.
    fn correct(self, [v0, v1]: [&Vec<u64>; 2], difference: &[u64], below: &[u64], negative: bool) -> Vec<u64> {
        let below = below.iter().copied().chain(std::iter::repeat(0));
        let masks = v0.iter().zip(v1).zip(difference).zip(below);
        let one = |(((v0, v1), difference), below): (((&u64, &u64), &u64), u64)| {
            let value = v1.wrapping_sub(*v0).wrapping_sub(*difference).wrapping_add(below);
            self.width.reduce(if negative { value.wrapping_neg() } else { value })
        };
        masks.map(one).collect()
    }

    /// Adds what the parties add at the child that stays on the path.
    fn add_difference(self, difference: &mut [u64], [c0, c1]: &[Child; 2], word: &[u64], negative: bool) {
        let masks = c0.masks.iter().zip(&c1.masks).zip(word);
        for (difference, ((v0, v1), word)) in difference.iter_mut().zip(masks) {
            let word = if negative { word.wrapping_neg() } else { *word };
            *difference = self.width.reduce(difference.wrapping_add(*v0).wrapping_sub(*v1).wrapping_add(word));
        }
    }

    /// Adds masks, corrected if t = 1.
    fn add_corrected(self, sum: &mut [u64], masks: &[u64], word: &[u64], bit: bool) {
        for (sum, (mask, word)) in sum.iter_mut().zip(masks.iter().zip(word)) {
            *sum = sum.wrapping_add(*mask).wrapping_add(if bit { *word } else { 0 });
        }
    }

    fn read(self, reader: &mut BitReader<'_>) -> Vec<u64> {
        (0..self.len).map(|_| reader.take(self.width.bits())).collect()
    }

    fn write(self, values: &[u64], key: &mut BitWriter) {
        values.iter().for_each(|&value| key.push(value, self.width.bits()));
    }
}

impl Correction {
    /// A party's node on the next level: the child, corrected if t = 1.
    fn apply(&self, parent: Node, child: Node, right: bool) -> Node {
        if !parent.bit {
            return child;
        }
        let bit = if right { self.right } else { self.left };
        Node { seed: child.seed ^ self.seed, bit: child.bit ^ bit }
    }

    /// Seed, left bit, right bit, masks. [DS-FSS-5]
    fn write(&self, key: &mut BitWriter, payload: Payload) {
        write_seed(key, self.seed);
        key.push(u64::from(self.left), 1);
        key.push(u64::from(self.right), 1);
        payload.write(&self.masks, key);
    }

    fn read(key: &mut BitReader<'_>, payload: Payload) -> Correction {
        let seed = seed_from(key);
        let (left, right) = (key.take(1) == 1, key.take(1) == 1);
        Correction { seed, left, right, masks: payload.read(key) }
    }
}

/// 128 bits, the lowest first.
fn seed_from(reader: &mut BitReader<'_>) -> u128 {
    let low = reader.take(64);
    wide(low, reader.take(64))
}

fn write_seed(key: &mut BitWriter, seed: u128) {
    let [low, high] = [seed, seed >> 64].map(|half| u64::try_from(half & u128::from(u64::MAX)).unwrap_or(0));
    key.push(low, 64);
    key.push(high, 64);
}
