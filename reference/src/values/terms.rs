//! The terms w * x of a linear map: listed one by one, or counted.

use super::linear_map::rule;
use super::{LinearMap, Ranges, ValueError};

/// The most terms that are listed one by one. [DS-OT-50]
const MAX_TERMS: usize = 1 << 24;

/// The terms of a batch of applications of a map, one application after the other, sorted by input within each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The weight of each term.
    pub weights: Ranges,
    /// The input of each term, of the whole batch.
    pub inputs: Ranges,
    /// The output, of the whole batch, to which each term is added up.
    pub outputs: Ranges,
}

impl Terms {
    /// The terms one by one, for values. [DS-OT-50]
    ///
    /// # Errors
    /// [`ValueError::LinearMap`] if there may be more than 2^24 of them, which are not listed one by one.
    pub fn listed(map: &LinearMap, batch: usize) -> Result<Terms, ValueError> {
        let most = map.weights().saturating_mul(map.output().area()).saturating_mul(batch);
        if most > MAX_TERMS {
            return rule(format!(
                "up to {most} terms in a batch of {batch}; products from COTs take {MAX_TERMS} at most"
            ));
        }
        let sorted = sorted(map);
        let [weights, inputs, outputs] = lengths(map, batch)?.map(Ranges::empty);
        let mut terms = Terms { weights, inputs, outputs };
        for image in 0..batch {
            for &(input, output, weight) in &sorted {
                terms.weights.push(weight, 1)?;
                terms.inputs.push(image * map.inputs() + input, 1)?;
                terms.outputs.push(image * map.outputs() + output, 1)?;
            }
        }
        Ok(terms)
    }

    /// The number of terms and nothing else, for shapes: no size is too large. [DS-COST-1]
    ///
    /// # Errors
    /// [`ValueError::ShapeOverflow`] if there are more than can be counted.
    pub fn counted(map: &LinearMap, batch: usize) -> Result<Terms, ValueError> {
        let overflow = ValueError::ShapeOverflow { channels: map.weights(), height: map.outputs(), width: batch };
        let total = map.terms_of_one().checked_mul(batch as u128);
        let total = total.and_then(|total| usize::try_from(total).ok()).ok_or(overflow)?;
        let [weights, inputs, outputs] = lengths(map, batch)?.map(|len| Ranges::counted(len, total));
        Ok(Terms { weights, inputs, outputs })
    }
}

/// How many weights, inputs and outputs there are to select from.
fn lengths(map: &LinearMap, batch: usize) -> Result<[usize; 3], ValueError> {
    map.check_batch(map.inputs().saturating_mul(batch), batch)?; // neither product overflows
    Ok([map.weights(), map.inputs() * batch, map.outputs() * batch])
}

/// (input, output, weight) of the terms of one application, in order.
fn sorted(map: &LinearMap) -> Vec<(usize, usize, usize)> {
    let mut by_output: Vec<Vec<(usize, usize)>> = vec![Vec::new(); map.outputs()];
    let index = |len: usize| (0..len).collect::<Vec<usize>>();
    let (weights, inputs) = (index(map.weights()), index(map.inputs()));
    map.accumulate(&mut by_output, &weights, &inputs, |terms, &weight, &input| terms.push((input, weight)));
    let outputs = by_output.into_iter().enumerate();
    let mut all: Vec<(usize, usize, usize)> =
        outputs.flat_map(|(output, terms)| terms.into_iter().map(move |(i, w)| (i, output, w))).collect();
    all.sort_unstable();
    all
}
