//! What a role knows of the frames of its session.

use deepshare_reference::party::frame::Header;
use deepshare_reference::party::{Content, Phase, Role, Step};

/// A message that a program asks to send.
#[derive(Clone, Debug)]
pub struct Message {
    /// The receiver.
    pub to: Role,
    /// The step.
    pub step: Step,
    /// Element type, width and count.
    pub content: Content,
    /// The packed payload.
    pub payload: Vec<u8>,
}

/// What a role has sent and taken so far.
#[derive(Clone, Debug)]
pub struct Books {
    /// Whose books these are.
    pub role: Role,
    /// What the program asked to send, in order.
    pub asked: Vec<Message>,
    /// The frames that were sent: receiver and header.
    pub sent: Vec<(Role, Header)>,
    /// The frames that were taken: sender and header, with the sender's round.
    pub taken: Vec<(Role, Header)>,
}

impl Books {
    /// The books of a role at the start of a session.
    pub fn new(role: Role) -> Books {
        Books { role, asked: Vec::new(), sent: Vec::new(), taken: Vec::new() }
    }

    /// The highest round taken in a phase; 0 if there is none. [DS-COST-3]
    pub fn highest_taken(&self, phase: Phase) -> u32 {
        self.taken.iter().filter(|(_, header)| header.phase == phase).map(|(_, header)| header.round).max().unwrap_or(0)
    }

    /// How many frames were sent to a receiver.
    pub fn sent_to(&self, to: Role) -> u64 {
        self.sent.iter().filter(|(receiver, _)| *receiver == to).count() as u64
    }

    /// How many frames were taken from a sender.
    pub fn taken_from(&self, from: Role) -> u64 {
        self.taken.iter().filter(|(sender, _)| *sender == from).count() as u64
    }

    /// How many frames of a step were taken.
    pub fn taken_at(&self, label: &str) -> usize {
        self.taken.iter().filter(|(_, header)| header.step == label).count()
    }

    /// Where a message of a step is met now.
    pub fn place<'a>(&self, label: &'a str, sent: bool) -> super::Place<'a> {
        super::Place { role: self.role, label, sent, taken: self.taken_at(label) }
    }
}
