//! Strings of bits, the least significant bit first: how planes are kept and how everything is packed.

use super::ValueError;

/// Appends bits to a string of bits. [DS-WIRE-1]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BitWriter {
    words: Vec<u64>,
    len: usize,
}

impl BitWriter {
    /// Appends the `count` low bits of `value`, 0 <= count <= 64; its other bits must be zero.
    pub fn push(&mut self, value: u64, count: u32) {
        let used = self.len % 64;
        match self.words.last_mut() {
            Some(last) if used > 0 => {
                *last |= value << used;
                if used + count as usize > 64 {
                    self.words.push(value >> (64 - used));
                }
            }
            _ if count > 0 => self.words.push(value),
            _ => {}
        }
        self.len += count as usize;
    }

    /// The words written so far, unused high bits of the last one zero, and the number of bits.
    pub fn finish(self) -> (Vec<u64>, usize) {
        (self.words, self.len)
    }

    /// The bits as bytes, zero-padded to a whole byte. [DS-WIRE-1]
    pub fn into_bytes(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(8 * self.words.len());
        for word in &self.words {
            bytes.extend_from_slice(&word.to_le_bytes());
        }
        bytes.truncate(self.len.div_ceil(8));
        bytes
    }
}

/// Reads bits from words, the least significant bit of the first word first.
#[derive(Clone, Debug)]
pub struct BitReader<'a> {
    words: &'a [u64],
    position: usize,
}

impl<'a> BitReader<'a> {
    /// A reader that starts at bit `position` of the words.
    pub fn at(words: &'a [u64], position: usize) -> BitReader<'a> {
        BitReader { words, position }
    }

    /// The next `count` bits, 0 <= count <= 64; bits past the end read as zero.
    pub fn take(&mut self, count: u32) -> u64 {
        let (index, offset) = (self.position / 64, self.position % 64);
        let word = |i: usize| self.words.get(i).copied().unwrap_or(0);
        let mut value = word(index) >> offset;
        if offset > 0 {
            value |= word(index + 1) << (64 - offset);
        }
        self.position += count as usize;
        if count == 0 { 0 } else { value & (u64::MAX >> (64 - count)) }
    }
}

/// The words of a packed payload of exactly `bits` bits. [DS-WIRE-2] [DS-WIRE-3]
///
/// # Errors
/// [`ValueError::PayloadLength`] if the payload has another length, [`ValueError::Padding`] if its padding is not zero.
pub fn words_from_bytes(bytes: &[u8], bits: usize) -> Result<Vec<u64>, ValueError> {
    let expected = bits.div_ceil(8);
    if bytes.len() != expected {
        return Err(ValueError::PayloadLength { found: bytes.len(), expected });
    }
    let last = bytes.last().copied().unwrap_or(0);
    if !bits.is_multiple_of(8) && last >> (bits % 8) != 0 {
        return Err(ValueError::Padding { bits });
    }
    let (whole, rest) = bytes.as_chunks();
    let mut words: Vec<u64> = whole.iter().map(|word| u64::from_le_bytes(*word)).collect();
    if !rest.is_empty() {
        let mut last = [0; 8];
        last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        words.push(u64::from_le_bytes(last));
    }
    Ok(words)
}

/// 128 bits of two words, the lower one first.
pub fn wide(low: u64, high: u64) -> u128 {
    (u128::from(high) << 64) + u128::from(low)
}

/// Transposes a 64 x 64 matrix of bits: bit j of word i becomes bit i of word j.
///
/// Exchanges the off-diagonal quarters of every 2j x 2j block, for j = 32, 16, .., 1.
pub fn transpose(matrix: &mut [u64; 64]) {
    let mut size = 32;
    let mut low_half = u64::MAX >> 32;
    while size > 0 {
        for rows in matrix.chunks_exact_mut(2 * size) {
            let (upper, lower) = rows.split_at_mut(size);
            for (u, l) in upper.iter_mut().zip(lower) {
                let exchanged = ((*u >> size) ^ *l) & low_half;
                *u ^= exchanged << size;
                *l ^= exchanged;
            }
        }
        size /= 2;
        low_half ^= low_half << size;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_come_back_in_order_at_every_offset() {
        for first in 0..=64_u32 {
            for second in 0..=64_u32 {
                let ones = |n: u32| if n == 0 { 0 } else { u64::MAX >> (64 - n) };
                let (a, b) = (0xA5C3_9E17_0F86_D2B4 & ones(first), 0x9137_5BDF_0246_8ACE & ones(second));
                let mut writer = BitWriter::default();
                writer.push(a, first);
                writer.push(b, second);
                writer.push(1, 1);
                let (words, len) = writer.finish();
                assert_eq!(len, (first + second + 1) as usize);
                assert_eq!(words.len(), len.div_ceil(64));
                let mut reader = BitReader::at(&words, 0);
                assert_eq!((reader.take(first), reader.take(second), reader.take(1)), (a, b, 1), "{first} {second}");
                assert_eq!(reader.take(64), 0, "past the end");
            }
        }
    }

    #[test]
    fn the_first_bit_is_the_lowest_of_the_first_byte() {
        let mut writer = BitWriter::default();
        for value in [1, 2, 4] {
            writer.push(value, 3);
        }
        assert_eq!(writer.into_bytes(), [0b0001_0001, 0b1]);
    }

    #[test]
    fn wrong_lengths_and_padding_are_rejected() {
        assert_eq!(words_from_bytes(&[1, 2], 9), Err(ValueError::Padding { bits: 9 }));
        assert_eq!(words_from_bytes(&[1, 1], 9), Ok(vec![257]));
        assert_eq!(words_from_bytes(&[1], 9), Err(ValueError::PayloadLength { found: 1, expected: 2 }));
        assert_eq!(words_from_bytes(&[1, 0, 0], 9), Err(ValueError::PayloadLength { found: 3, expected: 2 }));
        assert_eq!(words_from_bytes(&[], 0), Ok(vec![]));
        assert_eq!(words_from_bytes(&[0xFF], 8), Ok(vec![255]));
        assert_eq!(words_from_bytes(&[1, 2, 3, 4, 5, 6, 7, 8, 9], 72), Ok(vec![0x0807_0605_0403_0201, 9]));
    }

    #[test]
    fn transposition_exchanges_rows_and_columns() {
        let mut matrix = [0_u64; 64];
        for (i, row) in matrix.iter_mut().enumerate() {
            *row = (i as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        }
        let original = matrix;
        transpose(&mut matrix);
        for (i, row) in matrix.iter().enumerate() {
            for (j, column) in original.iter().enumerate() {
                assert_eq!(row >> j & 1, column >> i & 1);
            }
        }
    }
}
