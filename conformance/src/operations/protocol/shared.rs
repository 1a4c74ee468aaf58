//! Operations on shares, whatever the coins: `shared-input`, `shared-truncation`, `shared-linear`.
//! The reference computes them over the real protocols of `gmw`. [DS-VEC-6]

use super::input::{number32, refuse, ring, seeds, width};
use super::stepped::Stepped;
use crate::operations::linear::MapFields;
use crate::operations::{Operation, Refusal, Trace};
use crate::steps::Steps;
use crate::vectors::case::Relation;
use crate::vectors::types::{Bytes, Count, Integer, Shares, elements, numbers};
use deepshare_reference::backend::run::{Session, Sides, gmw};
use deepshare_reference::backend::{Backend, Program};
use deepshare_reference::party::{PartyError, Role};
use deepshare_reference::truncate::{check_shift, truncate_ring};
use deepshare_reference::values::{LinearMap, Ring, RingVector, ValueError, Width};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Runs of one vector.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Runs {
    runs: Vec<Shares>,
}

/// Runs a program once for each seed; for each run the shares of its vectors.
pub(super) fn run<P: Program + Clone>(
    steps: &dyn Steps,
    program: &P,
    own: &Sides<Ring>,
    given: &[Bytes],
) -> Result<Vec<Vec<Shares>>, Refusal> {
    let (given, steps) = (seeds(given)?, steps.protocol());
    let one = |run| {
        let seed = steps.run_seed(&given, run).ok_or_else(|| Refusal::request("a run has no seed"))?;
        let program = Stepped { program: program.clone(), steps, script: None };
        let failed = |error: PartyError| Refusal::new(error.code(), error);
        let outputs = gmw(&program, own.clone(), &seed, Session::default()).map_err(failed)?.outputs;
        let shares = |(server, client): (&Ring, &Ring)| Shares {
            server: elements(server.elements()),
            client: elements(client.elements()),
        };
        Ok(outputs.server.iter().zip(&outputs.client).map(shares).collect())
    };
    (0..given.len()).map(one).collect()
}

/// The runs of a program that gives one vector.
fn single<P: Program + Clone>(
    steps: &dyn Steps,
    program: &P,
    own: &Sides<Ring>,
    given: &[Bytes],
) -> Result<Runs, Refusal> {
    Ok(Runs { runs: run(steps, program, own, given)?.into_iter().flatten().collect() })
}

/// The three relations of a field whose shares sum to these elements; fresh only if coins enter the server's share.
pub(super) fn relations(field: &str, sum: &Ring, fresh: bool) -> Vec<Relation> {
    let (field, width) = (field.to_owned(), Count(sum.width().bits().into()));
    let mut all = vec![
        Relation::Reconstructs { field: field.clone(), width, elements: elements(sum.elements()) },
        Relation::Range { field: field.clone(), width },
    ];
    all.extend(fresh.then_some(Relation::Fresh { field }));
    all
}

/// The relations of an input; one that the specification rejects has an error, and none.
pub(super) fn stated(relations: Result<Vec<Relation>, Refusal>) -> Result<Option<Vec<Relation>>, Refusal> {
    match relations {
        Ok(relations) => Ok(Some(relations)),
        Err(refusal) if refusal.refused.code.starts_with("adapter/") => Err(refusal),
        Err(_) => Ok(None),
    }
}

/// The vector that shares sum to.
pub(super) fn sum(width: Width, shares: &Shares) -> Result<Ring, Refusal> {
    ring(width, &shares.server)?.add(&ring(width, &shares.client)?).map_err(refuse)
}

/// At least so many bits of coins enter a case that states freshness. [DS-VEC-6]
pub(super) const FRESH_BITS: usize = 64;

pub(super) fn coins(width: Width, elements: usize) -> bool {
    elements * width.bits() as usize >= FRESH_BITS
}

/// A share that a role brings; the trusted party knows its shape.
pub(super) fn brought<R: RingVector>(own: &mut impl Iterator<Item = R>, width: Width, len: usize) -> R {
    own.next().unwrap_or_else(|| R::constant(width, len, 0))
}

/// The client's sharing of its input. [DS-IO-1]
pub struct SharedInput;

/// What the client shares.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InputFields {
    width: Count,
    x: Vec<Integer>,
    seeds: Vec<Bytes>,
}

#[derive(Clone)]
struct Inputs(Width, usize);

impl Program for Inputs {
    async fn run<B: Backend>(&self, backend: &mut B, own: Vec<B::Share>) -> Result<Vec<B::Share>, PartyError> {
        Ok(vec![backend.input(own.first(), self.0, self.1).await?])
    }
}

impl InputFields {
    fn x(&self) -> Result<Ring, Refusal> {
        Ring::from_integers(width(self.width)?, &numbers(&self.x)).map_err(refuse)
    }
}

impl Operation for SharedInput {
    const NAME: &'static str = "shared-input";
    type Input = InputFields;
    type Output = Runs;

    fn run(steps: &dyn Steps, input: InputFields, _trace: &mut Trace) -> Result<Runs, Refusal> {
        let x = input.x()?;
        let program = Inputs(x.width(), x.len());
        single(steps, &program, &Sides { server: Vec::new(), client: vec![x] }, &input.seeds)
    }

    fn relations(input: InputFields) -> Result<Option<Vec<Relation>>, Refusal> {
        stated(input.x().map(|x| relations("runs", &x, coins(x.width(), x.len()))))
    }
}

/// floor(x / 2^shift) on shares. [DS-TRUNC-1]
pub struct SharedTruncation;

/// Shares and the shift.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TruncationFields {
    width: Count,
    shift: Count,
    x: Shares,
    seeds: Vec<Bytes>,
}

impl TruncationFields {
    fn relations(&self) -> Result<Vec<Relation>, Refusal> {
        let (width, shift) = (width(self.width)?, number32(self.shift)?);
        let x = sum(width, &self.x)?;
        let cut = |&x: &u64| truncate_ring(width, x, shift);
        let y: Result<Vec<u64>, ValueError> = x.elements().iter().map(cut).collect();
        let fresh = shift > 0 && coins(width, x.len());
        Ok(relations("runs", &Ring::new(width, y.map_err(refuse)?), fresh))
    }
}

#[derive(Clone)]
struct Truncations(Width, usize, u32);

impl Program for Truncations {
    async fn run<B: Backend>(&self, backend: &mut B, own: Vec<B::Share>) -> Result<Vec<B::Share>, PartyError> {
        let x = brought(&mut own.into_iter(), self.0, self.1);
        Ok(vec![backend.truncate(&x, self.2).await?])
    }
}

impl Operation for SharedTruncation {
    const NAME: &'static str = "shared-truncation";
    type Input = TruncationFields;
    type Output = Runs;

    fn run(steps: &dyn Steps, input: TruncationFields, _trace: &mut Trace) -> Result<Runs, Refusal> {
        let (width, shift) = (width(input.width)?, number32(input.shift)?);
        check_shift(width, shift).map_err(refuse)?;
        let own = sides(width, &input.x)?;
        let len = input.x.server.len();
        single(steps, &Truncations(width, len, shift), &own, &input.seeds)
    }

    fn relations(input: TruncationFields) -> Result<Option<Vec<Relation>>, Refusal> {
        stated(input.relations())
    }
}

/// Both sides' shares of one vector.
pub(super) fn sides(width: Width, shares: &Shares) -> Result<Sides<Ring>, Refusal> {
    if shares.server.len() != shares.client.len() {
        return Err(Refusal::request("both shares have as many elements"));
    }
    Ok(Sides { server: vec![ring(width, &shares.server)?], client: vec![ring(width, &shares.client)?] })
}

/// map(W, x) on shares. [DS-LIN-2]
pub struct SharedLinear;

/// A map, the server's weights, and shares of a batch.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LinearFields {
    width: Count,
    map: MapFields,
    weights: Vec<Integer>,
    x: Shares,
    batch: Count,
    seeds: Vec<Bytes>,
}

#[derive(Clone)]
struct Products {
    width: Width,
    map: LinearMap,
    batch: usize,
}

impl Program for Products {
    async fn run<B: Backend>(&self, backend: &mut B, own: Vec<B::Share>) -> Result<Vec<B::Share>, PartyError> {
        let mut own = own.into_iter();
        let matrix = if backend.role() == Role::Server { own.next() } else { None };
        let weights = backend.weights(&self.map, self.width, matrix.as_ref()).await?;
        let x = brought(&mut own, self.width, self.map.inputs() * self.batch);
        Ok(vec![backend.linear(&weights, &x, self.batch).await?])
    }
}

impl LinearFields {
    /// The program, and the weights as elements.
    fn read(&self) -> Result<(Products, Ring), Refusal> {
        let (width, batch) = (width(self.width)?, self.batch.length());
        let map = self.map.map().map_err(refuse)?.reference().clone();
        map.check_batch(self.x.server.len(), batch).map_err(refuse)?;
        let weights: Vec<u64> = numbers(&self.weights).into_iter().map(|w| width.encode_wrapping(w)).collect();
        if weights.len() != map.weights() {
            return Err(refuse(ValueError::Length { left: weights.len(), right: map.weights() }));
        }
        Ok((Products { width, map, batch }, Ring::new(width, weights)))
    }

    fn relations(&self) -> Result<Vec<Relation>, Refusal> {
        let (Products { width, map, batch }, weights) = self.read()?;
        let y = Ring::linear(&map, &weights, &sum(width, &self.x)?, batch).map_err(refuse)?;
        Ok(relations("runs", &y, coins(width, y.len())))
    }
}

impl Operation for SharedLinear {
    const NAME: &'static str = "shared-linear";
    type Input = LinearFields;
    type Output = Runs;

    fn run(steps: &dyn Steps, input: LinearFields, _trace: &mut Trace) -> Result<Runs, Refusal> {
        let (program, weights) = input.read()?;
        let mut own = sides(program.width, &input.x)?;
        own.server.insert(0, weights);
        single(steps, &program, &own, &input.seeds)
    }

    fn relations(input: LinearFields) -> Result<Option<Vec<Relation>>, Refusal> {
        stated(input.relations())
    }
}
