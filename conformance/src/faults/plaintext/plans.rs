//! Mistakes in reading, counting and writing plans.

use super::Fault;
use crate::steps::Steps;
use deepshare_reference::plan::{AffineGate, Channel, Counts, Plan, PlanError, PlanLayer};
use serde_json::Value;

/// A rule of plans that is not checked.
macro_rules! unchecked {
    ($name:literal, $mistake:literal, $clause:literal, $rule:ident) => {
        Fault {
            name: $name,
            mistake: $mistake,
            clause: $clause,
            steps: &Accepts(|broken| matches!(broken, PlanError::$rule { .. })),
        }
    };
}

pub(super) const FAULTS: &[Fault] = &[
    unchecked!("width-unchecked", "any ring width is taken", "DS-PLAN-10", Width),
    unchecked!("unknown-step-accepted", "a step that is not known is `nonnegative`", "DS-PLAN-11", UnknownStep),
    unchecked!("empty-shape-accepted", "a dimension of a shape may be zero", "DS-PLAN-12", EmptyShape),
    unchecked!("shape-overflow-accepted", "a layer may have any number of elements", "DS-PLAN-13", ShapeOverflow),
    unchecked!("gate-scale-unchecked", "a gate scale may have any number of bits", "DS-PLAN-14", GateScale),
    unchecked!("total-overflow-accepted", "all layers may have any number of elements", "DS-PLAN-15", TotalOverflow),
    unchecked!("empty-layer-accepted", "a layer may have no entry", "DS-PLAN-16", EmptyLayer),
    unchecked!("channel-count-unchecked", "a layer may have more entries than channels", "DS-PLAN-17", ChannelCount),
    unchecked!(
        "unknown-source-layer-accepted",
        "a replicate of a layer that is not there is a prototype",
        "DS-PLAN-18",
        SourceLayerOutOfRange
    ),
    unchecked!(
        "unknown-source-channel-accepted",
        "a replicate of a channel that is not there is a prototype",
        "DS-PLAN-20",
        SourceChannelOutOfRange
    ),
    Fault {
        name: "forward-reference-accepted",
        mistake: "a replicate may name a later layer",
        clause: "DS-PLAN-19",
        steps: &Accepts(|broken| matches!(broken, PlanError::SourceLayerLater { .. })),
    },
    Fault {
        name: "spatial-mismatch-accepted",
        mistake: "height and width of a replicate and its prototype may differ",
        clause: "DS-PLAN-21",
        steps: &Accepts(|broken| matches!(broken, PlanError::SpatialMismatch { .. })),
    },
    Fault {
        name: "replicate-of-replicate-accepted",
        mistake: "a replicate may name any channel",
        clause: "DS-PLAN-22",
        steps: &Accepts(|broken| matches!(broken, PlanError::SourceNotPrototype { .. })),
    },
    Fault {
        name: "gate-on-linear-accepted",
        mistake: "a gate of a linear channel is ignored",
        clause: "DS-PLAN-23",
        steps: &Accepts(|broken| matches!(broken, PlanError::GateOnLinear { .. })),
    },
    Fault {
        name: "alpha-range-unchecked",
        mistake: "alpha is taken modulo 2^k",
        clause: "DS-PLAN-24",
        steps: &Accepts(|broken| matches!(broken, PlanError::AlphaOutOfRange { .. })),
    },
    Fault {
        name: "beta-range-unchecked",
        mistake: "beta is taken modulo 2^k",
        clause: "DS-PLAN-25",
        steps: &Accepts(|broken| matches!(broken, PlanError::BetaOutOfRange { .. })),
    },
    Fault {
        name: "unknown-field-accepted",
        mistake: "fields that the format does not have are ignored",
        clause: "DS-FILE-1",
        steps: &UnknownFieldAccepted,
    },
    Fault {
        name: "duplicate-field-accepted",
        mistake: "of two fields of one name the last one counts",
        clause: "DS-FILE-1",
        steps: &DuplicateFieldAccepted,
    },
    Fault {
        name: "public-part-keeps-gates",
        mistake: "the public part has the gates of private layers",
        clause: "DS-PLAN-8",
        steps: &PublicPartKeepsGates,
    },
    Fault {
        name: "replicates-counted-as-drelus",
        mistake: "the DReLUs are those of all gated channels",
        clause: "DS-PLAN-27",
        steps: &ReplicatesCounted,
    },
    Fault {
        name: "text-drops-default-gate",
        mistake: "a stated gate that is the default one is not written",
        clause: "DS-FILE-3",
        steps: &TextDropsDefaultGate,
    },
    Fault {
        name: "text-large-integers-as-numbers",
        mistake: "integers of 2^53 and more are written as numbers",
        clause: "DS-FILE-3",
        steps: &TextLargeIntegersAsNumbers,
    },
    Fault {
        name: "text-without-line-feed",
        mistake: "the canonical text ends with the brace",
        clause: "DS-FILE-3",
        steps: &TextWithoutLineFeed,
    },
    Fault {
        name: "baseline-without-linear",
        mistake: "linear channels are left out of the baseline",
        clause: "DS-PLAN-27",
        steps: &BaselineWithoutLinear,
    },
];

/// A reader that does not check one rule.
struct Accepts(fn(&PlanError) -> bool);

impl Steps for Accepts {
    fn checks_plan(&self, broken: &PlanError) -> bool {
        !(self.0)(broken)
    }
}

struct UnknownFieldAccepted;

impl Steps for UnknownFieldAccepted {
    fn fields(&self, text: &str) -> String {
        let Ok(mut file) = serde_json::from_str(text) else { return text.to_owned() };
        keep_known(&mut file);
        file.to_string()
    }
}

/// All fields of plan and network files.
const KNOWN: &str = "format part name input shape scale layers plan width step gate_scale gates channels source gate layer \
                     channel alpha beta op from out_channels kernel window stride padding dilation groups outputs \
                     scale_bits size shift weight_scale weights bias";

fn keep_known(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| KNOWN.split_whitespace().any(|known| known == name));
            fields.values_mut().for_each(keep_known);
        }
        Value::Array(values) => values.iter_mut().for_each(keep_known),
        _ => {}
    }
}

struct DuplicateFieldAccepted;

impl Steps for DuplicateFieldAccepted {
    fn fields(&self, text: &str) -> String {
        serde_json::from_str::<Value>(text).map_or(text.to_owned(), |file| file.to_string())
    }
}

struct PublicPartKeepsGates;

impl Steps for PublicPartKeepsGates {
    fn public_plan(&self, plan: &Plan) -> Plan {
        plan.clone()
    }
}

struct ReplicatesCounted;

impl Steps for ReplicatesCounted {
    fn counts(&self, plan: &Plan) -> Counts {
        let counts = plan.counts();
        Counts { drelus: counts.multiplexed, ..counts }
    }
}

struct TextDropsDefaultGate;

impl Steps for TextDropsDefaultGate {
    fn plan_text(&self, plan: &Plan) -> String {
        let mut layers = plan.layers().to_vec();
        for layer in &mut layers {
            let default: AffineGate = layer.default_gate();
            let stated = layer.channels.iter_mut().filter(|channel| channel.gate == Some(default));
            stated.for_each(|channel: &mut Channel| channel.gate = None);
        }
        rebuilt(plan, layers)
    }
}

fn rebuilt(plan: &Plan, layers: Vec<PlanLayer>) -> String {
    Plan::new(plan.width(), plan.step(), layers).map_or(String::new(), |plan| plan.to_json())
}

struct TextLargeIntegersAsNumbers;

impl Steps for TextLargeIntegersAsNumbers {
    fn plan_text(&self, plan: &Plan) -> String {
        let number = |part: &str| part.parse::<i64>().is_ok();
        let text = plan.to_json();
        let parts: Vec<&str> = text.split('"').collect();
        let mut out = String::new();
        for (position, part) in parts.iter().enumerate() {
            let next_to_number = position > 0 && (number(part) || parts.get(position - 1).is_some_and(|p| number(p)));
            out.push_str(if position == 0 || next_to_number { "" } else { "\"" });
            out.push_str(part);
        }
        out
    }
}

struct TextWithoutLineFeed;

impl Steps for TextWithoutLineFeed {
    fn plan_text(&self, plan: &Plan) -> String {
        plan.to_json().trim_end().to_owned()
    }
}

struct BaselineWithoutLinear;

impl Steps for BaselineWithoutLinear {
    fn counts(&self, plan: &Plan) -> Counts {
        let counts = plan.counts();
        Counts { baseline: counts.multiplexed, ..counts }
    }
}
