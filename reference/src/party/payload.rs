//! How values of a domain travel.

use super::Content;
use super::frame::{FrameError, Header};
use crate::values::bits::{BitWriter, words_from_bytes};
use crate::values::{BitDomain, BitPlane, Concrete, Domain, Plane, Ring, RingVector};
use crate::values::{ShapePlane, ShapeRing, Shapes, ValueError, Width};

/// What a frame carries in a domain. Programs cannot look into it: only channels can, through [`Carried`]. [DS-VAL-6]
pub trait Payload: Clone + 'static {}

/// A payload as a channel sees it: it makes frames of it and can show its bytes to an observer.
pub trait Carried: Payload {
    /// A sealed frame.
    type Frame: Clone;
    /// Puts the header before the payload.
    fn seal(self, header: &Header) -> Self::Frame;
    /// Checks a frame against the expected header; gives the sender's round and the payload.
    ///
    /// # Errors
    /// The first [`FrameError`] in the order of [DS-WIRE-5].
    fn unseal(frame: Self::Frame, expected: &Header) -> Result<(u32, Self), FrameError>;
    /// The packed bytes, where the domain has any.
    fn bytes(&self) -> Option<&[u8]>;
}

/// A domain whose ring vectors can travel.
pub trait Wire: Domain {
    /// What a frame carries.
    type Payload: Payload;
    /// Packs a vector of multiples of 2^shift, k - shift bits an element. [DS-WIRE-1]
    fn pack_high(x: &Self::Ring, shift: u32) -> Self::Payload;
    /// Unpacks a vector of multiples of 2^shift.
    ///
    /// # Errors
    /// [`ValueError::PayloadLength`] or [`ValueError::Padding`]. [DS-WIRE-2] [DS-WIRE-3]
    fn unpack_high(payload: Self::Payload, width: Width, len: usize, shift: u32) -> Result<Self::Ring, ValueError>;
    /// Packs a vector. [DS-WIRE-1]
    fn pack_ring(x: &Self::Ring) -> Self::Payload {
        Self::pack_high(x, 0)
    }
    /// Unpacks a vector.
    ///
    /// # Errors
    /// As [`Wire::unpack_high`].
    fn unpack_ring(payload: Self::Payload, width: Width, len: usize) -> Result<Self::Ring, ValueError> {
        Self::unpack_high(payload, width, len, 0)
    }
}

/// A domain whose planes can travel too.
pub trait BitWire: Wire + BitDomain {
    /// Packs a plane. [DS-WIRE-1]
    fn pack_plane(plane: &Self::Plane) -> Self::Payload;
    /// Unpacks a plane.
    ///
    /// # Errors
    /// [`ValueError::PayloadLength`] or [`ValueError::Padding`]. [DS-WIRE-2] [DS-WIRE-3]
    fn unpack_plane(payload: Self::Payload, len: usize) -> Result<Self::Plane, ValueError>;
}

impl Payload for Vec<u8> {}

impl Carried for Vec<u8> {
    type Frame = Vec<u8>;

    fn seal(self, header: &Header) -> Vec<u8> {
        let mut frame = header.to_bytes();
        frame.extend(self);
        frame
    }

    fn unseal(mut frame: Vec<u8>, expected: &Header) -> Result<(u32, Vec<u8>), FrameError> {
        let (header, payload) = Header::parse(&frame)?;
        expected.check(&header)?;
        if payload.len() as u64 != header.payload_bytes {
            return Err(FrameError::Cut);
        }
        let header_bytes = frame.len() - payload.len();
        frame.drain(..header_bytes);
        Ok((header.round, frame))
    }

    fn bytes(&self) -> Option<&[u8]> {
        Some(self)
    }
}

impl Wire for Concrete {
    type Payload = Vec<u8>;

    fn pack_high(x: &Ring, shift: u32) -> Vec<u8> {
        x.pack_high(shift)
    }

    fn unpack_high(payload: Vec<u8>, width: Width, len: usize, shift: u32) -> Result<Ring, ValueError> {
        let bits = len.saturating_mul(width.bits().saturating_sub(shift) as usize);
        Ok(Ring::from_packed_high(width, len, &words_from_bytes(&payload, bits)?, shift))
    }
}

impl BitWire for Concrete {
    fn pack_plane(plane: &Plane) -> Vec<u8> {
        let mut writer = BitWriter::default();
        plane.write_to(&mut writer);
        writer.into_bytes()
    }

    fn unpack_plane(payload: Vec<u8>, len: usize) -> Result<Plane, ValueError> {
        Plane::from_words(words_from_bytes(&payload, len)?, len)
    }
}

/// A payload of which only the size is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SizeOnly(Content);

impl Payload for SizeOnly {}

impl Carried for SizeOnly {
    type Frame = (Header, SizeOnly);

    fn seal(self, header: &Header) -> (Header, SizeOnly) {
        (header.clone(), self)
    }

    fn unseal((header, payload): (Header, SizeOnly), expected: &Header) -> Result<(u32, SizeOnly), FrameError> {
        expected.check(&header)?;
        Ok((header.round, payload))
    }

    fn bytes(&self) -> Option<&[u8]> {
        None
    }
}

impl Wire for Shapes {
    type Payload = SizeOnly;

    fn pack_high(x: &ShapeRing, shift: u32) -> SizeOnly {
        SizeOnly(Content { element_bits: x.width().bits().saturating_sub(shift), ring: true, count: x.len() })
    }

    fn unpack_high(payload: SizeOnly, width: Width, len: usize, shift: u32) -> Result<ShapeRing, ValueError> {
        payload.expect(Content { element_bits: width.bits().saturating_sub(shift), ring: true, count: len })?;
        Ok(ShapeRing::constant(width, len, 0))
    }
}

impl BitWire for Shapes {
    fn pack_plane(plane: &ShapePlane) -> SizeOnly {
        SizeOnly(Content { element_bits: 1, ring: false, count: plane.len() })
    }

    fn unpack_plane(payload: SizeOnly, len: usize) -> Result<ShapePlane, ValueError> {
        payload.expect(Content { element_bits: 1, ring: false, count: len })?;
        Ok(ShapePlane::constant(len, false))
    }
}

impl SizeOnly {
    fn expect(self, content: Content) -> Result<(), ValueError> {
        if self.0 == content {
            Ok(())
        } else {
            let bytes = |content: Content| usize::try_from(content.bytes()).unwrap_or(usize::MAX);
            Err(ValueError::PayloadLength { found: bytes(self.0), expected: bytes(content) })
        }
    }
}
