//! Mistakes in comparison keys. [DS-FSS-3] [DS-FSS-4] [DS-FSS-6]

use super::{Fault, Protocol};
use crate::steps::protocol::{Correction, KeyForm, ProtocolSteps};
use deepshare_reference::party::Role;

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "key-number-always-first",
        mistake: "all keys of a batch hash under the number of its first key",
        clause: "DS-FSS-6",
        steps: &Protocol(OneNumber),
    },
    Fault {
        name: "key-number-from-zero",
        mistake: "keys are numbered from 0 in every batch",
        clause: "DS-FSS-6",
        steps: &Protocol(FromZero),
    },
    Fault {
        name: "key-bits-lowest-first",
        mistake: "level 0 of a key compares the lowest bit",
        clause: "DS-FSS-4",
        steps: &Protocol(LowestFirst),
    },
    Fault {
        name: "key-sides-swapped",
        mistake: "the bit of a left child is corrected by t'_right, and the other way round",
        clause: "DS-FSS-4",
        steps: &Protocol(SidesSwapped),
    },
    Fault {
        name: "key-end-without-sign",
        mistake: "the last correction has no sign",
        clause: "DS-FSS-3",
        steps: &Protocol(NoSign(true)),
    },
    Fault {
        name: "key-levels-without-sign",
        mistake: "corrections of masks have no sign",
        clause: "DS-FSS-3",
        steps: &Protocol(NoSign(false)),
    },
    Fault {
        name: "key-share-not-negated",
        mistake: "the client's share is its sum, not the negative of it",
        clause: "DS-FSS-4",
        steps: &Protocol(NotNegated),
    },
];

struct OneNumber;

impl ProtocolSteps for OneNumber {
    fn key_number(&self, first: u64, _key: u64) -> u64 {
        first
    }
}

struct FromZero;

impl ProtocolSteps for FromZero {
    fn key_number(&self, _first: u64, key: u64) -> u64 {
        key
    }
}

struct LowestFirst;

impl ProtocolSteps for LowestFirst {
    fn compared_bit(&self, _form: KeyForm, value: u64, level: u32) -> bool {
        value >> level & 1 == 1
    }
}

struct SidesSwapped;

impl ProtocolSteps for SidesSwapped {
    fn side(&self, correction: &Correction, right: bool) -> bool {
        if right { correction.left } else { correction.right }
    }
}

/// Of the last correction, or of the others.
struct NoSign(bool);

impl ProtocolSteps for NoSign {
    fn correct(&self, form: KeyForm, value: u64, negative: bool, last: bool) -> u64 {
        form.width.reduce(if negative && last != self.0 { value.wrapping_neg() } else { value })
    }
}

struct NotNegated;

impl ProtocolSteps for NotNegated {
    fn key_share(&self, form: KeyForm, _role: Role, sum: u64) -> u64 {
        form.width.reduce(sum)
    }
}
