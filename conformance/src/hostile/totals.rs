//! What a campaign counts.

use super::campaign::Campaign;
use super::case::{Case, Failure};
use super::fault::Fault;
use super::kind::{Group, Kind};
use super::oracle::Verdict;
use std::collections::BTreeMap;

/// The counts of one backend.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    /// Mutations that were carried out.
    pub mutations: u64,
    /// Those that the specification calls malformed.
    pub malformed: u64,
    /// The others.
    pub well_formed: u64,
    /// Runs in which a party panicked.
    pub panics: u64,
    /// Runs in which the parties waited for one another although no frame was missing.
    pub hangs: u64,
    /// Runs in which an honest party had an output after a malformed frame.
    pub outputs: u64,
    /// Runs in which the receiver of a malformed frame ended otherwise than the specification says.
    pub errors: u64,
    /// Mutations of each kind: malformed ones, well-formed ones.
    pub kinds: BTreeMap<Kind, [u64; 2]>,
    /// Mutations of each group at each step.
    pub steps: BTreeMap<&'static str, BTreeMap<Group, u64>>,
    /// The first run that failed.
    pub first: Option<Offence>,
}

/// A run that failed: with the seed, its number repeats it.
#[derive(Clone, Debug)]
pub struct Offence {
    /// The number of the case.
    pub case: u64,
    /// What it was: kind, step, sender, receiver.
    pub what: String,
    /// What was wrong.
    pub failure: Failure,
}

impl Totals {
    /// Carries out the cases with these numbers; `done` is called after each.
    pub fn of(campaign: &Campaign, numbers: impl Iterator<Item = u64>, fault: Fault, done: impl Fn()) -> Totals {
        let mut totals = Totals::default();
        for number in numbers {
            let case = campaign.case(number);
            totals.count(campaign, &case);
            if let Some(failure) = campaign.attempt(&case, fault) {
                totals.fail(campaign, &case, failure);
            }
            done();
        }
        totals
    }

    /// Adds the counts of other cases of the same campaign.
    pub fn add(&mut self, other: Totals) {
        let sums = [
            (&mut self.mutations, other.mutations),
            (&mut self.malformed, other.malformed),
            (&mut self.well_formed, other.well_formed),
            (&mut self.panics, other.panics),
            (&mut self.hangs, other.hangs),
            (&mut self.outputs, other.outputs),
            (&mut self.errors, other.errors),
        ];
        sums.into_iter().for_each(|(sum, more)| *sum += more);
        for (kind, [malformed, well_formed]) in other.kinds {
            let [all_malformed, all_well_formed] = self.kinds.entry(kind).or_default();
            *all_malformed += malformed;
            *all_well_formed += well_formed;
        }
        for (step, groups) in other.steps {
            let all = self.steps.entry(step).or_default();
            groups.into_iter().for_each(|(group, count)| *all.entry(group).or_default() += count);
        }
        self.first = self.first.take().into_iter().chain(other.first).min_by_key(|offence| offence.case);
    }

    fn count(&mut self, campaign: &Campaign, case: &Case) {
        let [malformed, well_formed] = self.kinds.entry(case.kind).or_default();
        let (of_kind, of_all) = match case.verdict {
            Verdict::Malformed { .. } => (malformed, &mut self.malformed),
            Verdict::WellFormed => (well_formed, &mut self.well_formed),
        };
        *of_kind += 1;
        *of_all += 1;
        self.mutations += 1;
        if let Some(place) = campaign.record().place(case.place) {
            *self.steps.entry(place.expected.label).or_default().entry(case.kind.group()).or_default() += 1;
        }
    }

    fn fail(&mut self, campaign: &Campaign, case: &Case, failure: Failure) {
        *match failure {
            Failure::Panic { .. } => &mut self.panics,
            Failure::Hang { .. } => &mut self.hangs,
            Failure::Output { .. } => &mut self.outputs,
            Failure::Error { .. } | Failure::Unchanged => &mut self.errors,
        } += 1;
        let place = campaign.record().place(case.place);
        let place = place.map(|p| format!("step {}, {} to {}", p.expected.label, p.from, p.to)).unwrap_or_default();
        let what = format!("{} at {place}", case.kind.name());
        self.first.get_or_insert(Offence { case: case.number, what, failure });
    }

    /// Runs that failed.
    pub fn failures(&self) -> u64 {
        self.panics + self.hangs + self.outputs + self.errors
    }
}
