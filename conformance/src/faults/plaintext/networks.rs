//! Mistakes in reading and evaluating networks.

use super::Fault;
use crate::steps::{Right, Steps};
use deepshare_reference::network::{Network, NetworkError, Operand, Operation};
use deepshare_reference::plan::Plan;

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "operand-is-previous-layer",
        mistake: "every layer takes the output of the layer just before it",
        clause: "DS-NET-1",
        steps: &OperandIsPreviousLayer,
    },
    Fault {
        name: "plan-layers-reversed",
        mistake: "the last activation uses the plan's first layer",
        clause: "DS-NET-5",
        steps: &PlanLayersReversed,
    },
    Fault {
        name: "gate-scale-not-tracked",
        mistake: "an activation's output has the scale of its input",
        clause: "DS-VAL-7",
        steps: &GateScaleNotTracked,
    },
    Fault {
        name: "pool-scale-not-tracked",
        mistake: "the scale of a sum-pool's output has no more bits",
        clause: "DS-LIN-5",
        steps: &PoolScaleNotTracked,
    },
    Fault {
        name: "public-network-keeps-parameters",
        mistake: "the public part of a network is the network",
        clause: "DS-NET-7",
        steps: &PublicNetworkKeepsParameters,
    },
    Fault {
        name: "sums-of-scales-accepted",
        mistake: "tensors of different scales are added",
        clause: "DS-VAL-7",
        steps: &Accepts(|broken| matches!(broken, NetworkError::AddScales { .. })),
    },
    Fault {
        name: "sums-of-shapes-accepted",
        mistake: "tensors of different shapes are added",
        clause: "DS-LIN-9",
        steps: &Accepts(|broken| matches!(broken, NetworkError::AddShapes { .. })),
    },
    Fault {
        name: "broadcast-of-any-shape",
        mistake: "a tensor of more than one row and column is broadcast",
        clause: "DS-LIN-11",
        steps: &Accepts(|broken| matches!(broken, NetworkError::BroadcastShape { .. })),
    },
    Fault {
        name: "empty-shapes-of-networks-accepted",
        mistake: "a shape of a network may have a dimension of zero",
        clause: "DS-VAL-5",
        steps: &Accepts(|broken| matches!(broken, NetworkError::Geometry { .. })),
    },
    Fault {
        name: "parameter-range-unchecked",
        mistake: "a weight that does not fit k bits is taken modulo 2^k",
        clause: "DS-NET-3",
        steps: &Accepts(|broken| matches!(broken, NetworkError::ParameterRange { .. })),
    },
    Fault {
        name: "shift-above-scale-accepted",
        mistake: "a truncation may shift out more bits than the scale has",
        clause: "DS-VAL-7",
        steps: &Accepts(|broken| matches!(broken, NetworkError::Shift { .. })),
    },
    Fault {
        name: "activation-shape-unchecked",
        mistake: "an activation takes any shape with as many elements as its plan layer",
        clause: "DS-NET-5",
        steps: &Accepts(|broken| matches!(broken, NetworkError::ActivationShape { .. })),
    },
    Fault {
        name: "later-operand-accepted",
        mistake: "an operand may be any layer of the file",
        clause: "DS-NET-2",
        steps: &Accepts(|broken| matches!(broken, NetworkError::UnknownOperand { .. })),
    },
];

/// A reader that does not check one rule.
struct Accepts(fn(&NetworkError) -> bool);

impl Steps for Accepts {
    fn checks_network(&self, broken: &NetworkError) -> bool {
        !(self.0)(broken)
    }
}

struct OperandIsPreviousLayer;

impl Steps for OperandIsPreviousLayer {
    fn operand(&self, network: &Network, layer: usize, named: Operand) -> Operand {
        let layers = network.layers();
        let shape = |operand| match operand {
            Operand::Input => Some(network.input().shape),
            Operand::Layer(index) => layers.get(index).map(|layer| layer.output.shape),
        };
        let previous = layer.checked_sub(1).map_or(Operand::Input, Operand::Layer);
        if shape(previous) == shape(named) { previous } else { named }
    }
}

struct PlanLayersReversed;

impl Steps for PlanLayersReversed {
    fn plan_layer(&self, plan: &Plan, activation: usize) -> usize {
        let layers = plan.layers();
        let other = (layers.len() - 1).saturating_sub(activation);
        let same = layers.get(other).map(|layer| layer.shape) == layers.get(activation).map(|layer| layer.shape);
        if same { other } else { activation }
    }
}

struct GateScaleNotTracked;

impl Steps for GateScaleNotTracked {
    fn scale(&self, network: &Network, layer: usize) -> u32 {
        let gained = |index: &usize| match network.layers().get(*index).map(|layer| &layer.operation) {
            Some(Operation::Activation { layer }) => network.plan().layers().get(*layer).map_or(0, |l| l.gate_scale),
            _ => 0,
        };
        let lost: u32 = (0..=layer).filter(|index| gained(index) > 0).map(|index| gained(&index)).sum();
        Right.scale(network, layer).saturating_sub(lost)
    }
}

struct PoolScaleNotTracked;

impl Steps for PoolScaleNotTracked {
    fn scale(&self, network: &Network, layer: usize) -> u32 {
        let scale = Right.scale(network, layer);
        match network.layers().get(layer).map(|layer| &layer.operation) {
            Some(Operation::SumPool { scale_bits, .. }) => scale - scale_bits,
            _ => scale,
        }
    }
}

struct PublicNetworkKeepsParameters;

impl Steps for PublicNetworkKeepsParameters {
    fn public_network(&self, network: &Network) -> Network {
        network.clone()
    }
}
