//! Frames from a stream of bytes. [DS-WIRE-7]

use super::frame::{FrameError, Header};
use std::io::{Error, ErrorKind, Read};

/// Why a stream gave no frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Broken {
    /// The stream ended where a frame was to begin.
    Ended,
    /// The deadline has passed.
    Late,
    /// The frame is malformed. [DS-WIRE-5]
    Frame(FrameError),
    /// The stream cannot be read, or the expected payload does not fit the memory.
    Failed(String),
}

impl Broken {
    /// What a cut means at the first byte of a frame: there is no frame.
    pub(super) fn at_start(self) -> Broken {
        match self {
            Broken::Frame(FrameError::Cut) => Broken::Ended,
            other => other,
        }
    }
}

/// A connection that is reset has ended, like one that was closed.
impl From<&Error> for Broken {
    fn from(error: &Error) -> Broken {
        match error.kind() {
            ErrorKind::UnexpectedEof => Broken::Frame(FrameError::Cut),
            ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
                Broken::Frame(FrameError::Cut)
            }
            ErrorKind::TimedOut | ErrorKind::WouldBlock => Broken::Late,
            _ => Broken::Failed(error.to_string()),
        }
    }
}

/// The next N bytes.
pub(super) fn array<R: Read, const N: usize>(source: &mut R) -> Result<[u8; N], Broken> {
    let mut bytes = [0; N];
    source.read_exact(&mut bytes).map_err(|error| Broken::from(&error))?;
    Ok(bytes)
}

/// Takes one frame whose header must be the expected one, the round of which is the highest that the sender can have
/// reached. Gives the sender's round and the payload. [DS-WIRE-7]
///
/// The header is taken and compared first, in the order of [DS-WIRE-5]. Only if all of it is right are the expected
/// bytes of the payload allocated and taken; no byte after the frame is.
///
/// # Errors
/// [`Broken`]: the first violation, or what keeps the bytes away. Where the frame ends is not known then, so nothing
/// more can be taken from the stream.
pub fn take_frame<R: Read>(source: &mut R, expected: &Header) -> Result<(u32, Vec<u8>), Broken> {
    let found = Header::read(source)?;
    expected.check(&found).map_err(Broken::Frame)?;
    let mut payload = zeros(expected.payload_bytes)?;
    source.read_exact(&mut payload).map_err(|error| Broken::from(&error))?;
    Ok((found.round, payload))
}

/// Exactly so many bytes of memory.
fn zeros(bytes: u64) -> Result<Vec<u8>, Broken> {
    let no_memory = || Broken::Failed(format!("there is no memory for a payload of {bytes} bytes"));
    let len = usize::try_from(bytes).map_err(|_| no_memory())?;
    let mut zeros = Vec::new();
    zeros.try_reserve_exact(len).map_err(|_| no_memory())?;
    zeros.resize(len, 0);
    Ok(zeros)
}
