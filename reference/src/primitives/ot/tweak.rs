//! What the backend `ot` hashes, and why no input repeats. [DS-OT-3]
//!
//! Every hash is a call of the XOF. Its label says who sends and what for; its context is the session's identifier,
//! followed by the number of a key where the seed is a key; its counter is a number that never repeats under the label.
//!
//! | purpose       | seed                  | context         | counter                      |
//! |---------------|-----------------------|-----------------|------------------------------|
//! | `base key`    | encoded group element | session, A, B   | number of the base OT        |
//! | `column`      | base key              | session         | number of the batch          |
//! | `message pad` | row                   | session         | number of the OT             |
//! | `cot key`     | row                   | session         | number of the COT            |
//! | `cot pad`     | COT key               | session, number | number of the use            |

use super::code::Row;
use crate::party::xof::{Label, Seed, xof};
use crate::party::{Role, SessionId};

/// What base OTs are for: each kind of extension and direction has its own, with a secret of its own. [DS-OT-4]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// 1-of-16 OTs from the server to the client.
    Messages,
    /// COTs from the server to the client.
    ToClient,
    /// COTs from the client to the server.
    ToServer,
    /// Labels of the client's bits in garbled circuits: the secret is the garbler's Delta. [DS-GC-2]
    Labels,
}

impl Purpose {
    /// The sender of the extended OTs, and so the receiver of the base OTs.
    pub fn sender(self) -> Role {
        match self {
            Purpose::Messages | Purpose::ToClient | Purpose::Labels => Role::Server,
            Purpose::ToServer => Role::Client,
        }
    }

    fn protocol(self) -> &'static str {
        match self {
            Purpose::Messages => "ot messages",
            Purpose::ToClient | Purpose::ToServer => "ot cots",
            Purpose::Labels => "garbling",
        }
    }

    fn label(self, purpose: &'static str) -> Label {
        Label { protocol: self.protocol(), party: self.sender(), purpose }
    }
}

/// The hashes of one purpose in one session.
#[derive(Clone, Copy, Debug)]
pub struct Tweak {
    /// The purpose.
    pub purpose: Purpose,
    /// The session.
    pub session: SessionId,
}

impl Tweak {
    /// The key of base OT number `number`, of the messages A and B and the encoded common group element. [DS-OT-5]
    pub fn base_key(&self, number: u64, a: &[u8; 32], b: &[u8; 32], element: [u8; 32]) -> Seed {
        let mut key = [0; 32];
        let context = [&self.session.0[..], &a[..], &b[..]].concat();
        xof(self.purpose.label("base key"), &Seed(element), &context, number, &mut key);
        Seed(key)
    }

    /// A column of batch number `batch`, stretched from a base key. [DS-OT-11]
    pub fn column(&self, key: &Seed, batch: u64, column: &mut [u8]) {
        xof(self.purpose.label("column"), key, &self.session.0, batch, column);
    }

    /// The pad of a message of at most 8 bits: the hash of a row of the matrix. [DS-OT-12]
    pub fn message_pad(&self, row: Row, number: u64) -> u8 {
        let mut pad = [0; 1];
        xof(self.purpose.label("message pad"), &seed(row), &self.session.0, number, &mut pad);
        pad[0]
    }

    /// The key of a COT: the hash of a row of the matrix. [DS-OT-13]
    pub fn cot_key(&self, row: Row, number: u64) -> Seed {
        let mut key = [0; 32];
        xof(self.purpose.label("cot key"), &seed(row), &self.session.0, number, &mut key);
        Seed(key)
    }

    /// The pad of use number `times` of COT number `number`, stretched from its key. [DS-OT-14]
    pub fn cot_pad(&self, key: &Seed, number: u64, times: u64, pad: &mut [u8]) {
        let context = [&self.session.0[..], &number.to_le_bytes()[..]].concat();
        xof(self.purpose.label("cot pad"), key, &context, times, pad);
    }
}

/// A row as a seed: its words in order, little-endian; rows of 128 bits are followed by zeros.
fn seed(row: Row) -> Seed {
    let mut bytes = [0; 32];
    bytes.iter_mut().zip(row.iter().flat_map(|word| word.to_le_bytes())).for_each(|(byte, b)| *byte = b);
    Seed(bytes)
}
