//! Random valid plans, for every test file that needs one.
#![allow(dead_code)] // Each test file uses a part of it.

use deepshare_reference::plan::{AffineGate, Channel, Plan, PlanLayer, Source, StepConvention, Visibility};
use deepshare_reference::values::{Shape, Width};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

/// Heights and widths; few, so that layers often have equal ones and share.
const SIZES: [(usize, usize); 4] = [(1, 1), (2, 2), (1, 3), (3, 1)];

/// A channel as drawn: what it would be, which prototype it would use, and its gate before it is cut to the ring.
#[derive(Clone, Debug)]
pub struct Draw {
    /// What it would be.
    pub kind: Kind,
    /// Which of the prototypes in reach it would use.
    pub pick: Index,
    /// alpha and beta.
    pub gate: Option<(i64, i64)>,
}

/// What a channel would be.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A prototype.
    Prototype,
    /// A replicate.
    Replicate,
    /// A linear channel.
    Linear,
}

/// A valid plan: up to 4 layers of up to 5 channels, all sources within a layer and across layers, public and private
/// gates, every step convention and width.
pub fn any_plan() -> impl Strategy<Value = Plan> {
    (any_width(), any_step(), vec(any_layer(), 0..=4)).prop_map(|(width, step, draws)| {
        let mut layers: Vec<PlanLayer> = Vec::new();
        for (size, scale, visibility, draws) in draws {
            let layer = build(width, &layers, size, scale, visibility, &draws);
            layers.push(layer);
        }
        Plan::new(width, step, layers).expect("the strategy makes valid plans only")
    })
}

/// Any ring width, 2..=64.
pub fn any_width() -> impl Strategy<Value = Width> {
    (2_u64..=64).prop_map(|bits| Width::new(bits).expect("2..=64"))
}

/// Either step convention.
pub fn any_step() -> impl Strategy<Value = StepConvention> {
    prop_oneof![Just(StepConvention::Nonnegative), Just(StepConvention::Positive)]
}

/// Up to `layers` shapes of up to 8 channels, of few different sizes.
pub fn any_shapes(layers: usize) -> impl Strategy<Value = Vec<Shape>> {
    let shape = (1_usize..=8, any_size()).prop_map(|(channels, (h, w))| Shape::new(channels, h, w).expect("small"));
    vec(shape, 0..=layers)
}

fn any_size() -> impl Strategy<Value = (usize, usize)> {
    proptest::sample::select(&SIZES[..])
}

type LayerDraw = ((usize, usize), u32, Visibility, Vec<Draw>);

fn any_layer() -> impl Strategy<Value = LayerDraw> {
    let visibility = prop_oneof![Just(Visibility::Public), Just(Visibility::Private)];
    (any_size(), prop_oneof![Just(0_u32), 0..=62_u32], visibility, vec(any_draw(), 1..=5))
}

/// A channel as drawn.
pub fn any_draw() -> impl Strategy<Value = Draw> {
    let kind = prop_oneof![3 => Just(Kind::Prototype), 5 => Just(Kind::Replicate), 1 => Just(Kind::Linear)];
    let factor = || prop_oneof![-2_i64..=2, any::<i64>(), Just(i64::MIN), Just(i64::MAX)];
    (kind, any::<Index>(), proptest::option::of((factor(), factor()))).prop_map(|(kind, pick, gate)| Draw {
        kind,
        pick,
        gate,
    })
}

/// The layer of some draws. A replicate without any prototype in reach becomes a prototype.
pub fn build(
    width: Width,
    earlier: &[PlanLayer],
    (height, columns): (usize, usize),
    scale: u32,
    visibility: Visibility,
    draws: &[Draw],
) -> PlanLayer {
    let shape = Shape::new(draws.len(), height, columns).expect("small");
    let mut reach: Vec<(usize, usize)> = Vec::new();
    for (layer, entry) in earlier.iter().enumerate() {
        if (entry.shape.height(), entry.shape.width()) == (height, columns) {
            let prototypes = entry.channels.iter().enumerate().filter(|(_, c)| c.source == Source::Prototype);
            reach.extend(prototypes.map(|(channel, _)| (layer, channel)));
        }
    }
    // Own prototypes may stand before or after the replicate.
    let own = draws.iter().enumerate().filter(|(_, draw)| matches!(draw.kind, Kind::Prototype));
    reach.extend(own.map(|(channel, _)| (earlier.len(), channel)));
    let channels = draws.iter().map(|draw| {
        let source = match draw.kind {
            Kind::Linear => Source::Linear,
            Kind::Replicate if !reach.is_empty() => {
                let (layer, channel) = *draw.pick.get(&reach);
                Source::Replicate { layer, channel }
            }
            _ => Source::Prototype,
        };
        let cut = |value: i64| width.decode(width.encode_wrapping(value));
        let gate = draw.gate.filter(|_| source != Source::Linear);
        Channel { source, gate: gate.map(|(alpha, beta)| AffineGate { alpha: cut(alpha), beta: cut(beta) }) }
    });
    PlanLayer { shape, gate_scale: scale % (width.bits() - 1), visibility, channels: channels.collect() }
}
