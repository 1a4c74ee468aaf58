//! Perfect privacy of `fss` over F_DCF, both forms: every tape of the dealer, every input and split, at the smallest
//! widths; every share that the adversary may choose, or where that is too many, shares of zeros and of ones. [DS-FSS-1]
//! [DS-FSS-31]
//!
//! Outputs are right in every run, so the honest party's output share is a function of the corrupted party's view; the
//! views' independence of the honest party's input, count for count, is all of perfect privacy. Over keys there is none:
//! a key is hidden computationally.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/adversary.rs"]
mod adversary;
#[path = "common/lanes.rs"]
mod lanes;
#[path = "common/maps.rs"]
mod maps;
#[path = "common/script.rs"]
mod script;
#[path = "common/values.rs"]
mod values;

use adversary::Constant;
use deepshare_reference::backend::run::{NoCoins, Session, Sides};
use deepshare_reference::backend::run_fss::fss_hybrid;
use deepshare_reference::gate::fss::Serving;
use deepshare_reference::party::coins::TapeCoins;
use deepshare_reference::party::transcript::Transcript;
use deepshare_reference::party::{Coins, PartyError, Role};
use deepshare_reference::plan::StepConvention;
use deepshare_reference::primitives::ideal::{Adversary, Leakage};
use deepshare_reference::values::{Concrete, Plane, Ranges, Ring, RingVector, ValueError, Width};
use lanes::{dependence, digits, histograms, views};
use script::{Call, Script, Secrets, reconstruct};
use std::cell::Cell;
use std::rc::Rc;
use values::width;

const STEPS: [StepConvention; 2] = [StepConvention::Nonnegative, StepConvention::Positive];
const PARTIES: [Role; 2] = [Role::Server, Role::Client];

/// All coins of a run. Lane i reads the binary digits of i; what is drawn for several values a lane reads several digits.
#[derive(Clone)]
struct Tape {
    lanes: usize,
    next: Rc<Cell<u32>>,
}

impl Tape {
    fn take(&self, bits: u32, len: usize) -> Vec<u64> {
        assert!(len.is_multiple_of(self.lanes), "{len} elements of {} lanes", self.lanes);
        let mut all = Vec::with_capacity(len);
        while all.len() < len {
            let at = self.next.replace(self.next.get() + bits);
            all.extend((0..self.lanes as u64).map(|lane| lane >> at & ((1 << bits) - 1)));
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
struct Every(Role, Tape);

impl Adversary for Every {
    fn corrupted(&self) -> Option<Role> {
        Some(self.0)
    }

    fn leak(&mut self, _leakage: Leakage) {}

    fn plane_share(&mut self, len: usize) -> Result<Plane, PartyError> {
        self.1.plane(len)
    }

    fn ring_share(&mut self, width: Width, len: usize) -> Result<Ring, PartyError> {
        self.1.ring(width, len)
    }
}

/// How the adversary chooses its shares at F_DCF.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shares {
    /// In every way; they are among the coin bits.
    Every,
    /// Zeros in one run, ones in another.
    Constant,
    /// Ones.
    Ones,
}

/// What is run: a script on one shared vector, at width k, in a form, with this many coin bits a lane.
struct Run<'a> {
    serving: Serving,
    k: u32,
    coin_bits: u32,
    shares: Shares,
    calls: &'a dyn Fn(usize) -> Vec<Call>,
}

impl Run<'_> {
    /// Checks outputs, the number of coin bits, and that no party's view depends on the other's input.
    fn exhaust(&self) {
        let lanes = 1_usize << (2 * self.k + self.coin_bits);
        let w = width(u64::from(self.k));
        let script = Script { width: w, shared: vec![lanes], calls: (self.calls)(lanes) };
        let [server, client] = [0, self.k].map(|first| digits(w, lanes, first));
        let secrets = Secrets { shared: vec![server.add(&client).unwrap()], ..Secrets::default() };
        let expected = script.plain(&secrets);
        let sides = Sides { server: vec![server], client: vec![client] };
        for corrupted in PARTIES {
            let tape = Tape { lanes, next: Rc::new(Cell::new(2 * self.k)) };
            match self.shares {
                Shares::Every => {
                    self.run(&script, &sides, &expected, &tape, Every(corrupted, tape.clone()), corrupted);
                }
                Shares::Constant | Shares::Ones => {
                    for &bit in if self.shares == Shares::Ones { &[true][..] } else { &[false, true] } {
                        tape.next.set(2 * self.k);
                        let adversary = Constant::new(corrupted, bit);
                        self.run(&script, &sides, &expected, &tape, adversary, corrupted);
                    }
                }
            }
            assert_eq!(tape.next.get() - 2 * self.k, self.coin_bits, "k = {}", self.k);
        }
    }

    fn run<A: Adversary>(
        &self,
        script: &Script,
        sides: &Sides<Ring>,
        expected: &[Vec<u64>],
        tape: &Tape,
        adversary: A,
        corrupted: Role,
    ) {
        let what = format!("{:?}, k = {}, {corrupted} corrupted, {:?} shares", self.serving, self.k, self.shares);
        let session = Session { transcript: Transcript::observed(), ..Session::default() };
        let coins = (tape.clone(), NoCoins);
        let outcome = fss_hybrid(script, sides.clone(), self.serving, coins, adversary, session).unwrap();
        assert!(reconstruct(&outcome.outputs) == expected, "{what}: an output is wrong under some tape");
        let k = self.k;
        let part = |first: u32| move |lane: u64| lane >> first & ((1 << k) - 1);
        let (own, honest) = if corrupted == Role::Server { (0, k) } else { (k, 0) };
        let views = views(&outcome.transcript, corrupted, script.shared[0]);
        assert_eq!(dependence(&histograms(&views, part(own), part(honest))), None, "{what}");
    }
}

fn activate(step: StepConvention, lanes: usize) -> Call {
    Call::Activate { step, x: 0, earlier: vec![], served: Ranges::all(lanes), elements: 0 }
}

fn apply(lanes: usize) -> Call {
    Call::Apply { groups: vec![0], served: Ranges::all(lanes), x: 0 }
}

/// The mask r and the server's share of it.
const fn masks(k: u32) -> u32 {
    2 * k
}

/// A gate's a as a bit, and the server's shares of it as a bit and as a ring element.
const fn gate_masks(k: u32) -> u32 {
    2 + k
}

/// Payload form: r, the server's shares of r, t and t r, and two shares at F_DCF. 2^16 cases at k = 2. At k = 3 without
/// those shares, 2^18.
#[test]
fn an_activation_by_payload_is_perfectly_private() {
    for step in STEPS {
        for (k, shares) in [(2, Shares::Every), (3, Shares::Constant)] {
            let chosen = if shares == Shares::Every { 2 * k } else { 0 };
            let coin_bits = masks(k) + 2 * k + chosen;
            Run { serving: Serving::Payload, k, coin_bits, shares, calls: &|n| vec![activate(step, n)] }.exhaust();
        }
    }
}

/// And a later use: the gate's mask, and b, and the server's shares of b and of ab. 2^22 cases; shares of ones at F_DCF.
#[test]
fn a_later_use_after_the_payload_form_is_perfectly_private() {
    let (k, step) = (2, StepConvention::Nonnegative);
    let coin_bits = masks(k) + 2 * k + gate_masks(k) + 3 * k;
    let calls = |n| vec![activate(step, n), apply(n)];
    Run { serving: Serving::Payload, k, coin_bits, shares: Shares::Ones, calls: &calls }.exhaust();
}

/// Select form: r and a share of it, t's share as a bit, the gate's mask, a share of - a r; a share in R_2 at F_DCF. 2^17
/// cases at k = 2.
#[test]
fn an_activation_by_select_is_perfectly_private() {
    for step in STEPS {
        let k = 2;
        let coin_bits = masks(k) + 1 + gate_masks(k) + k + 2;
        let calls = |n| vec![activate(step, n)];
        Run { serving: Serving::Select, k, coin_bits, shares: Shares::Every, calls: &calls }.exhaust();
    }
}

/// And a later use: b, and the server's shares of b and of ab. 2^21 cases.
#[test]
fn a_later_use_after_the_select_form_is_perfectly_private() {
    let (k, step) = (2, StepConvention::Positive);
    let coin_bits = masks(k) + 1 + gate_masks(k) + k + 3 * k;
    let calls = |n| vec![activate(step, n), apply(n)];
    Run { serving: Serving::Select, k, coin_bits, shares: Shares::Constant, calls: &calls }.exhaust();
}

/// A gate that is opened alone, and serves its element later: 2^21 cases with every share in R_2 at F_DCF.
#[test]
fn opening_alone_and_a_later_use_are_perfectly_private() {
    let (k, step) = (2, StepConvention::Nonnegative);
    let coin_bits = masks(k) + 1 + 2 + gate_masks(k) + 3 * k;
    let calls = |n| vec![Call::Open { step, x: 0 }, apply(n)];
    Run { serving: Serving::Payload, k, coin_bits, shares: Shares::Every, calls: &calls }.exhaust();
}

/// A layer of the payload form in which a new gate serves nobody and an earlier one the element. 2^21 cases.
#[test]
fn a_mixed_layer_is_perfectly_private() {
    let (k, step) = (2, StepConvention::Nonnegative);
    let opening = masks(k) + 1;
    let layer = masks(k) + k + gate_masks(k) + k;
    let calls = |n| {
        let served = Ranges::new(2 * n, [(0, n)]).unwrap();
        let mixed = Call::Activate { step, x: 0, earlier: vec![0], served, elements: 0 };
        vec![Call::Open { step, x: 0 }, mixed]
    };
    let coin_bits = opening + layer;
    Run { serving: Serving::Payload, k, coin_bits, shares: Shares::Constant, calls: &calls }.exhaust();
}

/// Truncation: r, the server's shares of r and of r >> f, and two shares at F_DCF. 2^14 cases at k = 2, 2^21 at k = 3.
#[test]
fn truncation_is_perfectly_private() {
    for (k, shift) in [(2, 1), (3, 1), (3, 2)] {
        let coin_bits = masks(k) + k + 2 * k;
        let calls = |_| vec![Call::Truncate { x: 0, shift }];
        Run { serving: Serving::Payload, k, coin_bits, shares: Shares::Every, calls: &calls }.exhaust();
    }
}

/// A tape of exactly the derived length serves at every width, and one that is a bit shorter is used up: r, shares of r,
/// t and t r; a with its shares, b, shares of b and ab.
#[test]
fn the_dealer_draws_the_derived_number_of_coin_bits() {
    for k in 2..=64_u32 {
        for serving in [Serving::Payload, Serving::Select] {
            let w = width(u64::from(k));
            let calls = vec![activate(StepConvention::Positive, 1), apply(1)];
            let script = Script { width: w, shared: vec![1], calls };
            let sides = Secrets { shared: vec![Ring::new(w, vec![1])], ..Secrets::default() }.sides(9);
            let own = if serving == Serving::Payload { 2 * k } else { 1 + k };
            let bits = masks(k) + own + gate_masks(k) + 3 * k;
            let run = |bits: u32| {
                let tape = TapeCoins::new(Role::Trusted, vec![0xA5C3_9E17_0F86_D2B4; 64], bits as usize);
                let adversary = Constant::new(Role::Client, true);
                fss_hybrid(&script, sides.clone(), serving, (tape, NoCoins), adversary, Session::default())
            };
            assert_eq!(reconstruct(&run(bits).unwrap().outputs), [[1], [1]], "{serving:?}, k = {k}");
            let short = run(bits - 1).unwrap_err();
            let used_up =
                matches!(short, PartyError::Value { role: Role::Trusted, source: ValueError::Tape { .. }, .. });
            assert!(used_up, "{serving:?}, k = {k}: {short}");
        }
    }
}
