//! Plans: rules of validity, gates, the public part and the counts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "../common/plans.rs"]
mod plans;
mod rules;

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
