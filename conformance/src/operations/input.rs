//! What several operations read, and how errors of the reference become refusals with a place. [DS-VEC-7]

use super::Refusal;
use crate::steps::{Meaning, Steps};
use crate::vectors::types::{Count, Element, Semantics, in_ring};
use deepshare_reference::network::{Network, NetworkError};
use deepshare_reference::plan::{Plan, PlanError, PlanFileError};
use deepshare_reference::values::{Shape, ValueError, Width};
use serde_json::Value;

/// The most elements that an operation makes of a small input. [DS-NET-13]
const MAX_ELEMENTS: usize = 1 << 26;

/// Whether so many elements are too many.
pub(super) fn too_large(elements: usize) -> bool {
    elements > MAX_ELEMENTS
}

/// A value that the specification rejects.
pub(super) fn refuse(error: ValueError) -> Refusal {
    Refusal::new(error.code(), error)
}

/// A value that a checkpoint rejects, in an operation without layers. [DS-INT-1]
pub(super) fn overflow(error: ValueError) -> Refusal {
    match error {
        ValueError::DoesNotFit { .. } => Refusal::new("semantics/overflow", error),
        other => refuse(other),
    }
}

/// A ring width.
pub(super) fn width(bits: Count) -> Result<Width, Refusal> {
    Width::new(bits.0).map_err(refuse)
}

/// A semantics over a ring width.
pub(super) fn meaning(bits: Count, semantics: Semantics) -> Result<Meaning, Refusal> {
    Ok(Meaning { width: width(bits)?, semantics })
}

/// Representatives in [0, 2^k).
pub(super) fn representatives(width: Width, elements: &[Element]) -> Result<Vec<u64>, Refusal> {
    in_ring(width, elements).ok_or_else(|| Refusal::request(format!("an element is not in [0, 2^{width})")))
}

/// Lists of equal length.
pub(super) fn pairs<T: Copy>(left: &[T], right: &[T]) -> Result<Vec<(T, T)>, Refusal> {
    match left.len() == right.len() {
        true => Ok(left.iter().copied().zip(right.iter().copied()).collect()),
        false => Err(refuse(ValueError::Length { left: left.len(), right: right.len() })),
    }
}

/// A shape of three counts.
pub(super) fn shape([channels, height, width]: [Count; 3]) -> Result<Shape, ValueError> {
    Shape::new(channels.length(), height.length(), width.length())
}

/// Three counts of a shape.
pub(super) fn counts(shape: Shape) -> [Count; 3] {
    [shape.channels(), shape.height(), shape.width()].map(Count::of)
}

/// A file that stands in the input as an object or as a text, but not as both.
pub(super) fn text_of(object: Option<Value>, text: Option<String>) -> Result<String, Refusal> {
    match (object, text) {
        (Some(object @ Value::Object(_)), None) => Ok(object.to_string()),
        (None, Some(text)) => Ok(text),
        _ => Err(Refusal::request("exactly one of an object and a `text` is given")),
    }
}

/// Reads a plan. A rule that the steps do not check is mended in a copy, so that the ones after it are found. [DS-PLAN-9]
pub(super) fn read_plan(steps: &dyn Steps, text: &str) -> Result<Plan, Refusal> {
    let mut text = steps.fields(text);
    loop {
        match Plan::from_json(&text) {
            Ok(plan) => return Ok(plan),
            Err(PlanFileError::Plan(error)) => {
                text = mended(steps, &error, &text, "").ok_or_else(|| plan_refusal(&error))?
            }
            Err(error) => return Err(Refusal::new(error.code(), error)),
        }
    }
}

/// Reads a network; of its plan as [`read_plan`]. `Ok(None)` if it breaks another rule that the steps do not check.
pub(super) fn read_network(steps: &dyn Steps, text: &str) -> Result<Option<Network>, Refusal> {
    let mut text = steps.fields(text);
    loop {
        match Network::from_json(&text) {
            Ok(network) => return Ok(Some(network)),
            Err(NetworkError::Plan { source }) => {
                text = mended(steps, &source, &text, "/plan").ok_or_else(|| plan_refusal(&source))?;
            }
            Err(error) if !steps.checks_network(&error) => return Ok(None),
            Err(error) => return Err(network_refusal(&error)),
        }
    }
}

/// The text without the place that breaks a rule, if the steps do not check this rule: the channel becomes a prototype
/// without gate, the layer is left out, the width becomes the largest one and the step the usual one.
fn mended(steps: &dyn Steps, error: &PlanError, text: &str, plan: &str) -> Option<String> {
    if steps.checks_plan(error) {
        return None;
    }
    let mut file: Value = serde_json::from_str(text).ok()?;
    let plan = file.pointer_mut(plan)?;
    match plan_place(error) {
        (Some(layer), Some(channel)) => {
            let entry = plan.pointer_mut(&format!("/layers/{layer}/channels/{channel}"))?;
            *entry = serde_json::json!({"source": "prototype"});
        }
        (Some(layer), None) => {
            let layers = plan.get_mut("layers")?.as_array_mut()?;
            layers.get(layer)?;
            layers.remove(layer);
        }
        _ => {
            let (name, value) = match error {
                PlanError::Width { .. } => ("width", serde_json::json!(64)),
                _ => ("step", serde_json::json!("nonnegative")),
            };
            *plan.get_mut(name)? = value;
        }
    }
    Some(file.to_string())
}

/// Layer and channel of a broken rule.
fn plan_place(error: &PlanError) -> (Option<usize>, Option<usize>) {
    use PlanError as E;
    match *error {
        E::EmptyShape { layer, .. }
        | E::ShapeOverflow { layer, .. }
        | E::GateScale { layer, .. }
        | E::TotalOverflow { layer }
        | E::EmptyLayer { layer, .. }
        | E::ChannelCount { layer, .. } => (Some(layer), None),
        E::SourceLayerOutOfRange { layer, channel, .. }
        | E::SourceLayerLater { layer, channel, .. }
        | E::SourceChannelOutOfRange { layer, channel, .. }
        | E::SpatialMismatch { layer, channel, .. }
        | E::SourceNotPrototype { layer, channel, .. }
        | E::GateOnLinear { layer, channel }
        | E::AlphaOutOfRange { layer, channel, .. }
        | E::BetaOutOfRange { layer, channel, .. } => (Some(layer), Some(channel)),
        _ => (None, None),
    }
}

/// A plan that breaks a rule, with layer and channel.
pub(super) fn plan_refusal(error: &PlanError) -> Refusal {
    let (layer, channel) = plan_place(error);
    let refusal = Refusal::new(error.code(), error);
    let named = [("layer", layer), ("channel", channel)];
    let named = named.into_iter().filter_map(|(field, number)| Some((field, number?)));
    named.fold(refusal, |refusal, (field, number)| refusal.at(field, number))
}

/// A network that breaks a rule, with the layer's name.
fn network_refusal(error: &NetworkError) -> Refusal {
    let refusal = Refusal::new(error.code(), error);
    match network_place(error) {
        Some(layer) => refusal.at("layer", layer),
        None => refusal,
    }
}

/// The name of the layer that breaks a rule.
fn network_place(error: &NetworkError) -> Option<&str> {
    use NetworkError as E;
    match error {
        E::DuplicateName { layer }
        | E::MissingField { layer, .. }
        | E::ForeignField { layer, .. }
        | E::UnknownOperand { layer, .. }
        | E::OperandCount { layer, .. }
        | E::Geometry { layer, .. }
        | E::WeightCount { layer, .. }
        | E::BiasCount { layer, .. }
        | E::ParameterRange { layer, .. }
        | E::PartialWeights { layer }
        | E::AddShapes { layer, .. }
        | E::BroadcastShape { layer, .. }
        | E::AddScales { layer, .. }
        | E::Scale { layer, .. }
        | E::Shift { layer, .. }
        | E::ActivationOrder { layer, .. }
        | E::ActivationShape { layer, .. } => Some(layer),
        _ => None,
    }
}
