//! Makers of plans: exact plans of small networks, the counts of ResNet-18, errors, and promises on random shapes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod agreement;
#[path = "../common/plans.rs"]
mod plans;
mod promises;

use std::collections::{BTreeMap, BTreeSet};

use deepshare_reference::plan::{
    self, Grouping, MAX_CHANNELS, MakerError, Plan, PlanError, Sharing, Source, StepConvention, Visibility,
};
use deepshare_reference::values::{Shape, Width};
use proptest::prelude::*;

const WIDTH: Width = Width::MAX;
const STEP: StepConvention = StepConvention::Positive;

fn shapes(list: &[(usize, usize, usize)]) -> Vec<Shape> {
    list.iter().map(|(c, h, w)| Shape::new(*c, *h, *w).unwrap()).collect()
}

/// ResNet-18 at 32x32: its 17 activation layers.
fn resnet18() -> Vec<Shape> {
    [(5, 64, 32), (4, 128, 16), (4, 256, 8), (4, 512, 4)]
        .into_iter()
        .flat_map(|(layers, c, side)| std::iter::repeat_n(Shape::new(c, side, side).unwrap(), layers))
        .collect()
}

fn groups(shapes: &[Shape], grouping: Grouping) -> Result<Plan, MakerError> {
    plan::groups(shapes, WIDTH, STEP, grouping)
}

fn stage(shapes: &[Shape], prototypes: Option<usize>) -> Result<Plan, MakerError> {
    plan::stage(shapes, WIDTH, STEP, prototypes)
}

fn budget(shapes: &[Shape], budget: u64) -> Result<Plan, MakerError> {
    plan::budget(shapes, WIDTH, STEP, budget)
}

/// The prototype of each channel of each layer.
fn used(plan: &Plan) -> Vec<Vec<(usize, usize)>> {
    let layers = plan.layers().iter().enumerate();
    layers.map(|(l, entry)| (0..entry.channels.len()).map(|c| plan.prototype_of(l, c).unwrap()).collect()).collect()
}

/// The prototype channel of each channel of a plan of one layer.
fn used_in_one_layer(plan: &Plan) -> Vec<usize> {
    used(plan)[0].iter().map(|(_, channel)| *channel).collect()
}

fn error(result: Result<Plan, MakerError>, code: &str, text: &str) -> MakerError {
    let error = result.unwrap_err();
    assert_eq!((error.code(), error.to_string().as_str()), (code, text));
    error
}

/// [DS-PLAN-31]
#[test]
fn groups_modulo() {
    let made = |c, prototypes| groups(&shapes(&[(c, 1, 1)]), Grouping::Modulo { prototypes }).unwrap();
    assert_eq!(used_in_one_layer(&made(7, 3)), [0, 1, 2, 0, 1, 2, 0]);
    assert_eq!(used_in_one_layer(&made(3, 1)), [0, 0, 0]);
    assert_eq!(used_in_one_layer(&made(3, 3)), [0, 1, 2]);
    assert_eq!(used_in_one_layer(&made(3, usize::MAX)), [0, 1, 2]);
}

/// [DS-PLAN-31]
#[test]
fn groups_contiguous() {
    let made = |c, prototypes| groups(&shapes(&[(c, 1, 1)]), Grouping::Contiguous { prototypes }).unwrap();
    assert_eq!(used_in_one_layer(&made(8, 3)), [0, 0, 0, 3, 3, 3, 6, 6]);
    assert_eq!(used_in_one_layer(&made(7, 3)), [0, 0, 0, 3, 3, 5, 5]);
    assert_eq!(used_in_one_layer(&made(6, 3)), [0, 0, 2, 2, 4, 4]);
    assert_eq!(used_in_one_layer(&made(4, 1)), [0, 0, 0, 0]);
    assert_eq!(used_in_one_layer(&made(3, 9)), [0, 1, 2]);
}

#[test]
fn groups_treat_every_layer_by_itself() {
    let plan = groups(&shapes(&[(2, 1, 1), (3, 1, 1)]), Grouping::Modulo { prototypes: 2 }).unwrap();
    assert_eq!(used(&plan), [vec![(0, 0), (0, 1)], vec![(1, 0), (1, 1), (1, 0)]]);
    let plan = groups(&shapes(&[(2, 1, 1), (3, 1, 1)]), Grouping::Contiguous { prototypes: 2 }).unwrap();
    assert_eq!(used(&plan), [vec![(0, 0), (0, 1)], vec![(1, 0), (1, 0), (1, 2)]]);
    let made = groups(&resnet18(), Grouping::Modulo { prototypes: 4 }).unwrap().counts();
    assert_eq!(made.drelus, 4 * (5 * 1024 + 4 * 256 + 4 * 64 + 4 * 16));
}

/// [DS-PLAN-30]
#[test]
fn makers_set_width_step_and_default_public_gates() {
    for plan in [
        plan::stage(&resnet18(), Width::MIN, StepConvention::Nonnegative, None).unwrap(),
        plan::stage(&resnet18(), Width::MIN, StepConvention::Positive, None).unwrap(),
    ] {
        assert_eq!(plan.width(), Width::MIN);
        let plain = |layer: &plan::PlanLayer| {
            layer.gate_scale == 0
                && layer.visibility == Visibility::Public
                && layer.channels.iter().all(|channel| channel.gate.is_none())
        };
        assert!(plan.layers().iter().all(plain));
    }
    let step = |step| plan::stage(&resnet18(), Width::MIN, step, None).unwrap().step();
    assert_eq!(step(StepConvention::Positive), StepConvention::Positive);
    assert_eq!(step(StepConvention::Nonnegative), StepConvention::Nonnegative);
}

/// [DS-PLAN-32]
#[test]
fn stage_shares_across_layers_of_one_resolution() {
    let network = shapes(&[(3, 2, 1), (2, 1, 2), (5, 2, 1), (1, 1, 2)]);
    let all = [
        vec![(0, 0), (0, 1), (0, 2)],
        vec![(1, 0), (1, 1)],
        vec![(0, 0), (0, 1), (0, 2), (0, 0), (0, 1)],
        vec![(1, 0)],
    ];
    assert_eq!(used(&stage(&network, None).unwrap()), all);
    assert_eq!(used(&stage(&network, Some(3)).unwrap()), all);
    let two = [
        vec![(0, 0), (0, 1), (0, 0)],
        vec![(1, 0), (1, 1)],
        vec![(0, 0), (0, 1), (0, 0), (0, 1), (0, 0)],
        vec![(1, 0)],
    ];
    assert_eq!(used(&stage(&network, Some(2)).unwrap()), two);
}

#[test]
fn the_counts_of_resnet18() {
    let full = stage(&resnet18(), None).unwrap().counts();
    assert_eq!((full.drelus, full.baseline, full.multiplexed, full.linear), (122_880, 557_056, 557_056, 0));
    assert_eq!(stage(&resnet18(), Some(1)).unwrap().counts().drelus, 1_360);
}

#[test]
fn a_budget_gives_the_stage_plans_where_they_fit_exactly() {
    assert_eq!(budget(&resnet18(), 1_360), stage(&resnet18(), Some(1)));
    assert_eq!(budget(&resnet18(), 122_880), stage(&resnet18(), None));
    assert_eq!(budget(&resnet18(), 557_056), groups(&resnet18(), Grouping::Modulo { prototypes: usize::MAX }));
    assert_eq!(budget(&resnet18(), u64::MAX), budget(&resnet18(), 557_056));
    // Half of each first layer.
    assert_eq!(budget(&resnet18(), 61_440).unwrap().counts().drelus, 61_440);
}

#[test]
fn a_budget_below_the_floor_is_an_error() {
    let found = error(
        budget(&resnet18(), 1_359),
        "maker/budget-below-floor",
        "a budget of 1359 DReLUs is too small; one channel of each resolution takes 1360",
    );
    assert_eq!(found, MakerError::BudgetBelowFloor { budget: 1_359, floor: 1_360 });
    assert_eq!(budget(&[], 0).unwrap().layers().len(), 0);
}

/// Prototypes of the first and of the second resolution, for each budget. [DS-PLAN-33]
#[test]
fn a_budget_is_spent_level_by_level() {
    // Resolution 2x1: 2 + 2 channels of 2 DReLUs; resolution 1x1: 4 channels of 1 DReLU.
    let network = shapes(&[(2, 2, 1), (4, 1, 1), (2, 2, 1)]);
    let spent = |n| {
        let prototypes: Vec<(usize, usize)> = budget(&network, n).unwrap().fan_outs().into_keys().collect();
        let small = prototypes.iter().filter(|(layer, _)| *layer == 1).count();
        (prototypes.len() - small, small)
    };
    // Levels: (small, 2/4), (small, 3/4), (large, 2/2) before (small, 4/4), (large, 3/2), (large, 4/2).
    let expected = [(1, 1), (1, 2), (1, 3), (1, 4), (2, 3), (2, 4), (2, 4), (3, 4), (3, 4), (4, 4), (4, 4)];
    for (n, prototypes) in (3..).zip(expected) {
        assert_eq!(spent(n), prototypes, "budget {n}");
    }
    // 3 of the 4 channels of resolution 2x1: two in layer 0, one in layer 2.
    let plan = budget(&network, 10).unwrap();
    assert_eq!(used(&plan), [vec![(0, 0), (0, 1)], vec![(1, 0), (1, 1), (1, 2), (1, 3)], vec![(2, 0), (0, 0)]]);
}

#[test]
fn zero_prototypes_are_an_error() {
    let network = shapes(&[(2, 1, 1)]);
    let text = "0 prototypes were asked for; at least 1 is needed";
    let bits = vec![vec![vec![false; 2]]];
    for result in [
        groups(&network, Grouping::Modulo { prototypes: 0 }),
        groups(&network, Grouping::Contiguous { prototypes: 0 }),
        stage(&network, Some(0)),
        plan::agreement(&network, WIDTH, STEP, &bits, Sharing::Layer, 0),
    ] {
        assert_eq!(error(result, "maker/no-prototypes", text), MakerError::NoPrototypes);
    }
}

#[test]
fn makers_reject_too_many_channels_before_they_allocate() {
    let limit = shapes(&[(MAX_CHANNELS - 1, 1, 1), (1, 1, 1)]);
    assert_eq!(stage(&limit, Some(1)).unwrap().counts().drelus, 1);
    let one_more = shapes(&[(MAX_CHANNELS, 1, 1), (1, 1, 1)]);
    let huge = shapes(&[(1, 1, 1), (1 << 52, 1, 1)]);
    let text = "layer 1: layers 0..=1 together have more than 262144 channels";
    for network in [one_more, huge] {
        for result in [
            groups(&network, Grouping::Modulo { prototypes: 1 }),
            stage(&network, None),
            budget(&network, 100),
            plan::agreement(&network, WIDTH, STEP, &[], Sharing::Layer, 1),
        ] {
            let found = error(result, "maker/too-many-channels", text);
            assert_eq!(found, MakerError::TooManyChannels { layer: 1 });
        }
    }
}

#[test]
fn makers_reject_shapes_that_overflow() {
    let network = shapes(&[(1, 1 << 52, 1), (1, 1, 1 << 52)]);
    let text = "layer 1: layers 0..=1 together have more than 2^53 - 1 elements";
    for result in [groups(&network, Grouping::Modulo { prototypes: 1 }), stage(&network, None), budget(&network, 1)] {
        let found = error(result, "plan/total-overflow", text);
        assert_eq!(found, MakerError::Plan(PlanError::TotalOverflow { layer: 1 }));
    }
}
