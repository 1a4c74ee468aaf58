//! Cases: what is asked, every named intermediate, and what must come out. [DS-VEC-2] [DS-VEC-3]

use super::types::{Count, Element};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What an implementation must have to be asked. [DS-VEC-5]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// What is computed, in the clear.
    Plaintext,
    /// What the parties get on shares, by relations.
    Ideal,
    /// The frames of one backend.
    Transcript,
}

impl Level {
    /// All levels.
    pub const ALL: [Level; 3] = [Level::Plaintext, Level::Ideal, Level::Transcript];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Level::Plaintext => "plaintext",
            Level::Ideal => "ideal",
            Level::Transcript => "transcript",
        }
    }
}

/// A hand-owned case: what people write. The rest is computed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseInput {
    /// Topic, slash, name.
    pub id: String,
    /// Why the case exists.
    pub comment: String,
    /// The clauses that it checks; the first is the one to read first.
    pub clauses: Vec<String>,
    /// Names of notes of the head.
    pub flags: Vec<String>,
    /// The level.
    pub level: Level,
    /// The operation.
    pub operation: String,
    /// The operation's input.
    #[serde(deserialize_with = "super::strict::value")]
    pub input: Value,
}

/// A case of a vector file. [DS-VEC-2]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Topic, slash, name.
    pub id: String,
    /// Why the case exists.
    pub comment: String,
    /// The clauses that it checks; the first is the one to read first.
    pub clauses: Vec<String>,
    /// Names of notes of the head.
    pub flags: Vec<String>,
    /// The level.
    pub level: Level,
    /// The operation.
    pub operation: String,
    /// The operation's input.
    #[serde(deserialize_with = "super::strict::value")]
    pub input: Value,
    /// The named intermediate values, in order.
    pub steps: Vec<Step>,
    /// What must come out.
    pub expect: Expect,
}

impl From<Case> for CaseInput {
    /// What people would have written of it.
    fn from(case: Case) -> CaseInput {
        let Case { id, comment, clauses, flags, level, operation, input, .. } = case;
        CaseInput { id, comment, clauses, flags, level, operation, input }
    }
}

/// A named intermediate value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The name, unique in the case.
    pub name: String,
    /// The clause that says what it is.
    pub clause: String,
    /// The value.
    #[serde(deserialize_with = "super::strict::value")]
    pub value: Value,
}

/// What must come out: an output, an error, both, or relations. [DS-VEC-3]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// The error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Refused>,
    /// The output, or what was given out before the error.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "super::strict::present")]
    pub output: Option<Value>,
    /// Relations that the output satisfies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relations: Option<Vec<Relation>>,
}

/// An error with a stable code, and its place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Refused {
    /// The stable code.
    pub code: String,
    /// The place: which fields there are depends on the code.
    pub at: Map<String, Value>,
}

/// What an output must satisfy, whatever its coins. [DS-VEC-6]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "relation", rename_all = "lowercase", deny_unknown_fields)]
pub enum Relation {
    /// In every run both shares sum to these elements.
    Reconstructs {
        /// The field of the output.
        field: String,
        /// Ring width.
        width: Count,
        /// The sum.
        elements: Vec<Element>,
    },
    /// Every element of every run is a representative.
    Range {
        /// The field of the output.
        field: String,
        /// Ring width.
        width: Count,
    },
    /// No two runs have the same server's elements.
    Fresh {
        /// The field of the output.
        field: String,
    },
}

impl Expect {
    /// Whether the case is a negative one.
    pub fn is_negative(&self) -> bool {
        self.error.is_some()
    }
}
