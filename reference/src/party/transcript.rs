//! The transcript: the only source of costs. [DS-COST-1]

use super::frame::Header;
use super::{Content, Phase, Role, Step};

/// One frame that travelled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The phase that its cost counts for.
    pub phase: Phase,
    /// The round within the phase, from 1.
    pub round: u32,
    /// The sender.
    pub from: Role,
    /// The receiver.
    pub to: Role,
    /// The step's label.
    pub step: &'static str,
    /// The clause that the step implements.
    pub clause: &'static str,
    /// Element type, width and count.
    pub content: Content,
    /// Header and payload with its padding, in bytes.
    pub wire_bytes: u64,
    /// The packed payload, if an observer asked for it.
    pub payload: Option<Vec<u8>>,
}

impl Entry {
    /// The entry of a frame of this header and round, from one role to another.
    pub(crate) fn new(
        header: &Header,
        round: u32,
        [from, to]: [Role; 2],
        step: Step,
        content: Content,
        payload: Option<Vec<u8>>,
    ) -> Entry {
        let wire_bytes = header.wire_bytes() + content.bytes();
        let Step { label, phase, clause } = step;
        Entry { phase, round, from, to, step: label, clause, content, wire_bytes, payload }
    }
}

/// All frames of a session, in the order in which they were sent. [DS-COST-1]
#[derive(Clone, Debug, Default)]
pub struct Transcript {
    entries: Vec<Entry>,
    observed: bool,
}

/// The cost of one phase of a session. Sums saturate at 2^64 - 1, which only shapes too large to run reach. [DS-COST-2]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Rounds: the highest round of the phase.
    pub rounds: u32,
    /// Payload bits that the server sent.
    pub server_bits: u64,
    /// Payload bits that the client sent.
    pub client_bits: u64,
    /// Payload bits that the trusted party sent.
    pub trusted_bits: u64,
    /// Wire bytes of everybody, headers and padding included.
    pub wire_bytes: u64,
    /// Frames.
    pub frames: u64,
}

impl Cost {
    /// Payload bits of everybody.
    pub fn bits(&self) -> u64 {
        self.server_bits.saturating_add(self.client_bits).saturating_add(self.trusted_bits)
    }
}

impl Transcript {
    /// A transcript that keeps payloads, for an observer who wants to decode values. A whole network's payloads cost
    /// memory, so the default is a transcript that keeps sizes only.
    pub fn observed() -> Transcript {
        Transcript { entries: Vec::new(), observed: true }
    }

    /// Whether payloads are kept.
    pub fn keeps_payloads(&self) -> bool {
        self.observed
    }

    /// Appends a frame.
    pub(crate) fn record(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    /// The frames in the order in which they were sent.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The cost of a phase.
    pub fn cost(&self, phase: Phase) -> Cost {
        self.cost_where(|entry| entry.phase == phase)
    }

    /// The cost of a step, in whichever phase it is.
    pub fn step_cost(&self, step: &str) -> Cost {
        self.cost_where(|entry| entry.step == step)
    }

    /// The cost of all frames that the filter accepts.
    pub fn cost_where(&self, filter: impl Fn(&Entry) -> bool) -> Cost {
        let mut cost = Cost::default();
        for entry in self.entries.iter().filter(|entry| filter(entry)) {
            let bits = entry.content.bits();
            let sum = match entry.from {
                Role::Server => &mut cost.server_bits,
                Role::Client => &mut cost.client_bits,
                Role::Trusted => &mut cost.trusted_bits,
            };
            *sum = sum.saturating_add(bits);
            cost.rounds = cost.rounds.max(entry.round);
            cost.wire_bytes = cost.wire_bytes.saturating_add(entry.wire_bytes);
            cost.frames += 1;
        }
        cost
    }
}
