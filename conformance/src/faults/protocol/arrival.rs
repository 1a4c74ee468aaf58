//! Mistakes at frames that arrive: what is not checked, or in another order. [DS-WIRE-5]

use super::{Fault, Protocol};
use crate::steps::protocol::{Books, ProtocolSteps};
use curve25519_dalek::constants::RISTRETTO_BASEPOINT_COMPRESSED;
use curve25519_dalek::ristretto::CompressedRistretto;
use curve25519_dalek::traits::IsIdentity;
use deepshare_reference::party::frame::{FrameError, Header, VERSION};
use deepshare_reference::party::{Content, Role};

pub(super) const FAULTS: &[Fault] = &[
    unchecked("version-not-checked", "a frame of any version is read", &Protocol(Unchecked::Version)),
    unchecked("session-not-checked", "a frame of another session is taken", &Protocol(Unchecked::Session)),
    unchecked("phase-not-checked", "a frame of another phase is taken", &Protocol(Unchecked::Phase)),
    unchecked("round-not-checked", "a frame of any round is taken", &Protocol(Unchecked::Round)),
    unchecked(
        "latest-round-off-by-one",
        "a sender is thought to have reached one round less than it can have",
        &Protocol(Unchecked::Latest),
    ),
    unchecked("sequence-not-checked", "a repeated or reordered frame is taken", &Protocol(Unchecked::Sequence)),
    unchecked("label-not-checked", "a frame of another step is taken", &Protocol(Unchecked::Label)),
    unchecked("trailing-bytes-taken", "bytes after the payload are ignored", &Protocol(Unchecked::Trailing)),
    unchecked(
        "label-compared-first",
        "the label is compared before session, phase and sequence number",
        &Protocol(Unchecked::Order),
    ),
    unchecked(
        "session-compared-while-parsing",
        "the session is compared before the phase's code is known to exist",
        &Protocol(SessionFirst),
    ),
    Fault {
        name: "length-not-checked",
        mistake: "a payload of another length than public parameters say is taken",
        clause: "DS-WIRE-2",
        steps: &Protocol(Unchecked::Length),
    },
    Fault {
        name: "filling-not-checked",
        mistake: "filling bits are dropped on arrival, whatever they are",
        clause: "DS-WIRE-3",
        steps: &Protocol(Filling),
    },
    Fault {
        name: "key-version-not-checked",
        mistake: "comparison keys of any version are taken",
        clause: "DS-FSS-5",
        steps: &Protocol(KeyVersion),
    },
    Fault {
        name: "group-elements-not-checked",
        mistake: "bytes that encode no group element, or the identity, are taken in base OTs",
        clause: "DS-OT-6",
        steps: &Protocol(Points),
    },
];

const fn unchecked(
    name: &'static str,
    mistake: &'static str,
    steps: &'static (dyn crate::steps::Steps + Sync),
) -> Fault {
    Fault { name, mistake, clause: "DS-WIRE-5", steps }
}

/// What a receiver does not check.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unchecked {
    Version,
    Session,
    Phase,
    Round,
    Latest,
    Sequence,
    Label,
    Length,
    Trailing,
    Order,
}

impl ProtocolSteps for Unchecked {
    fn parse(&self, frame: &[u8]) -> Result<(Header, Vec<u8>), FrameError> {
        let mut frame = frame.to_vec();
        if let (Unchecked::Version, Some(version)) = (self, frame.first_mut()) {
            *version = VERSION;
        }
        Header::parse(&frame).map(|(header, payload)| (header, payload.to_vec()))
    }

    fn compare(&self, expected: &Header, found: &Header) -> Result<(), FrameError> {
        let (mut expected, mut found) = (expected.clone(), found.clone());
        match self {
            Unchecked::Session => found.session = expected.session,
            Unchecked::Phase => found.phase = expected.phase,
            Unchecked::Round => found.round = 1,
            Unchecked::Latest => expected.round = expected.round.saturating_sub(1),
            Unchecked::Sequence => found.sequence = expected.sequence,
            Unchecked::Label => found.step = expected.step.clone(),
            Unchecked::Length => found.payload_bytes = expected.payload_bytes,
            Unchecked::Order if found.step != expected.step => {
                return Err(FrameError::Step { found: found.step, expected: expected.step });
            }
            _ => {}
        }
        expected.check(&found)
    }

    fn payload_length(&self, stated: u64, payload: &[u8]) -> Result<(), FrameError> {
        let found = payload.len() as u64;
        let fits = if *self == Unchecked::Trailing { found >= stated } else { found == stated };
        if fits { Ok(()) } else { Err(FrameError::Cut) }
    }
}

struct SessionFirst;

impl ProtocolSteps for SessionFirst {
    fn open_frame(&self, expected: &Header, frame: &[u8]) -> Result<(u32, Vec<u8>), FrameError> {
        if frame.get(1..17).is_some_and(|session| session != expected.session.0) {
            return Err(FrameError::Session);
        }
        let (found, payload) = self.parse(frame)?;
        self.compare(expected, &found)?;
        self.payload_length(found.payload_bytes, &payload)?;
        Ok((found.round, payload))
    }
}

struct Filling;

impl ProtocolSteps for Filling {
    fn filling(&self, mut payload: Vec<u8>, bits: u64) -> Result<Vec<u8>, FrameError> {
        if let Some(last) = payload.last_mut().filter(|_| !bits.is_multiple_of(8)) {
            *last &= u8::MAX >> (8 - bits % 8);
        }
        Ok(payload)
    }
}

struct KeyVersion;

impl ProtocolSteps for KeyVersion {
    fn receive(&self, _books: &Books, _from: Role, label: &str, _content: Content, mut payload: Vec<u8>) -> Vec<u8> {
        if let (true, Some(version)) = (label == "dcf/deal-keys", payload.first_mut()) {
            *version = 1;
        }
        payload
    }
}

struct Points;

impl ProtocolSteps for Points {
    fn receive(&self, _books: &Books, _from: Role, label: &str, _content: Content, mut payload: Vec<u8>) -> Vec<u8> {
        for bytes in payload.chunks_exact_mut(32).filter(|_| label.starts_with("base-ot/")) {
            let point = CompressedRistretto::from_slice(bytes).ok().and_then(|bytes| bytes.decompress());
            if point.is_none_or(|point| point.is_identity()) {
                bytes.copy_from_slice(RISTRETTO_BASEPOINT_COMPRESSED.as_bytes());
            }
        }
        payload
    }
}
