//! Speed of an activation layer under `garbled` at k = 64, one thread, both parties, base OTs from F_BaseOT. Before the
//! figures it prints what travels. Divide a row's time by its number of elements.

#![allow(clippy::expect_used, reason = "a bench that fails must not be timed")]

#[path = "common/layer.rs"]
mod layer;

use deepshare_reference::backend::run::{Session, Sides};
use deepshare_reference::backend::run_garbled::{garbled_cost, garbled_on_ideal_base};
use deepshare_reference::party::Phase;
use deepshare_reference::party::xof::Seed;
use deepshare_reference::values::{Ring, RingVector, ShapeRing, Width};
use divan::Bencher;
use divan::counter::ItemsCount;
use layer::{Layer, expected, reconstruct, shares};

const LAYERS: [Layer; 2] = [Layer { elements: 1 << 16, fan_out: 1 }, Layer { elements: 1 << 16, fan_out: 8 }];

/// Both parties' shares of the output.
fn run(layer: Layer, [x0, x1]: [Ring; 2]) -> [Vec<Ring>; 2] {
    let sides = Sides { server: vec![x0], client: vec![x1] };
    let outcome = garbled_on_ideal_base(&layer, sides, &Seed([7; 32]), Session::default());
    let outputs = outcome.expect("a session").outputs;
    [outputs.server, outputs.client]
}

#[divan::bench(args = LAYERS, sample_count = 3, sample_size = 1)]
fn session_on_ideal_base_ots(bencher: Bencher, layer: Layer) {
    assert!(reconstruct(&run(layer, shares(layer))) == expected(layer), "the bench computes something else");
    let bench = bencher.counter(ItemsCount::new(layer.elements)).with_inputs(|| shares(layer));
    bench.bench_values(|shares| run(layer, shares));
}

/// What a layer sends, from shapes.
fn print_costs(layer: Layer) {
    let share = || vec![ShapeRing::constant(Width::MAX, layer.elements, 0)];
    let transcript = garbled_cost(&layer, Sides { server: share(), client: share() }).expect("costs");
    let online = transcript.cost(Phase::Online);
    println!(
        "{layer}: online {} bytes on the wire, {:.1} payload bits an element, {} rounds",
        online.wire_bytes,
        online.bits() as f64 / layer.elements as f64,
        online.rounds
    );
}

fn main() {
    LAYERS.into_iter().for_each(print_costs);
    divan::main();
}
