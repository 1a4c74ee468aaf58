//! A thread that writes frames to a socket, so that sending never waits. [DS-LIVE-7]

use super::timed::Timed;
use std::io::{Result, Write};
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

/// The queue of frames that a thread writes to a socket.
pub(super) struct Writer {
    queue: Sender<Vec<u8>>,
    thread: JoinHandle<Written>,
}

/// What a writer did until its queue ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    /// Bytes that the socket took.
    pub bytes: u64,
    /// Why it took no more.
    pub error: Option<String>,
}

impl Writer {
    /// Starts the thread; each frame may take so long from its first byte to its last.
    pub(super) fn start(stream: TcpStream, limit: Duration) -> Result<Writer> {
        let (queue, frames) = channel();
        let thread = Builder::new().name("writer".into()).spawn(move || write(&stream, &frames, limit))?;
        Ok(Writer { queue, thread })
    }

    /// Puts a frame into the queue. If the thread has stopped, [`Writer::finish`] says why.
    pub(super) fn send(&self, frame: Vec<u8>) {
        // it fails only if the thread has stopped
        let _ = self.queue.send(frame);
    }

    /// Waits until all frames are written or one cannot be.
    pub(super) fn finish(self) -> Written {
        drop(self.queue);
        self.thread.join().unwrap_or(Written { bytes: 0, error: Some("the thread that writes has failed".into()) })
    }
}

fn write(stream: &TcpStream, frames: &Receiver<Vec<u8>>, limit: Duration) -> Written {
    let mut bytes = 0_u64;
    for frame in frames {
        let mut socket = Timed::new(stream, limit);
        let result = socket.write_all(&frame);
        bytes = bytes.saturating_add(socket.bytes);
        if let Err(error) = result {
            return Written { bytes, error: Some(error.to_string()) };
        }
    }
    Written { bytes, error: None }
}
