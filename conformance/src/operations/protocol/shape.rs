//! Operation `shape`: what an inference sends, from public parameters alone. [DS-COST-1]

use super::input::{self, PhaseName, refuse};
use crate::operations::{Operation, Refusal, Trace};
use crate::steps::Steps;
use crate::vectors::types::{Count, RoleName};
use crate::worlds::WORLDS;
use deepshare_reference::network::inference::Inference;
use deepshare_reference::party::Role;
use deepshare_reference::party::transcript::Entry;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// All frames without their payloads.
pub struct Shape;

/// What is public.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    backend: String,
    network: Map<String, Value>,
    batch: Count,
}

/// The frames: for each sender and receiver, in the order server, client, trusted, those from the one to the other in
/// the order of sending.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Output {
    frames: Vec<Frame>,
}

/// A frame without its payload.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Frame {
    phase: PhaseName,
    round: Count,
    from: RoleName,
    to: RoleName,
    label: String,
    element_bits: Count,
    count: Count,
}

impl Operation for Shape {
    const NAME: &'static str = "shape";
    type Input = Input;
    type Output = Output;

    fn run(steps: &dyn Steps, input: Input, _trace: &mut Trace) -> Result<Output, Refusal> {
        let world = WORLDS.iter().find(|world| world.name == input.backend);
        let world = world.ok_or_else(|| Refusal::request(format!("there is no backend {:?}", input.backend)))?;
        let network = input::network(&input.network)?;
        let program = Inference::new(&network, input.batch.length());
        let own = program.input_shapes().map_err(refuse)?;
        let failed = |error: deepshare_reference::party::PartyError| Refusal::new(error.code(), error);
        let transcript = world.cost(&program, own).map_err(failed)?;
        let transcript = transcript.ok_or_else(|| Refusal::request("this backend sends no frames of a protocol"))?;
        let mut entries = steps.protocol().shape(transcript.entries().to_vec());
        entries.sort_by_key(|entry| (rank(entry.from), rank(entry.to)));
        Ok(Output { frames: entries.iter().map(frame).collect() })
    }
}

/// Server, client, trusted.
fn rank(role: Role) -> u8 {
    match role {
        Role::Server => 0,
        Role::Client => 1,
        Role::Trusted => 2,
    }
}

fn frame(entry: &Entry) -> Frame {
    Frame {
        phase: entry.phase.into(),
        round: Count(entry.round.into()),
        from: entry.from.into(),
        to: entry.to.into(),
        label: entry.step.to_owned(),
        element_bits: Count(entry.content.element_bits.into()),
        count: Count::of(entry.content.count),
    }
}
