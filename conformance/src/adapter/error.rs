//! What can go wrong between harness and adapter. [DS-ADAPT-6]

use crate::printable::Name;
use std::time::Duration;

/// A failure of an adapter, or of a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AdapterError {
    /// The program cannot be started.
    #[error("cannot be started: {reason}")]
    Start {
        /// Why, in words.
        reason: String,
    },
    /// No readable answer to `describe`.
    #[error("does not describe itself: {what}")]
    Described {
        /// What it did instead.
        what: String,
    },
    /// No answer within the limit.
    #[error(
        "no answer within {} s; does the adapter send each line at once (flush), or keep it in a buffer?",
        limit.as_secs_f64()
    )]
    Timeout {
        /// The limit.
        limit: Duration,
    },
    /// The process ended instead of answering.
    #[error("the adapter {how} instead of answering")]
    Crash {
        /// How it ended.
        how: String,
    },
    /// A line that is no answer.
    #[error("a line that is no answer: {what}: {line}")]
    Garbage {
        /// What is wrong with it.
        what: String,
        /// The line, cut if it is long.
        line: Name,
    },
    /// An answer to another request.
    #[error("an answer with the id {found} to the request {expected}")]
    Id {
        /// The answer's id.
        found: u64,
        /// The request's.
        expected: u64,
    },
    /// Too much output, or output that nobody asked for.
    #[error("{what}")]
    Flood {
        /// What came.
        what: String,
    },
    /// A request that cannot be read. [DS-ADAPT-3]
    #[error("{what}")]
    Request {
        /// What is wrong with it.
        what: String,
    },
}

impl AdapterError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            AdapterError::Start { .. } => "adapter/start",
            AdapterError::Described { .. } => "adapter/described",
            AdapterError::Timeout { .. } => "adapter/timeout",
            AdapterError::Crash { .. } => "adapter/crash",
            AdapterError::Garbage { .. } => "adapter/garbage",
            AdapterError::Id { .. } => "adapter/id",
            AdapterError::Flood { .. } => "adapter/flood",
            AdapterError::Request { .. } => "adapter/request",
        }
    }
}
