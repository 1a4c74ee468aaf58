//! The plaintext semantics of both kinds: the baseline that all worlds are compared with.

use super::{Results, progress};
use crate::error::CliError;
use crate::printable::Name;
use deepshare_reference::network::Network;
use deepshare_reference::network::semantics::{self, SemanticsError};
use std::time::Instant;

/// The results in the clear that all worlds are compared with.
#[derive(Clone, Debug)]
pub struct Baseline {
    /// Where the integer semantics has no result, if so: then the ring semantics is the baseline.
    pub overflow: Option<Overflow>,
    /// Seconds of the integer semantics.
    pub integer_seconds: f64,
    /// The outputs of every image.
    pub outputs: Vec<Vec<i64>>,
    /// The ring semantics.
    pub ring: Results,
}

/// The first value that does not fit.
#[derive(Clone, Debug)]
pub struct Overflow {
    /// The image, from 0.
    pub image: usize,
    /// The place and the value.
    pub error: SemanticsError,
}

impl Baseline {
    /// `integer` or `ring`.
    pub fn name(&self) -> &'static str {
        if self.overflow.is_some() { "ring" } else { "integer" }
    }
}

/// Runs images in the clear, in the integer semantics and in the ring semantics.
///
/// # Errors
/// [`CliError::Semantics`] if the network cannot be evaluated at all.
pub fn plaintext(file: &Name, network: &Network, images: &[Vec<i64>]) -> Result<Baseline, CliError> {
    let error = |image, source| CliError::Semantics { file: file.clone(), image, source };
    let start = Instant::now();
    let integer = evaluate("integer", images, |image| semantics::integer(network, image));
    let integer_seconds = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let ring = evaluate("ring", images, |image| semantics::ring(network, image));
    let outputs = ring.map_err(|(image, source)| error(image, source))?;
    let ring = Results { outputs, seconds: start.elapsed().as_secs_f64(), ..Results::default() };
    let (overflow, outputs) = match integer {
        Ok(outputs) => (None, outputs),
        Err((image, error)) => (Some(Overflow { image, error }), ring.outputs.clone()),
    };
    Ok(Baseline { overflow, integer_seconds, outputs, ring })
}

/// Evaluates images until one fails.
fn evaluate(
    world: &'static str,
    images: &[Vec<i64>],
    one: impl Fn(&[i64]) -> Result<Vec<i64>, SemanticsError>,
) -> Result<Vec<Vec<i64>>, (usize, SemanticsError)> {
    let bar = progress(world, images.len(), "images");
    let outputs = images.iter().enumerate().map(|(image, input)| {
        bar.inc(1);
        one(input).map_err(|error| (image, error))
    });
    let outputs = outputs.collect();
    bar.finish_and_clear();
    outputs
}
