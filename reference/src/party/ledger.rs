//! What an end of a session's channels knows besides the bytes: sequence numbers, its logical clock, and so the header
//! of every frame that it sends or expects. All transports share it. [DS-WIRE-5] [DS-COST-3]

use super::frame::Header;
use super::{Content, PartyError, Phase, Role, SessionId, Step};
use std::collections::BTreeMap;

/// No session has more rounds than this. [DS-COST-3]
const LAST_ROUND: u32 = 1 << 31;

/// The books that a role keeps of one session.
#[derive(Clone, Debug)]
pub struct Ledger {
    session: SessionId,
    role: Role,
    sent: BTreeMap<Role, u64>,
    received: BTreeMap<Role, u64>,
    /// The highest round consumed, by phase. [DS-COST-3]
    consumed: BTreeMap<Phase, u32>,
}

impl Ledger {
    /// The books of a role at the start of a session.
    pub fn new(session: SessionId, role: Role) -> Ledger {
        Ledger { session, role, sent: BTreeMap::new(), received: BTreeMap::new(), consumed: BTreeMap::new() }
    }

    /// Whose books these are.
    pub fn role(&self) -> Role {
        self.role
    }

    /// The header of the next frame to `to`, which counts as sent.
    ///
    /// # Errors
    /// [`PartyError::NoChannel`] for a frame to oneself.
    pub fn send(&mut self, to: Role, step: Step, content: Content) -> Result<Header, PartyError> {
        if to == self.role {
            return Err(PartyError::NoChannel { from: self.role, to });
        }
        let round = self.round(step.phase);
        let sequence = count(&mut self.sent, to);
        Ok(self.header(step, round, sequence, content))
    }

    /// The header that the next frame from `from` must have, which counts as received. Its round is the highest that
    /// the sender can have reached. [DS-WIRE-5]
    pub fn expect(&mut self, from: Role, step: Step, content: Content) -> Header {
        // A sender's round is at most one more than what it can have consumed: what this end has sent so far.
        // What the trusted party can have consumed from the peer is not known here, so its rounds have a fixed bound.
        let latest = if from == Role::Trusted { LAST_ROUND } else { self.round(step.phase).saturating_add(1) };
        let sequence = count(&mut self.received, from);
        self.header(step, latest, sequence, content)
    }

    /// The program takes a frame of this round. [DS-COST-3]
    pub fn consume(&mut self, phase: Phase, round: u32) {
        let consumed = self.consumed.entry(phase).or_insert(0);
        *consumed = (*consumed).max(round);
    }

    /// The round of a frame sent now: 1 + the highest round consumed in its phase. [DS-COST-3]
    fn round(&self, phase: Phase) -> u32 {
        self.consumed.get(&phase).copied().unwrap_or(0).saturating_add(1)
    }

    fn header(&self, step: Step, round: u32, sequence: u64, content: Content) -> Header {
        let (session, payload_bytes) = (self.session, content.bytes());
        Header { session, phase: step.phase, round, sequence, step: step.label.to_owned(), payload_bytes }
    }
}

/// The number so far, and one more from now on.
fn count(numbers: &mut BTreeMap<Role, u64>, role: Role) -> u64 {
    let number = numbers.entry(role).or_insert(0);
    *number += 1;
    *number - 1
}
