//! Bits and bytes that differ: where, and which mistake would explain it.

use super::forms::clip;
use deepshare_reference::values::Width;

/// How elements stand in bytes: bits of an element, and how far each is shifted up. [DS-WIRE-1]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packed {
    /// Ring width k.
    pub width: u32,
    /// Low bits that do not travel.
    pub shift: u32,
}

impl Packed {
    /// The elements of bytes, as many as there are whole ones.
    pub fn elements(self, bytes: &[u8]) -> Vec<u64> {
        let bits = match self.width.checked_sub(self.shift) {
            Some(bits) if (1..=64).contains(&bits) => bits as usize,
            _ => return Vec::new(),
        };
        let stream: Vec<bool> = bytes.iter().flat_map(|byte| (0..8).map(move |i| byte >> i & 1 == 1)).collect();
        let element = |bits: &[bool]| bits.iter().rev().fold(0_u64, |word, bit| (word << 1) + u64::from(*bit));
        stream.chunks_exact(bits).map(|bits| element(bits) << self.shift).collect()
    }

    /// A mistake in the order of an element's bits or bytes, or in where elements begin.
    fn explanation(self, wanted: &[u8], given: &[u8]) -> Option<&'static str> {
        let bits = self.width.checked_sub(self.shift).filter(|bits| (2..=64).contains(bits))?;
        let length = bits.div_ceil(8) as usize;
        let (elements, found) = (self.elements(wanted), self.elements(given));
        let bytes = |word: u64| (word >> self.shift).to_le_bytes().into_iter().take(length);
        let reversed = |word: u64| (word >> self.shift).reverse_bits() >> (64 - bits) << self.shift;
        if elements.iter().copied().flat_map(bytes).eq(given.iter().copied()) && !bits.is_multiple_of(8) {
            Some("each element begins at a byte: elements stand without gaps")
        } else if elements.iter().flat_map(|&word| bytes(word).rev()).eq(given.iter().copied()) {
            Some("the bytes of each element in the reverse order: the least significant byte comes first")
        } else if elements.iter().copied().map(reversed).eq(found.iter().copied()) {
            Some("the bits of each element in the reverse order: the least significant bit comes first")
        } else if elements.len() > 1 && elements.iter().rev().eq(&found) {
            Some("the elements in the reverse order")
        } else {
            None
        }
    }
}

/// Hints about strings of bits that differ.
pub fn bit_hints(expected: &str, found: &str) -> Vec<String> {
    let mut hints = first_position("bit", expected.as_bytes(), found.as_bytes());
    let inverted = |bit| if bit == '0' { '1' } else { '0' };
    if expected.chars().rev().eq(found.chars()) {
        hints.push("the bits in the reverse order".to_owned());
    } else if expected.len() > 1 && expected.chars().map(inverted).eq(found.chars()) {
        hints.push("all bits inverted".to_owned());
    }
    hints
}

/// Hints about strings of bytes.
pub fn byte_hints(expected: &str, found: &str, packed: Option<Packed>) -> Vec<String> {
    let Ok(wanted) = hex::decode(expected) else { return Vec::new() };
    let Ok(given) = hex::decode(found) else {
        return vec![format!("{} is no string of bytes, two hexadecimal digits each", clip(found))];
    };
    if wanted == given {
        return vec!["the same bytes: hexadecimal digits are small letters".to_owned()];
    }
    let mut hints = first_position("byte", &wanted, &given);
    hints.extend(packed.and_then(|packed| element_hint(packed, &wanted, &given)));
    let of_elements = packed.and_then(|packed| packed.explanation(&wanted, &given));
    hints.extend(of_elements.or_else(|| explanation(&wanted, &given)).map(str::to_owned));
    hints
}

/// Whether the bytes of a number stand in another order.
pub fn order_hint(expected: &str, found: &str) -> Option<String> {
    let (wanted, given) = (hex::decode(expected).ok()?, hex::decode(found).ok()?);
    let explained = explanation(&wanted, &given).filter(|_| wanted != given);
    explained.map(str::to_owned)
}

/// The first element that differs, as integers.
fn element_hint(packed: Packed, wanted: &[u8], given: &[u8]) -> Option<String> {
    let (wanted, given) = (packed.elements(wanted), packed.elements(given));
    let (i, (wanted, given)) = wanted.iter().zip(&given).enumerate().find(|(_, (wanted, given))| wanted != given)?;
    let width = Width::new(packed.width.into()).ok()?;
    let show = |word: u64| format!("{word} ({})", width.decode(word));
    let bits = width.bits();
    Some(format!("read as elements of k = {bits}: element {i} is {}, found {}", show(*wanted), show(*given)))
}

/// A mistake that turns one string of bytes into another one.
fn explanation(wanted: &[u8], given: &[u8]) -> Option<&'static str> {
    let reversed: Vec<u8> = wanted.iter().rev().copied().collect();
    let bitwise: Vec<u8> = wanted.iter().map(|byte| byte.reverse_bits()).collect();
    let digits: Vec<u8> = wanted.iter().map(|byte| byte.rotate_left(4)).collect();
    if reversed == given {
        Some("the bytes in the reverse order: numbers are little-endian, the least significant byte comes first")
    } else if bitwise == given {
        Some("the bits of each byte in the reverse order: bit 0 of a byte is its lowest")
    } else if digits == given {
        Some("the digits of each byte swapped: the high digit comes first")
    } else {
        None
    }
}

/// The first position that differs, or that one is longer.
fn first_position(what: &str, wanted: &[u8], given: &[u8]) -> Vec<String> {
    let position = wanted.iter().zip(given).position(|(wanted, given)| wanted != given);
    let place = position.map(|i| format!("the first {what} that differs is {what} {i}, from 0"));
    let lengths = format!("{} {what}s are due, {} given", wanted.len(), given.len());
    place.into_iter().chain((wanted.len() != given.len()).then_some(lengths)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_read_as_elements() {
        let packed = Packed { width: 12, shift: 0 };
        assert_eq!(packed.elements(&[0xbc, 0x3a, 0x12]), [0xabc, 0x123]);
        assert_eq!(Packed { width: 12, shift: 4 }.elements(&[0xab, 0x12]), [0xab0, 0x120]);
        assert_eq!(Packed { width: 64, shift: 0 }.elements(&[0xff; 8]), [u64::MAX]);
        assert!(Packed { width: 3, shift: 3 }.elements(&[0]).is_empty());
        let found = byte_hints("bc3a12", "bc3a11", Some(packed)).join("; ");
        assert_eq!(
            found,
            "the first byte that differs is byte 2, from 0; read as elements of k = 12: element 1 is 291 (291), found 275 (275)"
        );
    }

    #[test]
    fn elements_that_differ_are_told_as_integers_too() {
        let told = |width, found| byte_hints("bc3a12", found, Some(Packed { width, shift: 0 })).pop().unwrap();
        let read = "read as elements of k = 12: element";
        assert_eq!(told(12, "bd3a12"), format!("{read} 0 is 2748 (-1348), found 2749 (-1347)"));
        assert_eq!(told(12, "bc3a80"), format!("{read} 1 is 291 (291), found 2051 (-2045)"));
        assert!(told(65, "bd3a12").starts_with("the first byte that differs"), "no ring has that width");
    }

    #[test]
    fn usual_mistakes_are_recognised() {
        let last = |hints: Vec<String>| hints.last().cloned().unwrap_or_default();
        assert!(last(byte_hints("bc3a12", "123abc", None)).contains("little-endian"));
        assert!(last(byte_hints("bc3a", "3d5c", None)).contains("bits of each byte"));
        assert!(last(byte_hints("bc3a", "cba3", None)).contains("digits"));
        assert!(last(byte_hints("bc3a", "BC3A", None)).contains("small letters"));
        assert!(last(byte_hints("bc3a", "bc", None)).contains("2 bytes are due, 1 given"));
        assert!(last(byte_hints("bc3a", "0xbc", None)).contains("no string of bytes"));
        let packed = |width| Some(Packed { width, shift: 0 });
        assert!(last(byte_hints("bc3a12", "bc0a2301", packed(12))).contains("without gaps"));
        assert!(last(byte_hints("3412ff00", "123400ff", packed(16))).contains("bytes of each element"));
        assert!(last(byte_hints("bc3a12", "d583c4", packed(12))).contains("bits of each element"));
        assert!(last(byte_hints("bc3a12", "23c1ab", packed(12))).contains("elements in the reverse"));
        let shifted = Some(Packed { width: 16, shift: 4 });
        assert!(last(byte_hints("bc3a12", "bc0a2301", shifted)).contains("without gaps"));
        assert!(last(byte_hints("bc3a12", "d583c4", shifted)).contains("bits of each element"));
        let padding = byte_hints("05", "25", packed(5));
        assert_eq!(padding, ["the first byte that differs is byte 0, from 0"], "one element has no order");
        assert_eq!(bit_hints("0", "1").len(), 1, "one bit is not all bits");
        assert_eq!(bit_hints("0011", "0010").len(), 1);
        assert!(order_hint("bc3a", "3abc").is_some_and(|hint| hint.contains("little-endian")));
        assert_eq!(order_hint("abba", "ABBA"), None, "the same bytes");
        assert!(last(bit_hints("0011", "1100")).contains("reverse"));
        assert!(last(bit_hints("0001", "1110")).contains("inverted"));
    }
}
