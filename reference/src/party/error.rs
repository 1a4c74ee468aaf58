//! Errors of a party that runs a protocol.

use super::Role;
use super::frame::FrameError;
use super::tcp::LiveError;
use crate::values::ValueError;
use std::time::Duration;

/// Why a party stopped without an output. Every variant names the step. Codes: see the book's chapter on errors.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PartyError {
    /// A malformed frame. [DS-WIRE-5]
    #[error("{role}: step {step}: frame from {from}: {cause}")]
    Frame {
        /// Who received it.
        role: Role,
        /// Who sent it.
        from: Role,
        /// The step that the receiver was at.
        step: &'static str,
        /// What is wrong with it.
        cause: FrameError,
    },
    /// The sender ended before it sent what this step needs. [DS-WIRE-6]
    #[error("{role}: step {step}: {from} ended without sending the frame that this step needs")]
    Closed {
        /// Who waited.
        role: Role,
        /// Who ended.
        from: Role,
        /// The step.
        step: &'static str,
    },
    /// All parties wait for one another. [DS-ROLE-3]
    #[error("deadlock: {waiting}")]
    Deadlock {
        /// Who waits for whom, at which step.
        waiting: String,
    },
    /// A value or a length that the program cannot use.
    #[error("{role}: step {step}: {source}")]
    Value {
        /// Who ran into it.
        role: Role,
        /// The step.
        step: &'static str,
        /// What is wrong.
        source: ValueError,
    },
    /// A message from a role to itself or between roles that have no channel.
    #[error("{from} has no channel to {to}")]
    NoChannel {
        /// The sender.
        from: Role,
        /// The receiver.
        to: Role,
    },
    /// The parties do not agree on the public part. [DS-SESSION-2]
    #[error("{role}: the parties do not agree on the public part: {which} differs")]
    PublicPart {
        /// Who noticed.
        role: Role,
        /// What differs.
        which: String,
    },
    /// A call of the program that the plan does not allow, such as applying a gate that was never opened.
    #[error("{role}: {what}")]
    Misuse {
        /// Who was called.
        role: Role,
        /// What is wrong with the call.
        what: String,
    },
    /// A frame that did not arrive as a whole before its deadline. [DS-LIVE-8]
    #[error("{role}: step {step}: {from} did not send the frame of this step within {limit:?}")]
    Silent {
        /// Who waited.
        role: Role,
        /// Who kept silent.
        from: Role,
        /// The step.
        step: &'static str,
        /// How long a frame may take.
        limit: Duration,
    },
    /// A connection that the operating system does not let be read. [DS-LIVE-8]
    #[error("{role}: step {step}: the connection to {from} failed: {reason}")]
    Connection {
        /// Who read.
        role: Role,
        /// Who is at the other end.
        from: Role,
        /// The step.
        step: &'static str,
        /// What the operating system said.
        reason: String,
    },
    /// Frames that the receiver did not take. [DS-LIVE-9]
    #[error("{role}: {to} did not take all frames that were sent to it: {reason}")]
    Unsent {
        /// The sender.
        role: Role,
        /// The receiver.
        to: Role,
        /// What the operating system said.
        reason: String,
    },
    /// Two processes that do not come to a session. [DS-LIVE-2]
    #[error("{role}: {cause}")]
    Live {
        /// Who noticed.
        role: Role,
        /// What is wrong.
        cause: LiveError,
    },
    /// The operating system gave no randomness. [DS-COIN-1]
    #[error("the operating system gave no randomness: {reason}")]
    NoRandomness {
        /// What it said.
        reason: String,
    },
}

impl PartyError {
    /// The error's stable code.
    pub fn code(&self) -> &'static str {
        match self {
            PartyError::Frame { cause, .. } => cause.code(),
            PartyError::Closed { .. } => "party/closed",
            PartyError::Deadlock { .. } => "party/deadlock",
            PartyError::Value { .. } => "party/value",
            PartyError::NoChannel { .. } => "party/no-channel",
            PartyError::PublicPart { .. } => "party/public-part",
            PartyError::Misuse { .. } => "party/misuse",
            PartyError::Silent { .. } => "party/silent",
            PartyError::Connection { .. } => "party/connection",
            PartyError::Unsent { .. } => "party/unsent",
            PartyError::Live { cause, .. } => cause.code(),
            PartyError::NoRandomness { .. } => "party/no-randomness",
        }
    }
}
