//! Operations `pack`, `unpack`, `pack-planes`, `unpack-planes`. [DS-WIRE-1] [DS-WIRE-2] [DS-WIRE-3]

use super::input::{refuse, representatives, width};
use super::{Operation, Refusal, Trace};
use crate::steps::Steps;
use crate::vectors::types::{Bits, Bytes, Count, Element, elements};
use deepshare_reference::values::Width;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A vector as a payload.
pub struct Pack;

/// A payload as a vector.
pub struct Unpack;

/// Planes as a payload.
pub struct PackPlanes;

/// A payload as planes.
pub struct UnpackPlanes;

/// Multiples of 2^shift.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Vector {
    width: Count,
    shift: Count,
    elements: Vec<Element>,
}

/// A payload.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Payload {
    bytes: Bytes,
}

/// A payload of a vector.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Packed {
    width: Count,
    shift: Count,
    count: Count,
    bytes: Bytes,
}

/// The vector.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Elements {
    elements: Vec<Element>,
}

/// Planes of equal length.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaneList {
    planes: Vec<Bits>,
}

/// A payload of planes.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PackedPlanes {
    count: Count,
    length: Count,
    bytes: Bytes,
}

/// The bits of an element that travel, and the shift.
fn travelling(width: Width, shift: Count) -> Result<(u32, u32), Refusal> {
    let small = u32::try_from(shift.0).ok().filter(|&shift| shift < width.bits());
    let shift = small.ok_or_else(|| Refusal::new("value/shift", "the shift is not below the ring width"))?;
    Ok((width.bits() - shift, shift))
}

impl Operation for Pack {
    const NAME: &'static str = "pack";
    type Input = Vector;
    type Output = Payload;

    fn run(steps: &dyn Steps, input: Vector, _trace: &mut Trace) -> Result<Payload, Refusal> {
        let width = width(input.width)?;
        let (bits, shift) = travelling(width, input.shift)?;
        let words: Vec<u64> = representatives(width, &input.elements)?.iter().map(|&x| x >> shift).collect();
        if words.iter().zip(&input.elements).any(|(&word, x)| word << shift != x.0) {
            return Err(Refusal::request("an element is no multiple of 2^shift"));
        }
        Ok(Payload { bytes: Bytes(steps.pack(bits, &words)) })
    }
}

impl Operation for Unpack {
    const NAME: &'static str = "unpack";
    type Input = Packed;
    type Output = Elements;

    fn run(steps: &dyn Steps, input: Packed, _trace: &mut Trace) -> Result<Elements, Refusal> {
        let (bits, shift) = travelling(width(input.width)?, input.shift)?;
        let words = steps.unpack(bits, input.count.length(), &input.bytes.0).map_err(refuse)?;
        let words: Vec<u64> = words.into_iter().map(|word| word << shift).collect();
        Ok(Elements { elements: elements(&words) })
    }
}

impl Operation for PackPlanes {
    const NAME: &'static str = "pack-planes";
    type Input = PlaneList;
    type Output = Payload;

    fn run(steps: &dyn Steps, input: PlaneList, _trace: &mut Trace) -> Result<Payload, Refusal> {
        let mut lengths = input.planes.iter().map(|plane| plane.0.len());
        let first = lengths.next().unwrap_or(0);
        if lengths.any(|length| length != first) {
            return Err(Refusal::request("planes have equal lengths"));
        }
        let planes: Vec<Vec<bool>> = input.planes.into_iter().map(|plane| plane.0).collect();
        Ok(Payload { bytes: Bytes(steps.pack_planes(&planes)) })
    }
}

impl Operation for UnpackPlanes {
    const NAME: &'static str = "unpack-planes";
    type Input = PackedPlanes;
    type Output = PlaneList;

    fn run(steps: &dyn Steps, input: PackedPlanes, _trace: &mut Trace) -> Result<PlaneList, Refusal> {
        let (count, length) = (input.count.length(), input.length.length());
        if length == 0 {
            return Err(Refusal::request("a plane has at least one element"));
        }
        let bits = steps.unpack(1, count.saturating_mul(length), &input.bytes.0).map_err(refuse)?;
        let plane = |bits: &[u64]| Bits(bits.iter().map(|&bit| bit == 1).collect());
        Ok(PlaneList { planes: bits.chunks(length).map(plane).collect() })
    }
}
