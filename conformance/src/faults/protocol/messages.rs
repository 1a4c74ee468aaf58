//! Mistakes in what the parties of `gmw` say and take. [DS-GMW-1] to [DS-GMW-5]

use super::{Fault, Protocol};
use crate::steps::protocol::{Books, Message, Place, ProtocolSteps, Turn};
use deepshare_reference::gate::masked::{DEAL_ELEMENTS, DEAL_MASKS, DELTA, EPSILON};
use deepshare_reference::linear::gmw::{DEAL_INPUTS, DEAL_WEIGHTS};
use deepshare_reference::party::transcript::Entry;
use deepshare_reference::party::{Content, Role};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "mask-reused",
        mistake: "one mask b hides all elements of a layer",
        clause: "DS-GMW-4",
        steps: &Protocol(MaskReused),
    },
    Fault {
        name: "delta-opened-again",
        mistake: "a later layer opens the deltas of a gate that are open",
        clause: "DS-GMW-5",
        steps: &Protocol(DeltaAgain),
    },
    Fault {
        name: "epsilon-before-delta",
        mistake: "eps is sent before the deltas of the same round",
        clause: "DS-GMW-3",
        steps: &Protocol(EpsilonFirst),
    },
    Fault {
        name: "deltas-in-one-frame",
        mistake: "the deltas of several groups of gates travel in one frame",
        clause: "DS-GMW-3",
        steps: &Protocol(OneFrame),
    },
    Fault {
        name: "bit-not-complemented",
        mistake: "the server does not complement its share of a gate's bit",
        clause: "DS-GMW-1",
        steps: &Protocol(NotComplemented(Role::Server)),
    },
    Fault {
        name: "bit-complemented-by-client",
        mistake: "the client complements its share of a gate's bit, too: the parties' order is mixed up",
        clause: "DS-GMW-1",
        steps: &Protocol(NotComplemented(Role::Client)),
    },
    Fault {
        name: "dealt-shares-swapped",
        mistake: "the dealer draws the client's share of a gate's mask and gives the rest to the server",
        clause: "DS-GMW-2",
        steps: &Protocol(SharesSwapped),
    },
    Fault {
        name: "input-mask-added",
        mistake: "the client opens x1 + a for a linear layer, and not x1 - a",
        clause: "DS-LIN-8",
        steps: &Protocol(Negated(DEAL_INPUTS.label)),
    },
    Fault {
        name: "weights-mask-added",
        mistake: "the server opens W + B, and not W - B",
        clause: "DS-LIN-7",
        steps: &Protocol(Negated(DEAL_WEIGHTS.label)),
    },
];

struct MaskReused;

impl ProtocolSteps for MaskReused {
    fn turn(&self, place: &Place<'_>) -> Turn {
        // of each pair the first frame is b
        let masks = !place.sent && place.label == DEAL_ELEMENTS.label && place.taken.is_multiple_of(2);
        if masks { Turn::Repeated } else { Turn::Kept }
    }
}

/// The deltas that were asked for since the last eps.
fn deltas(books: &Books) -> Vec<Message> {
    let of_round = books.asked.iter().rev().take_while(|message| message.step.label == DELTA.label);
    let mut deltas: Vec<Message> = of_round.cloned().collect();
    deltas.reverse();
    deltas
}

struct DeltaAgain;

impl ProtocolSteps for DeltaAgain {
    fn send(&self, books: &Books, message: Message) -> Vec<Message> {
        let last = books.asked.iter().rev().find(|message| message.step.label == DELTA.label);
        match last.filter(|_| message.step.label == EPSILON.label && deltas(books).is_empty()) {
            Some(delta) => vec![delta.clone(), message],
            None => vec![message],
        }
    }

    fn shape(&self, frames: Vec<Entry>) -> Vec<Entry> {
        let mut shown: Vec<Entry> = Vec::new();
        for frame in frames {
            let of_sender = |entry: &&Entry| entry.from == frame.from;
            let last = shown.iter().rev().find(of_sender).map(|entry| entry.step);
            let delta = shown.iter().rev().filter(of_sender).find(|entry| entry.step == DELTA.label).cloned();
            let again = frame.step == EPSILON.label && last != Some(DELTA.label);
            shown.extend(delta.filter(|_| again).map(|delta| Entry { round: frame.round, ..delta }));
            shown.push(frame);
        }
        shown
    }
}

struct EpsilonFirst;

impl ProtocolSteps for EpsilonFirst {
    fn send(&self, books: &Books, message: Message) -> Vec<Message> {
        match message.step.label {
            label if label == DELTA.label => Vec::new(),
            label if label == EPSILON.label => [vec![message], deltas(books)].concat(),
            _ => vec![message],
        }
    }
}

struct OneFrame;

impl ProtocolSteps for OneFrame {
    fn send(&self, books: &Books, message: Message) -> Vec<Message> {
        match message.step.label {
            label if label == DELTA.label => Vec::new(),
            label if label == EPSILON.label => joined(&deltas(books)).into_iter().chain([message]).collect(),
            _ => vec![message],
        }
    }
}

/// All planes in one frame.
fn joined(deltas: &[Message]) -> Option<Message> {
    let bit = |message: &Message, i: usize| message.payload.get(i / 8).is_some_and(|byte| byte >> (i % 8) & 1 == 1);
    let bits: Vec<bool> = deltas.iter().flat_map(|m| (0..m.content.count).map(move |i| bit(m, i))).collect();
    let byte = |bits: &[bool]| bits.iter().rev().fold(0, |byte, &bit| byte << 1 | u8::from(bit));
    let first = deltas.first()?.clone();
    let content = Content { count: bits.len(), ..first.content };
    Some(Message { content, payload: bits.chunks(8).map(byte).collect(), ..first })
}

/// The share of d at one role is the complement of what it should be: what the role opens is, and so what is open.
struct NotComplemented(Role);

impl ProtocolSteps for NotComplemented {
    fn turn(&self, place: &Place<'_>) -> Turn {
        if place.role == self.0 && place.label == DELTA.label { Turn::Complemented } else { Turn::Kept }
    }
}

struct SharesSwapped;

impl ProtocolSteps for SharesSwapped {
    fn send(&self, books: &Books, message: Message) -> Vec<Message> {
        let swapped = books.role == Role::Trusted && message.step.label == DEAL_MASKS.bit.label;
        let to = if swapped { message.to.peer() } else { message.to };
        vec![Message { to, ..message }]
    }
}

/// The mask of a step, negated as it is taken, so that it is added where it should be subtracted.
struct Negated(&'static str);

impl ProtocolSteps for Negated {
    fn turn(&self, place: &Place<'_>) -> Turn {
        let masks = place.role == Role::Client || place.label == DEAL_WEIGHTS.label;
        // of what the dealer gives the client for a layer the first frame is a
        let first = place.label == DEAL_WEIGHTS.label || place.taken.is_multiple_of(2);
        if !place.sent && masks && first && place.label == self.0 { Turn::Negated } else { Turn::Kept }
    }
}
