//! Frames: what travels. [DS-WIRE-4]

use super::stream::{Broken, array};
use super::{Phase, SessionId};
use std::io::Read;

/// The version of the frame format.
pub const VERSION: u8 = 1;

/// Everything about a frame but its payload. [DS-WIRE-4]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The session.
    pub session: SessionId,
    /// Offline, session, online, or a call of the ideal world.
    pub phase: Phase,
    /// The round, counted within the phase from 1.
    pub round: u32,
    /// How many frames the sender has sent to this receiver before.
    pub sequence: u64,
    /// The step's label, at most 255 bytes.
    pub step: String,
    /// The payload's length in bytes.
    pub payload_bytes: u64,
}

/// What is wrong with a frame. [DS-WIRE-5]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrameError {
    /// The frame ends inside its header, or its length is not what its header says.
    #[error("the frame is cut off or has bytes left over")]
    Cut,
    /// Another version of the frame format.
    #[error("frame version {found}, expected {VERSION}")]
    Version {
        /// The version found.
        found: u8,
    },
    /// A frame of another session.
    #[error("the frame belongs to another session")]
    Session,
    /// A frame of another phase, or of none that exists.
    #[error("phase code {found} is not the code of this step's phase")]
    Phase {
        /// The code found.
        found: u8,
    },
    /// A round that the sender cannot have reached.
    #[error("round {found} is not in 1..={latest}")]
    Round {
        /// The round found.
        found: u32,
        /// The highest round that the sender can have reached.
        latest: u32,
    },
    /// A repeated, dropped or reordered frame.
    #[error("sequence number {found}, expected {expected}")]
    Sequence {
        /// The number found.
        found: u64,
        /// The number expected.
        expected: u64,
    },
    /// A frame of another step.
    #[error("step label {found:?}, expected {expected:?}")]
    Step {
        /// The label found.
        found: String,
        /// The label expected.
        expected: String,
    },
    /// A payload of another length than public parameters say.
    #[error("payload of {found} bytes, expected {expected}")]
    Length {
        /// Bytes found.
        found: u64,
        /// Bytes expected.
        expected: u64,
    },
    /// A payload that should be group elements and is not. [DS-OT-6]
    #[error("the payload has bytes that encode no group element, or the identity")]
    Point,
    /// A payload of keys in another version of their format. [DS-FSS-5]
    #[error("the payload has keys of format version {found}, expected {expected}")]
    KeyVersion {
        /// The version found.
        found: u8,
        /// The version expected.
        expected: u8,
    },
    /// A payload whose padding is not zero.
    #[error("the payload's padding is not zero")]
    Padding,
}

impl FrameError {
    /// The error's stable code.
    pub fn code(&self) -> &'static str {
        match self {
            FrameError::Cut => "frame/cut",
            FrameError::Version { .. } => "frame/version",
            FrameError::Session => "frame/session",
            FrameError::Phase { .. } => "frame/phase",
            FrameError::Round { .. } => "frame/round",
            FrameError::Sequence { .. } => "frame/sequence",
            FrameError::Step { .. } => "frame/step",
            FrameError::Length { .. } => "frame/length",
            FrameError::Padding => "frame/padding",
            FrameError::Point => "frame/point",
            FrameError::KeyVersion { .. } => "frame/key-version",
        }
    }
}

/// The bytes of a header before the step's label: version, session, phase, round, sequence, label length.
const FIXED_BYTES: usize = 1 + 16 + 1 + 4 + 8 + 1;

impl Header {
    /// The header's length on the wire in bytes.
    pub fn wire_bytes(&self) -> u64 {
        (FIXED_BYTES + self.step.len().min(255) + 8) as u64
    }

    /// The header's bytes: version (1), session (16), phase (1), round (4), sequence (8), label length (1), label,
    /// payload length (8); numbers are little-endian. [DS-WIRE-4]
    pub fn to_bytes(&self) -> Vec<u8> {
        let label = self.step.as_bytes();
        let label_len = u8::try_from(label.len()).unwrap_or(u8::MAX);
        let mut bytes = vec![VERSION];
        bytes.extend(self.session.0);
        bytes.push(self.phase.code());
        bytes.extend(self.round.to_le_bytes());
        bytes.extend(self.sequence.to_le_bytes());
        bytes.push(label_len);
        bytes.extend(label.iter().take(usize::from(label_len)));
        bytes.extend(self.payload_bytes.to_le_bytes());
        bytes
    }

    /// Splits a frame into its header and its payload.
    ///
    /// # Errors
    /// [`FrameError::Cut`], [`FrameError::Version`] or [`FrameError::Phase`]. [DS-WIRE-5]
    pub fn parse(frame: &[u8]) -> Result<(Header, &[u8]), FrameError> {
        let mut rest = frame;
        match Header::read(&mut rest) {
            Ok(header) => Ok((header, rest)),
            Err(Broken::Frame(error)) => Err(error),
            Err(_) => Err(FrameError::Cut), // bytes that are there only end
        }
    }

    /// Takes a header from a stream of bytes, field by field, and no byte after it. It allocates the label, which is
    /// at most 255 bytes. [DS-WIRE-7]
    ///
    /// # Errors
    /// [`Broken::Frame`] with [`FrameError::Cut`], [`FrameError::Version`] or [`FrameError::Phase`], or what keeps the
    /// bytes away. [DS-WIRE-5]
    pub fn read<R: Read>(source: &mut R) -> Result<Header, Broken> {
        let [version] = array(source).map_err(Broken::at_start)?;
        if version != VERSION {
            return Err(Broken::Frame(FrameError::Version { found: version }));
        }
        let session = SessionId(array(source)?);
        let [code] = array(source)?;
        let phase = Phase::from_code(code).ok_or(Broken::Frame(FrameError::Phase { found: code }))?;
        let round = u32::from_le_bytes(array(source)?);
        let sequence = u64::from_le_bytes(array(source)?);
        let [label_len] = array(source)?;
        let mut label = vec![0; usize::from(label_len)];
        source.read_exact(&mut label).map_err(|error| Broken::from(&error))?;
        let step = String::from_utf8_lossy(&label).into_owned();
        let payload_bytes = u64::from_le_bytes(array(source)?);
        Ok(Header { session, phase, round, sequence, step, payload_bytes })
    }

    /// Checks a received header against the one that the receiver expects, whose round is the highest that the sender
    /// can have reached.
    ///
    /// # Errors
    /// The first [`FrameError`] in the order of the fields. [DS-WIRE-5]
    pub fn check(&self, found: &Header) -> Result<(), FrameError> {
        if found.session != self.session {
            return Err(FrameError::Session);
        }
        if found.phase != self.phase {
            return Err(FrameError::Phase { found: found.phase.code() });
        }
        if !(1..=self.round).contains(&found.round) {
            return Err(FrameError::Round { found: found.round, latest: self.round });
        }
        if found.sequence != self.sequence {
            return Err(FrameError::Sequence { found: found.sequence, expected: self.sequence });
        }
        if found.step != self.step {
            return Err(FrameError::Step { found: found.step.clone(), expected: self.step.clone() });
        }
        if found.payload_bytes != self.payload_bytes {
            return Err(FrameError::Length { found: found.payload_bytes, expected: self.payload_bytes });
        }
        Ok(())
    }
}
