//! Where and why the plaintext semantics gives no result.

use crate::values::ValueError;

/// A place where the integer semantics checks that a value fits k bits; parameters have an error of their own,
/// [`SemanticsError::Parameter`]. [DS-INT-1]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checkpoint {
    /// An element of the network's input.
    Input,
    /// An element of a tensor between operations: a whole sum with its bias, an addition, a pool, a truncation.
    Tensor,
    /// x - 1, under the step convention `positive`.
    Step,
    /// An activation's output.
    Activation,
}

/// The semantics gives no result: a value that does not fit, or a network that cannot be evaluated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SemanticsError {
    /// A value that does not fit k bits at a checkpoint. [DS-INT-1]
    #[error(
        "layer {layer}, channel {channel}, row {row}, column {column}: {checkpoint:?} value {value} does not fit {bits} bits"
    )]
    Overflow {
        /// The layer's name, or `input`.
        layer: String,
        /// Which checkpoint.
        checkpoint: Checkpoint,
        /// Channel.
        channel: usize,
        /// Row.
        row: usize,
        /// Column.
        column: usize,
        /// The value.
        value: String,
        /// Ring width in bits.
        bits: u32,
    },
    /// A parameter that does not fit k bits. [DS-INT-1]
    #[error("layer {layer}: parameter {what}[{index}] = {value} does not fit {bits} bits")]
    Parameter {
        /// The layer's name.
        layer: String,
        /// `weights` or `bias`.
        what: &'static str,
        /// Position in the list.
        index: usize,
        /// The value.
        value: i64,
        /// Ring width in bits.
        bits: u32,
    },
    /// A shape-only network has nothing to evaluate.
    #[error("layer {layer}: the network is shape-only; it has no weights to evaluate")]
    NoWeights {
        /// The layer's name.
        layer: String,
    },
    /// A tensor that is too large to be evaluated in the clear: a small file must not make it take all memory. [DS-NET-13]
    #[error("layer {layer}: {elements} elements are more than the 2^26 that are evaluated in the clear")]
    TooLarge {
        /// The layer's name, or `input`.
        layer: String,
        /// Its number of elements.
        elements: usize,
    },
    /// An input with another number of elements than the network takes.
    #[error("the input has {found} elements, the network takes {expected}")]
    InputLength {
        /// Elements found.
        found: usize,
        /// Elements expected.
        expected: usize,
    },
    /// A length or shift that validation excludes.
    #[error("layer {layer}: {source}")]
    Value {
        /// The layer's name.
        layer: String,
        /// What is wrong.
        source: ValueError,
    },
}

impl SemanticsError {
    /// The error's stable code.
    pub fn code(&self) -> &'static str {
        match self {
            SemanticsError::Overflow { .. } => "semantics/overflow",
            SemanticsError::Parameter { .. } => "semantics/parameter",
            SemanticsError::NoWeights { .. } => "semantics/no-weights",
            SemanticsError::TooLarge { .. } => "semantics/too-large",
            SemanticsError::InputLength { .. } => "semantics/input-length",
            SemanticsError::Value { .. } => "semantics/value",
        }
    }
}
