//! The local executor: all roles in one thread, polled in a fixed order, so that a run is deterministic. [DS-ROLE-2]

use super::channel::AnyChannel;
use super::frame::FrameError;
use super::ledger::Ledger;
use super::transcript::{Entry, Transcript};
use super::{Carried, Channel, Content, PartyError, Role, SessionId, Step};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::future::Future;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker, ready};

/// The channels of one session between the roles of one thread.
#[derive(Clone)]
pub struct LocalNet<P: Carried> {
    state: Rc<RefCell<State<P>>>,
}

/// What lies between the senders and the receivers of a [`LocalNet`], for tests with a hostile sender. [DS-HOSTILE-1]
pub trait Medium<F> {
    /// Takes a frame that is sent; gives the frames that arrive in its place, in order.
    fn carry(&mut self, from: Role, to: Role, frame: F) -> Vec<F>;
}

struct State<P: Carried> {
    session: SessionId,
    /// Without a medium every frame arrives as it was sent.
    medium: Option<Box<dyn Medium<P::Frame>>>,
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
            medium: None,
            queues: BTreeMap::new(),
            transcript,
            events: 0,
            waiting: BTreeMap::new(),
            ended: BTreeSet::new(),
        };
        LocalNet { state: Rc::new(RefCell::new(state)) }
    }

    /// Puts a medium between all senders and receivers. The transcript still lists what was sent. [DS-HOSTILE-1]
    pub fn intercept(&self, medium: Box<dyn Medium<P::Frame>>) {
        self.state.borrow_mut().medium = Some(medium);
    }

    /// A role's end. Take each role's end once.
    pub fn endpoint(&self, role: Role) -> Endpoint<P> {
        Endpoint { net: self.clone(), ledger: Ledger::new(self.state.borrow().session, role) }
    }

    /// A role's end as any end, for protocols that are of one type on all channels. Take each role's end once.
    pub fn any_endpoint<'c>(&self, role: Role) -> AnyChannel<'c, P> {
        Box::new(self.endpoint(role))
    }

    /// The session's identifier.
    pub fn session(&self) -> SessionId {
        self.state.borrow().session
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
        let frame = payload.seal(&header);
        let arriving = match &mut state.medium {
            Some(medium) => medium.carry(from, to, frame),
            None => vec![frame],
        };
        state.queues.entry((from, to)).or_default().extend(arriving);
        state.events += 1;
        Ok(())
    }

    fn poll_receive(&mut self, from: Role, step: Step, content: Content) -> Poll<Result<P, PartyError>> {
        let frame = ready!(self.poll_frame(from, step))?;
        let expected = self.ledger.expect(from, step, content);
        let role = self.ledger.role();
        let malformed = |cause: FrameError| PartyError::Frame { role, from, step: step.label, cause };
        let (round, payload) = P::unseal(frame, &expected).map_err(malformed)?;
        self.ledger.consume(step.phase, round);
        Poll::Ready(Ok(payload))
    }
}

/// A program and, once it has ended, its result.
struct Slot<'a, T> {
    role: Role,
    program: Pin<&'a mut dyn Future<Output = Result<T, PartyError>>>,
    result: Option<Result<T, PartyError>>,
}

impl<'a, T> Slot<'a, T> {
    fn new(role: Role, program: Pin<&'a mut dyn Future<Output = Result<T, PartyError>>>) -> Slot<'a, T> {
        Slot { role, program, result: None }
    }

    /// Lets the program go on as far as it can. A program that ends with an error has ended, too.
    fn turn<P: Carried>(&mut self, net: &LocalNet<P>) {
        if self.result.is_some() {
            return;
        }
        if let Poll::Ready(result) = self.program.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            self.result = Some(result);
            net.end(self.role);
        }
    }

    /// As [`Slot::turn`], giving the error of a program that has ended with one.
    fn turn_or_fail<P: Carried>(&mut self, net: &LocalNet<P>) -> Result<(), PartyError> {
        self.turn(net);
        match self.result.take_if(|result| result.is_err()) {
            Some(Err(error)) => Err(error),
            _ => Ok(()),
        }
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
    let mut trusted = Slot::new(Role::Trusted, trusted);
    let mut server = Slot::new(Role::Server, server);
    let mut client = Slot::new(Role::Client, client);
    loop {
        let before = net.events();
        trusted.turn_or_fail(net)?;
        server.turn_or_fail(net)?;
        client.turn_or_fail(net)?;
        match (trusted.result.take(), server.result.take(), client.result.take()) {
            (Some(t), Some(s), Some(c)) => return Ok((t?, s?, c?)),
            (t, s, c) => (trusted.result, server.result, client.result) = (t, s, c),
        }
        if net.events() == before {
            return Err(net.deadlock());
        }
    }
}

/// How each role's program ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ends<T, S, C> {
    /// The trusted party's result.
    pub trusted: Result<T, PartyError>,
    /// The server's result.
    pub server: Result<S, PartyError>,
    /// The client's result.
    pub client: Result<C, PartyError>,
}

/// Runs the three programs as [`run`] does, each to its own end: a role that fails has ended, and the others go on as far
/// as they can without it. If all that have not ended wait for one another, each of them ends with
/// [`PartyError::Deadlock`]. [DS-ROLE-4]
pub fn run_each<P: Carried, T, S, C>(
    net: &LocalNet<P>,
    trusted: impl Future<Output = Result<T, PartyError>>,
    server: impl Future<Output = Result<S, PartyError>>,
    client: impl Future<Output = Result<C, PartyError>>,
) -> Ends<T, S, C> {
    net.begin();
    let (trusted, server, client) = (pin!(trusted), pin!(server), pin!(client));
    let mut trusted = Slot::new(Role::Trusted, trusted);
    let mut server = Slot::new(Role::Server, server);
    let mut client = Slot::new(Role::Client, client);
    loop {
        let before = net.events();
        trusted.turn(net);
        server.turn(net);
        client.turn(net);
        // once all have ended, a turn changes nothing
        if net.events() == before {
            let stuck = net.deadlock();
            return Ends {
                trusted: trusted.result.unwrap_or(Err(stuck.clone())),
                server: server.result.unwrap_or(Err(stuck.clone())),
                client: client.result.unwrap_or(Err(stuck)),
            };
        }
    }
}
