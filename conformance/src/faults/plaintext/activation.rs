//! Mistakes in who is served by which gate.

use super::Fault;
use crate::steps::{Right, Steps};
use deepshare_reference::plan::{AffineGate, Plan, PlanLayer, Source};
use deepshare_reference::values::Shape;

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "replicate-of-next-channel",
        mistake: "a replicate is wired to the channel after the one that it names",
        clause: "DS-PLAN-3",
        steps: &ReplicateOfNextChannel,
    },
    Fault {
        name: "row-and-column-swapped",
        mistake: "the bit at row r and column c is looked up at row c and column r",
        clause: "DS-PLAN-3",
        steps: &RowAndColumnSwapped,
    },
    Fault {
        name: "sharing-ignored",
        mistake: "a replicate takes the bits of its own values",
        clause: "DS-PLAN-3",
        steps: &SharingIgnored,
    },
    Fault {
        name: "linear-channel-rectified",
        mistake: "a linear channel is a plain ReLU",
        clause: "DS-PLAN-6",
        steps: &LinearChannelRectified,
    },
    Fault {
        name: "gate-of-own-layer",
        mistake: "a replicate of an earlier layer takes the bits of that channel in its own layer",
        clause: "DS-PLAN-3",
        steps: &GateOfOwnLayer,
    },
    Fault {
        name: "gate-of-previous-layer",
        mistake: "a replicate of an earlier layer takes the bits of the layer just before its own",
        clause: "DS-ACT-1",
        steps: &GateOfPreviousLayer,
    },
    Fault {
        name: "stale-gate",
        mistake: "the bits of the first layer are kept, and never replaced by those of later layers",
        clause: "DS-ACT-1",
        steps: &StaleGate,
    },
    Fault {
        name: "default-gate-unscaled",
        mistake: "the default gate is (1, 0), whatever the gate scale",
        clause: "DS-PLAN-5",
        steps: &DefaultGateUnscaled,
    },
    Fault {
        name: "linear-channel-unscaled",
        mistake: "a linear channel is not multiplied by 2^s",
        clause: "DS-PLAN-6",
        steps: &LinearChannelUnscaled,
    },
    Fault {
        name: "gates-of-replicates-ignored",
        mistake: "a replicate is served by the default gate although it states one",
        clause: "DS-PLAN-4",
        steps: &GatesOfReplicatesIgnored,
    },
    Fault {
        name: "gate-of-the-prototype",
        mistake: "a replicate takes alpha and beta from its prototype, not only the bits",
        clause: "DS-PLAN-4",
        steps: &GateOfThePrototype,
    },
];

/// The source, or another prototype if there is one at the place.
fn instead(plan: &Plan, source: (usize, usize), other: (usize, usize)) -> (usize, usize) {
    let (layer, channel) = other;
    if plan.prototype_of(layer, channel) == Some(other) { other } else { source }
}

struct ReplicateOfNextChannel;

impl Steps for ReplicateOfNextChannel {
    fn source(&self, plan: &Plan, layer: usize, channel: usize) -> Option<(usize, usize)> {
        let (from, named) = Right.source(plan, layer, channel)?;
        match (from, named) == (layer, channel) {
            true => Some((from, named)),
            false => Some(instead(plan, (from, named), (from, named + 1))),
        }
    }
}

struct RowAndColumnSwapped;

impl Steps for RowAndColumnSwapped {
    fn neuron(&self, shape: Shape, row: usize, column: usize) -> usize {
        column * shape.height() + row
    }
}

struct SharingIgnored;

impl Steps for SharingIgnored {
    fn opens(&self, plan: &Plan, layer: usize, channel: usize) -> bool {
        Right.source(plan, layer, channel).is_some()
    }

    fn source(&self, plan: &Plan, layer: usize, channel: usize) -> Option<(usize, usize)> {
        Right.source(plan, layer, channel).map(|_| (layer, channel))
    }
}

struct LinearChannelRectified;

impl Steps for LinearChannelRectified {
    fn opens(&self, plan: &Plan, layer: usize, channel: usize) -> bool {
        Right.opens(plan, layer, channel) || Right.source(plan, layer, channel).is_none()
    }

    fn source(&self, plan: &Plan, layer: usize, channel: usize) -> Option<(usize, usize)> {
        Right.source(plan, layer, channel).or(Some((layer, channel)))
    }

    fn gate(&self, layer: &PlanLayer, channel: usize) -> Option<AffineGate> {
        Right.gate(layer, channel).or(Some(layer.default_gate()))
    }
}

struct GateOfOwnLayer;

impl Steps for GateOfOwnLayer {
    fn source(&self, plan: &Plan, layer: usize, channel: usize) -> Option<(usize, usize)> {
        let (from, named) = Right.source(plan, layer, channel)?;
        Some(instead(plan, (from, named), (layer, named)))
    }
}

struct GateOfPreviousLayer;

impl Steps for GateOfPreviousLayer {
    fn source(&self, plan: &Plan, layer: usize, channel: usize) -> Option<(usize, usize)> {
        let (from, named) = Right.source(plan, layer, channel)?;
        match from < layer {
            true => Some(instead(plan, (from, named), (layer.saturating_sub(1), named))),
            false => Some((from, named)),
        }
    }
}

struct StaleGate;

impl Steps for StaleGate {
    fn source(&self, plan: &Plan, layer: usize, channel: usize) -> Option<(usize, usize)> {
        let (from, named) = Right.source(plan, layer, channel)?;
        Some(instead(plan, (from, named), (0, named)))
    }
}

struct DefaultGateUnscaled;

impl Steps for DefaultGateUnscaled {
    fn gate(&self, layer: &PlanLayer, channel: usize) -> Option<AffineGate> {
        let gate = Right.gate(layer, channel)?;
        let stated = layer.channels.get(channel)?.gate.is_some();
        Some(if stated { gate } else { AffineGate { alpha: 1, beta: 0 } })
    }
}

struct LinearChannelUnscaled;

impl Steps for LinearChannelUnscaled {
    fn linear_factor(&self, _layer: &PlanLayer) -> i64 {
        1
    }
}

struct GatesOfReplicatesIgnored;

impl Steps for GatesOfReplicatesIgnored {
    fn gate(&self, layer: &PlanLayer, channel: usize) -> Option<AffineGate> {
        match layer.channels.get(channel)?.source {
            Source::Replicate { .. } => Some(layer.default_gate()),
            _ => Right.gate(layer, channel),
        }
    }
}

struct GateOfThePrototype;

impl Steps for GateOfThePrototype {
    fn gate(&self, layer: &PlanLayer, channel: usize) -> Option<AffineGate> {
        match layer.channels.get(channel)?.source {
            Source::Replicate { channel: named, .. } => Right.gate(layer, named).or(Right.gate(layer, channel)),
            _ => Right.gate(layer, channel),
        }
    }
}
