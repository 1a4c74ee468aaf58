//! Distributed comparison functions: F_DCF, and the keys that realise it (Boyle, Chandran, Gilboa, Gupta, Ishai, Kumar,
//! Rathee, EUROCRYPT 2021).
//!
//! ```text
//! Give      dealer: a threshold alpha of n bits and a payload beta, a vector over R_w    (once for each key)
//! Evaluate  both parties: the same public x of n bits                 ->  shares of beta if x < alpha, else of zeros
//! ```
//! In the real protocol the dealer gives each party a key, before anybody knows x; evaluation is local. A batch has many
//! keys of the same n and w, and payloads of any lengths: a [`Form`] says of what length each. [DS-FSS-1]

pub mod domain;
pub mod ideal;
pub mod keys;
pub mod real;
pub mod simulator;

use crate::party::{BitWire, Channel, Coins, PartyError};
use crate::primitives::roles::{Dealer, Party};
use crate::values::{Ranges, ValueError, Width};

/// Bits of a seed: lambda.
pub const SEED_BITS: u32 = 128;

/// The public form of a batch of keys: all that their size depends on. [DS-FSS-1]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    input_bits: u32,
    width: Width,
    of: Ranges,
}

impl Form {
    /// Keys that compare `input_bits` bits, 1 to 64; payload element j, over R_w, belongs to key `of`(j).
    ///
    /// # Errors
    /// [`ValueError::InputBits`] for another number of bits.
    pub fn new(input_bits: u32, width: Width, of: Ranges) -> Result<Form, ValueError> {
        match input_bits {
            1..=64 => Ok(Form { input_bits, width, of }),
            bits => Err(ValueError::InputBits { bits }),
        }
    }

    /// n, the bits that are compared.
    pub fn input_bits(&self) -> u32 {
        self.input_bits
    }

    /// w, the payloads' width.
    pub fn width(&self) -> Width {
        self.width
    }

    /// To which key each payload element belongs.
    pub fn of(&self) -> &Ranges {
        &self.of
    }

    /// The number of keys.
    pub fn keys(&self) -> usize {
        self.of.source_len()
    }

    /// The number of payload elements of all keys.
    pub fn payload(&self) -> usize {
        self.of.len()
    }

    /// The number of payload elements of each key. For concrete keys: it takes memory for each.
    pub(crate) fn payload_of_each(&self) -> Result<Vec<usize>, ValueError> {
        let mut counts = vec![0; self.keys()];
        for (start, len) in self.of.runs()? {
            counts.iter_mut().skip(start).take(len).for_each(|count| *count += 1);
        }
        Ok(counts)
    }

    /// Bits of one party's keys: 8 for the version; for each key a seed, and at each level a seed and two bits; for each
    /// payload element w bits at each level and at the end. [DS-FSS-5]
    pub fn bits(&self) -> usize {
        let (levels, seed) = (self.input_bits as usize, SEED_BITS as usize);
        let keys = self.keys().saturating_mul(seed + levels * (seed + 2));
        let payload = self.payload().saturating_mul((levels + 1) * self.width.bits() as usize);
        keys.saturating_add(payload).saturating_add(8)
    }
}

/// A computing party's interface to F_DCF.
#[allow(async_fn_in_trait, reason = "programs run on one thread; their futures need not be Send")]
pub trait Compare<D: BitWire> {
    /// What the party holds of a batch.
    type Keys;

    /// Takes a batch that the dealer gives.
    ///
    /// # Errors
    /// What the channel reports; likewise in [`Compare::evaluate`].
    async fn take<C: Channel<D::Payload>>(
        &mut self,
        party: &mut Party<D, C>,
        form: Form,
    ) -> Result<Self::Keys, PartyError>;

    /// A share of the payload of every key whose x is below its threshold, of zeros for the others; x as n planes, the
    /// lowest first, one lane for each key. [DS-FSS-1]
    ///
    /// # Errors
    /// What the channel reports.
    async fn evaluate<C: Channel<D::Payload>>(
        &mut self,
        party: &mut Party<D, C>,
        keys: Self::Keys,
        x: &[D::Plane],
    ) -> Result<D::Ring, PartyError>;
}

/// The dealer's interface to F_DCF.
#[allow(async_fn_in_trait, reason = "programs run on one thread; their futures need not be Send")]
pub trait Give<D: BitWire> {
    /// Gives a batch: thresholds as n planes, the lowest first, one lane for each key; and the payloads.
    ///
    /// # Errors
    /// What the channel or the coins report; [`PartyError::Value`] if the operands do not match the form.
    async fn give<C: Channel<D::Payload>, K: Coins<D>>(
        &mut self,
        dealer: &mut Dealer<D, C, K>,
        form: &Form,
        alpha: &[D::Plane],
        beta: &D::Ring,
    ) -> Result<(), PartyError>;

    /// The parties evaluate the oldest batch that they have not evaluated yet; a real dealer has no part in it.
    ///
    /// # Errors
    /// What the channel reports.
    async fn serve<C: Channel<D::Payload>, K: Coins<D>>(
        &mut self,
        dealer: &mut Dealer<D, C, K>,
    ) -> Result<(), PartyError>;
}

/// beta if x < alpha, else zeros. [DS-FSS-1]
pub fn compare(alpha: u64, beta: &[u64], x: u64) -> Vec<u64> {
    if x < alpha { beta.to_vec() } else { vec![0; beta.len()] }
}
