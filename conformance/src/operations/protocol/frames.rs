//! Operations `write-frame` and `read-frame`. [DS-WIRE-4] [DS-WIRE-5]

use super::input::{PhaseName, number32, session};
use crate::operations::{Operation, Refusal, Trace};
use crate::steps::Steps;
use crate::vectors::types::{Bytes, Count, Number};
use deepshare_reference::party::frame::{FrameError, Header};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Header and payload as bytes.
pub struct WriteFrame;

/// The fields of a frame.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteInput {
    session: Bytes,
    phase: PhaseName,
    round: Count,
    sequence: Number,
    label: String,
    payload: Bytes,
}

/// The frame.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteOutput {
    frame: Bytes,
}

impl Operation for WriteFrame {
    const NAME: &'static str = "write-frame";
    type Input = WriteInput;
    type Output = WriteOutput;

    fn run(steps: &dyn Steps, input: WriteInput, trace: &mut Trace) -> Result<WriteOutput, Refusal> {
        if input.label.len() > 255 {
            return Err(Refusal::request("a label has at most 255 bytes"));
        }
        let header = Header {
            session: session(&input.session)?,
            phase: input.phase.into(),
            round: number32(input.round)?,
            sequence: input.sequence.0,
            step: input.label,
            payload_bytes: input.payload.0.len() as u64,
        };
        let bytes = steps.protocol().header(&header);
        trace.note("header", "DS-WIRE-4", Bytes(bytes.clone()));
        Ok(WriteOutput { frame: Bytes([bytes, input.payload.0].concat()) })
    }
}

/// A received frame against what the receiver expects.
pub struct ReadFrame;

/// What the receiver expects, and what arrives.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadInput {
    expected: Expected,
    frame: Bytes,
}

/// The next frame as the receiver knows it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    session: Bytes,
    phase: PhaseName,
    /// The highest that the sender can have reached.
    round: Count,
    sequence: Number,
    label: String,
    payload_bytes: Count,
}

/// The sender's round and the payload.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReadOutput {
    round: Count,
    payload: Bytes,
}

impl Operation for ReadFrame {
    const NAME: &'static str = "read-frame";
    type Input = ReadInput;
    type Output = ReadOutput;

    fn run(steps: &dyn Steps, input: ReadInput, _trace: &mut Trace) -> Result<ReadOutput, Refusal> {
        let expected = Header {
            session: session(&input.expected.session)?,
            phase: input.expected.phase.into(),
            round: number32(input.expected.round)?,
            sequence: input.expected.sequence.0,
            step: input.expected.label,
            payload_bytes: input.expected.payload_bytes.0,
        };
        let refused = |error: FrameError| Refusal::new(error.code(), error);
        let (round, payload) = steps.protocol().open_frame(&expected, &input.frame.0).map_err(refused)?;
        Ok(ReadOutput { round: Count(round.into()), payload: Bytes(payload) })
    }
}
