//! Operations `dcf-keys` and `dcf-evaluate`: comparison keys, node by node. [DS-FSS-3] [DS-FSS-4] [DS-FSS-5]

use super::input::{number32, refuse, ring, session, width};
use super::tree::{Place, number, write};
use crate::operations::{Operation, Refusal, Trace};
use crate::steps::Steps;
use crate::steps::protocol::{Correction, KeyForm, Node};
use crate::vectors::types::{Bits, Bytes, Count, Element, Number, RoleName, elements};
use deepshare_reference::party::Role;
use deepshare_reference::primitives::dcf::keys::VERSION;
use deepshare_reference::values::ValueError;
use deepshare_reference::values::bits::{BitReader, BitWriter, words_from_bytes};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The most bits of one party's keys.
const MAX_BITS: u64 = 1 << 26;

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
