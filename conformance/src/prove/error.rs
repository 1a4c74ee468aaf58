//! What can go wrong in a proof, other than that it fails.

use deepshare_reference::party::PartyError;
use deepshare_reference::plan::PlanError;
use deepshare_reference::values::ValueError;

/// An error of a proof.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProveError {
    /// A program does not run over symbols.
    #[error("the program stops: {0}")]
    Party(#[from] PartyError),
    /// A plan that a lemma uses.
    #[error("a plan is not valid: {0}")]
    Plan(#[from] PlanError),
    /// A term that cannot be.
    #[error("a term cannot be built: {0}")]
    Value(#[from] ValueError),
    /// Operands of other sorts than an operator takes.
    #[error("{operator} of {sorts}: the sorts do not match")]
    Sorts {
        /// The operator.
        operator: &'static str,
        /// The sorts of the operands.
        sorts: String,
    },
    /// A variable that has no value.
    #[error("{name}: the variable has no value")]
    Unassigned {
        /// The variable.
        name: String,
    },
    /// A value that is no hexadecimal number of the variable's size.
    #[error("{name}: `{text}` is no value of {bits} bits in hexadecimal")]
    BadValue {
        /// The variable.
        name: String,
        /// The text.
        text: String,
        /// The size of the variable.
        bits: u32,
    },
    /// A backend whose program does not run over symbols.
    #[error("{backend}: this program is not run over symbols")]
    NoProgram {
        /// The backend.
        backend: &'static str,
    },
    /// No such program.
    #[error("{solver}: there is no such program on the path; install it, or name another with --solver")]
    NoSolver {
        /// Its name.
        solver: &'static str,
    },
    /// A solver that cannot be run, or that answers something else than it was asked.
    #[error("{solver}: {query}: {what}")]
    Solver {
        /// Its name.
        solver: &'static str,
        /// What it was asked.
        query: String,
        /// What went wrong.
        what: String,
    },
    /// A counterexample that a solver gives and that is none.
    #[error("{query}: the counterexample of the solver satisfies the statement: the term and the program differ")]
    NoCounterexample {
        /// What was asked.
        query: String,
    },
    /// A statement about other values than the lemma has.
    #[error("{lemma}: there is no such lemma")]
    NoLemma {
        /// The name.
        lemma: String,
    },
    /// A counterexample for a fault that the library does not have.
    #[error("{fault}: there is no such fault")]
    NoFault {
        /// The name.
        fault: String,
    },
    /// Two sides of an equation of different lengths.
    #[error("{found} elements where {expected} are expected")]
    Lengths {
        /// What the program gave.
        found: usize,
        /// What the statement says.
        expected: usize,
    },
    /// Normal forms that differ, and no values at which the concrete program fails.
    #[error(
        "{lemma}: neither proved nor refuted: the difference is {difference}, and no values were found at which the program fails"
    )]
    NotFound {
        /// The lemma.
        lemma: String,
        /// The difference of the normal forms.
        difference: String,
    },
    /// The engine of words is asked for what depends on the width.
    #[error("{what}: this step depends on the width, and so is no step on words of all widths")]
    Width {
        /// The step.
        what: &'static str,
    },
}

impl ProveError {
    /// The stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            ProveError::Party(source) => source.code(),
            ProveError::Plan(source) => source.code(),
            ProveError::Value(source) => source.code(),
            ProveError::Sorts { .. } => "prove/sorts",
            ProveError::Unassigned { .. } | ProveError::BadValue { .. } => "prove/value",
            ProveError::NoProgram { .. } => "prove/no-program",
            ProveError::NoSolver { .. } => "prove/no-solver",
            ProveError::Solver { .. } => "prove/solver",
            ProveError::NoCounterexample { .. } => "prove/no-counterexample",
            ProveError::NoLemma { .. } => "prove/no-lemma",
            ProveError::NoFault { .. } => "prove/no-fault",
            ProveError::Lengths { .. } => "prove/lengths",
            ProveError::NotFound { .. } => "prove/not-found",
            ProveError::Width { .. } => "prove/width",
        }
    }
}
