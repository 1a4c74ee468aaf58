//! Speed of activation layers under `ot` at k = 64: two parties, a thread each, over a connection on this machine; base
//! OTs apart. Before the figures it prints what travels. Divide a row's time by its number of elements.

#![allow(clippy::expect_used, reason = "a bench that fails must not be timed")]

#[path = "common/layer.rs"]
mod layer;

use deepshare_reference::backend::Program;
use deepshare_reference::backend::ot::{Gilboa, OtBackend};
use deepshare_reference::backend::run::Sides;
use deepshare_reference::backend::run_ot::ot_cost;
use deepshare_reference::party::coins::SeedCoins;
use deepshare_reference::party::tcp::{TcpChannel, block_on};
use deepshare_reference::party::transcript::Transcript;
use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::{Phase, Role, SessionId};
use deepshare_reference::primitives::ot::extension::OtParty;
use deepshare_reference::primitives::ot::tweak::Purpose;
use deepshare_reference::values::{Concrete, Ring, RingVector, ShapeRing};
use divan::Bencher;
use divan::counter::ItemsCount;
use layer::{Layer, expected, reconstruct, shares};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{JoinHandle, spawn};
use std::time::Duration;

const LAYERS: [Layer; 2] =
    [Layer { bits: 64, elements: 1 << 16, fan_out: 1 }, Layer { bits: 64, elements: 1 << 16, fan_out: 8 }];
const LIMIT: Duration = Duration::from_secs(600);
const SESSION: SessionId = SessionId([0x5a; 16]);

type Party = OtParty<Concrete, TcpChannel, SeedCoins>;

fn connection() -> [TcpStream; 2] {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let one = TcpStream::connect(listener.local_addr().expect("its address")).expect("a connection");
    [one, listener.accept().expect("a connection").0]
}

/// A party after the session's base OTs.
fn set_up(role: Role, stream: TcpStream) -> Party {
    let seed = Seed([if role == Role::Server { 1 } else { 2 }; 32]);
    let channel = TcpChannel::new(SESSION, role, LIMIT, Transcript::default(), [(role.peer(), stream)]);
    let coins = SeedCoins::new(&seed, "ot", role);
    block_on(role, OtParty::set_up(channel.expect("a channel"), coins, SESSION, &Purpose::OT)).expect("base OTs")
}

/// A party in its thread: it has done the base OTs, and runs the layer as often as it is told to.
struct Worker {
    go: Sender<()>,
    done: Receiver<Vec<Ring>>,
    thread: JoinHandle<()>,
}

impl Worker {
    fn start(role: Role, stream: TcpStream, layer: Layer, share: Ring) -> Worker {
        let ((go, told), (tell, done)) = (channel(), channel());
        let thread = spawn(move || {
            let mut party = OtBackend::<_, Gilboa>::new(set_up(role, stream));
            tell.send(Vec::new()).expect("somebody waits");
            while told.recv().is_ok() {
                let run = layer.run(&mut party, vec![share.clone()]);
                tell.send(block_on(role, run).expect("online")).expect("somebody waits");
            }
        });
        done.recv().expect("base OTs");
        Worker { go, done, thread }
    }
}

/// Both parties run the layer once.
fn online(workers: &[Worker; 2]) -> [Vec<Ring>; 2] {
    workers.iter().for_each(|worker| worker.go.send(()).expect("the party lives"));
    workers.each_ref().map(|worker| worker.done.recv().expect("a share"))
}

#[divan::bench(args = LAYERS, sample_count = 5, sample_size = 1)]
fn online_after_base_ots(bencher: Bencher, layer: Layer) {
    let ([one, other], [x0, x1]) = (connection(), shares(layer));
    let client = spawn(move || Worker::start(Role::Client, other, layer, x1));
    let server = Worker::start(Role::Server, one, layer, x0);
    let workers = [server, client.join().expect("the client")];
    assert!(reconstruct(&online(&workers)) == expected(layer), "the bench computes something else");
    bencher.counter(ItemsCount::new(layer.elements)).bench_local(|| online(&workers));
    for Worker { go, thread, .. } in workers {
        drop(go);
        thread.join().expect("the party ends");
    }
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn base_ots(bencher: Bencher) {
    bencher.with_inputs(connection).bench_values(|[one, other]| {
        let client = spawn(move || set_up(Role::Client, other));
        (set_up(Role::Server, one), client.join().expect("the client"))
    });
}

/// What a layer sends, from shapes.
fn print_costs(layer: Layer) {
    let share = || vec![ShapeRing::constant(layer.width(), layer.elements, 0)];
    let transcript = ot_cost(&layer, Sides { server: share(), client: share() }).expect("costs");
    let (online, session) = (transcript.cost(Phase::Online), transcript.cost(Phase::Session));
    println!(
        "{layer}: online {} bytes on the wire, {:.1} payload bits an element, {} rounds; base OTs {} bytes",
        online.wire_bytes,
        online.bits() as f64 / layer.elements as f64,
        online.rounds,
        session.wire_bytes
    );
}

fn main() {
    LAYERS.into_iter().for_each(print_costs);
    divan::main();
}
