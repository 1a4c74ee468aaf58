//! The last lines of a process's standard error, whatever it writes.

use super::forms::clip;
use crate::printable::printable;
use std::io::{Read, Result, Write, copy};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// Bytes that are kept.
const BYTES: usize = 8192;
/// Lines that are shown.
const LINES: usize = 5;

/// The end of a stream of bytes, which a thread reads.
pub(super) struct Tail {
    bytes: Kept,
    ended: Receiver<()>,
}

/// The last bytes that were written here.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend_from_slice(bytes);
        let surplus = kept.len().saturating_sub(BYTES);
        kept.drain(..surplus);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

impl Tail {
    /// Reads all of a stream, and keeps its end.
    pub(super) fn of(mut stream: impl Read + Send + 'static) -> Tail {
        let bytes = Kept::default();
        let mut kept = bytes.clone();
        let (ending, ended) = channel();
        thread::spawn(move || {
            let _ = copy(&mut stream, &mut kept); // a stream that fails has ended
            let _ = ending.send(()); // nobody may wait for it
        });
        Tail { bytes, ended }
    }

    /// Waits for the end of the stream, which may never come: then what is there is shown.
    pub(super) fn wait(&self, limit: Duration) {
        let _ = self.ended.recv_timeout(limit);
    }

    /// The last lines so far.
    pub(super) fn lines(&self) -> Vec<String> {
        let bytes = self.bytes.0.lock().unwrap_or_else(PoisonError::into_inner);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        lines.iter().skip(lines.len().saturating_sub(LINES)).map(|line| clip(&printable(line))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::sync_channel;

    const NEVER: Duration = Duration::from_secs(3600);

    fn lines(text: String) -> Vec<String> {
        let tail = Tail::of(std::io::Cursor::new(text));
        tail.wait(NEVER);
        tail.lines()
    }

    #[test]
    fn the_last_five_lines_that_say_something_are_kept() {
        assert_eq!(lines("1\n2\n\n3\n4\r\n \n5\n6\u{7}".to_owned()), ["2", "3", "4", "5", "6\\u{7}"]);
        assert_eq!(lines("1\n".to_owned()), ["1"]);
        assert!(lines(String::new()).is_empty());
    }

    #[test]
    fn of_a_flood_the_last_8192_bytes_are_kept() {
        let kept = |after: usize| lines(format!("first\n{}", "x\n".repeat(after)));
        assert_eq!(lines(format!("first{}\nend", "\n".repeat(8192 - 9)))[0], "first");
        assert_eq!(lines(format!("first{}\nend", "\n".repeat(8192 - 8)))[0], "irst");
        assert_eq!(kept(100_000), ["x"; 5]);
    }

    /// A stream that gives its only byte once it may.
    struct Late(Receiver<()>, bool);

    impl Read for Late {
        fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
            let _ = self.0.recv();
            let last = std::mem::replace(&mut self.1, false);
            buffer.iter_mut().take(usize::from(last)).for_each(|byte| *byte = b'x');
            Ok(usize::from(last))
        }
    }

    /// What is written while somebody waits is shown; who does not wait long enough sees what is there.
    #[test]
    fn the_end_is_waited_for_as_long_as_is_said() {
        let (now, may) = sync_channel(1);
        let tail = Tail::of(Late(may, true));
        tail.wait(Duration::ZERO);
        assert!(tail.lines().is_empty());
        let waits = thread::spawn(move || {
            tail.wait(NEVER);
            tail.lines()
        });
        now.send(()).unwrap();
        drop(now);
        assert_eq!(waits.join().unwrap(), ["x"]);
    }
}
