//! The last lines of a process's standard error, whatever it writes.

use super::forms::clip;
use crate::printable::printable;
use std::io::Read;
use std::process::ChildStderr;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// Bytes that are kept.
const BYTES: usize = 1 << 13;
/// Lines that are shown.
const LINES: usize = 5;

/// The end of a stream of bytes, which a thread reads.
pub(super) struct Tail {
    bytes: Arc<Mutex<Vec<u8>>>,
    ended: Receiver<()>,
}

impl Tail {
    /// Reads all of a process's standard error, and keeps its end.
    pub(super) fn of(mut stderr: ChildStderr) -> Tail {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&bytes);
        let (ending, ended) = channel();
        thread::spawn(move || {
            let mut buffer = [0; 1 << 12];
            while let Some(read) = stderr.read(&mut buffer).ok().filter(|&read| read > 0) {
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                kept.extend(buffer.iter().take(read));
                let surplus = kept.len().saturating_sub(BYTES);
                kept.drain(..surplus);
            }
            let _ = ending.send(()); // nobody may wait for it
        });
        Tail { bytes, ended }
    }

    /// Waits a moment for the end of the stream.
    pub(super) fn wait(&self) {
        let _ = self.ended.recv_timeout(Duration::from_secs(1)); // it may never end; then what is there is shown
    }

    /// The last lines so far.
    pub(super) fn lines(&self) -> Vec<String> {
        let bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        lines.iter().skip(lines.len().saturating_sub(LINES)).map(|line| clip(&printable(line))).collect()
    }
}
