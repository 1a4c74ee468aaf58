//! Connections: who listens, who connects, and who comes too late. [DS-LIVE-4]

use super::error::{LiveError, Reason};
use super::greeting::{Message, greeting};
use super::timed::Timed;
use crate::party::{PartyError, Role};
use std::io::{Error, ErrorKind, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{Builder, JoinHandle, sleep};
use std::time::{Duration, Instant};

/// How long a loop sleeps that looks for somebody again and again.
const PAUSE: Duration = Duration::from_millis(20);

/// How long a newcomer who is refused may take to hear it.
const HEARING: Duration = Duration::from_millis(500);

/// A socket that listens for the others of a session.
pub struct Listener {
    role: Role,
    socket: TcpListener,
    address: SocketAddr,
}

impl Listener {
    /// Listens at the first of these addresses where it is possible; port 0 is a port that the system picks.
    ///
    /// # Errors
    /// [`LiveError::Listen`] with what the operating system says of the last address.
    pub fn bind(role: Role, addresses: &[SocketAddr]) -> Result<Listener, PartyError> {
        let named = addresses.iter().map(SocketAddr::to_string).collect::<Vec<_>>().join(", ");
        let failed = |error: Error| {
            let cause = LiveError::Listen { address: named.clone(), reason: error.to_string() };
            PartyError::Live { role, cause }
        };
        let socket = TcpListener::bind(addresses).map_err(failed)?;
        let address = socket.local_addr().map_err(failed)?;
        Ok(Listener { role, socket, address })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits for a connection, without limit if none is given. [DS-LIVE-8]
    ///
    /// # Errors
    /// [`LiveError::Silent`] if nobody comes within the limit, [`LiveError::Listen`] if the operating system reports an
    /// error.
    pub fn accept(&self, limit: Option<Duration>) -> Result<TcpStream, PartyError> {
        let deadline = limit.and_then(|limit| Instant::now().checked_add(limit));
        let accepted = self.socket.set_nonblocking(deadline.is_some()).and_then(|()| self.accept_until(deadline));
        let cause = |error: Error| match (error.kind(), limit) {
            (ErrorKind::TimedOut, Some(limit)) => LiveError::Silent { limit },
            _ => LiveError::Listen { address: self.address.to_string(), reason: error.to_string() },
        };
        accepted.map_err(|error| PartyError::Live { role: self.role, cause: cause(error) })
    }

    fn accept_until(&self, deadline: Option<Instant>) -> Result<TcpStream, Error> {
        loop {
            match self.socket.accept() {
                Ok((stream, _)) => {
                    stream.set_nonblocking(false)?; // some systems hand the listener's mode on
                    return Ok(stream);
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    if deadline.is_some_and(|deadline| deadline <= Instant::now()) {
                        return Err(ErrorKind::TimedOut.into());
                    }
                    sleep(PAUSE);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// From now on refuses everybody who connects, in a thread of its own, until the result is dropped. [DS-LIVE-5]
    ///
    /// # Errors
    /// [`LiveError::Listen`] if the operating system gives no thread.
    pub fn keep_out(self) -> Result<KeepOut, PartyError> {
        let (stop, stopped) = channel();
        let Listener { role, socket, address } = self;
        let thread = socket
            .set_nonblocking(true)
            .and_then(|()| Builder::new().name("keep out".into()).spawn(move || refuse_all(role, &socket, &stopped)));
        match thread {
            Ok(thread) => Ok(KeepOut { stop: Some(stop), thread: Some(thread) }),
            Err(error) => {
                let cause = LiveError::Listen { address: address.to_string(), reason: error.to_string() };
                Err(PartyError::Live { role, cause })
            }
        }
    }
}

/// A thread that refuses newcomers. To drop it ends the thread and closes the listening socket.
pub struct KeepOut {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for KeepOut {
    fn drop(&mut self) {
        drop(self.stop.take());
        // the thread has no result; if it failed, nobody was refused
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

/// Refuses newcomers, one after the other, until nobody holds the other end of `stopped`.
fn refuse_all(role: Role, socket: &TcpListener, stopped: &Receiver<()>) {
    loop {
        if let Ok((stream, _)) = socket.accept() {
            // a newcomer who does not stay to hear it has gone
            let _ = refuse(role, &stream);
        }
        if stopped.recv_timeout(PAUSE) != Err(RecvTimeoutError::Timeout) {
            return;
        }
    }
}

/// Says that this side is busy, and takes what the newcomer says, until it has heard: a socket that is closed with bytes
/// unread would take the refusal back.
fn refuse(role: Role, stream: &TcpStream) -> Result<(), Error> {
    stream.set_nonblocking(false)?;
    let mut socket = Timed::new(stream, HEARING);
    socket.write_all(&[&greeting(role)[..], &Message::Refusal(Reason::Busy).to_bytes()].concat())?;
    stream.shutdown(Shutdown::Write)?;
    std::io::copy(&mut socket, &mut std::io::sink())?;
    Ok(())
}

/// Connects to one of these addresses, trying again while nobody listens there.
///
/// # Errors
/// [`LiveError::NobodyListens`] if nobody does until the limit is over.
pub fn connect(role: Role, addresses: &[SocketAddr], limit: Duration) -> Result<TcpStream, PartyError> {
    let start = Instant::now();
    let mut last = Error::from(ErrorKind::AddrNotAvailable);
    loop {
        for address in addresses {
            let left = limit.saturating_sub(start.elapsed());
            if left.is_zero() {
                break;
            }
            match TcpStream::connect_timeout(address, left) {
                Ok(stream) => return Ok(stream),
                Err(error) => last = error,
            }
        }
        if limit.saturating_sub(start.elapsed()) <= PAUSE {
            let address = addresses.iter().map(SocketAddr::to_string).collect::<Vec<_>>().join(", ");
            let cause = LiveError::NobodyListens { address, reason: last.to_string(), limit };
            return Err(PartyError::Live { role, cause });
        }
        sleep(PAUSE);
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::{Duration, Listener, Role, Shutdown, SocketAddr, TcpStream};
    use std::net::Ipv4Addr;
    use std::os::fd::OwnedFd;

    /// An error of the system is not taken for nobody's coming.
    #[test]
    fn a_socket_that_cannot_accept_is_an_error_at_once() {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let listener = Listener::bind(Role::Server, &[address]).unwrap();
        TcpStream::from(OwnedFd::from(listener.socket.try_clone().unwrap())).shutdown(Shutdown::Both).unwrap();
        let error = listener.accept(Some(Duration::from_millis(500))).map(drop).unwrap_err();
        assert_eq!(error.code(), "live/listen", "{error}");
    }
}
