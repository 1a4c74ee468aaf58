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

#[cfg(test)]
mod tests {
    use super::*;
    use deepshare_reference::party::SessionId;

    fn header(phase: Phase, round: u32, step: &str) -> Header {
        Header { session: SessionId([0; 16]), phase, round, sequence: 0, step: step.to_owned(), payload_bytes: 0 }
    }

    #[test]
    fn frames_are_counted_by_peer_phase_and_step() {
        let mut books = Books::new(Role::Server);
        assert_eq!((books.highest_taken(Phase::Online), books.sent_to(Role::Client), books.taken_at("x")), (0, 0, 0));
        books.sent =
            vec![(Role::Client, header(Phase::Online, 1, "x")), (Role::Trusted, header(Phase::Offline, 1, "x"))];
        books.sent.push(books.sent[0].clone());
        books.taken = vec![
            (Role::Client, header(Phase::Online, 3, "x")),
            (Role::Client, header(Phase::Online, 2, "x")),
            (Role::Trusted, header(Phase::Offline, 7, "y")),
            (Role::Client, header(Phase::Offline, 1, "x")),
        ];
        assert_eq!([Phase::Online, Phase::Offline].map(|phase| books.highest_taken(phase)), [3, 7]);
        assert_eq!(
            [Role::Client, Role::Trusted].map(|peer| (books.sent_to(peer), books.taken_from(peer))),
            [(2, 3), (1, 1)]
        );
        assert_eq!(["x", "y", "z"].map(|step| books.taken_at(step)), [3, 1, 0]);
        let place = books.place("x", true);
        assert_eq!((place.role, place.label, place.sent, place.taken), (Role::Server, "x", true, 3));
    }
}
