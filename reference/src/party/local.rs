//! The local executor: all roles in one thread, polled in a fixed order, so that a run is deterministic. [DS-ROLE-2]

use super::frame::FrameError;
use super::ledger::Ledger;
use super::transcript::{Entry, Transcript};
use super::{Carried, Channel, Content, PartyError, Role, SessionId, Step};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::future::Future;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// The channels of one session between the roles of one thread.
#[derive(Clone)]
pub struct LocalNet<P: Carried> {
    state: Rc<RefCell<State<P>>>,
}

struct State<P: Carried> {
    session: SessionId,
    queues: BTreeMap<(Role, Role), VecDeque<P::Frame>>,
    transcript: Transcript,
    /// Counts sends, receptions and endings; if a full turn changes nothing, nobody can go on.
    events: u64,
    waiting: BTreeMap<Role, (Role, Step)>,
    ended: BTreeSet<Role>,
}

/// A role's end of a [`LocalNet`].
pub struct Endpoint<P: Carried> {
    net: LocalNet<P>,
    ledger: Ledger,
}

impl<P: Carried> LocalNet<P> {
    /// The channels of a new session.
    pub fn new(session: SessionId, transcript: Transcript) -> LocalNet<P> {
        let state = State {
            session,
            queues: BTreeMap::new(),
            transcript,
            events: 0,
            waiting: BTreeMap::new(),
            ended: BTreeSet::new(),
        };
        LocalNet { state: Rc::new(RefCell::new(state)) }
    }

    /// A role's end. Take each role's end once.
    pub fn endpoint(&self, role: Role) -> Endpoint<P> {
        Endpoint { net: self.clone(), ledger: Ledger::new(self.state.borrow().session, role) }
    }

    /// The transcript so far.
    pub fn transcript(&self) -> Transcript {
        self.state.borrow().transcript.clone()
    }

    /// Frames that were sent and not yet received.
    pub fn undelivered(&self) -> usize {
        self.state.borrow().queues.values().map(VecDeque::len).sum()
    }

    /// Nobody has ended yet. What was sent before and not received is still there.
    fn begin(&self) {
        let mut state = self.state.borrow_mut();
        state.ended.clear();
        state.waiting.clear();
    }

    fn end(&self, role: Role) {
        let mut state = self.state.borrow_mut();
        state.ended.insert(role);
        state.events += 1;
    }

    fn events(&self) -> u64 {
        self.state.borrow().events
    }

    fn deadlock(&self) -> PartyError {
        let state = self.state.borrow();
        let active = state.waiting.iter().filter(|(role, _)| !state.ended.contains(role));
        let waits = active.map(|(role, (from, step))| format!("{role} waits for {from} at step {}", step.label));
        PartyError::Deadlock { waiting: waits.collect::<Vec<_>>().join("; ") }
    }
}

impl<P: Carried> Endpoint<P> {
    /// Takes the next frame from `from`, if it is there.
    fn poll_frame(&mut self, from: Role, step: Step) -> Poll<Result<P::Frame, PartyError>> {
        let role = self.ledger.role();
        let mut state = self.net.state.borrow_mut();
        if let Some(frame) = state.queues.get_mut(&(from, role)).and_then(VecDeque::pop_front) {
            state.events += 1;
            state.waiting.remove(&role);
            return Poll::Ready(Ok(frame));
        }
        if state.ended.contains(&from) {
            return Poll::Ready(Err(PartyError::Closed { role, from, step: step.label }));
        }
        state.waiting.insert(role, (from, step));
        Poll::Pending
    }
}

impl<P: Carried> Channel<P> for Endpoint<P> {
    fn role(&self) -> Role {
        self.ledger.role()
    }

    fn send(&mut self, to: Role, step: Step, content: Content, payload: P) -> Result<(), PartyError> {
        let header = self.ledger.send(to, step, content)?;
        let from = self.ledger.role();
        let mut state = self.net.state.borrow_mut();
        let kept = if state.transcript.keeps_payloads() { payload.bytes().map(<[u8]>::to_vec) } else { None };
        state.transcript.record(Entry::new(&header, header.round, [from, to], step, content, kept));
        state.queues.entry((from, to)).or_default().push_back(payload.seal(&header));
        state.events += 1;
        Ok(())
    }

    async fn receive(&mut self, from: Role, step: Step, content: Content) -> Result<P, PartyError> {
        let frame = std::future::poll_fn(|_| self.poll_frame(from, step)).await?;
        let expected = self.ledger.expect(from, step, content);
        let role = self.ledger.role();
        let malformed = |cause: FrameError| PartyError::Frame { role, from, step: step.label, cause };
        let (round, payload) = P::unseal(frame, &expected).map_err(malformed)?;
        self.ledger.consume(step.phase, round);
        Ok(payload)
    }
}

/// A program and, once it has ended, its output.
struct Slot<'a, T> {
    role: Role,
    program: Pin<&'a mut dyn Future<Output = Result<T, PartyError>>>,
    output: Option<T>,
}

impl<T> Slot<'_, T> {
    /// Lets the program go on as far as it can.
    fn turn<P: Carried>(&mut self, net: &LocalNet<P>) -> Result<(), PartyError> {
        if self.output.is_some() {
            return Ok(());
        }
        if let Poll::Ready(result) = self.program.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            self.output = Some(result?);
            net.end(self.role);
        }
        Ok(())
    }
}

/// Runs the three programs of a session to their end, polling trusted party, server, client in turn. [DS-ROLE-2]
///
/// # Errors
/// The first error of a program; [`PartyError::Deadlock`] if all that have not ended wait for one another. [DS-ROLE-3]
pub fn run<P: Carried, T, S, C>(
    net: &LocalNet<P>,
    trusted: impl Future<Output = Result<T, PartyError>>,
    server: impl Future<Output = Result<S, PartyError>>,
    client: impl Future<Output = Result<C, PartyError>>,
) -> Result<(T, S, C), PartyError> {
    net.begin();
    let (trusted, server, client) = (pin!(trusted), pin!(server), pin!(client));
    let mut trusted = Slot { role: Role::Trusted, program: trusted, output: None };
    let mut server = Slot { role: Role::Server, program: server, output: None };
    let mut client = Slot { role: Role::Client, program: client, output: None };
    loop {
        let before = net.events();
        trusted.turn(net)?;
        server.turn(net)?;
        client.turn(net)?;
        match (trusted.output.take(), server.output.take(), client.output.take()) {
            (Some(t), Some(s), Some(c)) => return Ok((t, s, c)),
            (t, s, c) => (trusted.output, server.output, client.output) = (t, s, c),
        }
        if net.events() == before {
            return Err(net.deadlock());
        }
    }
}
