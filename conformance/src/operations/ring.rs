//! Operations `encode`, `decode`, `arithmetic`, `planes`. [DS-VAL-1] [DS-VAL-2] [DS-VAL-3]

use super::input::{pairs, refuse, representatives, width};
use super::{Operation, Refusal, Trace};
use crate::steps::Steps;
use crate::vectors::types::{Bits, Count, Element, Integer, elements, integers};
use deepshare_reference::values::Width;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Integers as ring elements.
pub struct Encode;

/// Ring elements as integers.
pub struct Decode;

/// Sums, differences and products in R_k.
pub struct Arithmetic;

/// The bit planes of a vector.
pub struct Planes;

/// Integers.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Integers {
    width: Count,
    integers: Vec<Integer>,
}

/// A vector of ring elements.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Vector {
    width: Count,
    elements: Vec<Element>,
}

/// Two vectors and what to do with them.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Operands {
    width: Count,
    operator: Operator,
    left: Vec<Element>,
    right: Vec<Element>,
}

/// An operator of the ring.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Operator {
    /// x + y.
    Add,
    /// x - y.
    Subtract,
    /// x y.
    Multiply,
}

/// Ring elements.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Elements {
    elements: Vec<Element>,
}

/// Decoded elements.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Decoded {
    integers: Vec<Integer>,
}

/// Bit planes, the lowest first.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaneList {
    planes: Vec<Bits>,
}

impl Operation for Encode {
    const NAME: &'static str = "encode";
    type Input = Integers;
    type Output = Elements;

    fn run(steps: &dyn Steps, input: Integers, _trace: &mut Trace) -> Result<Elements, Refusal> {
        let width = width(input.width)?;
        let words = input.integers.iter().map(|x| steps.encode(width, x.0));
        Ok(Elements { elements: elements(&words.collect::<Result<Vec<_>, _>>().map_err(refuse)?) })
    }
}

impl Operation for Decode {
    const NAME: &'static str = "decode";
    type Input = Vector;
    type Output = Decoded;

    fn run(steps: &dyn Steps, input: Vector, _trace: &mut Trace) -> Result<Decoded, Refusal> {
        let width = width(input.width)?;
        let words = representatives(width, &input.elements)?;
        let decoded: Vec<i64> = words.iter().map(|&x| steps.decode(width, x)).collect();
        Ok(Decoded { integers: integers(&decoded) })
    }
}

impl Operation for Arithmetic {
    const NAME: &'static str = "arithmetic";
    type Input = Operands;
    type Output = Elements;

    fn run(steps: &dyn Steps, input: Operands, _trace: &mut Trace) -> Result<Elements, Refusal> {
        let width = width(input.width)?;
        let (left, right) = (representatives(width, &input.left)?, representatives(width, &input.right)?);
        let results = pairs(&left, &right)?.into_iter().map(|pair| input.operator.apply(steps, width, pair));
        Ok(Elements { elements: elements(&results.collect::<Vec<u64>>()) })
    }
}

impl Operator {
    fn apply(self, steps: &dyn Steps, width: Width, (x, y): (u64, u64)) -> u64 {
        match self {
            Operator::Add => steps.add(width, x, y),
            Operator::Subtract => steps.subtract(width, x, y),
            Operator::Multiply => steps.multiply(width, x, y),
        }
    }
}

impl Operation for Planes {
    const NAME: &'static str = "planes";
    type Input = Vector;
    type Output = PlaneList;

    fn run(steps: &dyn Steps, input: Vector, _trace: &mut Trace) -> Result<PlaneList, Refusal> {
        let width = width(input.width)?;
        let words = representatives(width, &input.elements)?;
        let plane = |j| Bits(words.iter().map(|&x| steps.plane(width, x, j)).collect());
        Ok(PlaneList { planes: (0..width.bits()).map(plane).collect() })
    }
}
