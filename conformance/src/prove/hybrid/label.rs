//! Labels as planes of bits, in any domain, and hashes that may have any values. [DS-GC-2] [DS-GC-4]

use deepshare_reference::party::{Coins, PartyError};
use deepshare_reference::primitives::garbling::LABEL_BITS;
use deepshare_reference::primitives::garbling::halfgates::{HalfGates, WireLabel};
use deepshare_reference::values::{BitDomain, BitPlane, Ranges, ValueError};
use std::cell::RefCell;

/// A label as a plane, bit j in lane j; or why there is none, since operations on planes can fail.
#[derive(Clone, Debug)]
pub struct PlaneLabel<P>(pub Result<P, ValueError>);

/// The bit in a lane of a plane.
fn lane<P: BitPlane>(plane: &P, lane: usize) -> Result<P, ValueError> {
    plane.gather(&Ranges::new(plane.len(), [(lane, 1)])?)
}

/// One bit in as many lanes.
fn in_lanes<P: BitPlane>(bit: &P, lanes: usize) -> P {
    P::concat(&vec![bit; lanes])
}

impl<P: BitPlane> PlaneLabel<P> {
    /// The bits.
    ///
    /// # Errors
    /// What the operations that made the label report.
    pub fn bits(&self) -> Result<&P, ValueError> {
        self.0.as_ref().map_err(Clone::clone)
    }

    /// [self = other], one bit.
    fn equals(&self, other: &P) -> Result<P, ValueError> {
        let same = self.bits()?.xor(other)?.not();
        (0..same.len()).try_fold(P::constant(1, true), |all, j| all.and(&lane(&same, j)?))
    }
}

impl<P: BitPlane> WireLabel for PlaneLabel<P> {
    /// A plane of one lane.
    type Bit = Result<P, ValueError>;

    fn xor(&self, other: &Self) -> Self {
        PlaneLabel(self.bits().and_then(|own| own.xor(other.bits()?)))
    }

    fn colour(&self) -> Self::Bit {
        self.bits().and_then(|own| lane(own, 0))
    }

    fn times(&self, bit: &Self::Bit) -> Self {
        let product = |own: &P| own.and(&in_lanes(bit.as_ref().map_err(Clone::clone)?, own.len()));
        PlaneLabel(self.bits().and_then(product))
    }
}

/// A function from labels to labels, any one: at a new argument it has the next of the values that were drawn for it, at
/// a known one the known value.
struct AnyFunction<P> {
    drawn: Vec<P>,
    known: Vec<(P, P)>,
}

impl<P: BitPlane> AnyFunction<P> {
    fn at(&mut self, label: &PlaneLabel<P>) -> Result<P, ValueError> {
        let drawn = self.drawn.pop().ok_or(ValueError::Tape { wanted: LABEL_BITS, left: 0 })?;
        let value = self.known.iter().try_fold(drawn, |value, (argument, known)| {
            let same = in_lanes(&label.equals(argument)?, LABEL_BITS);
            known.and(&same)?.xor(&value.and(&same.not())?)
        })?;
        self.known.push((label.bits()?.clone(), value.clone()));
        Ok(value)
    }
}

/// A gate whose hashes are any two functions. [DS-GC-4]
pub struct AnyHash<P> {
    generator: RefCell<AnyFunction<P>>,
    evaluator: RefCell<AnyFunction<P>>,
}

impl<P: BitPlane> AnyHash<P> {
    /// How often a half is hashed: twice by the garbler, once by the evaluator.
    const CALLS: usize = 3;

    /// A gate whose hash values are drawn.
    ///
    /// # Errors
    /// What the coins report.
    pub fn new<D: BitDomain<Plane = P>>(coins: &mut impl Coins<D>) -> Result<AnyHash<P>, PartyError> {
        let mut function = || -> Result<_, PartyError> {
            let drawn = (0..Self::CALLS).map(|_| coins.plane(LABEL_BITS)).collect::<Result<_, _>>()?;
            Ok(RefCell::new(AnyFunction { drawn, known: Vec::new() }))
        };
        Ok(AnyHash { generator: function()?, evaluator: function()? })
    }
}

impl<P: BitPlane> HalfGates for AnyHash<P> {
    type Label = PlaneLabel<P>;

    fn generator(&self, label: &PlaneLabel<P>) -> PlaneLabel<P> {
        PlaneLabel(self.generator.borrow_mut().at(label))
    }

    fn evaluator(&self, label: &PlaneLabel<P>) -> PlaneLabel<P> {
        PlaneLabel(self.evaluator.borrow_mut().at(label))
    }
}
