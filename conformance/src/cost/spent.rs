//! Traffic of a phase, in numbers that overflow into an error and do not saturate. [DS-COST-7]

use super::error::CostError;
use deepshare_reference::party::transcript::Transcript;
use deepshare_reference::party::{Phase, Role};

/// What was sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// Payload bits that the server sent.
    pub server_bits: u64,
    /// Payload bits that the client sent.
    pub client_bits: u64,
    /// Payload bits that the dealer sent.
    pub trusted_bits: u64,
    /// Bytes on the wire, headers and padding included.
    pub wire_bytes: u64,
    /// Frames.
    pub frames: u64,
}

impl Spent {
    /// The traffic of a phase.
    ///
    /// # Errors
    /// [`CostError::Overflow`] if a sum does not fit 64 bits, or if a length was cut to the largest number.
    pub fn of(transcript: &Transcript, phase: Phase) -> Result<Spent, CostError> {
        let mut sum = Spent::default();
        for entry in transcript.entries().iter().filter(|entry| entry.phase == phase) {
            let count = u64::try_from(entry.content.count).ok().filter(|&count| count < u64::MAX);
            let bits = count.and_then(|count| count.checked_mul(u64::from(entry.content.element_bits)));
            let bits = bits.ok_or(CostError::Overflow)?;
            let mut one = Spent { wire_bytes: entry.wire_bytes, frames: 1, ..Spent::default() };
            match entry.from {
                Role::Server => one.server_bits = bits,
                Role::Client => one.client_bits = bits,
                Role::Trusted => one.trusted_bits = bits,
            }
            sum = sum.add(&one)?;
        }
        Ok(sum)
    }

    /// Payload bits of everybody.
    ///
    /// # Errors
    /// [`CostError::Overflow`]; likewise in [`Spent::add`] and [`Spent::sub`].
    pub fn bits(&self) -> Result<u64, CostError> {
        let parties = self.server_bits.checked_add(self.client_bits);
        parties.and_then(|bits| bits.checked_add(self.trusted_bits)).ok_or(CostError::Overflow)
    }

    /// The sum.
    ///
    /// # Errors
    /// [`CostError::Overflow`].
    pub fn add(&self, other: &Spent) -> Result<Spent, CostError> {
        self.zip(other, u64::checked_add)
    }

    /// The difference.
    ///
    /// # Errors
    /// [`CostError::Overflow`].
    pub fn sub(&self, other: &Spent) -> Result<Spent, CostError> {
        self.zip(other, u64::checked_sub)
    }

    fn zip(&self, other: &Spent, operation: fn(u64, u64) -> Option<u64>) -> Result<Spent, CostError> {
        let of = |get: fn(&Spent) -> u64| operation(get(self), get(other)).ok_or(CostError::Overflow);
        Ok(Spent {
            server_bits: of(|spent| spent.server_bits)?,
            client_bits: of(|spent| spent.client_bits)?,
            trusted_bits: of(|spent| spent.trusted_bits)?,
            wire_bytes: of(|spent| spent.wire_bytes)?,
            frames: of(|spent| spent.frames)?,
        })
    }
}
