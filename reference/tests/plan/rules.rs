//! Plans that are not valid: each rule with its exact place, and the order in which they are checked.

use super::*;

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
