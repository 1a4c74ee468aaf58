//! Operations `public-digest` and `session-identifier`. [DS-SESSION-1] [DS-SESSION-2]

use super::input::{hash32, noted};
use crate::operations::{Operation, Refusal, Trace};
use crate::steps::Steps;
use crate::steps::protocol::{HashLabel, Preimage};
use crate::vectors::types::Bytes;
use deepshare_reference::party::Role;
use deepshare_reference::party::xof::Seed;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The digest of a public part.
pub struct PublicDigest;

/// The pieces, in order.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DigestInput {
    pieces: Vec<Piece>,
}

/// A piece of a public part.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Piece {
    name: String,
    text: String,
}

/// The digest.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DigestOutput {
    digest: Bytes,
}

impl Operation for PublicDigest {
    const NAME: &'static str = "public-digest";
    type Input = DigestInput;
    type Output = DigestOutput;

    fn run(steps: &dyn Steps, input: DigestInput, trace: &mut Trace) -> Result<DigestOutput, Refusal> {
        let steps = steps.protocol();
        let digest = |purpose: &str, text: &[u8]| {
            let label = HashLabel { protocol: "session".into(), party: Role::Trusted, purpose: purpose.into() };
            hash32(steps, &Preimage::derive(label, Seed([0; 32]), text))
        };
        let mut digests = Vec::with_capacity(input.pieces.len());
        for piece in &input.pieces {
            let of_piece = digest(&piece.name, piece.text.as_bytes());
            trace.note(format!("digest of {}", piece.name), "DS-SESSION-2", Bytes(of_piece.to_vec()));
            digests.push(of_piece);
        }
        let all = digest("public part", &steps.public_context(&digests));
        Ok(DigestOutput { digest: Bytes(all.to_vec()) })
    }
}

/// The identifier of a session.
pub struct SessionIdentifier;

/// What an identifier binds.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IdentifierInput {
    server_nonce: Bytes,
    client_nonce: Bytes,
    digest: Bytes,
}

/// The identifier.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IdentifierOutput {
    session: Bytes,
}

impl Operation for SessionIdentifier {
    const NAME: &'static str = "session-identifier";
    type Input = IdentifierInput;
    type Output = IdentifierOutput;

    fn run(steps: &dyn Steps, input: IdentifierInput, trace: &mut Trace) -> Result<IdentifierOutput, Refusal> {
        let IdentifierInput { server_nonce: Bytes(server), client_nonce: Bytes(client), digest: Bytes(digest) } = input;
        if (server.len(), client.len(), digest.len()) != (16, 16, 32) {
            return Err(Refusal::request("nonces have 16 bytes, the digest 32"));
        }
        let context = steps.protocol().session_context(&server, &client, &digest);
        let (label, seed) = (HashLabel::session("session id"), Seed([0; 32]));
        let preimage = Preimage { label, seed, context, counter: 0, length: 16 };
        Ok(IdentifierOutput { session: noted(steps.protocol(), trace, "DS-SESSION-1", &preimage) })
    }
}
