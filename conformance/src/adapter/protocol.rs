//! Requests, answers and descriptions. [DS-ADAPT-1] [DS-ADAPT-2] [DS-ADAPT-3]

use super::PROTOCOL;
use crate::operations::{self, Refusal};
use crate::vectors::case::{Level, Step};
use crate::vectors::types::Count;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

/// A request. [DS-ADAPT-3]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The answer has the same.
    pub id: Count,
    /// `describe`, or an operation of [DS-VEC-7].
    pub operation: String,
    /// The operation's input; `describe` has an empty one.
    #[serde(deserialize_with = "crate::vectors::strict::object")]
    pub input: Map<String, Value>,
}

/// An answer: exactly one of `output`, `error` (with or without an `output`) and `unsupported`. [DS-ADAPT-3]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The request's.
    pub id: Count,
    /// The operation's output; beside an error, what was given out before it.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::vectors::strict::found_present"
    )]
    #[schemars(with = "Map<String, Value>")]
    pub output: Option<Map<String, Value>>,
    /// Why there is no output.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "there")]
    #[schemars(with = "Reported")]
    pub error: Option<Reported>,
    /// Why the adapter does not do this.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "there")]
    #[schemars(with = "String")]
    pub unsupported: Option<String>,
    /// Intermediate values that the adapter wants to show, by the names of the case's steps.
    #[serde(default, skip_serializing_if = "Map::is_empty", deserialize_with = "crate::vectors::strict::found")]
    pub steps: Map<String, Value>,
}

/// An error of an answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reported {
    /// The stable code.
    pub code: String,
    /// The place, as the code has it.
    #[serde(default, skip_serializing_if = "Map::is_empty", deserialize_with = "crate::vectors::strict::found")]
    pub at: Map<String, Value>,
    /// For people; it is not compared.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
}

/// What an implementation claims: the output of `describe`. [DS-ADAPT-2]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Described {
    /// The implementation's name.
    pub name: String,
    /// The implementation's version.
    pub version: String,
    /// The version of the line protocol.
    #[schemars(extend("const" = PROTOCOL))]
    pub protocol: String,
    /// Operations of [DS-VEC-7].
    pub operations: Vec<String>,
    /// Backends for `party` and `shape`.
    pub backends: Vec<String>,
    /// Ring widths.
    pub widths: Widths,
    /// Levels.
    pub levels: Vec<Level>,
    /// Options. [DS-ADAPT-5]
    pub profiles: Vec<Profile>,
}

/// The ring widths that an implementation claims.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "`widths` is \"all\" or a list of counts")]
pub enum Widths {
    /// All of 2..=64.
    All(AllWidths),
    /// These.
    Some(Vec<Count>),
}

/// The word for all widths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AllWidths {
    /// All.
    All,
}

/// An option that an implementation may claim. [DS-ADAPT-5]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// Errors say where.
    Positions,
}

/// An answer without its id: what is compared with a case.
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// The result.
    pub result: ReplyResult,
    /// Intermediate values, by name.
    pub steps: Map<String, Value>,
}

/// The result of a reply.
#[derive(Clone, Debug, PartialEq)]
pub enum ReplyResult {
    /// The output.
    Output(Value),
    /// An error.
    Error {
        /// Code, place and message.
        error: Reported,
        /// What was given out before.
        output: Option<Value>,
    },
    /// The implementation does not do this, and says why.
    Unsupported(String),
}

impl ReplyResult {
    /// The output, or what was given out before an error.
    pub fn output(&self) -> Option<&Value> {
        match self {
            ReplyResult::Output(output) => Some(output),
            ReplyResult::Error { output, .. } => output.as_ref(),
            ReplyResult::Unsupported(_) => None,
        }
    }
}

impl Answer {
    /// The answer to a request with this id.
    pub fn of(id: Count, reply: Reply) -> Answer {
        let object = |value| match value {
            Value::Object(fields) => fields,
            other => Map::from_iter([("value".to_owned(), other)]), // no operation has such an output
        };
        let mut answer = Answer { id, output: None, error: None, unsupported: None, steps: reply.steps };
        match reply.result {
            ReplyResult::Output(output) => answer.output = Some(object(output)),
            ReplyResult::Unsupported(why) => answer.unsupported = Some(why),
            ReplyResult::Error { error, output } => {
                answer.error = Some(error);
                answer.output = output.map(object);
            }
        }
        answer
    }

    /// The answer without its id.
    ///
    /// # Errors
    /// A text, unless the answer has exactly one of the three forms.
    pub fn reply(self) -> Result<Reply, &'static str> {
        let output = self.output.map(Value::Object);
        let result = match (output, self.error, self.unsupported) {
            (Some(output), None, None) => ReplyResult::Output(output),
            (output, Some(error), None) => ReplyResult::Error { error, output },
            (None, None, Some(why)) => ReplyResult::Unsupported(why),
            (None, None, None) => return Err("it has none of `output`, `error` and `unsupported`"),
            (_, _, Some(_)) => return Err("`unsupported` stands beside `output` or `error`"),
        };
        Ok(Reply { result, steps: self.steps })
    }
}

/// An optional field that is there has a value: null is none.
fn there<'de, D: Deserializer<'de>, T: Deserialize<'de>>(source: D) -> Result<Option<T>, D::Error> {
    T::deserialize(source).map(Some)
}

impl From<operations::Answer> for Reply {
    fn from(answer: operations::Answer) -> Reply {
        let steps = answer.steps.into_iter().map(|Step { name, value, .. }| (name, value)).collect();
        let result = match answer.result {
            Ok(output) => ReplyResult::Output(output),
            Err(refusal) => refused(refusal),
        };
        Reply { result, steps }
    }
}

fn refused(refusal: Refusal) -> ReplyResult {
    let Refusal { refused, message, output } = refusal;
    ReplyResult::Error { error: Reported { code: refused.code, at: refused.at, message }, output }
}
