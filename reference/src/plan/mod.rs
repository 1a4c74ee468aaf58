//! The sharing plan: whose DReLU each channel of each activation layer uses, and its affine gate.
//!
//! The book's chapter on plans states the clauses `[DS-PLAN-n]` that are named here. A [`Plan`] is always valid: every
//! way to make one ends in [`Plan::new`].

mod agreement;
mod counts;
mod error;
pub(crate) mod json;
mod makers;
mod validate;

use std::fmt;

use crate::values::{Shape, Width};

pub use agreement::{Calibration, Sharing, agreement};
pub use counts::Counts;
pub use error::{NotPrototype, PlanError, PlanFileError};
pub use makers::{Grouping, MAX_CHANNELS, MakerError, budget, groups, stage};

/// Which step the DReLU is: what it gives at 0. [DS-PLAN-2]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepConvention {
    /// The bit is 1 where x >= 0: the convention of the secure-inference literature.
    Nonnegative,
    /// The bit is 1 where x > 0: the convention of training frameworks.
    Positive,
}

impl fmt::Display for StepConvention {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            StepConvention::Nonnegative => "nonnegative",
            StepConvention::Positive => "positive",
        })
    }
}

/// Who knows a layer's gates. [DS-PLAN-7]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// Both parties.
    Public,
    /// The server only.
    Private,
}

/// The gate source of a channel. [DS-PLAN-3]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The DReLU of this channel's own pre-activation.
    Prototype,
    /// The DReLU of a prototype in the same layer or an earlier one of equal height and width.
    Replicate {
        /// The prototype's layer.
        layer: usize,
        /// The prototype.
        channel: usize,
    },
    /// No gate: the identity.
    Linear,
}

/// The affine gate (alpha, beta) of a channel, both at the layer's gate scale: y = (alpha * d + beta) * x. [DS-PLAN-4]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AffineGate {
    /// What the bit d is multiplied by.
    pub alpha: i64,
    /// What is added to it.
    pub beta: i64,
}

/// One channel's entry of a plan. [DS-PLAN-1]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Whose DReLU it uses.
    pub source: Source,
    /// Its affine gate, if it is not the default one; see [`PlanLayer::gate`]. `None` on a linear channel.
    pub gate: Option<AffineGate>,
}

/// One activation layer's part of a plan. [DS-PLAN-1]
#[derive(Clone, PartialEq, Eq)]
pub struct PlanLayer {
    /// The layer's shape (C, H, W).
    pub shape: Shape,
    /// s, the fraction bits of the layer's gates.
    pub gate_scale: u32,
    /// Who knows the layer's gates.
    pub visibility: Visibility,
    /// One entry a channel, in order.
    pub channels: Vec<Channel>,
}

impl PlanLayer {
    /// The default gate of this layer, (2^s, 0): a plain shared ReLU. A linear channel is multiplied by the same 2^s.
    /// In a layer that is part of no valid plan, 2^s saturates. [DS-PLAN-5]
    pub fn default_gate(&self) -> AffineGate {
        AffineGate { alpha: 2_i64.saturating_pow(self.gate_scale), beta: 0 }
    }

    /// The gate that applies to a channel, given or default. `None` for a linear channel, and where there is no such
    /// channel. [DS-PLAN-5]
    pub fn gate(&self, channel: usize) -> Option<AffineGate> {
        let entry = self.channels.get(channel)?;
        match entry.source {
            Source::Linear => None,
            Source::Prototype | Source::Replicate { .. } => Some(entry.gate.unwrap_or(self.default_gate())),
        }
    }
}

/// Private gates are the server's secret and are left out.
impl fmt::Debug for PlanLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("PlanLayer");
        fields.field("shape", &self.shape).field("gate_scale", &self.gate_scale).field("visibility", &self.visibility);
        match self.visibility {
            Visibility::Public => fields.field("channels", &self.channels).finish(),
            Visibility::Private => {
                let sources: Vec<Source> = self.channels.iter().map(|channel| channel.source).collect();
                fields.field("sources", &sources).finish_non_exhaustive()
            }
        }
    }
}

/// A valid sharing plan. [DS-PLAN-1]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    width: Width,
    step: StepConvention,
    layers: Vec<PlanLayer>,
}

impl Plan {
    /// The plan of a network's activation layers, in topological order. There may be none.
    ///
    /// # Errors
    /// The first rule that is broken, in the order of [DS-PLAN-9].
    pub fn new(width: Width, step: StepConvention, layers: Vec<PlanLayer>) -> Result<Plan, PlanError> {
        validate::layers(width, &layers)?;
        Ok(Plan { width, step, layers })
    }

    /// The ring width k.
    pub fn width(&self) -> Width {
        self.width
    }

    /// The step convention of all its DReLUs.
    pub fn step(&self) -> StepConvention {
        self.step
    }

    /// The activation layers, in topological order.
    pub fn layers(&self) -> &[PlanLayer] {
        &self.layers
    }

    /// The same plan over another ring. [DS-PLAN-26]
    ///
    /// # Errors
    /// [`PlanError::GateScale`], [`PlanError::AlphaOutOfRange`] or [`PlanError::BetaOutOfRange`] if the ring is too
    /// small for a gate. [DS-PLAN-9]
    pub fn with_width(&self, width: Width) -> Result<Plan, PlanError> {
        Plan::new(width, self.step, self.layers.clone())
    }

    /// The public part: the plan without the gates of private layers. [DS-PLAN-8]
    pub fn public_part(&self) -> Plan {
        let mut public = self.clone();
        let private_layers = public.layers.iter_mut().filter(|layer| layer.visibility == Visibility::Private);
        for channel in private_layers.flat_map(|layer| &mut layer.channels) {
            channel.gate = None;
        }
        public
    }

    /// The prototype (layer, channel) whose DReLU a channel uses: itself if it is one. `None` for a linear channel, and
    /// where there is no such channel. [DS-PLAN-3]
    pub fn prototype_of(&self, layer: usize, channel: usize) -> Option<(usize, usize)> {
        match self.layers.get(layer)?.channels.get(channel)?.source {
            Source::Prototype => Some((layer, channel)),
            Source::Replicate { layer, channel } => Some((layer, channel)),
            Source::Linear => None,
        }
    }
}
