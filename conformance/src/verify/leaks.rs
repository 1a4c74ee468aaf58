//! Planted leaks: defects of coins, of protocols and of simulators, each of which the check must find. [DS-EXH-9]

use super::calls::Call;
use super::check::{Case, Difference};
use super::error::VerifyError;
use super::gates::{From, Service, StepBit};
use super::pieces::{Dealt, OverTriples, WithDealer};
use super::protocol::{Ideal, Plain, Protocol, Real, Shared};
use super::quotients::{Carries, Quotient};
use super::scripted::{Fss, Gmw, Ot, Scripted};
use super::tape::{CoinFault, constant_ring};
use CoinFault::{Biased, Constant, Repeat};
use deepshare_reference::backend::run_simulated::against;
use deepshare_reference::gate::fss::Serving;
use deepshare_reference::gate::masked::{DEAL_ELEMENTS, DEAL_MASKS, DELTA, EPSILON};
use deepshare_reference::party::channel::send_ring;
use deepshare_reference::party::{PartyError, Role};
use deepshare_reference::plan::StepConvention;
use deepshare_reference::primitives::roles::Party;
use deepshare_reference::primitives::stage::Played;
use deepshare_reference::values::{Concrete, Width};

/// A planted leak.
pub struct Leak {
    /// Its name.
    pub name: &'static str,
    /// What is wrong.
    pub what: &'static str,
    /// Who learns something of the other's input; nobody by a defect of a simulator.
    pub learns: Option<Role>,
    /// The case, with the defect in it.
    pub case: Case,
}

/// What the check finds of a leak.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The corrupted party against which real and ideal world differ.
    pub corrupted: Role,
    /// Where they differ.
    pub difference: Difference,
    /// If a party learns something: two inputs of the other that its view tells apart.
    pub tells: Option<Difference>,
}

impl Leak {
    /// What the check finds; `None` if the leak survives: if the worlds agree, or if the view of the party that is said to
    /// learn something tells nothing.
    ///
    /// # Errors
    /// [`VerifyError`]: no statement.
    pub fn found(&self) -> Result<Option<Evidence>, VerifyError> {
        let suspects = match self.learns {
            Some(role) => vec![role],
            None => vec![Role::Server, Role::Client],
        };
        for corrupted in suspects {
            let Some(difference) = self.case.first_difference(corrupted)? else { continue };
            let tells = if self.learns.is_some() { self.case.tells(corrupted)? } else { None };
            if self.learns.is_none() || tells.is_some() {
                return Ok(Some(Evidence { corrupted, difference, tells }));
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
    Ok([gates(two), bits(three), others(two), backends(two), simulators(two)].into_iter().flatten().collect())
}

/// Where a defect is planted.
enum Planted {
    /// In the dealer's or the client's coins; this party learns something.
    Coins(Option<Role>, CoinFault),
    /// In the simulator's coins.
    Simulator(CoinFault),
    /// In the simulator itself.
    Itself,
}

fn leak(
    (name, what): (&'static str, &'static str),
    width: Width,
    protocol: impl Protocol + 'static,
    planted: Planted,
) -> Leak {
    leak_of("gmw", (name, what), width, protocol, planted)
}

fn leak_of(
    backend: &'static str,
    (name, what): (&'static str, &'static str),
    width: Width,
    protocol: impl Protocol + 'static,
    planted: Planted,
) -> Leak {
    let (learns, fault, simulator_fault) = match planted {
        Planted::Coins(learns, fault) => (learns, Some(fault), None),
        Planted::Simulator(fault) => (None, None, Some(fault)),
        Planted::Itself => (None, None, None),
    };
    let (protocol, width) = (Box::new(protocol), width.bits());
    let case = Case { backend, name: name.to_owned(), width, protocol, fault, simulator_fault };
    Leak { name, what, learns, case }
}

fn service(width: Width, calls: &[usize]) -> Service {
    Service { width, calls: calls.to_vec(), from: From::Bit, masked_again: false }
}

/// The dealer of one element draws a, shares of a as a bit and as a ring element, b, shares of b and of a b. Of two
/// elements of a call it draws each of the last three twice in a row; of two calls the three again.
fn gates(width: Width) -> Vec<Leak> {
    let of = |name, what, calls: &[usize], learns, fault| {
        let protocol = WithDealer(service(width, calls));
        leak((name, what), width, protocol, Planted::Coins(Some(learns), fault))
    };
    let again = ("delta-twice-under-a-constant", "d is opened under two masks a, and the second is 0");
    let twice = WithDealer(Service { masked_again: true, ..service(width, &[1, 1]) });
    let repeated = "one b masks two elements of a layer: eps differ by x - x'";
    let later = "b of an earlier layer masks an element of a later one";
    let share = "the server's ring share of a is 0: the client gets a";
    let product = "the server's share of a b is 0: the client gets a b";
    vec![
        of("element-mask-twice-in-a-layer", repeated, &[2], Role::Server, Repeat(3, 4)),
        of("element-mask-in-a-later-layer", later, &[1, 1], Role::Client, Repeat(3, 6)),
        of("unmasked-opening", "b is 0: eps is x", &[1], Role::Server, Constant(3, 0)),
        of("biased-mask", "the low bit of b is 1 in a quarter of all cases", &[1], Role::Client, Biased(3)),
        of("constant-gate-mask", "a is 0: delta is d", &[1], Role::Server, Constant(0, 0)),
        of("constant-share-of-a-gate-mask", share, &[1], Role::Client, Constant(2, 0)),
        of("constant-share-of-a-product", product, &[1], Role::Client, Constant(5, 0)),
        leak(again, width, twice, Planted::Coins(Some(Role::Client), Constant(6, 0))),
    ]
}

/// The dealer of a step bit of two leaves draws u, v and a share of u v for each, then b, shares of b and of a b.
fn bits(width: Width) -> Vec<Leak> {
    let of = |name, what, learns, fault| {
        let bit = StepBit { width, step: StepConvention::Nonnegative };
        leak((name, what), width, WithDealer(OverTriples(bit)), Planted::Coins(Some(learns), fault))
    };
    let counter = "two leaves have one u: the client sees a xor a'";
    let product = "a leaf's u, which the server has, masks a product's operand";
    let triples = "two triples have one share c0: the client gets u v xor u' v'";
    vec![
        of("counter-that-stands-still", counter, Role::Client, Repeat(0, 3)),
        of("unmasked-leaf", "v is 0: the server sees the client's bit", Role::Server, Constant(1, 0)),
        of("leaf-mask-for-a-product", product, Role::Server, Repeat(0, 6)),
        of("share-of-a-triple-twice", triples, Role::Client, Repeat(2, 5)),
    ]
}

fn others(width: Width) -> Vec<Leak> {
    let script = |shared, calls| Scripted::new(Gmw, width, StepConvention::Nonnegative, shared, calls);
    let multiply = |x, weights| Call::Multiply { x, weights };
    let quotient = WithDealer(Quotient(Carries { width, shift: 1 }));
    let inputs = script(vec![1, 1], vec![multiply(0, None), multiply(1, Some(0))]);
    let weights = script(vec![1], vec![multiply(0, None), multiply(0, None)]);
    let shares = script(vec![], vec![Call::Input { len: 1 }, Call::Input { len: 1 }]);
    let carries = ("one-mask-for-both-carries", "the two deltas of a truncation differ by c xor w");
    let input = ("input-mask-twice", "one a masks two inputs of a linear layer: e differ by x - x'");
    let weight = ("weight-mask-twice", "one B masks two weights: F differ by W - W'");
    let share = ("share-of-an-input-twice", "two inputs have one x0: their shares at the server are not independent");
    vec![
        leak(carries, width, quotient, Planted::Coins(Some(Role::Server), Repeat(0, 3))),
        leak(input, width, inputs, Planted::Coins(Some(Role::Server), Repeat(1, 3))),
        leak(weight, width, weights, Planted::Coins(Some(Role::Client), Repeat(0, 3))),
        leak(share, width, shares, Planted::Coins(None, Repeat(0, 1))),
    ]
}

/// In the world of `ot` the server's share of a carry is the first draw, in that of `fss` the dealer's mask of an element.
fn backends(width: Width) -> Vec<Leak> {
    let step = StepConvention::Nonnegative;
    let layer = Call::Activate { x: 0, prototypes: vec![0], gated: vec![0], earlier: vec![], served: vec![0] };
    let ot = Scripted::new(Ot, width, step, vec![1], vec![layer.clone()]);
    let fss = Scripted::new(Fss(Serving::Payload), width, step, vec![1], vec![layer]);
    let carry = ("carry-in-the-clear", "the server's share of a carry is 0: the client gets the carry");
    let input = ("opened-without-a-mask", "the dealer's r is 0: what is opened for the comparison is x");
    let zero = |learns| Planted::Coins(Some(learns), Constant(0, 0));
    vec![leak_of("ot", carry, width, ot, zero(Role::Client)), leak_of("fss", input, width, fss, zero(Role::Server))]
}

/// The simulator of one element draws shares of a (two), of b, of a b, of delta, of eps; for a later use of b, a b, eps.
fn simulators(width: Width) -> Vec<Leak> {
    let of = |calls: &[usize]| WithDealer(service(width, calls));
    let repeats = ("simulator-repeats-itself", "the simulated shares of a b and of eps are one draw");
    let layer = ("simulator-repeats-a-layer", "the simulated eps of a later layer is that of the first");
    let looks = ("simulator-looks-at-the-secret", "the simulated share of eps is the honest party's element");
    vec![
        leak(repeats, width, of(&[1]), Planted::Simulator(Repeat(3, 5))),
        leak(layer, width, of(&[1, 1]), Planted::Simulator(Repeat(5, 8))),
        leak(looks, width, Peeks(of(&[1])), Planted::Itself),
    ]
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
