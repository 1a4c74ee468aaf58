//! What stands before the cases of a file. [DS-VEC-1]

use super::types::{Bits, Bytes, Count, Element, Integer, elements, integers};
use deepshare_reference::values::{BitDomain, Concrete, Ring, Width};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The program that wrote a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Generator {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

impl Generator {
    /// This program.
    pub fn this() -> Generator {
        Generator { name: "deepshare".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
    }
}

/// What goes wrong in an implementation that fails a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// In words.
    pub text: String,
    /// The clause.
    pub clause: String,
}

/// The encodings of all types, in words. [DS-VEC-4]
pub const ENCODINGS: &[(&str, &str)] = &[
    ("count", "JSON number, integer, 0 to 2^53 - 1"),
    ("element", "string: representative in [0, 2^k), unsigned decimal without leading zeros"),
    ("integer", "string: signed decimal without leading zeros"),
    ("bits", "string of 0 and 1, position 0 first"),
    (
        "bytes",
        "string of small hexadecimal digits, byte 0 first, high digit of a byte first; packed values stand in it least significant bit first",
    ),
    ("text", "string"),
    ("plan", "object: a plan file, deepshare-plan/1"),
    ("network", "object: a network file, deepshare-network/1"),
    ("shares", "object: lists of elements server and client, which sum to the shared vector modulo 2^k"),
];

/// One vector of ring elements in all its encodings, none of them symmetric. [DS-VEC-1]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Canary {
    /// Ring width.
    pub width: Count,
    /// Representatives.
    pub elements: Vec<Element>,
    /// Signed values.
    pub integers: Vec<Integer>,
    /// The bits of the packed vector, and so bit 0 of element 0 first.
    pub bits: Bits,
    /// The packed vector.
    pub bytes: Bytes,
}

impl Canary {
    /// The canary of all files: 0xABC and 0x123 at k = 12.
    pub fn this() -> Canary {
        let bits = "001111010101110001001000".chars().map(|bit| bit == '1').collect();
        Canary {
            width: Count(12),
            elements: elements(&[0xabc, 0x123]),
            integers: integers(&[-1348, 291]),
            bits: Bits(bits),
            bytes: Bytes(vec![0xbc, 0x3a, 0x12]),
        }
    }

    /// A vector in all its encodings, if its elements fit its width.
    fn of(width: Count, words: &[u64]) -> Option<Canary> {
        let ring_width = Width::new(width.0).ok()?;
        let ring = Ring::new(ring_width, words.to_vec());
        let planes: Vec<Vec<bool>> = Concrete::bits(&ring).iter().map(|plane| plane.to_bits()).collect();
        let bits = (0..words.len()).flat_map(|i| planes.iter().filter_map(move |plane| plane.get(i).copied()));
        Some(Canary {
            width,
            elements: elements(ring.elements()),
            integers: integers(&ring.to_integers()),
            bits: Bits(bits.collect()),
            bytes: Bytes(ring.pack()),
        })
    }

    /// Whether this reader reads all encodings as the same vector.
    ///
    /// # Errors
    /// What does not agree, in words.
    pub fn check(&self) -> Result<(), String> {
        let words: Vec<u64> = self.elements.iter().map(|element| element.0).collect();
        let same = Canary::of(self.width, &words).ok_or("its width is no ring width")?;
        match same == *self {
            true => Ok(()),
            false => Err("its elements, integers, bits and bytes are not the same vector".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_canary_is_one_vector() {
        Canary::this().check().unwrap();
        let mut wrong = Canary::this();
        wrong.bytes.0.reverse();
        assert!(wrong.check().is_err());
        let mut wrong = Canary::this();
        wrong.integers.swap(0, 1);
        assert!(wrong.check().is_err());
    }
}
