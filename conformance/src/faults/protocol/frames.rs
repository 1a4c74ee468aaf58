//! Mistakes in frames that are sent. [DS-WIRE-4] [DS-COST-3]

use super::{Fault, Protocol};
use crate::steps::protocol::{Books, ProtocolSteps};
use deepshare_reference::party::{Phase, Role};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "header-big-endian",
        mistake: "numbers of a frame's header have their highest byte first",
        clause: "DS-WIRE-4",
        steps: &Protocol(BigEndian),
    },
    Fault {
        name: "label-length-missing",
        mistake: "the label stands in the header without its length",
        clause: "DS-WIRE-4",
        steps: &Protocol(LabelAlone),
    },
    Fault {
        name: "sequence-over-all-receivers",
        mistake: "sequence numbers count all frames of the sender, not those to the receiver",
        clause: "DS-WIRE-4",
        steps: &Protocol(OneSequence),
    },
    Fault {
        name: "sequence-from-one",
        mistake: "the first frame has sequence number 1",
        clause: "DS-WIRE-4",
        steps: &Protocol(FromOne),
    },
    Fault {
        name: "round-not-advanced",
        mistake: "every frame states round 1",
        clause: "DS-COST-3",
        steps: &Protocol(RoundOne),
    },
    Fault {
        name: "round-over-all-phases",
        mistake: "the clock goes on from phase to phase instead of starting anew in each",
        clause: "DS-COST-3",
        steps: &Protocol(OneClock),
    },
    Fault {
        name: "round-counts-sent-frames",
        mistake: "a frame's round is one more than the number of frames that the sender has sent before in the phase",
        clause: "DS-COST-3",
        steps: &Protocol(RoundOfSent),
    },
];

struct BigEndian;

impl ProtocolSteps for BigEndian {
    fn number(&self, value: u64, bytes: usize) -> Vec<u8> {
        value.to_le_bytes().into_iter().take(bytes).rev().collect()
    }
}

struct LabelAlone;

impl ProtocolSteps for LabelAlone {
    fn label(&self, label: &str) -> Vec<u8> {
        label.as_bytes().to_vec()
    }
}

struct OneSequence;

impl ProtocolSteps for OneSequence {
    fn sequence(&self, books: &Books, _to: Role) -> u64 {
        books.sent.len() as u64
    }
}

struct FromOne;

impl ProtocolSteps for FromOne {
    fn sequence(&self, books: &Books, to: Role) -> u64 {
        books.sent_to(to) + 1
    }
}

struct RoundOne;

impl ProtocolSteps for RoundOne {
    fn round(&self, _books: &Books, _phase: Phase) -> u32 {
        1
    }
}

struct OneClock;

impl ProtocolSteps for OneClock {
    fn round(&self, books: &Books, _phase: Phase) -> u32 {
        let highest = Phase::ALL.into_iter().map(|phase| books.highest_taken(phase)).max();
        highest.unwrap_or(0).saturating_add(1)
    }
}

struct RoundOfSent;

impl ProtocolSteps for RoundOfSent {
    fn round(&self, books: &Books, phase: Phase) -> u32 {
        let sent = books.sent.iter().filter(|(_, header)| header.phase == phase).count();
        u32::try_from(sent).unwrap_or(u32::MAX).saturating_add(1)
    }
}
