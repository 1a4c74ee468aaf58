//! Errors of network files.

use crate::plan::PlanError;
use crate::values::{JsonError, Shape, ValueError};

/// A network that the specification rejects. [DS-NET-2]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NetworkError {
    /// The text is not a file of the format. [DS-FILE-1]
    #[error(transparent)]
    Json(#[from] JsonError),
    /// The plan is not valid. [DS-PLAN-9]
    #[error("plan: {source}")]
    Plan {
        /// The rule that is broken.
        source: PlanError,
    },
    /// There are no layers.
    #[error("the network has no layers")]
    NoLayers,
    /// Two layers have one name, or a layer is called `input`.
    #[error("layer {layer}: the name is taken; names must be unique, and `input` is the network's input")]
    DuplicateName {
        /// The name.
        layer: String,
    },
    /// A field that the operation needs is missing.
    #[error("layer {layer}: `{op}` needs the field `{field}`")]
    MissingField {
        /// The layer.
        layer: String,
        /// Its operation.
        op: &'static str,
        /// The field.
        field: &'static str,
    },
    /// A field that the operation does not have.
    #[error("layer {layer}: `{op}` has no field `{field}`")]
    ForeignField {
        /// The layer.
        layer: String,
        /// Its operation.
        op: &'static str,
        /// The field.
        field: &'static str,
    },
    /// An operand that is not the input or an earlier layer.
    #[error("layer {layer}: operand {operand:?} is not `input` and no earlier layer")]
    UnknownOperand {
        /// The layer.
        layer: String,
        /// The operand's name.
        operand: String,
    },
    /// Another number of operands than the operation takes.
    #[error("layer {layer}: `{op}` takes {expected} operand(s) in `from`, found {found}")]
    OperandCount {
        /// The layer.
        layer: String,
        /// Its operation.
        op: &'static str,
        /// Operands found.
        found: usize,
        /// Operands expected.
        expected: usize,
    },
    /// A zero-sized or overflowing shape, or a window that does not fit.
    #[error("layer {layer}: {source}")]
    Geometry {
        /// The layer, or `input`.
        layer: String,
        /// The rule that is broken.
        source: ValueError,
    },
    /// The number of weights does not match the layer's shape.
    #[error("layer {layer}: {found} weights, expected {expected}")]
    WeightCount {
        /// The layer.
        layer: String,
        /// Weights found.
        found: usize,
        /// Weights expected.
        expected: usize,
    },
    /// The number of biases does not match the output channels.
    #[error("layer {layer}: {found} biases, expected {expected}, one an output channel")]
    BiasCount {
        /// The layer.
        layer: String,
        /// Biases found.
        found: usize,
        /// Biases expected.
        expected: usize,
    },
    /// A weight or bias that does not fit the plan's width. [DS-NET-3]
    #[error("layer {layer}: {what}[{index}] = {value} does not fit {bits} bits")]
    ParameterRange {
        /// The layer.
        layer: String,
        /// `weights` or `bias`.
        what: &'static str,
        /// Position in the list.
        index: usize,
        /// The value.
        value: i64,
        /// The width in bits.
        bits: u32,
    },
    /// Some linear layers have weights and this one has not, or the other way round.
    #[error("layer {layer}: a network has weights in all its linear layers, or in none (shape-only)")]
    PartialWeights {
        /// The first layer that differs from the first linear layer.
        layer: String,
    },
    /// A file that calls itself a public part has parameters. [DS-NET-7]
    #[error("the file says `\"part\": \"public\"`, but has {what}")]
    PublicParameters {
        /// Which parameters.
        what: &'static str,
    },
    /// Operands of an addition have different shapes.
    #[error("layer {layer}: cannot add shapes {left} and {right}")]
    AddShapes {
        /// The layer.
        layer: String,
        /// Shape of the first operand.
        left: Shape,
        /// Shape of the second operand.
        right: Shape,
    },
    /// The operand of a broadcast has more than one row and column. [DS-LIN-11]
    #[error("layer {layer}: shape {shape} has more than one row and column; only one can be broadcast")]
    BroadcastShape {
        /// The layer.
        layer: String,
        /// Shape of the operand.
        shape: Shape,
    },
    /// Operands of an addition have different scales. [DS-VAL-7]
    #[error("layer {layer}: cannot add scales {left} and {right}; truncate the larger one first")]
    AddScales {
        /// The layer.
        layer: String,
        /// Fraction bits of the first operand.
        left: u32,
        /// Fraction bits of the second operand.
        right: u32,
    },
    /// A scale above 65,535 fraction bits.
    #[error("layer {layer}: a scale of {scale} fraction bits is more than 65535")]
    Scale {
        /// The layer, or `input`.
        layer: String,
        /// The scale.
        scale: u64,
    },
    /// A truncation that is not below the ring width, or larger than the scale. [DS-TRUNC-1]
    #[error(
        "layer {layer}: truncation by {shift} bits needs a scale of at least {shift} bits (it is {scale}) and a ring width above {shift} (it is {bits})"
    )]
    Shift {
        /// The layer.
        layer: String,
        /// The shift in bits.
        shift: u64,
        /// Fraction bits of the operand.
        scale: u32,
        /// The ring width in bits.
        bits: u32,
    },
    /// Activations do not use the plan's layers in order. [DS-NET-5]
    #[error("layer {layer}: activation uses plan layer {found}, expected {expected}: plan layers are used in order")]
    ActivationOrder {
        /// The layer.
        layer: String,
        /// The plan layer that it names.
        found: usize,
        /// The next unused plan layer.
        expected: usize,
    },
    /// The plan has another number of layers than the network has activations. [DS-NET-5]
    #[error("the plan has {planned} layers, the network {found} activations")]
    ActivationCount {
        /// Layers of the plan.
        planned: usize,
        /// Activations of the network.
        found: usize,
    },
    /// An activation's operand does not have the shape of its plan layer. [DS-NET-5]
    #[error("layer {layer}: shape {found} is not the shape {planned} of plan layer {index}")]
    ActivationShape {
        /// The layer.
        layer: String,
        /// The plan layer.
        index: usize,
        /// Shape of the operand.
        found: Shape,
        /// Shape in the plan.
        planned: Shape,
    },
}

impl NetworkError {
    /// The error's stable code.
    pub fn code(&self) -> &'static str {
        match self {
            NetworkError::Json(error) => error.code(),
            NetworkError::Plan { source } => source.code(),
            NetworkError::NoLayers => "network/no-layers",
            NetworkError::DuplicateName { .. } => "network/duplicate-name",
            NetworkError::MissingField { .. } => "network/missing-field",
            NetworkError::ForeignField { .. } => "network/foreign-field",
            NetworkError::UnknownOperand { .. } => "network/unknown-operand",
            NetworkError::OperandCount { .. } => "network/operand-count",
            NetworkError::Geometry { .. } => "network/geometry",
            NetworkError::WeightCount { .. } => "network/weight-count",
            NetworkError::BiasCount { .. } => "network/bias-count",
            NetworkError::ParameterRange { .. } => "network/parameter-range",
            NetworkError::PartialWeights { .. } => "network/partial-weights",
            NetworkError::PublicParameters { .. } => "network/public-parameters",
            NetworkError::AddShapes { .. } => "network/add-shapes",
            NetworkError::BroadcastShape { .. } => "network/broadcast-shape",
            NetworkError::AddScales { .. } => "network/add-scales",
            NetworkError::Scale { .. } => "network/scale",
            NetworkError::Shift { .. } => "network/shift",
            NetworkError::ActivationOrder { .. } => "network/activation-order",
            NetworkError::ActivationCount { .. } => "network/activation-count",
            NetworkError::ActivationShape { .. } => "network/activation-shape",
        }
    }
}
