//! The table of operations.

use super::answer::{Answer, Refusal, Trace};
use crate::steps::Steps;
use crate::vectors::case::Relation;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// An operation of [DS-VEC-7].
pub trait Operation {
    /// The stable name.
    const NAME: &'static str;
    /// Its input.
    type Input: DeserializeOwned + JsonSchema;
    /// Its output.
    type Output: Serialize + JsonSchema;

    /// Computes the output by steps, which are noted.
    ///
    /// # Errors
    /// A [`Refusal`] with a code of the specification.
    fn run(steps: &dyn Steps, input: Self::Input, trace: &mut Trace) -> Result<Self::Output, Refusal>;

    /// The input that the generator makes of a hand-owned one; most are the input itself. [DS-VEC-11]
    ///
    /// # Errors
    /// A [`Refusal`] that says what is wrong with the hand-owned input.
    fn expand(owned: Value) -> Result<Value, Refusal> {
        Ok(owned)
    }

    /// The relations that an output must satisfy, where its coins are the implementation's own. [DS-VEC-6]
    ///
    /// # Errors
    /// As [`Operation::run`].
    fn relations(_input: Self::Input) -> Result<Option<Vec<Relation>>, Refusal> {
        Ok(None)
    }
}

/// An operation in the table.
#[derive(Clone, Copy)]
pub struct Entry {
    /// The stable name.
    pub name: &'static str,
    run: fn(&dyn Steps, Value, &mut Trace) -> Result<Value, Refusal>,
    schemas: fn(&mut SchemaGenerator) -> [Schema; 2],
    expand: fn(Value) -> Result<Value, Refusal>,
    relations: fn(Value) -> Result<Option<Vec<Relation>>, Refusal>,
}

impl Entry {
    const fn of<O: Operation>() -> Entry {
        Entry {
            name: O::NAME,
            run: typed::<O>,
            schemas: schemas::<O>,
            expand: O::expand,
            relations: |input| O::relations(read::<O>(input)?),
        }
    }

    /// The input that the generator makes of a hand-owned one.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn expand(&self, owned: Value) -> Result<Value, Refusal> {
        (self.expand)(owned)
    }

    /// The relations that an output for this input must satisfy, if its coins are the implementation's own.
    ///
    /// # Errors
    /// What is wrong with the input.
    pub fn relations(&self, input: Value) -> Result<Option<Vec<Relation>>, Refusal> {
        (self.relations)(input)
    }

    /// The schemas of input and output.
    pub fn schemas(&self, generator: &mut SchemaGenerator) -> [Schema; 2] {
        (self.schemas)(generator)
    }
}

/// All operations, in the order of the specification's table; last the one of counterexamples, which no release has.
const OPERATIONS: &[Entry] = &[
    Entry::of::<super::ring::Encode>(),
    Entry::of::<super::ring::Decode>(),
    Entry::of::<super::ring::Arithmetic>(),
    Entry::of::<super::ring::Planes>(),
    Entry::of::<super::sharing::Share>(),
    Entry::of::<super::sharing::Reconstruct>(),
    Entry::of::<super::packing::Pack>(),
    Entry::of::<super::packing::Unpack>(),
    Entry::of::<super::packing::PackPlanes>(),
    Entry::of::<super::packing::UnpackPlanes>(),
    Entry::of::<super::protocol::WriteFrame>(),
    Entry::of::<super::protocol::ReadFrame>(),
    Entry::of::<super::protocol::Xof>(),
    Entry::of::<super::protocol::DeriveSeed>(),
    Entry::of::<super::protocol::UserSeed>(),
    Entry::of::<super::protocol::SessionSeed>(),
    Entry::of::<super::protocol::Coins>(),
    Entry::of::<super::protocol::PublicDigest>(),
    Entry::of::<super::protocol::SessionIdentifier>(),
    Entry::of::<super::drelu::Drelu>(),
    Entry::of::<super::affine::Affine>(),
    Entry::of::<super::truncation::Truncation>(),
    Entry::of::<super::linear::Linear>(),
    Entry::of::<super::carry::Carry>(),
    Entry::of::<super::plan::Plan>(),
    Entry::of::<super::make_plan::MakePlan>(),
    Entry::of::<super::network_file::NetworkFile>(),
    Entry::of::<super::activation::Activation>(),
    Entry::of::<super::network::Network>(),
    Entry::of::<super::sweep::Sweep>(),
    Entry::of::<super::protocol::SharedInput>(),
    Entry::of::<super::protocol::SharedActivation>(),
    Entry::of::<super::protocol::SharedTruncation>(),
    Entry::of::<super::protocol::SharedLinear>(),
    Entry::of::<super::protocol::Party>(),
    Entry::of::<super::protocol::Shape>(),
    Entry::of::<super::protocol::DcfKeys>(),
    Entry::of::<super::protocol::DcfEvaluate>(),
    Entry::of::<super::lemma::LemmaRun>(),
];

fn typed<O: Operation>(steps: &dyn Steps, input: Value, trace: &mut Trace) -> Result<Value, Refusal> {
    let output = O::run(steps, read::<O>(input)?, trace)?;
    serde_json::to_value(output).map_err(Refusal::request)
}

fn read<O: Operation>(input: Value) -> Result<O::Input, Refusal> {
    serde_json::from_value(input).map_err(Refusal::request)
}

fn schemas<O: Operation>(generator: &mut SchemaGenerator) -> [Schema; 2] {
    [O::Input::json_schema(generator), O::Output::json_schema(generator)]
}

/// The operation of a name.
pub fn find(name: &str) -> Option<&'static Entry> {
    OPERATIONS.iter().find(|entry| entry.name == name)
}

/// The names of all operations.
pub fn names() -> impl Iterator<Item = &'static str> {
    OPERATIONS.iter().map(|entry| entry.name)
}

/// Runs an operation by its name.
pub fn run(steps: &dyn Steps, operation: &str, input: Value) -> Answer {
    let mut trace = Trace::default();
    let result = match find(operation) {
        Some(entry) => (entry.run)(steps, input, &mut trace),
        None => Err(Refusal::request(format!("there is no operation {operation:?}"))),
    };
    Answer { steps: trace.into_steps(), result }
}
