//! A session with an adapter: started, described, asked, started again when it fails. [DS-ADAPT-1] [DS-ADAPT-6]

use super::forms::clip;
use super::process::Process;
use crate::adapter::error::AdapterError;
use crate::adapter::protocol::{Answer, Described, Reply, ReplyResult, Request};
use crate::adapter::{DESCRIBE, LINE_BYTES, PROTOCOL};
use crate::printable::Name;
use crate::vectors::types::Count;
use serde_json::{Map, Value};
use std::time::Duration;

/// Limits of a run.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For an answer.
    pub answer: Duration,
    /// For the first answer of a process, which has to be started.
    pub describe: Duration,
    /// Bytes of a line.
    pub line_bytes: usize,
    /// After so many new processes that fail at their first case, in a row, no further one is started.
    pub restarts: u32,
}

impl Limits {
    /// The limits of [DS-ADAPT-6] with this limit for an answer.
    pub fn of(answer: Duration) -> Limits {
        Limits { answer, describe: answer.max(Duration::from_secs(10)), line_bytes: LINE_BYTES, restarts: 5 }
    }
}

/// An adapter under test.
pub struct Session {
    command: Vec<String>,
    limits: Limits,
    process: Option<Process>,
    /// Whether the process has answered a case.
    answered: bool,
    /// New processes that failed at their first case, in a row.
    failed_at_once: u32,
    next_id: u64,
}

/// Why there is no answer, and what the adapter wrote on standard error.
#[derive(Clone, Debug)]
pub struct NoAnswer {
    /// Why.
    pub error: AdapterError,
    /// The last lines of standard error.
    pub complaints: Vec<String>,
}

impl Session {
    /// Starts an adapter, and asks what it claims.
    ///
    /// # Errors
    /// [`AdapterError::Start`] or [`AdapterError::Described`].
    pub fn start(command: Vec<String>, limits: Limits) -> Result<(Session, Described), NoAnswer> {
        let mut session = Session { command, limits, process: None, answered: false, failed_at_once: 0, next_id: 0 };
        let described = session.launch()?;
        Ok((session, described))
    }

    /// Asks for the answer to an operation, of a new process if the last one failed.
    ///
    /// # Errors
    /// Any [`AdapterError`]; then the process is gone.
    pub fn ask(&mut self, operation: &str, input: &Map<String, Value>) -> Result<Reply, NoAnswer> {
        let result = match self.process {
            Some(_) => self.request(operation, input, self.limits.answer),
            None => self.launch().and_then(|_| self.request(operation, input, self.limits.answer)),
        };
        self.failed_at_once = match (&result, self.answered) {
            (Err(_), false) => self.failed_at_once.saturating_add(1),
            _ => 0,
        };
        self.answered = result.is_ok();
        result
    }

    /// Whether so many new processes failed at once that no further one is started.
    pub fn is_given_up(&self) -> bool {
        self.failed_at_once >= self.limits.restarts
    }

    /// Ends the adapter by closing its standard input, and whether it ended by itself then.
    pub fn finish(self) -> bool {
        self.process.is_none_or(Process::finish)
    }

    /// Starts a process and asks it to describe itself.
    fn launch(&mut self) -> Result<Described, NoAnswer> {
        let started = Process::start(&self.command, self.limits.line_bytes);
        self.process = Some(started.map_err(|error| NoAnswer { error, complaints: Vec::new() })?);
        (self.answered, self.next_id) = (false, 0);
        let described = |what: String| AdapterError::Described { what };
        let reply = self.request(DESCRIBE, &Map::new(), self.limits.describe);
        let reply = reply.map_err(|failed| NoAnswer { error: described(failed.error.to_string()), ..failed })?;
        claims(reply).map_err(|what| self.failed(described(what)))
    }

    fn request(&mut self, operation: &str, input: &Map<String, Value>, limit: Duration) -> Result<Reply, NoAnswer> {
        let id = self.next_id;
        self.next_id += 1;
        let request = Request { id: Count(id), operation: operation.to_owned(), input: input.clone() };
        let line = serde_json::to_vec(&request).unwrap_or_default(); // plain data, which JSON can always hold
        let Some(process) = &mut self.process else {
            return Err(self.failed(AdapterError::Crash { how: "ended".to_owned() }));
        };
        process.ask(line, limit).and_then(|line| read(&line, id)).map_err(|error| self.failed(error))
    }

    /// Ends the process that failed.
    fn failed(&mut self, error: AdapterError) -> NoAnswer {
        let process = self.process.take();
        NoAnswer { error, complaints: process.map(|process| process.complaints()).unwrap_or_default() }
    }
}

/// The answer to the request with this id.
pub(crate) fn read(line: &[u8], id: u64) -> Result<Reply, AdapterError> {
    let garbage = |what: String| {
        let line = Name(clip(&String::from_utf8_lossy(line)));
        AdapterError::Garbage { what, line }
    };
    let answer: Answer = serde_json::from_slice(line).map_err(|error| garbage(unread(&error)))?;
    let found = answer.id.0;
    let reply = answer.reply().map_err(|what| garbage(what.to_owned()))?;
    match found == id {
        true => Ok(reply),
        false => Err(AdapterError::Id { found, expected: id }),
    }
}

/// Why a line is no answer.
fn unread(error: &serde_json::Error) -> String {
    match error.classify() {
        serde_json::error::Category::Data => error.to_string(),
        _ => format!("it is not JSON ({error})"),
    }
}

/// The claims in the answer to `describe`.
pub(crate) fn claims(reply: Reply) -> Result<Described, String> {
    let ReplyResult::Output(output) = reply.result else { return Err("its answer has no output".to_owned()) };
    let described: Described = serde_json::from_value(output).map_err(|error| error.to_string())?;
    match described.protocol == PROTOCOL {
        true => Ok(described),
        false => Err(format!("its protocol is {:?}; this is {PROTOCOL}", clip(&described.protocol))),
    }
}
