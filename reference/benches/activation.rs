//! Speed of an activation layer under `gmw` at k = 64, one thread, both parties: dealing, and online with the material
//! ready. Divide a row's time by its number of elements.

#![allow(clippy::expect_used, reason = "a bench that fails must not be timed")]

use deepshare_reference::backend::gmw::GmwParty;
use deepshare_reference::backend::{Backend, Program, run::NoCoins};
use deepshare_reference::party::coins::SeedCoins;
use deepshare_reference::party::local::{LocalNet, run};
use deepshare_reference::party::transcript::Transcript;
use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::{PartyError, Role, SessionId};
use deepshare_reference::plan::StepConvention;
use deepshare_reference::primitives::gmw::Dealer;
use deepshare_reference::values::{Concrete, Ranges, Ring, RingVector, ShapeRing, Width};
use divan::Bencher;
use divan::counter::ItemsCount;

/// An activation layer of `elements` elements, `fan_out` of them served by one gate.
#[derive(Clone, Copy)]
struct Layer {
    elements: usize,
    fan_out: usize,
}

impl Layer {
    fn gates(self) -> usize {
        self.elements / self.fan_out
    }

    /// Element j is served by gate j mod gates.
    fn served(self) -> Result<Ranges, PartyError> {
        let rows = (0..self.fan_out).map(|_| (0, self.gates()));
        Ranges::new(self.gates(), rows).map_err(value_error)
    }
}

impl Program for Layer {
    async fn run<B: Backend>(&self, backend: &mut B, own: Vec<B::Share>) -> Result<Vec<B::Share>, PartyError> {
        let shape = || B::Share::constant(Width::MAX, self.elements, 0);
        let x = own.into_iter().next().unwrap_or_else(shape);
        let first = Ranges::new(self.elements, [(0, self.gates())]).map_err(value_error)?;
        let prototypes = x.gather(&first).map_err(value_error)?;
        let step = StepConvention::Nonnegative;
        let (_, y) = backend.activate(step, &prototypes, vec![], &self.served()?, &x).await?;
        Ok(vec![y])
    }
}

fn value_error(source: deepshare_reference::values::ValueError) -> PartyError {
    PartyError::Value { role: Role::Trusted, step: "bench", source }
}

const LAYERS: [Layer; 4] = [
    Layer { elements: 1 << 18, fan_out: 1 },
    Layer { elements: 1 << 20, fan_out: 1 },
    Layer { elements: 1 << 18, fan_out: 8 },
    Layer { elements: 1 << 20, fan_out: 8 },
];

impl std::fmt::Display for Layer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} elements, fan-out {}", self.elements, self.fan_out)
    }
}

fn shares(layer: Layer) -> [Ring; 2] {
    let element = |i: u64| i.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let share = |first: u64| Ring::new(Width::MAX, (first..).take(layer.elements).map(element).collect());
    [share(1), share(1 << 40)]
}

fn seed() -> Seed {
    Seed([7; 32])
}

/// Deals the layer's material into the channels.
fn deal(net: &LocalNet<Vec<u8>>, layer: Layer) -> Result<(), PartyError> {
    let coins = SeedCoins::new(&seed(), "gmw", Role::Trusted);
    let mut dealer = Dealer::<Concrete, _, _>::new(net.endpoint(Role::Trusted), coins);
    let own: Vec<ShapeRing> = Vec::new();
    run(net, layer.run(&mut dealer, own), async { Ok(()) }, async { Ok(()) }).map(|_| ())
}

/// Runs both parties on material that is ready; gives their shares of the output.
fn online(net: &LocalNet<Vec<u8>>, layer: Layer, [x0, x1]: [Ring; 2]) -> Result<[Vec<Ring>; 2], PartyError> {
    let mut server = GmwParty::<Concrete, _, _>::new(net.endpoint(Role::Server), NoCoins);
    let mut client = GmwParty::<Concrete, _, _>::new(net.endpoint(Role::Client), NoCoins);
    let parties = (layer.run(&mut server, vec![x0]), layer.run(&mut client, vec![x1]));
    let (_, y0, y1) = run(net, async { Ok(()) }, parties.0, parties.1)?;
    Ok([y0, y1])
}

/// The sum of two lists of shares.
fn reconstruct(shares: &[Vec<Ring>; 2]) -> Vec<i64> {
    let [server, client] = shares;
    let sums = server.iter().zip(client).flat_map(|(s, c)| s.add(c).expect("equal shapes").to_integers());
    sums.collect()
}

/// What the layer computes, in the clear.
fn expected(layer: Layer) -> Vec<i64> {
    let [x0, x1] = shares(layer);
    let x = x0.add(&x1).expect("equal shapes").to_integers();
    let bits: Vec<bool> = x.iter().take(layer.gates()).map(|&x| x >= 0).collect();
    x.iter().zip(bits.iter().cycle()).map(|(&x, &bit)| if bit { x } else { 0 }).collect()
}

fn net() -> LocalNet<Vec<u8>> {
    LocalNet::new(SessionId::default(), Transcript::default())
}

#[divan::bench(args = LAYERS, sample_count = 5, sample_size = 1)]
fn dealing(bencher: Bencher, layer: Layer) {
    bencher.counter(ItemsCount::new(layer.elements)).with_inputs(net).bench_values(|net| {
        deal(&net, layer).expect("dealing");
        net
    });
}

#[divan::bench(args = LAYERS, sample_count = 5, sample_size = 1)]
fn online_material_ready(bencher: Bencher, layer: Layer) {
    let ready = || {
        let net = net();
        deal(&net, layer).expect("dealing");
        (net, shares(layer))
    };
    let (net, inputs) = ready();
    let outputs = online(&net, layer, inputs).expect("online");
    assert!(reconstruct(&outputs) == expected(layer), "the bench computes something else");
    let bench = bencher.counter(ItemsCount::new(layer.elements)).with_inputs(ready);
    bench.bench_values(|(net, shares)| online(&net, layer, shares).expect("online"));
}

fn main() {
    divan::main();
}
