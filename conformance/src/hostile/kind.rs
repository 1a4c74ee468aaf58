//! The kinds of mutations, each with a stable name. [DS-HOSTILE-2]

/// What is done to a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The sender stays silent towards this receiver from this frame on, and never ends.
    Silence,
    /// The sender ends before this frame.
    Close,
    /// The frame is dropped; the sender goes on.
    Drop,
    /// The frame comes twice.
    Repeat,
    /// The frame comes behind the sender's next frame to this receiver.
    Swap,
    /// An earlier frame to this receiver comes in its place.
    Replay,
    /// The frame at this place of another session comes.
    Foreign,
    /// The frame is cut.
    Cut,
    /// Bytes are appended.
    Append,
    /// A frame of no bytes.
    Empty,
    /// Random bytes, of a random length.
    Garbage,
    /// Another version.
    Version,
    /// Another session.
    Session,
    /// The code of another phase.
    PhaseOther,
    /// A code of no phase.
    PhaseUnknown,
    /// Round 0.
    RoundZero,
    /// A round above 2^31.
    RoundFar,
    /// A lower round, which the sender had reached. Well-formed.
    RoundLower,
    /// Another sequence number.
    Sequence,
    /// One byte of the label.
    LabelByte,
    /// The label's length.
    LabelLength,
    /// The stated payload length is one less.
    LengthLess,
    /// The stated payload length is one more.
    LengthMore,
    /// The stated payload length is 2^63 or more.
    LengthHuge,
    /// A payload byte less, and stated so.
    Shorter,
    /// Payload bytes more, and stated so.
    Longer,
    /// 64 KiB of payload more, and stated so.
    Oversized,
    /// Payload bits flipped, filling left as it is. Well-formed.
    PayloadFlip,
    /// A payload of random bytes.
    PayloadRandom,
    /// A payload of zeros. Well-formed.
    PayloadZeros,
    /// A payload of ones.
    PayloadOnes,
    /// Filling bits set.
    FillingFlip,
}

/// Kinds that are alike, a column of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// A frame does not come.
    Absent,
    /// Frames come in another order, or are another's.
    Order,
    /// Frames of other bytes altogether, or of another length.
    Bytes,
    /// Fields of the header.
    Header,
    /// The payload.
    Payload,
}

impl Group {
    /// All groups.
    pub const ALL: [Group; 5] = [Group::Absent, Group::Order, Group::Bytes, Group::Header, Group::Payload];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Group::Absent => "absent",
            Group::Order => "order",
            Group::Bytes => "bytes",
            Group::Header => "header",
            Group::Payload => "payload",
        }
    }
}

/// All kinds, with group and stable name.
const TABLE: [(Kind, Group, &str); 32] = [
    (Kind::Silence, Group::Absent, "silence"),
    (Kind::Close, Group::Absent, "close"),
    (Kind::Drop, Group::Absent, "drop"),
    (Kind::Repeat, Group::Order, "repeat"),
    (Kind::Swap, Group::Order, "swap"),
    (Kind::Replay, Group::Order, "replay"),
    (Kind::Foreign, Group::Order, "foreign"),
    (Kind::Cut, Group::Bytes, "cut"),
    (Kind::Append, Group::Bytes, "append"),
    (Kind::Empty, Group::Bytes, "empty"),
    (Kind::Garbage, Group::Bytes, "garbage"),
    (Kind::Version, Group::Header, "version"),
    (Kind::Session, Group::Header, "session"),
    (Kind::PhaseOther, Group::Header, "phase-other"),
    (Kind::PhaseUnknown, Group::Header, "phase-unknown"),
    (Kind::RoundZero, Group::Header, "round-zero"),
    (Kind::RoundFar, Group::Header, "round-far"),
    (Kind::RoundLower, Group::Header, "round-lower"),
    (Kind::Sequence, Group::Header, "sequence"),
    (Kind::LabelByte, Group::Header, "label-byte"),
    (Kind::LabelLength, Group::Header, "label-length"),
    (Kind::LengthLess, Group::Header, "length-less"),
    (Kind::LengthMore, Group::Header, "length-more"),
    (Kind::LengthHuge, Group::Header, "length-huge"),
    (Kind::Shorter, Group::Bytes, "shorter"),
    (Kind::Longer, Group::Bytes, "longer"),
    (Kind::Oversized, Group::Bytes, "oversized"),
    (Kind::PayloadFlip, Group::Payload, "payload-flip"),
    (Kind::PayloadRandom, Group::Payload, "payload-random"),
    (Kind::PayloadZeros, Group::Payload, "payload-zeros"),
    (Kind::PayloadOnes, Group::Payload, "payload-ones"),
    (Kind::FillingFlip, Group::Payload, "filling-flip"),
];

impl Kind {
    /// All kinds.
    pub fn all() -> impl Iterator<Item = Kind> {
        TABLE.iter().map(|(kind, _, _)| *kind)
    }

    fn row(self) -> Option<&'static (Kind, Group, &'static str)> {
        TABLE.iter().find(|(kind, _, _)| *kind == self)
    }

    /// The kind's group.
    pub fn group(self) -> Group {
        self.row().map_or(Group::Bytes, |(_, group, _)| *group)
    }

    /// The stable name.
    pub fn name(self) -> &'static str {
        self.row().map_or("", |(_, _, name)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_one_row_and_a_name_of_its_own() {
        let names: std::collections::BTreeSet<&str> = Kind::all().map(Kind::name).collect();
        let kinds: std::collections::BTreeSet<Kind> = Kind::all().collect();
        assert_eq!((names.len(), kinds.len()), (TABLE.len(), TABLE.len()));
        assert!(kinds.contains(&Kind::FillingFlip) && Kind::FillingFlip as usize + 1 == TABLE.len());
    }
}
