//! Predictions, and what differs between results.

/// The index of the largest output; ties go to the lowest index.
pub fn prediction(outputs: &[i64]) -> Option<usize> {
    let best = outputs.iter().enumerate().max_by_key(|&(index, &value)| (value, std::cmp::Reverse(index)))?;
    Some(best.0)
}

/// How many outputs and how many predictions of two lists of results differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Outputs that differ or are missing.
    pub logits: u64,
    /// Images whose predictions differ.
    pub predictions: u64,
}

/// Compares results with the baseline's, image by image.
pub fn compare(baseline: &[Vec<i64>], found: &[Vec<i64>]) -> Difference {
    let mut difference = Difference::default();
    for (image, expected) in baseline.iter().enumerate() {
        let found = found.get(image).map_or(&[][..], Vec::as_slice);
        let equal = expected.iter().zip(found).filter(|(a, b)| a == b).count();
        difference.logits += (expected.len().max(found.len()) - equal) as u64;
        difference.predictions += u64::from(prediction(expected) != prediction(found));
    }
    difference
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_of_predictions_go_to_the_lowest_index() {
        assert_eq!(prediction(&[-3, 5, 5, 1]), Some(1));
        assert_eq!(prediction(&[]), None);
    }

    #[test]
    fn differences_are_counted_and_missing_results_are_differences() {
        let baseline = [vec![1, 2, 3], vec![4, 5, 6]];
        assert_eq!(compare(&baseline, &baseline), Difference::default());
        assert_eq!(compare(&baseline, &[vec![9, 2, 4], vec![4, 5, 6]]), Difference { logits: 2, predictions: 1 });
        assert_eq!(compare(&baseline, &[vec![1, 2, 3]]), Difference { logits: 3, predictions: 1 });
    }
}
