//! The local side of OTs in a domain. Messages are written once, in [`super::base`] and [`super::extension`], for
//! concrete bits and for shapes; what is computed between them is here: on bits, or on lengths alone.

use super::base::ristretto::{self, ELEMENT_BITS};
use super::code::Code;
use super::cot::{self, Keys};
use super::matrix::{self, Position, Rows};
use super::tweak::Tweak;
use crate::party::BitWire;
use crate::party::xof::Seed;
use crate::values::bits::words_from_bytes;
use crate::values::{
    BitPlane, Concrete, LinearMap, Plane, Ranges, Ring, RingVector, ShapePlane, ShapeRing, Shapes, Terms, ValueError,
    Width,
};

/// A domain over which OTs run.
pub trait OtDomain: BitWire {
    /// The secret of a sender of base OTs.
    type Secret;
    /// What a receiver of base OTs has: its choice bits and the keys that they chose.
    type Chosen;
    /// What a sender of base OTs has: pairs of keys.
    type Pairs;
    /// A party's rows of a matrix of OT extension.
    type Rows;
    /// A party's keys of COTs.
    type Keys;

    /// A base OT sender's secret, from random bits, and A. [DS-OT-5]
    ///
    /// # Errors
    /// [`ValueError::Length`] if the operands do not match.
    fn base_offer(random: &Self::Plane) -> Result<(Self::Secret, Self::Plane), ValueError>;

    /// What a base OT receiver keeps for its bits, and all B; from random bits. [DS-OT-5]
    ///
    /// # Errors
    /// [`ValueError::GroupElement`] for a malformed A.
    fn base_answer(
        tweak: &Tweak,
        bits: Self::Plane,
        random: &Self::Plane,
        a: &Self::Plane,
    ) -> Result<(Self::Chosen, Self::Plane), ValueError>;

    /// A base OT sender's pairs of keys. [DS-OT-5]
    ///
    /// # Errors
    /// [`ValueError::GroupElement`] for a malformed B.
    fn base_finish(tweak: &Tweak, secret: Self::Secret, b: &Self::Plane) -> Result<Self::Pairs, ValueError>;

    /// The receiver's columns u and its rows, for the choices of all lanes. [DS-OT-11]
    ///
    /// # Errors
    /// [`ValueError::Length`] if the operands do not match; likewise in all other calls.
    fn receive(
        at: &Position,
        code: Code,
        pairs: &Self::Pairs,
        choice: &[Self::Plane],
    ) -> Result<(Vec<Self::Plane>, Self::Rows), ValueError>;

    /// The sender's rows. [DS-OT-11]
    ///
    /// # Errors
    /// [`ValueError::Length`] if the operands do not match.
    fn send(at: &Position, code: Code, chosen: &Self::Chosen, sent: &[Self::Plane]) -> Result<Self::Rows, ValueError>;

    /// The pad of a message for `len` rows from `start` on; the receiver's, of its own choice, has number 0. [DS-OT-12]
    ///
    /// # Errors
    /// [`ValueError::Length`] if the operands do not match.
    fn message_pad(
        rows: &Self::Rows,
        start: usize,
        len: usize,
        choice: usize,
        bits: usize,
    ) -> Result<Vec<Self::Plane>, ValueError>;

    /// The keys of all rows: the sender's of both bits, the receiver's of its own. [DS-OT-13]
    fn keys(rows: &Self::Rows, sender: bool) -> Self::Keys;

    /// The pads of one use of COTs, times 2^shift. [DS-OT-14]
    ///
    /// # Errors
    /// [`ValueError::Length`] if the operands do not match.
    fn pads(
        groups: &[&Self::Keys],
        bit: usize,
        served: &Ranges,
        width: Width,
        shift: u32,
    ) -> Result<Self::Ring, ValueError>;

    /// The use is over; the next one has other pads. [DS-OT-14]
    fn used(keys: &mut Self::Keys);

    /// The terms of a linear map, listed for values and counted for shapes. [DS-OT-50]
    ///
    /// # Errors
    /// [`ValueError::LinearMap`] if they are too many to list.
    fn terms(map: &LinearMap, batch: usize) -> Result<Terms, ValueError>;
}

/// A base OT receiver's bits and keys.
pub struct Chosen {
    /// The bits: the secret s of the extension's sender.
    pub secret: Plane,
    /// The keys k_i^(s_i).
    pub keys: Vec<Seed>,
}

/// Planes of 256 bits as seeds.
pub(super) fn seeds(planes: &[Plane]) -> Vec<Seed> {
    planes.iter().flat_map(chunks::<32>).map(Seed).collect()
}

/// The bytes of a plane, N at a time.
pub(super) fn chunks<const N: usize>(plane: &Plane) -> Vec<[u8; N]> {
    let bytes: Vec<u8> = plane.words().iter().flat_map(|word| word.to_le_bytes()).collect();
    bytes.chunks_exact(N).filter_map(|chunk| chunk.try_into().ok()).collect()
}

/// Elements as one plane of 256 bits each.
pub(super) fn elements(elements: &[ristretto::Element]) -> Result<Plane, ValueError> {
    let bits = elements.len() * ELEMENT_BITS;
    Plane::from_words(words_from_bytes(&elements.concat(), bits)?, bits)
}

impl OtDomain for Concrete {
    type Secret = ristretto::Secret;
    type Chosen = Chosen;
    type Pairs = Vec<[Seed; 2]>;
    type Rows = Rows;
    type Keys = Keys;

    fn base_offer(random: &Plane) -> Result<(Self::Secret, Plane), ValueError> {
        let bytes = chunks::<64>(random);
        let (secret, a) = ristretto::offer(bytes.first().ok_or(ValueError::Length { left: 0, right: 1 })?);
        Ok((secret, elements(&[a])?))
    }

    fn base_answer(tweak: &Tweak, bits: Plane, random: &Plane, a: &Plane) -> Result<(Chosen, Plane), ValueError> {
        let own: Vec<(bool, [u8; 64])> = bits.to_bits().into_iter().zip(chunks(random)).collect();
        let a = chunks(a).into_iter().next().ok_or(ValueError::Length { left: 0, right: 1 })?;
        let (b, keys): (Vec<_>, Vec<_>) = ristretto::answer(tweak, &a, &own)?.into_iter().unzip();
        Ok((Chosen { secret: bits, keys }, elements(&b)?))
    }

    fn base_finish(tweak: &Tweak, secret: Self::Secret, b: &Plane) -> Result<Self::Pairs, ValueError> {
        ristretto::finish(tweak, &secret, &chunks(b))
    }

    fn receive(
        at: &Position,
        code: Code,
        pairs: &Self::Pairs,
        choice: &[Plane],
    ) -> Result<(Vec<Plane>, Rows), ValueError> {
        matrix::receive(at, code, pairs, choice)
    }

    fn send(at: &Position, code: Code, chosen: &Chosen, sent: &[Plane]) -> Result<Rows, ValueError> {
        matrix::send(at, code, &chosen.secret, &chosen.keys, sent)
    }

    fn message_pad(
        rows: &Rows,
        start: usize,
        len: usize,
        choice: usize,
        bits: usize,
    ) -> Result<Vec<Plane>, ValueError> {
        Ok(rows.message_pad(start, len, choice, bits))
    }

    fn keys(rows: &Rows, sender: bool) -> Keys {
        Keys::new(rows, sender)
    }

    fn pads(groups: &[&Keys], bit: usize, served: &Ranges, width: Width, shift: u32) -> Result<Ring, ValueError> {
        cot::pads(groups, bit, served, width, shift)
    }

    fn used(keys: &mut Keys) {
        keys.used();
    }

    fn terms(map: &LinearMap, batch: usize) -> Result<Terms, ValueError> {
        Terms::listed(map, batch)
    }
}

impl OtDomain for Shapes {
    type Secret = ();
    type Chosen = ();
    type Pairs = ();
    /// How many.
    type Rows = usize;
    /// How many.
    type Keys = usize;

    fn base_offer(_random: &ShapePlane) -> Result<((), ShapePlane), ValueError> {
        Ok(((), ShapePlane::constant(ELEMENT_BITS, false)))
    }

    fn base_answer(
        _tweak: &Tweak,
        bits: ShapePlane,
        _random: &ShapePlane,
        _a: &ShapePlane,
    ) -> Result<((), ShapePlane), ValueError> {
        Ok(((), ShapePlane::constant(bits.len() * ELEMENT_BITS, false)))
    }

    fn base_finish(_tweak: &Tweak, (): (), _b: &ShapePlane) -> Result<(), ValueError> {
        Ok(())
    }

    fn receive(
        _at: &Position,
        code: Code,
        (): &(),
        choice: &[ShapePlane],
    ) -> Result<(Vec<ShapePlane>, usize), ValueError> {
        let column = code.column(choice, 0)?;
        Ok((vec![column; code.positions()], column.len()))
    }

    fn send(_at: &Position, _code: Code, (): &(), sent: &[ShapePlane]) -> Result<usize, ValueError> {
        Ok(sent.first().map_or(0, BitPlane::len))
    }

    fn message_pad(
        _rows: &usize,
        _start: usize,
        len: usize,
        _choice: usize,
        bits: usize,
    ) -> Result<Vec<ShapePlane>, ValueError> {
        Ok(vec![ShapePlane::constant(len, false); bits])
    }

    fn keys(rows: &usize, _sender: bool) -> usize {
        *rows
    }

    fn pads(
        groups: &[&usize],
        _bit: usize,
        served: &Ranges,
        width: Width,
        shift: u32,
    ) -> Result<ShapeRing, ValueError> {
        served.check_source(groups.iter().map(|keys| **keys).sum())?;
        if shift >= width.bits() {
            return Err(ValueError::Shift { shift, bits: width.bits() });
        }
        Ok(ShapeRing::constant(width, served.len(), 0))
    }

    fn used(_keys: &mut usize) {}

    fn terms(map: &LinearMap, batch: usize) -> Result<Terms, ValueError> {
        Terms::counted(map, batch)
    }
}
