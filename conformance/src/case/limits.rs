//! How large a case can be, so that every backend runs every case in a moment. [DS-FUZZ-3]

use super::CaseError;
use deepshare_reference::network::{Network, Operation};

/// Layers at most.
pub const LAYERS: usize = 64;

/// Images at most.
pub const IMAGES: usize = 64;

/// Elements of a tensor at most, those of all images together.
pub const ELEMENTS: usize = 1 << 14;

/// A network with weights, within the limits, and images of its own.
pub fn check(network: &Network, images: &[Vec<i64>]) -> Result<(), CaseError> {
    let shapes = network.layers().iter().map(|layer| layer.output.shape).chain([network.input().shape]);
    let largest = shapes.map(|shape| shape.elements()).max().unwrap_or(0);
    let fits = network.layers().len() <= LAYERS
        && (1..=IMAGES).contains(&images.len())
        && largest.saturating_mul(images.len()) <= ELEMENTS;
    if !fits {
        return Err(CaseError::Beyond);
    }
    weights(network)?;
    images.iter().enumerate().try_for_each(|(number, image)| one_image(network, number, image))
}

fn weights(network: &Network) -> Result<(), CaseError> {
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
