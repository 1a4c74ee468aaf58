//! Seeds on the command line, and what is derived from them.

use crate::error::CliError;
use crate::printable::Name;
use deepshare_reference::backend::run::Session;
use deepshare_reference::party::transcript::Transcript;
use deepshare_reference::party::xof::{Label, Seed, xof};
use deepshare_reference::party::{Role, session_id};

/// The most hexadecimal digits of a seed.
const MAX_DIGITS: usize = 64;

/// A seed as the user gave it, or 32 bytes from the operating system. Printing it lets a run be repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserSeed(Vec<u8>);

impl UserSeed {
    /// The seed of an option, or a fresh one.
    ///
    /// # Errors
    /// [`CliError::Argument`] unless it is an even number of hexadecimal digits, 2 to 64;
    /// [`CliError::Party`] if the operating system gives no randomness.
    pub fn from_option(option: Option<&str>) -> Result<UserSeed, CliError> {
        match option {
            Some(text) => UserSeed::parse(text),
            None => {
                let Seed(bytes) = Seed::from_system().map_err(|source| CliError::Party { world: "any", source })?;
                Ok(UserSeed(bytes.to_vec()))
            }
        }
    }

    fn parse(text: &str) -> Result<UserSeed, CliError> {
        let error = |rule: String| CliError::Argument { argument: Name(format!("--seed {text}")), rule };
        let digits: Option<Vec<u8>> =
            text.chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
        let digits = digits.ok_or_else(|| error("a seed is hexadecimal digits, such as 00c0ffee".into()))?;
        if digits.is_empty() || digits.len() > MAX_DIGITS || !digits.len().is_multiple_of(2) {
            let found = digits.len();
            return Err(error(format!("a seed has an even number of digits, 2 to {MAX_DIGITS}; this one has {found}")));
        }
        Ok(UserSeed(digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect()))
    }

    /// The seed of everything that is drawn. [DS-XOF-3]
    pub fn seed(&self) -> Seed {
        Seed::from_user_bytes(&self.0)
    }
}

impl std::fmt::Display for UserSeed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The seed of one batch, so that no two sessions draw the same coins. [DS-XOF-3]
pub fn batch_seed(seed: &Seed, batch: u64) -> Seed {
    seed.derive(Label { protocol: "session", party: Role::Trusted, purpose: "batch" }, &batch.to_le_bytes())
}

/// A party's nonce. From a fresh seed it is fresh; from a seed that a user gave it repeats. [DS-SESSION-1]
pub fn nonce(seed: &Seed, party: Role) -> [u8; 16] {
    let mut nonce = [0; 16];
    xof(Label { protocol: "session", party, purpose: "nonce" }, seed, b"", 0, &mut nonce);
    nonce
}

/// A session under a seed: both parties' nonces are drawn from it. [DS-SESSION-1]
pub fn session(seed: &Seed, public_digest: &[u8; 32], transcript: Transcript) -> Session {
    let nonce = |party| nonce(seed, party);
    Session { id: session_id(&nonce(Role::Server), &nonce(Role::Client), public_digest), transcript }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_printed_as_it_is_read() {
        let seed = UserSeed::from_option(Some("00C0ffee")).unwrap();
        assert_eq!(seed, UserSeed(vec![0, 0xc0, 0xff, 0xee]));
        assert_eq!(seed.to_string(), "00c0ffee");
    }

    #[test]
    fn seeds_that_are_no_bytes_are_rejected() {
        for text in ["", "0", "abc", "zz", "0x12", "é", &"0".repeat(66)] {
            assert_eq!(UserSeed::parse(text).unwrap_err().code(), "cli/argument", "{text}");
        }
        assert!(UserSeed::parse(&"0".repeat(64)).is_ok());
    }

    #[test]
    fn fresh_seeds_differ() {
        assert_ne!(UserSeed::from_option(None).unwrap(), UserSeed::from_option(None).unwrap());
    }
}
