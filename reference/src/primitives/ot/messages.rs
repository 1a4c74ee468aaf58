//! The messages of 1-of-N OTs under their pads. [DS-OT-12]

use super::Transfer;
use super::code::Code;
use super::domain::OtDomain;
use crate::values::{BitPlane, Ranges, ValueError};

/// The server offers and the client chooses, in every program, which makes this unreachable.
const OTHER_SIDE: ValueError = ValueError::Length { left: 0, right: 1 };

/// Bits of all masked messages of all transfers.
pub(super) fn masked_bits<P: BitPlane>(transfers: &[Transfer<P>]) -> usize {
    let size = |t: &Transfer<P>| t.lanes().saturating_mul(t.message_bits() << t.choice_bits());
    transfers.iter().map(size).fold(0, usize::saturating_add)
}

/// The choices of all transfers, lane after lane: four planes; short choices are padded by zeros.
pub(super) fn all_choices<P: BitPlane>(transfers: &[Transfer<P>]) -> Vec<P> {
    let bit = |bit: usize| {
        let planes = transfers.iter().map(|transfer| match transfer {
            Transfer::Choose { choice, .. } => choice.get(bit).cloned(),
            Transfer::Offer(_) => None,
        });
        let planes = planes.zip(transfers).map(|(plane, t)| plane.unwrap_or_else(|| P::constant(t.lanes(), false)));
        P::concat(&planes.collect::<Vec<P>>().iter().collect::<Vec<_>>())
    };
    (0..Code::WalshHadamard.choice_bits()).map(bit).collect()
}

/// All messages of all transfers, each under the pad of its number. [DS-OT-12]
pub(super) fn mask<D: OtDomain>(transfers: &[Transfer<D::Plane>], rows: &D::Rows) -> Result<Vec<D::Plane>, ValueError> {
    let (mut masked, mut start) = (Vec::new(), 0);
    for transfer in transfers {
        let Transfer::Offer(messages) = transfer else { return Err(OTHER_SIDE) };
        for (number, message) in messages.iter().enumerate() {
            let pads = D::message_pad(rows, start, transfer.lanes(), number, message.len())?;
            for (plane, pad) in message.iter().zip(&pads) {
                masked.push(plane.xor(pad)?);
            }
        }
        start += transfer.lanes();
    }
    Ok(masked)
}

/// The chosen message of each lane, its pad taken off. [DS-OT-12]
pub(super) fn unmask<D: OtDomain>(
    transfers: Vec<Transfer<D::Plane>>,
    rows: &D::Rows,
    masked: &D::Plane,
) -> Result<Vec<Vec<D::Plane>>, ValueError> {
    let (mut messages, mut start, mut position) = (Vec::new(), 0, 0);
    for transfer in transfers {
        let (lanes, bits) = (transfer.lanes(), transfer.message_bits());
        let Transfer::Choose { choice, .. } = transfer else { return Err(OTHER_SIDE) };
        let chosen = indicators(&choice)?;
        let mut message = D::message_pad(rows, start, lanes, 0, bits)?;
        for indicator in &chosen {
            for plane in &mut message {
                let part = masked.gather(&Ranges::new(masked.len(), [(position, lanes)])?)?;
                *plane = plane.xor(&part.and(indicator)?)?;
                position += lanes;
            }
        }
        messages.push(message);
        start += lanes;
    }
    Ok(messages)
}

/// For each number its indicator: 1 in the lanes whose binary digits are that number. [DS-OT-1]
///
/// # Errors
/// [`ValueError::Length`] if the digits differ in length.
pub fn indicators<P: BitPlane>(digits: &[P]) -> Result<Vec<P>, ValueError> {
    let len = digits.first().map_or(0, BitPlane::len);
    let mut all = vec![P::constant(len, true)];
    for digit in digits {
        let (zeros, ones): (Vec<_>, Vec<_>) = all.iter().map(|p| (p.and(&digit.not()), p.and(digit))).unzip();
        all = zeros.into_iter().chain(ones).collect::<Result<_, _>>()?;
    }
    Ok(all)
}
