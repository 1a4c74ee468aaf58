//! What is proved, and what a proof gives.

use super::ProveError;
use super::draws::Draws;
use super::smt::Query;
use super::smt::eval::Assignment;
use crate::steps::Steps;
use deepshare_reference::values::Width;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Whose programs a lemma is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Backend {
    /// No protocol: the definitions themselves.
    Semantics,
    /// `gmw`.
    Gmw,
    /// `ot`, and all of `ot-dealer` but its linear layers.
    Ot,
    /// The linear layers of `ot-dealer`.
    OtDealer,
    /// `fss`, by payload.
    Fss,
    /// `fss-select`.
    FssSelect,
    /// `garbled`.
    Garbled,
}

impl Backend {
    /// All of them.
    pub const ALL: [Backend; 7] = [
        Backend::Semantics,
        Backend::Gmw,
        Backend::Ot,
        Backend::OtDealer,
        Backend::Fss,
        Backend::FssSelect,
        Backend::Garbled,
    ];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Backend::Semantics => "semantics",
            Backend::Gmw => "gmw",
            Backend::Ot => "ot",
            Backend::OtDealer => "ot-dealer",
            Backend::Fss => "fss",
            Backend::FssSelect => "fss-select",
            Backend::Garbled => "garbled",
        }
    }
}

/// For which widths a lemma is decided by bit vectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Widths {
    /// For each of 2 to 64.
    Any,
    /// Up to this width; above it no solver answers in time.
    UpTo(u32),
    /// Once for all: the statement has nothing of the width.
    Once,
}

impl Widths {
    /// Whether the width is among them.
    pub fn contain(self, width: Width) -> bool {
        match self {
            Widths::Any | Widths::Once => true,
            Widths::UpTo(most) => width.bits() <= most,
        }
    }
}

/// A statement about all inputs, shares and coins, and the way to decide it.
pub struct Lemma {
    /// The stable name, `what/backend/case`.
    pub name: String,
    /// The clause of the specification that it is about.
    pub clause: &'static str,
    /// Whose programs it is about.
    pub backend: Backend,
    /// The statement, in words.
    pub statement: &'static str,
    /// How it is decided.
    pub proof: Proof,
}

/// What is asked of solvers at one width, by an implementation's steps.
pub type Queries = Box<dyn Fn(&dyn Steps, Width) -> Result<Vec<Query>, ProveError> + Send + Sync>;

/// A run of the concrete program on given values, by an implementation's steps.
pub type Replay = Box<dyn Fn(&dyn Steps, Width, &Assignment) -> Result<Outcome, ProveError> + Send + Sync>;

/// What a run on given values comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// What the program gives, as elements; a bit is 0 or 1.
    pub found: Vec<u64>,
    /// What the statement demands.
    pub expected: Vec<u64>,
    /// All that was drawn: inputs, shares and coins.
    pub draws: Draws,
    /// The operation of the vectors that asks the same of these inputs, if there is one, with its input. [DS-VEC-7]
    pub asks: Option<(&'static str, Value)>,
}

impl Outcome {
    /// Whether the statement holds there.
    pub fn holds(&self) -> bool {
        self.found == self.expected
    }
}

/// A decision for all widths at once, by an implementation's steps.
pub type Decide = Box<dyn Fn(&dyn Steps) -> Result<Decision, ProveError> + Send + Sync>;

/// How a lemma is decided.
pub enum Proof {
    /// By solvers of bit vectors, one width at a time. The lemma holds where all queries are.
    Bits {
        /// The widths.
        widths: Widths,
        /// The queries.
        queries: Queries,
        /// The concrete run.
        replay: Replay,
    },
    /// Here, by normal forms, for all widths at once.
    Words {
        /// The decision.
        decide: Decide,
        /// The concrete run.
        replay: Replay,
    },
}

impl Lemma {
    /// Runs the concrete program on given values, by an implementation's steps. [DS-PROVE-5]
    ///
    /// # Errors
    /// What the program reports.
    pub fn run(&self, steps: &dyn Steps, width: Width, values: &Assignment) -> Result<Outcome, ProveError> {
        let (Proof::Bits { replay, .. } | Proof::Words { replay, .. }) = &self.proof;
        replay(steps, width, values)
    }

    /// Whether the lemma holds at the values of a counterexample.
    ///
    /// # Errors
    /// [`ProveError::BadValue`]; what the program reports.
    pub fn holds(&self, steps: &dyn Steps, found: &Counterexample) -> Result<bool, ProveError> {
        Ok(self.run(steps, Width::new(found.width.into())?, &found.assignment()?)?.holds())
    }
}

/// What deciding a lemma gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It holds.
    Holds {
        /// How many cases of its bits were compared.
        cases: u64,
    },
    /// It does not hold.
    Fails(Counterexample),
}

/// Values of inputs, shares and coins for which a lemma fails. Words are written in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counterexample {
    /// The lemma.
    pub lemma: String,
    /// The clause that it is about.
    pub clause: String,
    /// The fault of the library that was put in, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// The width k.
    pub width: u32,
    /// The query of the lemma that failed.
    pub query: String,
    /// The variables, by name.
    pub values: BTreeMap<String, String>,
}
