//! Speed of an activation layer under `gmw` at k = 64, one thread, both parties: dealing, and online with the material
//! ready. Divide a row's time by its number of elements.

#![allow(clippy::expect_used, reason = "a bench that fails must not be timed")]

#[path = "common/layer.rs"]
mod layer;

use deepshare_reference::backend::Program;
use deepshare_reference::backend::gmw::GmwParty;
use deepshare_reference::backend::run::NoCoins;
use deepshare_reference::party::coins::SeedCoins;
use deepshare_reference::party::local::{LocalNet, run};
use deepshare_reference::party::transcript::Transcript;
use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::{PartyError, Role, SessionId};
use deepshare_reference::primitives::roles::Dealer;
use deepshare_reference::values::{Concrete, Ring, ShapeRing};
use divan::Bencher;
use divan::counter::ItemsCount;
use layer::{Layer, expected, reconstruct, shares};

const LAYERS: [Layer; 4] = [
    Layer { bits: 64, elements: 1 << 18, fan_out: 1 },
    Layer { bits: 64, elements: 1 << 20, fan_out: 1 },
    Layer { bits: 64, elements: 1 << 18, fan_out: 8 },
    Layer { bits: 64, elements: 1 << 20, fan_out: 8 },
];

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
