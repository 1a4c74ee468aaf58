//! Operations `dcf-keys` and `dcf-evaluate`: comparison keys, node by node. [DS-FSS-3] [DS-FSS-4] [DS-FSS-5]

use super::input::{number32, refuse, ring, session, width, xof};
use crate::operations::{Operation, Refusal, Trace};
use crate::steps::Steps;
use crate::steps::protocol::{Correction, HashLabel, KeyForm, Node, Preimage, ProtocolSteps};
use crate::vectors::types::{Bits, Bytes, Count, Element, Number, RoleName, elements};
use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::{Role, SessionId};
use deepshare_reference::primitives::dcf::keys::VERSION;
use deepshare_reference::values::ValueError;
use deepshare_reference::values::bits::{BitReader, BitWriter, words_from_bytes};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The most bits of one party's keys.
const MAX_BITS: u64 = 1 << 26;

/// What G and L depend on besides the node. [DS-FSS-2]
#[derive(Clone, Copy)]
struct Place<'a> {
    steps: &'a dyn ProtocolSteps,
    form: KeyForm,
    session: SessionId,
    number: u64,
    payload: usize,
}

/// A child of a node: the node, and masks.
struct Child {
    node: Node,
    masks: Vec<u64>,
}

impl Place<'_> {
    /// G: the left child and the right one. [DS-FSS-2]
    fn children(&self, level: u32, parent: u128) -> [Child; 2] {
        let words = self.stretch("children", level, parent, 2 * (129 + self.mask_bits()));
        let mut reader = BitReader::at(&words, 0);
        [(); 2].map(|()| {
            let (seed, bit) = (number(&mut reader), reader.take(1) == 1);
            Child { node: Node { seed, bit }, masks: self.read(&mut reader) }
        })
    }

    /// L: the masks of a leaf. [DS-FSS-2]
    fn leaf(&self, node: u128) -> Vec<u64> {
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

    fn read(&self, reader: &mut BitReader<'_>) -> Vec<u64> {
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
    fn next(&self, parent: Node, child: Node, correction: &Correction, right: bool) -> Node {
        match parent.bit {
            false => child,
            true => Node { seed: child.seed ^ correction.seed, bit: child.bit ^ self.steps.side(correction, right) },
        }
    }

    /// The correction words, and the last correction. [DS-FSS-3]
    fn generate(&self, alpha: u64, beta: &[u64], roots: [u128; 2]) -> (Vec<Correction>, Vec<u64>) {
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
fn number(reader: &mut BitReader<'_>) -> u128 {
    let low = u128::from(reader.take(64));
    low | u128::from(reader.take(64)) << 64
}

fn write(number: u128, key: &mut BitWriter) {
    let [low, high] = [number, number >> 64].map(|half| u64::try_from(half & u128::from(u64::MAX)).unwrap_or(0));
    key.push(low, 64);
    key.push(high, 64);
}

fn bytes(number: u128) -> Bytes {
    Bytes(number.to_le_bytes().to_vec())
}

fn noted(word: &Correction) -> Value {
    json!({
        "seed": bytes(word.seed),
        "bits": Bits(vec![word.left, word.right]),
        "masks": elements(&word.masks),
    })
}

fn form(bits: Count, width_bits: Count, payload: u64, keys: usize) -> Result<KeyForm, Refusal> {
    let bits = number32(bits)?;
    if !(1..=64).contains(&bits) {
        return Err(refuse(ValueError::InputBits { bits }));
    }
    let form = KeyForm { bits, width: width(width_bits)? };
    let one = u64::from(bits + 1).saturating_mul(130_u64.saturating_add(payload.saturating_mul(64)));
    match one.saturating_mul(keys as u64) <= MAX_BITS {
        true => Ok(form),
        false => Err(Refusal::request(format!("keys of more than {MAX_BITS} bits"))),
    }
}

/// Numbers of n bits.
fn compared(form: KeyForm, numbers: &[Number]) -> Result<Vec<u64>, Refusal> {
    let fits = |number: u64| form.bits == 64 || number >> form.bits == 0;
    let numbers: Vec<u64> = numbers.iter().map(|number| number.0).collect();
    match numbers.iter().all(|&number| fits(number)) {
        true => Ok(numbers),
        false => Err(Refusal::request(format!("a number does not fit {} bits", form.bits))),
    }
}

/// Both parties' keys of a batch.
pub struct DcfKeys;

/// Thresholds, payloads and roots.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeysInput {
    session: Bytes,
    /// The number of the first key in the session.
    number: Number,
    bits: Count,
    width: Count,
    thresholds: Vec<Number>,
    payloads: Vec<Vec<Element>>,
    /// For each key the server's root and the client's.
    roots: Vec<[Bytes; 2]>,
}

/// What the dealer sends.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeysOutput {
    server: Bytes,
    client: Bytes,
}

impl Operation for DcfKeys {
    const NAME: &'static str = "dcf-keys";
    type Input = KeysInput;
    type Output = KeysOutput;

    fn run(steps: &dyn Steps, input: KeysInput, trace: &mut Trace) -> Result<KeysOutput, Refusal> {
        let (keys, longest) = (input.thresholds.len(), input.payloads.iter().map(Vec::len).max().unwrap_or(0));
        let form = form(input.bits, input.width, longest as u64, keys)?;
        if input.payloads.len() != keys || input.roots.len() != keys {
            return Err(Refusal::request("there is one payload and one pair of roots for each threshold"));
        }
        let (session, thresholds) = (session(&input.session)?, compared(form, &input.thresholds)?);
        let mut streams = [BitWriter::default(), BitWriter::default()];
        streams.iter_mut().for_each(|stream| stream.push(u64::from(VERSION), 8));
        let batch = thresholds.iter().zip(&input.payloads).zip(&input.roots);
        for (key, ((&alpha, beta), roots)) in (0..).zip(batch) {
            let beta = ring(form.width, beta)?;
            let beta = deepshare_reference::values::Ring::elements(&beta);
            let number = steps.protocol().key_number(input.number.0, key);
            trace.note(format!("key {key} number"), "DS-FSS-6", Number(number));
            let place = Place { steps: steps.protocol(), form, session, number, payload: beta.len() };
            let [server, client] = roots.each_ref().map(root);
            let roots = [server?, client?];
            let (words, last) = place.generate(alpha, beta, roots);
            for (level, word) in words.iter().enumerate() {
                trace.note(format!("key {key} level {level}"), "DS-FSS-3", noted(word));
            }
            trace.note(format!("key {key} end"), "DS-FSS-3", elements(&last));
            streams.iter_mut().zip(roots).for_each(|(stream, root)| append(stream, form, root, &words, &last));
        }
        let [server, client] = streams.map(|stream| Bytes(stream.into_bytes()));
        Ok(KeysOutput { server, client })
    }
}

fn root(bytes: &Bytes) -> Result<u128, Refusal> {
    let bytes: Option<[u8; 16]> = bytes.0.as_slice().try_into().ok();
    bytes.map(u128::from_le_bytes).ok_or_else(|| Refusal::request("a root has 16 bytes"))
}

/// A key in its batch. [DS-FSS-5]
fn append(key: &mut BitWriter, form: KeyForm, root: u128, words: &[Correction], last: &[u64]) {
    let masks = |key: &mut BitWriter, masks: &[u64]| masks.iter().for_each(|&mask| key.push(mask, form.width.bits()));
    write(root, key);
    for word in words {
        write(word.seed, key);
        key.push(u64::from(word.left), 1);
        key.push(u64::from(word.right), 1);
        masks(key, &word.masks);
    }
    masks(key, last);
}

/// A party's shares from its keys.
pub struct DcfEvaluate;

/// A party's keys, and what they are evaluated on.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EvaluateInput {
    role: RoleName,
    session: Bytes,
    number: Number,
    bits: Count,
    width: Count,
    /// For each key the number of its payload's elements.
    payloads: Vec<Count>,
    keys: Bytes,
    x: Vec<Number>,
}

/// Shares of the payloads, key by key.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EvaluateOutput {
    elements: Vec<Element>,
}

impl Operation for DcfEvaluate {
    const NAME: &'static str = "dcf-evaluate";
    type Input = EvaluateInput;
    type Output = EvaluateOutput;

    fn run(steps: &dyn Steps, input: EvaluateInput, trace: &mut Trace) -> Result<EvaluateOutput, Refusal> {
        let longest = input.payloads.iter().map(|count| count.0).max().unwrap_or(0);
        let form = form(input.bits, input.width, longest, input.payloads.len())?;
        let (session, x) = (session(&input.session)?, compared(form, &input.x)?);
        if x.len() != input.payloads.len() {
            return Err(Refusal::request("there is one x for each key"));
        }
        let bits: usize = input.payloads.iter().map(|payload| key_bits(form, payload.length())).sum();
        let words = words_from_bytes(&input.keys.0, 8 + bits).map_err(refuse)?;
        let mut reader = BitReader::at(&words, 0);
        if reader.take(8) != u64::from(VERSION) {
            return Err(Refusal::new("frame/key-version", "the keys have another version"));
        }
        let mut shares = Vec::new();
        for (key, (&x, payload)) in (0..).zip(x.iter().zip(&input.payloads)) {
            let number = steps.protocol().key_number(input.number.0, key);
            trace.note(format!("key {key} number"), "DS-FSS-6", Number(number));
            let place = Place { steps: steps.protocol(), form, session, number, payload: payload.length() };
            let sum = evaluate(&place, input.role.into(), &mut reader, x, key, trace);
            shares.extend(sum.into_iter().map(|y| steps.protocol().key_share(form, input.role.into(), y)));
        }
        Ok(EvaluateOutput { elements: elements(&shares) })
    }
}

/// Bits of one key. [DS-FSS-5]
fn key_bits(form: KeyForm, payload: usize) -> usize {
    let (levels, masks) = (form.bits as usize, payload * form.width.bits() as usize);
    128 + levels * (130 + masks) + masks
}

/// A party's sums Y, from its key. [DS-FSS-4]
fn evaluate(
    place: &Place<'_>,
    role: Role,
    key: &mut BitReader<'_>,
    x: u64,
    number_in_batch: u64,
    trace: &mut Trace,
) -> Vec<u64> {
    let form = place.form;
    let mut node = Node { seed: number(key), bit: role == Role::Client };
    let mut sum = vec![0_u64; place.payload];
    let add = |sum: &mut [u64], masks: &[u64], word: &[u64], bit: bool| {
        for (sum, (mask, word)) in sum.iter_mut().zip(masks.iter().zip(word)) {
            *sum = form.width.reduce(sum.wrapping_add(*mask).wrapping_add(if bit { *word } else { 0 }));
        }
    };
    for level in 0..form.bits {
        let (seed, left, right) = (number(key), key.take(1) == 1, key.take(1) == 1);
        let word = Correction { seed, left, right, masks: place.read(key) };
        let bit = place.steps.compared_bit(form, x, level);
        let [left, right] = place.children(level, node.seed);
        let child = if bit { right } else { left };
        add(&mut sum, &child.masks, &word.masks, node.bit);
        node = place.next(node, child.node, &word, bit);
        let value = json!({"seed": bytes(node.seed), "bit": Bits(vec![node.bit]), "sum": elements(&sum)});
        trace.note(format!("key {number_in_batch} level {level}"), "DS-FSS-4", value);
    }
    let last = place.read(key);
    add(&mut sum, &place.leaf(node.seed), &last, node.bit);
    trace.note(format!("key {number_in_batch} sum"), "DS-FSS-4", elements(&sum));
    sum
}
