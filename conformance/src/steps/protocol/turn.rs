//! What a role makes of the elements of a message, in any domain of values.

use deepshare_reference::party::{BitWire, Content, Role};
use deepshare_reference::values::{BitPlane, Ranges, RingVector, Width};

/// Where a message is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// Whose place it is.
    pub role: Role,
    /// The step.
    pub label: &'a str,
    /// Whether the role sends the message; else it takes it.
    pub sent: bool,
    /// How many messages of the step the role has taken before.
    pub taken: usize,
}

/// What is made of the elements of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// They stay as they are.
    Kept,
    /// Ring elements are negated.
    Negated,
    /// Bits are complemented.
    Complemented,
    /// All ring elements are the first one.
    Repeated,
}

/// The turned payload; a payload of another kind, or one that does not unpack, stays as it is.
pub fn turned<D: BitWire>(turn: Turn, content: Content, payload: D::Payload) -> D::Payload {
    let ring = || {
        let width = Width::new(content.element_bits.into()).ok().filter(|_| content.ring)?;
        D::unpack_ring(payload.clone(), width, content.count).ok()
    };
    let plane = || D::unpack_plane(payload.clone(), content.count).ok().filter(|_| !content.ring);
    let turned = match turn {
        Turn::Kept => None,
        Turn::Negated => ring().map(|x| D::pack_ring(&x.scale(u64::MAX))),
        Turn::Complemented => plane().map(|bits| D::pack_plane(&bits.not())),
        Turn::Repeated => ring().and_then(|x| Some(D::pack_ring(&x.gather(&first(x.len())?).ok()?))),
    };
    turned.unwrap_or(payload)
}

/// The first element, as often as there are elements.
fn first(len: usize) -> Option<Ranges> {
    Ranges::new(len, (0..len).map(|_| (0, 1))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use deepshare_reference::values::Concrete;

    /// Of a payload, what a turn makes of it.
    fn of(turn: Turn, content: Content, payload: &[u8]) -> Vec<u8> {
        turned::<Concrete>(turn, content, payload.to_vec())
    }

    #[test]
    fn elements_are_negated_or_repeated_and_bits_complemented() {
        let elements = Content { element_bits: 8, ring: true, count: 3 };
        assert_eq!(of(Turn::Kept, elements, &[1, 2, 0]), [1, 2, 0]);
        assert_eq!(of(Turn::Negated, elements, &[1, 2, 0]), [255, 254, 0]);
        assert_eq!(of(Turn::Repeated, elements, &[1, 2, 0]), [1, 1, 1]);
        let bits = Content { element_bits: 1, ring: false, count: 12 };
        assert_eq!(of(Turn::Complemented, bits, &[0xf0, 0x05]), [0x0f, 0x0a]);
    }

    #[test]
    fn what_a_turn_does_not_fit_stays() {
        let elements = Content { element_bits: 8, ring: true, count: 3 };
        let bits = Content { element_bits: 1, ring: false, count: 24 };
        assert_eq!(of(Turn::Complemented, elements, &[1, 2, 0]), [1, 2, 0], "elements are no bits");
        assert_eq!(of(Turn::Negated, bits, &[1, 2, 0]), [1, 2, 0], "bits are no elements");
        assert_eq!(of(Turn::Repeated, bits, &[1, 2, 0]), [1, 2, 0], "bits are no elements");
        assert_eq!(of(Turn::Negated, elements, &[1, 2]), [1, 2], "an element is missing");
        let none = Content { element_bits: 8, ring: true, count: 0 };
        assert_eq!(of(Turn::Repeated, none, &[]), [0; 0]);
    }
}
