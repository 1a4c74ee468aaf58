//! Speed of all backends on the same activation layers: one ReLU for each element, and one gate for eight elements, at
//! k = 32 and 64. All roles in one thread, everything included: the dealer, base OTs, what is online. Before the figures
//! it prints what travels. Ratios between rows say more than seconds.

#![allow(clippy::expect_used, reason = "a bench that fails must not be timed")]

#[path = "common/layer.rs"]
mod layer;

use deepshare_reference::backend::run::{Outcome, Session, Sides, gmw, gmw_cost};
use deepshare_reference::backend::run_fss::{fss, fss_cost};
use deepshare_reference::backend::run_garbled::{garbled, garbled_cost};
use deepshare_reference::backend::run_ot::{ot, ot_cost};
use deepshare_reference::gate::fss::Serving;
use deepshare_reference::party::transcript::Transcript;
use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::{PartyError, Phase};
use deepshare_reference::values::{Ring, RingVector, ShapeRing};
use divan::Bencher;
use divan::counter::ItemsCount;
use layer::{Layer, expected, reconstruct, shares};

const ELEMENTS: usize = 1 << 16;
const LAYERS: [Layer; 4] = [
    Layer { bits: 32, elements: ELEMENTS, fan_out: 1 },
    Layer { bits: 32, elements: ELEMENTS, fan_out: 8 },
    Layer { bits: 64, elements: ELEMENTS, fan_out: 1 },
    Layer { bits: 64, elements: ELEMENTS, fan_out: 8 },
];

type Run = fn(&Layer, Sides<Ring>, &Seed, Session) -> Result<Outcome<Ring>, PartyError>;
type Cost = fn(&Layer, Sides<ShapeRing>) -> Result<Transcript, PartyError>;

/// A backend on values and on shapes.
struct World {
    name: &'static str,
    run: Run,
    cost: Cost,
}

const GMW: World = World { name: "gmw", run: gmw, cost: gmw_cost };
const OT: World = World { name: "ot", run: ot, cost: ot_cost };
const FSS: World = World {
    name: "fss",
    run: |layer, own, seed, session| fss(layer, own, Serving::Payload, seed, session),
    cost: |layer, own| fss_cost(layer, own, Serving::Payload),
};
const FSS_SELECT: World = World {
    name: "fss-select",
    run: |layer, own, seed, session| fss(layer, own, Serving::Select, seed, session),
    cost: |layer, own| fss_cost(layer, own, Serving::Select),
};
const GARBLED: World = World { name: "garbled", run: garbled, cost: garbled_cost };
static WORLDS: [World; 5] = [GMW, OT, FSS, FSS_SELECT, GARBLED];

fn run(world: &World, layer: Layer) -> Sides<Ring> {
    let [x0, x1] = shares(layer);
    let sides = Sides { server: vec![x0], client: vec![x1] };
    (world.run)(&layer, sides, &Seed([7; 32]), Session::default()).expect("a run").outputs
}

/// A backend on a layer.
#[derive(Clone, Copy)]
struct Case {
    world: &'static World,
    layer: Layer,
}

impl std::fmt::Display for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, {}", self.world.name, self.layer)
    }
}

fn cases() -> impl Iterator<Item = Case> {
    LAYERS.into_iter().flat_map(|layer| WORLDS.iter().map(move |world| Case { world, layer }))
}

#[divan::bench(args = cases(), sample_count = 3, sample_size = 1)]
fn all_roles(bencher: Bencher<'_, '_>, Case { world, layer }: Case) {
    let Sides { server, client } = run(world, layer);
    assert!(reconstruct(&[server, client]) == expected(layer), "the bench computes something else");
    bencher.counter(ItemsCount::new(layer.elements)).bench_local(|| run(world, layer));
}

/// What a layer sends, from shapes, in bits an element.
fn print_costs(world: &World, layer: Layer) {
    let share = || vec![ShapeRing::constant(layer.width(), layer.elements, 0)];
    let transcript = (world.cost)(&layer, Sides { server: share(), client: share() }).expect("costs");
    let each = |phase| transcript.cost(phase).bits() as f64 / layer.elements as f64;
    println!(
        "{:10} {layer}: {:.1} bits online in {} rounds, {:.1} offline, an element; {} bits a session",
        world.name,
        each(Phase::Online),
        transcript.cost(Phase::Online).rounds,
        each(Phase::Offline),
        transcript.cost(Phase::Session).bits(),
    );
}

fn main() {
    cases().for_each(|Case { world, layer }| print_costs(world, layer));
    divan::main();
}
