//! A frame taken apart without judging it. [DS-WIRE-4]

use super::forms::clip;
use crate::printable::printable;

/// A frame's fields; numbers as they stand, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Decoded {
    version: Vec<u8>,
    session: Vec<u8>,
    phase: Vec<u8>,
    round: Vec<u8>,
    sequence: Vec<u8>,
    /// The step's label; bytes that are no text are replaced.
    pub(super) label: String,
    length: Vec<u8>,
    /// All bytes after the header, hexadecimal.
    pub(super) payload: String,
}

/// A field of a header, in the order in which they are compared: a frame of another step differs in everything else too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Label,
    Version,
    Session,
    Phase,
    Round,
    Sequence,
    Length,
}

impl Field {
    const ALL: [Field; 7] =
        [Field::Label, Field::Version, Field::Session, Field::Phase, Field::Round, Field::Sequence, Field::Length];

    pub(super) fn name(self) -> &'static str {
        match self {
            Field::Label => "label",
            Field::Version => "header field `version`",
            Field::Session => "header field `session`",
            Field::Phase => "header field `phase`",
            Field::Round => "header field `round`",
            Field::Sequence => "header field `sequence`",
            Field::Length => "header field `payload length`",
        }
    }

    /// The clause of the field, unless the step itself says what stands there.
    pub(super) fn clause(self) -> Option<&'static str> {
        match self {
            Field::Label | Field::Length => None,
            Field::Version | Field::Session | Field::Sequence => Some("DS-WIRE-4"),
            Field::Phase => Some("DS-COST-2"),
            Field::Round => Some("DS-COST-3"),
        }
    }
}

impl Decoded {
    /// A frame from hexadecimal digits; none if it is cut inside its header.
    pub(super) fn parse(frame: &str) -> Option<Decoded> {
        let bytes = hex::decode(frame).ok()?;
        let mut rest = bytes.as_slice();
        let mut take = |count: usize| {
            let (field, after) = rest.split_at_checked(count)?;
            rest = after;
            Some(field.to_vec())
        };
        let [version, session, phase, round, sequence] = [take(1)?, take(16)?, take(1)?, take(4)?, take(8)?];
        let label_length = take(1)?.first().copied()?;
        let label = String::from_utf8_lossy(&take(usize::from(label_length))?).into_owned();
        let length = take(8)?;
        Some(Decoded { version, session, phase, round, sequence, label, length, payload: hex::encode(rest) })
    }

    /// The first field of the header that differs.
    pub(super) fn first_difference(&self, found: &Decoded) -> Option<Field> {
        Field::ALL.into_iter().find(|&field| self.bytes(field) != found.bytes(field))
    }

    /// A field's bytes, hexadecimal.
    pub(super) fn bytes(&self, field: Field) -> String {
        hex::encode(match field {
            Field::Label => self.label.as_bytes(),
            Field::Version => &self.version,
            Field::Session => &self.session,
            Field::Phase => &self.phase,
            Field::Round => &self.round,
            Field::Sequence => &self.sequence,
            Field::Length => &self.length,
        })
    }

    /// A field as people read it, with its bytes where it is a number.
    pub(super) fn show(&self, field: Field) -> String {
        let bytes = self.bytes(field);
        let number = |bytes: &[u8]| bytes.iter().rev().fold(0_u64, |number, byte| (number << 8) + u64::from(*byte));
        match field {
            Field::Label => format!("{:?}", clip(&printable(&self.label))),
            Field::Session => bytes,
            Field::Version => number(&self.version).to_string(),
            Field::Phase => number(&self.phase).to_string(),
            Field::Round => format!("{} (bytes {bytes})", number(&self.round)),
            Field::Sequence => format!("{} (bytes {bytes})", number(&self.sequence)),
            Field::Length => format!("{} (bytes {bytes})", number(&self.length)),
        }
    }

    /// The first bit of the payload that differs, bit 0 of byte 0 first; none if one payload goes on where the other ends.
    pub(super) fn first_bit(&self, found: &Decoded) -> Option<usize> {
        let [wanted, given] = [self, found].map(|frame| hex::decode(&frame.payload).unwrap_or_default());
        let mut pairs = wanted.iter().zip(given).enumerate();
        let (byte, changed) =
            pairs.find_map(|(byte, (wanted, given))| Some((byte, wanted ^ given)).filter(|(_, x)| *x != 0))?;
        Some(8 * byte + changed.trailing_zeros() as usize)
    }
}
