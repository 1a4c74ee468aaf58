//! A channel on frames that are given: what arrives is known in advance, what is sent is kept. [DS-ROLE-1]

use crate::steps::protocol::{Books, Message, ProtocolSteps};
use deepshare_reference::party::frame::{FrameError, Header};
use deepshare_reference::party::{Channel, Content, PartyError, Role, SessionId, Step};
use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use std::task::Poll;

/// The highest round that the trusted party can have reached. [DS-WIRE-5]
const LAST_ROUND: u32 = 1 << 31;

/// A frame that was sent.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    /// What it carries.
    pub(super) message: Message,
    /// Its header.
    pub(super) header: Header,
    /// Its bytes.
    pub(super) frame: Vec<u8>,
}

struct State {
    session: SessionId,
    incoming: BTreeMap<Role, VecDeque<Vec<u8>>>,
    books: Books,
    outgoing: Vec<Sent>,
}

/// A role's end. Copies are the same end.
#[derive(Clone)]
pub(super) struct Script<'a> {
    steps: &'a dyn ProtocolSteps,
    state: Rc<RefCell<State>>,
}

impl<'a> Script<'a> {
    /// The end of a role to which these frames will have come.
    pub(super) fn new(
        steps: &'a dyn ProtocolSteps,
        role: Role,
        session: SessionId,
        incoming: BTreeMap<Role, VecDeque<Vec<u8>>>,
    ) -> Script<'a> {
        let state = State { session, incoming, books: Books::new(role), outgoing: Vec::new() };
        Script { steps, state: Rc::new(RefCell::new(state)) }
    }

    /// The frames that were sent, in order.
    pub(super) fn outgoing(&self) -> Vec<Sent> {
        self.state.borrow().outgoing.clone()
    }

    fn check(&self, from: Role, step: Step, content: Content, frame: &[u8]) -> Result<(Header, Vec<u8>), FrameError> {
        let state = self.state.borrow();
        let reached = self.steps.round(&state.books, step.phase).saturating_add(1);
        let expected = Header {
            session: state.session,
            phase: step.phase,
            round: if from == Role::Trusted { LAST_ROUND } else { reached },
            sequence: state.books.taken_from(from),
            step: step.label.to_owned(),
            payload_bytes: content.bytes(),
        };
        let (round, payload) = self.steps.open_frame(&expected, frame)?;
        let payload = self.steps.filling(payload, content.bits())?;
        let payload = self.steps.receive(&state.books, from, step.label, content, payload);
        Ok((Header { round, ..expected }, payload))
    }
}

impl State {
    fn seal(&mut self, steps: &dyn ProtocolSteps, message: Message) {
        let Message { to, step, ref payload, .. } = message;
        let header = Header {
            session: self.session,
            phase: step.phase,
            round: steps.round(&self.books, step.phase),
            sequence: steps.sequence(&self.books, to),
            step: step.label.to_owned(),
            payload_bytes: payload.len() as u64,
        };
        let frame = [&steps.header(&header), &payload[..]].concat();
        self.books.sent.push((to, header.clone()));
        self.outgoing.push(Sent { message, header, frame });
    }
}

impl Channel<Vec<u8>> for Script<'_> {
    fn role(&self) -> Role {
        self.state.borrow().books.role
    }

    fn send(&mut self, to: Role, step: Step, content: Content, payload: Vec<u8>) -> Result<(), PartyError> {
        let mut state = self.state.borrow_mut();
        let message = Message { to, step, content, payload };
        if to == state.books.role {
            return Err(PartyError::NoChannel { from: to, to });
        }
        let messages = self.steps.send(&state.books, message.clone());
        state.books.asked.push(message);
        messages.into_iter().for_each(|message| state.seal(self.steps, message));
        Ok(())
    }

    fn poll_receive(&mut self, from: Role, step: Step, content: Content) -> Poll<Result<Vec<u8>, PartyError>> {
        Poll::Ready(self.take(from, step, content))
    }
}

impl Script<'_> {
    fn take(&mut self, from: Role, step: Step, content: Content) -> Result<Vec<u8>, PartyError> {
        let role = self.role();
        let frame = self.state.borrow_mut().incoming.get_mut(&from).and_then(VecDeque::pop_front);
        let frame = frame.ok_or(PartyError::Closed { role, from, step: step.label })?;
        let malformed = |cause| PartyError::Frame { role, from, step: step.label, cause };
        let (header, payload) = self.check(from, step, content, &frame).map_err(malformed)?;
        self.state.borrow_mut().books.taken.push((from, header));
        Ok(payload)
    }
}
