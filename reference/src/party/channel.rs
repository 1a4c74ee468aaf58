//! Channels between roles, and the names of steps.

use super::{BitWire, PartyError, Payload, Role, Wire};
use crate::values::{BitPlane, RingVector, ValueError, Width};
use std::future::poll_fn;
use std::ops::DerefMut;
use std::task::Poll;

/// When a frame is sent, and so where its cost counts. [DS-COST-2]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Correlated randomness, independent of all inputs.
    Offline,
    /// Once for a session's weights, independent of the client's input.
    Session,
    /// Once for every inference.
    Online,
    /// A call of an ideal functionality; no cost of any real protocol.
    Ideal,
}

impl Phase {
    /// All phases.
    pub const ALL: [Phase; 4] = [Phase::Offline, Phase::Session, Phase::Online, Phase::Ideal];

    /// The phase's code on the wire. [DS-WIRE-4]
    pub fn code(self) -> u8 {
        match self {
            Phase::Offline => 0,
            Phase::Session => 1,
            Phase::Online => 2,
            Phase::Ideal => 3,
        }
    }

    /// The phase of a code on the wire.
    pub fn from_code(code: u8) -> Option<Phase> {
        Phase::ALL.into_iter().find(|phase| phase.code() == code)
    }

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Phase::Offline => "offline",
            Phase::Session => "session",
            Phase::Online => "online",
            Phase::Ideal => "ideal",
        }
    }
}

/// A step of a protocol: what a frame is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The label that travels in the frame, such as `and/leaves`.
    pub label: &'static str,
    /// The phase.
    pub phase: Phase,
    /// The clause of the specification.
    pub clause: &'static str,
}

impl Step {
    /// A step of the given phase.
    pub const fn new(phase: Phase, label: &'static str, clause: &'static str) -> Step {
        Step { label, phase, clause }
    }
}

/// What kind of elements a frame carries, and how many. All of it is public.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Content {
    /// Bits of an element: 1 for planes, k for ring elements.
    pub element_bits: u32,
    /// Whether the elements are ring elements (else bits of planes).
    pub ring: bool,
    /// Number of elements.
    pub count: usize,
}

impl Content {
    /// Payload bits, padding not counted.
    pub fn bits(&self) -> u64 {
        u64::from(self.element_bits).saturating_mul(self.count as u64)
    }

    /// Payload bytes, with padding.
    pub fn bytes(&self) -> u64 {
        self.bits().div_ceil(8)
    }
}

/// A party's end of its channels to the others. Sending never waits; frames between two roles stay in order.
pub trait Channel<P: Payload> {
    /// Whose end this is.
    fn role(&self) -> Role;

    /// Sends a payload.
    ///
    /// # Errors
    /// [`PartyError::NoChannel`] if there is no channel to `to`.
    fn send(&mut self, to: Role, step: Step, content: Content, payload: P) -> Result<(), PartyError>;

    /// Takes the next frame from `from`, which must be of this step and content, if it is there. A channel that blocks
    /// is always ready.
    ///
    /// # Errors
    /// [`PartyError::Frame`] for a malformed frame, [`PartyError::Closed`] if the sender ended.
    fn poll_receive(&mut self, from: Role, step: Step, content: Content) -> Poll<Result<P, PartyError>>;

    /// Waits for the next frame from `from`, as [`Channel::poll_receive`] takes it.
    ///
    /// # Errors
    /// As [`Channel::poll_receive`].
    #[allow(async_fn_in_trait, reason = "programs run on one thread; their futures need not be Send")]
    async fn receive(&mut self, from: Role, step: Step, content: Content) -> Result<P, PartyError>
    where
        Self: Sized,
    {
        poll_fn(|_| self.poll_receive(from, step, content)).await
    }
}

/// Any end of channels of payloads P. A protocol over it is one type, whatever its frames travel on.
pub type AnyChannel<'c, P> = Box<dyn Channel<P> + 'c>;

/// Who holds an end has an end: in a box, or borrowed from an owner who closes it after the program.
impl<P: Payload, C: DerefMut<Target: Channel<P>>> Channel<P> for C {
    fn role(&self) -> Role {
        (**self).role()
    }

    fn send(&mut self, to: Role, step: Step, content: Content, payload: P) -> Result<(), PartyError> {
        (**self).send(to, step, content, payload)
    }

    fn poll_receive(&mut self, from: Role, step: Step, content: Content) -> Poll<Result<P, PartyError>> {
        (**self).poll_receive(from, step, content)
    }
}

/// Sends a vector of ring elements.
///
/// # Errors
/// As [`Channel::send`].
pub fn send_ring<D: Wire, C: Channel<D::Payload>>(
    channel: &mut C,
    to: Role,
    step: Step,
    x: &D::Ring,
) -> Result<(), PartyError> {
    send_high::<D, C>(channel, to, step, x, 0)
}

/// Sends a vector of multiples of 2^shift, without their zero bits.
///
/// # Errors
/// As [`Channel::send`].
pub fn send_high<D: Wire, C: Channel<D::Payload>>(
    channel: &mut C,
    to: Role,
    step: Step,
    x: &D::Ring,
    shift: u32,
) -> Result<(), PartyError> {
    let content = Content { element_bits: x.width().bits().saturating_sub(shift), ring: true, count: x.len() };
    channel.send(to, step, content, D::pack_high(x, shift))
}

/// Waits for a vector of `len` ring elements.
///
/// # Errors
/// As [`Channel::receive`].
pub async fn receive_ring<D: Wire, C: Channel<D::Payload>>(
    channel: &mut C,
    from: Role,
    step: Step,
    width: Width,
    len: usize,
) -> Result<D::Ring, PartyError> {
    receive_high::<D, C>(channel, from, step, width, len, 0).await
}

/// Waits for a vector of `len` multiples of 2^shift.
///
/// # Errors
/// As [`Channel::receive`].
pub async fn receive_high<D: Wire, C: Channel<D::Payload>>(
    channel: &mut C,
    from: Role,
    step: Step,
    width: Width,
    len: usize,
    shift: u32,
) -> Result<D::Ring, PartyError> {
    let content = Content { element_bits: width.bits().saturating_sub(shift), ring: true, count: len };
    let payload = channel.receive(from, step, content).await?;
    D::unpack_high(payload, width, len, shift).map_err(|error| malformed(channel.role(), from, step, error))
}

/// Sends bit planes of equal length, one after the other.
///
/// # Errors
/// As [`Channel::send`].
pub fn send_planes<D: BitWire, C: Channel<D::Payload>>(
    channel: &mut C,
    to: Role,
    step: Step,
    planes: &[&D::Plane],
) -> Result<(), PartyError> {
    let joined = D::Plane::concat(planes);
    let content = Content { element_bits: 1, ring: false, count: joined.len() };
    channel.send(to, step, content, D::pack_plane(&joined))
}

/// Waits for `count` bit planes of `len` elements each.
///
/// # Errors
/// As [`Channel::receive`].
pub async fn receive_planes<D: BitWire, C: Channel<D::Payload>>(
    channel: &mut C,
    from: Role,
    step: Step,
    count: usize,
    len: usize,
) -> Result<Vec<D::Plane>, PartyError> {
    let bits = count.saturating_mul(len);
    let content = Content { element_bits: 1, ring: false, count: bits };
    let payload = channel.receive(from, step, content).await?;
    let joined = D::unpack_plane(payload, bits).map_err(|error| malformed(channel.role(), from, step, error))?;
    split::<D>(&joined, count, len).map_err(|source| PartyError::Value {
        role: channel.role(),
        step: step.label,
        source,
    })
}

fn split<D: BitWire>(joined: &D::Plane, count: usize, len: usize) -> Result<Vec<D::Plane>, ValueError> {
    let part = |i: usize| joined.gather(&crate::values::Ranges::new(joined.len(), [(i * len, len)])?);
    (0..count).map(part).collect()
}

/// The frame error behind a payload that does not unpack.
pub(crate) fn malformed(role: Role, from: Role, step: Step, error: ValueError) -> PartyError {
    use super::frame::FrameError;
    let cause = match error {
        ValueError::Padding { .. } => FrameError::Padding,
        ValueError::GroupElement => FrameError::Point,
        ValueError::KeyVersion { found, expected } => FrameError::KeyVersion { found, expected },
        ValueError::PayloadLength { found, expected } => {
            FrameError::Length { found: found as u64, expected: expected as u64 }
        }
        source => return PartyError::Value { role, step: step.label, source },
    };
    PartyError::Frame { role, from, step: step.label, cause }
}
