//! The hostile medium: carries out one change of one frame. [DS-HOSTILE-1]

use super::fault::Fault;
use super::mutate::Change;
use super::record::Record;
use deepshare_reference::party::Role;
use deepshare_reference::party::local::Medium;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// How the attacker's program goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Conduct {
    /// As its program says.
    #[default]
    GoesOn,
    /// It never ends.
    NeverEnds,
    /// It has ended.
    HasEnded,
}

/// A medium that does something else with one frame, and hands all others on.
pub struct Attack {
    from: Role,
    to: Role,
    /// The number of the changed frame among those of its sender to its receiver.
    number: u64,
    change: Change,
    /// A frame that is to come behind the next one.
    held: Option<Vec<u8>>,
    /// How many frames each sender has sent to each receiver.
    sent: BTreeMap<(Role, Role), u64>,
    conduct: Rc<Cell<Conduct>>,
    broken: Broken,
}

/// A broken receiver that does not look at something: it gets frames in which that is right.
struct Broken {
    fault: Fault,
    record: Rc<Record>,
    arrived: BTreeMap<(Role, Role), u64>,
}

impl Attack {
    /// The attack on a place of a recorded session; `conduct` is what the attacker's program is told.
    pub fn new(
        record: &Rc<Record>,
        index: usize,
        change: Change,
        fault: Fault,
        conduct: Rc<Cell<Conduct>>,
    ) -> Option<Attack> {
        let place = record.place(index)?;
        let broken = Broken { fault, record: record.clone(), arrived: BTreeMap::new() };
        let (from, to, number) = (place.from, place.to, place.expected.sequence);
        Some(Attack { from, to, number, change, held: None, sent: BTreeMap::new(), conduct, broken })
    }

    /// What arrives for a frame of the attacker to its victim.
    fn changed(&mut self, number: u64, frame: Vec<u8>) -> Vec<Vec<u8>> {
        if number != self.number {
            let held = self.held.take();
            return [frame].into_iter().chain(held).collect();
        }
        match &self.change {
            Change::Silence => self.stop(Conduct::NeverEnds),
            Change::Close => self.stop(Conduct::HasEnded),
            Change::Drop => Vec::new(),
            Change::Repeat => vec![frame.clone(), frame],
            Change::Swap => {
                self.held = Some(frame);
                Vec::new()
            }
            Change::Replace(_) => match std::mem::replace(&mut self.change, Change::Drop) {
                Change::Replace(bytes) => vec![bytes],
                _ => Vec::new(),
            },
        }
    }

    fn stop(&self, conduct: Conduct) -> Vec<Vec<u8>> {
        self.conduct.set(conduct);
        Vec::new()
    }
}

impl Medium<Vec<u8>> for Attack {
    fn carry(&mut self, from: Role, to: Role, frame: Vec<u8>) -> Vec<Vec<u8>> {
        let sent = self.sent.entry((from, to)).or_insert(0);
        let number = *sent;
        *sent += 1;
        let stopped = match self.conduct.get() {
            Conduct::GoesOn => false,
            Conduct::NeverEnds => (from, to) == (self.from, self.to),
            Conduct::HasEnded => from == self.from,
        };
        let arriving = match (from, to) == (self.from, self.to) {
            _ if stopped => Vec::new(),
            true => self.changed(number, frame),
            false => vec![frame],
        };
        arriving.into_iter().map(|frame| self.broken.mend(from, to, frame)).collect()
    }
}

impl Broken {
    fn mend(&mut self, from: Role, to: Role, frame: Vec<u8>) -> Vec<u8> {
        if self.fault == Fault::None {
            return frame;
        }
        let arrived = self.arrived.entry((from, to)).or_insert(0);
        let number = *arrived;
        *arrived += 1;
        let mut places = self.record.places.iter().filter(|place| (place.from, place.to) == (from, to));
        match places.find(|place| place.expected.sequence == number) {
            Some(place) => self.fault.mend(&place.expected, frame),
            None => frame,
        }
    }
}
