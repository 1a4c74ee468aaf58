//! The `agreement` maker: prototypes and replicates from calibration data. [DS-PLAN-34]

use std::collections::BTreeMap;

use crate::values::{Shape, Width};

use super::makers::{MakerError, Slot, assemble, at_least_one, by_resolution, check, slots};
use super::{Plan, StepConvention};

/// Calibration data: for each layer, for each sample, the DReLU bits of its C * H * W elements in the order of tensors.
/// A plan that is made from it says something about the data and the weights.
pub type Calibration = [Vec<Vec<bool>>];

/// Which layers of [`agreement`] share prototypes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    /// Every layer by itself: P prototypes in each.
    Layer,
    /// All layers of equal height and width: P prototypes in the first of them, the others replicate.
    Resolution,
}

/// P prototypes in each layer or resolution, chosen so that the bits of the channels agree best with those of their
/// prototypes over all samples and neurons. [DS-PLAN-34]
///
/// Candidates are the channels of the first layer that shares. The prototypes are chosen one after the other, each so
/// that the sum, over all channels that share, of the agreement with their best prototype so far becomes largest (a
/// greedy choice of medoids; it does not promise the best set). Every other channel then uses the prototype that it
/// agrees with most. Ties go to the lowest (layer, channel).
///
/// # Errors
/// [`MakerError::NoPrototypes`], [`MakerError::TooManyChannels`], [`MakerError::Plan`], and for calibration data that
/// does not have the size of the network [`MakerError::CalibrationLayers`], [`MakerError::NoSamples`],
/// [`MakerError::CalibrationSamples`], [`MakerError::CalibrationBits`].
pub fn agreement(
    shapes: &[Shape],
    width: Width,
    step: StepConvention,
    calibration: &Calibration,
    sharing: Sharing,
    prototypes: usize,
) -> Result<Plan, MakerError> {
    at_least_one(prototypes)?;
    check(shapes)?;
    check_sizes(shapes, calibration)?;
    let families = match sharing {
        Sharing::Layer => (0..shapes.len()).map(|layer| vec![layer]).collect(),
        Sharing::Resolution => by_resolution(shapes),
    };
    let mut used = BTreeMap::new();
    for layers in families {
        used.extend(share(&channel_bits(shapes, &layers, calibration), prototypes));
    }
    assemble(shapes, width, step, &used)
}

/// The calibration data has the layers, and every layer the elements, of the network; all layers have as many samples.
fn check_sizes(shapes: &[Shape], calibration: &Calibration) -> Result<(), MakerError> {
    let (found, expected) = (calibration.len(), shapes.len());
    if found != expected {
        return Err(MakerError::CalibrationLayers { found, expected });
    }
    let expected_samples = calibration.first().map_or(0, Vec::len);
    for (layer, (shape, samples)) in shapes.iter().zip(calibration).enumerate() {
        let (found, expected) = (samples.len(), expected_samples);
        if found != expected {
            return Err(MakerError::CalibrationSamples { layer, found, expected });
        }
        if found == 0 {
            return Err(MakerError::NoSamples { layer });
        }
        for (sample, bits) in samples.iter().enumerate() {
            let (found, expected) = (bits.len(), shape.elements());
            if found != expected {
                return Err(MakerError::CalibrationBits { layer, sample, found, expected });
            }
        }
    }
    Ok(())
}

/// A channel and its calibration bits over all samples and neurons, 64 in a word.
struct ChannelBits {
    slot: Slot,
    words: Vec<u64>,
}

impl ChannelBits {
    /// The number of samples and neurons at which two channels of equal size differ.
    fn differences(&self, other: &ChannelBits) -> u64 {
        self.words.iter().zip(&other.words).map(|(a, b)| u64::from((a ^ b).count_ones())).sum()
    }
}

/// The bits of each channel of some layers of equal height and width.
fn channel_bits(shapes: &[Shape], layers: &[usize], calibration: &Calibration) -> Vec<ChannelBits> {
    let channels = slots(shapes, layers.iter().copied()).map(|((layer, channel), shape)| {
        let area = shape.area();
        let samples = calibration.get(layer).into_iter().flatten();
        let bits: Vec<bool> =
            samples.flat_map(|sample| sample.iter().skip(channel * area).take(area).copied()).collect();
        ChannelBits { slot: (layer, channel), words: pack(&bits) }
    });
    channels.collect()
}

/// Packs bits, 64 in a word; in which order does not matter for differences.
fn pack(bits: &[bool]) -> Vec<u64> {
    bits.chunks(64).map(|word| word.iter().fold(0, |packed, bit| 2 * packed + u64::from(*bit))).collect()
}

/// Each channel of those that share with its prototype: itself, or the one it agrees with most.
fn share(channels: &[ChannelBits], prototypes: usize) -> Vec<(Slot, Slot)> {
    let prototypes = choose(channels, prototypes);
    let best = |channel: &ChannelBits| {
        let is_prototype = prototypes.iter().any(|prototype| prototype.slot == channel.slot);
        let nearest = prototypes.iter().min_by_key(|prototype| (channel.differences(prototype), prototype.slot));
        if is_prototype { channel.slot } else { nearest.map_or(channel.slot, |prototype| prototype.slot) }
    };
    channels.iter().map(|channel| (channel.slot, best(channel))).collect()
}

/// The greedy choice of prototypes among the channels of the first layer.
fn choose(channels: &[ChannelBits], prototypes: usize) -> Vec<&ChannelBits> {
    let in_first_layer = |channel: &&ChannelBits| channels.first().is_some_and(|first| first.slot.0 == channel.slot.0);
    let mut candidates: Vec<&ChannelBits> = channels.iter().filter(in_first_layer).collect();
    let mut chosen = Vec::new();
    // For each channel, its differences from the nearest prototype so far; there is none yet.
    let mut least = vec![u64::MAX; channels.len()];
    while chosen.len() < prototypes {
        let with = |candidate: &ChannelBits| -> Vec<u64> {
            channels.iter().zip(&least).map(|(channel, least)| channel.differences(candidate).min(*least)).collect()
        };
        // Of equal sums the first one is taken, which is the lowest channel.
        let best = candidates.iter().enumerate().min_by_key(|(_, candidate)| with(candidate).iter().sum::<u64>());
        let Some((position, candidate)) = best else { break };
        least = with(candidate);
        chosen.push(candidates.remove(position));
    }
    chosen
}
