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
