//! Mistakes in packing.

use super::Fault;
use crate::steps::packing::{pack, read};
use crate::steps::{Right, Steps};
use deepshare_reference::values::ValueError;
use deepshare_reference::values::bits::words_from_bytes;

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "elements-aligned-to-bytes",
        mistake: "every element starts a new byte",
        clause: "DS-WIRE-1",
        steps: &ElementsAlignedToBytes,
    },
    Fault {
        name: "big-endian-elements",
        mistake: "the bytes of an element stand in the order of a big-endian machine",
        clause: "DS-WIRE-1",
        steps: &BigEndianElements,
    },
    Fault {
        name: "elements-top-bit-first",
        mistake: "an element's bits are written from the top one down",
        clause: "DS-WIRE-1",
        steps: &ElementsTopBitFirst,
    },
    Fault {
        name: "bytes-top-bit-first",
        mistake: "a byte is filled from its top bit down",
        clause: "DS-WIRE-1",
        steps: &BytesTopBitFirst,
    },
    Fault {
        name: "planes-padded-in-between",
        mistake: "every plane of a frame starts a new byte",
        clause: "DS-WIRE-1",
        steps: &PlanesPaddedInBetween,
    },
    Fault {
        name: "packing-last-byte-dropped",
        mistake: "a payload has floor(nk / 8) bytes",
        clause: "DS-WIRE-1",
        steps: &LastByteDropped,
    },
    Fault {
        name: "payload-longer-accepted",
        mistake: "bytes after the payload are ignored",
        clause: "DS-WIRE-2",
        steps: &PayloadLongerAccepted,
    },
    Fault {
        name: "payload-shorter-accepted",
        mistake: "bytes that are missing read as zeros",
        clause: "DS-WIRE-2",
        steps: &PayloadShorterAccepted,
    },
    Fault {
        name: "packing-padding-unchecked",
        mistake: "the filling bits of the last byte are ignored",
        clause: "DS-WIRE-3",
        steps: &PaddingUnchecked,
    },
];

/// The bytes of one value, the lowest first.
fn bytes_of(bits: u32, value: u64) -> Vec<u8> {
    value.to_le_bytes().into_iter().take(bits.div_ceil(8) as usize).collect()
}

/// The lowest `bits` bits in the other order.
fn mirrored(bits: u32, value: u64) -> u64 {
    value.reverse_bits() >> (64 - bits.max(1))
}

struct ElementsAlignedToBytes;

impl Steps for ElementsAlignedToBytes {
    fn pack(&self, bits: u32, values: &[u64]) -> Vec<u8> {
        match bits {
            1 => pack(bits, values),
            _ => values.iter().flat_map(|&value| bytes_of(bits, value)).collect(),
        }
    }
}

struct BigEndianElements;

impl Steps for BigEndianElements {
    fn pack(&self, bits: u32, values: &[u64]) -> Vec<u8> {
        match bits % 8 {
            0 => values.iter().flat_map(|&value| bytes_of(bits, value).into_iter().rev()).collect(),
            _ => pack(bits, values),
        }
    }
}

struct ElementsTopBitFirst;

impl Steps for ElementsTopBitFirst {
    fn pack(&self, bits: u32, values: &[u64]) -> Vec<u8> {
        pack(bits, &values.iter().map(|&value| mirrored(bits, value)).collect::<Vec<u64>>())
    }

    fn unpack(&self, bits: u32, count: usize, bytes: &[u8]) -> Result<Vec<u64>, ValueError> {
        Ok(Right.unpack(bits, count, bytes)?.into_iter().map(|value| mirrored(bits, value)).collect())
    }
}

struct BytesTopBitFirst;

impl Steps for BytesTopBitFirst {
    fn pack(&self, bits: u32, values: &[u64]) -> Vec<u8> {
        pack(bits, values).into_iter().map(u8::reverse_bits).collect()
    }

    fn unpack(&self, bits: u32, count: usize, bytes: &[u8]) -> Result<Vec<u64>, ValueError> {
        let mirrored: Vec<u8> = bytes.iter().map(|byte| byte.reverse_bits()).collect();
        Right.unpack(bits, count, &mirrored)
    }
}

struct PlanesPaddedInBetween;

impl Steps for PlanesPaddedInBetween {
    fn pack_planes(&self, planes: &[Vec<bool>]) -> Vec<u8> {
        planes.iter().flat_map(|plane| Right.pack_planes(std::slice::from_ref(plane))).collect()
    }
}

struct LastByteDropped;

impl Steps for LastByteDropped {
    fn pack(&self, bits: u32, values: &[u64]) -> Vec<u8> {
        let mut bytes = pack(bits, values);
        bytes.truncate(values.len() * bits as usize / 8);
        bytes
    }
}

struct PayloadLongerAccepted;

impl Steps for PayloadLongerAccepted {
    fn unpack(&self, bits: u32, count: usize, bytes: &[u8]) -> Result<Vec<u64>, ValueError> {
        let length = count.saturating_mul(bits as usize).div_ceil(8);
        Right.unpack(bits, count, bytes.get(..length).unwrap_or(bytes))
    }
}

struct PayloadShorterAccepted;

impl Steps for PayloadShorterAccepted {
    fn unpack(&self, bits: u32, count: usize, bytes: &[u8]) -> Result<Vec<u64>, ValueError> {
        let mut filled = bytes.to_vec();
        filled.resize(count.saturating_mul(bits as usize).div_ceil(8).max(bytes.len()).min(64), 0);
        Right.unpack(bits, count, &filled)
    }
}

struct PaddingUnchecked;

impl Steps for PaddingUnchecked {
    fn unpack(&self, bits: u32, count: usize, bytes: &[u8]) -> Result<Vec<u64>, ValueError> {
        match Right.unpack(bits, count, bytes) {
            Err(ValueError::Padding { .. }) => Ok(read(bits, count, &words_from_bytes(bytes, bytes.len() * 8)?)),
            other => other,
        }
    }
}
