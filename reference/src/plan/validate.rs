//! The rules of a valid plan. [DS-PLAN-9]

use crate::values::{Shape, Width};

use super::{AffineGate, Channel, NotPrototype, PlanError, PlanLayer, Source};

/// The largest number of elements of one layer, and of all layers together: 2^53 - 1, the largest count that a file can
/// state. [DS-PLAN-13] [DS-PLAN-15]
const MAX_ELEMENTS: u64 = (1 << 53) - 1;

/// Checks the layers of a plan over a ring of width k, in the order of [DS-PLAN-9].
///
/// # Errors
/// The first rule that is broken.
pub(super) fn layers(width: Width, layers: &[PlanLayer]) -> Result<(), PlanError> {
    for (layer, entry) in layers.iter().enumerate() {
        gate_scale(width, layer, u64::from(entry.gate_scale))?;
    }
    total_elements(layers.iter().map(|entry| entry.shape))?;
    for (layer, entry) in layers.iter().enumerate() {
        channel_count(layer, entry)?;
        for (channel, Channel { source, gate }) in entry.channels.iter().enumerate() {
            let place = Place { layer, channel };
            if let Source::Replicate { layer, channel } = *source {
                place.replicate(layers, layer, channel)?;
            }
            if let Some(gate) = *gate {
                place.gate(width, *source, gate)?;
            }
        }
    }
    Ok(())
}

/// 2^s must be a positive integer of k bits: s <= k - 2. [DS-PLAN-14]
pub(super) fn gate_scale(width: Width, layer: usize, scale: u64) -> Result<u32, PlanError> {
    let bits = width.bits();
    let limit = bits - 2;
    match u32::try_from(scale) {
        Ok(small) if small <= limit => Ok(small),
        _ => Err(PlanError::GateScale { layer, scale, bits, limit }),
    }
}

/// The number of elements of all layers together. Every count of a plan is at most this. [DS-PLAN-15]
///
/// # Errors
/// [`PlanError::TotalOverflow`] if there are more than 2^53 - 1.
pub(super) fn total_elements(shapes: impl Iterator<Item = Shape>) -> Result<u64, PlanError> {
    let mut total: u64 = 0;
    for (layer, shape) in shapes.enumerate() {
        total = total
            .checked_add(shape.elements() as u64)
            .filter(|sum| *sum <= MAX_ELEMENTS)
            .ok_or(PlanError::TotalOverflow { layer })?;
    }
    Ok(total)
}

/// One entry a channel. [DS-PLAN-16] [DS-PLAN-17]
fn channel_count(layer: usize, entry: &PlanLayer) -> Result<(), PlanError> {
    let (found, expected) = (entry.channels.len(), entry.shape.channels());
    match found {
        0 => Err(PlanError::EmptyLayer { layer, expected }),
        _ if found != expected => Err(PlanError::ChannelCount { layer, found, expected }),
        _ => Ok(()),
    }
}

/// The channel that is being checked.
#[derive(Clone, Copy)]
struct Place {
    layer: usize,
    channel: usize,
}

impl Place {
    /// The source of a replicate. The layers up to its own have already been found to list the right number of
    /// channels. [DS-PLAN-18] to [DS-PLAN-22]
    fn replicate(self, layers: &[PlanLayer], source_layer: usize, source_channel: usize) -> Result<(), PlanError> {
        let Place { layer, channel } = self;
        let (Some(own), Some(source)) = (layers.get(layer), layers.get(source_layer)) else {
            return Err(PlanError::SourceLayerOutOfRange { layer, channel, source_layer, layers: layers.len() });
        };
        if source_layer > layer {
            return Err(PlanError::SourceLayerLater { layer, channel, source_layer });
        }
        let Some(source_entry) = source.channels.get(source_channel) else {
            let channels = source.channels.len();
            return Err(PlanError::SourceChannelOutOfRange { layer, channel, source_layer, source_channel, channels });
        };
        self.same_size(own.shape, source_layer, source.shape)?;
        let kind = match source_entry.source {
            Source::Prototype => return Ok(()),
            Source::Replicate { .. } => NotPrototype::Replicate,
            Source::Linear => NotPrototype::Linear,
        };
        Err(PlanError::SourceNotPrototype { layer, channel, source_layer, source_channel, kind })
    }

    /// Equal height and equal width. [DS-PLAN-21]
    fn same_size(self, own: Shape, source_layer: usize, source: Shape) -> Result<(), PlanError> {
        if (own.height(), own.width()) == (source.height(), source.width()) {
            return Ok(());
        }
        Err(PlanError::SpatialMismatch {
            layer: self.layer,
            channel: self.channel,
            source_layer,
            source_height: source.height(),
            source_width: source.width(),
            height: own.height(),
            width: own.width(),
        })
    }

    /// A given gate: not on a linear channel, alpha and beta in [-2^(k-1), 2^(k-1) - 1]. [DS-PLAN-23] to [DS-PLAN-25]
    fn gate(self, width: Width, source: Source, gate: AffineGate) -> Result<(), PlanError> {
        let Place { layer, channel } = self;
        let AffineGate { alpha, beta } = gate;
        let bits = width.bits();
        if source == Source::Linear {
            return Err(PlanError::GateOnLinear { layer, channel });
        }
        if !width.contains(alpha) {
            return Err(PlanError::AlphaOutOfRange { layer, channel, alpha, bits });
        }
        if !width.contains(beta) {
            return Err(PlanError::BetaOutOfRange { layer, channel, beta, bits });
        }
        Ok(())
    }
}
