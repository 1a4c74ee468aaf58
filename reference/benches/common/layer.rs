//! The layer that benches run, and what it computes.

use deepshare_reference::backend::{Activation, Backend, Program};
use deepshare_reference::party::{PartyError, Role};
use deepshare_reference::plan::StepConvention;
use deepshare_reference::values::{Ranges, Ring, RingVector, ValueError, Width};

/// An activation layer of `elements` elements, `fan_out` of them served by one gate.
#[derive(Clone, Copy)]
pub struct Layer {
    /// Width of the ring in bits.
    pub bits: u64,
    /// All elements.
    pub elements: usize,
    /// Elements of one gate.
    pub fan_out: usize,
}

impl Layer {
    /// Prototypes.
    pub fn gates(self) -> usize {
        self.elements / self.fan_out
    }

    /// The ring.
    pub fn width(self) -> Width {
        Width::new(self.bits).expect("2 to 64 bits")
    }

    /// Element j is served by gate j mod gates.
    fn served(self) -> Result<Ranges, PartyError> {
        let rows = (0..self.fan_out).map(|_| (0, self.gates()));
        Ranges::new(self.gates(), rows).map_err(value_error)
    }
}

impl Program for Layer {
    async fn run<B: Backend>(&self, backend: &mut B, own: Vec<B::Share>) -> Result<Vec<B::Share>, PartyError> {
        let shape = || B::Share::constant(self.width(), self.elements, 0);
        let x = own.into_iter().next().unwrap_or_else(shape);
        let first = Ranges::new(self.elements, [(0, self.gates())]).map_err(value_error)?;
        let (gated, served) = (Ranges::all(self.elements), self.served()?);
        let step = StepConvention::Nonnegative;
        let layer = Activation { step, prototypes: &first, gated: &gated, served: &served };
        let (_, y) = backend.activate(&layer, &x, vec![]).await?;
        Ok(vec![y])
    }
}

fn value_error(source: ValueError) -> PartyError {
    PartyError::Value { role: Role::Trusted, step: "bench", source }
}

impl std::fmt::Display for Layer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "k = {}, {} elements, fan-out {}", self.bits, self.elements, self.fan_out)
    }
}

/// Shares of the layer's elements.
pub fn shares(layer: Layer) -> [Ring; 2] {
    let element = |i: u64| i.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let share = |first: u64| Ring::new(layer.width(), (first..).take(layer.elements).map(element).collect());
    [share(1), share(1 << 40)]
}

/// The sum of two lists of shares.
pub fn reconstruct(shares: &[Vec<Ring>; 2]) -> Vec<i64> {
    let [server, client] = shares;
    let sums = server.iter().zip(client).flat_map(|(s, c)| s.add(c).expect("equal shapes").to_integers());
    sums.collect()
}

/// What the layer computes, in the clear.
pub fn expected(layer: Layer) -> Vec<i64> {
    let [x0, x1] = shares(layer);
    let x = x0.add(&x1).expect("equal shapes").to_integers();
    let bits: Vec<bool> = x.iter().take(layer.gates()).map(|&x| x >= 0).collect();
    x.iter().zip(bits.iter().cycle()).map(|(&x, &bit)| if bit { x } else { 0 }).collect()
}
