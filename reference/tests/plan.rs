//! Plans: each rule of validity with its exact place, gates, the public part and the counts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/plans.rs"]
mod plans;

use std::collections::BTreeMap;

use deepshare_reference::plan::{
    AffineGate, Channel, Counts, NotPrototype, Plan, PlanError, PlanLayer, Source, StepConvention, Visibility,
};
use deepshare_reference::values::{Shape, Width};
use proptest::prelude::*;

const PROTOTYPE: Channel = Channel { source: Source::Prototype, gate: None };
const LINEAR: Channel = Channel { source: Source::Linear, gate: None };

fn replicate(layer: usize, channel: usize) -> Channel {
    Channel { source: Source::Replicate { layer, channel }, gate: None }
}

fn gated(channel: Channel, alpha: i64, beta: i64) -> Channel {
    Channel { gate: Some(AffineGate { alpha, beta }), ..channel }
}

fn width(bits: u64) -> Width {
    Width::new(bits).unwrap()
}

/// A public layer of gate scale 0 whose shape has a channel for each entry.
fn layer(height: usize, columns: usize, channels: &[Channel]) -> PlanLayer {
    let shape = Shape::new(channels.len(), height, columns).unwrap();
    PlanLayer { shape, gate_scale: 0, visibility: Visibility::Public, channels: channels.to_vec() }
}

fn plan_of(bits: u64, layers: &[PlanLayer]) -> Result<Plan, PlanError> {
    Plan::new(width(bits), StepConvention::Nonnegative, layers.to_vec())
}

/// The layers are rejected with this error, this code and this text.
fn rejected(bits: u64, layers: &[PlanLayer], error: PlanError, code: &str, text: &str) {
    let found = plan_of(bits, layers).unwrap_err();
    assert_eq!((found.code(), found.to_string().as_str()), (code, text));
    assert_eq!(found, error);
}

#[test]
fn no_layers_and_unused_prototypes_are_legal() {
    assert_eq!(plan_of(8, &[]).unwrap().counts(), Counts::default());
    assert_eq!(plan_of(8, &[layer(2, 3, &[PROTOTYPE, PROTOTYPE])]).unwrap().counts().drelus, 12);
}

/// [DS-PLAN-3]
#[test]
fn a_replicate_may_use_its_own_or_an_earlier_layer() {
    let first = layer(2, 3, &[replicate(0, 1), PROTOTYPE]);
    let second = layer(2, 3, &[replicate(0, 1), replicate(1, 2), PROTOTYPE]);
    let plan = plan_of(8, &[first, second]).unwrap();
    assert_eq!(plan.prototype_of(0, 0), Some((0, 1)));
    assert_eq!(plan.prototype_of(0, 1), Some((0, 1)));
    assert_eq!(plan.prototype_of(1, 1), Some((1, 2)));
    assert_eq!(plan.prototype_of(1, 3), None);
    assert_eq!(plan.prototype_of(2, 0), None);
    assert_eq!(plan_of(8, &[layer(1, 1, &[LINEAR])]).unwrap().prototype_of(0, 0), None);
}

/// [DS-PLAN-13]
#[test]
fn a_layer_has_at_most_2_to_53_minus_1_elements() {
    let tall = |height| layer(height, 1, &[PROTOTYPE]);
    assert!(plan_of(8, &[tall((1 << 53) - 1)]).is_ok());
    // no larger shape exists; a file that states one is rejected (tests of the plan file)
    assert!(Shape::new(1, 1 << 53, 1).is_err());
}

/// [DS-PLAN-15]
#[test]
fn all_layers_have_at_most_2_to_53_minus_1_elements() {
    let tall = |height| layer(height, 1, &[PROTOTYPE]);
    let plan = plan_of(8, &[tall(1 << 52), tall((1 << 52) - 1)]).unwrap();
    assert_eq!(plan.counts().baseline, (1 << 53) - 1);
    rejected(
        8,
        &[tall(1 << 52), tall(1 << 52), tall(1)],
        PlanError::TotalOverflow { layer: 1 },
        "plan/total-overflow",
        "layer 1: layers 0..=1 together have more than 2^53 - 1 elements",
    );
}

/// [DS-PLAN-14]
#[test]
fn a_gate_scale_is_at_most_k_minus_2() {
    for bits in 2..=64 {
        let mut scaled = layer(1, 1, &[PROTOTYPE]);
        let limit = u32::try_from(bits).unwrap() - 2;
        scaled.gate_scale = limit;
        assert!(plan_of(bits, std::slice::from_ref(&scaled)).is_ok());
        assert!(width(bits).contains(scaled.default_gate().alpha));
        scaled.gate_scale = limit + 1;
        let error = PlanError::GateScale { layer: 0, scale: bits - 1, bits: limit + 2, limit };
        assert_eq!(plan_of(bits, &[scaled]), Err(error));
    }
    let mut scaled = layer(1, 1, &[PROTOTYPE]);
    scaled.gate_scale = 7;
    rejected(
        8,
        &[layer(1, 1, &[PROTOTYPE]), scaled],
        PlanError::GateScale { layer: 1, scale: 7, bits: 8, limit: 6 },
        "plan/gate-scale",
        "layer 1: gate scale 7 is too large for ring width 8; it is at most 6",
    );
}

/// [DS-PLAN-16] [DS-PLAN-17]
#[test]
fn a_layer_lists_one_entry_a_channel() {
    let mut wrong = layer(1, 1, &[PROTOTYPE, PROTOTYPE]);
    wrong.channels.push(PROTOTYPE);
    rejected(
        8,
        &[layer(1, 1, &[PROTOTYPE]), wrong.clone()],
        PlanError::ChannelCount { layer: 1, found: 3, expected: 2 },
        "plan/channel-count",
        "layer 1: 3 channels are listed, and its shape has 2",
    );
    wrong.channels.truncate(1);
    assert_eq!(plan_of(8, &[wrong.clone()]), Err(PlanError::ChannelCount { layer: 0, found: 1, expected: 2 }));
    wrong.channels.clear();
    rejected(
        8,
        &[layer(1, 1, &[PROTOTYPE]), wrong],
        PlanError::EmptyLayer { layer: 1, expected: 2 },
        "plan/empty-layer",
        "layer 1: no channels are listed, and its shape has 2",
    );
}

/// [DS-PLAN-18]
#[test]
fn a_source_layer_exists() {
    rejected(
        8,
        &[layer(1, 1, &[PROTOTYPE, replicate(1, 0)])],
        PlanError::SourceLayerOutOfRange { layer: 0, channel: 1, source_layer: 1, layers: 1 },
        "plan/source-layer-out-of-range",
        "layer 0, channel 1: source layer 1 does not exist; the plan has 1 layers",
    );
}

/// [DS-PLAN-19]
#[test]
fn a_source_layer_is_not_later() {
    rejected(
        8,
        &[layer(1, 1, &[PROTOTYPE, replicate(1, 0)]), layer(1, 1, &[PROTOTYPE])],
        PlanError::SourceLayerLater { layer: 0, channel: 1, source_layer: 1 },
        "plan/source-layer-later",
        "layer 0, channel 1: source layer 1 comes later; name this layer or an earlier one",
    );
}

/// [DS-PLAN-20]
#[test]
fn a_source_channel_exists() {
    rejected(
        8,
        &[layer(1, 1, &[PROTOTYPE]), layer(1, 1, &[PROTOTYPE, replicate(0, 1)])],
        PlanError::SourceChannelOutOfRange { layer: 1, channel: 1, source_layer: 0, source_channel: 1, channels: 1 },
        "plan/source-channel-out-of-range",
        "layer 1, channel 1: source channel 1 does not exist; layer 0 has 1 channels",
    );
}

/// [DS-PLAN-21]
#[test]
fn a_source_has_equal_height_and_equal_width() {
    let mismatch = |source_height, source_width| PlanError::SpatialMismatch {
        layer: 1,
        channel: 1,
        source_layer: 0,
        source_height,
        source_width,
        height: 2,
        width: 3,
    };
    let user = layer(2, 3, &[PROTOTYPE, replicate(0, 0)]);
    for (height, columns) in [(1, 3), (2, 4), (3, 2), (1, 6)] {
        let layers = [layer(height, columns, &[PROTOTYPE]), user.clone()];
        assert_eq!(plan_of(8, &layers), Err(mismatch(height, columns)));
    }
    rejected(
        8,
        &[layer(3, 2, &[PROTOTYPE]), user],
        mismatch(3, 2),
        "plan/spatial-mismatch",
        "layer 1, channel 1: source layer 0 is 3x2 and this layer is 2x3; sharing needs equal height and width",
    );
}

/// [DS-PLAN-22]
#[test]
fn a_source_is_a_prototype() {
    let error = |source_layer, source_channel, kind| PlanError::SourceNotPrototype {
        layer: 1,
        channel: 1,
        source_layer,
        source_channel,
        kind,
    };
    let first = layer(1, 1, &[PROTOTYPE, replicate(0, 0), LINEAR]);
    let user = |source| layer(1, 1, &[PROTOTYPE, source]);
    rejected(
        8,
        &[first.clone(), user(replicate(0, 1))],
        error(0, 1, NotPrototype::Replicate),
        "plan/source-not-prototype",
        "layer 1, channel 1: its source, layer 0, channel 1, is a replicate; name a prototype",
    );
    rejected(
        8,
        &[first.clone(), user(replicate(0, 2))],
        error(0, 2, NotPrototype::Linear),
        "plan/source-not-prototype",
        "layer 1, channel 1: its source, layer 0, channel 2, is a linear channel; name a prototype",
    );
    let itself = plan_of(8, &[first, user(replicate(1, 1))]);
    assert_eq!(itself, Err(error(1, 1, NotPrototype::Replicate)));
}

/// [DS-PLAN-23]
#[test]
fn a_linear_channel_takes_no_gate() {
    rejected(
        8,
        &[layer(1, 1, &[PROTOTYPE, gated(LINEAR, 1, 0)])],
        PlanError::GateOnLinear { layer: 0, channel: 1 },
        "plan/gate-on-linear",
        "layer 0, channel 1: a linear channel takes no gate; remove the gate",
    );
}

/// [DS-PLAN-24] [DS-PLAN-25]
#[test]
fn alpha_and_beta_are_in_the_range_of_the_ring() {
    for bits in 2..=64 {
        let (min, max) = (width(bits).min_value(), width(bits).max_value());
        for (alpha, beta) in [(min, max), (max, min), (0, 0)] {
            assert!(plan_of(bits, &[layer(1, 1, &[gated(PROTOTYPE, alpha, beta)])]).is_ok());
        }
        let short = u32::try_from(bits).unwrap();
        for value in [min.checked_sub(1), max.checked_add(1)].into_iter().flatten() {
            let alpha = PlanError::AlphaOutOfRange { layer: 0, channel: 0, alpha: value, bits: short };
            let beta = PlanError::BetaOutOfRange { layer: 0, channel: 0, beta: value, bits: short };
            assert_eq!(plan_of(bits, &[layer(1, 1, &[gated(PROTOTYPE, value, value)])]), Err(alpha));
            assert_eq!(plan_of(bits, &[layer(1, 1, &[gated(PROTOTYPE, 0, value)])]), Err(beta));
        }
    }
    rejected(
        8,
        &[layer(1, 1, &[PROTOTYPE, gated(replicate(0, 0), 128, 0)])],
        PlanError::AlphaOutOfRange { layer: 0, channel: 1, alpha: 128, bits: 8 },
        "plan/alpha-out-of-range",
        "layer 0, channel 1: alpha 128 does not fit 8 bits",
    );
    rejected(
        8,
        &[layer(1, 1, &[PROTOTYPE, gated(replicate(0, 0), -128, -129)])],
        PlanError::BetaOutOfRange { layer: 0, channel: 1, beta: -129, bits: 8 },
        "plan/beta-out-of-range",
        "layer 0, channel 1: beta -129 does not fit 8 bits",
    );
}

/// Repairing the first broken rule uncovers the next one. [DS-PLAN-9]
#[test]
fn the_rules_are_checked_in_their_order() {
    let code = |layers: &[PlanLayer]| plan_of(8, layers).unwrap_err().code();
    let bad = gated(replicate(9, 9), 1000, 1000);
    let mut layers = [layer(2, 1, &[LINEAR, bad]), layer((1 << 53) - 1, 1, &[PROTOTYPE]), layer(1, 1, &[PROTOTYPE])];
    layers[0].channels.truncate(0);
    layers[1].gate_scale = 7;
    layers[2].gate_scale = 8;
    assert_eq!(plan_of(8, &layers).unwrap_err(), PlanError::GateScale { layer: 1, scale: 7, bits: 8, limit: 6 });
    layers[1].gate_scale = 0;
    assert_eq!(plan_of(8, &layers).unwrap_err(), PlanError::GateScale { layer: 2, scale: 8, bits: 8, limit: 6 });
    layers[2].gate_scale = 0;
    assert_eq!(code(&layers), "plan/total-overflow");
    layers[1].shape = Shape::new(1, 1, 2).unwrap();
    assert_eq!(code(&layers), "plan/empty-layer");
    layers[0].channels = vec![bad];
    assert_eq!(code(&layers), "plan/channel-count");
    layers[0].channels = vec![LINEAR, bad];
    assert_eq!(code(&layers), "plan/source-layer-out-of-range");
    layers[0].channels[1] = gated(replicate(1, 9), 1000, 1000);
    assert_eq!(code(&layers), "plan/source-layer-later");
    layers.swap(0, 1);
    layers[1].channels[1] = gated(replicate(0, 9), 1000, 1000);
    assert_eq!(code(&layers), "plan/source-channel-out-of-range");
    layers[0].channels[0] = LINEAR;
    layers[1].channels[1] = gated(replicate(0, 0), 1000, 1000);
    assert_eq!(code(&layers), "plan/spatial-mismatch");
    layers[0].shape = Shape::new(1, 2, 1).unwrap();
    assert_eq!(code(&layers), "plan/source-not-prototype");
    layers[0].channels[0] = PROTOTYPE;
    assert_eq!(code(&layers), "plan/alpha-out-of-range");
    layers[1].channels[1] = gated(LINEAR, 1000, 1000);
    assert_eq!(code(&layers), "plan/gate-on-linear");
    layers[1].channels[1] = gated(replicate(0, 0), 100, 1000);
    assert_eq!(code(&layers), "plan/beta-out-of-range");
    layers[1].channels[1] = gated(replicate(0, 0), 100, 100);
    assert!(plan_of(8, &layers).is_ok());
}

/// [DS-PLAN-4] [DS-PLAN-5]
#[test]
fn the_gate_of_a_channel_is_given_or_default() {
    let mut entry = layer(1, 1, &[PROTOTYPE, gated(replicate(0, 0), 4, -2), LINEAR, replicate(0, 0)]);
    assert_eq!(entry.gate(0), Some(AffineGate { alpha: 1, beta: 0 }));
    entry.gate_scale = 3;
    let default = AffineGate { alpha: 8, beta: 0 };
    assert_eq!(entry.default_gate(), default);
    let gates: Vec<Option<AffineGate>> = (0..5).map(|channel| entry.gate(channel)).collect();
    assert_eq!(gates, [Some(default), Some(AffineGate { alpha: 4, beta: -2 }), None, Some(default), None]);
    entry.gate_scale = 62;
    assert_eq!(entry.default_gate().alpha, 1 << 62);
    entry.gate_scale = u32::MAX;
    assert_eq!(entry.default_gate().alpha, i64::MAX);
}

/// [DS-PLAN-26]
#[test]
fn another_width_is_checked_again() {
    let mut entry = layer(1, 1, &[gated(PROTOTYPE, 127, -128)]);
    entry.gate_scale = 6;
    let plan = Plan::new(width(64), StepConvention::Positive, vec![entry]).unwrap();
    let smaller = plan.with_width(width(8)).unwrap();
    assert_eq!(
        (smaller.width(), smaller.step(), smaller.layers()),
        (width(8), StepConvention::Positive, plan.layers())
    );
    assert_eq!(plan.with_width(width(7)), Err(PlanError::GateScale { layer: 0, scale: 6, bits: 7, limit: 5 }));
}

/// [DS-PLAN-7] [DS-PLAN-8]
#[test]
fn the_public_part_has_no_private_gates() {
    let entry = layer(1, 1, &[gated(PROTOTYPE, 3, 4), gated(replicate(0, 0), 5, 6), LINEAR]);
    let mut private = entry.clone();
    private.visibility = Visibility::Private;
    let plan = plan_of(8, &[entry.clone(), private.clone()]).unwrap();
    private.channels = vec![PROTOTYPE, replicate(0, 0), LINEAR];
    assert_eq!(plan.public_part(), plan_of(8, &[entry, private]).unwrap());
}

#[test]
fn private_gates_are_not_in_debug_output() {
    let mut entry = layer(1, 1, &[gated(PROTOTYPE, 77, -77)]);
    assert!(format!("{entry:?}").contains("alpha: 77, beta: -77"));
    entry.visibility = Visibility::Private;
    let shown = format!("{entry:?}");
    assert!(!shown.contains("77"), "{shown}");
    assert!(shown.starts_with("PlanLayer { shape: Shape"), "{shown}");
    assert!(shown.ends_with("visibility: Private, sources: [Prototype], .. }"), "{shown}");
}

/// [DS-PLAN-2]
#[test]
fn step_conventions_have_their_names() {
    assert_eq!(StepConvention::Nonnegative.to_string(), "nonnegative");
    assert_eq!(StepConvention::Positive.to_string(), "positive");
}

/// [DS-PLAN-27]
#[test]
fn counts_of_a_small_plan() {
    let first = layer(2, 3, &[PROTOTYPE, replicate(0, 0), LINEAR, PROTOTYPE]);
    let second = layer(1, 5, &[LINEAR, PROTOTYPE]);
    let third = layer(2, 3, &[replicate(0, 0)]);
    let plan = plan_of(8, &[first, second, third]).unwrap();
    assert_eq!(plan.counts(), Counts { drelus: 17, baseline: 40, multiplexed: 29, linear: 11 });
    assert_eq!(plan.fan_outs(), BTreeMap::from([((0, 0), 3), ((0, 3), 1), ((1, 1), 1)]));
}

/// The counts, neuron by neuron: every element of every layer is looked at.
fn count_elements(plan: &Plan) -> (Counts, BTreeMap<(usize, usize, usize), u64>) {
    let mut counts = Counts::default();
    let mut served: BTreeMap<(usize, usize, usize), u64> = BTreeMap::new();
    for (layer, entry) in plan.layers().iter().enumerate() {
        for element in 0..entry.shape.elements() {
            let (channel, row, column) = entry.shape.position(element);
            let neuron = row * entry.shape.width() + column;
            counts.baseline += 1;
            let bit = match entry.channels[channel].source {
                Source::Linear => {
                    counts.linear += 1;
                    continue;
                }
                Source::Prototype => {
                    counts.drelus += 1;
                    (layer, channel, neuron)
                }
                Source::Replicate { layer, channel } => (layer, channel, neuron),
            };
            counts.multiplexed += 1;
            *served.entry(bit).or_default() += 1;
        }
    }
    (counts, served)
}

proptest! {
    /// [DS-PLAN-28]
    #[test]
    fn counts_and_fan_outs_are_those_of_the_elements(plan in plans::any_plan()) {
        let (counts, served) = count_elements(&plan);
        prop_assert_eq!(plan.counts(), counts);
        let fan_outs = plan.fan_outs();
        for ((layer, channel, _), elements) in &served {
            prop_assert_eq!(fan_outs.get(&(*layer, *channel)), Some(elements));
        }
        prop_assert_eq!(served.len() as u64, counts.drelus);
        let area = |(layer, _): (usize, usize)| plan.layers()[layer].shape.area() as u64;
        let total: u64 = fan_outs.iter().map(|(prototype, n)| n * area(*prototype)).sum();
        prop_assert_eq!(total, counts.multiplexed);
        prop_assert_eq!(counts.multiplexed + counts.linear, counts.baseline);
    }

    #[test]
    fn the_public_part_changes_private_gates_only(plan in plans::any_plan()) {
        let public = plan.public_part();
        prop_assert_eq!(public.public_part(), public.clone());
        prop_assert_eq!((public.width(), public.step(), public.counts()), (plan.width(), plan.step(), plan.counts()));
        for (part, whole) in public.layers().iter().zip(plan.layers()) {
            match whole.visibility {
                Visibility::Public => prop_assert_eq!(part, whole),
                Visibility::Private => prop_assert!(part.channels.iter().all(|channel| channel.gate.is_none())),
            }
            let sources = |entry: &PlanLayer| entry.channels.iter().map(|channel| channel.source).collect::<Vec<_>>();
            prop_assert_eq!(sources(part), sources(whole));
        }
    }

    #[test]
    fn a_larger_ring_takes_every_plan(plan in plans::any_plan()) {
        prop_assert!(plan.with_width(Width::MAX).is_ok());
    }
}
