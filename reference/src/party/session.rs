//! Session identifiers. [DS-SESSION-1]

use super::Role;
use super::xof::{Label, Seed, xof};

/// The identifier of a session: 16 bytes, public.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SessionId(pub [u8; 16]);

/// The identifier that binds both parties' fresh nonces and the digest of the public part that they agree on.
/// Nothing secret enters it. [DS-SESSION-1]
pub fn session_id(server_nonce: &[u8; 16], client_nonce: &[u8; 16], public_digest: &[u8; 32]) -> SessionId {
    let label = Label { protocol: "session", party: Role::Trusted, purpose: "session id" };
    let context = [&server_nonce[..], &client_nonce[..], &public_digest[..]].concat();
    let mut id = [0; 16];
    xof(label, &Seed([0; 32]), &context, 0, &mut id);
    SessionId(id)
}

/// The digest of a public part, given as its canonical text. [DS-SESSION-2]
pub fn public_digest(text: &str) -> [u8; 32] {
    let label = Label { protocol: "session", party: Role::Trusted, purpose: "public digest" };
    Seed([0; 32]).derive(label, text.as_bytes()).0
}
