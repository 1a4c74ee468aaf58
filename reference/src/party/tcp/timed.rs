//! A socket with a deadline: a peer that sends a byte now and then cannot extend it. [DS-LIVE-8]

use std::io::{ErrorKind, Read, Result, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// A socket that can be used until a deadline, and counts the bytes that it moves.
pub(super) struct Timed<'a> {
    stream: &'a TcpStream,
    /// None if the limit is longer than the clock can tell.
    deadline: Option<Instant>,
    /// Bytes read and written so far.
    pub(super) bytes: u64,
}

impl Timed<'_> {
    /// A socket that can be used for so long from now.
    pub(super) fn new(stream: &TcpStream, limit: Duration) -> Timed<'_> {
        Timed { stream, deadline: Instant::now().checked_add(limit), bytes: 0 }
    }

    /// What is left until the deadline: none for ever.
    fn left(&self) -> Result<Option<Duration>> {
        let Some(deadline) = self.deadline else { return Ok(None) };
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(ErrorKind::TimedOut.into()) } else { Ok(Some(left)) }
    }

    /// Moves some bytes. After a signal whoever reads or writes tries again, and has only what is left until the deadline.
    fn moved(&mut self, attempt: impl FnOnce(&TcpStream, Option<Duration>) -> Result<usize>) -> Result<usize> {
        let count = attempt(self.stream, self.left()?).map_err(|error| match error.kind() {
            ErrorKind::WouldBlock => ErrorKind::TimedOut.into(), // what the limit of a socket is called on some systems
            _ => error,
        })?;
        self.bytes = self.bytes.saturating_add(count as u64);
        Ok(count)
    }
}

impl Read for Timed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        self.moved(|mut stream, left| {
            stream.set_read_timeout(left)?;
            stream.read(buffer)
        })
    }
}

impl Write for Timed<'_> {
    fn write(&mut self, buffer: &[u8]) -> Result<usize> {
        self.moved(|mut stream, left| {
            stream.set_write_timeout(left)?;
            stream.write(buffer)
        })
    }

    fn flush(&mut self) -> Result<()> {
        Ok(()) // sockets have no buffer in this process
    }
}
