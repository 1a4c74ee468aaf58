//! Real and ideal, count for count: for every input of both parties, the joint distribution of a corrupted party's view and
//! the honest party's outputs, over all coins, in a real run and against a simulator. Lane i of every vector is run number i.
#![allow(dead_code)] // Each test file uses a part of it.

use crate::script::{Script, Secrets};
use deepshare_reference::backend::run::{Outcome, Session, Sides};
use deepshare_reference::backend::run_simulated::{HandedOver, Share, against};
use deepshare_reference::party::local::{Endpoint, LocalNet};
use deepshare_reference::party::transcript::{Entry, Transcript};
use deepshare_reference::party::{Coins, PartyError, Role};
use deepshare_reference::primitives::ideal::{Adversary, Leakage};
use deepshare_reference::primitives::stage::Stage;
use deepshare_reference::values::bits::{BitReader, words_from_bytes};
use deepshare_reference::values::{Concrete, Plane, Ring, RingVector, Width};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// All coins of a run, in the digits of a lane's number. What is drawn for several values a lane takes several digits.
#[derive(Clone)]
pub struct Tape {
    lanes: usize,
    next: Rc<Cell<u32>>,
    /// The digits of all draws, in order.
    draws: Rc<RefCell<Vec<(u32, u32)>>>,
    /// The digits that this holder drew.
    own: Rc<RefCell<Vec<u32>>>,
    /// A defect: the second draw is the first one once more.
    repeat: Option<(usize, usize)>,
}

impl Tape {
    /// A tape that starts at a digit.
    pub fn new(lanes: usize, next: u32, repeat: Option<(usize, usize)>) -> Tape {
        Tape { lanes, next: Rc::new(Cell::new(next)), draws: Rc::default(), own: Rc::default(), repeat }
    }

    /// Another holder, of other digits.
    pub fn other(&self) -> Tape {
        Tape { own: Rc::default(), ..self.clone() }
    }

    fn digits(&self, bits: u32) -> u32 {
        let number = self.draws.borrow().len();
        let at = match self.repeat {
            Some((first, second)) if second == number => self.draws.borrow()[first].0,
            _ => self.next.replace(self.next.get() + bits),
        };
        self.draws.borrow_mut().push((at, bits));
        at
    }

    fn take(&self, bits: u32, len: usize) -> Vec<u64> {
        assert!(len.is_multiple_of(self.lanes) || 2 * len == self.lanes, "{len} elements of {} lanes", self.lanes);
        let mut all = Vec::with_capacity(len);
        while all.len() < len {
            let at = self.digits(bits);
            self.own.borrow_mut().extend(at..at + bits);
            let lanes = 0..self.lanes.min(len) as u64;
            all.extend(lanes.map(|lane| lane >> at & ((1 << bits) - 1)));
        }
        all
    }
}

impl Coins<Concrete> for Tape {
    fn plane(&mut self, len: usize) -> Result<Plane, PartyError> {
        Ok(Plane::from_bits(&self.take(1, len).into_iter().map(|bit| bit == 1).collect::<Vec<_>>()))
    }

    fn ring(&mut self, width: Width, len: usize) -> Result<Ring, PartyError> {
        Ok(Ring::new(width, self.take(width.bits(), len)))
    }
}

/// An adversary that chooses shares in every way, or always this bit, and notes what leaks.
#[derive(Clone)]
pub struct Chooses {
    corrupted: Role,
    tape: Tape,
    always: Option<bool>,
    leaked: Rc<RefCell<Vec<Leakage>>>,
}

impl Adversary for Chooses {
    fn corrupted(&self) -> Option<Role> {
        Some(self.corrupted)
    }

    fn leak(&mut self, leakage: Leakage) {
        self.leaked.borrow_mut().push(leakage);
    }

    fn plane_share(&mut self, len: usize) -> Result<Plane, PartyError> {
        match self.always {
            Some(bit) => Ok(Plane::from_bits(&vec![bit; len])),
            None => self.tape.plane(len),
        }
    }

    fn ring_share(&mut self, width: Width, len: usize) -> Result<Ring, PartyError> {
        match self.always {
            Some(bit) => Ok(Ring::new(width, vec![if bit { u64::MAX } else { 0 }; len])),
            None => self.tape.ring(width, len),
        }
    }
}

/// What is run: a script, both parties' inputs as digits of a lane's number, and how many coins each world draws.
#[derive(Clone)]
pub struct Case<'a> {
    /// The ring's width in bits.
    pub k: u32,
    /// Vectors that come shared, each of so many elements a lane; each party's share of each is enumerated.
    pub vectors: &'a [u32],
    /// Vectors that the client alone brings, for `Input`.
    pub inputs: u32,
    /// The server's weight, for `Linear`.
    pub weight: Option<u64>,
    /// Whether triples with one product come in pairs, a pair for two lanes.
    pub paired: bool,
    /// Coins of the real world.
    pub real: u32,
    /// Coins of the ideal world: own coins, the simulator's, the adversary's choices; for either corrupted party.
    pub ideal: [u32; 2],
    /// How the adversary chooses, unless in every way.
    pub always: Option<bool>,
    /// The calls, on so many lanes.
    pub calls: &'a dyn Fn(usize) -> Vec<crate::script::Call>,
}

/// A simulated run: its stage and where its party's program is followed.
pub struct Simulated {
    /// The channels.
    pub net: LocalNet<Vec<u8>>,
    /// The simulator's stage.
    pub stage: Stage<Endpoint<Vec<u8>>, Tape, HandedOver<Chooses>>,
    /// The client's share of what is opened.
    pub share: Share,
    /// The corrupted party's coins.
    pub coins: Tape,
}

/// How both worlds are run.
pub trait Worlds {
    /// The real run, under an adversary.
    fn real(
        &self,
        script: &Script,
        sides: Sides<Ring>,
        coins: [Tape; 3],
        adversary: Chooses,
        session: Session,
    ) -> Outcome<Ring>;

    /// The corrupted party against the simulator.
    fn ideal(&self, script: &Script, own: Vec<Ring>, corrupted: Role, run: Simulated) -> Vec<Ring>;
}

/// For each own input and honest input the views with honest outputs, sorted.
type Joint = std::collections::BTreeMap<(u64, u64), Vec<u128>>;

struct Laid {
    script: Script,
    sides: Sides<Ring>,
    half: usize,
    lanes: usize,
    own: [u32; 2],
}

impl Case<'_> {
    fn lay_out(&self, coins: u32) -> Laid {
        let shares = self.k * self.vectors.iter().sum::<u32>();
        let own = [shares, shares + self.k * self.inputs];
        let half = 1_usize << (own[0] + own[1] + coins);
        let lanes = if self.paired { 2 * half } else { half };
        let width = crate::values::width(u64::from(self.k));
        let digits = |first: u32| Ring::new(width, (0..lanes as u64).map(|lane| lane >> first).collect());
        let vectors = |first: u32| -> Vec<Ring> {
            let mut next = first;
            let mut vector = |elements: u32| {
                let all: Vec<Ring> = (0..elements).map(|i| digits(next + self.k * i)).collect();
                next += self.k * elements;
                Ring::concat(width, &all.iter().collect::<Vec<_>>()).unwrap()
            };
            self.vectors.iter().map(|elements| vector(*elements)).collect()
        };
        let (mut server, mut client) = (vectors(0), vectors(shares));
        server.extend(self.weight.map(|weight| Ring::new(width, vec![weight])));
        client.extend((0..self.inputs).map(|i| digits(2 * shares + self.k * i)));
        let shared = self.vectors.iter().map(|elements| *elements as usize * lanes).collect();
        let script = Script { width, shared, calls: (self.calls)(lanes) };
        Laid { script, sides: Sides { server, client }, half, lanes, own }
    }

    /// The values of all vectors, and what is opened, in the clear.
    fn plain(&self, laid: &Laid) -> (Vec<Vec<u64>>, Vec<Vec<u64>>) {
        let pairs = laid.sides.server.iter().zip(&laid.sides.client).take(self.vectors.len());
        let shared: Vec<Ring> = pairs.map(|(s, c)| s.add(c).unwrap()).collect();
        let inputs = laid.sides.client[self.vectors.len()..].to_vec();
        let weights = laid.sides.server[self.vectors.len()..].to_vec();
        let values = laid.script.plain(&Secrets { shared: shared.clone(), inputs, weights });
        let all: Vec<Vec<u64>> = shared.iter().map(|x| x.elements().to_vec()).chain(values.clone()).collect();
        let opened = laid.script.calls.iter().filter_map(|call| match call {
            crate::script::Call::Output { x } => Some(all[*x].clone()),
            _ => None,
        });
        (values, opened.collect())
    }

    /// Compares both worlds for a corrupted party; says where they differ first.
    pub fn differ(&self, worlds: &impl Worlds, corrupted: Role, repeat: Option<(usize, usize)>) -> Option<String> {
        let (real, heard) = self.real(worlds, corrupted, repeat);
        let (ideal, leaked) = self.ideal(worlds, corrupted);
        let scale = self.ideal[usize::from(corrupted == Role::Client)];
        if heard != leaked {
            return Some(format!("the simulator hears {leaked:?}, the functionality says {heard:?}"));
        }
        for (inputs, views) in &real {
            let (views, simulated) = (counted(views, scale), counted(&ideal[inputs], self.real));
            if views != simulated {
                let first = views.iter().zip(&simulated).find(|(real, simulated)| real != simulated);
                return Some(format!(
                    "{corrupted} corrupted, inputs {inputs:?}: view, times: (real, simulated) = {first:x?}"
                ));
            }
        }
        None
    }

    fn real(&self, worlds: &impl Worlds, corrupted: Role, repeat: Option<(usize, usize)>) -> (Joint, Vec<Leakage>) {
        let laid = self.lay_out(self.real);
        let tape = Tape::new(laid.lanes, laid.own[0] + laid.own[1], repeat);
        let coins = [tape.other(), tape.other(), tape.other()];
        let adversary = Chooses { corrupted, tape: tape.other(), always: self.always, leaked: Rc::default() };
        let session = Session { transcript: Transcript::observed(), ..Session::default() };
        let outcome = worlds.real(&laid.script, laid.sides.clone(), coins.clone(), adversary.clone(), session);
        if repeat.is_none() {
            assert_eq!(tape.next.get() - laid.own[0] - laid.own[1], self.real, "coins of the real world");
        }
        let (server, client) = (&outcome.outputs.server, &outcome.outputs.client);
        let (honest, own) = if corrupted == Role::Server { (client, &coins[1]) } else { (server, &coins[2]) };
        let joint = self.joint(&laid, corrupted, &outcome.transcript, &own.own.borrow(), honest);
        (joint, of_two_lanes(&adversary.leaked.take(), laid.lanes))
    }

    fn ideal(&self, worlds: &impl Worlds, corrupted: Role) -> (Joint, Vec<Leakage>) {
        let coins = self.ideal[usize::from(corrupted == Role::Client)];
        let laid = self.lay_out(coins);
        let (values, opened) = self.plain(&laid);
        let ring = |x: &Vec<u64>| Ring::new(laid.script.width, x.clone());
        let tape = Tape::new(laid.lanes, laid.own[0] + laid.own[1], None);
        let adversary = Chooses { corrupted, tape: tape.other(), always: self.always, leaked: Rc::default() };
        let net = LocalNet::new(Session::default().id, Transcript::observed());
        let (share, own) = (Share::default(), tape.other());
        let handed = HandedOver {
            adversary: adversary.clone(),
            opened: opened.iter().map(ring).collect(),
            share: share.clone(),
        };
        let (peer, trusted) = (net.endpoint(corrupted.peer()), net.endpoint(Role::Trusted));
        let stage = Stage { peer, trusted, coins: tape.other(), handed };
        let inputs = if corrupted == Role::Server { &laid.sides.server } else { &laid.sides.client };
        let run = Simulated { net: net.clone(), stage, share, coins: own.clone() };
        let shares = worlds.ideal(&laid.script, inputs.clone(), corrupted, run);
        assert_eq!(
            tape.next.get() - laid.own[0] - laid.own[1],
            coins,
            "coins of the ideal world, {corrupted} corrupted"
        );
        // F_DeepShare gives the honest party the complement of the share that the simulator hands over
        let mut honest: Vec<Ring> = values.iter().zip(&shares).map(|(x, s)| ring(x).sub(s).unwrap()).collect();
        if corrupted == Role::Server {
            honest.extend(opened.iter().map(ring));
        }
        let joint = self.joint(&laid, corrupted, &net.transcript(), &own.own.borrow(), &honest);
        (joint, of_two_lanes(&adversary.leaked.take(), laid.lanes))
    }

    /// Views: own coins, what is received from the peer, then from the trusted party; and the honest outputs.
    fn joint(&self, laid: &Laid, corrupted: Role, sent: &Transcript, own: &[u32], honest: &[Ring]) -> Joint {
        let mut views = vec![0_u128; laid.half];
        for &digit in own {
            views.iter_mut().zip(0_u64..).for_each(|(view, lane)| push(view, lane >> digit, 1));
        }
        for from in [corrupted.peer(), Role::Trusted] {
            let received = sent.entries().iter().filter(|entry| entry.to == corrupted && entry.from == from);
            received.for_each(|entry| append(entry, laid, &mut views));
        }
        for x in honest {
            let bits = x.width().bits();
            for elements in x.elements().chunks(laid.lanes) {
                views.iter_mut().zip(elements).for_each(|(view, element)| push(view, *element, bits));
            }
        }
        let part = |lane: u64, at: u32, bits: u32| lane >> at & ((1 << bits) - 1);
        let mut joint = Joint::new();
        for (lane, view) in (0_u64..).zip(views) {
            let [server, client] = [part(lane, 0, laid.own[0]), part(lane, laid.own[0], laid.own[1])];
            let inputs = if corrupted == Role::Server { (server, client) } else { (client, server) };
            joint.entry(inputs).or_default().push(view);
        }
        joint
    }
}

/// Appends a frame's bits of each lane. A frame of pairs has half as many elements; the first half's lanes have one each.
fn append(entry: &Entry, laid: &Laid, views: &mut [u128]) {
    let bits = entry.content.element_bits;
    let stride = if entry.content.count.is_multiple_of(laid.lanes) { laid.lanes } else { laid.half };
    assert!(entry.content.count.is_multiple_of(stride), "{} is not lane by lane", entry.step);
    let total = usize::try_from(entry.content.bits()).unwrap();
    let words = words_from_bytes(entry.payload.as_ref().unwrap(), total).unwrap();
    let mut reader = BitReader::at(&words, 0);
    for element in 0..entry.content.count {
        let value = reader.take(bits);
        if let Some(view) = views.get_mut(element % stride) {
            push(view, value, bits);
        }
    }
}

fn push(view: &mut u128, value: u64, bits: u32) {
    assert!(view.leading_zeros() >= bits, "the view is too long");
    *view = *view << bits | u128::from(value & (u64::MAX >> (64 - bits)));
}

/// Each view with how often it occurs, times 2^scale; in order.
fn counted(views: &[u128], scale: u32) -> Vec<(u128, u64)> {
    let mut sorted = views.to_vec();
    sorted.sort_unstable();
    sorted.chunk_by(|a, b| a == b).map(|same| (same[0], (same.len() as u64) << scale)).collect()
}

/// What leaks, with the counts of two lanes.
fn of_two_lanes(leaked: &[Leakage], lanes: usize) -> Vec<Leakage> {
    let one = |leakage: &Leakage| {
        let mut leakage = leakage.clone();
        match &mut leakage {
            // pairs serve two lanes; so counts are those of two lanes
            Leakage::Transfer { lanes: count, .. }
            | Leakage::Prepare { count, .. }
            | Leakage::Correlate { elements: count, .. }
            | Leakage::Labels { count } => *count = 2 * *count / lanes,
            Leakage::Compare { keys, payload, .. } => (*keys, *payload) = (2 * *keys / lanes, 2 * *payload / lanes),
            other => panic!("{other:?} does not leak in a hybrid world"),
        }
        leakage
    };
    leaked.iter().map(one).collect()
}

/// Runs a corrupted party against its simulator.
pub fn play<S, T>(
    net: &LocalNet<Vec<u8>>,
    corrupted: Role,
    simulator: impl Future<Output = Result<S, PartyError>>,
    party: impl Future<Output = Result<T, PartyError>>,
) -> T {
    against(net, corrupted, simulator, party).unwrap()
}
