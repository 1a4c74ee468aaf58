//! Mistakes in what single messages hold, and in their order: parts that change places, masks that are missing, added or
//! dealt the wrong way round.

use super::{Fault, Protocol};
use crate::steps::protocol::{Books, Message, ProtocolSteps};
use deepshare_reference::gate::{fss as gate, masked};
use deepshare_reference::party::{Content, Role, Step, Wire};
use deepshare_reference::primitives::{and, garbling, ot};
use deepshare_reference::transfer::gmw as transfer;
use deepshare_reference::truncate;
use deepshare_reference::values::{Concrete, RingVector, Width};

/// A fault in the messages of one step as they are sent.
macro_rules! sent {
    ($name:literal, $mistake:literal, $clause:literal, $step:path, $change:path) => {
        Fault { name: $name, mistake: $mistake, clause: $clause, steps: &Protocol(Sent($step, $change)) }
    };
}

/// A fault in what a party takes of one step.
macro_rules! taken {
    ($name:literal, $mistake:literal, $clause:literal, $step:path, $change:path) => {
        Fault { name: $name, mistake: $mistake, clause: $clause, steps: &Protocol(Taken($step, $change)) }
    };
}

/// A fault of the dealer: the shares of one step change places.
macro_rules! swapped {
    ($name:literal, $mistake:literal, $clause:literal, $step:path) => {
        Fault { name: $name, mistake: $mistake, clause: $clause, steps: &Protocol(Swapped($step)) }
    };
}

pub(super) const FAULTS: &[Fault] = &[
    sent!(
        "leaf-corrections-first",
        "the dealer sends the corrections of leaves before their masks",
        "DS-AND-1",
        and::gmw::DEAL_LEAVES,
        halves_swapped
    ),
    taken!(
        "leaf-unmasked",
        "a leaf's bit is opened without its mask",
        "DS-AND-2",
        and::gmw::DEAL_LEAVES,
        first_half_zero
    ),
    Fault {
        name: "mask-as-element-first",
        mistake: "the dealer sends a mask as ring elements before it sends it as bits",
        clause: "DS-BIT-1",
        steps: &Protocol(Exchanged(masked::DEAL_MASKS.bit, masked::DEAL_MASKS.ring)),
    },
    Fault {
        name: "draws-exchanged",
        mistake: "a role draws two by two in the other order",
        clause: "DS-GMW-8",
        steps: &Protocol(DrawsExchanged),
    },
    Fault {
        name: "draws-of-two-steps-exchanged",
        mistake: "of four draws a role makes the last two first",
        clause: "DS-FSS-31",
        steps: &Protocol(DrawsLater),
    },
    Fault {
        name: "corrections-before-flips",
        mistake: "the corrections of correlated OTs are sent before the flips of the same call",
        clause: "DS-OT-60",
        steps: &Protocol(Exchanged(ot::extension::FLIPS, ot::extension::CORRECTIONS)),
    },
    swapped!(
        "node-shares-swapped",
        "the dealer draws the client's share of a node's material and gives the rest to the server",
        "DS-AND-3",
        and::gmw::DEAL_PRODUCTS
    ),
    taken!("node-unmasked", "a node's bit is opened without its mask", "DS-AND-4", and::gmw::DEAL_PRODUCTS, zeros),
    sent!(
        "carries-in-the-other-order",
        "truncation opens the carry out of all bits before that out of the low bits",
        "DS-TRUNC-3",
        truncate::gmw::CARRIES,
        halves_swapped
    ),
    sent!(
        "input-share-negated",
        "the client sends minus the share of its input that it drew",
        "DS-IO-1",
        transfer::INPUT,
        negated
    ),
    taken!("fss-mask-subtracted", "a layer opens x - r, and not x + r", "DS-FSS-10", gate::DEAL_MASKS, negated),
    swapped!(
        "fss-tops-swapped",
        "the dealer draws the client's share of a top bit and gives the rest to the server",
        "DS-FSS-11",
        gate::DEAL_TOPS
    ),
    swapped!(
        "fss-top-products-swapped",
        "the dealer draws the client's share of a top bit's products and gives the rest to the server",
        "DS-FSS-12",
        gate::DEAL_TOP_PRODUCTS
    ),
    swapped!(
        "fss-selected-swapped",
        "the dealer draws the client's share of a selected mask and gives the rest to the server",
        "DS-FSS-13",
        gate::DEAL_SELECTED
    ),
    taken!(
        "fss-truncation-mask-subtracted",
        "truncation opens x - r, and not x + r",
        "DS-FSS-20",
        truncate::fss::DEAL_MASKS,
        negated
    ),
    sent!(
        "group-elements-big-endian",
        "the bytes of a group element stand in the order of a big-endian machine",
        "DS-OT-5",
        ot::base::OFFER,
        points_reversed
    ),
    sent!(
        "messages-in-the-other-order",
        "the masked messages of a batch stand from the last one to the first",
        "DS-OT-12",
        ot::extension::OFFER,
        bits_reversed
    ),
    sent!(
        "columns-in-the-other-order",
        "the columns of correlated OTs stand from the last one to the first",
        "DS-OT-13",
        ot::extension::PREPARE,
        bits_reversed
    ),
    sent!(
        "flips-say-equal",
        "a flip says that the bits are equal, and not that they differ",
        "DS-OT-14",
        ot::extension::FLIPS,
        complemented
    ),
    sent!(
        "openings-in-the-other-order",
        "the openings of a level stand from the last one to the first",
        "DS-OT-22",
        and::ot::OPENED,
        bits_reversed
    ),
    sent!(
        "labels-in-the-other-order",
        "the columns of a label's bits stand from the last one to the first",
        "DS-GC-3",
        garbling::extension::CHOOSE,
        bits_reversed
    ),
    sent!(
        "evaluator-half-first",
        "a table has the evaluator's half before the generator's",
        "DS-GC-7",
        garbling::TABLES,
        blocks_swapped
    ),
];

/// What the messages of two steps do to each other: those of the first step follow those of the second.
struct Exchanged(Step, Step);

impl ProtocolSteps for Exchanged {
    fn send(&self, books: &Books, message: Message) -> Vec<Message> {
        let (first, second) = (self.0.label, self.1.label);
        match message.step.label {
            label if label == first => Vec::new(),
            label if label == second => {
                let to_receiver = books.asked.iter().rev().filter(|asked| asked.to == message.to);
                let mut waiting = to_receiver.take_while(|asked| asked.step.label != second);
                let held = waiting.find(|asked| asked.step.label == first).cloned();
                [message].into_iter().chain(held).collect()
            }
            _ => vec![message],
        }
    }
}

/// Draws 2n and 2n + 1 of a role change places.
struct DrawsExchanged;

impl ProtocolSteps for DrawsExchanged {
    fn draw_counter(&self, draw: u64) -> u64 {
        draw ^ 1
    }
}

/// Of every four draws the first two and the last two change places.
struct DrawsLater;

impl ProtocolSteps for DrawsLater {
    fn draw_counter(&self, draw: u64) -> u64 {
        draw ^ 2
    }
}

type Change = fn(Content, Vec<u8>) -> Vec<u8>;

/// What is sent in a step, changed.
struct Sent(Step, Change);

impl ProtocolSteps for Sent {
    fn send(&self, _books: &Books, message: Message) -> Vec<Message> {
        vec![match message.step.label == self.0.label {
            true => Message { payload: (self.1)(message.content, message.payload), ..message },
            false => message,
        }]
    }
}

/// What is taken of a step, changed.
struct Taken(Step, Change);

impl ProtocolSteps for Taken {
    fn receive(&self, _books: &Books, _from: Role, label: &str, content: Content, payload: Vec<u8>) -> Vec<u8> {
        if label == self.0.label { (self.1)(content, payload) } else { payload }
    }
}

/// What the dealer sends to the two parties in a step changes places.
struct Swapped(Step);

impl ProtocolSteps for Swapped {
    fn send(&self, books: &Books, message: Message) -> Vec<Message> {
        let swapped = books.role == Role::Trusted && message.step.label == self.0.label;
        let to = if swapped { message.to.peer() } else { message.to };
        vec![Message { to, ..message }]
    }
}

/// The bits of a payload, without the filling.
fn bits(content: Content, payload: &[u8]) -> Vec<bool> {
    let all = payload.iter().flat_map(|byte| (0..8).map(move |i| byte >> i & 1 == 1));
    all.take(usize::try_from(content.bits()).unwrap_or(usize::MAX)).collect()
}

/// Bits as a payload.
fn packed(bits: &[bool]) -> Vec<u8> {
    let byte = |bits: &[bool]| bits.iter().rev().fold(0, |byte, &bit| byte << 1 | u8::from(bit));
    bits.chunks(8).map(byte).collect()
}

fn halves_swapped(content: Content, payload: Vec<u8>) -> Vec<u8> {
    let mut bits = bits(content, &payload);
    let half = bits.len() / 2;
    bits.rotate_left(half);
    packed(&bits)
}

fn first_half_zero(content: Content, payload: Vec<u8>) -> Vec<u8> {
    let mut bits = bits(content, &payload);
    let half = bits.len() / 2;
    bits.iter_mut().take(half).for_each(|bit| *bit = false);
    packed(&bits)
}

fn zeros(_content: Content, payload: Vec<u8>) -> Vec<u8> {
    vec![0; payload.len()]
}

fn bits_reversed(content: Content, payload: Vec<u8>) -> Vec<u8> {
    let mut bits = bits(content, &payload);
    bits.reverse();
    packed(&bits)
}

fn complemented(content: Content, payload: Vec<u8>) -> Vec<u8> {
    let bits: Vec<bool> = bits(content, &payload).into_iter().map(|bit| !bit).collect();
    packed(&bits)
}

/// Every ring element negated; payloads of anything else as they are.
fn negated(content: Content, payload: Vec<u8>) -> Vec<u8> {
    let ring = Width::new(content.element_bits.into())
        .and_then(|width| Concrete::unpack_ring(payload.clone(), width, content.count));
    ring.map_or(payload, |ring| Concrete::pack_ring(&ring.scale(u64::MAX)))
}

/// The 32 bytes of every group element from the last to the first.
fn points_reversed(_content: Content, payload: Vec<u8>) -> Vec<u8> {
    payload.chunks(32).flat_map(|point| point.iter().rev().copied()).collect()
}

/// Every two blocks of 128 bits change places.
fn blocks_swapped(_content: Content, payload: Vec<u8>) -> Vec<u8> {
    let swapped = |pair: &[u8]| -> Vec<u8> {
        let (first, second) = pair.split_at(pair.len().min(16));
        [second, first].concat()
    };
    payload.chunks(32).flat_map(swapped).collect()
}
