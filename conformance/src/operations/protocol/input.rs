//! What these operations read.

use crate::operations::{Refusal, Trace};
use crate::steps::protocol::{Preimage, ProtocolSteps, shake128};
use crate::vectors::types::{Bytes, Count, Element, in_ring};
use deepshare_reference::backend::live::{LIVE_BACKENDS, LiveBackend};
use deepshare_reference::network::Network;
use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::{Phase, SessionId};
use deepshare_reference::values::{Ring, ValueError, Width};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A phase's name. [DS-WIRE-4]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PhaseName {
    /// Correlated randomness.
    Offline,
    /// Once for a session's weights.
    Session,
    /// What depends on the input.
    Online,
    /// Calls of an ideal functionality.
    Ideal,
}

impl From<PhaseName> for Phase {
    fn from(name: PhaseName) -> Phase {
        match name {
            PhaseName::Offline => Phase::Offline,
            PhaseName::Session => Phase::Session,
            PhaseName::Online => Phase::Online,
            PhaseName::Ideal => Phase::Ideal,
        }
    }
}

impl From<Phase> for PhaseName {
    fn from(phase: Phase) -> PhaseName {
        match phase {
            Phase::Offline => PhaseName::Offline,
            Phase::Session => PhaseName::Session,
            Phase::Online => PhaseName::Online,
            Phase::Ideal => PhaseName::Ideal,
        }
    }
}

/// A value that the specification rejects.
pub(super) fn refuse(error: ValueError) -> Refusal {
    Refusal::new(error.code(), error)
}

pub(super) fn width(bits: Count) -> Result<Width, Refusal> {
    Width::new(bits.0).map_err(refuse)
}

pub(super) fn session(bytes: &Bytes) -> Result<SessionId, Refusal> {
    bytes.session().ok_or_else(|| Refusal::request("a session's identifier has 16 bytes"))
}

pub(super) fn seed(bytes: &Bytes) -> Result<Seed, Refusal> {
    bytes.seed().ok_or_else(|| Refusal::request("a seed has 32 bytes"))
}

pub(super) fn seeds(bytes: &[Bytes]) -> Result<Vec<Seed>, Refusal> {
    bytes.iter().map(seed).collect()
}

/// A vector of representatives.
pub(super) fn ring(width: Width, elements: &[Element]) -> Result<Ring, Refusal> {
    let outside = || Refusal::request(format!("an element is not in [0, 2^{})", width.bits()));
    in_ring(width, elements).map(|elements| Ring::new(width, elements)).ok_or_else(outside)
}

/// A number that a header keeps in 32 bits, or a width.
pub(super) fn number32(count: Count) -> Result<u32, Refusal> {
    u32::try_from(count.0).map_err(|_| Refusal::request(format!("{} does not fit 32 bits", count.0)))
}

/// A backend whose roles exchange frames.
pub(super) fn backend(name: &str) -> Result<LiveBackend, Refusal> {
    let found = LIVE_BACKENDS.into_iter().find(|backend| backend.name == name);
    found.ok_or_else(|| Refusal::request(format!("there is no backend {name:?}")))
}

/// The XOF. [DS-XOF-1]
pub(super) fn xof(steps: &dyn ProtocolSteps, preimage: &Preimage<'_>) -> Vec<u8> {
    shake128(&steps.xof_input(preimage), preimage.length)
}

/// The XOF with 32 bytes of output. [DS-XOF-3]
pub(super) fn hash32(steps: &dyn ProtocolSteps, preimage: &Preimage<'_>) -> [u8; 32] {
    let mut output = [0; 32];
    output.iter_mut().zip(xof(steps, preimage)).for_each(|(byte, hashed)| *byte = hashed);
    output
}

/// The XOF, its input noted.
pub(super) fn noted(steps: &dyn ProtocolSteps, trace: &mut Trace, clause: &str, preimage: &Preimage<'_>) -> Bytes {
    trace.note("input", clause, Bytes(steps.xof_input(preimage)));
    Bytes(xof(steps, preimage))
}

/// A network file.
pub(super) fn network(object: &Map<String, Value>) -> Result<Network, Refusal> {
    let text = serde_json::to_string(object).map_err(Refusal::request)?;
    Network::from_json(&text).map_err(|error| Refusal::new(error.code(), error))
}
