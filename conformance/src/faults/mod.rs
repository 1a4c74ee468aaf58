//! The fault library: plausible mistakes of an implementer, each one step of [`Steps`] that is wrong.
//!
//! `deepshare adapter --fault NAME` is an implementation with that mistake; a vector that passes it all the same is a hole
//! in the vectors, which `deepshare vectors kill-matrix` finds.

mod plaintext;
mod protocol;

use crate::steps::Steps;

/// A mistake.
pub struct Fault {
    /// The stable name.
    pub name: &'static str,
    /// What the implementer did, in words.
    pub mistake: &'static str,
    /// The clause that it breaks: the harness must lead there.
    pub clause: &'static str,
    /// The implementation with the mistake.
    pub steps: &'static (dyn Steps + Sync),
}

/// All faults, sorted by the part of the specification that they break.
pub fn all() -> impl Iterator<Item = &'static Fault> {
    plaintext::all().chain(protocol::all())
}

/// The faults in what is computed in the clear.
pub fn plaintext() -> impl Iterator<Item = &'static Fault> {
    plaintext::all()
}

/// The fault of a name.
pub fn find(name: &str) -> Option<&'static Fault> {
    all().find(|fault| fault.name == name)
}

#[cfg(test)]
mod tests;
