//! What a comparison finds.

use std::fmt;

/// The verdict on one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The answer is what the case demands.
    Passed,
    /// The case was not asked, or the implementation does not do it; with the reason.
    Skipped(String),
    /// The answer is another one.
    Failed(Box<Failure>),
}

/// Where an answer first differs from its case, told so that it leads to the mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What kind of difference it is.
    pub kind: Kind,
    /// Where: a step, a path in the output, the error, a relation.
    pub place: String,
    /// The clause to read first: the step's, else the case's first.
    pub clause: String,
    /// What the case says.
    pub expected: String,
    /// What the implementation gave.
    pub found: String,
    /// The values in other forms, and mistakes that would explain the difference.
    pub hints: Vec<String>,
}

/// A kind of difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A named intermediate value.
    Step,
    /// A frame of a party: its header, its payload, or that it was sent at all.
    Frame,
    /// The output.
    Output,
    /// Another error, an error where an output is due, or none where one is due.
    Error,
    /// The place of an error.
    Position,
    /// A relation that does not hold.
    Relation,
    /// No answer: the stable code of what the adapter did instead. [DS-ADAPT-6]
    Adapter(&'static str),
}

impl Kind {
    /// A word for reports; the code of a failure of the adapter.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Step => "step",
            Kind::Frame => "frame",
            Kind::Output => "output",
            Kind::Error => "error",
            Kind::Position => "position",
            Kind::Relation => "relation",
            Kind::Adapter(code) => code,
        }
    }
}

impl Failure {
    /// Whether an input that must be rejected was accepted.
    pub fn accepts(&self) -> bool {
        self.kind == Kind::Error && self.found.starts_with("the output ")
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}, found {} [{}]", self.place, self.expected, self.found, self.clause)
    }
}
