//! An adapter as a process: a line in, a line out, within limits. Threads read and write, so that nothing that the process
//! does or does not do can keep the harness waiting.

use super::tail::Tail;
use crate::adapter::error::AdapterError;
use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

/// What the reader of standard output has seen.
enum Event {
    /// A line, without its line feed.
    Line(Vec<u8>),
    /// A line that is longer than the limit.
    Long,
    /// The end, or an error of reading, which is the end too.
    End,
}

/// A running adapter. Dropping it kills the process and those that it started in its group.
pub(super) struct Process {
    child: Child,
    /// Lines for standard input; none once it is closed.
    requests: Option<SyncSender<Vec<u8>>>,
    events: Receiver<Event>,
    complaints: Tail,
}

/// How often it is looked whether a process has ended that closed its output, or whose input was closed: for two seconds.
const LOOKS: usize = 1000;
/// The time between two looks.
const PAUSE: Duration = Duration::from_millis(2);

/// How long standard error of a process that failed may go on.
const COMPLAINTS: Duration = Duration::from_secs(1);

impl Process {
    /// Starts a program; lines of more than `line_bytes` count as floods.
    ///
    /// # Errors
    /// [`AdapterError::Start`].
    pub(super) fn start(command: &[String], line_bytes: usize) -> Result<Process, AdapterError> {
        let start = |reason: &str| AdapterError::Start { reason: reason.to_owned() };
        let (program, arguments) = command.split_first().ok_or_else(|| start("no program is named"))?;
        let mut builder = Command::new(program);
        builder.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut builder, 0);
        let mut child = builder.spawn().map_err(|error| start(&reason(program, &error)))?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(stdin), Some(stdout), Some(stderr)) = pipes else { return Err(start("it has no pipes")) };
        let (requests, lines) = sync_channel(1);
        let (found, events) = sync_channel(1);
        thread::spawn(move || write_lines(stdin, &lines));
        thread::spawn(move || read_lines(stdout, line_bytes, &found));
        Ok(Process { child, requests: Some(requests), events, complaints: Tail::of(stderr) })
    }

    /// Sends a line and waits for the next one.
    ///
    /// # Errors
    /// [`AdapterError`]: output before the request, no line within the limit, too long a line, the end of the process.
    pub(super) fn ask(&mut self, request: Vec<u8>, limit: Duration) -> Result<Vec<u8>, AdapterError> {
        let flood = |what: &str| Err(AdapterError::Flood { what: what.to_owned() });
        let deadline = Instant::now() + limit;
        match self.events.try_recv() {
            Ok(Event::Line(_) | Event::Long) => return flood("output that nobody asked for stood before the request"),
            Ok(Event::End) => return Err(self.crash()),
            Err(_) => {}
        }
        match self.requests.as_ref().map(|requests| requests.try_send(request)) {
            Some(Ok(())) => {}
            Some(Err(TrySendError::Full(_))) => return flood("answers to requests that the adapter has not read"),
            Some(Err(TrySendError::Disconnected(_))) | None => return Err(self.crash()),
        }
        match self.events.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(Event::Line(line)) => Ok(line),
            Ok(Event::Long) => flood("a line of more bytes than the limit, 64 MiB"),
            Ok(Event::End) | Err(RecvTimeoutError::Disconnected) => Err(self.crash()),
            Err(RecvTimeoutError::Timeout) => Err(AdapterError::Timeout { limit }),
        }
    }

    /// The last lines of standard error.
    pub(super) fn complaints(&self) -> Vec<String> {
        self.complaints.lines()
    }

    /// Closes standard input, and whether the process ended by itself then.
    pub(super) fn finish(mut self) -> bool {
        self.requests = None;
        self.ended().is_some()
    }

    fn crash(&mut self) -> AdapterError {
        let how = match self.ended() {
            Some(status) => ending(status),
            None => "closed its standard output and went on".to_owned(),
        };
        self.complaints.wait(COMPLAINTS);
        AdapterError::Crash { how }
    }

    /// Waits a moment for the end of the process.
    fn ended(&mut self) -> Option<ExitStatus> {
        for _ in 0..LOOKS {
            match self.child.try_wait() {
                Ok(None) => thread::sleep(PAUSE),
                Ok(Some(status)) => return Some(status),
                Err(_) => return None,
            }
        }
        None
    }

    /// Kills the process and its group.
    fn kill(&mut self) {
        // a process that has ended is not there to be killed
        #[cfg(unix)]
        let _ = rustix::process::kill_process_group(
            rustix::process::Pid::from_child(&self.child),
            rustix::process::Signal::KILL,
        );
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Why a program cannot be started, and what to do.
fn reason(program: &str, error: &Error) -> String {
    let here = Path::new(program);
    match error.kind() {
        _ if here.is_dir() => "this is a directory; name a program".to_owned(),
        ErrorKind::NotFound if here.is_file() && program.contains('/') => {
            "the file is there, but not what its first line names to run it".to_owned()
        }
        ErrorKind::NotFound if here.is_file() => {
            format!("there is no such program on the path; for the file of this folder write ./{program}, or name its interpreter")
        }
        ErrorKind::NotFound => "there is no such program".to_owned(),
        ErrorKind::PermissionDenied => "the file is not executable; make it so (chmod +x), or name its interpreter".to_owned(),
        _ if error.raw_os_error() == Some(NO_PROGRAM) => {
            "the file is no program; a script begins with a line such as #!/usr/bin/env python3, or name its interpreter".to_owned()
        }
        _ => error.to_string(),
    }
}

/// What the operating system calls a file that is executable and no program (ENOEXEC).
const NO_PROGRAM: i32 = 8;

/// How a process ended, in words.
fn ending(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return format!("was ended by signal {signal}");
    }
    status.code().map_or_else(|| "ended".to_owned(), |code| format!("ended with exit code {code}"))
}

fn write_lines(mut stdin: ChildStdin, lines: &Receiver<Vec<u8>>) {
    for mut line in lines {
        line.push(b'\n');
        if stdin.write_all(&line).and_then(|()| stdin.flush()).is_err() {
            return; // the process has closed its input; its output tells why
        }
    }
}

fn read_lines(stdout: ChildStdout, limit: usize, events: &SyncSender<Event>) {
    let mut reader = BufReader::with_capacity(1 << 16, stdout);
    let mut last = false;
    while !last {
        let mut line = Vec::new();
        let read = reader.by_ref().take(limit as u64 + 1).read_until(b'\n', &mut line);
        let event = match read {
            Ok(_) if line.pop_if(|last| *last == b'\n').is_some() => Event::Line(line),
            Ok(bytes) if bytes > limit => Event::Long,
            _ => Event::End, // a line that the end cuts off is none
        };
        last = !matches!(event, Event::Line(_));
        if events.send(event).is_err() {
            return; // nobody waits for lines any more
        }
    }
}
