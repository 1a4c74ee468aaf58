//! Errors of plans: one variant for each rule of validity.

use std::fmt;

use crate::values::JsonError;

/// A plan that breaks a rule; each variant says where, and which value breaks it. The rules are checked in the order of
/// the variants as [DS-PLAN-9] says, and the first one broken is reported.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// A ring width outside 2..=64. Only in files. [DS-PLAN-10]
    #[error("ring width {bits} is not in 2..=64")]
    Width {
        /// The width in bits.
        bits: u64,
    },
    /// A step convention that does not exist. Only in files. [DS-PLAN-11]
    #[error("step convention {step:?} is unknown; it is \"nonnegative\" or \"positive\"")]
    UnknownStep {
        /// The name in the file.
        step: String,
    },
    /// A shape with a zero dimension. Only in files. [DS-PLAN-12]
    #[error("layer {layer}: shape {channels}x{height}x{width} has no elements")]
    EmptyShape {
        /// The layer.
        layer: usize,
        /// Channels.
        channels: usize,
        /// Rows.
        height: usize,
        /// Columns.
        width: usize,
    },
    /// A shape with too many elements. [DS-PLAN-13]
    #[error("layer {layer}: shape {channels}x{height}x{width} has more than 2^53 - 1 elements")]
    ShapeOverflow {
        /// The layer.
        layer: usize,
        /// Channels.
        channels: usize,
        /// Rows.
        height: usize,
        /// Columns.
        width: usize,
    },
    /// A gate scale s for which 2^s is no positive integer of k bits. [DS-PLAN-14]
    #[error("layer {layer}: gate scale {scale} is too large for ring width {bits}; it is at most {limit}")]
    GateScale {
        /// The layer.
        layer: usize,
        /// The gate scale, in fraction bits.
        scale: u64,
        /// The ring width k in bits.
        bits: u32,
        /// The largest gate scale of this width, k - 2.
        limit: u32,
    },
    /// All layers up to this one have too many elements together. [DS-PLAN-15]
    #[error("layer {layer}: layers 0..={layer} together have more than 2^53 - 1 elements")]
    TotalOverflow {
        /// The layer whose elements do not fit any more.
        layer: usize,
    },
    /// A layer that lists no channels. [DS-PLAN-16]
    #[error("layer {layer}: no channels are listed, and its shape has {expected}")]
    EmptyLayer {
        /// The layer.
        layer: usize,
        /// The channels of its shape.
        expected: usize,
    },
    /// A layer that lists more or fewer channels than its shape has. [DS-PLAN-17]
    #[error("layer {layer}: {found} channels are listed, and its shape has {expected}")]
    ChannelCount {
        /// The layer.
        layer: usize,
        /// The number of channels listed.
        found: usize,
        /// The channels of its shape.
        expected: usize,
    },
    /// A replicate of a layer that does not exist. [DS-PLAN-18]
    #[error(
        "layer {layer}, channel {channel}: source layer {source_layer} does not exist; the plan has {layers} layers"
    )]
    SourceLayerOutOfRange {
        /// The replicate's layer.
        layer: usize,
        /// The replicate.
        channel: usize,
        /// The layer that it names.
        source_layer: usize,
        /// The number of layers.
        layers: usize,
    },
    /// A replicate of a later layer. [DS-PLAN-19]
    #[error(
        "layer {layer}, channel {channel}: source layer {source_layer} comes later; name this layer or an earlier one"
    )]
    SourceLayerLater {
        /// The replicate's layer.
        layer: usize,
        /// The replicate.
        channel: usize,
        /// The layer that it names.
        source_layer: usize,
    },
    /// A replicate of a channel that does not exist. [DS-PLAN-20]
    #[error(
        "layer {layer}, channel {channel}: source channel {source_channel} does not exist; \
         layer {source_layer} has {channels} channels"
    )]
    SourceChannelOutOfRange {
        /// The replicate's layer.
        layer: usize,
        /// The replicate.
        channel: usize,
        /// The layer that it names.
        source_layer: usize,
        /// The channel that it names.
        source_channel: usize,
        /// The channels of that layer.
        channels: usize,
    },
    /// A replicate of a channel with another height or width. [DS-PLAN-21]
    #[error(
        "layer {layer}, channel {channel}: source layer {source_layer} is {source_height}x{source_width} and this layer \
         is {height}x{width}; sharing needs equal height and width"
    )]
    SpatialMismatch {
        /// The replicate's layer.
        layer: usize,
        /// The replicate.
        channel: usize,
        /// The layer that it names.
        source_layer: usize,
        /// Rows of that layer.
        source_height: usize,
        /// Columns of that layer.
        source_width: usize,
        /// Rows of the replicate's layer.
        height: usize,
        /// Columns of the replicate's layer.
        width: usize,
    },
    /// A replicate of a replicate (itself included) or of a linear channel. [DS-PLAN-22]
    #[error(
        "layer {layer}, channel {channel}: its source, layer {source_layer}, channel {source_channel}, is {kind}; \
         name a prototype"
    )]
    SourceNotPrototype {
        /// The replicate's layer.
        layer: usize,
        /// The replicate.
        channel: usize,
        /// The layer that it names.
        source_layer: usize,
        /// The channel that it names.
        source_channel: usize,
        /// What that channel is.
        kind: NotPrototype,
    },
    /// A linear channel that has a gate. [DS-PLAN-23]
    #[error("layer {layer}, channel {channel}: a linear channel takes no gate; remove the gate")]
    GateOnLinear {
        /// The layer.
        layer: usize,
        /// The channel.
        channel: usize,
    },
    /// A gate's alpha that does not fit the ring. [DS-PLAN-24]
    #[error("layer {layer}, channel {channel}: alpha {alpha} does not fit {bits} bits")]
    AlphaOutOfRange {
        /// The layer.
        layer: usize,
        /// The channel.
        channel: usize,
        /// The value, at the layer's gate scale.
        alpha: i64,
        /// The ring width k in bits.
        bits: u32,
    },
    /// A gate's beta that does not fit the ring. [DS-PLAN-25]
    #[error("layer {layer}, channel {channel}: beta {beta} does not fit {bits} bits")]
    BetaOutOfRange {
        /// The layer.
        layer: usize,
        /// The channel.
        channel: usize,
        /// The value, at the layer's gate scale.
        beta: i64,
        /// The ring width k in bits.
        bits: u32,
    },
}

/// What a channel is that a replicate names and that is no prototype.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotPrototype {
    /// A replicate.
    Replicate,
    /// A linear channel.
    Linear,
}

impl fmt::Display for NotPrototype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NotPrototype::Replicate => "a replicate",
            NotPrototype::Linear => "a linear channel",
        })
    }
}

impl PlanError {
    /// The stable code of the rule, as the book lists it.
    pub fn code(&self) -> &'static str {
        match self {
            PlanError::Width { .. } => "plan/width",
            PlanError::UnknownStep { .. } => "plan/unknown-step",
            PlanError::EmptyShape { .. } => "plan/empty-shape",
            PlanError::ShapeOverflow { .. } => "plan/shape-overflow",
            PlanError::GateScale { .. } => "plan/gate-scale",
            PlanError::TotalOverflow { .. } => "plan/total-overflow",
            PlanError::EmptyLayer { .. } => "plan/empty-layer",
            PlanError::ChannelCount { .. } => "plan/channel-count",
            PlanError::SourceLayerOutOfRange { .. } => "plan/source-layer-out-of-range",
            PlanError::SourceLayerLater { .. } => "plan/source-layer-later",
            PlanError::SourceChannelOutOfRange { .. } => "plan/source-channel-out-of-range",
            PlanError::SpatialMismatch { .. } => "plan/spatial-mismatch",
            PlanError::SourceNotPrototype { .. } => "plan/source-not-prototype",
            PlanError::GateOnLinear { .. } => "plan/gate-on-linear",
            PlanError::AlphaOutOfRange { .. } => "plan/alpha-out-of-range",
            PlanError::BetaOutOfRange { .. } => "plan/beta-out-of-range",
        }
    }
}

/// A text that is no plan file, or a plan file whose plan breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanFileError {
    /// The text is not a file of the format. [DS-FILE-1] [DS-FILE-2]
    #[error(transparent)]
    Json(#[from] JsonError),
    /// The plan breaks a rule. [DS-PLAN-9]
    #[error(transparent)]
    Plan(#[from] PlanError),
}

impl PlanFileError {
    /// The stable code of the error, as the book lists it.
    pub fn code(&self) -> &'static str {
        match self {
            PlanFileError::Json(error) => error.code(),
            PlanFileError::Plan(error) => error.code(),
        }
    }
}
