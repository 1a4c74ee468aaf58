//! The domain of polynomials: an element of a vector is a polynomial in words and bits, an element of a plane one that is
//! 0 or 1. [DS-PROVE-10] [DS-PROVE-11]
//!
//! Ring elements have no bits here. A program that asks for those of a sum of 2^j b_j over bit variables gets them; of any
//! other word it gets bits that are variables of their own, named after the word: the same word has the same bits, and
//! nothing else is known of them. So what is proved holds whatever they are. [DS-PROVE-12]

use deepshare_polynomials::{Polynomial, Variable};
use deepshare_reference::party::frame::{FrameError, Header};
use deepshare_reference::party::{BitWire, Carried, Payload, Wire};
use deepshare_reference::values::{BitDomain, BitPlane, Domain, LinearMap, Ranges, RingVector, ValueError, Width};
use num_bigint::BigInt;
use std::collections::BTreeMap;

/// The domain of polynomials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words;

/// A plane: polynomials that are 0 or 1 wherever bits are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolynomialPlane(Vec<Polynomial>);

/// A vector of polynomials over R_k.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolynomialRing {
    width: Width,
    elements: Vec<Polynomial>,
}

impl PolynomialPlane {
    /// Its elements.
    pub fn elements(&self) -> &[Polynomial] {
        &self.0
    }

    /// A plane of these elements, each of which must be 0 or 1 wherever bits are.
    pub(super) fn of(elements: Vec<Polynomial>) -> PolynomialPlane {
        PolynomialPlane(elements)
    }

    fn zip(&self, other: &Self, of: impl Fn(&Polynomial, &Polynomial) -> Polynomial) -> Result<Self, ValueError> {
        check_len(self.0.len(), other.0.len())?;
        Ok(PolynomialPlane(self.0.iter().zip(&other.0).map(|(a, b)| of(a, b)).collect()))
    }
}

impl PolynomialRing {
    /// A vector of these elements.
    pub fn new(width: Width, elements: Vec<Polynomial>) -> PolynomialRing {
        PolynomialRing { width, elements }
    }

    /// Its elements.
    pub fn elements(&self) -> &[Polynomial] {
        &self.elements
    }

    fn map(&self, of: impl Fn(&Polynomial) -> Polynomial) -> PolynomialRing {
        PolynomialRing { width: self.width, elements: self.elements.iter().map(of).collect() }
    }

    fn zip(&self, other: &Self, of: impl Fn(&Polynomial, &Polynomial) -> Polynomial) -> Result<Self, ValueError> {
        check_width(self.width, other.width)?;
        check_len(self.elements.len(), other.elements.len())?;
        let elements = self.elements.iter().zip(&other.elements).map(|(a, b)| of(a, b)).collect();
        Ok(PolynomialRing { width: self.width, elements })
    }
}

fn check_len(left: usize, right: usize) -> Result<(), ValueError> {
    if left == right { Ok(()) } else { Err(ValueError::Length { left, right }) }
}

fn check_width(left: Width, right: Width) -> Result<(), ValueError> {
    if left == right { Ok(()) } else { Err(ValueError::WidthMismatch { left: left.bits(), right: right.bits() }) }
}

/// The selected elements.
fn select(elements: &[Polynomial], selection: &Ranges) -> Result<Vec<Polynomial>, ValueError> {
    selection.check_source(elements.len())?;
    let mut selected = Vec::with_capacity(selection.len());
    for (start, len) in selection.runs()? {
        selected.extend(elements.iter().skip(start).take(len).cloned());
    }
    Ok(selected)
}

/// The constant that a program means by a representative: of its residue mod 2^k the integer in (-2^(k-1), 2^(k-1)], so that
/// 2^k - 1 is -1 and 2^(k-1) is itself. Any integer of the residue would be sound; by this one -1 and 2 are the same at all
/// widths, so that identities hold over the integers. [DS-PROVE-11]
fn signed(width: Width, value: u64) -> BigInt {
    let value = width.reduce(value);
    if value == width.top_bit() { value.into() } else { width.decode(value).into() }
}

impl BitPlane for PolynomialPlane {
    fn constant(len: usize, bit: bool) -> PolynomialPlane {
        PolynomialPlane(vec![Polynomial::constant(u8::from(bit)); len])
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    /// a + b - 2ab.
    fn xor(&self, other: &PolynomialPlane) -> Result<PolynomialPlane, ValueError> {
        self.zip(other, |a, b| a.add(b).sub(&a.mul(b).scale(&2.into())))
    }

    /// ab.
    fn and(&self, other: &PolynomialPlane) -> Result<PolynomialPlane, ValueError> {
        self.zip(other, Polynomial::mul)
    }

    /// 1 - a.
    fn not(&self) -> PolynomialPlane {
        PolynomialPlane(self.0.iter().map(|a| Polynomial::constant(1).sub(a)).collect())
    }

    fn gather(&self, selection: &Ranges) -> Result<PolynomialPlane, ValueError> {
        select(&self.0, selection).map(PolynomialPlane)
    }

    fn concat(parts: &[&PolynomialPlane]) -> PolynomialPlane {
        PolynomialPlane(parts.iter().flat_map(|part| part.0.iter().cloned()).collect())
    }
}

impl RingVector for PolynomialRing {
    fn constant(width: Width, len: usize, value: u64) -> PolynomialRing {
        PolynomialRing { width, elements: vec![Polynomial::constant(signed(width, value)); len] }
    }

    fn width(&self) -> Width {
        self.width
    }

    fn len(&self) -> usize {
        self.elements.len()
    }

    fn add(&self, other: &PolynomialRing) -> Result<PolynomialRing, ValueError> {
        self.zip(other, Polynomial::add)
    }

    fn sub(&self, other: &PolynomialRing) -> Result<PolynomialRing, ValueError> {
        self.zip(other, Polynomial::sub)
    }

    fn mul(&self, other: &PolynomialRing) -> Result<PolynomialRing, ValueError> {
        self.zip(other, Polynomial::mul)
    }

    fn scale(&self, factor: u64) -> PolynomialRing {
        let factor = signed(self.width, factor);
        self.map(|element| element.scale(&factor))
    }

    fn offset(&self, constant: u64) -> PolynomialRing {
        let constant = Polynomial::constant(signed(self.width, constant));
        self.map(|element| element.add(&constant))
    }

    fn scale_runs(&self, runs: &[(usize, u64)]) -> Result<PolynomialRing, ValueError> {
        check_len(runs.iter().fold(0_usize, |sum, run| sum.saturating_add(run.0)), self.elements.len())?;
        let factors = runs.iter().flat_map(|&(len, factor)| std::iter::repeat_n(signed(self.width, factor), len));
        let elements = self.elements.iter().zip(factors).map(|(element, factor)| element.scale(&factor)).collect();
        Ok(PolynomialRing { width: self.width, elements })
    }

    fn gather(&self, selection: &Ranges) -> Result<PolynomialRing, ValueError> {
        Ok(PolynomialRing { width: self.width, elements: select(&self.elements, selection)? })
    }

    fn add_up(&self, sums: &Ranges) -> Result<PolynomialRing, ValueError> {
        check_len(self.elements.len(), sums.len())?;
        let mut all = vec![Polynomial::default(); sums.source_len()];
        let mut rest = self.elements.iter();
        for (start, len) in sums.runs()? {
            all.iter_mut().skip(start).take(len).zip(&mut rest).for_each(|(sum, x)| *sum = sum.add(x));
        }
        Ok(PolynomialRing { width: self.width, elements: all })
    }

    fn concat(width: Width, parts: &[&PolynomialRing]) -> Result<PolynomialRing, ValueError> {
        parts.iter().try_for_each(|part| check_width(width, part.width))?;
        Ok(PolynomialRing { width, elements: parts.iter().flat_map(|part| part.elements.iter().cloned()).collect() })
    }

    fn repeat(&self, each: usize, times: usize) -> Result<PolynomialRing, ValueError> {
        let once: Vec<_> = self.elements.iter().flat_map(|x| std::iter::repeat_n(x.clone(), each)).collect();
        Ok(PolynomialRing { width: self.width, elements: std::iter::repeat_n(once, times).flatten().collect() })
    }

    fn linear(map: &LinearMap, weights: &Self, inputs: &Self, batch: usize) -> Result<PolynomialRing, ValueError> {
        map.check_operands(weights, inputs, batch)?;
        let mut outputs = Vec::with_capacity(map.outputs() * batch);
        for input in inputs.elements.chunks_exact(map.inputs()) {
            let mut sums = vec![Polynomial::default(); map.outputs()];
            map.accumulate(&mut sums, &weights.elements, input, |sum, w, x| *sum = sum.add(&w.mul(x)));
            outputs.append(&mut sums);
        }
        Ok(PolynomialRing { width: weights.width, elements: outputs })
    }
}

impl Domain for Words {
    type Ring = PolynomialRing;
}

impl BitDomain for Words {
    type Plane = PolynomialPlane;

    fn bits(x: &PolynomialRing) -> Vec<PolynomialPlane> {
        let mut planes = vec![PolynomialPlane(Vec::with_capacity(x.elements.len())); x.width.bits() as usize];
        for word in &x.elements {
            let bits = bits_of(x.width, word);
            planes.iter_mut().zip(bits).for_each(|(plane, bit)| plane.0.push(bit));
        }
        planes
    }

    fn embed(plane: &PolynomialPlane, width: Width) -> PolynomialRing {
        PolynomialRing { width, elements: plane.0.clone() }
    }

    /// No step on words: it needs the carries between bits, which are bit vectors' to prove.
    fn shift_right(x: &PolynomialRing, shift: u32) -> Result<PolynomialRing, ValueError> {
        Err(ValueError::Shift { shift, bits: x.width.bits() })
    }
}

/// The k bits of a word, the lowest first. [DS-PROVE-12]
fn bits_of(width: Width, word: &Polynomial) -> Vec<Polynomial> {
    let unsaid = |j| Polynomial::unsaid(&format!("bit {j} of {} of [{word}]", width.bits()));
    binary(width, word).unwrap_or_else(|| (0..width.bits()).map(unsaid).collect())
}

/// The b_j of a word that is a sum of 2^j b_j over bit variables, each j at most once; 0 for the others.
fn binary(width: Width, word: &Polynomial) -> Option<Vec<Polynomial>> {
    let mut bits: BTreeMap<BigInt, Option<&Variable>> =
        (0..width.bits()).map(|j| (signed(width, 1 << j), None)).collect();
    for (monomial, weight) in word.terms() {
        let variable = monomial.as_variable().filter(|variable| matches!(variable, Variable::Bit(_)))?;
        let bit = bits.get_mut(weight).filter(|bit| bit.is_none())?;
        *bit = Some(variable);
    }
    // the places 2^j are positive, so they stand in the order of j
    let of = |bit: Option<&Variable>| bit.map_or(Polynomial::default(), |bit| Polynomial::variable(bit.clone()));
    Some(bits.into_values().map(of).collect())
}

/// Whether an element is a multiple of 2^shift wherever it is, so that its low bits need not travel.
fn multiple(element: &Polynomial, shift: u32) -> bool {
    let unit = BigInt::from(1) << shift;
    element.terms().all(|(_, coefficient)| coefficient % &unit == BigInt::ZERO)
}

/// What a frame carries.
#[derive(Clone, Debug)]
pub enum Letter {
    /// A plane.
    Plane(PolynomialPlane),
    /// A vector, of multiples of 2^shift.
    Ring(PolynomialRing, u32),
}

impl Payload for Letter {}

impl Carried for Letter {
    type Frame = (Header, Letter);

    fn seal(self, header: &Header) -> (Header, Letter) {
        (header.clone(), self)
    }

    fn unseal((header, payload): (Header, Letter), expected: &Header) -> Result<(u32, Letter), FrameError> {
        expected.check(&header)?;
        Ok((header.round, payload))
    }

    fn bytes(&self) -> Option<&[u8]> {
        None
    }
}

impl Wire for Words {
    type Payload = Letter;

    fn pack_high(x: &PolynomialRing, shift: u32) -> Letter {
        Letter::Ring(x.clone(), shift)
    }

    fn unpack_high(payload: Letter, width: Width, len: usize, shift: u32) -> Result<PolynomialRing, ValueError> {
        match payload {
            Letter::Ring(ring, sent) => {
                check_width(width, ring.width)?;
                check_len(ring.len(), len)?;
                let whole = sent == shift && ring.elements.iter().all(|element| multiple(element, shift));
                if whole { Ok(ring) } else { Err(ValueError::Shift { shift, bits: width.bits() }) }
            }
            Letter::Plane(plane) => Err(ValueError::Length { left: plane.len(), right: len }),
        }
    }
}

impl BitWire for Words {
    fn pack_plane(plane: &PolynomialPlane) -> Letter {
        Letter::Plane(plane.clone())
    }

    fn unpack_plane(payload: Letter, len: usize) -> Result<PolynomialPlane, ValueError> {
        match payload {
            Letter::Plane(plane) => check_len(plane.len(), len).map(|()| plane),
            Letter::Ring(ring, _) => Err(ValueError::Length { left: ring.len(), right: len }),
        }
    }
}
