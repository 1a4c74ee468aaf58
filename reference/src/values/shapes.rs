//! The domain of shapes: values without values, for costs at any size. [DS-COST-1]

use super::{BitDomain, BitPlane, Domain, LinearMap, Ranges, RingVector, ValueError, Width};

/// The domain in which a value is its length and width only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shapes;

/// The shape of a bit plane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShapePlane {
    len: usize,
}

/// The shape of a vector of ring elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShapeRing {
    width: Width,
    len: usize,
}

impl BitPlane for ShapePlane {
    fn constant(len: usize, _bit: bool) -> ShapePlane {
        ShapePlane { len }
    }

    fn len(&self) -> usize {
        self.len
    }

    fn xor(&self, other: &ShapePlane) -> Result<ShapePlane, ValueError> {
        if self.len == other.len { Ok(*self) } else { Err(ValueError::Length { left: self.len, right: other.len }) }
    }

    fn and(&self, other: &ShapePlane) -> Result<ShapePlane, ValueError> {
        self.xor(other)
    }

    fn not(&self) -> ShapePlane {
        *self
    }

    fn gather(&self, selection: &Ranges) -> Result<ShapePlane, ValueError> {
        selection.check_source(self.len)?;
        Ok(ShapePlane { len: selection.len() })
    }

    fn concat(parts: &[&ShapePlane]) -> ShapePlane {
        ShapePlane { len: total(parts.iter().map(|part| part.len)) }
    }
}

impl RingVector for ShapeRing {
    fn constant(width: Width, len: usize, _value: u64) -> ShapeRing {
        ShapeRing { width, len }
    }

    fn width(&self) -> Width {
        self.width
    }

    fn len(&self) -> usize {
        self.len
    }

    fn add(&self, other: &ShapeRing) -> Result<ShapeRing, ValueError> {
        if self.width != other.width {
            return Err(ValueError::WidthMismatch { left: self.width.bits(), right: other.width.bits() });
        }
        if self.len == other.len { Ok(*self) } else { Err(ValueError::Length { left: self.len, right: other.len }) }
    }

    fn sub(&self, other: &ShapeRing) -> Result<ShapeRing, ValueError> {
        self.add(other)
    }

    fn mul(&self, other: &ShapeRing) -> Result<ShapeRing, ValueError> {
        self.add(other)
    }

    fn scale(&self, _factor: u64) -> ShapeRing {
        *self
    }

    fn offset(&self, _constant: u64) -> ShapeRing {
        *self
    }

    fn scale_runs(&self, runs: &[(usize, u64)]) -> Result<ShapeRing, ValueError> {
        super::check_runs(runs, self.len)?;
        Ok(*self)
    }

    fn gather(&self, selection: &Ranges) -> Result<ShapeRing, ValueError> {
        selection.check_source(self.len)?;
        Ok(ShapeRing { width: self.width, len: selection.len() })
    }

    fn add_up(&self, sums: &Ranges) -> Result<ShapeRing, ValueError> {
        super::check_len(self.len, sums.len())?;
        Ok(ShapeRing { width: self.width, len: sums.source_len() })
    }

    fn concat(width: Width, parts: &[&ShapeRing]) -> Result<ShapeRing, ValueError> {
        match parts.iter().find(|part| part.width != width) {
            Some(other) => Err(ValueError::WidthMismatch { left: width.bits(), right: other.width.bits() }),
            None => Ok(ShapeRing { width, len: total(parts.iter().map(|part| part.len)) }),
        }
    }

    fn repeat(&self, each: usize, times: usize) -> Result<ShapeRing, ValueError> {
        Ok(ShapeRing { width: self.width, len: super::repeated_len(self.len, each, times)? })
    }

    fn linear(map: &LinearMap, weights: &ShapeRing, inputs: &ShapeRing, batch: usize) -> Result<ShapeRing, ValueError> {
        map.check_operands(weights, inputs, batch)?;
        Ok(ShapeRing { width: weights.width, len: map.outputs() * batch })
    }
}

/// The sum of lengths; it saturates, because no memory bounds the lengths of this domain.
fn total(lengths: impl Iterator<Item = usize>) -> usize {
    lengths.fold(0, usize::saturating_add)
}

impl Domain for Shapes {
    type Ring = ShapeRing;
}

impl BitDomain for Shapes {
    type Plane = ShapePlane;

    fn bits(x: &ShapeRing) -> Vec<ShapePlane> {
        vec![ShapePlane { len: x.len }; x.width.bits() as usize]
    }

    fn embed(plane: &ShapePlane, width: Width) -> ShapeRing {
        ShapeRing { width, len: plane.len }
    }

    fn shift_right(x: &ShapeRing, shift: u32) -> Result<ShapeRing, ValueError> {
        if shift < x.width.bits() { Ok(*x) } else { Err(ValueError::Shift { shift, bits: x.width.bits() }) }
    }
}
