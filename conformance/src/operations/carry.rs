//! Operation `carry`. [DS-CARRY-1] [DS-CARRY-3]

use super::input::pairs;
use super::{Operation, Refusal, Trace};
use crate::steps::carry::next_level;
use crate::steps::{Pair, Steps};
use crate::vectors::types::{Bits, Count};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The carry of a sum of two numbers.
pub struct Carry;

/// The bits of both numbers, position 0 first.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    server: Bits,
    client: Bits,
    #[serde(default)]
    split: Option<Count>,
}

/// The carry out of all positions, and out of the low ones.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Output {
    carry: Bits,
    #[serde(skip_serializing_if = "Option::is_none")]
    low: Option<Bits>,
}

const CLAUSE: &str = "DS-CARRY-1";

impl Operation for Carry {
    const NAME: &'static str = "carry";
    type Input = Input;
    type Output = Output;

    fn run(steps: &dyn Steps, input: Input, trace: &mut Trace) -> Result<Output, Refusal> {
        let bits = pairs(&input.server.0, &input.client.0)?;
        let leaves: Vec<Pair> = bits.into_iter().enumerate().map(|(j, (a, b))| steps.leaf(j, a, b)).collect();
        let one = |bit: bool| Bits(vec![bit]);
        let Some(split) = input.split.map(Count::length) else {
            let (carry, _) = root(steps, trace, "", spine(leaves))?;
            return Ok(Output { carry: one(carry), low: None });
        };
        let (low, high) = leaves.split_at_checked(split).unwrap_or((&[], &[]));
        let low = root(steps, trace, "low ", spine(low.to_vec()))?;
        let high = root(steps, trace, "high ", high.to_vec())?;
        let (carry, _) = steps.node(0, high, low);
        Ok(Output { carry: one(carry), low: Some(one(low.0)) })
    }
}

/// Nothing comes into position 0, so its p is dropped.
fn spine(mut leaves: Vec<Pair>) -> Vec<Pair> {
    if let Some((_, propagate)) = leaves.first_mut() {
        *propagate = false;
    }
    leaves
}

/// The root of the tree over leaves; every level is noted.
fn root(steps: &dyn Steps, trace: &mut Trace, prefix: &str, leaves: Vec<Pair>) -> Result<Pair, Refusal> {
    let mut pairs = leaves;
    let mut level = 0;
    loop {
        let name = if level == 0 { "leaves".to_owned() } else { format!("level {level}") };
        trace.note(format!("{prefix}{name} g"), CLAUSE, Bits(pairs.iter().map(|pair| pair.0).collect()));
        trace.note(format!("{prefix}{name} p"), CLAUSE, Bits(pairs.iter().map(|pair| pair.1).collect()));
        match *pairs.as_slice() {
            [root] => return Ok(root),
            [] => return Err(Refusal::request("there are positions on each side")),
            _ => level += 1,
        }
        pairs = next_level(steps, level, &pairs);
    }
}
