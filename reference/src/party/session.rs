//! Sessions: what both parties must agree on before they compute, and the identifier that binds it. [DS-SESSION-1]

use super::xof::{Label, Seed, xof};
use super::{PartyError, Role};

/// The identifier of a session: 16 bytes, public.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SessionId(pub [u8; 16]);

/// The identifier that binds both parties' fresh nonces and the digest of the public part that they agree on.
/// Nothing secret enters it. [DS-SESSION-1]
pub fn session_id(server_nonce: &[u8; 16], client_nonce: &[u8; 16], public_digest: &[u8; 32]) -> SessionId {
    let context = [&server_nonce[..], &client_nonce[..], &public_digest[..]].concat();
    let mut id = [0; 16];
    xof(label("session id"), &Seed([0; 32]), &context, 0, &mut id);
    SessionId(id)
}

/// How many pieces the public part of an inference has. [DS-SESSION-2]
pub const PIECES: usize = 5;

/// The digests of a session's public part, piece by piece, so that parties that disagree can say on what.
/// [DS-SESSION-2]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicPart {
    pieces: Vec<(&'static str, [u8; 32])>,
}

impl PublicPart {
    /// The public part whose pieces have these names and canonical texts.
    pub fn new<'a>(pieces: impl IntoIterator<Item = (&'static str, &'a str)>) -> PublicPart {
        let digest = |(name, text): (&'static str, &str)| (name, digest(name, text.as_bytes()));
        PublicPart { pieces: pieces.into_iter().map(digest).collect() }
    }

    /// The digests of the pieces, as they travel in a hello, if there are as many as an inference has. [DS-LIVE-3]
    pub fn digests(&self) -> Option<[[u8; 32]; PIECES]> {
        let digests: Vec<[u8; 32]> = self.pieces.iter().map(|(_, digest)| *digest).collect();
        digests.try_into().ok()
    }

    /// The public part of the same pieces that has these digests: the other party's, as its hello says. [DS-LIVE-3]
    pub fn with_digests(&self, digests: &[[u8; 32]; PIECES]) -> PublicPart {
        let names = self.pieces.iter().map(|(name, _)| *name);
        PublicPart { pieces: names.zip(digests.iter().copied()).collect() }
    }

    /// The digest of all pieces.
    pub fn digest(&self) -> [u8; 32] {
        let all: Vec<u8> = self.pieces.iter().flat_map(|(_, digest)| digest).copied().collect();
        digest("public part", &all)
    }

    /// Checks that the other party has the same public part.
    ///
    /// # Errors
    /// [`PartyError::PublicPart`] in the name of `role`, naming the first piece that differs.
    pub fn agree(&self, role: Role, other: &PublicPart) -> Result<(), PartyError> {
        let differs = self.pieces.iter().zip(&other.pieces).find(|(own, other)| own != other);
        match differs {
            Some(((name, _), _)) => Err(PartyError::PublicPart { role, which: (*name).to_owned() }),
            None if self.pieces.len() != other.pieces.len() => {
                Err(PartyError::PublicPart { role, which: "the number of pieces".to_owned() })
            }
            None => Ok(()),
        }
    }
}

fn digest(purpose: &'static str, text: &[u8]) -> [u8; 32] {
    Seed([0; 32]).derive(label(purpose), text).0
}

fn label(purpose: &'static str) -> Label {
    Label { protocol: "session", party: Role::Trusted, purpose }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(backend: &str, batch: &str) -> PublicPart {
        PublicPart::new([("backend", backend), ("batch", batch)])
    }

    #[test]
    fn parties_that_disagree_say_on_what() {
        let own = part("gmw", "1");
        assert_eq!(own.agree(Role::Client, &part("gmw", "1")), Ok(()));
        let which = |other: &PublicPart| own.agree(Role::Client, other).unwrap_err().to_string();
        let message = "client: the parties do not agree on the public part: batch differs";
        assert_eq!(which(&part("gmw", "2")), message);
        assert!(which(&part("ot", "2")).ends_with("backend differs"));
        assert!(which(&PublicPart::new([("backend", "gmw")])).ends_with("the number of pieces differs"));
    }

    /// [DS-SESSION-1]
    #[test]
    fn an_identifier_binds_both_nonces_and_the_digest() {
        let ids = [(1, 2, 3), (2, 1, 3), (0, 2, 3), (1, 0, 3), (1, 2, 0)];
        let ids = ids.map(|(server, client, digest)| session_id(&[server; 16], &[client; 16], &[digest; 32]));
        assert!(ids.iter().enumerate().all(|(i, id)| !ids[..i].contains(id) && *id != SessionId::default()), "{ids:?}");
    }

    /// [DS-LIVE-3]
    #[test]
    fn digests_of_an_inference_travel() {
        let inference = |text| PublicPart::new(["a", "b", "c", "d", "e"].map(|name| (name, text)));
        let digests = inference("1").digests().unwrap();
        assert_eq!(inference("2").with_digests(&digests), inference("1"));
        assert_eq!(part("gmw", "1").digests(), None, "too few pieces");
    }

    #[test]
    fn equal_texts_of_different_pieces_have_different_digests() {
        assert_ne!(part("1", "gmw").digest(), part("gmw", "1").digest());
        assert_ne!(PublicPart::new([("backend", "1")]).digest(), PublicPart::new([("batch", "1")]).digest());
        assert_eq!(part("gmw", "1").digest(), part("gmw", "1").digest());
    }
}
