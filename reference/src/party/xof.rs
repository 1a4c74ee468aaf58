//! The extendable-output function: SHAKE128 with labelled, length-prefixed input. [DS-XOF-1]

#[cfg(all(fuzzing, feature = "stand-in-hash"))]
mod stand_in;

use super::Role;
#[cfg(not(all(fuzzing, feature = "stand-in-hash")))]
use shake::digest::{ExtendableOutput, Update, XofReader};
#[cfg(all(fuzzing, feature = "stand-in-hash"))]
use stand_in::expand;
use std::cell::RefCell;

/// The version of the specification that enters every hash. [DS-XOF-1]
pub const SPEC_VERSION: &str = "deepshare/1";

/// A seed: 32 bytes. Seeds are derived by label, never by slicing one another. [DS-XOF-3]
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Seed(pub [u8; 32]);

/// What an output is for: no two uses share a label. [DS-XOF-1]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// The protocol, such as `gmw`.
    pub protocol: &'static str,
    /// Who uses the output.
    pub party: Role,
    /// What for.
    pub purpose: &'static str,
}

/// Fills `output` with SHAKE128 of (version, protocol, party, purpose, seed, context, counter, output length). [DS-XOF-1]
///
/// Strings are preceded by their length in bytes, 8 bytes, little-endian; counter and output length (in bytes) are
/// 8 bytes, little-endian. Since the output length enters the input, a short output is no prefix of a long one. [DS-XOF-2]
pub fn xof(label: Label, seed: &Seed, context: &[u8], counter: u64, output: &mut [u8]) {
    let input = input(label, seed, context, [counter, output.len() as u64]);
    expand(&input, output);
    RECORD.with_borrow_mut(|record| {
        if let Some(inputs) = record {
            inputs.push(input);
        }
    });
}

/// SHAKE128.
#[cfg(not(all(fuzzing, feature = "stand-in-hash")))]
fn expand(input: &[u8], output: &mut [u8]) {
    let mut hash = shake::Shake128::default();
    hash.update(input);
    hash.finalize_xof().read(output);
}

/// The XOF's input: its parts in order.
fn input(label: Label, seed: &Seed, context: &[u8], numbers: [u64; 2]) -> Vec<u8> {
    // room for the labels in use and a context of an element or two
    let mut input = Vec::with_capacity(256);
    for string in [SPEC_VERSION, label.protocol, label.party.name(), label.purpose] {
        append(&mut input, string.as_bytes());
    }
    input.extend_from_slice(&seed.0);
    append(&mut input, context);
    numbers.iter().for_each(|number| input.extend_from_slice(&number.to_le_bytes()));
    input
}

/// Appends a string, preceded by its length.
fn append(input: &mut Vec<u8>, string: &[u8]) {
    input.extend_from_slice(&(string.len() as u64).to_le_bytes());
    input.extend_from_slice(string);
}

thread_local! {
    /// The inputs of this thread's calls, while somebody records them.
    static RECORD: RefCell<Option<Vec<Vec<u8>>>> = const { RefCell::new(None) };
}

/// Runs a program; gives its result and the input of every call of the XOF that it made on this thread. For audits that
/// no input repeats; inputs contain seeds, and are as secret as they are. [DS-OT-3]
pub fn record<T>(program: impl FnOnce() -> T) -> (T, Vec<Vec<u8>>) {
    let outer = RECORD.replace(Some(Vec::new()));
    let result = program();
    (result, RECORD.replace(outer).unwrap_or_default())
}

impl Seed {
    /// The seed that belongs to a label and a context under this seed. [DS-XOF-3]
    pub fn derive(&self, label: Label, context: &[u8]) -> Seed {
        let mut derived = [0; 32];
        xof(label, self, context, 0, &mut derived);
        Seed(derived)
    }

    /// The seed that a user's bytes stand for: any number of bytes, each string another seed. [DS-XOF-3]
    pub fn from_user_bytes(bytes: &[u8]) -> Seed {
        let label = Label { protocol: "session", party: Role::Trusted, purpose: "user seed" };
        Seed([0; 32]).derive(label, bytes)
    }

    /// This seed, bound to a session: two sessions under one seed share no coin. [DS-COIN-4]
    pub fn for_session(&self, id: super::SessionId) -> Seed {
        self.derive(Label { protocol: "session", party: Role::Trusted, purpose: "session seed" }, &id.0)
    }

    /// A seed from the operating system. [DS-COIN-1]
    ///
    /// # Errors
    /// [`super::PartyError::NoRandomness`] if the operating system gives none.
    pub fn from_system() -> Result<Seed, super::PartyError> {
        let mut bytes = [0; 32];
        let failed = |error: getrandom::Error| super::PartyError::NoRandomness { reason: error.to_string() };
        getrandom::fill(&mut bytes).map_err(failed)?;
        Ok(Seed(bytes))
    }
}

impl std::fmt::Debug for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seed(secret)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABEL: Label = Label { protocol: "gmw", party: Role::Server, purpose: "test" };

    fn output(label: Label, seed: u8, context: &[u8], counter: u64, len: usize) -> Vec<u8> {
        let mut bytes = vec![0; len];
        xof(label, &Seed([seed; 32]), context, counter, &mut bytes);
        bytes
    }

    /// [DS-XOF-1] [DS-XOF-2]
    #[test]
    fn every_part_of_the_input_changes_the_output() {
        let all = [
            output(LABEL, 0, b"", 0, 16),
            output(Label { protocol: "ot", ..LABEL }, 0, b"", 0, 16),
            output(Label { party: Role::Client, ..LABEL }, 0, b"", 0, 16),
            output(Label { purpose: "tes", ..LABEL }, 0, b"", 0, 16),
            output(LABEL, 1, b"", 0, 16),
            output(LABEL, 0, b"t", 0, 16),
            output(LABEL, 0, b"", 1, 16),
            output(LABEL, 0, b"", 0, 17).into_iter().take(16).collect(),
        ];
        for (i, a) in all.iter().enumerate() {
            assert!(all.iter().skip(i + 1).all(|b| a != b), "output {i} is repeated");
        }
    }

    /// The input of this vector, byte by byte, is in the specification's chapter; its output was computed by another
    /// implementation of SHAKE128 (Python's hashlib). [DS-FUZZ-8]
    #[test]
    fn output_of_the_specifications_example() {
        let bytes = output(LABEL, 7, b"context", 5, 16);
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "a21248837ee84c007ed1532f608fbce4");
    }

    #[test]
    fn seeds_are_secret_in_debug() {
        assert_eq!(format!("{:?}", Seed([1; 32])), "Seed(secret)");
    }
}
