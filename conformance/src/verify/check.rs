//! The check: for each pair of inputs, all coins in both worlds, and the joint counts compared. [DS-EXH-1] [DS-EXH-3]

use super::error::VerifyError;
use super::joint::{Packed, Part, counted, describe, first_difference};
use super::protocol::{Ideal, Plain, Protocol, Real, Shared};
use super::tape::{Chooses, CoinFault, Draw, Tape};
use deepshare_reference::backend::run_simulated::{HandedOver, Share};
use deepshare_reference::party::local::LocalNet;
use deepshare_reference::party::transcript::Transcript;
use deepshare_reference::party::{PartyError, Role, SessionId};
use deepshare_reference::primitives::ideal::Leakage;
use deepshare_reference::primitives::stage::Stage;
use rayon::prelude::*;

/// Lanes are counted in at most so many digits.
const MOST_COINS: u32 = 28;

/// A case: a protocol under a name, and the defect of coins that is planted in it, if any.
pub struct Case {
    /// The backend.
    pub backend: &'static str,
    /// What the protocol is.
    pub name: String,
    /// The ring's width in bits.
    pub width: u32,
    /// The protocol.
    pub protocol: Box<dyn Protocol>,
    /// A defect of the real world's coins.
    pub fault: Option<CoinFault>,
    /// A defect of the simulator's coins.
    pub simulator_fault: Option<CoinFault>,
}

/// What an enumeration found for one corrupted party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The corrupted party.
    pub corrupted: Role,
    /// Pairs of inputs.
    pub inputs: u64,
    /// Coin bits of a real run, with the adversary's choices.
    pub coins: u32,
    /// Coin bits of a simulated run: the party's own, the simulator's, the adversary's choices.
    pub simulated_coins: u32,
    /// Real executions.
    pub executions: u64,
    /// Distinct pairs of the corrupted party's input and view.
    pub views: u64,
    /// The first difference.
    pub difference: Option<Difference>,
}

/// Where the two worlds differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The inputs, the server's first.
    pub inputs: [u64; 2],
    /// What differs.
    pub what: String,
}

/// A finished run in a world.
struct Done {
    view: Packed,
    leaked: Vec<Leakage>,
    digits: u32,
    shares: Vec<Shared>,
}

/// What was found for one of the corrupted party's inputs.
struct Found {
    views: u64,
    difference: Option<Difference>,
}

impl Case {
    /// The case's name with its backend and width.
    pub fn title(&self) -> String {
        format!("{} {} k = {}", self.backend, self.name, self.width)
    }

    /// Coin bits of a real run, by a run on one lane.
    ///
    /// # Errors
    /// What the run reports.
    pub fn coins(&self, corrupted: Role) -> Result<u32, VerifyError> {
        Ok(self.real([0, 0], corrupted, 1)?.digits)
    }

    /// Pairs of inputs, in bits.
    pub fn input_bits(&self) -> u32 {
        self.protocol.inputs().into_iter().sum()
    }

    /// Enumerates everything for a corrupted party; `done` is told of each of that party's inputs that is finished.
    ///
    /// # Errors
    /// [`VerifyError`]: no statement about the protocol.
    pub fn check(&self, corrupted: Role, done: impl Fn() + Sync) -> Result<Row, VerifyError> {
        let [server, client] = self.protocol.inputs();
        let (own, honest) = if corrupted == Role::Server { (server, client) } else { (client, server) };
        let plain = self.protocol.plain([0, 0]);
        let coins = self.real([0, 0], corrupted, 1)?.digits;
        let simulated = self.ideal([0, 0], corrupted, &plain, 1)?.digits;
        if let Some(bits) = [coins, simulated].into_iter().find(|bits| *bits > MOST_COINS) {
            return Err(VerifyError::TooMany { case: self.title(), bits });
        }
        let parts: Result<Vec<Found>, VerifyError> = (0..1_u64 << own)
            .into_par_iter()
            .map(|own| {
                let part = self.check_own(corrupted, own, honest, [coins, simulated]);
                done();
                part
            })
            .collect();
        let parts = parts?;
        Ok(Row {
            corrupted,
            inputs: 1 << (own + honest),
            coins,
            simulated_coins: simulated,
            executions: 1 << (own + honest + coins),
            views: parts.iter().map(|part| part.views).sum(),
            difference: parts.into_iter().find_map(|part| part.difference),
        })
    }

    /// All inputs of the honest party, for one of the corrupted party.
    fn check_own(&self, corrupted: Role, own: u64, honest: u32, coins: [u32; 2]) -> Result<Found, VerifyError> {
        let mut cached: Option<(Vec<u64>, Plain, Done)> = None;
        let mut views = 0;
        for other in 0..1_u64 << honest {
            let inputs = if corrupted == Role::Server { [own, other] } else { [other, own] };
            let (plain, local) = (self.protocol.plain(inputs), local_of(self.protocol.local(inputs), corrupted));
            // the simulated run has nothing but `local` and what is opened, so it is the same where these are
            let same =
                |(known, plain_then, _): &(Vec<u64>, Plain, Done)| *known == local && plain_then.opened == plain.opened;
            let simulated = match cached.take_if(|cached| same(cached)) {
                Some((_, _, done)) => done,
                None => self.ideal(inputs, corrupted, &plain, 1 << coins[1])?,
            };
            let real = self.real(inputs, corrupted, 1 << coins[0])?;
            for (run, expected) in [(&real, coins[0]), (&simulated, coins[1])] {
                self.drew(run.digits, expected)?;
            }
            let found = compare(corrupted, &plain, real, &simulated, coins)?;
            views = views.max(found.0);
            if let Some(what) = found.1 {
                return Ok(Found { views, difference: Some(Difference { inputs, what }) });
            }
            cached = Some((local, plain, simulated));
        }
        Ok(Found { views, difference: None })
    }

    /// Whether the corrupted party's view tells two inputs of the honest party apart, of which it gets the same: the first
    /// difference between real runs. For planted leaks: a perfect simulation is the stronger statement.
    ///
    /// # Errors
    /// [`VerifyError`]: no statement about the protocol.
    pub fn tells(&self, corrupted: Role) -> Result<Option<Difference>, VerifyError> {
        let [server, client] = self.protocol.inputs();
        let (own, honest) = if corrupted == Role::Server { (server, client) } else { (client, server) };
        let coins = self.real([0, 0], corrupted, 1)?.digits;
        for own in 0..1_u64 << own {
            let pair = |other| if corrupted == Role::Server { [own, other] } else { [other, own] };
            let handed = |other| {
                let local = local_of(self.protocol.local(pair(other)), corrupted);
                (local, self.protocol.plain(pair(other)).opened)
            };
            let view = |other| {
                let view = self.real(pair(other), corrupted, 1 << coins)?.view;
                Ok((counted(&view.lanes, view.bits()), view.parts))
            };
            let (first, parts) = view(0)?;
            for other in (1..1_u64 << honest).filter(|other| handed(*other) == handed(0)) {
                let second = view(other)?.0;
                if let Some((seen, [left, right])) = first_difference((&first, coins), (&second, coins)) {
                    let seen = describe(&parts, seen);
                    let what = format!("{left} of 2^{coins} for one, {right} for the other: {seen}");
                    return Ok(Some(Difference { inputs: pair(other), what }));
                }
            }
        }
        Ok(None)
    }

    fn drew(&self, found: u32, expected: u32) -> Result<(), VerifyError> {
        if found == expected {
            return Ok(());
        }
        Err(VerifyError::Coins { case: self.title(), found, expected })
    }

    fn failed(&self, source: PartyError) -> VerifyError {
        VerifyError::Run { case: self.title(), source }
    }

    /// A real run on lanes, seen by a corrupted party; its outputs are those of the honest party.
    fn real(&self, inputs: [u64; 2], corrupted: Role, lanes: usize) -> Result<Done, VerifyError> {
        let tape = Tape::new(lanes, self.fault);
        let coins = [tape.other(), tape.other(), tape.other()];
        let [_, server, client] = coins.clone();
        let adversary = Chooses::new(corrupted, tape.other());
        let net = LocalNet::new(SessionId::default(), Transcript::observed());
        let run =
            Real { lanes, local: self.protocol.local(inputs), coins, adversary: adversary.clone(), net: net.clone() };
        let [of_server, of_client] = self.protocol.real(run).map_err(|source| self.failed(source))?;
        let (own, shares) = if corrupted == Role::Server { (server, of_client) } else { (client, of_server) };
        done(&net, corrupted, &own.own(), lanes, (&adversary, tape.digits()), shares)
    }

    /// A simulated run on lanes; its outputs are those of the corrupted party.
    fn ideal(&self, inputs: [u64; 2], corrupted: Role, plain: &Plain, lanes: usize) -> Result<Done, VerifyError> {
        let tape = Tape::new(lanes, self.simulator_fault);
        let adversary = Chooses::new(corrupted, tape.other());
        let net = LocalNet::new(SessionId::default(), Transcript::observed());
        let (share, coins) = (Share::default(), tape.other());
        let opened = plain.opened.iter().map(|(width, values)| super::tape::constant_ring(*width, values, lanes));
        let opened = if corrupted == Role::Client { opened.collect() } else { Default::default() };
        let handed = HandedOver { adversary: adversary.clone(), opened, share: share.clone() };
        let (peer, trusted) = (net.endpoint(corrupted.peer()), net.endpoint(Role::Trusted));
        let stage = Stage { peer, trusted, coins: tape.other(), handed };
        let local = local_of(self.protocol.local(inputs), corrupted);
        let run = Ideal { lanes, corrupted, local, coins: coins.clone(), stage, share, net: net.clone() };
        let shares = self.protocol.ideal(run).map_err(|source| self.failed(source))?;
        done(&net, corrupted, &coins.own(), lanes, (&adversary, tape.digits()), shares)
    }
}

fn local_of([server, client]: [Vec<u64>; 2], role: Role) -> Vec<u64> {
    if role == Role::Server { server } else { client }
}

fn done(
    net: &LocalNet<Vec<u8>>,
    corrupted: Role,
    own: &[Draw],
    lanes: usize,
    (adversary, digits): (&Chooses, u32),
    shares: Vec<Shared>,
) -> Result<Done, VerifyError> {
    let view = Packed::view(&net.transcript(), corrupted, own, lanes)?;
    Ok(Done { view, leaked: adversary.leaked(), digits, shares })
}

/// Compares a real run with a simulated one: the number of distinct views of the real run, and what differs first.
fn compare(
    corrupted: Role,
    plain: &Plain,
    real: Done,
    simulated: &Done,
    coins: [u32; 2],
) -> Result<(u64, Option<String>), VerifyError> {
    let honest = honest_outputs(corrupted, plain, &simulated.shares, simulated.view.lanes.len());
    if let Some(what) = different_shape(&real, simulated, &honest) {
        return Ok((0, Some(what)));
    }
    let view_bits = real.view.bits();
    let real = real.view.with_outputs(&real.shares)?;
    let output_bits = real.bits() - view_bits;
    let simulated = simulated.view.clone().with_outputs(&honest)?;
    let parts = real.parts.clone();
    let (left, right) = (counted(&real.lanes, real.bits()), counted(&simulated.lanes, simulated.bits()));
    let mut views: Vec<u128> = left.iter().map(|(joint, _)| joint.checked_shr(output_bits).unwrap_or(0)).collect();
    views.dedup();
    let unequal = first_difference((&left, coins[0]), (&right, coins[1]));
    let what = unequal.map(|(joint, [real, ideal])| {
        let of = |count: u64, bits: u32| format!("{count} of 2^{bits}");
        let seen = describe(&parts, joint);
        format!("real in {}, simulated in {}: {seen}", of(real, coins[0]), of(ideal, coins[1]))
    });
    Ok((views.len() as u64, what))
}

/// What the honest party gets in the ideal world: the values minus the shares that the simulator hands over, and of an
/// honest client what F_Output gives.
fn honest_outputs(corrupted: Role, plain: &Plain, shares: &[Shared], lanes: usize) -> Vec<Shared> {
    let mut values = plain.outputs.iter();
    let mut honest = Vec::new();
    for share in shares {
        let mut rest = Vec::with_capacity(share.values.len());
        for block in share.values.chunks(lanes) {
            let value = values.next().map_or(0, |(_, value)| *value);
            let mask = u64::MAX >> 64_u32.saturating_sub(share.bits);
            rest.extend(block.iter().map(|share| value.wrapping_sub(*share) & mask));
        }
        honest.push(Shared { bits: share.bits, values: rest });
    }
    if corrupted == Role::Server {
        for (width, elements) in &plain.opened {
            let values = elements.iter().flat_map(|&element| std::iter::repeat_n(element, lanes)).collect();
            honest.push(Shared { bits: width.bits(), values });
        }
    }
    honest
}

/// Whether messages, leakage or outputs differ in number or size.
fn different_shape(real: &Done, simulated: &Done, honest: &[Shared]) -> Option<String> {
    if real.view.parts != simulated.view.parts {
        let names =
            |parts: &[Part]| parts.iter().map(|part| format!("{} ({})", part.name, part.bits)).collect::<Vec<_>>();
        let (real, simulated) = (names(&real.view.parts), names(&simulated.view.parts));
        return Some(format!("real messages {}; simulated {}", real.join(", "), simulated.join(", ")));
    }
    if real.leaked != simulated.leaked {
        return Some(format!("the functionality says {:?}, the simulator hears {:?}", real.leaked, simulated.leaked));
    }
    let shape = |outputs: &[Shared], lanes: usize| {
        outputs.iter().map(|output| (output.bits, output.values.len() / lanes)).collect::<Vec<_>>()
    };
    let (left, right) = (shape(&real.shares, real.view.lanes.len()), shape(honest, simulated.view.lanes.len()));
    (left != right).then(|| format!("real outputs have (bits, elements) {left:?}, ideal ones {right:?}"))
}
