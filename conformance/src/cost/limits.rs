//! Networks that are too large to be costed: so large that lengths or sums might not fit 64 bits. [DS-COST-7]

use super::error::CostError;
use deepshare_reference::network::{LinearKind, Network, Operation};

/// The most elements of a tensor, and weights of a layer.
const MAX_ELEMENTS: usize = 1 << 40;
/// The most terms of a linear layer.
const MAX_TERMS: u128 = 1 << 46;
/// The largest kernel on an axis: terms are counted in time for it.
const MAX_KERNEL: usize = 1 << 16;

/// Checks that a network can be costed.
///
/// # Errors
/// [`CostError::TooLarge`] that names the layer.
pub fn check(network: &Network) -> Result<(), CostError> {
    let too_large = |layer: &str, what: String| Err(CostError::TooLarge { layer: layer.to_owned(), what });
    let elements = |layer: &str, elements: usize| match elements <= MAX_ELEMENTS {
        true => Ok(()),
        false => too_large(layer, format!("{elements} elements are more than 2^40")),
    };
    elements("input", network.input().shape.elements())?;
    for layer in network.layers() {
        elements(&layer.name, layer.output.shape.elements())?;
        let Operation::Linear { kind, map, .. } = &layer.operation else { continue };
        if let LinearKind::Convolution { window, .. } = kind {
            let [rows, columns] = window.kernel;
            if rows.max(columns) > MAX_KERNEL {
                return too_large(&layer.name, format!("a kernel of {} is larger than 2^16", rows.max(columns)));
            }
        }
        if map.weights() > MAX_ELEMENTS {
            return too_large(&layer.name, format!("{} weights are more than 2^40", map.weights()));
        }
        if map.terms_of_one() > MAX_TERMS {
            return too_large(&layer.name, format!("{} terms are more than 2^46", map.terms_of_one()));
        }
    }
    Ok(())
}
