//! The table of operations.

use super::answer::{Answer, Refusal, Trace};
use crate::steps::Steps;
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
}

/// An operation in the table.
#[derive(Clone, Copy)]
pub struct Entry {
    /// The stable name.
    pub name: &'static str,
    run: fn(&dyn Steps, Value, &mut Trace) -> Result<Value, Refusal>,
    schemas: fn(&mut SchemaGenerator) -> [Schema; 2],
}

impl Entry {
    const fn of<O: Operation>() -> Entry {
        Entry { name: O::NAME, run: typed::<O>, schemas: schemas::<O> }
    }

    /// The schemas of input and output.
    pub fn schemas(&self, generator: &mut SchemaGenerator) -> [Schema; 2] {
        (self.schemas)(generator)
    }
}

/// All operations, in the order of the specification's table.
const OPERATIONS: &[Entry] = &[Entry::of::<super::drelu::Drelu>(), Entry::of::<super::truncation::Truncation>()];

fn typed<O: Operation>(steps: &dyn Steps, input: Value, trace: &mut Trace) -> Result<Value, Refusal> {
    let input: O::Input = serde_json::from_value(input).map_err(Refusal::request)?;
    let output = O::run(steps, input, trace)?;
    serde_json::to_value(output).map_err(Refusal::request)
}

fn schemas<O: Operation>(generator: &mut SchemaGenerator) -> [Schema; 2] {
    [generator.subschema_for::<O::Input>(), generator.subschema_for::<O::Output>()]
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
