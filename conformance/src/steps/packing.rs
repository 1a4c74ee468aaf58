//! Packing: values of some bits each as one string of bits, the least significant bit first. [DS-WIRE-1]

use deepshare_reference::values::ValueError;
use deepshare_reference::values::bits::{BitReader, BitWriter, words_from_bytes};

/// Values of `bits` bits each, at most 64, as bytes.
pub fn pack(bits: u32, values: &[u64]) -> Vec<u8> {
    let mut writer = BitWriter::default();
    values.iter().for_each(|&value| writer.push(value, bits));
    writer.into_bytes()
}

/// `count` values of `bits` bits each. [DS-WIRE-2] [DS-WIRE-3]
///
/// # Errors
/// [`ValueError::PayloadLength`] or [`ValueError::Padding`].
pub fn unpack(bits: u32, count: usize, bytes: &[u8]) -> Result<Vec<u64>, ValueError> {
    let words = words_from_bytes(bytes, count.saturating_mul(bits as usize))?;
    Ok(read(bits, count, &words))
}

/// The values that stand in words; bits past the end read as zero.
pub fn read(bits: u32, count: usize, words: &[u64]) -> Vec<u64> {
    let mut reader = BitReader::at(words, 0);
    (0..count).map(|_| reader.take(bits)).collect()
}
