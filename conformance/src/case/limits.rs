//! How large a case can be, so that every backend runs every case, and none takes hours. [DS-FUZZ-3]

use super::CaseError;
use deepshare_reference::network::{Network, Operation};

/// Layers at most.
pub const LAYERS: usize = 64;

/// Images at most.
pub const IMAGES: usize = 64;

/// Elements of all tensors together at most, those of all images together.
pub const ELEMENTS: usize = 1 << 15;

/// Products of weights and inputs at most, those of all layers and images together; sums of pools count as products.
pub const TERMS: usize = 1 << 20;

/// A network with weights, within the limits, and images of its own.
pub fn check(network: &Network, images: &[Vec<i64>]) -> Result<(), CaseError> {
    let shapes = network.layers().iter().map(|layer| layer.output.shape).chain([network.input().shape]);
    let elements = shapes.fold(0_usize, |sum, shape| sum.saturating_add(shape.elements()));
    let terms = network.layers().iter().fold(0_usize, |sum, layer| sum.saturating_add(terms(&layer.operation)));
    let fits = network.layers().len() <= LAYERS
        && (1..=IMAGES).contains(&images.len())
        && elements.saturating_mul(images.len()) <= ELEMENTS
        && terms.saturating_mul(images.len()) <= TERMS;
    if !fits {
        return Err(CaseError::Beyond);
    }
    parameters(network)?;
    images.iter().enumerate().try_for_each(|(number, image)| one_image(network, number, image))
}

/// Products of an operation for one image at most: those with the padding's zeros, which are not formed, count too, as
/// for backends that list products one by one. [DS-OT-50]
fn terms(operation: &Operation) -> usize {
    match operation {
        Operation::Linear { map, .. } => map.weights().saturating_mul(map.output().area()),
        Operation::SumPool { map, .. } => usize::try_from(map.terms_of_one()).unwrap_or(usize::MAX),
        _ => 0,
    }
}

/// A network with all that it needs to run; a public part lacks private gates even if it has no linear layer. [DS-NET-7]
fn parameters(network: &Network) -> Result<(), CaseError> {
    if network.is_public_part() {
        return Err(CaseError::PublicPart);
    }
    let lacks = |operation: &Operation| matches!(operation, Operation::Linear { parameters: None, .. });
    match network.layers().iter().find(|layer| lacks(&layer.operation)) {
        Some(layer) => Err(CaseError::Weights { layer: layer.name.clone() }),
        None => Ok(()),
    }
}

fn one_image(network: &Network, number: usize, image: &[i64]) -> Result<(), CaseError> {
    let (width, elements) = (network.width(), network.input().shape.elements());
    let failed = |what: String| Err(CaseError::Image { number, what });
    if image.len() != elements {
        return failed(format!("it has {} elements, and the network takes {elements}", image.len()));
    }
    match image.iter().find(|x| !(width.min_value()..=width.max_value()).contains(x)) {
        Some(x) => failed(format!("{x} does not fit {} bits", width.bits())),
        None => Ok(()),
    }
}
