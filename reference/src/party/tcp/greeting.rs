//! The messages of the handshake. All have a fixed size, so nothing is allocated on a stranger's word. [DS-LIVE-2]

use super::error::{LiveError, Reason};
use crate::party::{PIECES, Role};
use std::io::{Error, ErrorKind, Read};

/// What a greeting begins with.
pub const MAGIC: [u8; 9] = *b"deepshare";

/// The version of the handshake.
pub const HELLO_VERSION: u8 = 1;

/// Bytes of a greeting: magic, version, role. [DS-LIVE-2]
pub const GREETING_BYTES: usize = 11;

/// Bytes of a message after the greeting: a hello or a refusal. [DS-LIVE-3]
pub const HELLO_BYTES: usize = 1 + 4 + 16 + 32 * PIECES;

const HELLO: u8 = 1;
const REFUSAL: u8 = 2;

/// What a side says of the session that it wants. All of it is public. [DS-LIVE-3]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hello {
    /// The images of the batch.
    pub images: u32,
    /// The sender's nonce; between a party and the dealer, the session's identifier.
    pub nonce: [u8; 16],
    /// The digests of the sender's public part.
    pub digests: [[u8; 32]; PIECES],
}

/// A message after the greeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// The sender wants a session. [DS-LIVE-3]
    Hello(Hello),
    /// The sender refuses one. [DS-LIVE-5]
    Refusal(Reason),
}

/// The greeting of a role. [DS-LIVE-2]
pub fn greeting(role: Role) -> [u8; GREETING_BYTES] {
    let mut bytes = [0; GREETING_BYTES];
    let fields = MAGIC.into_iter().chain([HELLO_VERSION, role_code(role)]);
    bytes.iter_mut().zip(fields).for_each(|(byte, field)| *byte = field);
    bytes
}

/// Takes a greeting from a stream, byte by byte, and no byte after one that is wrong; gives the sender's role.
///
/// # Errors
/// [`LiveError::Magic`], [`LiveError::Version`], [`LiveError::Malformed`] for a role that does not exist; or what keeps
/// the bytes away.
pub fn read_greeting<R: Read>(source: &mut R) -> Result<Role, LiveError> {
    for expected in MAGIC {
        if array(source)? != [expected] {
            return Err(LiveError::Magic);
        }
    }
    let [version] = array(source)?;
    if version != HELLO_VERSION {
        return Err(LiveError::Version { found: version });
    }
    let [code] = array(source)?;
    role_of_code(code).ok_or(LiveError::Malformed { what: "greeting: there is no such role" })
}

fn role_code(role: Role) -> u8 {
    match role {
        Role::Client => 1,
        Role::Server => 2,
        Role::Trusted => 3,
    }
}

fn role_of_code(code: u8) -> Option<Role> {
    [Role::Client, Role::Server, Role::Trusted].into_iter().find(|&role| role_code(role) == code)
}

impl Message {
    /// The message's bytes: kind (1), then for a hello images (4), nonce (16), digests (32 each); for a refusal reason
    /// (1), number (4), zeros. Numbers are little-endian. [DS-LIVE-3] [DS-LIVE-5]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HELLO_BYTES);
        match self {
            Message::Hello(hello) => {
                bytes.push(HELLO);
                bytes.extend(hello.images.to_le_bytes());
                bytes.extend(hello.nonce);
                bytes.extend(hello.digests.iter().flatten());
            }
            Message::Refusal(reason) => {
                let (code, number) = reason.to_wire();
                bytes.extend([REFUSAL, code]);
                bytes.extend(number.to_le_bytes());
                bytes.resize(HELLO_BYTES, 0);
            }
        }
        bytes
    }

    /// Takes a message from a stream, and no byte after it.
    ///
    /// # Errors
    /// [`LiveError::Malformed`], or what keeps the bytes away.
    pub fn read<R: Read>(source: &mut R) -> Result<Message, LiveError> {
        match array(source)? {
            [HELLO] => Ok(Message::Hello(Hello::read(source)?)),
            [REFUSAL] => {
                let ([code], number) = (array(source)?, u32::from_le_bytes(array(source)?));
                let rest: [u8; HELLO_BYTES - 6] = array(source)?;
                let reason = Reason::from_wire(code, number).filter(|_| rest.iter().all(|&byte| byte == 0));
                let malformed = LiveError::Malformed { what: "refusal: no such reason, or bytes that are not zero" };
                reason.map(Message::Refusal).ok_or(malformed)
            }
            _ => Err(LiveError::Malformed { what: "message: neither a hello nor a refusal" }),
        }
    }
}

impl Hello {
    fn read<R: Read>(source: &mut R) -> Result<Hello, LiveError> {
        let (images, nonce) = (u32::from_le_bytes(array(source)?), array(source)?);
        let mut digests = [[0; 32]; PIECES];
        for digest in &mut digests {
            *digest = array(source)?;
        }
        Ok(Hello { images, nonce, digests })
    }
}

impl Reason {
    fn to_wire(self) -> (u8, u32) {
        match self {
            Reason::Busy => (1, 0),
            Reason::Images { most } => (2, most),
            Reason::Session => (3, 0),
        }
    }

    fn from_wire(code: u8, number: u32) -> Option<Reason> {
        match (code, number) {
            (1, 0) => Some(Reason::Busy),
            (2, most) => Some(Reason::Images { most }),
            (3, 0) => Some(Reason::Session),
            _ => None,
        }
    }
}

/// The next N bytes. The error of a stream that is late does not know the limit; who gave it puts it in.
fn array<R: Read, const N: usize>(source: &mut R) -> Result<[u8; N], LiveError> {
    let mut bytes = [0; N];
    source.read_exact(&mut bytes).map_err(|error| unreadable(&error))?;
    Ok(bytes)
}

fn unreadable(error: &Error) -> LiveError {
    match error.kind() {
        ErrorKind::UnexpectedEof
        | ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe => LiveError::Closed,
        ErrorKind::TimedOut | ErrorKind::WouldBlock => LiveError::Silent { limit: std::time::Duration::ZERO },
        _ => LiveError::Connection { reason: error.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hello() -> Hello {
        Hello { images: 0x0102, nonce: [7; 16], digests: [[1; 32], [2; 32], [3; 32], [4; 32], [5; 32]] }
    }

    #[test]
    fn messages_come_back_and_have_one_size() {
        let refusals = [Reason::Busy, Reason::Images { most: 60 }, Reason::Session].map(Message::Refusal);
        for message in [Message::Hello(hello())].into_iter().chain(refusals) {
            let bytes = message.to_bytes();
            assert_eq!(bytes.len(), HELLO_BYTES);
            let mut source = &[&bytes[..], &[9]].concat()[..];
            assert_eq!(Message::read(&mut source), Ok(message));
            assert_eq!(source, [9], "no byte after the message is taken");
        }
    }

    #[test]
    fn messages_that_end_early_are_closed_connections() {
        for bytes in [Message::Hello(hello()), Message::Refusal(Reason::Busy)].map(|message| message.to_bytes()) {
            for cut in 0..bytes.len() {
                assert_eq!(Message::read(&mut &bytes[..cut]), Err(LiveError::Closed), "cut at {cut}");
            }
        }
        for cut in 0..GREETING_BYTES {
            assert_eq!(read_greeting(&mut &greeting(Role::Client)[..cut]), Err(LiveError::Closed), "cut at {cut}");
        }
    }

    #[test]
    fn messages_without_meaning_are_malformed() {
        let refusal = Message::Refusal(Reason::Busy).to_bytes();
        for (position, byte) in [(0, 3), (0, 0), (1, 0), (1, 9), (2, 1), (HELLO_BYTES - 1, 1)] {
            let mut bytes = refusal.clone();
            bytes[position] = byte;
            assert_eq!(Message::read(&mut &bytes[..]).unwrap_err().code(), "live/malformed", "byte {position}");
        }
    }

    #[test]
    fn greetings_are_judged_byte_by_byte() {
        for role in [Role::Client, Role::Server, Role::Trusted] {
            assert_eq!(read_greeting(&mut &greeting(role)[..]), Ok(role));
        }
        let changed = |position: usize, byte: u8| {
            let mut bytes = greeting(Role::Server);
            bytes[position] = byte;
            let mut source = &bytes[..];
            (read_greeting(&mut source).unwrap_err(), source.len())
        };
        for position in 0..MAGIC.len() {
            let left = GREETING_BYTES - position - 1;
            assert_eq!(changed(position, b'G'), (LiveError::Magic, left), "nothing after the wrong byte is taken");
        }
        assert_eq!(changed(9, 2), (LiveError::Version { found: 2 }, 1));
        assert_eq!(changed(10, 4).0.code(), "live/malformed");
    }
}
