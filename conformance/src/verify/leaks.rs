//! Planted leaks: defects of coins, of protocols and of simulators, each of which the check must find. [DS-EXH-9]

use super::calls::Call;
use super::check::{Case, Difference};
use super::error::VerifyError;
use super::gates::{Carries, From, Quotient, Service, StepBit};
use super::pieces::{Dealt, LaneDealer, LaneParty, OverTriples, WithDealer};
use super::protocol::{Ideal, LaneStage, Plain, Protocol, Real, Shared};
use super::scripted::{Gmw, Scripted};
use super::tape::{CoinFault, constant_ring};
use CoinFault::{Biased, Constant, Repeat};
use deepshare_reference::backend::run_simulated::against;
use deepshare_reference::gate::masked::{DEAL_ELEMENTS, DEAL_MASKS, DELTA, EPSILON};
use deepshare_reference::gate::masked_simulator::{self, SimulatedGates};
use deepshare_reference::party::channel::send_ring;
use deepshare_reference::party::{PartyError, Role};
use deepshare_reference::plan::StepConvention;
use deepshare_reference::primitives::roles::Party;
use deepshare_reference::primitives::stage::Played;
use deepshare_reference::values::{Concrete, RingVector, ShapeRing, Width};

/// A planted leak.
pub struct Leak {
    /// Its name.
    pub name: &'static str,
    /// What is wrong.
    pub what: &'static str,
    /// The case, with the defect in it.
    pub case: Case,
}

impl Leak {
    /// The first difference that the check finds, against the server, then against the client.
    ///
    /// # Errors
    /// [`VerifyError`]: no statement.
    pub fn found(&self) -> Result<Option<(Role, Difference)>, VerifyError> {
        for corrupted in [Role::Server, Role::Client] {
            if let Some(difference) = self.case.check(corrupted, || {})?.difference {
                return Ok(Some((corrupted, difference)));
            }
        }
        Ok(None)
    }
}

/// Every leak.
///
/// # Errors
/// [`VerifyError::NoCase`] for a width that is none.
pub fn all() -> Result<Vec<Leak>, VerifyError> {
    let width = |bits| Width::new(bits).map_err(|source| VerifyError::NoCase { what: source.to_string() });
    let (two, three) = (width(2)?, width(3)?);
    Ok([gates(two), bits(three), others(two), simulators(two)].into_iter().flatten().collect())
}

/// Where a defect is planted.
enum Planted {
    Coins(CoinFault),
    Simulator(CoinFault),
    Protocol,
}

fn leak(
    (name, what): (&'static str, &'static str),
    width: Width,
    protocol: impl Protocol + 'static,
    planted: Planted,
) -> Leak {
    let (fault, simulator_fault) = match planted {
        Planted::Coins(fault) => (Some(fault), None),
        Planted::Simulator(fault) => (None, Some(fault)),
        Planted::Protocol => (None, None),
    };
    let case = Case {
        backend: "gmw",
        name: name.to_owned(),
        width: width.bits(),
        protocol: Box::new(protocol),
        fault,
        simulator_fault,
    };
    Leak { name, what, case }
}

fn service(width: Width, calls: &[usize]) -> Service {
    Service { width, calls: calls.to_vec(), from: From::Bit, masked_again: false }
}

/// The dealer of one element draws a, shares of a as a bit and as a ring element, b, shares of b and of a b. Of two
/// elements of a call it draws each of the last three twice in a row; of two calls the three again.
fn gates(width: Width) -> Vec<Leak> {
    let of =
        |names, calls: &[usize], fault| leak(names, width, WithDealer(service(width, calls)), Planted::Coins(fault));
    let again = Service { masked_again: true, ..service(width, &[1, 1]) };
    vec![
        of(
            ("element-mask-twice-in-a-layer", "one b masks two elements of a layer: eps differ by x - x'"),
            &[2],
            Repeat(3, 4),
        ),
        of(
            ("element-mask-in-a-later-layer", "b of an earlier layer masks an element of a later one"),
            &[1, 1],
            Repeat(3, 6),
        ),
        of(("unmasked-opening", "b is 0: eps is x"), &[1], Constant(3, 0)),
        of(("biased-mask", "the low bit of b is 1 in a quarter of all cases"), &[1], Biased(3)),
        of(("constant-gate-mask", "a is 0: delta is d"), &[1], Constant(0, 0)),
        of(
            ("constant-share-of-a-gate-mask", "the server's ring share of a is 0: the client gets a"),
            &[1],
            Constant(2, 0),
        ),
        of(
            ("constant-share-of-a-product", "the server's share of a b is 0: the client gets a b"),
            &[1],
            Constant(5, 0),
        ),
        leak(
            ("delta-twice-under-a-constant", "d is opened under two masks a, and the second is 0"),
            width,
            WithDealer(again),
            Planted::Coins(Constant(6, 0)),
        ),
    ]
}

/// The dealer of a step bit of two leaves draws u, v and a share of u v for each, then b, shares of b and of a b.
fn bits(width: Width) -> Vec<Leak> {
    let of = |names, fault| {
        let bit = StepBit { width, step: StepConvention::Nonnegative };
        leak(names, width, WithDealer(OverTriples(bit)), Planted::Coins(fault))
    };
    vec![
        of(("counter-that-stands-still", "two leaves have one u: the client sees a xor a'"), Repeat(0, 3)),
        of(("unmasked-leaf", "v is 0: the server sees the client's bit"), Constant(1, 0)),
        of(("leaf-mask-for-a-product", "a leaf's u, which the server has, masks a product's operand"), Repeat(0, 6)),
        of(("share-of-a-triple-twice", "two triples have one share c0: the client gets u v xor u' v'"), Repeat(2, 5)),
    ]
}

fn others(width: Width) -> Vec<Leak> {
    let script = |shared, calls| Scripted::new(Gmw, width, StepConvention::Nonnegative, shared, calls);
    let multiply = |x, weights| Call::Multiply { x, weights };
    vec![
        leak(
            ("one-mask-for-both-carries", "the two deltas of a truncation differ by c xor w"),
            width,
            WithDealer(Quotient(Carries { width, shift: 1 })),
            Planted::Coins(Repeat(0, 3)),
        ),
        leak(
            ("input-mask-twice", "one a masks two inputs of a linear layer: e differ by x - x'"),
            width,
            script(vec![1, 1], vec![multiply(0, None), multiply(1, Some(0))]),
            Planted::Coins(Repeat(1, 3)),
        ),
        leak(
            ("weight-mask-twice", "one B masks two weights: F differ by W - W'"),
            width,
            script(vec![1], vec![multiply(0, None), multiply(0, None)]),
            Planted::Coins(Repeat(0, 3)),
        ),
        leak(
            ("constant-share-of-an-input", "the client's first share is 0"),
            width,
            script(vec![], vec![Call::Input { len: 1 }]),
            Planted::Coins(Constant(0, 0)),
        ),
    ]
}

/// The simulator of one element draws shares of a (two), of b, of a b, of delta, of eps.
fn simulators(width: Width) -> Vec<Leak> {
    vec![
        leak(
            ("simulator-repeats-itself", "the simulated shares of a b and of eps are one draw"),
            width,
            WithDealer(service(width, &[1])),
            Planted::Simulator(Repeat(3, 5)),
        ),
        leak(
            ("simulator-forgets-its-gates", "a later use is simulated as a first one"),
            width,
            WithDealer(Forgets(service(width, &[1, 1]))),
            Planted::Protocol,
        ),
        leak(
            ("simulator-looks-at-the-secret", "the simulated share of eps is the honest party's element"),
            width,
            Peeks(WithDealer(service(width, &[1]))),
            Planted::Protocol,
        ),
    ]
}

/// Service with a simulator that keeps no state.
struct Forgets(Service);

impl Dealt for Forgets {
    fn inputs(&self) -> [u32; 2] {
        self.0.inputs()
    }

    fn local(&self, inputs: [u64; 2]) -> [Vec<u64>; 2] {
        self.0.local(inputs)
    }

    fn plain(&self, inputs: [u64; 2]) -> Plain {
        self.0.plain(inputs)
    }

    async fn party(&self, party: &mut LaneParty, local: &[u64], lanes: usize) -> Result<Vec<Shared>, PartyError> {
        self.0.party(party, local, lanes).await
    }

    async fn dealer(&self, dealer: &mut LaneDealer, local: &[Vec<u64>; 2], lanes: usize) -> Result<(), PartyError> {
        self.0.dealer(dealer, local, lanes).await
    }

    async fn simulator(&self, stage: &mut LaneStage, lanes: usize) -> Result<(), PartyError> {
        for elements in &self.0.calls {
            let shape = ShapeRing::constant(self.0.width, elements * lanes, 0);
            masked_simulator::apply(stage, &mut [&mut SimulatedGates::new(lanes)], &shape).await?;
        }
        Ok(())
    }
}

/// Service of one element with a simulator that has the honest party's element. What is here the rule for parties, that
/// nothing but the corrupted party's own part comes to its side, is broken for it: each part carries the other's element.
struct Peeks(WithDealer<Service>);

impl Peeks {
    /// A party's part, and what was added to it.
    fn split(local: &[u64]) -> (Vec<u64>, u64) {
        let (last, rest) = local.split_last().map_or((0, [].as_slice()), |(last, rest)| (*last, rest));
        (rest.to_vec(), last)
    }
}

impl Protocol for Peeks {
    fn inputs(&self) -> [u32; 2] {
        self.0.inputs()
    }

    fn local(&self, inputs: [u64; 2]) -> [Vec<u64>; 2] {
        let [mut server, mut client] = self.0.local(inputs);
        let elements = [&server, &client].map(|local| local.last().copied().unwrap_or_default());
        let [of_server, of_client] = elements;
        server.push(of_client);
        client.push(of_server);
        [server, client]
    }

    fn plain(&self, inputs: [u64; 2]) -> Plain {
        self.0.plain(inputs)
    }

    fn real(&self, run: Real) -> Result<[Vec<Shared>; 2], PartyError> {
        let local = run.local.clone().map(|local| Peeks::split(&local).0);
        self.0.real(Real { local, ..run })
    }

    fn ideal(&self, run: Ideal) -> Result<Vec<Shared>, PartyError> {
        let Ideal { lanes, corrupted, local, mut stage, net, .. } = run;
        let (local, secret) = Peeks::split(&local);
        let service = &self.0.0;
        let secret = constant_ring(service.width, &[secret], lanes);
        let simulator = async {
            let width = service.width;
            stage.uniform_planes(Played::Trusted, DEAL_MASKS.bit, 1, lanes)?;
            stage.uniform_ring(Played::Trusted, DEAL_MASKS.ring, width, lanes)?;
            stage.uniform_ring(Played::Trusted, DEAL_ELEMENTS, width, lanes)?;
            stage.uniform_ring(Played::Trusted, DEAL_ELEMENTS, width, lanes)?;
            stage.uniform_planes(Played::Peer, DELTA, 1, lanes)?;
            send_ring::<Concrete, _>(&mut stage.peer, corrupted, EPSILON, &secret)?;
            stage.hear_planes(Played::Peer, DELTA, 1, lanes).await?;
            stage.hear_ring(Played::Peer, EPSILON, width, lanes).await
        };
        let mut party = Party::new(net.endpoint(corrupted));
        against(&net, corrupted, simulator, service.party(&mut party, &local, lanes))
    }
}
