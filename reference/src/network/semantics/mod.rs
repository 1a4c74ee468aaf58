//! The plaintext semantics of a network: on integers, with checkpoints, and on the ring. [DS-NET-10] [DS-NET-11]
//!
//! Theorem: where the integer semantics gives a result, the ring semantics gives the same one. An integer-semantics
//! error is never silently a result. [DS-NET-12]

mod arithmetic;
mod error;
mod walk;

pub use error::{Checkpoint, SemanticsError};

use super::{Network, Operation};
use arithmetic::{Integers, OnRing};
use walk::evaluate;

/// The integer semantics: exact, or an error that names the place. [DS-NET-10]
///
/// # Errors
/// [`SemanticsError::Overflow`] or [`SemanticsError::Parameter`] at the first checkpoint that a value does not pass.
pub fn integer(network: &Network, input: &[i64]) -> Result<Vec<i64>, SemanticsError> {
    evaluate(&Integers(network.width()), network, input, |_, _| ())
}

/// The ring semantics: total, with wrap-around. [DS-NET-11]
///
/// # Errors
/// [`SemanticsError::NoWeights`], [`SemanticsError::TooLarge`] or [`SemanticsError::InputLength`]: errors of sizes and missing
/// parameters, never of values.
pub fn ring(network: &Network, input: &[i64]) -> Result<Vec<i64>, SemanticsError> {
    let width = network.width();
    Ok(evaluate(&OnRing(width), network, input, |_, _| ())?.into_iter().map(|x| width.decode(x)).collect())
}

/// The pre-activations of all activation layers, in order, in the integer semantics: what their step bits are of.
///
/// # Errors
/// As [`integer`].
pub fn pre_activations(network: &Network, input: &[i64]) -> Result<Vec<Vec<i64>>, SemanticsError> {
    let mut seen = Vec::new();
    evaluate(&Integers(network.width()), network, input, |layer, x| {
        if matches!(layer.operation, Operation::Activation { .. }) {
            seen.push(x.to_vec());
        }
    })?;
    Ok(seen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pre_activations_are_the_operands_of_activations() {
        let channels = r#"[{"source": "prototype"}, {"source": "linear"}]"#;
        let layer = format!(r#"{{"shape": [2, 1, 2], "channels": {channels}}}"#);
        let file = format!(
            r#"{{"format": "deepshare-network/1", "name": "", "input": {{"shape": [2, 1, 2], "scale": 0}}, "layers": [
            {{"name": "first", "op": "activation", "from": "input", "layer": 0}},
            {{"name": "conv", "op": "conv", "from": "first", "out_channels": 2, "kernel": [1, 1], "stride": [1, 1],
              "padding": [0, 0], "groups": 2, "weight_scale": 0, "weights": [1, -2], "bias": [-4, 1]}},
            {{"name": "second", "op": "activation", "from": "conv", "layer": 1}}],
            "plan": {{"format": "deepshare-plan/1", "width": 8, "step": "nonnegative", "layers": [{layer}, {layer}]}}}}"#
        );
        let network = Network::from_json(&file).unwrap();
        let layers = pre_activations(&network, &[3, -3, 5, -6]).unwrap();
        assert_eq!(layers, [vec![3, -3, 5, -6], vec![-1, -4, -9, 13]]);
        assert!(pre_activations(&network, &[3, -3, 5, 100]).is_err(), "-200 + 1 does not fit 8 bits");
    }
}
