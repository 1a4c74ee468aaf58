//! Coins: where a program's randomness comes from. [DS-COIN-1]

use super::xof::{Label, Seed, xof};
use super::{PartyError, Role};
use crate::values::bits::words_from_bytes;
use crate::values::{BitDomain, Concrete, Plane, Ring, RingVector, ShapePlane, ShapeRing, Shapes, ValueError, Width};
use crate::values::{BitPlane, bits::BitReader, bits::BitWriter};

/// A source of uniformly random values of a domain. All draws are of a power of two of outcomes, so that a tape of
/// bits is a uniform source too.
pub trait Coins<D: BitDomain> {
    /// A uniformly random plane.
    ///
    /// # Errors
    /// [`PartyError::Value`] if the source is used up; likewise in [`Coins::ring`].
    fn plane(&mut self, len: usize) -> Result<D::Plane, PartyError>;

    /// A uniformly random vector of ring elements.
    ///
    /// # Errors
    /// [`PartyError::Value`] if the source is used up.
    fn ring(&mut self, width: Width, len: usize) -> Result<D::Ring, PartyError>;
}

/// Any source of coins. A protocol over it is one type, wherever its coins come from.
pub type AnyCoins<'c, D> = Box<dyn Coins<D> + 'c>;

/// Coins as any coins.
pub fn any<'c, D: BitDomain>(coins: impl Coins<D> + 'c) -> AnyCoins<'c, D> {
    Box::new(coins)
}

impl<D: BitDomain, K: Coins<D> + ?Sized> Coins<D> for Box<K> {
    fn plane(&mut self, len: usize) -> Result<D::Plane, PartyError> {
        (**self).plane(len)
    }

    fn ring(&mut self, width: Width, len: usize) -> Result<D::Ring, PartyError> {
        (**self).ring(width, len)
    }
}

/// Coins expanded from a seed: draw number i is call number i of the XOF, of the length that is drawn. [DS-COIN-2]
#[derive(Clone, Debug)]
pub struct SeedCoins {
    label: Label,
    seed: Seed,
    draws: u64,
}

impl SeedCoins {
    /// The coins of a party of a protocol under a seed.
    pub fn new(seed: &Seed, protocol: &'static str, party: Role) -> SeedCoins {
        let label = |purpose| Label { protocol, party, purpose };
        SeedCoins { label: label("coins"), seed: seed.derive(label("coin seed"), b""), draws: 0 }
    }

    fn words(&mut self, bits: usize) -> Result<Vec<u64>, ValueError> {
        let mut bytes = vec![0; bits.div_ceil(8)];
        xof(self.label, &self.seed, b"", self.draws, &mut bytes);
        self.draws += 1;
        if let Some(last) = bytes.last_mut().filter(|_| !bits.is_multiple_of(8)) {
            *last &= u8::MAX >> (8 - bits % 8);
        }
        words_from_bytes(&bytes, bits)
    }
}

impl Coins<Concrete> for SeedCoins {
    fn plane(&mut self, len: usize) -> Result<Plane, PartyError> {
        let plane = self.words(len).and_then(|words| Plane::from_words(words, len));
        plane.map_err(|source| used_up(self.label.party, source))
    }

    fn ring(&mut self, width: Width, len: usize) -> Result<Ring, PartyError> {
        let words = self.words(len.saturating_mul(width.bits() as usize));
        let words = words.map_err(|source| used_up(self.label.party, source))?;
        Ok(Ring::from_packed_words(width, len, &words))
    }
}

/// Coins read from a finite tape of bits, for tests that enumerate all tapes. [DS-COIN-3]
#[derive(Clone)]
pub struct TapeCoins {
    role: Role,
    words: Vec<u64>,
    len: usize,
    position: usize,
}

impl TapeCoins {
    /// A tape of the `len` low bits of `words`, the lowest bit of the first word first.
    pub fn new(role: Role, words: Vec<u64>, len: usize) -> TapeCoins {
        TapeCoins { role, words, len, position: 0 }
    }

    /// Bits drawn so far.
    pub fn drawn(&self) -> usize {
        self.position
    }

    fn take(&mut self, bits: usize) -> Result<BitReader<'_>, PartyError> {
        let left = self.len.saturating_sub(self.position);
        if bits > left {
            return Err(used_up(self.role, ValueError::Tape { wanted: bits, left }));
        }
        let reader = BitReader::at(&self.words, self.position);
        self.position += bits;
        Ok(reader)
    }
}

impl std::fmt::Debug for TapeCoins {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TapeCoins({} of {} bits drawn, secret)", self.position, self.len)
    }
}

impl Coins<Concrete> for TapeCoins {
    fn plane(&mut self, len: usize) -> Result<Plane, PartyError> {
        let role = self.role;
        let mut reader = self.take(len)?;
        let mut writer = BitWriter::default();
        (0..len).for_each(|_| writer.push(reader.take(1), 1));
        Plane::from_words(writer.finish().0, len).map_err(|source| used_up(role, source))
    }

    fn ring(&mut self, width: Width, len: usize) -> Result<Ring, PartyError> {
        let mut reader = self.take(len.saturating_mul(width.bits() as usize))?;
        Ok(Ring::new(width, (0..len).map(|_| reader.take(width.bits())).collect()))
    }
}

/// Coins of the shape domain: there is nothing to draw.
#[derive(Clone, Copy, Debug)]
pub struct ShapeCoins;

impl Coins<Shapes> for ShapeCoins {
    fn plane(&mut self, len: usize) -> Result<ShapePlane, PartyError> {
        Ok(ShapePlane::constant(len, false))
    }

    fn ring(&mut self, width: Width, len: usize) -> Result<ShapeRing, PartyError> {
        Ok(ShapeRing::constant(width, len, 0))
    }
}

fn used_up(role: Role, source: ValueError) -> PartyError {
    PartyError::Value { role, step: "coins", source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tape_gives_its_bits_in_order_and_then_an_error() {
        let mut tape = TapeCoins::new(Role::Trusted, vec![0b101_1001], 7);
        assert_eq!(tape.plane(2).unwrap().to_bits(), [true, false]);
        assert_eq!(tape.ring(Width::MIN, 2).unwrap().elements(), [2, 1]);
        let error = tape.plane(2).unwrap_err();
        assert_eq!(error, used_up(Role::Trusted, ValueError::Tape { wanted: 2, left: 1 }));
        assert_eq!(tape.drawn(), 6);
    }

    /// [DS-COIN-2]
    #[test]
    fn draws_are_distinct_between_calls_parties_protocols_and_seeds() {
        let draw = |seed: u8, protocol, party, skip: usize| {
            let mut coins = SeedCoins::new(&Seed([seed; 32]), protocol, party);
            (0..skip).for_each(|_| drop(coins.plane(64).unwrap()));
            coins.ring(Width::MAX, 2).unwrap()
        };
        let base = draw(1, "gmw", Role::Server, 0);
        assert!(base == draw(1, "gmw", Role::Server, 0), "the same seed gives the same coins");
        let others = [draw(2, "gmw", Role::Server, 0), draw(1, "ot", Role::Server, 0), draw(1, "gmw", Role::Client, 0)];
        assert!(others.iter().all(|other| *other != base) && draw(1, "gmw", Role::Server, 1) != base);
    }
}
