//! Real transcripts and simulated ones, with all messages real: the same frames, and samples of their payloads.
//!
//! A program with every functionality runs on shares and inputs that are always the same, with fresh coins, in the real world
//! and with a corrupted party's real program against its simulator. What the party receives must have the same labels,
//! directions, rounds and lengths, frame by frame; what is claimed to be uniform is tested, and all of it is compared.

use super::bounds::Bits;
use super::claims::SampleError;
use super::sample::Sample;
use deepshare_reference::backend::fss::FssParty;
use deepshare_reference::backend::garbled::GarbledBackend;
use deepshare_reference::backend::ot::{Dealt, Gilboa, OtBackend};
use deepshare_reference::backend::run::{Outcome, Session, Sides};
use deepshare_reference::backend::run_fss::fss;
use deepshare_reference::backend::run_garbled::garbled;
use deepshare_reference::backend::run_ot::ot;
use deepshare_reference::backend::run_simulated::{Followed, HandedOver, Share, against};
use deepshare_reference::backend::simulated::FssSimulator;
use deepshare_reference::backend::{Activation, Backend, Program};
use deepshare_reference::gate::fss::Serving;
use deepshare_reference::party::coins::SeedCoins;
use deepshare_reference::party::local::{Endpoint, LocalNet};
use deepshare_reference::party::transcript::{Entry, Transcript};
use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::{Content, PartyError, Phase, Role, SessionId};
use deepshare_reference::plan::StepConvention;
use deepshare_reference::primitives::dcf::real::Keyed;
use deepshare_reference::primitives::dcf::simulator::UniformKeys;
use deepshare_reference::primitives::ideal::Nobody;
use deepshare_reference::primitives::ot::extension::OtParty;
use deepshare_reference::primitives::ot::real_simulator::PeerSimulator;
use deepshare_reference::primitives::ot::tweak::Purpose;
use deepshare_reference::primitives::stage::Stage;
use deepshare_reference::values::{Concrete, LinearMap, Ranges, Ring, Shape, Width};
use std::collections::BTreeMap;

/// Elements of the program's vectors.
const ELEMENTS: usize = 64;
/// Of these, gates.
const GATES: usize = 32;

/// A backend all of whose messages are real.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Real {
    /// `ot`.
    Ot,
    /// `garbled`.
    Garbled,
    /// `fss` or `fss-select`.
    Fss(Serving),
}

impl Real {
    /// All of them.
    pub const ALL: [Real; 4] = [Real::Ot, Real::Garbled, Real::Fss(Serving::Payload), Real::Fss(Serving::Select)];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Real::Ot => "ot",
            Real::Garbled => "garbled",
            Real::Fss(serving) => serving.backend(),
        }
    }
}

/// Input, a linear layer, an activation layer with replicates, a later use, a truncation, output.
struct Walk {
    width: Width,
    map: LinearMap,
    prototypes: Ranges,
    gated: Ranges,
    served: Ranges,
}

impl Walk {
    fn new() -> Result<Walk, SampleError> {
        let served: Vec<(usize, usize)> = (0..ELEMENTS / GATES).map(|_| (0, GATES)).collect();
        Ok(Walk {
            width: Width::new(16)?,
            map: LinearMap::dense(Shape::new(4, 1, 1)?, 4)?,
            prototypes: Ranges::new(ELEMENTS, [(0, GATES)])?,
            gated: Ranges::all(ELEMENTS),
            served: Ranges::new(GATES, served)?,
        })
    }
}

impl Program for Walk {
    async fn run<B: Backend>(&self, backend: &mut B, own: Vec<B::Share>) -> Result<Vec<B::Share>, PartyError> {
        let mut own = own.into_iter();
        let weights = if backend.role() == Role::Server { own.next() } else { None };
        let weights = backend.weights(&self.map, self.width, weights.as_ref()).await?;
        let image = if backend.role() == Role::Client { own.next() } else { None };
        let x = backend.input(image.as_ref(), self.width, ELEMENTS).await?;
        let x = backend.linear(&weights, &x, ELEMENTS / 4).await?;
        let (step, prototypes, gated, served) =
            (StepConvention::Nonnegative, &self.prototypes, &self.gated, &self.served);
        let layer = Activation { step, prototypes, gated, served };
        let (mut gates, x) = backend.activate(&layer, &x, Vec::new()).await?;
        let x = backend.apply(&mut [&mut gates], &self.served, &x).await?;
        let x = backend.truncate(&x, 3).await?;
        Ok(backend.output(&x).await?.into_iter().collect())
    }
}

/// A frame's shape: all that is public of it.
type Frame = (&'static str, Phase, u32, Content, u64);

/// What a party sends and receives, in the order of each direction.
fn frames(transcript: &Transcript, party: Role) -> BTreeMap<(Role, Role), Vec<Frame>> {
    let mut frames = BTreeMap::<_, Vec<Frame>>::new();
    for entry in transcript.entries().iter().filter(|entry| entry.from == party || entry.to == party) {
        let Entry { step, phase, round, content, wire_bytes, .. } = entry;
        frames.entry((entry.from, entry.to)).or_default().push((step, *phase, *round, *content, *wire_bytes));
    }
    frames
}

/// Runs of a backend in both worlds.
pub struct Runs {
    /// The backend.
    pub backend: Real,
    /// The corrupted party.
    pub corrupted: Role,
    /// How many frames a run has.
    pub frames: usize,
    /// The first frame that differs, if any.
    pub difference: Option<String>,
    /// Samples of all that the party receives.
    pub samples: Vec<Sample>,
}

/// Runs a backend in both worlds, so many times.
///
/// # Errors
/// What a role reports.
pub fn runs(backend: Real, corrupted: Role, seed: &Seed, count: usize) -> Result<Runs, SampleError> {
    let walk = Walk::new()?;
    let sides = Sides {
        server: vec![Ring::new(walk.width, vec![1; walk.map.weights()])],
        client: vec![Ring::new(walk.width, vec![0; ELEMENTS])],
    };
    let (mut received, mut difference, mut total) = (BTreeMap::new(), None, 0);
    for number in 0..count {
        let id = SessionId(std::array::from_fn(|i| number.to_le_bytes().get(i).copied().unwrap_or(0)));
        let session = || Session { id, transcript: Transcript::observed() };
        let seed = seed.for_session(id);
        let real = real(backend, &walk, sides.clone(), &seed, session())?;
        let ideal = simulated(backend, &walk, corrupted, &sides, &seed, session(), &real.outputs.client)?;
        let [shapes, others] = [&real.transcript, &ideal].map(|transcript| frames(transcript, corrupted));
        total = shapes.values().map(Vec::len).sum();
        difference = difference.or_else(|| first_difference(&shapes, &others));
        for (world, transcript) in [(0, &real.transcript), (1, &ideal)] {
            for entry in transcript.entries().iter().filter(|entry| entry.to == corrupted) {
                let sample: &mut Received = received.entry((entry.from, entry.step)).or_default();
                sample.add(world, entry);
            }
        }
    }
    let name = format!("{}, {corrupted}", backend.name());
    let samples = received.iter().flat_map(|((_, step), received)| received.samples(&name, step)).collect();
    Ok(Runs { backend, corrupted, frames: total, difference, samples })
}

/// All payloads of a step, of the real world and of the simulated one.
#[derive(Default)]
struct Received {
    worlds: [Bits; 2],
    element_bits: usize,
    /// Bits of the first frame.
    frame: usize,
}

impl Received {
    fn add(&mut self, world: usize, entry: &Entry) {
        let bits = usize::try_from(entry.content.bits()).unwrap_or(0);
        let payload = Bits::from_bytes(entry.payload.as_deref().unwrap_or_default(), bits);
        if self.frame == 0 {
            (self.element_bits, self.frame) = (entry.content.element_bits as usize, bits);
        }
        if let Some(all) = self.worlds.get_mut(world) {
            all.extend(&payload);
        }
    }

    /// Two samples of every step; and of those that are claimed to be uniform the real one. Elements of the group have
    /// columns of 256 bits; a batch of keys begins with its version; an output is the client's own.
    fn samples(&self, name: &str, step: &str) -> Vec<Sample> {
        let [real, simulated] = &self.worlds;
        let what = format!("{name}: {step}");
        let group = step.starts_with("base-ot/");
        let columns = if group { 256 } else { self.element_bits.max(1) };
        let mut samples = vec![Sample::same(what.clone(), real.clone(), simulated.clone(), columns)];
        if !group && step != "dcf/deal-keys" && step != "output" {
            samples.push(Sample::uniform(what, real.clone(), &[self.frame], columns));
        }
        samples
    }
}

fn first_difference(
    real: &BTreeMap<(Role, Role), Vec<Frame>>,
    ideal: &BTreeMap<(Role, Role), Vec<Frame>>,
) -> Option<String> {
    if real.keys().ne(ideal.keys()) {
        return Some("other roles send".to_owned());
    }
    for ((from, to), real) in real {
        let ideal = ideal.get(&(*from, *to)).map(Vec::as_slice).unwrap_or_default();
        if let Some(number) = (0..real.len().max(ideal.len())).find(|&i| real.get(i) != ideal.get(i)) {
            return Some(format!(
                "frame {number} from {from} to {to}: {:?}, {:?}",
                real.get(number),
                ideal.get(number)
            ));
        }
    }
    None
}

fn real(
    backend: Real,
    walk: &Walk,
    sides: Sides<Ring>,
    seed: &Seed,
    session: Session,
) -> Result<Outcome<Ring>, PartyError> {
    match backend {
        Real::Ot => ot(walk, sides, seed, session),
        Real::Garbled => garbled(walk, sides, seed, session),
        Real::Fss(serving) => fss(walk, sides, serving, seed, session),
    }
}

/// The stage of a simulator in these runs: nothing is hybrid, so its adversary chooses nothing.
type SeedStage = Stage<Endpoint<Vec<u8>>, SeedCoins, HandedOver<Nobody>>;

/// The corrupted party's real program against its simulator; what travels.
fn simulated(
    backend: Real,
    walk: &Walk,
    corrupted: Role,
    sides: &Sides<Ring>,
    seed: &Seed,
    Session { id, transcript }: Session,
    opened: &[Ring],
) -> Result<Transcript, PartyError> {
    let net = LocalNet::new(id, transcript);
    let coins = |purpose| SeedCoins::new(seed, purpose, corrupted);
    let share = Share::default();
    let handed = HandedOver {
        adversary: Nobody::new(coins("nobody")),
        opened: opened.iter().cloned().collect(),
        share: share.clone(),
    };
    let (peer, trusted) = (net.endpoint(corrupted.peer()), net.endpoint(Role::Trusted));
    let stage: SeedStage = Stage { peer, trusted, coins: coins("simulator"), handed };
    let own = if corrupted == Role::Server { sides.server.clone() } else { sides.client.clone() };
    let (end, drawn) = (net.endpoint(corrupted), coins("corrupted party"));
    match backend {
        Real::Ot => {
            let simulator = async {
                let ots = PeerSimulator::set_up(stage, &Purpose::OT).await?;
                walk.run(&mut OtBackend::<_, Gilboa>::new(ots), Vec::new()).await
            };
            let party = async {
                let ots = OtParty::<Concrete, _, _>::set_up(end, drawn, id, &Purpose::OT).await?;
                walk.run(&mut Followed::new(OtBackend::<_, Gilboa>::new(ots), share), own).await
            };
            against(&net, corrupted, simulator, party)?;
        }
        Real::Garbled => {
            let simulator = async {
                let ots = PeerSimulator::set_up(stage, &Purpose::GARBLED).await?;
                walk.run(&mut GarbledBackend::<_, Dealt>::new(ots), Vec::new()).await
            };
            let party = async {
                let ots = OtParty::<Concrete, _, _>::set_up(end, drawn, id, &Purpose::GARBLED).await?;
                walk.run(&mut Followed::new(GarbledBackend::<_, Dealt>::new(ots), share), own).await
            };
            against(&net, corrupted, simulator, party)?;
        }
        Real::Fss(serving) => {
            let mut simulator = FssSimulator::new(stage, UniformKeys, serving);
            let party = FssParty::<Concrete, _, _, _>::new(end, drawn, Keyed::new(id), serving);
            let mut party = Followed::new(party, share);
            against(&net, corrupted, walk.run(&mut simulator, Vec::new()), walk.run(&mut party, own))?;
        }
    }
    Ok(net.transcript())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A frame that is missing, longer, in another round or under another label is a difference.
    #[test]
    fn other_shapes_are_differences() {
        let content = Content { element_bits: 1, ring: false, count: 8 };
        let frame: Frame = ("and/opened", Phase::Online, 2, content, 40);
        let roles = (Role::Server, Role::Client);
        let map = |frames: Vec<Frame>| BTreeMap::from([(roles, frames)]);
        let real = map(vec![frame, frame]);
        assert_eq!(first_difference(&real, &real), None);
        let (label, phase, round, content, bytes) = frame;
        let longer = Content { count: 9, ..content };
        let others = [(label, phase, 3, content, bytes), (label, phase, round, longer, bytes)];
        for other in others.into_iter().chain([("input", phase, round, content, bytes)]) {
            assert!(first_difference(&real, &map(vec![frame, other])).unwrap().contains("frame 1"));
        }
        assert!(first_difference(&real, &map(vec![frame])).is_some());
        assert!(first_difference(&real, &BTreeMap::new()).is_some());
    }
}
