//! Concrete vectors of ring elements, and the concrete domain.

use super::bits::{BitReader, BitWriter, transpose};
use super::{BitDomain, BitPlane, Domain, LinearMap, Plane, Ranges, RingVector, ValueError, Width};

/// The domain of concrete values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Concrete;

/// A concrete vector over R_k. Its `Debug` shows width and length only, because its elements may be secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Ring {
    width: Width,
    /// Representatives in [0, 2^k).
    elements: Vec<u64>,
}

impl Ring {
    /// The vector of the given elements, each taken modulo 2^k.
    pub fn new(width: Width, mut elements: Vec<u64>) -> Ring {
        elements.iter_mut().for_each(|x| *x = width.reduce(*x));
        Ring { width, elements }
    }

    /// The vector of the given integers. [DS-VAL-2]
    ///
    /// # Errors
    /// [`ValueError::DoesNotFit`] for the first integer outside [-2^(k-1), 2^(k-1) - 1].
    pub fn from_integers(width: Width, integers: &[i64]) -> Result<Ring, ValueError> {
        let encode = |&value: &i64| {
            let error = || ValueError::DoesNotFit { value: value.to_string(), bits: width.bits() };
            if width.contains(value) { Ok(width.encode_wrapping(value)) } else { Err(error()) }
        };
        Ok(Ring { width, elements: integers.iter().map(encode).collect::<Result<_, _>>()? })
    }

    /// The elements as representatives in [0, 2^k). For the plaintext side and for observers; party programs do not
    /// see this method.
    pub fn elements(&self) -> &[u64] {
        &self.elements
    }

    /// The elements as two's-complement integers: dec(x) for each x. [DS-VAL-2]
    pub fn to_integers(&self) -> Vec<i64> {
        self.elements.iter().map(|&x| self.width.decode(x)).collect()
    }

    /// The elements bit-packed, k bits each. [DS-WIRE-1]
    pub fn pack(&self) -> Vec<u8> {
        self.pack_high(0)
    }

    /// Multiples of 2^shift bit-packed without their zero bits, k - shift bits each. [DS-WIRE-1]
    pub fn pack_high(&self, shift: u32) -> Vec<u8> {
        let bits = self.width.bits().saturating_sub(shift);
        let mut writer = BitWriter::default();
        self.elements.iter().for_each(|&x| writer.push(x.checked_shr(shift).unwrap_or(0), bits));
        writer.into_bytes()
    }

    /// The vector of `len` elements whose bits stand in `words`, k bits each; bits past the end read as zero.
    pub fn from_packed_words(width: Width, len: usize, words: &[u64]) -> Ring {
        Ring::from_packed_high(width, len, words, 0)
    }

    /// The vector of `len` multiples of 2^shift whose k - shift high bits stand in `words`; bits past the end read as zero.
    pub fn from_packed_high(width: Width, len: usize, words: &[u64], shift: u32) -> Ring {
        let (mut reader, bits) = (BitReader::at(words, 0), width.bits().saturating_sub(shift));
        let elements = (0..len).map(|_| reader.take(bits).checked_shl(shift).unwrap_or(0));
        Ring { width, elements: elements.collect() }
    }

    fn map(&self, operation: impl Fn(u64) -> u64) -> Ring {
        let elements = self.elements.iter().map(|&x| self.width.reduce(operation(x))).collect();
        Ring { width: self.width, elements }
    }

    fn zip(&self, other: &Ring, operation: impl Fn(u64, u64) -> u64) -> Result<Ring, ValueError> {
        if self.width != other.width {
            return Err(ValueError::WidthMismatch { left: self.width.bits(), right: other.width.bits() });
        }
        if self.elements.len() != other.elements.len() {
            return Err(ValueError::Length { left: self.elements.len(), right: other.elements.len() });
        }
        let pairs = self.elements.iter().zip(&other.elements);
        let elements = pairs.map(|(&x, &y)| self.width.reduce(operation(x, y))).collect();
        Ok(Ring { width: self.width, elements })
    }
}

impl RingVector for Ring {
    fn constant(width: Width, len: usize, value: u64) -> Ring {
        Ring { width, elements: vec![width.reduce(value); len] }
    }

    fn width(&self) -> Width {
        self.width
    }

    fn len(&self) -> usize {
        self.elements.len()
    }

    fn add(&self, other: &Ring) -> Result<Ring, ValueError> {
        self.zip(other, u64::wrapping_add)
    }

    fn sub(&self, other: &Ring) -> Result<Ring, ValueError> {
        self.zip(other, u64::wrapping_sub)
    }

    fn mul(&self, other: &Ring) -> Result<Ring, ValueError> {
        self.zip(other, u64::wrapping_mul)
    }

    fn scale(&self, factor: u64) -> Ring {
        self.map(|x| x.wrapping_mul(factor))
    }

    fn offset(&self, constant: u64) -> Ring {
        self.map(|x| x.wrapping_add(constant))
    }

    fn scale_runs(&self, runs: &[(usize, u64)]) -> Result<Ring, ValueError> {
        super::check_runs(runs, self.elements.len())?;
        let factors = runs.iter().flat_map(|&(len, factor)| std::iter::repeat_n(factor, len));
        let products = self.elements.iter().zip(factors).map(|(x, factor)| x.wrapping_mul(factor));
        Ok(Ring::new(self.width, products.collect()))
    }

    fn gather(&self, selection: &Ranges) -> Result<Ring, ValueError> {
        selection.check_source(self.elements.len())?;
        let mut elements = Vec::with_capacity(selection.len());
        for (start, len) in selection.runs()? {
            elements.extend(self.elements.iter().skip(start).take(len));
        }
        Ok(Ring { width: self.width, elements })
    }

    fn add_up(&self, sums: &Ranges) -> Result<Ring, ValueError> {
        super::check_len(self.elements.len(), sums.len())?;
        let mut elements = vec![0_u64; sums.source_len()];
        let mut rest = self.elements.iter();
        for (start, len) in sums.runs()? {
            let sums = elements.iter_mut().skip(start).take(len);
            sums.zip(&mut rest).for_each(|(sum, x)| *sum = sum.wrapping_add(*x));
        }
        Ok(Ring::new(self.width, elements))
    }

    fn concat(width: Width, parts: &[&Ring]) -> Result<Ring, ValueError> {
        let mut elements = Vec::with_capacity(parts.iter().map(|part| part.elements.len()).sum());
        for part in parts {
            if part.width != width {
                return Err(ValueError::WidthMismatch { left: width.bits(), right: part.width.bits() });
            }
            elements.extend_from_slice(&part.elements);
        }
        Ok(Ring { width, elements })
    }

    fn repeat(&self, each: usize, times: usize) -> Result<Ring, ValueError> {
        let len = super::repeated_len(self.elements.len(), each, times)?;
        let mut elements = Vec::with_capacity(len);
        for _ in 0..times {
            elements.extend(self.elements.iter().flat_map(|&x| std::iter::repeat_n(x, each)));
        }
        Ok(Ring { width: self.width, elements })
    }

    fn linear(map: &LinearMap, weights: &Ring, inputs: &Ring, batch: usize) -> Result<Ring, ValueError> {
        map.check_operands(weights, inputs, batch)?;
        let mut outputs = vec![0_u64; map.outputs() * batch];
        let batches = outputs.chunks_exact_mut(map.outputs()).zip(inputs.elements.chunks_exact(map.inputs()));
        for (output, input) in batches {
            map.accumulate(output, &weights.elements, input, |sum, w, x| *sum = sum.wrapping_add(w.wrapping_mul(*x)));
        }
        Ok(Ring::new(weights.width, outputs))
    }
}

impl Domain for Concrete {
    type Ring = Ring;
}

impl BitDomain for Concrete {
    type Plane = Plane;

    fn bits(x: &Ring) -> Vec<Plane> {
        let mut planes = vec![Vec::with_capacity(x.elements.len().div_ceil(64)); x.width.bits() as usize];
        for chunk in x.elements.chunks(64) {
            let mut block = [0_u64; 64];
            block.iter_mut().zip(chunk).for_each(|(row, &element)| *row = element);
            transpose(&mut block);
            planes.iter_mut().zip(block).for_each(|(plane, word)| plane.push(word));
        }
        let len = x.elements.len();
        planes.into_iter().filter_map(|words| Plane::from_words(words, len).ok()).collect()
    }

    fn embed(plane: &Plane, width: Width) -> Ring {
        let mut reader = BitReader::at(plane.words(), 0);
        Ring { width, elements: (0..plane.len()).map(|_| reader.take(1)).collect() }
    }

    fn shift_right(x: &Ring, shift: u32) -> Result<Ring, ValueError> {
        if shift >= x.width.bits() {
            return Err(ValueError::Shift { shift, bits: x.width.bits() });
        }
        Ok(x.map(|element| element >> shift))
    }
}

impl std::fmt::Debug for Ring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Ring({} elements of {} bits)", self.elements.len(), self.width)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn width(bits: u64) -> Width {
        Width::new(bits).unwrap()
    }

    fn sample(bits: u64, len: u64) -> Ring {
        let element = |i: u64| (i + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Ring::new(width(bits), (0..len).map(element).collect())
    }

    #[test]
    fn bits_and_embedding_rebuild_the_elements() {
        for bits in 2..=64 {
            for len in [0, 1, 63, 64, 65, 130] {
                let x = sample(bits, len);
                let planes = Concrete::bits(&x);
                assert_eq!(planes.len() as u64, bits);
                let mut rebuilt = Ring::constant(width(bits), x.len(), 0);
                for (j, plane) in planes.iter().enumerate() {
                    let weighted = Concrete::embed(plane, width(bits)).scale(1 << j);
                    rebuilt = rebuilt.add(&weighted).unwrap();
                }
                assert!(rebuilt == x, "k = {bits}, {len} elements");
            }
        }
    }

    /// [DS-WIRE-1]
    #[test]
    fn packing_round_trips_and_is_least_significant_bit_first() {
        for bits in 2..=64_u64 {
            let x = sample(bits, 13);
            let bytes = x.pack();
            assert_eq!(bytes.len() as u64, (13 * bits).div_ceil(8));
            let words = super::super::bits::words_from_bytes(&bytes, 13 * usize::try_from(bits).unwrap()).unwrap();
            assert!(Ring::from_packed_words(width(bits), 13, &words) == x);
        }
        assert_eq!(Ring::new(width(12), vec![0xABC, 0x123]).pack(), [0xBC, 0x3A, 0x12]);
    }

    #[test]
    fn mismatches_are_errors() {
        let (a, b, c) = (sample(8, 3), sample(8, 4), sample(9, 3));
        assert_eq!(a.add(&b), Err(ValueError::Length { left: 3, right: 4 }));
        assert_eq!(a.mul(&c), Err(ValueError::WidthMismatch { left: 8, right: 9 }));
        assert_eq!(Ring::concat(width(8), &[&a, &c]), Err(ValueError::WidthMismatch { left: 8, right: 9 }));
        assert_eq!(a.scale_runs(&[(2, 1)]), Err(ValueError::Length { left: 2, right: 3 }));
        assert_eq!(Concrete::shift_right(&a, 8), Err(ValueError::Shift { shift: 8, bits: 8 }));
        let error = ValueError::DoesNotFit { value: "128".into(), bits: 8 };
        assert_eq!(Ring::from_integers(width(8), &[-128, 128]), Err(error));
        assert_eq!(format!("{a:?}"), "Ring(3 elements of 8 bits)");
        assert!(matches!(a.repeat(usize::MAX, 2), Err(ValueError::OutOfRange { .. })));
        assert_eq!(a.gather(&Ranges::counted(3, 2)), Err(ValueError::Counted { len: 2 }));
        assert_eq!(a.add_up(&Ranges::counted(9, 3)), Err(ValueError::Counted { len: 3 }));
    }

    #[test]
    fn public_factors_repetition_and_shifts() {
        let x = Ring::from_integers(width(8), &[1, -2, 3]).unwrap();
        assert_eq!(x.scale_runs(&[(1, 2), (2, 255)]).unwrap().to_integers(), [2, 2, -3]);
        assert_eq!(x.offset(127).to_integers(), [-128, 125, -126]);
        assert_eq!(x.repeat(2, 2).unwrap().to_integers(), [1, 1, -2, -2, 3, 3, 1, 1, -2, -2, 3, 3]);
        assert_eq!(Concrete::shift_right(&x, 1).unwrap().elements(), [0, 127, 1]);
        assert_eq!(x.gather(&Ranges::new(3, [(2, 1), (0, 2)]).unwrap()).unwrap().to_integers(), [3, 1, -2]);
        let sums = Ranges::new(4, [(3, 1), (1, 1), (3, 1)]).unwrap();
        assert_eq!(x.add_up(&sums).unwrap().to_integers(), [0, -2, 0, 4]);
    }
}
