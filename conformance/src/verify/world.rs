//! Runs of a case in each world, on all coins, in parts: what is seen and how often. [DS-EXH-2] [DS-EXH-3]

use super::check::{Case, local_of};
use super::error::VerifyError;
use super::joint::{Counter, Counts, Packed, Part, mapped};
use super::protocol::{Ideal, Plain, Real, Shared};
use super::tape::{Chooses, Draw, Tape, constant_ring};
use deepshare_reference::backend::run_simulated::{HandedOver, Share};
use deepshare_reference::party::local::LocalNet;
use deepshare_reference::party::transcript::Transcript;
use deepshare_reference::party::{PartyError, Role, SessionId};
use deepshare_reference::primitives::ideal::Leakage;
use deepshare_reference::primitives::stage::Stage;
use std::ops::Range;

/// Lanes of a part, in bits: a part's vectors fit a processor's cache.
const PART_BITS: u32 = 14;

/// Bits of each element of a party's outputs.
pub type Outputs = Vec<u32>;

/// Everything that a corrupted party sees of one pair of inputs in one world, with outputs: of the honest party in the
/// real world, its own in the simulated one.
pub struct Seen {
    /// The parts of a view.
    pub parts: Vec<Part>,
    /// Bits of the outputs' elements.
    pub outputs: Outputs,
    /// What functionalities say to the adversary.
    pub leaked: Vec<Leakage>,
    /// How often each view occurs with each outputs.
    pub counts: Counts,
}

impl Seen {
    /// How often each view occurs.
    pub fn views(&self) -> Counts {
        let outputs: u32 = self.outputs.iter().sum();
        mapped(&self.counts, |joint| joint.checked_shr(outputs).unwrap_or(0))
    }

    /// The parts of a view and of the outputs.
    pub fn all_parts(&self) -> Vec<Part> {
        let output = |bits: &u32| Part { name: "honest output".to_owned(), bits: *bits };
        self.parts.iter().cloned().chain(self.outputs.iter().map(output)).collect()
    }

    /// The messages, in words.
    pub fn messages(&self) -> String {
        let names = self.parts.iter().map(|part| format!("{} ({})", part.name, part.bits));
        names.collect::<Vec<_>>().join(", ")
    }
}

/// A finished run.
struct Done {
    view: Packed,
    leaked: Vec<Leakage>,
    digits: u32,
    outputs: Vec<Shared>,
}

impl Case {
    /// Coin bits of a real run, by a run on one lane.
    ///
    /// # Errors
    /// What the run reports; likewise in all other calls.
    pub fn coins(&self, corrupted: Role) -> Result<u32, VerifyError> {
        Ok(self.real_run([0, 0], corrupted, 0..1)?.digits)
    }

    /// Coin bits of a simulated run.
    ///
    /// # Errors
    /// What the run reports.
    pub fn simulated_coins(&self, corrupted: Role) -> Result<u32, VerifyError> {
        Ok(self.simulated_run([0, 0], corrupted, &self.protocol.plain([0, 0]), 0..1)?.digits)
    }

    /// The real world, with the honest party's outputs.
    ///
    /// # Errors
    /// What a run reports.
    pub fn seen(&self, inputs: [u64; 2], corrupted: Role, coins: u32) -> Result<Seen, VerifyError> {
        self.all_coins(coins, |lanes| self.real_run(inputs, corrupted, lanes))
    }

    /// The simulated world, with the corrupted party's outputs.
    ///
    /// # Errors
    /// What a run reports.
    pub fn simulated(&self, inputs: [u64; 2], corrupted: Role, plain: &Plain, coins: u32) -> Result<Seen, VerifyError> {
        self.all_coins(coins, |lanes| self.simulated_run(inputs, corrupted, plain, lanes))
    }

    /// Runs all lanes, part by part.
    fn all_coins(
        &self,
        coins: u32,
        run: impl Fn(Range<u64>) -> Result<Done, VerifyError>,
    ) -> Result<Seen, VerifyError> {
        let lanes = 1_u64 << coins.min(PART_BITS);
        let mut all: Option<(Seen, Counter)> = None;
        for first in (0..1 << coins).step_by(1 << coins.min(PART_BITS)) {
            let Done { view, leaked, digits, outputs } = run(first..first + lanes)?;
            if digits != coins {
                return Err(VerifyError::Coins { case: self.title(), found: digits, expected: coins });
            }
            let parts = view.parts.clone();
            if all.as_ref().is_some_and(|(seen, _)| (&seen.parts, &seen.leaked) != (&parts, &leaked)) {
                return Err(VerifyError::Uneven { case: self.title() });
            }
            let joint = view.with_outputs(&outputs)?;
            let (_, counter) = all.get_or_insert_with(|| {
                let outputs = joint.parts.iter().skip(parts.len()).map(|part| part.bits).collect();
                (Seen { parts, outputs, leaked, counts: Counts::new() }, Counter::new(joint.bits(), coins))
            });
            counter.add(&joint.lanes);
        }
        let (seen, counter) = all.ok_or_else(|| VerifyError::TooMany { case: self.title(), bits: coins })?;
        Ok(Seen { counts: counter.finish(), ..seen })
    }

    fn failed(&self, source: PartyError) -> VerifyError {
        VerifyError::Run { case: self.title(), source }
    }

    fn real_run(&self, inputs: [u64; 2], corrupted: Role, lanes: Range<u64>) -> Result<Done, VerifyError> {
        let tape = Tape::new(lanes.clone(), self.fault);
        let coins = [tape.other(), tape.other(), tape.other()];
        let [_, server, client] = coins.clone();
        let adversary = Chooses::new(corrupted, tape.other());
        let net = LocalNet::new(SessionId::default(), Transcript::observed());
        let (local, noted) = (self.protocol.local(inputs), adversary.clone());
        let run = Real { lanes: count(&lanes), local, coins, adversary, net: net.clone() };
        let [of_server, of_client] = self.protocol.real(run).map_err(|source| self.failed(source))?;
        let (own, outputs) = if corrupted == Role::Server { (server, of_client) } else { (client, of_server) };
        done(&net, corrupted, (&own.own(), lanes), (&noted, tape.digits()), outputs)
    }

    fn simulated_run(
        &self,
        inputs: [u64; 2],
        corrupted: Role,
        plain: &Plain,
        lanes: Range<u64>,
    ) -> Result<Done, VerifyError> {
        let tape = Tape::new(lanes.clone(), self.simulator_fault);
        let (adversary, coins, share) = (Chooses::new(corrupted, tape.other()), tape.other(), Share::default());
        let net = LocalNet::new(SessionId::default(), Transcript::observed());
        let opened = match corrupted {
            Role::Client => plain.opened.iter().map(|(width, x)| constant_ring(*width, x, count(&lanes))).collect(),
            _ => Default::default(),
        };
        let handed = HandedOver { adversary: adversary.clone(), opened, share: share.clone() };
        let (peer, trusted) = (net.endpoint(corrupted.peer()), net.endpoint(Role::Trusted));
        let stage = Stage { peer, trusted, coins: tape.other(), handed };
        let local = local_of(self.protocol.local(inputs), corrupted);
        let (own, lane_count) = (coins.clone(), count(&lanes));
        let run = Ideal { lanes: lane_count, corrupted, local, coins, stage, share, net: net.clone() };
        let outputs = self.protocol.ideal(run).map_err(|source| self.failed(source))?;
        done(&net, corrupted, (&own.own(), lanes), (&adversary, tape.digits()), outputs)
    }
}

fn count(lanes: &Range<u64>) -> usize {
    usize::try_from(lanes.end - lanes.start).unwrap_or(usize::MAX)
}

fn done(
    net: &LocalNet<Vec<u8>>,
    corrupted: Role,
    (own, lanes): (&[Draw], Range<u64>),
    (adversary, digits): (&Chooses, u32),
    outputs: Vec<Shared>,
) -> Result<Done, VerifyError> {
    let view = Packed::view(&net.transcript(), corrupted, own, lanes)?;
    Ok(Done { view, leaked: adversary.leaked(), digits, outputs })
}
