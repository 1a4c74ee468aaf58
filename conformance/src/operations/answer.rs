//! What an operation gives: an output or an error, and the steps on the way.

use crate::vectors::case::{Refused, Step};
use serde::Serialize;
use serde_json::{Map, Value};

/// The answer to a case.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The named intermediate values, in order.
    pub steps: Vec<Step>,
    /// The output, or why there is none.
    pub result: Result<Value, Refusal>,
}

/// Why an operation has no output.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// The stable code, and the place.
    pub refused: Box<Refused>,
    /// What a person should know.
    pub message: String,
    /// What was given out before.
    pub output: Option<Value>,
}

impl Refusal {
    /// An error with a code of the specification, without a place.
    pub fn new(code: &str, message: impl ToString) -> Refusal {
        let refused = Refused { code: code.to_owned(), at: Map::new() };
        Refusal { refused: Box::new(refused), message: message.to_string(), output: None }
    }

    /// A request that does not follow the operation's schema. [DS-ADAPT-3]
    pub fn request(message: impl ToString) -> Refusal {
        Refusal::new("adapter/request", message)
    }

    /// The same error with one more field of its place.
    #[must_use]
    pub fn at(mut self, field: &str, value: impl Into<Value>) -> Refusal {
        self.refused.at.insert(field.to_owned(), value.into());
        self
    }
}

/// The steps of an operation as they arise.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    steps: Vec<Step>,
}

impl Trace {
    /// Notes what a step gave.
    pub fn note(&mut self, name: impl Into<String>, clause: &str, value: impl Serialize) {
        // values of this crate are plain data, which JSON can always hold
        let value = serde_json::to_value(value).unwrap_or_default();
        self.steps.push(Step { name: name.into(), clause: clause.to_owned(), value });
    }

    /// All steps so far.
    pub fn into_steps(self) -> Vec<Step> {
        self.steps
    }
}
