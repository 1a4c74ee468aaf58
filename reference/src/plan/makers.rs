//! Makers: plans from the shapes of a network's activation layers. [DS-PLAN-30] to [DS-PLAN-33]
//!
//! A maker only decides which channels are prototypes and which prototype each other channel replicates. All its gates
//! are the default ones at gate scale 0, and public.

use std::collections::BTreeMap;

use crate::values::{Shape, Width};

use super::{Channel, Plan, PlanError, PlanLayer, Source, StepConvention, Visibility, validate};

/// The most channels, over all layers, that a maker makes a plan for. Shapes may come from a file that states large
/// numbers; a plan takes memory for each channel. [DS-PLAN-30]
pub const MAX_CHANNELS: usize = 1 << 18;

/// A plan that cannot be made. [DS-PLAN-35]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MakerError {
    /// No prototypes were asked for, but every gated channel needs one.
    #[error("0 prototypes were asked for; at least 1 is needed")]
    NoPrototypes,
    /// More channels than [`MAX_CHANNELS`].
    #[error("layer {layer}: layers 0..={layer} together have more than {MAX_CHANNELS} channels")]
    TooManyChannels {
        /// The layer whose channels are too many.
        layer: usize,
    },
    /// A budget below one prototype in each resolution.
    #[error("a budget of {budget} DReLUs is too small; one channel of each resolution takes {floor}")]
    BudgetBelowFloor {
        /// The budget, in DReLUs.
        budget: u64,
        /// The smallest budget there is a plan for.
        floor: u64,
    },
    /// Calibration data for more or fewer layers than the network has.
    #[error("the calibration data is for {found} layers, and the network has {expected}")]
    CalibrationLayers {
        /// Layers of the data.
        found: usize,
        /// Layers of the network.
        expected: usize,
    },
    /// Calibration data without samples.
    #[error("layer {layer}: the calibration data has no samples")]
    NoSamples {
        /// The layer.
        layer: usize,
    },
    /// A layer with more or fewer samples than layer 0.
    #[error("layer {layer}: the calibration data has {found} samples, and {expected} for layer 0")]
    CalibrationSamples {
        /// The layer.
        layer: usize,
        /// Samples of the layer.
        found: usize,
        /// Samples of layer 0.
        expected: usize,
    },
    /// A sample with more or fewer bits than the layer has elements.
    #[error("layer {layer}, sample {sample}: {found} bits, and the layer has {expected} elements")]
    CalibrationBits {
        /// The layer.
        layer: usize,
        /// The sample.
        sample: usize,
        /// Bits of the sample.
        found: usize,
        /// Elements of the layer, C * H * W.
        expected: usize,
    },
    /// The shapes are none of a valid plan.
    #[error(transparent)]
    Plan(#[from] PlanError),
}

impl MakerError {
    /// The stable code of the error, as the book lists it.
    pub fn code(&self) -> &'static str {
        match self {
            MakerError::NoPrototypes => "maker/no-prototypes",
            MakerError::TooManyChannels { .. } => "maker/too-many-channels",
            MakerError::BudgetBelowFloor { .. } => "maker/budget-below-floor",
            MakerError::CalibrationLayers { .. } => "maker/calibration-layers",
            MakerError::NoSamples { .. } => "maker/no-samples",
            MakerError::CalibrationSamples { .. } => "maker/calibration-samples",
            MakerError::CalibrationBits { .. } => "maker/calibration-bits",
            MakerError::Plan(error) => error.code(),
        }
    }
}

/// A channel of a network: (layer, channel).
pub(super) type Slot = (usize, usize);

/// How [`groups`] divides the C channels of a layer among its prototypes: P of them, or C if that is less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grouping {
    /// Channels 0..P are the prototypes; channel c uses prototype c mod P.
    Modulo {
        /// P, prototypes in a layer.
        prototypes: usize,
    },
    /// P runs of consecutive channels; the first C mod P runs have one channel more than the others. The first channel
    /// of a run is its prototype.
    Contiguous {
        /// P, prototypes in a layer.
        prototypes: usize,
    },
}

impl Grouping {
    /// The prototype of each of the C channels of a layer, in order.
    fn prototypes(self, channels: usize) -> Vec<usize> {
        match self {
            Grouping::Modulo { prototypes } => {
                (0..channels).map(|channel| channel % prototypes.min(channels)).collect()
            }
            Grouping::Contiguous { prototypes } => {
                let runs = prototypes.min(channels);
                let start = |run: usize| run * (channels / runs) + run.min(channels % runs);
                (0..runs).flat_map(|run| std::iter::repeat_n(start(run), start(run + 1) - start(run))).collect()
            }
        }
    }
}

/// Every layer by itself. [DS-PLAN-31]
///
/// # Errors
/// [`MakerError::NoPrototypes`], [`MakerError::TooManyChannels`], [`MakerError::Plan`].
pub fn groups(shapes: &[Shape], width: Width, step: StepConvention, grouping: Grouping) -> Result<Plan, MakerError> {
    let (Grouping::Modulo { prototypes } | Grouping::Contiguous { prototypes }) = grouping;
    at_least_one(prototypes)?;
    check(shapes)?;
    let mut used = BTreeMap::new();
    for (layer, shape) in shapes.iter().enumerate() {
        let prototypes = grouping.prototypes(shape.channels()).into_iter().enumerate();
        used.extend(prototypes.map(|(channel, prototype)| ((layer, channel), (layer, prototype))));
    }
    assemble(shapes, width, step, &used)
}

/// The first layer of each resolution has the prototypes: all its channels, or the first P of them. Channel c of a layer
/// of that resolution uses prototype c mod P, P at most the first layer's number of channels. [DS-PLAN-32]
///
/// # Errors
/// [`MakerError::NoPrototypes`], [`MakerError::TooManyChannels`], [`MakerError::Plan`].
pub fn stage(
    shapes: &[Shape],
    width: Width,
    step: StepConvention,
    prototypes: Option<usize>,
) -> Result<Plan, MakerError> {
    let wanted = prototypes.unwrap_or(usize::MAX);
    at_least_one(wanted)?;
    check(shapes)?;
    let mut used = BTreeMap::new();
    for layers in by_resolution(shapes) {
        if let Some(first) = layers.first().copied()
            && let Some(shape) = shapes.get(first)
        {
            let count = wanted.min(shape.channels());
            used.extend(slots(shapes, layers).map(|(slot, _)| (slot, (first, slot.1 % count))));
        }
    }
    assemble(shapes, width, step, &used)
}

/// The most uniform plan with at most `budget` DReLUs. [DS-PLAN-33]
///
/// Each resolution gets its first channel as prototype. Then further prototypes are offered in the order of their level:
/// the m-th prototype of a resolution has level m / C, C the channels of its first layer, so that resolutions fill up
/// in step. Equal levels go to the earlier resolution. Each one that still fits the budget is taken.
///
/// The prototypes of a resolution are its first channels, in the order of layers; channel number q of the resolution
/// uses prototype q mod P, so that the fan-outs differ by at most 1.
///
/// # Errors
/// [`MakerError::BudgetBelowFloor`], [`MakerError::TooManyChannels`], [`MakerError::Plan`].
pub fn budget(shapes: &[Shape], width: Width, step: StepConvention, budget: u64) -> Result<Plan, MakerError> {
    check(shapes)?;
    let mut resolutions: Vec<Resolution> =
        by_resolution(shapes).into_iter().filter_map(|layers| Resolution::new(shapes, layers)).collect();
    let floor = resolutions.iter().map(|resolution| resolution.area).sum();
    let mut left = budget.checked_sub(floor).ok_or(MakerError::BudgetBelowFloor { budget, floor })?;
    for number in offers(&resolutions) {
        if let Some(resolution) = resolutions.get_mut(number)
            && resolution.area <= left
        {
            left -= resolution.area;
            resolution.prototypes += 1;
        }
    }
    let used = resolutions.iter().flat_map(Resolution::round_robin).collect();
    assemble(shapes, width, step, &used)
}

/// The channels of equal height and width, for [`budget`].
struct Resolution {
    /// H * W, the DReLUs of one prototype.
    area: u64,
    /// Channels of the first layer.
    first_channels: usize,
    /// All channels, in the order of layers.
    slots: Vec<Slot>,
    /// How many of them, from the first, are prototypes.
    prototypes: usize,
}

impl Resolution {
    /// One resolution with one prototype.
    fn new(shapes: &[Shape], layers: Vec<usize>) -> Option<Resolution> {
        let first = shapes.get(*layers.first()?)?;
        let slots = slots(shapes, layers).map(|(slot, _)| slot).collect();
        Some(Resolution { area: first.area() as u64, first_channels: first.channels(), slots, prototypes: 1 })
    }

    /// Each channel with its prototype: number q uses number q mod P.
    fn round_robin(&self) -> impl Iterator<Item = (Slot, Slot)> {
        let prototypes = self.slots.iter().take(self.prototypes).cycle();
        self.slots.iter().copied().zip(prototypes.copied())
    }
}

/// The resolution of every prototype after the first of each, in the order of level m / C.
fn offers(resolutions: &[Resolution]) -> Vec<usize> {
    let mut offers = Vec::new();
    for (number, resolution) in resolutions.iter().enumerate() {
        let channels = resolution.first_channels as u64;
        offers.extend((2..=resolution.slots.len() as u64).map(|m| (m, channels, number)));
    }
    // m1 / C1 against m2 / C2, both sides times C1 * C2; all four are at most MAX_CHANNELS.
    offers.sort_by(|(m1, c1, number1), (m2, c2, number2)| (m1 * c2, number1).cmp(&(m2 * c1, number2)));
    offers.into_iter().map(|(_, _, number)| number).collect()
}

/// The number of prototypes that a maker is asked for.
pub(super) fn at_least_one(prototypes: usize) -> Result<(), MakerError> {
    if prototypes == 0 { Err(MakerError::NoPrototypes) } else { Ok(()) }
}

/// Not too many channels, and not too many elements. Holds before anything is allocated for a channel. [DS-PLAN-30]
pub(super) fn check(shapes: &[Shape]) -> Result<(), MakerError> {
    validate::total_elements(shapes.iter().copied())?;
    let mut channels = 0;
    for (layer, shape) in shapes.iter().enumerate() {
        // At most the number of elements, which does not overflow.
        channels += shape.channels();
        if channels > MAX_CHANNELS {
            return Err(MakerError::TooManyChannels { layer });
        }
    }
    Ok(())
}

/// The layers of each (height, width), in topological order; the resolution that comes first stands first.
pub(super) fn by_resolution(shapes: &[Shape]) -> Vec<Vec<usize>> {
    let mut numbers = BTreeMap::new();
    let mut resolutions: Vec<Vec<usize>> = Vec::new();
    for (layer, shape) in shapes.iter().enumerate() {
        let number = *numbers.entry((shape.height(), shape.width())).or_insert(resolutions.len());
        match resolutions.get_mut(number) {
            Some(layers) => layers.push(layer),
            None => resolutions.push(vec![layer]),
        }
    }
    resolutions
}

/// The channels of some layers in order, each with its layer's shape.
pub(super) fn slots(shapes: &[Shape], layers: impl IntoIterator<Item = usize>) -> impl Iterator<Item = (Slot, Shape)> {
    let shaped = layers.into_iter().filter_map(|layer| Some((layer, *shapes.get(layer)?)));
    shaped.flat_map(|(layer, shape)| (0..shape.channels()).map(move |channel| ((layer, channel), shape)))
}

/// The plan in which each channel uses the prototype that `used` gives it; a channel that uses itself, or that is not
/// listed, is a prototype. [DS-PLAN-30]
pub(super) fn assemble(
    shapes: &[Shape],
    width: Width,
    step: StepConvention,
    used: &BTreeMap<Slot, Slot>,
) -> Result<Plan, MakerError> {
    let source = |slot: Slot| match used.get(&slot) {
        Some(&(layer, channel)) if (layer, channel) != slot => Source::Replicate { layer, channel },
        _ => Source::Prototype,
    };
    let layers = shapes.iter().enumerate().map(|(layer, shape)| PlanLayer {
        shape: *shape,
        gate_scale: 0,
        visibility: Visibility::Public,
        channels: (0..shape.channels())
            .map(|channel| Channel { source: source((layer, channel)), gate: None })
            .collect(),
    });
    Ok(Plan::new(width, step, layers.collect())?)
}
