//! One hostile run, and what is wrong with how the honest parties ended. [DS-HOSTILE-2] [DS-HOSTILE-3]

use super::backend::{Behaviour, Outcome};
use super::kind::Kind;
use super::mutate::Change;
use super::oracle::Verdict;
use super::record::Place;
use deepshare_reference::party::{PartyError, Role};

/// A mutation of a campaign.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its number in the campaign.
    pub number: u64,
    /// The number of the frame among all of the honest session.
    pub place: usize,
    /// What is done.
    pub kind: Kind,
    /// What it does to the frame.
    pub change: Change,
    /// What the specification says about it.
    pub verdict: Verdict,
}

/// What no run may end with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// A party panicked.
    Panic {
        /// What it said.
        message: String,
    },
    /// The parties wait for one another, although no frame is missing.
    Hang {
        /// Who waits for whom.
        waiting: String,
    },
    /// An honest party has an output after a malformed frame.
    Output {
        /// The party.
        role: Role,
    },
    /// The receiver of a malformed frame ends otherwise than the specification says.
    Error {
        /// How it ends.
        found: String,
    },
    /// The frame that arrives is the honest one, and the client's output is another than in an honest session.
    Unchanged,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Failure::Panic { message } => write!(f, "a party panicked: {message}"),
            Failure::Hang { waiting } => write!(f, "no frame is missing, and yet there is a {waiting}"),
            Failure::Output { role } => write!(f, "the {role} has an output after a malformed frame"),
            Failure::Error { found } => write!(f, "the receiver ended otherwise than the specification says: {found}"),
            Failure::Unchanged => {
                write!(f, "nothing was changed, and yet the client's output is not that of an honest session")
            }
        }
    }
}

/// What is wrong with how a run ended. The first in the order of [`Failure`]'s variants counts.
pub fn examine(case: &Case, place: &Place, behaviour: &Behaviour, outcome: &Outcome) -> Option<Failure> {
    let ends = [
        (Role::Trusted, outcome.trusted.as_ref().map(|()| 0)),
        (Role::Server, outcome.server.as_ref().map(Vec::len)),
        (Role::Client, outcome.client.as_ref().map(Vec::len)),
    ];
    let honest = || ends.iter().filter(|(role, _)| behaviour.attacker != Some(*role));
    let stuck = honest().find_map(|(_, end)| end.err().filter(|error| matches!(error, PartyError::Deadlock { .. })));
    let (step, codes) = match &case.verdict {
        Verdict::WellFormed => return stuck.map(|error| Failure::Hang { waiting: error.to_string() }),
        Verdict::Malformed { step, codes } => (*step, codes),
    };
    if let Some(error) = stuck.filter(|_| !codes.contains(&"party/deadlock")) {
        return Some(Failure::Hang { waiting: error.to_string() });
    }
    if let Some((role, _)) = honest().find(|(_, end)| end.is_ok_and(|outputs| outputs > 0)) {
        return Some(Failure::Output { role: *role });
    }
    let (_, end) = ends.iter().find(|(role, _)| *role == place.to)?;
    match end {
        Err(error) if codes.contains(&error.code()) && names(error, case, place, step) => None,
        Err(error) => Some(Failure::Error { found: format!("{error} [{}]", error.code()) }),
        Ok(_) => Some(Failure::Error { found: "without an error".to_owned() }),
    }
}

/// Whether an error is the receiver's own, about the sender, at the step.
fn names(error: &PartyError, case: &Case, place: &Place, step: &str) -> bool {
    match error {
        PartyError::Frame { role, from, step: found, .. } => (*role, *from, *found) == (place.to, place.from, step),
        // a sender that has ended sends nothing to its other receiver either, which may then have ended first
        PartyError::Closed { role, from, .. } if case.change == Change::Close && *from != place.from => {
            *role == place.to && place.from == Role::Trusted
        }
        PartyError::Closed { role, from, step: found } => (*role, *from, *found) == (place.to, place.from, step),
        PartyError::Deadlock { waiting } => {
            waiting.contains(&format!("{} waits for {} at step {step}", place.to, place.from))
        }
        _ => false,
    }
}
