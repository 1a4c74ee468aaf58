//! Public selections of elements, as runs of consecutive elements.

use super::ValueError;

/// A run of consecutive elements of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    start: usize,
    len: usize,
}

/// A public selection: elements of a source of known length, in a stated order, with repetition allowed.
///
/// It is kept as runs, because plans select whole channels; so a selection costs memory per channel, not per element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranges {
    source_len: usize,
    len: usize,
    runs: Vec<Run>,
}

impl Ranges {
    /// An empty selection from a source of `source_len` elements.
    pub fn empty(source_len: usize) -> Ranges {
        Ranges { source_len, len: 0, runs: Vec::new() }
    }

    /// All elements of a source of `len` elements, in order.
    pub fn all(len: usize) -> Ranges {
        Ranges { source_len: len, len, runs: vec![Run { start: 0, len }] }
    }

    /// The selection of the given (start, length) runs, one after the other.
    ///
    /// # Errors
    /// As [`Ranges::push`].
    pub fn new(source_len: usize, runs: impl IntoIterator<Item = (usize, usize)>) -> Result<Ranges, ValueError> {
        let mut ranges = Ranges::empty(source_len);
        for (start, len) in runs {
            ranges.push(start, len)?;
        }
        Ok(ranges)
    }

    /// Appends the elements start..start + len of the source to the selection.
    ///
    /// # Errors
    /// [`ValueError::OutOfRange`] if they reach past the end of the source.
    pub fn push(&mut self, start: usize, len: usize) -> Result<(), ValueError> {
        let error = ValueError::OutOfRange { start, len, available: self.source_len };
        let end = start.checked_add(len).ok_or(error.clone())?;
        self.len = match self.len.checked_add(len) {
            Some(total) if end <= self.source_len => total,
            _ => return Err(error),
        };
        match self.runs.last_mut() {
            Some(last) if last.start + last.len == start => last.len += len,
            _ => self.runs.push(Run { start, len }),
        }
        Ok(())
    }

    /// How many elements are selected.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing is selected.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many elements the source has.
    pub fn source_len(&self) -> usize {
        self.source_len
    }

    /// The (start, length) of each run, in order.
    pub fn runs(&self) -> impl Iterator<Item = (usize, usize)> {
        self.runs.iter().map(|run| (run.start, run.len))
    }

    /// Checks that a vector of `len` elements is what this selects from.
    ///
    /// # Errors
    /// [`ValueError::Length`] if it is not.
    pub fn check_source(&self, len: usize) -> Result<(), ValueError> {
        if len == self.source_len { Ok(()) } else { Err(ValueError::Length { left: len, right: self.source_len }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbouring_runs_join_and_others_do_not() {
        let ranges = Ranges::new(10, [(0, 2), (2, 3), (4, 1), (9, 1)]).unwrap();
        assert_eq!(ranges.runs().collect::<Vec<_>>(), [(0, 5), (4, 1), (9, 1)]);
        assert_eq!((ranges.len(), ranges.source_len()), (7, 10));
    }

    #[test]
    fn runs_past_the_end_are_rejected() {
        for (start, len) in [(10, 1), (0, 11), (usize::MAX, 2)] {
            let error = ValueError::OutOfRange { start, len, available: 10 };
            assert_eq!(Ranges::new(10, [(start, len)]), Err(error));
        }
        assert!(Ranges::new(10, [(10, 0)]).unwrap().is_empty());
        assert_eq!(Ranges::all(3).check_source(4), Err(ValueError::Length { left: 4, right: 3 }));
    }
}
