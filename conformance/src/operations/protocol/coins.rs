//! Operation `coins`, and the coins of roles. [DS-COIN-2]

use super::input::{hash32, number32, seed, width, xof};
use crate::operations::{Operation, Refusal, Trace};
use crate::steps::Steps;
use crate::steps::protocol::{HashLabel, Preimage, ProtocolSteps};
use crate::vectors::types::{Bits, Bytes, Count, Element, RoleName, elements};
use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::{BitWire, Coins as Source, PartyError, Role, Wire};
use deepshare_reference::values::{Concrete, Plane, Ring, ValueError, Width};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The most elements of all draws.
const MAX_ELEMENTS: u64 = 1 << 20;

/// Coins of a party, by steps. [DS-COIN-2]
pub(super) struct StepCoins<'a> {
    steps: &'a dyn ProtocolSteps,
    label: HashLabel<'a>,
    seed: Seed,
    draws: u64,
}

impl<'a> StepCoins<'a> {
    /// The coins of a party of a protocol under a seed.
    pub(super) fn new(steps: &'a dyn ProtocolSteps, protocol: &'a str, party: Role, seed: Seed) -> StepCoins<'a> {
        let party = steps.drawer(party);
        let label = |purpose: &'static str| HashLabel { protocol: protocol.into(), party, purpose: purpose.into() };
        let seed = Seed(hash32(steps, &Preimage::derive(label("coin seed"), seed, b"")));
        StepCoins { steps, label: label("coins"), seed, draws: 0 }
    }

    /// The next draw, of so many bits; the bits that fill the last byte are zero.
    fn draw(&mut self, bits: usize) -> Vec<u8> {
        let (label, seed, length) = (self.label.clone(), self.seed, bits.div_ceil(8));
        let counter = self.steps.draw_counter(self.draws);
        self.draws += 1;
        let mut bytes = xof(self.steps, &Preimage { label, seed, context: Vec::new(), counter, length });
        if let Some(last) = bytes.last_mut().filter(|_| !bits.is_multiple_of(8)) {
            *last &= u8::MAX >> (8 - bits % 8);
        }
        bytes
    }

    fn failed(&self, source: ValueError) -> PartyError {
        PartyError::Value { role: self.label.party, step: "coins", source }
    }
}

impl Source<Concrete> for StepCoins<'_> {
    fn plane(&mut self, len: usize) -> Result<Plane, PartyError> {
        let bytes = self.draw(len);
        Concrete::unpack_plane(bytes, len).map_err(|error| self.failed(error))
    }

    fn ring(&mut self, width: Width, len: usize) -> Result<Ring, PartyError> {
        let bytes = self.draw(len.saturating_mul(width.bits() as usize));
        Concrete::unpack_ring(bytes, width, len).map_err(|error| self.failed(error))
    }
}

/// Draws from a seed.
pub struct Coins;

/// Whose coins, and what is drawn.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    protocol: String,
    party: RoleName,
    seed: Bytes,
    draws: Vec<Draw>,
}

/// A draw.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged, deny_unknown_fields)]
pub enum Draw {
    /// A plane of so many bits.
    Plane {
        /// Bits.
        plane: Count,
    },
    /// A vector of ring elements.
    Vector {
        /// Ring width.
        width: Count,
        /// Elements.
        count: Count,
    },
}

/// What was drawn.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Output {
    draws: Vec<Drawn>,
}

/// A draw's result.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Drawn {
    /// Bits of a plane.
    Plane(Bits),
    /// Ring elements.
    Vector(Vec<Element>),
}

impl Operation for Coins {
    const NAME: &'static str = "coins";
    type Input = Input;
    type Output = Output;

    fn run(steps: &dyn Steps, input: Input, trace: &mut Trace) -> Result<Output, Refusal> {
        let mut coins = StepCoins::new(steps.protocol(), &input.protocol, input.party.into(), seed(&input.seed)?);
        trace.note("coin seed", "DS-COIN-2", Bytes(coins.seed.0.to_vec()));
        let mut draws = Vec::with_capacity(input.draws.len());
        for draw in &input.draws {
            let drawn = draw.take(&mut coins)?;
            trace.note(format!("draw {}", draws.len()), "DS-COIN-2", &drawn);
            draws.push(drawn);
        }
        Ok(Output { draws })
    }
}

impl Draw {
    fn take(&self, coins: &mut StepCoins<'_>) -> Result<Drawn, Refusal> {
        let (Draw::Plane { plane: count } | Draw::Vector { count, .. }) = self;
        if count.0 > MAX_ELEMENTS {
            return Err(Refusal::request(format!("at most {MAX_ELEMENTS} elements are drawn at once")));
        }
        let failed = |error: PartyError| Refusal::new(error.code(), error);
        match self {
            Draw::Plane { plane } => {
                let plane = coins.plane(plane.length()).map_err(failed)?;
                Ok(Drawn::Plane(Bits(plane.to_bits())))
            }
            Draw::Vector { width: bits, count } => {
                let ring = coins.ring(width(Count(number32(*bits)?.into()))?, count.length()).map_err(failed)?;
                Ok(Drawn::Vector(elements(ring.elements())))
            }
        }
    }
}
