//! Perfect privacy of `ot` over F_OT and F_COT: every coin of both parties, every share that the adversary may choose, every
//! input and split, at the smallest widths. [DS-OT-1] [DS-OT-2]
//!
//! A corrupted party's view is its input, its coins, what its peer sends and what the functionalities give it. Outputs
//! are right in every run, so the honest party's output share is a function of the view; the views' independence of the
//! honest party's input, count for count, is all of perfect privacy.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::cast_possible_truncation)] // small numbers of bits

#[path = "common/lanes.rs"]
mod lanes;
#[path = "common/maps.rs"]
mod maps;
#[path = "common/script.rs"]
mod script;
#[path = "common/values.rs"]
mod values;

use deepshare_reference::backend::run::{Session, Sides};
use deepshare_reference::backend::run_ot::ot_hybrid;
use deepshare_reference::party::transcript::{Entry, Transcript};
use deepshare_reference::party::{Coins, PartyError, Role};
use deepshare_reference::plan::StepConvention;
use deepshare_reference::primitives::ideal::{Adversary, Leakage};
use deepshare_reference::values::{Concrete, Plane, Ranges, Ring, RingVector, Width};
use lanes::{dependence, digits, histograms};
use maps::MapSpec;
use script::{Call, Script, Secrets, reconstruct};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use values::width;

/// All coins of a run. Lane i reads the binary digits of i; what is drawn for several values a lane reads several digits.
#[derive(Clone)]
struct Tape {
    lanes: usize,
    next: Rc<Cell<u32>>,
    /// The digits that this holder drew.
    own: Rc<RefCell<Vec<u32>>>,
}

impl Tape {
    fn new(lanes: usize, next: u32) -> Tape {
        Tape { lanes, next: Rc::new(Cell::new(next)), own: Rc::default() }
    }

    /// Another holder, of other digits.
    fn other(&self) -> Tape {
        Tape { own: Rc::default(), ..self.clone() }
    }

    fn take(&self, bits: u32, len: usize) -> Vec<u64> {
        assert!(len.is_multiple_of(self.lanes) || 2 * len == self.lanes, "{len} elements of {} lanes", self.lanes);
        let mut all = Vec::with_capacity(len);
        while all.len() < len {
            let at = self.next.replace(self.next.get() + bits);
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

/// An adversary that chooses every share.
struct Every {
    corrupted: Role,
    tape: Tape,
}

impl Adversary for Every {
    fn corrupted(&self) -> Option<Role> {
        Some(self.corrupted)
    }

    fn leak(&mut self, _leakage: Leakage) {}

    fn plane_share(&mut self, len: usize) -> Result<Plane, PartyError> {
        self.tape.plane(len)
    }

    fn ring_share(&mut self, width: Width, len: usize) -> Result<Ring, PartyError> {
        self.tape.ring(width, len)
    }
}

/// A party's view in each of the first `half` lanes of twice as many: what it receives, and its own coins. The other
/// lanes are there for triples with one product, which come in pairs: the first of a pair belongs to a lane of the first
/// half. `paired` says which of the received frames brings such pairs.
fn views(transcript: &Transcript, party: Role, own: &[u32], half: usize, paired: Option<usize>) -> Vec<u128> {
    let mut views = vec![0_u128; half];
    let received: Vec<&Entry> = transcript.entries().iter().filter(|entry| entry.to == party).collect();
    for (index, entry) in received.into_iter().enumerate() {
        let stride = if paired == Some(index) { half } else { 2 * half };
        assert!(entry.content.count.is_multiple_of(stride), "{}", entry.step);
        let (bits, bytes) = (entry.content.element_bits as usize, entry.payload.as_ref().unwrap());
        for start in (0..entry.content.count).step_by(stride) {
            for (lane, view) in views.iter_mut().enumerate() {
                for bit in (start + lane) * bits..(start + lane + 1) * bits {
                    push(view, u128::from(bytes[bit / 8] >> (bit % 8) & 1));
                }
            }
        }
    }
    for &digit in own {
        views.iter_mut().enumerate().for_each(|(lane, view)| push(view, (lane >> digit & 1) as u128));
    }
    views
}

fn push(view: &mut u128, bit: u128) {
    assert!(view.leading_zeros() > 0, "the view is too long");
    *view = *view << 1 | bit;
}

/// Checks a script on `vectors` shared vectors under every tape and every input: outputs, the number of coin bits
/// (shares that the adversary chooses among them), and that no party's view depends on the other's input.
fn exhaust(k: u32, vectors: u32, coin_bits: u32, paired: Option<usize>, calls: &dyn Fn(usize) -> Vec<Call>) {
    let own_bits = k * vectors;
    let half = 1_usize << (2 * own_bits + coin_bits);
    let (w, lanes) = (width(u64::from(k)), 2 * half);
    let script = Script { width: w, shared: vec![lanes; vectors as usize], calls: calls(lanes) };
    let side = |first: u32| (0..vectors).map(|i| digits(w, lanes, first + k * i)).collect::<Vec<Ring>>();
    let sides = Sides { server: side(0), client: side(own_bits) };
    let shared = sides.server.iter().zip(&sides.client).map(|(s, c)| s.add(c).unwrap()).collect();
    let expected = script.plain(&Secrets { shared, ..Secrets::default() });
    let part = |first: u32| move |lane: u64| lane >> first & ((1 << own_bits) - 1);
    for corrupted in [Role::Server, Role::Client] {
        let server = Tape::new(lanes, 2 * own_bits);
        let (client, tape) = (server.other(), server.other());
        let session = Session { transcript: Transcript::observed(), ..Session::default() };
        let coins = (server.clone(), client.clone());
        let outcome = ot_hybrid(&script, sides.clone(), coins, Every { corrupted, tape }, session).unwrap();
        assert!(reconstruct(&outcome.outputs) == expected, "k = {k}: an output is wrong under some tape");
        assert_eq!(server.next.get() - 2 * own_bits, coin_bits, "k = {k}");
        let (coins, own, honest) =
            if corrupted == Role::Server { (server, 0, own_bits) } else { (client, own_bits, 0) };
        let paired = paired.filter(|_| corrupted == Role::Client);
        let views = views(&outcome.transcript, corrupted, &coins.own.borrow(), half, paired);
        assert_eq!(dependence(&histograms(&views, part(own), part(honest))), None, "{corrupted}, k = {k}");
    }
}

/// A gate, the elements that it serves, and again in a later layer: one coin of the server for its leaf; the shares of
/// two products for each use. 2^13 cases at k = 2, 2^19 at k = 3.
#[test]
fn a_gate_and_its_reuse_are_perfectly_private() {
    for step in [StepConvention::Nonnegative, StepConvention::Positive] {
        for k in 2..=3 {
            exhaust(k, 1, 1 + 2 * 2 * k, None, &|n| {
                vec![
                    Call::Activate { step, x: 0, earlier: vec![], served: Ranges::all(n), elements: 0 },
                    Call::Apply { groups: vec![0], served: Ranges::all(n), x: 0 },
                ]
            });
        }
    }
}

/// Another element than the gate's own: 2^13 cases at k = 2.
#[test]
fn a_served_element_is_perfectly_private() {
    exhaust(2, 2, 1 + 2 * 2, None, &|n| {
        let step = StepConvention::Nonnegative;
        vec![Call::Open { step, x: 0 }, Call::Apply { groups: vec![0], served: Ranges::all(n), x: 1 }]
    });
}

/// Truncation by 1 bit at k = 2: leaves of 1 and 2 coins; a pair of triples, 4 and 2 coins of the server and 4 of the
/// client; shares of two products. 2^21 cases.
#[test]
fn truncation_is_perfectly_private() {
    exhaust(2, 1, 1 + 2 + 4 + 2 + 4 + 2 * 2, Some(2), &|_| vec![Call::Truncate { x: 0, shift: 1 }]);
}

/// A linear layer of one weight at k = 2, for every weight: the client gets nothing but its shares.
#[test]
fn a_product_is_perfectly_private() {
    let (k, w) = (2, width(2));
    let map = MapSpec::Dense { input: deepshare_reference::values::Shape::new(1, 1, 1).unwrap(), outputs: 1 };
    let bits = 2 * k + k * k;
    let lanes = 1_usize << bits;
    let [server, client] = [0, k].map(|first| digits(w, lanes, first));
    let mut by_weight = std::collections::BTreeMap::<u64, _>::new();
    for weight in 0..4 {
        let call = Call::Linear { map: map.clone(), x: 0, batch: lanes };
        let script = Script { width: w, shared: vec![lanes], calls: vec![call] };
        let sides = Sides { server: vec![server.clone(), Ring::new(w, vec![weight])], client: vec![client.clone()] };
        let tape = Tape::new(lanes, 2 * k);
        let session = Session { transcript: Transcript::observed(), ..Session::default() };
        let coins = (tape.other(), tape.other());
        let adversary = Every { corrupted: Role::Client, tape: tape.clone() };
        let outcome = ot_hybrid(&script, sides, coins, adversary, session).unwrap();
        let expected: Vec<u64> = server.add(&client).unwrap().elements().iter().map(|x| (x * weight) & 3).collect();
        assert_eq!(reconstruct(&outcome.outputs), [expected], "weight {weight}");
        assert_eq!(tape.next.get(), bits);
        let views = lanes::views(&outcome.transcript, Role::Client, lanes);
        let part = |first: u32| move |lane: u64| lane >> first & 3;
        by_weight.insert(weight, histograms(&views, part(k), part(0)));
    }
    let first = &by_weight[&0];
    assert_eq!(dependence(first), None);
    assert!(by_weight.values().all(|other| other == first), "the client's view depends on the weight");
}
