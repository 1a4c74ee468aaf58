//! What is claimed to look random, one claim an assumption: what a corrupted party has of it is sampled from the reference's
//! own functions, with the honest party's secrets held fixed, so that a pad that is missing or repeats shows.
//!
//! A sample is what the party does not have *given all that it has*: its own key's stretch, its own pad, its own label is
//! xor-ed off first. Defects are planted in what is given to the functions, or in what they return.

mod base;
mod keys;
mod ot;

use super::bounds::Bits;
use super::sample::Sample;
use deepshare_reference::party::coins::SeedCoins;
use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::{Coins, PartyError, SessionId};
use deepshare_reference::values::{Plane, ValueError};

/// A defect of an implementation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defect {
    /// What should mask is constant.
    ConstantPad,
    /// What should count stands still, so that a mask serves twice.
    RepeatedCounter,
    /// One column of the bits that are sent is biased.
    BiasedColumn,
}

impl Defect {
    /// All defects.
    pub const ALL: [Defect; 3] = [Defect::ConstantPad, Defect::RepeatedCounter, Defect::BiasedColumn];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Defect::ConstantPad => "constant-pad",
            Defect::RepeatedCounter => "repeated-counter",
            Defect::BiasedColumn => "biased-column",
        }
    }
}

/// What goes wrong while a sample is taken.
#[derive(Debug, thiserror::Error)]
pub enum SampleError {
    /// In the reference's functions.
    #[error("{0}")]
    Value(#[from] ValueError),
    /// In the coins or a role.
    #[error("{0}")]
    Party(#[from] PartyError),
}

/// What a sample is taken from.
pub struct Source {
    /// Coins of the honest parties.
    pub coins: SeedCoins,
    /// How many rows, OTs, gates or keys.
    pub size: usize,
    /// What is broken.
    pub defect: Option<Defect>,
}

/// A claim: how to sample what it says is random.
pub type Take = fn(&mut Source) -> Result<Vec<Sample>, SampleError>;

/// A claim of the specification that rests on an assumption.
pub struct Claim {
    /// The name.
    pub name: &'static str,
    /// The corrupted party.
    pub corrupted: &'static str,
    /// The assumption.
    pub assumption: &'static str,
    /// The clause.
    pub clause: &'static str,
    /// How it is sampled.
    pub take: Take,
}

/// All claims.
pub const CLAIMS: [Claim; 9] = [
    claim("coins", "either", "PRF", "DS-COIN-2", base::coins),
    claim("base-ot/answer", "sender", "none", "DS-OT-5", base::answers),
    claim("base-ot, the other key", "receiver", "CDH, RO", "DS-OT-5", base::other_keys),
    claim("ot/choose", "server", "PRF", "DS-OT-11", ot::choose),
    claim("cot/prepare, garbling/choose", "sender", "PRF", "DS-OT-11", ot::prepare),
    claim("ot/offer, other messages", "client", "CR", "DS-OT-12", ot::offer),
    claim("cot/corrections", "receiver", "CR, PRF", "DS-OT-14", ot::corrections),
    claim("garbling/tables", "client", "CCR", "DS-GC-7", keys::tables),
    claim("dcf/deal-keys", "either", "PRF", "DS-FSS-5", keys::comparisons),
];

const fn claim(
    name: &'static str,
    corrupted: &'static str,
    assumption: &'static str,
    clause: &'static str,
    take: Take,
) -> Claim {
    Claim { name, corrupted, assumption, clause, take }
}

const SESSION: SessionId = SessionId([7; 16]);

impl Source {
    fn defect(&self, defect: Defect) -> bool {
        self.defect == Some(defect)
    }

    fn plane(&mut self, len: usize) -> Result<Plane, PartyError> {
        self.coins.plane(len)
    }

    fn seeds(&mut self, count: usize) -> Result<Vec<Seed>, PartyError> {
        let one = |_| Ok(Seed(bytes_of(&self.coins.plane(256)?)));
        (0..count).map(one).collect()
    }

    /// Clears column 5 in three of four rows, if that is the defect.
    fn bias(&self, bits: Bits, columns: usize) -> Bits {
        if !self.defect(Defect::BiasedColumn) {
            return bits;
        }
        let spoiled = |(i, bit): (usize, bool)| bit && (i % columns != 5 || (i / columns).is_multiple_of(4));
        bits.iter().enumerate().map(spoiled).collect()
    }
}

/// A plane's bytes, N of them.
fn bytes_of<const N: usize>(plane: &Plane) -> [u8; N] {
    let mut bytes = [0; N];
    let words = plane.words().iter().flat_map(|word| word.to_le_bytes());
    bytes.iter_mut().zip(words).for_each(|(byte, b)| *byte = b);
    bytes
}

fn bits(plane: &Plane) -> Bits {
    plane.to_bits().into_iter().collect()
}

/// Planes of one length as rows: bit j of row i is bit i of plane j.
fn rows(planes: &[Plane]) -> Bits {
    let columns: Vec<Vec<bool>> = planes.iter().map(Plane::to_bits).collect();
    let len = columns.first().map_or(0, Vec::len);
    (0..len).flat_map(|i| columns.iter().map(move |column| column.get(i).copied().unwrap_or_default())).collect()
}
