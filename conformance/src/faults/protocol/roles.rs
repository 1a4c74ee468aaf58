//! Mistakes in what roles do, whatever the backend. [DS-TRUNC-2] [DS-LIN-6] [DS-IO-2]

use super::{Fault, Protocol};
use crate::steps::protocol::{Added, ProtocolSteps};
use deepshare_reference::network::Network;
use deepshare_reference::network::activation::gate_weights;
use deepshare_reference::party::Role;
use deepshare_reference::party::transcript::Entry;
use deepshare_reference::party::xof::Seed;
use deepshare_reference::plan::{AffineGate, Plan, PlanLayer, StepConvention, Visibility};
use deepshare_reference::values::{Ring, RingVector, Width};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "both-subtract-one",
        mistake: "under `positive` both parties subtract 1 from their shares",
        clause: "DS-GMW-1",
        steps: &Protocol(BothSubtract),
    },
    Fault {
        name: "nobody-subtracts-one",
        mistake: "under `positive` the server does not subtract 1: the gates are those of `nonnegative`",
        clause: "DS-GMW-1",
        steps: &Protocol(NobodySubtracts),
    },
    Fault {
        name: "both-add-half",
        mistake: "before a truncation both parties add 2^(k-1), and after it both take its half away",
        clause: "DS-TRUNC-2",
        steps: &Protocol(BothAddHalf),
    },
    Fault {
        name: "shares-truncated-alone",
        mistake: "each party shifts its own share: no message, and a result that is off by one or wraps",
        clause: "DS-TRUNC-2",
        steps: &Protocol(TruncatesAlone),
    },
    Fault {
        name: "default-gates-not-hidden",
        mistake: "a private layer whose gates are all default ones is evaluated as if they were public",
        clause: "DS-ACT-4",
        steps: &Protocol(DefaultsShown),
    },
    Fault {
        name: "gate-weights-reordered",
        mistake: "the weights of private gates are alpha, then beta",
        clause: "DS-LIN-6",
        steps: &Protocol(AlphaFirst),
    },
    Fault {
        name: "output-opened-to-both",
        mistake: "the client sends its share of the output to the server, which so learns the output",
        clause: "DS-IO-2",
        steps: &Protocol(OutputToBoth),
    },
    Fault {
        name: "coins-repeated",
        mistake: "every run has the coins of the first one",
        clause: "DS-COIN-1",
        steps: &Protocol(CoinsRepeated),
    },
    Fault {
        name: "shape-without-deltas",
        mistake: "the cost of an inference leaves out the openings of deltas",
        clause: "DS-COST-1",
        steps: &Protocol(NoDeltas),
    },
];

struct BothSubtract;

impl ProtocolSteps for BothSubtract {
    fn before_gate(&self, role: Role, convention: StepConvention) -> u64 {
        if role == Role::Client && convention == StepConvention::Positive { u64::MAX } else { 0 }
    }
}

struct NobodySubtracts;

impl ProtocolSteps for NobodySubtracts {
    fn before_gate(&self, role: Role, convention: StepConvention) -> u64 {
        u64::from(role == Role::Server && convention == StepConvention::Positive)
    }
}

struct BothAddHalf;

impl ProtocolSteps for BothAddHalf {
    fn around_truncation(&self, role: Role, width: Width, shift: u32) -> Added {
        let half = if role == Role::Client && shift > 0 { width.top_bit() } else { 0 };
        Added { before: half, after: half.checked_shr(shift).unwrap_or(0).wrapping_neg() }
    }
}

struct TruncatesAlone;

impl ProtocolSteps for TruncatesAlone {
    fn truncate_alone(&self, _role: Role, x: &Ring, shift: u32) -> Option<Ring> {
        let shifted = x.to_integers().iter().map(|share| x.width().encode_wrapping(share >> shift)).collect();
        (shift < x.width().bits()).then(|| Ring::new(x.width(), shifted))
    }
}

struct DefaultsShown;

/// Whether no channel of a layer has another gate than the default one.
fn only_defaults(layer: &PlanLayer) -> bool {
    let default = |gate: AffineGate| gate == layer.default_gate();
    (0..layer.channels.len()).filter_map(|channel| layer.gate(channel)).all(default)
}

impl ProtocolSteps for DefaultsShown {
    fn followed(&self, _role: Role, network: Network) -> Network {
        let shown = |layer: &PlanLayer| match only_defaults(layer) && !network.is_public_part() {
            true => PlanLayer { visibility: Visibility::Public, ..layer.clone() },
            false => layer.clone(),
        };
        let plan = network.plan();
        let layers = plan.layers().iter().map(shown).collect();
        let plan = Plan::new(plan.width(), plan.step(), layers).ok();
        plan.and_then(|plan| network.with_plan(plan).ok()).unwrap_or(network)
    }
}

struct AlphaFirst;

impl ProtocolSteps for AlphaFirst {
    fn gate_weights(&self, layer: &PlanLayer) -> Vec<i64> {
        let mut weights = gate_weights(layer);
        let channels = layer.channels.len().min(weights.len());
        weights.rotate_left(channels);
        weights
    }
}

struct OutputToBoth;

impl ProtocolSteps for OutputToBoth {
    fn output_receivers(&self) -> &'static [Role] {
        &[Role::Client, Role::Server]
    }
}

struct CoinsRepeated;

impl ProtocolSteps for CoinsRepeated {
    fn run_seed(&self, seeds: &[Seed], _run: usize) -> Option<Seed> {
        seeds.first().copied()
    }
}

struct NoDeltas;

impl ProtocolSteps for NoDeltas {
    fn shape(&self, frames: Vec<Entry>) -> Vec<Entry> {
        frames.into_iter().filter(|entry| entry.step != "apply/delta").collect()
    }
}
