//! The XOF's input, part by part. [DS-XOF-1]

use super::ProtocolSteps;
use deepshare_reference::party::Role;
use deepshare_reference::party::xof::{SPEC_VERSION, Seed};
use shake::digest::{ExtendableOutput, Update, XofReader};
use std::borrow::Cow;

/// A label. [DS-XOF-1]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HashLabel<'a> {
    /// The protocol.
    pub protocol: Cow<'a, str>,
    /// Who uses the output.
    pub party: Role,
    /// What for.
    pub purpose: Cow<'a, str>,
}

impl HashLabel<'_> {
    /// A label of sessions.
    pub fn session(purpose: &'static str) -> HashLabel<'static> {
        HashLabel { protocol: "session".into(), party: Role::Trusted, purpose: purpose.into() }
    }
}

/// What is hashed, before it is encoded. [DS-XOF-1]
#[derive(Clone, PartialEq, Eq)]
pub struct Preimage<'a> {
    /// The label.
    pub label: HashLabel<'a>,
    /// The seed.
    pub seed: Seed,
    /// The context.
    pub context: Vec<u8>,
    /// The counter.
    pub counter: u64,
    /// The output's length in bytes.
    pub length: usize,
}

impl<'a> Preimage<'a> {
    /// What a derived seed is the hash of. [DS-XOF-3]
    pub fn derive(label: HashLabel<'a>, seed: Seed, context: &[u8]) -> Preimage<'a> {
        Preimage { label, seed, context: context.to_vec(), counter: 0, length: 32 }
    }
}

/// The encoding: version, label, seed, context, counter, output length. [DS-XOF-1]
pub(super) fn input<S: ProtocolSteps + ?Sized>(steps: &S, preimage: &Preimage<'_>) -> Vec<u8> {
    let Preimage { label, seed, context, counter, length } = preimage;
    let texts = [SPEC_VERSION, &label.protocol, label.party.name(), &label.purpose];
    let mut input: Vec<u8> = texts.iter().flat_map(|text| steps.string(text.as_bytes())).collect();
    input.extend(seed.0);
    input.extend(steps.string(context));
    input.extend(steps.counter(*counter));
    input.extend(steps.output_length(*length as u64));
    input
}

/// SHAKE128. [DS-XOF-1]
pub fn shake128(input: &[u8], length: usize) -> Vec<u8> {
    let mut hash = shake::Shake128::default();
    hash.update(input);
    let mut output = vec![0; length];
    hash.finalize_xof().read(&mut output);
    output
}
