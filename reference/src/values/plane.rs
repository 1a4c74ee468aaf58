//! Concrete bit planes.

use super::bits::{BitReader, BitWriter};
use super::{BitPlane, Ranges, ValueError};

/// A concrete bit plane. Its `Debug` shows the length only, because its bits may be secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Plane {
    len: usize,
    /// Element i is bit i mod 64 of word i div 64; the bits past `len` are zero.
    words: Vec<u64>,
}

impl Plane {
    /// The plane of `len` elements whose bits stand in `words`, the lowest bit of the first word first.
    ///
    /// # Errors
    /// [`ValueError::Length`] if the number of words does not match.
    pub fn from_words(mut words: Vec<u64>, len: usize) -> Result<Plane, ValueError> {
        if words.len() != len.div_ceil(64) {
            return Err(ValueError::Length { left: words.len(), right: len.div_ceil(64) });
        }
        if let Some(last) = words.last_mut().filter(|_| !len.is_multiple_of(64)) {
            *last &= u64::MAX >> (64 - len % 64);
        }
        Ok(Plane { len, words })
    }

    /// The plane of the given bits.
    pub fn from_bits(bits: &[bool]) -> Plane {
        let mut writer = BitWriter::default();
        bits.iter().for_each(|&bit| writer.push(u64::from(bit), 1));
        let (words, len) = writer.finish();
        Plane { len, words }
    }

    /// The bits. For the plaintext side and for observers; party programs do not see this method.
    pub fn to_bits(&self) -> Vec<bool> {
        let mut reader = BitReader::at(&self.words, 0);
        (0..self.len).map(|_| reader.take(1) == 1).collect()
    }

    /// The words of the plane, the bits past its length zero.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// Appends all bits to a string of bits.
    pub(crate) fn write_to(&self, writer: &mut BitWriter) {
        self.write_run(writer, 0, self.len);
    }

    fn write_run(&self, writer: &mut BitWriter, start: usize, len: usize) {
        let mut reader = BitReader::at(&self.words, start);
        let mut left = len;
        while left >= 64 {
            writer.push(reader.take(64), 64);
            left -= 64;
        }
        // fewer than 64 bits are left, so the cast cannot lose anything
        #[allow(clippy::cast_possible_truncation)]
        writer.push(reader.take(left as u32), left as u32);
    }

    fn zip(&self, other: &Plane, operation: impl Fn(u64, u64) -> u64) -> Result<Plane, ValueError> {
        if self.len != other.len {
            return Err(ValueError::Length { left: self.len, right: other.len });
        }
        let words = self.words.iter().zip(&other.words).map(|(&a, &b)| operation(a, b)).collect();
        Ok(Plane { len: self.len, words })
    }
}

impl BitPlane for Plane {
    fn constant(len: usize, bit: bool) -> Plane {
        let zero = Plane { len, words: vec![0; len.div_ceil(64)] };
        if bit { zero.not() } else { zero }
    }

    fn len(&self) -> usize {
        self.len
    }

    fn xor(&self, other: &Plane) -> Result<Plane, ValueError> {
        self.zip(other, |a, b| a ^ b)
    }

    fn and(&self, other: &Plane) -> Result<Plane, ValueError> {
        self.zip(other, |a, b| a & b)
    }

    fn not(&self) -> Plane {
        let mut words: Vec<u64> = self.words.iter().map(|word| !word).collect();
        if let Some(last) = words.last_mut().filter(|_| !self.len.is_multiple_of(64)) {
            *last &= u64::MAX >> (64 - self.len % 64);
        }
        Plane { len: self.len, words }
    }

    fn gather(&self, selection: &Ranges) -> Result<Plane, ValueError> {
        selection.check_source(self.len)?;
        let mut writer = BitWriter::default();
        selection.runs()?.for_each(|(start, len)| self.write_run(&mut writer, start, len));
        let (words, len) = writer.finish();
        Ok(Plane { len, words })
    }

    fn concat(parts: &[&Plane]) -> Plane {
        let mut writer = BitWriter::default();
        parts.iter().for_each(|part| part.write_to(&mut writer));
        let (words, len) = writer.finish();
        Plane { len, words }
    }
}

impl std::fmt::Debug for Plane {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Plane({} bits)", self.len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(len: usize) -> Plane {
        Plane::from_bits(&(0..len).map(|i| i * i % 7 < 3).collect::<Vec<_>>())
    }

    #[test]
    fn operations_agree_with_bools_and_keep_the_tail_clear() {
        for len in [0, 1, 2, 63, 64, 65, 200] {
            let (a, b) = (sample(len), sample(len).not());
            assert_eq!(a.xor(&b).unwrap(), Plane::constant(len, true));
            assert_eq!(a.and(&b).unwrap(), Plane::constant(len, false));
            assert_eq!(a.not().not(), a);
            assert_eq!(a.not().to_bits(), a.to_bits().iter().map(|bit| !bit).collect::<Vec<_>>());
            assert_eq!(a.len(), len);
        }
        assert_eq!(sample(3).xor(&sample(4)), Err(ValueError::Length { left: 3, right: 4 }));
    }

    #[test]
    fn gather_and_concat_agree_with_slices() {
        let plane = sample(300);
        let selection = Ranges::new(300, [(5, 130), (0, 1), (299, 1), (64, 64), (7, 0)]).unwrap();
        let bits = plane.to_bits();
        let expected = [&bits[5..135], &bits[0..1], &bits[299..300], &bits[64..128]].concat();
        assert_eq!(plane.gather(&selection).unwrap().to_bits(), expected);
        let joined = Plane::concat(&[&plane, &sample(0), &sample(65)]);
        assert_eq!(joined.to_bits(), [bits, sample(65).to_bits()].concat());
        assert!(plane.gather(&Ranges::all(299)).is_err());
    }

    #[test]
    fn words_past_the_length_are_cleared_and_debug_hides_bits() {
        assert_eq!(Plane::from_words(vec![u64::MAX], 3).unwrap(), Plane::constant(3, true));
        assert!(Plane::from_words(vec![0, 0], 64).is_err());
        assert_eq!(format!("{:?}", sample(9)), "Plane(9 bits)");
    }
}
