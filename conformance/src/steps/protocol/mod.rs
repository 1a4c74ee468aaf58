//! The small steps of protocols: frames, hashes, coins, comparison keys, and what a role does at a frame. Each default is
//! the specification's formula or a call of the reference; tests hold the formulas to the reference.

mod books;
mod hash;
mod keys;
mod turn;

pub use books::{Books, Message};
pub use hash::{HashLabel, Preimage, shake128};
pub use keys::{Correction, KeyForm, Node};
pub use turn::{Place, Turn, turned};

use deepshare_reference::network::Network;
use deepshare_reference::network::activation::gate_weights;
use deepshare_reference::party::frame::{FrameError, Header, VERSION};
use deepshare_reference::party::transcript::Entry;
use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::{Content, Phase, Role, SessionId};
use deepshare_reference::plan::{PlanLayer, StepConvention};
use deepshare_reference::values::{Concrete, Ring, Width};

/// What a role adds to its share before and after something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Added {
    /// Before.
    pub before: u64,
    /// After.
    pub after: u64,
}

/// The steps of protocols, right by default.
pub trait ProtocolSteps {
    /// A number of a header, in so many bytes. [DS-WIRE-4]
    fn number(&self, value: u64, bytes: usize) -> Vec<u8> {
        value.to_le_bytes().into_iter().take(bytes).collect()
    }

    /// A label as it stands in a header. [DS-WIRE-4]
    fn label(&self, label: &str) -> Vec<u8> {
        [self.number(label.len() as u64, 1), label.as_bytes().to_vec()].concat()
    }

    /// A header's bytes. [DS-WIRE-4]
    fn header(&self, header: &Header) -> Vec<u8> {
        [
            vec![VERSION],
            header.session.0.to_vec(),
            vec![header.phase.code()],
            self.number(header.round.into(), 4),
            self.number(header.sequence, 8),
            self.label(&header.step),
            self.number(header.payload_bytes, 8),
        ]
        .concat()
    }

    /// Splits a frame into header and payload. [DS-WIRE-5]
    ///
    /// # Errors
    /// [`FrameError`]: cut, version, phase.
    fn parse(&self, frame: &[u8]) -> Result<(Header, Vec<u8>), FrameError> {
        Header::parse(frame).map(|(header, payload)| (header, payload.to_vec()))
    }

    /// Compares a header with the expected one, whose round is the highest possible. [DS-WIRE-5]
    ///
    /// # Errors
    /// The first [`FrameError`] in the order of the fields.
    fn compare(&self, expected: &Header, found: &Header) -> Result<(), FrameError> {
        expected.check(found)
    }

    /// Compares the bytes that follow a header with the length that it states. [DS-WIRE-5]
    ///
    /// # Errors
    /// [`FrameError::Cut`].
    fn payload_length(&self, stated: u64, payload: &[u8]) -> Result<(), FrameError> {
        if payload.len() as u64 == stated { Ok(()) } else { Err(FrameError::Cut) }
    }

    /// Opens a frame: the sender's round, and the payload. [DS-WIRE-5]
    ///
    /// # Errors
    /// The first [`FrameError`].
    fn open_frame(&self, expected: &Header, frame: &[u8]) -> Result<(u32, Vec<u8>), FrameError> {
        let (found, payload) = self.parse(frame)?;
        self.compare(expected, &found)?;
        self.payload_length(found.payload_bytes, &payload)?;
        Ok((found.round, payload))
    }

    /// Checks the filling bits of a payload of so many bits. [DS-WIRE-3]
    ///
    /// # Errors
    /// [`FrameError::Padding`].
    fn filling(&self, payload: Vec<u8>, bits: u64) -> Result<Vec<u8>, FrameError> {
        let filled = payload.last().is_some_and(|&last| !bits.is_multiple_of(8) && last >> (bits % 8) != 0);
        if filled { Err(FrameError::Padding) } else { Ok(payload) }
    }

    /// The round of a frame sent now. [DS-COST-3]
    fn round(&self, books: &Books, phase: Phase) -> u32 {
        books.highest_taken(phase).saturating_add(1)
    }

    /// The sequence number of the next frame to a receiver. [DS-WIRE-4]
    fn sequence(&self, books: &Books, to: Role) -> u64 {
        books.sent_to(to)
    }

    /// What a role makes of the elements of a message: it keeps them.
    fn turn(&self, _place: &Place<'_>) -> Turn {
        Turn::Kept
    }

    /// What is sent when the program asks to send a message: the message.
    fn send(&self, books: &Books, message: Message) -> Vec<Message> {
        let turn = self.turn(&books.place(message.step.label, true));
        vec![Message { payload: turned::<Concrete>(turn, message.content, message.payload), ..message }]
    }

    /// What the program gets of a payload that has arrived: the payload.
    fn receive(&self, books: &Books, _from: Role, label: &str, content: Content, payload: Vec<u8>) -> Vec<u8> {
        turned::<Concrete>(self.turn(&books.place(label, false)), content, payload)
    }

    /// A string of the XOF's input. [DS-XOF-1]
    fn string(&self, bytes: &[u8]) -> Vec<u8> {
        [&(bytes.len() as u64).to_le_bytes(), bytes].concat()
    }

    /// A counter of the XOF's input. [DS-XOF-1]
    fn counter(&self, counter: u64) -> Vec<u8> {
        counter.to_le_bytes().to_vec()
    }

    /// The output length in the XOF's input. [DS-XOF-1]
    fn output_length(&self, length: u64) -> Vec<u8> {
        length.to_le_bytes().to_vec()
    }

    /// The XOF's input. [DS-XOF-1]
    fn xof_input(&self, preimage: &Preimage<'_>) -> Vec<u8> {
        hash::input(self, preimage)
    }

    /// The seed that a user's bytes stand for. [DS-XOF-3]
    fn user_seed(&self, bytes: &[u8]) -> Preimage<'static> {
        Preimage::derive(HashLabel::session("user seed"), Seed([0; 32]), bytes)
    }

    /// A seed bound to a session. [DS-COIN-4]
    fn session_seed(&self, seed: Seed, session: SessionId) -> Preimage<'static> {
        Preimage::derive(HashLabel::session("session seed"), seed, &session.0)
    }

    /// Whose coins a role draws. [DS-COIN-2]
    fn drawer(&self, role: Role) -> Role {
        role
    }

    /// The counter of draw number i. [DS-COIN-2]
    fn draw_counter(&self, draw: u64) -> u64 {
        draw
    }

    /// What the public digest is taken of: the pieces' digests, in this order. [DS-SESSION-2]
    fn public_context(&self, digests: &[[u8; 32]]) -> Vec<u8> {
        digests.concat()
    }

    /// What a session's identifier is taken of. [DS-SESSION-1]
    fn session_context(&self, server_nonce: &[u8], client_nonce: &[u8], digest: &[u8]) -> Vec<u8> {
        [server_nonce, client_nonce, digest].concat()
    }

    /// The number of a batch's key. [DS-FSS-6]
    fn key_number(&self, first: u64, key: u64) -> u64 {
        first.saturating_add(key)
    }

    /// The bit of a value that level l of a key compares. [DS-FSS-3] [DS-FSS-4]
    fn compared_bit(&self, form: KeyForm, value: u64, level: u32) -> bool {
        value >> (form.bits.saturating_sub(1).saturating_sub(level)) & 1 == 1
    }

    /// The correction of the bit of one side. [DS-FSS-4]
    fn side(&self, correction: &Correction, right: bool) -> bool {
        if right { correction.right } else { correction.left }
    }

    /// An element of v' or v'' before its sign: (masks of P1 - masks of P0 - V + what is below), negative if t_1 = 1.
    /// [DS-FSS-3]
    fn correct(&self, form: KeyForm, value: u64, negative: bool, _last: bool) -> u64 {
        form.width.reduce(if negative { value.wrapping_neg() } else { value })
    }

    /// A party's share, from its sum. [DS-FSS-4]
    fn key_share(&self, form: KeyForm, role: Role, sum: u64) -> u64 {
        form.width.reduce(if role == Role::Client { sum.wrapping_neg() } else { sum })
    }

    /// The affine gates of a private layer as weights: beta, then alpha. [DS-LIN-6]
    fn gate_weights(&self, layer: &PlanLayer) -> Vec<i64> {
        gate_weights(layer)
    }

    /// The network that a role's program follows. [DS-NET-9]
    fn followed(&self, _role: Role, network: Network) -> Network {
        network
    }

    /// What a role adds to its share before it opens gates, in a backend whose shares are compared: the server subtracts
    /// the 1 of `positive` within the gate, and nobody adds anything here. [DS-GMW-1]
    fn before_gate(&self, _role: Role, _convention: StepConvention) -> u64 {
        0
    }

    /// What a role adds to its share before and after a truncation; the server's constants are the truncation's own.
    /// [DS-TRUNC-2]
    fn around_truncation(&self, _role: Role, _width: Width, _shift: u32) -> Added {
        Added { before: 0, after: 0 }
    }

    /// A truncation that needs nobody else, if an implementation has one. [DS-TRUNC-2]
    fn truncate_alone(&self, _role: Role, _x: &Ring, _shift: u32) -> Option<Ring> {
        None
    }

    /// Who gets the other party's share of an output. [DS-IO-2]
    fn output_receivers(&self) -> &'static [Role] {
        &[Role::Client]
    }

    /// The seed of run number i of a case. [DS-COIN-5]
    fn run_seed(&self, seeds: &[Seed], run: usize) -> Option<Seed> {
        seeds.get(run).copied()
    }

    /// The frames of a shape. [DS-COST-1]
    fn shape(&self, frames: Vec<Entry>) -> Vec<Entry> {
        frames
    }
}
