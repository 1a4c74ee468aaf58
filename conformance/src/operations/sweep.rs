//! Operation `sweep`: a function on all its inputs. [DS-VEC-8]

use super::input::{refuse, width};
use super::{Operation, Refusal, Trace};
use crate::steps::carry::next_level;
use crate::steps::{Meaning, Pair, Steps};
use crate::vectors::release::sha256;
use crate::vectors::types::{Bytes, Count, Integer, Semantics, StepName};
use deepshare_reference::plan::AffineGate;
use deepshare_reference::values::{ValueError, Width};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// All rows of a function.
pub struct Sweep;

/// The most rows that are computed.
const MAX_ROWS: u64 = 1 << 20;

/// The rows that are shown.
const SHOWN: usize = 16;

/// A function and its fields.
#[derive(Deserialize, JsonSchema)]
#[serde(tag = "function", rename_all = "lowercase", deny_unknown_fields)]
pub enum Input {
    /// `x d`.
    Drelu {
        /// Ring width.
        width: Count,
        /// Step convention.
        step: StepName,
    },
    /// `f x y`.
    Truncation {
        /// Ring width.
        width: Count,
    },
    /// `p x y`.
    Activation {
        /// Ring width.
        width: Count,
        /// Step convention.
        step: StepName,
        /// What the bit is multiplied by.
        alpha: Integer,
        /// What is added.
        beta: Integer,
    },
    /// `s c x d`.
    Reconstruct {
        /// Ring width.
        width: Count,
        /// Step convention.
        step: StepName,
    },
    /// `a b sum difference product`.
    Arithmetic {
        /// Ring width.
        width: Count,
    },
    /// `a b carry`.
    Carry {
        /// L, the number of positions.
        bits: Count,
    },
}

/// How many rows, the first ones without line feeds, and the hash of all.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Output {
    rows: Count,
    first: Vec<String>,
    sha256: Bytes,
}

impl Operation for Sweep {
    const NAME: &'static str = "sweep";
    type Input = Input;
    type Output = Output;

    fn run(steps: &dyn Steps, input: Input, _trace: &mut Trace) -> Result<Output, Refusal> {
        let rows = input.rows(steps)?;
        let text: String = rows.iter().map(|row| format!("{row}\n")).collect();
        let sha256 = Bytes(hex::decode(sha256(text.as_bytes())).unwrap_or_default());
        Ok(Output { rows: Count::of(rows.len()), first: rows.into_iter().take(SHOWN).collect(), sha256 })
    }
}

/// A ring with all its integers.
fn small(bits: Count, arguments: u32) -> Result<Meaning, Refusal> {
    let width = width(bits)?;
    let rows = 1_u64.checked_shl(width.bits().saturating_mul(arguments));
    match rows {
        Some(rows) if rows <= MAX_ROWS => Ok(Meaning { width, semantics: Semantics::Ring }),
        _ => Err(too_many()),
    }
}

fn too_many() -> Refusal {
    Refusal::request(format!("more than {MAX_ROWS} rows"))
}

fn integers(width: Width) -> impl Iterator<Item = i64> + Clone {
    width.min_value()..=width.max_value()
}

fn representatives(width: Width) -> impl Iterator<Item = u64> + Clone {
    0..=width.mask()
}

type Rows = Result<Vec<String>, ValueError>;

impl Input {
    fn rows(&self, steps: &dyn Steps) -> Result<Vec<String>, Refusal> {
        let rows = match self {
            Input::Drelu { width, step } => drelu(steps, small(*width, 1)?, *step),
            Input::Truncation { width } => truncation(steps, small(*width, 1)?),
            Input::Activation { width, step, alpha, beta } => {
                activation(steps, small(*width, 2)?, *step, AffineGate { alpha: alpha.0, beta: beta.0 })
            }
            Input::Reconstruct { width, step } => reconstruct(steps, small(*width, 2)?, *step),
            Input::Arithmetic { width } => Ok(arithmetic(steps, small(*width, 2)?.width)),
            Input::Carry { bits } => match u32::try_from(bits.0) {
                Ok(bits) if (1..=10).contains(&bits) => Ok(carry(steps, bits)),
                _ => return Err(too_many()),
            },
        };
        rows.map_err(refuse)
    }
}

fn drelu(steps: &dyn Steps, on: Meaning, step: StepName) -> Rows {
    let row = |x| Ok(format!("{x} {}", u8::from(steps.drelu(on, step.into(), x)?)));
    integers(on.width).map(row).collect()
}

fn truncation(steps: &dyn Steps, on: Meaning) -> Rows {
    let row = |f, x| Ok(format!("{f} {x} {}", steps.truncate(on, x, f)?));
    (0..on.width.bits()).flat_map(|f| integers(on.width).map(move |x| row(f, x))).collect()
}

fn activation(steps: &dyn Steps, on: Meaning, step: StepName, gate: AffineGate) -> Rows {
    let row = |p, x| Ok(format!("{p} {x} {}", steps.affine(on, gate, steps.drelu(on, step.into(), p)?, x)?));
    integers(on.width).flat_map(|p| integers(on.width).map(move |x| row(p, x))).collect()
}

fn reconstruct(steps: &dyn Steps, on: Meaning, step: StepName) -> Rows {
    let row = |s, c| {
        let x = steps.decode(on.width, steps.add(on.width, s, c));
        Ok(format!("{s} {c} {x} {}", u8::from(steps.drelu(on, step.into(), x)?)))
    };
    representatives(on.width).flat_map(|s| representatives(on.width).map(move |c| row(s, c))).collect()
}

fn arithmetic(steps: &dyn Steps, width: Width) -> Vec<String> {
    let row = |a, b| {
        let (sum, difference) = (steps.add(width, a, b), steps.subtract(width, a, b));
        format!("{a} {b} {sum} {difference} {}", steps.multiply(width, a, b))
    };
    representatives(width).flat_map(|a| representatives(width).map(move |b| row(a, b))).collect()
}

fn carry(steps: &dyn Steps, bits: u32) -> Vec<String> {
    let bit = |x: u64, j: u32| x >> j & 1 == 1;
    let row = |a: u64, b: u64| {
        let mut pairs: Vec<Pair> = (0..bits).map(|j| steps.leaf(j as usize, bit(a, j), bit(b, j))).collect();
        let mut level = 0;
        while pairs.len() > 1 {
            level += 1;
            pairs = next_level(steps, level, &pairs);
        }
        format!("{a} {b} {}", u8::from(pairs.first().is_some_and(|root| root.0)))
    };
    let all = 0..1_u64 << bits;
    all.clone().flat_map(|a| all.clone().map(move |b| row(a, b))).collect()
}
