//! A campaign: every kind of mutation at every step, then random ones, all from one seed. [DS-HOSTILE-4]

use super::backend::{Backend, Behaviour, Outcome};
use super::case::{Case, Failure, examine};
use super::dice::Dice;
use super::fault::Fault;
use super::kind::Kind;
use super::medium::Attack;
use super::mutate::{Change, change, verdict};
use super::record::{Place, Record, Recorder};
use crate::error::CliError;
use crate::printable::Name;
use crate::seed::session;
use deepshare_reference::backend::run::{Session, Sides};
use deepshare_reference::network::Network;
use deepshare_reference::network::inference::Inference;
use deepshare_reference::party::coins::SeedCoins;
use deepshare_reference::party::local::LocalNet;
use deepshare_reference::party::transcript::Transcript;
use deepshare_reference::party::xof::{Label, Seed};
use deepshare_reference::party::{Coins, PartyError, Role};
use deepshare_reference::values::{Concrete, Ring};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

/// The program under attack: a small network with every functionality, of which most vectors end in filling bits.
pub const PROGRAM: &str = include_str!("program.json");

/// One program, one backend, one seed: everything but the mutations.
pub struct Campaign {
    backend: Backend,
    seed: Seed,
    session: Session,
    program: Inference,
    own: Sides<Ring>,
    record: Rc<Record>,
    foreign: Record,
    /// What the client gets in the honest session.
    output: Vec<Ring>,
    /// The systematic part: places and kinds.
    systematic: Vec<(usize, Kind)>,
}

impl Campaign {
    /// Runs two honest sessions, the one to attack and the one that frames of another session come from.
    ///
    /// # Errors
    /// [`CliError::Network`] if the program is no valid network, [`CliError::Party`] if the honest session fails.
    pub fn new(backend: Backend, seed: &Seed) -> Result<Campaign, CliError> {
        let file = || Name::from("the program under attack");
        let network = Network::from_json(PROGRAM).map_err(|source| CliError::Network { file: file(), source })?;
        let mut coins = SeedCoins::new(seed, "inputs", Role::Client);
        let party = |source| CliError::Party { world: backend.name(), source };
        let elements = network.input().shape.elements();
        let image = Coins::<Concrete>::ring(&mut coins, network.width(), elements).map_err(party)?;
        let server = Inference::server_inputs(&network).ok_or_else(|| CliError::ShapeOnly { file: file() })?;
        let own = Sides { server, client: vec![image] };
        let program = Inference::new(&network, 1);
        let digest = network.session_part(backend.name(), 1).digest();
        let label = Label { protocol: "hostile", party: Role::Trusted, purpose: "another session" };
        let record = |seed: &Seed| {
            let session = session(seed, &digest, Transcript::default());
            honest(backend, &program, &own, seed, &session).map_err(party)
        };
        let (foreign, _) = record(&seed.derive(label, b""))?;
        let (record, output) = record(seed)?;
        let record = Rc::new(record);
        let session = session(seed, &digest, Transcript::default());
        let (seed, systematic) = (*seed, Vec::new());
        let mut campaign = Campaign { backend, seed, session, program, own, record, foreign, output, systematic };
        campaign.systematic = campaign.all_kinds_at_all_steps();
        Ok(campaign)
    }

    fn all_kinds_at_all_steps(&self) -> Vec<(usize, Kind)> {
        let mut dice = Dice::new(&self.seed, u64::MAX);
        let mut all = Vec::new();
        for place in self.record.steps() {
            let possible = |kind: &Kind| change(*kind, &self.record, &self.foreign, place, &mut dice).is_some();
            all.extend(Kind::all().filter(possible).map(|kind| (place, kind)));
        }
        all
    }

    /// The backend.
    pub fn backend(&self) -> Backend {
        self.backend
    }

    /// What an honest session sends.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// Mutations that it takes to have every possible kind at every step.
    pub fn systematic(&self) -> u64 {
        self.systematic.len() as u64
    }

    /// Mutation number `number`; the same for the same backend and seed.
    pub fn case(&self, number: u64) -> Case {
        let mut dice = Dice::new(&self.seed, number);
        let fixed = usize::try_from(number).ok().and_then(|number| self.systematic.get(number));
        let kinds: Vec<Kind> = Kind::all().collect();
        loop {
            let random = (dice.index(self.record.places.len()), dice.pick(&kinds).unwrap_or(Kind::Empty));
            let (place, kind) = fixed.copied().unwrap_or(random);
            // some kinds can do nothing at some places; others, such as an empty frame, can everywhere
            if let Some(case) = self.mutation(number, place, kind, &mut dice) {
                return case;
            }
        }
    }

    /// What a kind does at a place, if it can do something there.
    pub fn mutation(&self, number: u64, place: usize, kind: Kind, dice: &mut Dice<'_>) -> Option<Case> {
        let change = change(kind, &self.record, &self.foreign, place, dice)?;
        self.with(number, place, kind, change)
    }

    /// A change at a place, with what the specification says about it.
    pub fn with(&self, number: u64, place: usize, kind: Kind, change: Change) -> Option<Case> {
        let verdict = verdict(&self.record, place, &change)?;
        Some(Case { number, place, kind, change, verdict })
    }

    /// Carries out a mutation; what no run may end with, if it does. The fault is one of the receivers'.
    pub fn attempt(&self, case: &Case, fault: Fault) -> Option<Failure> {
        let place = self.record.place(case.place)?;
        let behaviour = Behaviour { attacker: Some(place.from), fault, ..Behaviour::default() };
        let conduct = behaviour.conduct.clone();
        let attack = Attack::new(&self.record, case.place, case.change.clone(), fault, conduct)?;
        let net = LocalNet::new(self.session.id, Transcript::default());
        net.intercept(Box::new(attack));
        let seed = self.seed.for_session(self.session.id);
        let run = || self.backend.run(&self.program, self.own.clone(), &seed, &net, &behaviour);
        match catch_unwind(AssertUnwindSafe(run)) {
            Ok(outcome) => examine(case, place, &behaviour, &outcome).or_else(|| self.unchanged(case, place, &outcome)),
            Err(reason) => Some(Failure::Panic { message: message(reason.as_ref()) }),
        }
    }

    /// Where the frame that arrives is the honest one, the session ends as the honest one does.
    fn unchanged(&self, case: &Case, place: &Place, outcome: &Outcome) -> Option<Failure> {
        let same = matches!(&case.change, Change::Replace(frame) if *frame == place.frame);
        (same && outcome.client.as_ref() != Ok(&self.output)).then_some(Failure::Unchanged)
    }

    /// What the client brings to the session that is attacked: an image.
    pub fn input(&self) -> &[Ring] {
        &self.own.client
    }

    /// What the client gets in the honest session.
    pub fn output(&self) -> &[Ring] {
        &self.output
    }
}

/// An honest session, recorded; and what the client gets.
fn honest(
    backend: Backend,
    program: &Inference,
    own: &Sides<Ring>,
    seed: &Seed,
    session: &Session,
) -> Result<(Record, Vec<Ring>), PartyError> {
    let net = LocalNet::new(session.id, Transcript::default());
    let recorder = Recorder::default();
    net.intercept(Box::new(recorder.clone()));
    let ends = backend.run(program, own.clone(), &seed.for_session(session.id), &net, &Behaviour::default());
    let output = ends.trusted.and(ends.server).and(ends.client)?;
    let record = Record::new(session.id, &net.transcript(), &recorder, |step| backend.payload_rule(step));
    Ok((record, output))
}

fn message(reason: &(dyn std::any::Any + Send)) -> String {
    let text = reason.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| reason.downcast_ref::<String>().cloned()).unwrap_or_else(|| "without a message".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A session in which nothing was changed must have the honest output.
    #[test]
    #[allow(clippy::unwrap_used)]
    fn an_output_that_differs_is_noticed_where_nothing_was_changed() {
        let mut campaign = Campaign::new(Backend::Gmw, &Seed([5; 32])).unwrap();
        let frame = campaign.record.place(3).unwrap().frame.clone();
        let same = campaign.with(0, 3, Kind::Garbage, Change::Replace(frame)).unwrap();
        assert_eq!(campaign.attempt(&same, Fault::None), None);
        campaign.output.clear();
        assert_eq!(campaign.attempt(&same, Fault::None), Some(Failure::Unchanged));
    }
}
