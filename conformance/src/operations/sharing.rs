//! Operations `share` and `reconstruct`. [DS-VAL-4]

use super::input::{pairs, representatives, width};
use super::{Operation, Refusal, Trace};
use crate::steps::Steps;
use crate::vectors::types::{Count, Element, Integer, elements, integers};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The client's share of a vector, given the server's.
pub struct Share;

/// The vector of two shares.
pub struct Reconstruct;

/// A vector and the server's share of it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Whole {
    width: Count,
    elements: Vec<Element>,
    server: Vec<Element>,
}

/// The client's share.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rest {
    client: Vec<Element>,
}

/// Both shares.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Both {
    width: Count,
    server: Vec<Element>,
    client: Vec<Element>,
}

/// What they share.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shared {
    elements: Vec<Element>,
    integers: Vec<Integer>,
}

impl Operation for Share {
    const NAME: &'static str = "share";
    type Input = Whole;
    type Output = Rest;

    fn run(steps: &dyn Steps, input: Whole, _trace: &mut Trace) -> Result<Rest, Refusal> {
        let width = width(input.width)?;
        let (x, server) = (representatives(width, &input.elements)?, representatives(width, &input.server)?);
        let rest = pairs(&x, &server)?.into_iter().map(|(x, server)| steps.subtract(width, x, server));
        Ok(Rest { client: elements(&rest.collect::<Vec<u64>>()) })
    }
}

impl Operation for Reconstruct {
    const NAME: &'static str = "reconstruct";
    type Input = Both;
    type Output = Shared;

    fn run(steps: &dyn Steps, input: Both, _trace: &mut Trace) -> Result<Shared, Refusal> {
        let width = width(input.width)?;
        let (server, client) = (representatives(width, &input.server)?, representatives(width, &input.client)?);
        let sums: Vec<u64> = pairs(&server, &client)?.into_iter().map(|(s, c)| steps.add(width, s, c)).collect();
        let decoded: Vec<i64> = sums.iter().map(|&x| steps.decode(width, x)).collect();
        Ok(Shared { elements: elements(&sums), integers: integers(&decoded) })
    }
}
