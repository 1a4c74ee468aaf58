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
/// Selections of single elements, by the million, are only counted in the domain of shapes, which needs no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranges {
    source_len: usize,
    len: usize,
    runs: Runs,
}

/// Which elements are selected.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Runs {
    Listed(Vec<Run>),
    /// Nobody said: only their number is known.
    Counted,
}

/// A selection that was parted at an element of its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// What it selects below that element, from the source's lower part.
    pub below: Ranges,
    /// What it selects from that element on, from the source's upper part.
    pub above: Ranges,
    /// The positions of `below` in the selection.
    pub below_at: Ranges,
    /// The positions of `above` in the selection.
    pub above_at: Ranges,
    /// The selection from `below` and then `above`, put together again.
    pub merge: Ranges,
}

impl Ranges {
    /// An empty selection from a source of `source_len` elements.
    pub fn empty(source_len: usize) -> Ranges {
        Ranges { source_len, len: 0, runs: Runs::Listed(Vec::new()) }
    }

    /// All elements of a source of `len` elements, in order.
    pub fn all(len: usize) -> Ranges {
        let runs = if len > 0 { vec![Run { start: 0, len }] } else { Vec::new() };
        Ranges { source_len: len, len, runs: Runs::Listed(runs) }
    }

    /// A selection of `len` elements that are not listed: enough for shapes, an error wherever values are selected.
    pub fn counted(source_len: usize, len: usize) -> Ranges {
        Ranges { source_len, len, runs: Runs::Counted }
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
    /// [`ValueError::OutOfRange`] if they reach past the end of the source; [`ValueError::Counted`] if the elements so far
    /// are not listed.
    pub fn push(&mut self, start: usize, len: usize) -> Result<(), ValueError> {
        let error = ValueError::OutOfRange { start, len, available: self.source_len };
        let end = start.checked_add(len).ok_or(error.clone())?;
        let Runs::Listed(runs) = &mut self.runs else { return Err(ValueError::Counted { len: self.len }) };
        self.len = match self.len.checked_add(len) {
            Some(total) if end <= self.source_len => total,
            _ => return Err(error),
        };
        match runs.last_mut() {
            _ if len == 0 => {}
            Some(last) if last.start + last.len == start => last.len += len,
            _ => runs.push(Run { start, len }),
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
    ///
    /// # Errors
    /// [`ValueError::Counted`] if the elements are not listed.
    pub fn runs(&self) -> Result<impl Iterator<Item = (usize, usize)>, ValueError> {
        match &self.runs {
            Runs::Listed(runs) => Ok(runs.iter().map(|run| (run.start, run.len))),
            Runs::Counted => Err(ValueError::Counted { len: self.len }),
        }
    }

    /// The elements that at least one of the selections selects, each once, in the order of the source.
    ///
    /// # Errors
    /// [`ValueError::Length`] if they select from sources of different lengths.
    pub fn cover(&self, other: &Ranges) -> Result<Ranges, ValueError> {
        self.check_source(other.source_len)?;
        let mut runs: Vec<(usize, usize)> = self.runs()?.chain(other.runs()?).collect();
        runs.sort_unstable();
        let (mut cover, mut end) = (Ranges::empty(self.source_len), 0);
        for (start, len) in runs {
            let (from, to) = (start.max(end), start + len);
            cover.push(from, to.saturating_sub(from))?;
            end = end.max(to);
        }
        Ok(cover)
    }

    /// This selection from a source of which only the elements of `cover` are left, each once, in the source's order.
    ///
    /// # Errors
    /// [`ValueError::OutOfRange`] if it selects an element that is not among them.
    pub fn within(&self, cover: &Ranges) -> Result<Ranges, ValueError> {
        let mut kept = Vec::new(); // the runs of the cover, each with the number of elements before it
        let mut before = 0;
        for (start, len) in cover.runs()? {
            kept.push((start, len, before));
            before += len;
        }
        let mut within = Ranges::empty(cover.len);
        for (start, len) in self.runs()? {
            let last = kept.partition_point(|(from, _, _)| *from <= start).checked_sub(1).and_then(|i| kept.get(i));
            let inside = last.filter(|(from, run, _)| start + len <= from + run);
            let missing = ValueError::OutOfRange { start, len, available: cover.len };
            let (from, _, before) = inside.ok_or(missing)?;
            within.push(before + start - from, len)?;
        }
        Ok(within)
    }

    /// Parts the selection at element `at` of its source.
    ///
    /// # Errors
    /// [`ValueError::Counted`] if the elements are not listed.
    pub fn split(&self, at: usize) -> Result<Split, ValueError> {
        let at = at.min(self.source_len);
        let mut parts = [Ranges::empty(at), Ranges::empty(self.source_len - at)];
        let mut places = [Ranges::empty(self.len), Ranges::empty(self.len)];
        let mut order = Vec::new(); // for each run: in which part, where in it, how long
        let mut position = 0;
        for (start, len) in self.runs()? {
            let below = len.min(at.saturating_sub(start));
            for (part, start, len) in [(0, start, below), (1, (start + below).saturating_sub(at), len - below)] {
                let (Some(ranges), Some(place)) = (parts.get_mut(part), places.get_mut(part)) else { continue };
                if len > 0 {
                    order.push((part, ranges.len, len));
                    ranges.push(start, len)?;
                    place.push(position, len)?;
                    position += len;
                }
            }
        }
        let [below, above] = parts;
        let [below_at, above_at] = places;
        let mut merge = Ranges::empty(self.len);
        for (part, start, len) in order {
            merge.push(if part == 0 { start } else { below.len + start }, len)?;
        }
        Ok(Split { below, above, below_at, above_at, merge })
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
        assert_eq!(ranges.runs().unwrap().collect::<Vec<_>>(), [(0, 5), (4, 1), (9, 1)]);
        assert_eq!((ranges.len(), ranges.source_len()), (7, 10));
        assert!(!ranges.is_empty());
    }

    #[test]
    fn runs_without_elements_leave_no_trace() {
        assert_eq!(Ranges::new(10, [(3, 0), (10, 0)]), Ok(Ranges::empty(10)));
        assert_eq!(Ranges::all(0), Ranges::empty(0));
        assert!(Ranges::all(0).is_empty());
    }

    fn elements(ranges: &Ranges) -> Vec<usize> {
        ranges.runs().unwrap().flat_map(|(start, len)| start..start + len).collect()
    }

    #[test]
    fn a_cover_has_each_selected_element_once_and_the_selections_stand_within_it() {
        let a = Ranges::new(20, [(15, 3), (2, 4), (15, 1), (19, 1), (7, 0)]).unwrap();
        let b = Ranges::new(20, [(4, 4), (0, 1), (16, 1)]).unwrap();
        let cover = a.cover(&b).unwrap();
        assert_eq!(elements(&cover), [0, 2, 3, 4, 5, 6, 7, 15, 16, 17, 19]);
        for selection in [&a, &b] {
            let within = elements(&selection.within(&cover).unwrap());
            let again: Vec<usize> = within.iter().map(|&i| elements(&cover)[i]).collect();
            assert_eq!(again, elements(selection));
        }
        let missing = Ranges::new(20, [(7, 2)]).unwrap().within(&cover);
        assert_eq!(missing, Err(ValueError::OutOfRange { start: 7, len: 2, available: 11 }));
        assert!(a.cover(&Ranges::all(19)).is_err());
    }

    #[test]
    fn a_split_parts_runs_that_cross_and_merges_back() {
        let all = Ranges::new(10, [(8, 2), (2, 4), (0, 1), (3, 3)]).unwrap();
        for at in 0..=11 {
            let split = all.split(at).unwrap();
            let source = [&split.below, &split.above].map(Ranges::source_len);
            assert_eq!(source, [at.min(10), 10 - at.min(10)], "at {at}");
            let joined: Vec<usize> =
                elements(&split.below).into_iter().chain(elements(&split.above).into_iter().map(|i| i + at)).collect();
            let merged: Vec<usize> = elements(&split.merge).iter().map(|&i| joined[i]).collect();
            assert_eq!(merged, elements(&all), "at {at}");
            let below: Vec<usize> = elements(&split.below_at).iter().map(|&i| elements(&all)[i]).collect();
            assert_eq!(below, elements(&split.below), "at {at}");
            let above: Vec<usize> = elements(&split.above_at).iter().map(|&i| elements(&all)[i] - at).collect();
            assert_eq!(above, elements(&split.above), "at {at}");
        }
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

    #[test]
    fn counted_elements_cannot_be_selected() {
        let mut ranges = Ranges::counted(10, 7);
        assert_eq!((ranges.len(), ranges.source_len()), (7, 10));
        assert_eq!(ranges.runs().err(), Some(ValueError::Counted { len: 7 }));
        assert_eq!(ranges.push(0, 1), Err(ValueError::Counted { len: 7 }));
    }
}
