//! What an honest session sends: the places at which a hostile one may do something else.

use super::oracle::{Expected, PayloadRule};
use deepshare_reference::party::local::Medium;
use deepshare_reference::party::transcript::Transcript;
use deepshare_reference::party::{Role, SessionId};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A frame of an honest session, and its place: after which frames of the same sender to the same receiver it comes.
#[derive(Clone, Debug)]
pub struct Place {
    /// The sender.
    pub from: Role,
    /// The receiver.
    pub to: Role,
    /// What the receiver expects here.
    pub expected: Expected,
    /// What the honest sender sends.
    pub frame: Vec<u8>,
    /// The sender's frames to this receiver before, from the first.
    pub earlier: Vec<usize>,
    /// The sender's next frame to this receiver.
    pub next: Option<usize>,
}

/// All frames of an honest session, in the order of sending.
#[derive(Clone, Debug)]
pub struct Record {
    /// The places.
    pub places: Vec<Place>,
}

/// A medium that keeps what passes.
#[derive(Clone, Debug, Default)]
pub struct Recorder(Rc<RefCell<Vec<Vec<u8>>>>);

impl Medium<Vec<u8>> for Recorder {
    fn carry(&mut self, _from: Role, _to: Role, frame: Vec<u8>) -> Vec<Vec<u8>> {
        self.0.borrow_mut().push(frame.clone());
        vec![frame]
    }
}

impl Record {
    /// The record of a session, from its public transcript and its frames; a step's payload rule is the backend's.
    pub fn new(
        session: SessionId,
        transcript: &Transcript,
        recorder: &Recorder,
        rule: impl Fn(&str) -> PayloadRule,
    ) -> Record {
        let mut places: Vec<Place> = Vec::new();
        let mut lanes: BTreeMap<(Role, Role), Vec<usize>> = BTreeMap::new();
        for (index, (entry, frame)) in transcript.entries().iter().zip(recorder.0.take()).enumerate() {
            let lane = lanes.entry((entry.from, entry.to)).or_default();
            if let Some(place) = lane.last().and_then(|&last| places.get_mut(last)) {
                place.next = Some(index);
            }
            let expected = Expected {
                session: session.0,
                phase: entry.phase.code(),
                sequence: lane.len() as u64,
                label: entry.step,
                payload_bits: entry.content.bits(),
                reachable: entry.round,
                last: last_round(entry.from, transcript.cost(entry.phase).rounds),
                payload: rule(entry.step),
            };
            let (from, to, earlier) = (entry.from, entry.to, lane.clone());
            places.push(Place { from, to, expected, frame, earlier, next: None });
            lane.push(index);
        }
        Record { places }
    }

    /// A place by its number.
    pub fn place(&self, index: usize) -> Option<&Place> {
        self.places.get(index)
    }

    /// For each step, sender and receiver the number of the first place.
    pub fn steps(&self) -> Vec<usize> {
        let mut seen = std::collections::BTreeSet::new();
        let new = |place: &Place| seen.insert((place.from, place.to, place.expected.label));
        self.places.iter().map(new).enumerate().filter_map(|(index, first)| first.then_some(index)).collect()
    }
}

/// The rounds above this one that no receiver accepts: 2 more than any that it can have consumed in the phase, or the
/// trusted party's bound. [DS-WIRE-5]
fn last_round(from: Role, rounds: u32) -> u32 {
    match from {
        Role::Trusted => 1 << 31,
        Role::Server | Role::Client => rounds.saturating_add(2),
    }
}
