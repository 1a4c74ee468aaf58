//! Operations `xof`, `derive-seed`, `user-seed` and `session-seed`. [DS-XOF-1] [DS-XOF-3] [DS-COIN-4]

use super::input::{noted, seed, session};
use crate::operations::{Operation, Refusal, Trace};
use crate::steps::Steps;
use crate::steps::protocol::{HashLabel, Preimage};
use crate::vectors::types::{Bytes, Count, Number, RoleName};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The most bytes that an operation hashes to.
const MAX_OUTPUT: u64 = 1 << 24;

/// The XOF.
pub struct Xof;

/// All that enters the XOF.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct XofInput {
    protocol: String,
    party: RoleName,
    purpose: String,
    seed: Bytes,
    context: Bytes,
    counter: Number,
    length: Count,
}

/// Its output.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct XofOutput {
    bytes: Bytes,
}

impl Operation for Xof {
    const NAME: &'static str = "xof";
    type Input = XofInput;
    type Output = XofOutput;

    fn run(steps: &dyn Steps, input: XofInput, trace: &mut Trace) -> Result<XofOutput, Refusal> {
        if input.length.0 > MAX_OUTPUT {
            return Err(Refusal::request(format!("at most {MAX_OUTPUT} bytes are asked for")));
        }
        let label = label(&input.protocol, input.party, &input.purpose);
        let (seed, context, length) = (seed(&input.seed)?, input.context.0, input.length.length());
        let preimage = Preimage { label, seed, context, counter: input.counter.0, length };
        Ok(XofOutput { bytes: noted(steps.protocol(), trace, "DS-XOF-1", &preimage) })
    }
}

fn label<'a>(protocol: &'a str, party: RoleName, purpose: &'a str) -> HashLabel<'a> {
    HashLabel { protocol: protocol.into(), party: party.into(), purpose: purpose.into() }
}

/// A seed under a seed.
pub struct DeriveSeed;

/// The seed, and what for.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeriveInput {
    protocol: String,
    party: RoleName,
    purpose: String,
    seed: Bytes,
    context: Bytes,
}

/// A seed.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeedOutput {
    seed: Bytes,
}

impl Operation for DeriveSeed {
    const NAME: &'static str = "derive-seed";
    type Input = DeriveInput;
    type Output = SeedOutput;

    fn run(steps: &dyn Steps, input: DeriveInput, trace: &mut Trace) -> Result<SeedOutput, Refusal> {
        let label = label(&input.protocol, input.party, &input.purpose);
        let preimage = Preimage::derive(label, seed(&input.seed)?, &input.context.0);
        Ok(SeedOutput { seed: noted(steps.protocol(), trace, "DS-XOF-3", &preimage) })
    }
}

/// The seed of a user's bytes.
pub struct UserSeed;

/// The user's bytes.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UserInput {
    bytes: Bytes,
}

impl Operation for UserSeed {
    const NAME: &'static str = "user-seed";
    type Input = UserInput;
    type Output = SeedOutput;

    fn run(steps: &dyn Steps, input: UserInput, trace: &mut Trace) -> Result<SeedOutput, Refusal> {
        let preimage = steps.protocol().user_seed(&input.bytes.0);
        Ok(SeedOutput { seed: noted(steps.protocol(), trace, "DS-XOF-3", &preimage) })
    }
}

/// A seed bound to a session.
pub struct SessionSeed;

/// The seed and the session.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionInput {
    seed: Bytes,
    session: Bytes,
}

impl Operation for SessionSeed {
    const NAME: &'static str = "session-seed";
    type Input = SessionInput;
    type Output = SeedOutput;

    fn run(steps: &dyn Steps, input: SessionInput, trace: &mut Trace) -> Result<SeedOutput, Refusal> {
        let preimage = steps.protocol().session_seed(seed(&input.seed)?, session(&input.session)?);
        Ok(SeedOutput { seed: noted(steps.protocol(), trace, "DS-COIN-4", &preimage) })
    }
}
