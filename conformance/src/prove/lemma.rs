//! What is proved, and what a proof gives.

use super::ProveError;
use super::smt::Query;
use crate::steps::Steps;
use deepshare_reference::values::Width;
use serde::{Deserialize, Serialize};
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
}

impl Widths {
    /// Whether the width is among them.
    pub fn contain(self, width: Width) -> bool {
        match self {
            Widths::Any => true,
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

/// A run on the values of a counterexample, by an implementation's steps: whether the statement holds there.
pub type Replay = Box<dyn Fn(&dyn Steps, &Counterexample) -> Result<bool, ProveError> + Send + Sync>;

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
