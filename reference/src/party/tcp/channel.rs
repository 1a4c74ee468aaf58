//! A channel over TCP: blocking sockets, one connection for each other role. [DS-LIVE-7]

use super::timed::Timed;
use super::writer::{Writer, Written};
use crate::party::ledger::Ledger;
use crate::party::stream::{Broken, take_frame};
use crate::party::transcript::{Entry, Transcript};
use crate::party::{Carried, Channel, Content, PartyError, Phase, Role, SessionId, Step};
use std::collections::BTreeMap;
use std::future::Future;
use std::io::{Error, ErrorKind};
use std::net::{Shutdown, TcpStream};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

/// A role's end of its connections in one session. To drop it without [`TcpChannel::finish`] cuts all connections.
pub struct TcpChannel {
    ledger: Ledger,
    limit: Duration,
    transcript: Transcript,
    links: BTreeMap<Role, Link>,
    /// When the last step ended, and the time of all steps by phase.
    last: Instant,
    seconds: BTreeMap<Phase, Duration>,
}

/// The connection to one other role.
struct Link {
    stream: TcpStream,
    writer: Option<Writer>,
    /// Bytes that the socket gave.
    received: u64,
    /// Whether the session has failed. A socket that is cut still gives the bytes that it holds.
    broken: bool,
}

/// Bytes at the socket of one connection, counted where they are read and written, not from frames. [DS-LIVE-10]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Traffic {
    /// Who is at the other end.
    pub peer: Role,
    /// Bytes sent.
    pub sent: u64,
    /// Bytes received.
    pub received: u64,
}

/// What travelled in a session, as one role saw it.
#[derive(Clone, Debug)]
pub struct Finished {
    /// The frames that this role sent and those that it received.
    pub transcript: Transcript,
    /// Bytes at the sockets, the handshake's apart.
    pub traffic: Vec<Traffic>,
    /// Time by phase: from the end of the step before to the end of the phase's step, waiting included.
    pub seconds: BTreeMap<Phase, Duration>,
}

impl TcpChannel {
    /// A role's end in a session, on connections whose handshakes are done. `limit` bounds each frame. [DS-LIVE-8]
    ///
    /// # Errors
    /// [`PartyError::Connection`] if the operating system lets no thread write to a connection.
    pub fn new(
        session: SessionId,
        role: Role,
        limit: Duration,
        transcript: Transcript,
        connections: impl IntoIterator<Item = (Role, TcpStream)>,
    ) -> Result<TcpChannel, PartyError> {
        let link = |(peer, stream)| match Link::new(stream, limit) {
            Ok(link) => Ok((peer, link)),
            Err(error) => {
                Err(PartyError::Connection { role, from: peer, step: "connection", reason: error.to_string() })
            }
        };
        let links = connections.into_iter().map(link).collect::<Result<_, _>>()?;
        let (ledger, seconds) = (Ledger::new(session, role), BTreeMap::new());
        Ok(TcpChannel { ledger, limit, transcript, links, last: Instant::now(), seconds })
    }

    /// Ends the session: all frames are written, and the others have closed their ends or the limit is over.
    ///
    /// # Errors
    /// [`PartyError::Unsent`] if another role did not take all frames. [DS-LIVE-9]
    pub fn finish(mut self) -> Result<Finished, PartyError> {
        let role = self.ledger.role();
        let mut traffic = Vec::new();
        let mut refused = None;
        for (&peer, link) in &mut self.links {
            let written = link.end_writing();
            refused = refused.or(written.error.map(|reason| PartyError::Unsent { role, to: peer, reason }));
            traffic.push(Traffic { peer, sent: written.bytes, received: 0 });
        }
        if let Some(error) = refused {
            return Err(error); // nobody is waited for
        }
        for (traffic, link) in traffic.iter_mut().zip(self.links.values_mut()) {
            link.await_end(self.limit).map_err(|error| PartyError::Unsent {
                role,
                to: traffic.peer,
                reason: error.to_string(),
            })?;
            traffic.received = link.received;
        }
        let (transcript, seconds) = (std::mem::take(&mut self.transcript), std::mem::take(&mut self.seconds));
        Ok(Finished { transcript, traffic, seconds })
    }

    /// Cuts all connections: the others learn at once that this end has stopped, no writer waits any more, and nothing
    /// more is taken.
    fn cut(&mut self) {
        for link in self.links.values_mut() {
            link.broken = true;
            // it fails only if the other end has cut the connection already
            let _ = link.stream.shutdown(Shutdown::Both);
        }
    }

    /// Takes the time since the last step.
    fn tick(&mut self, phase: Phase) {
        let now = Instant::now();
        let spent = self.seconds.entry(phase).or_default();
        *spent = spent.saturating_add(now.saturating_duration_since(self.last));
        self.last = now;
    }

    /// A copy for an observer, if there is one.
    fn kept(&self, payload: &[u8]) -> Option<Vec<u8>> {
        self.transcript.keeps_payloads().then(|| payload.to_vec())
    }

    /// The error of a frame that did not come.
    fn broken(&self, from: Role, step: Step, broken: Broken) -> PartyError {
        let (role, step) = (self.ledger.role(), step.label);
        match broken {
            Broken::Ended => PartyError::Closed { role, from, step },
            Broken::Late => PartyError::Silent { role, from, step, limit: self.limit },
            Broken::Frame(cause) => PartyError::Frame { role, from, step, cause },
            Broken::Failed(reason) => PartyError::Connection { role, from, step, reason },
        }
    }
}

impl Link {
    fn new(stream: TcpStream, limit: Duration) -> Result<Link, Error> {
        stream.set_nodelay(true)?; // frames are small, and the other side waits for each
        let writer = Some(Writer::start(stream.try_clone()?, limit)?);
        Ok(Link { stream, writer, received: 0, broken: false })
    }

    /// Waits for the writer, then tells the other end that nothing more comes.
    fn end_writing(&mut self) -> Written {
        let written = self.writer.take().map(Writer::finish);
        // it fails only if the other end has cut the connection already, which shows when it is read
        let _ = self.stream.shutdown(Shutdown::Write);
        written.unwrap_or(Written { bytes: 0, error: None })
    }

    /// Waits until the other end closes: a socket that is closed with bytes unread would take back what it has sent.
    fn await_end(&mut self, limit: Duration) -> Result<(), Error> {
        let mut socket = Timed::new(&self.stream, limit);
        let result = std::io::copy(&mut socket, &mut std::io::sink());
        self.received = self.received.saturating_add(socket.bytes);
        match result {
            Err(error) if error.kind() != ErrorKind::TimedOut => Err(error),
            _ => Ok(()),
        }
    }
}

impl Channel<Vec<u8>> for TcpChannel {
    fn role(&self) -> Role {
        self.ledger.role()
    }

    fn send(&mut self, to: Role, step: Step, content: Content, payload: Vec<u8>) -> Result<(), PartyError> {
        let from = self.ledger.role();
        let no_channel = PartyError::NoChannel { from, to };
        let writer = self.links.get(&to).and_then(|link| link.writer.as_ref()).ok_or(no_channel)?;
        let header = self.ledger.send(to, step, content)?;
        let kept = self.kept(&payload);
        writer.send(payload.seal(&header));
        self.transcript.record(Entry::new(&header, header.round, [from, to], step, content, kept));
        self.tick(step.phase);
        Ok(())
    }

    fn poll_receive(&mut self, from: Role, step: Step, content: Content) -> Poll<Result<Vec<u8>, PartyError>> {
        Poll::Ready(self.next_frame(from, step, content))
    }
}

impl TcpChannel {
    /// Blocks until the next frame from `from` has come.
    fn next_frame(&mut self, from: Role, step: Step, content: Content) -> Result<Vec<u8>, PartyError> {
        let to = self.ledger.role();
        let link = self.links.get_mut(&from).ok_or(PartyError::NoChannel { from, to })?;
        if link.broken {
            return Err(PartyError::Closed { role: to, from, step: step.label });
        }
        let expected = self.ledger.expect(from, step, content);
        let mut socket = Timed::new(&link.stream, self.limit);
        let taken = take_frame(&mut socket, &expected);
        link.received = link.received.saturating_add(socket.bytes);
        let (round, payload) = match taken {
            Ok(frame) => frame,
            Err(broken) => {
                self.cut();
                return Err(self.broken(from, step, broken));
            }
        };
        self.ledger.consume(step.phase, round);
        let kept = self.kept(&payload);
        self.transcript.record(Entry::new(&expected, round, [from, to], step, content, kept));
        self.tick(step.phase);
        Ok(payload)
    }
}

impl Drop for TcpChannel {
    fn drop(&mut self) {
        self.cut();
        for link in self.links.values_mut() {
            link.writer.take().map(Writer::finish);
        }
    }
}

/// Runs a program over channels that block: it ends when it is polled for the first time. [DS-LIVE-7]
///
/// # Errors
/// What the program reports; [`PartyError::Deadlock`] if it waits for something that is no channel.
pub fn block_on<T>(role: Role, program: impl Future<Output = Result<T, PartyError>>) -> Result<T, PartyError> {
    match pin!(program).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => {
            Err(PartyError::Deadlock { waiting: format!("{role} waits for something that is not its channel") })
        }
    }
}
