//! What many cases have in them: whether a corpus, or bytes drawn at random, reach far. [DS-FUZZ-9]

use super::Case;
use deepshare_reference::network::semantics::integer;
use deepshare_reference::network::{Layer, Operation};
use deepshare_reference::plan::{Channel, Plan, Source, StepConvention, Visibility};
use std::fmt::Write;

/// Something that a case has or has not.
pub struct Property {
    /// Its name.
    pub name: &'static str,
    /// Of the cases that random bytes are, at least this part has it, in percent; tests hold it.
    pub least: usize,
    /// Whether a case has it.
    pub of: fn(&Case) -> bool,
}

const fn property(name: &'static str, least: usize, of: fn(&Case) -> bool) -> Property {
    Property { name, least, of }
}

/// What is counted.
pub const PROPERTIES: &[Property] = &[
    property("width 2 or 64", 10, |case| matches!(bits(case), 2 | 64)),
    property("width 8, 16 or 32", 10, |case| matches!(bits(case), 8 | 16 | 32)),
    property("another width", 30, |case| !matches!(bits(case), 2 | 8 | 16 | 32 | 64)),
    property("step convention positive", 30, |case| plan(case).step() == StepConvention::Positive),
    property("1 activation layer", 15, |case| plan(case).layers().len() == 1),
    property("2 activation layers", 15, |case| plan(case).layers().len() == 2),
    property("3 activation layers", 8, |case| plan(case).layers().len() == 3),
    property("4 and more activation layers", 4, |case| plan(case).layers().len() >= 4),
    property("fan-out of 2 and more", 30, |case| fan_out(case) >= 2),
    property("fan-out of 4 and more", 10, |case| fan_out(case) >= 4),
    property("use in a later layer", 15, |case| channels(case).any(|(own, channel)| reach(own, channel) >= 1)),
    property("use two and more layers later", 6, |case| channels(case).any(|(own, channel)| reach(own, channel) >= 2)),
    property("affine gates", 30, |case| channels(case).any(|(_, channel)| channel.gate.is_some())),
    property("linear channels", 15, |case| channels(case).any(|(_, channel)| channel.source == Source::Linear)),
    property("private gates", 30, |case| {
        plan(case).layers().iter().any(|layer| layer.visibility == Visibility::Private)
    }),
    property("gate scale above 0", 20, |case| plan(case).layers().iter().any(|layer| layer.gate_scale > 0)),
    property("batches", 10, |case| case.images().len() > 1),
    property("vectors of more than 64 elements", 1, |case| widest(case) > 64),
    property("truncations", 15, |case| layers(case).any(|layer| shifts(&layer.operation))),
    property("linear layers", 20, |case| layers(case).any(|layer| matches!(layer.operation, Operation::Linear { .. }))),
    property("sums, pools and broadcasts", 15, |case| layers(case).any(|layer| moves(&layer.operation))),
    property("integer semantics defined", 20, |case| {
        case.images().iter().all(|image| integer(case.network(), image).is_ok())
    }),
];

fn plan(case: &Case) -> &Plan {
    case.network().plan()
}

fn bits(case: &Case) -> u32 {
    case.network().width().bits()
}

fn fan_out(case: &Case) -> u64 {
    plan(case).fan_outs().into_values().max().unwrap_or(0)
}

fn layers(case: &Case) -> impl Iterator<Item = &Layer> {
    case.network().layers().iter()
}

fn channels(case: &Case) -> impl Iterator<Item = (usize, &Channel)> {
    let layers = plan(case).layers().iter().enumerate();
    layers.flat_map(|(own, layer)| layer.channels.iter().map(move |channel| (own, channel)))
}

/// How many activation layers later than its prototype a channel of a layer uses the gate.
fn reach(own: usize, channel: &Channel) -> usize {
    match channel.source {
        Source::Replicate { layer, .. } => own.saturating_sub(layer),
        _ => 0,
    }
}

fn shifts(operation: &Operation) -> bool {
    matches!(operation, Operation::Truncate { shift } if *shift > 0)
}

fn moves(operation: &Operation) -> bool {
    matches!(operation, Operation::Add | Operation::SumPool { .. } | Operation::Broadcast)
}

/// The elements of the largest tensor, of all images together.
fn widest(case: &Case) -> usize {
    let outputs = layers(case).map(|layer| layer.output.shape.elements());
    outputs.chain([case.network().input().shape.elements()]).max().unwrap_or(0) * case.images().len()
}

/// The elements that pass through activation layers and truncations, of all images together: what a run costs.
fn elements(case: &Case) -> usize {
    let costs = |layer: &&Layer| matches!(layer.operation, Operation::Activation { .. }) || shifts(&layer.operation);
    layers(case).filter(costs).map(|layer| layer.output.shape.elements()).sum::<usize>() * case.images().len()
}

/// The part of cases that have a property, in percent, rounded down; 0 of none.
pub fn percent(cases: &[Case], property: &Property) -> usize {
    let count = cases.iter().filter(|case| (property.of)(case)).count();
    (100 * count).checked_div(cases.len()).unwrap_or(0)
}

/// The survey in words. A writer into memory has no way to fail, so what it returns is let go.
pub fn text(cases: &[Case]) -> String {
    let mut text = format!("{} cases; the part of them that has each property, rounded down:\n", cases.len());
    for property in PROPERTIES {
        let _ = writeln!(text, "{:<30} {:>3} %", property.name, percent(cases, property));
    }
    let mut elements: Vec<usize> = cases.iter().map(elements).collect();
    elements.sort_unstable();
    let at = |part: usize| elements.get(elements.len() * part / 100).or(elements.last()).copied().unwrap_or(0);
    let _ = writeln!(text, "elements that pass through activation layers and truncations, of all images together:");
    let _ = writeln!(
        text,
        "half of the cases have at most {}, nine in ten at most {}, all at most {}",
        at(50),
        at(90),
        at(100)
    );
    text
}
