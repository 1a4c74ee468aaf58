//! Pieces of `gmw`: the step bit, a whole opening, the service of elements from a shared bit or from the state that an
//! earlier use left.

use super::pieces::{BitsOf, Dealt, LaneDealer, LaneParty, numbers};
use super::protocol::{LaneStage, Plain, Shared};
use super::tape::{constant_plane, constant_ring};
use deepshare_reference::gate::masked::{self, DealtGates, Gates};
use deepshare_reference::gate::masked_simulator::{self, SimulatedGates};
use deepshare_reference::gate::{drelu_ring, gmw};
use deepshare_reference::party::{PartyError, Role};
use deepshare_reference::plan::StepConvention;
use deepshare_reference::primitives::and::Ands;
use deepshare_reference::primitives::and::simulator::DealtAnds;
use deepshare_reference::primitives::masked_bit::BitMask;

use deepshare_reference::values::{BitDomain, Concrete, Ranges, RingVector, ShapeRing, Shapes, ValueError, Width};

fn error(source: ValueError) -> PartyError {
    PartyError::Value { role: Role::Trusted, step: "verify", source }
}

/// The step bit of a shared element. [DS-GMW-1]
pub struct StepBit {
    /// The ring's width.
    pub width: Width,
    /// The step convention.
    pub step: StepConvention,
}

impl BitsOf for StepBit {
    fn width(&self) -> Width {
        self.width
    }

    async fn run<D: BitDomain, A: Ands<Plane = D::Plane>>(
        &self,
        ands: &mut A,
        x: &D::Ring,
    ) -> Result<Vec<D::Plane>, PartyError> {
        Ok(vec![gmw::bits::<D, A>(ands, self.step, x).await?])
    }

    fn plain(&self, [server, client]: [u64; 2]) -> Vec<bool> {
        vec![drelu_ring(self.width, self.step, self.width.reduce(server.wrapping_add(client)))]
    }
}

/// A whole opening: the step bit over triples, and the dealer's masks. [DS-GMW-1] [DS-GMW-2]
pub struct Opening(pub StepBit);

impl Dealt for Opening {
    fn inputs(&self) -> [u32; 2] {
        [self.0.width.bits(); 2]
    }

    fn local(&self, inputs: [u64; 2]) -> [Vec<u64>; 2] {
        inputs.map(|x| vec![x])
    }

    fn plain(&self, inputs: [u64; 2]) -> Plain {
        let bits = self.0.plain(inputs).into_iter().map(|bit| (1, u64::from(bit)));
        Plain { outputs: bits.collect(), opened: Vec::new() }
    }

    async fn party(&self, party: &mut LaneParty, local: &[u64], lanes: usize) -> Result<Vec<Shared>, PartyError> {
        let x = constant_ring(self.0.width, local, lanes);
        Ok(vec![Shared::from(gmw::open(party, self.0.step, &x).await?.bit())])
    }

    async fn dealer(&self, dealer: &mut LaneDealer, _local: &[Vec<u64>; 2], lanes: usize) -> Result<(), PartyError> {
        gmw::deal_open(dealer, &ShapeRing::constant(self.0.width, lanes, 0)).await.map(drop)
    }

    async fn simulator(&self, stage: &mut LaneStage, lanes: usize) -> Result<(), PartyError> {
        let shape = ShapeRing::constant(self.0.width, lanes, 0);
        gmw::bits::<Shapes, _>(&mut DealtAnds(stage), self.0.step, &shape).await?;
        SimulatedGates::new(lanes).masks(stage, self.0.width)
    }
}

/// Where a gate's service starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// From shares of a bit: the first use.
    Bit,
    /// From any state that earlier uses can leave: shares of the bit and of its mask, and delta. [DS-EXH-5]
    Used,
}

/// One gate serves elements, call by call. [DS-GMW-3] to [DS-GMW-5]
///
/// Inputs: each party's share of the bit d and of the elements; from a used gate, the server's shares of a as a bit and as
/// a ring element, and the client's share of it as a bit: the rest of the state follows.
pub struct Service {
    /// The ring's width.
    pub width: Width,
    /// The elements of each call.
    pub calls: Vec<usize>,
    /// Where it starts.
    pub from: From,
    /// Whether every call after the first has a new mask a and opens d again. No protocol of ours does; as long as both
    /// masks are random, it is private. For a planted leak.
    pub masked_again: bool,
}

/// A party's part of a state.
struct State<'a> {
    bit: u64,
    /// Shares of a, as a bit and as a ring element, and delta.
    mask: Option<[u64; 3]>,
    elements: &'a [u64],
}

impl Service {
    fn elements(&self) -> usize {
        self.calls.iter().sum()
    }

    /// What a party brings, in words.
    fn state<'a>(&self, local: &'a [u64]) -> Option<State<'a>> {
        match (self.from, local) {
            (From::Bit, [bit, elements @ ..]) => Some(State { bit: *bit, mask: None, elements }),
            (From::Used, [bit, a, ring, delta, elements @ ..]) => {
                Some(State { bit: *bit, mask: Some([*a, *ring, *delta]), elements })
            }
            _ => None,
        }
    }

    fn gates(&self, state: &State<'_>, lanes: usize) -> Gates<Concrete> {
        let plane = |bit: u64| constant_plane(&[bit], lanes);
        match state.mask {
            None => Gates::new(plane(state.bit)),
            Some([a, ring, delta]) => {
                let mask = BitMask { bit: plane(a), ring: constant_ring(self.width, &[ring], lanes) };
                Gates::used(plane(state.bit), mask, plane(delta))
            }
        }
    }

    /// All elements of a call are served by the one gate.
    fn served(elements: usize, lanes: usize) -> Result<Ranges, PartyError> {
        Ranges::new(lanes, (0..elements).map(|_| (0, lanes))).map_err(error)
    }
}

/// The error of a party that brings something else than a state.
fn no_state() -> PartyError {
    PartyError::Misuse { role: Role::Trusted, what: "a party brings no state of a gate".into() }
}

impl Dealt for Service {
    fn inputs(&self) -> [u32; 2] {
        let k = self.width.bits();
        let elements = u32::try_from(self.elements()).unwrap_or(u32::MAX).saturating_mul(k);
        match self.from {
            From::Bit => [1 + elements; 2],
            From::Used => [2 + k + elements, 2 + elements],
        }
    }

    fn local(&self, [server, client]: [u64; 2]) -> [Vec<u64>; 2] {
        let k = self.width.bits();
        let elements = || std::iter::repeat_n(k, self.elements());
        if self.from == From::Bit {
            return [server, client].map(|number| numbers(number, [1].into_iter().chain(elements())));
        }
        let mut server = numbers(server, [1, 1, k].into_iter().chain(elements()));
        let mut client = numbers(client, [1, 1].into_iter().chain(elements()));
        if let ([d0, a0, ring, ..], [d1, a1, ..]) = (server.as_slice(), client.as_slice()) {
            let (a, delta) = (a0 ^ a1, d0 ^ d1 ^ a0 ^ a1);
            let rest = self.width.reduce(a.wrapping_sub(*ring));
            server.insert(3, delta);
            client.splice(2..2, [rest, delta]);
        }
        [server, client]
    }

    fn plain(&self, inputs: [u64; 2]) -> Plain {
        let [server, client] = self.local(inputs);
        let (Some(s), Some(c)) = (self.state(&server), self.state(&client)) else { return Plain::default() };
        let sums = s.elements.iter().zip(c.elements).map(|(s, c)| self.width.reduce(s.wrapping_add(*c)));
        let outputs = sums.map(|x| (self.width.bits(), x * (s.bit ^ c.bit)));
        Plain { outputs: outputs.collect(), opened: Vec::new() }
    }

    async fn party(&self, party: &mut LaneParty, local: &[u64], lanes: usize) -> Result<Vec<Shared>, PartyError> {
        let state = self.state(local).ok_or_else(no_state)?;
        let mut gates = self.gates(&state, lanes);
        let (mut rest, mut outputs) = (state.elements, Vec::new());
        for (number, elements) in self.calls.iter().enumerate() {
            if self.masked_again && number > 0 {
                gates = Gates::new(gates.bit().clone());
            }
            let (first, after) = rest.split_at((*elements).min(rest.len()));
            rest = after;
            let x = constant_ring(self.width, first, lanes);
            let served = Service::served(*elements, lanes)?;
            outputs.push(Shared::from(&masked::apply(party, &mut [&mut gates], &served, &x).await?));
        }
        Ok(outputs)
    }

    async fn dealer(&self, dealer: &mut LaneDealer, local: &[Vec<u64>; 2], lanes: usize) -> Result<(), PartyError> {
        let [server, client] = local;
        let (s, c) = (self.state(server).ok_or_else(no_state)?, self.state(client).ok_or_else(no_state)?);
        let mut gates = match (s.mask, c.mask) {
            (Some([a0, ..]), Some([a1, ..])) => DealtGates::used(constant_ring(self.width, &[a0 ^ a1], lanes)),
            _ => DealtGates::new(lanes),
        };
        for (number, elements) in self.calls.iter().enumerate() {
            if self.masked_again && number > 0 {
                gates = DealtGates::new(lanes);
            }
            let (served, shape) =
                (Service::served(*elements, lanes)?, ShapeRing::constant(self.width, elements * lanes, 0));
            masked::deal_apply(dealer, &mut [&mut gates], &served, &shape)?;
        }
        Ok(())
    }

    async fn simulator(&self, stage: &mut LaneStage, lanes: usize) -> Result<(), PartyError> {
        let mut gates = match self.from {
            From::Bit => SimulatedGates::new(lanes),
            From::Used => SimulatedGates::used(lanes),
        };
        for (number, elements) in self.calls.iter().enumerate() {
            if self.masked_again && number > 0 {
                gates = SimulatedGates::new(lanes);
            }
            let shape = ShapeRing::constant(self.width, elements * lanes, 0);
            masked_simulator::apply(stage, &mut [&mut gates], &shape).await?;
        }
        Ok(())
    }
}
