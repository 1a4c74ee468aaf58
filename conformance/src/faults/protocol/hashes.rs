//! Mistakes in hashes, seeds, coins and sessions. [DS-XOF-1] [DS-COIN-2] [DS-SESSION-2]

use super::{Fault, Protocol};
use crate::steps::protocol::{HashLabel, Preimage, ProtocolSteps};
use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::{Role, SessionId};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "xof-strings-without-length",
        mistake: "strings enter the hash without their lengths",
        clause: "DS-XOF-1",
        steps: &Protocol(NoLengths),
    },
    Fault {
        name: "xof-counter-big-endian",
        mistake: "the counter enters the hash with its highest byte first",
        clause: "DS-XOF-1",
        steps: &Protocol(BigEndianCounter),
    },
    Fault {
        name: "xof-without-output-length",
        mistake: "the output length does not enter the hash, so a short output is a prefix of a long one",
        clause: "DS-XOF-1",
        steps: &Protocol(NoOutputLength),
    },
    Fault {
        name: "xof-output-length-in-bits",
        mistake: "the output length enters the hash in bits",
        clause: "DS-XOF-1",
        steps: &Protocol(LengthInBits),
    },
    Fault {
        name: "user-seed-cut",
        mistake: "a user's bytes are cut or filled to 32, so that long ones with equal beginnings are one seed",
        clause: "DS-XOF-3",
        steps: &Protocol(CutSeed),
    },
    Fault {
        name: "coins-not-bound-to-session",
        mistake: "a seed gives the same coins in every session",
        clause: "DS-COIN-4",
        steps: &Protocol(Unbound),
    },
    Fault {
        name: "coins-of-another-role",
        mistake: "the client's coins are drawn under the server's label",
        clause: "DS-COIN-2",
        steps: &Protocol(ServersCoins),
    },
    Fault {
        name: "draw-counter-reused",
        mistake: "the counter of draws is not advanced, so equal draws give equal coins",
        clause: "DS-COIN-2",
        steps: &Protocol(CounterReused),
    },
    Fault {
        name: "draws-from-one",
        mistake: "the first draw has counter 1",
        clause: "DS-COIN-2",
        steps: &Protocol(DrawsFromOne),
    },
    Fault {
        name: "digests-reordered",
        mistake: "the public digest takes the pieces' digests in the order of their bytes, not of the pieces",
        clause: "DS-SESSION-2",
        steps: &Protocol(Reordered),
    },
    Fault {
        name: "nonces-swapped",
        mistake: "a session's identifier takes the client's nonce before the server's",
        clause: "DS-SESSION-1",
        steps: &Protocol(NoncesSwapped),
    },
];

struct NoLengths;

impl ProtocolSteps for NoLengths {
    fn string(&self, bytes: &[u8]) -> Vec<u8> {
        bytes.to_vec()
    }
}

struct BigEndianCounter;

impl ProtocolSteps for BigEndianCounter {
    fn counter(&self, counter: u64) -> Vec<u8> {
        counter.to_be_bytes().to_vec()
    }
}

struct NoOutputLength;

impl ProtocolSteps for NoOutputLength {
    fn output_length(&self, _length: u64) -> Vec<u8> {
        Vec::new()
    }
}

struct LengthInBits;

impl ProtocolSteps for LengthInBits {
    fn output_length(&self, length: u64) -> Vec<u8> {
        length.saturating_mul(8).to_le_bytes().to_vec()
    }
}

struct CutSeed;

impl ProtocolSteps for CutSeed {
    fn user_seed(&self, bytes: &[u8]) -> Preimage<'static> {
        let mut seed = [0; 32];
        seed.iter_mut().zip(bytes).for_each(|(byte, given)| *byte = *given);
        Preimage::derive(HashLabel::session("user seed"), Seed(seed), b"")
    }
}

struct Unbound;

impl ProtocolSteps for Unbound {
    fn session_seed(&self, seed: Seed, _session: SessionId) -> Preimage<'static> {
        Preimage::derive(HashLabel::session("session seed"), seed, b"")
    }
}

struct ServersCoins;

impl ProtocolSteps for ServersCoins {
    fn drawer(&self, role: Role) -> Role {
        if role == Role::Client { Role::Server } else { role }
    }
}

struct CounterReused;

impl ProtocolSteps for CounterReused {
    fn draw_counter(&self, _draw: u64) -> u64 {
        0
    }
}

struct DrawsFromOne;

impl ProtocolSteps for DrawsFromOne {
    fn draw_counter(&self, draw: u64) -> u64 {
        draw + 1
    }
}

struct Reordered;

impl ProtocolSteps for Reordered {
    fn public_context(&self, digests: &[[u8; 32]]) -> Vec<u8> {
        let mut digests = digests.to_vec();
        digests.sort_unstable();
        digests.concat()
    }
}

struct NoncesSwapped;

impl ProtocolSteps for NoncesSwapped {
    fn session_context(&self, server_nonce: &[u8], client_nonce: &[u8], digest: &[u8]) -> Vec<u8> {
        [client_nonce, server_nonce, digest].concat()
    }
}
