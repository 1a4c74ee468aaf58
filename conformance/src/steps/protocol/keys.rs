//! Comparison keys: what their parts are called. [DS-FSS-3]

use deepshare_reference::values::Width;

/// The form of a batch's keys, but for their payloads' lengths.
#[derive(Clone, Copy, Debug)]
pub struct KeyForm {
    /// n, the bits that are compared.
    pub bits: u32,
    /// w, the payloads' width.
    pub width: Width,
}

/// A party's node: seed and bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// s.
    pub seed: u128,
    /// t.
    pub bit: bool,
}

/// A correction word. [DS-FSS-3]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// s'.
    pub seed: u128,
    /// t'_left.
    pub left: bool,
    /// t'_right.
    pub right: bool,
    /// v'.
    pub masks: Vec<u64>,
}
