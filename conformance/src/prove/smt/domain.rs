//! The domain of terms: a plane is a Boolean term for each element, a ring vector a word for each.

use super::term::{self, Sort, Term};
use crate::prove::ProveError;
use deepshare_reference::party::frame::{FrameError, Header};
use deepshare_reference::party::{BitWire, Carried, Payload, Wire};
use deepshare_reference::values::{BitDomain, BitPlane, Domain, LinearMap, Ranges, RingVector, ValueError, Width};

/// The domain in which values are terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Symbols;

/// A plane of Boolean terms.
#[derive(Clone, Debug)]
pub struct SymbolPlane(pub Vec<Term>);

/// A vector of words of k bits.
#[derive(Clone, Debug)]
pub struct SymbolRing {
    width: Width,
    words: Vec<Term>,
}

impl SymbolRing {
    /// The vector of these words.
    ///
    /// # Errors
    /// [`ProveError::Sorts`] unless each has k bits.
    pub fn new(width: Width, words: Vec<Term>) -> Result<SymbolRing, ProveError> {
        match words.iter().find(|word| word.sort() != Sort::Word(width.bits())) {
            None => Ok(SymbolRing { width, words }),
            Some(other) => Err(ProveError::Sorts { operator: "vector", sorts: format!("{:?}", other.sort()) }),
        }
    }

    /// Its words.
    pub fn words(&self) -> &[Term] {
        &self.words
    }

    fn zip(
        &self,
        other: &SymbolRing,
        operation: impl Fn(&Term, &Term) -> Result<Term, ProveError>,
    ) -> Result<SymbolRing, ValueError> {
        if self.width != other.width {
            return Err(ValueError::WidthMismatch { left: self.width.bits(), right: other.width.bits() });
        }
        check_len(self.words.len(), other.words.len())?;
        let words = self.words.iter().zip(&other.words).map(|(a, b)| operation(a, b).map_err(sorts));
        Ok(SymbolRing { width: self.width, words: words.collect::<Result<_, _>>()? })
    }

    fn map(&self, operation: impl Fn(&Term) -> Result<Term, ProveError>) -> Result<SymbolRing, ValueError> {
        let words = self.words.iter().map(|word| operation(word).map_err(sorts)).collect::<Result<_, _>>()?;
        Ok(SymbolRing { width: self.width, words })
    }

    fn constant_word(&self, value: u64) -> Term {
        Term::word(self.width.bits(), value.into())
    }
}

/// Vectors hold words of their width alone, so this does not happen; it is an error all the same, not a wrong term.
fn sorts(_error: ProveError) -> ValueError {
    ValueError::WidthMismatch { left: 0, right: 0 }
}

fn check_len(left: usize, right: usize) -> Result<(), ValueError> {
    if left == right { Ok(()) } else { Err(ValueError::Length { left, right }) }
}

/// The selected terms.
fn select(terms: &[Term], selection: &Ranges) -> Result<Vec<Term>, ValueError> {
    selection.check_source(terms.len())?;
    let mut selected = Vec::with_capacity(selection.len());
    for (start, len) in selection.runs()? {
        selected.extend(terms.iter().skip(start).take(len).cloned());
    }
    Ok(selected)
}

impl BitPlane for SymbolPlane {
    fn constant(len: usize, bit: bool) -> SymbolPlane {
        SymbolPlane(vec![Term::bit(bit); len])
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn xor(&self, other: &SymbolPlane) -> Result<SymbolPlane, ValueError> {
        check_len(self.0.len(), other.0.len())?;
        Ok(SymbolPlane(self.0.iter().zip(&other.0).map(|(a, b)| term::xor(a, b)).collect()))
    }

    fn and(&self, other: &SymbolPlane) -> Result<SymbolPlane, ValueError> {
        check_len(self.0.len(), other.0.len())?;
        Ok(SymbolPlane(self.0.iter().zip(&other.0).map(|(a, b)| term::and(a, b)).collect()))
    }

    fn not(&self) -> SymbolPlane {
        SymbolPlane(self.0.iter().map(term::not).collect())
    }

    fn gather(&self, selection: &Ranges) -> Result<SymbolPlane, ValueError> {
        select(&self.0, selection).map(SymbolPlane)
    }

    fn concat(parts: &[&SymbolPlane]) -> SymbolPlane {
        SymbolPlane(parts.iter().flat_map(|part| part.0.iter().cloned()).collect())
    }
}

impl RingVector for SymbolRing {
    fn constant(width: Width, len: usize, value: u64) -> SymbolRing {
        SymbolRing { width, words: vec![Term::word(width.bits(), value.into()); len] }
    }

    fn width(&self) -> Width {
        self.width
    }

    fn len(&self) -> usize {
        self.words.len()
    }

    fn add(&self, other: &SymbolRing) -> Result<SymbolRing, ValueError> {
        self.zip(other, term::add)
    }

    fn sub(&self, other: &SymbolRing) -> Result<SymbolRing, ValueError> {
        self.zip(other, term::sub)
    }

    fn mul(&self, other: &SymbolRing) -> Result<SymbolRing, ValueError> {
        self.zip(other, term::mul)
    }

    fn scale(&self, factor: u64) -> SymbolRing {
        let factor = self.constant_word(factor);
        self.map(|word| term::mul(word, &factor)).unwrap_or_else(|_| self.clone())
    }

    fn offset(&self, constant: u64) -> SymbolRing {
        let constant = self.constant_word(constant);
        self.map(|word| term::add(word, &constant)).unwrap_or_else(|_| self.clone())
    }

    fn scale_runs(&self, runs: &[(usize, u64)]) -> Result<SymbolRing, ValueError> {
        check_len(runs.iter().fold(0_usize, |sum, run| sum.saturating_add(run.0)), self.words.len())?;
        let factors = runs.iter().flat_map(|&(len, factor)| std::iter::repeat_n(self.constant_word(factor), len));
        self.zip(&SymbolRing { width: self.width, words: factors.collect() }, term::mul)
    }

    fn gather(&self, selection: &Ranges) -> Result<SymbolRing, ValueError> {
        Ok(SymbolRing { width: self.width, words: select(&self.words, selection)? })
    }

    fn add_up(&self, sums: &Ranges) -> Result<SymbolRing, ValueError> {
        check_len(sums.len(), self.words.len())?;
        let mut all = SymbolRing::constant(self.width, sums.source_len(), 0).words;
        let mut words = self.words.iter();
        for (start, len) in sums.runs()? {
            for (sum, word) in all.iter_mut().skip(start).take(len).zip(words.by_ref()) {
                *sum = term::add(sum, word).map_err(sorts)?;
            }
        }
        Ok(SymbolRing { width: self.width, words: all })
    }

    fn concat(width: Width, parts: &[&SymbolRing]) -> Result<SymbolRing, ValueError> {
        if let Some(other) = parts.iter().find(|part| part.width != width) {
            return Err(ValueError::WidthMismatch { left: width.bits(), right: other.width.bits() });
        }
        Ok(SymbolRing { width, words: parts.iter().flat_map(|part| part.words.iter().cloned()).collect() })
    }

    fn repeat(&self, each: usize, times: usize) -> Result<SymbolRing, ValueError> {
        let once: Vec<Term> = self.words.iter().flat_map(|word| std::iter::repeat_n(word.clone(), each)).collect();
        let words = std::iter::repeat_n(once, times).flatten().collect();
        Ok(SymbolRing { width: self.width, words })
    }

    /// Sums of products are no bit-level step: they belong to the engine of words.
    fn linear(_map: &LinearMap, _weights: &Self, inputs: &Self, _batch: usize) -> Result<SymbolRing, ValueError> {
        Err(ValueError::Length { left: inputs.len(), right: 0 })
    }
}

impl Domain for Symbols {
    type Ring = SymbolRing;
}

impl BitDomain for Symbols {
    type Plane = SymbolPlane;

    fn bits(x: &SymbolRing) -> Vec<SymbolPlane> {
        // every word has k bits, so that no bit is missing
        let plane = |j| x.words.iter().filter_map(|word| term::bit_of(word, j).ok()).collect();
        (0..x.width.bits()).map(|j| SymbolPlane(plane(j))).collect()
    }

    fn embed(plane: &SymbolPlane, width: Width) -> SymbolRing {
        let [zero, one] = [0, 1].map(|value| Term::word(width.bits(), value));
        // both branches have k bits
        let words = plane.0.iter().filter_map(|bit| term::choose(bit, &one, &zero).ok()).collect();
        SymbolRing { width, words }
    }

    fn shift_right(x: &SymbolRing, shift: u32) -> Result<SymbolRing, ValueError> {
        if shift >= x.width.bits() {
            return Err(ValueError::Shift { shift, bits: x.width.bits() });
        }
        Ok(SymbolRing { width: x.width, words: x.words.iter().map(|word| term::shift_right(word, shift)).collect() })
    }
}

/// What a frame carries: the terms, each of as many bits as travel.
#[derive(Clone, Debug)]
pub struct Terms(Vec<Term>);

impl Payload for Terms {}

impl Carried for Terms {
    type Frame = (Header, Terms);

    fn seal(self, header: &Header) -> (Header, Terms) {
        (header.clone(), self)
    }

    fn unseal((header, payload): (Header, Terms), expected: &Header) -> Result<(u32, Terms), FrameError> {
        expected.check(&header)?;
        Ok((header.round, payload))
    }

    fn bytes(&self) -> Option<&[u8]> {
        None
    }
}

impl Wire for Symbols {
    type Payload = Terms;

    fn pack_high(x: &SymbolRing, shift: u32) -> Terms {
        let top = x.width.bits() - 1;
        Terms(x.words.iter().filter_map(|word| term::extract(word, top, shift).ok()).collect())
    }

    fn unpack_high(payload: Terms, width: Width, len: usize, shift: u32) -> Result<SymbolRing, ValueError> {
        check_len(payload.0.len(), len)?;
        let word = |term: Term| if shift == 0 { term } else { term::concat(&term, &Term::word(shift, 0)) };
        let words = payload.0.into_iter().map(word).collect();
        SymbolRing::new(width, words).map_err(sorts)
    }
}

impl BitWire for Symbols {
    fn pack_plane(plane: &SymbolPlane) -> Terms {
        Terms(plane.0.clone())
    }

    fn unpack_plane(payload: Terms, len: usize) -> Result<SymbolPlane, ValueError> {
        check_len(payload.0.len(), len)?;
        match payload.0.iter().all(|term| term.sort() == Sort::Bool) {
            true => Ok(SymbolPlane(payload.0)),
            false => Err(ValueError::Length { left: 0, right: len }),
        }
    }
}
