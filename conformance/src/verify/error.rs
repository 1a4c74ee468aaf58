//! What can go wrong in an enumeration.

use deepshare_reference::party::PartyError;

/// An error of an enumeration: no statement about the protocol.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// A run ended with an error.
    #[error("{case}: a run failed: {source}")]
    Run {
        /// The case.
        case: String,
        /// What the run reports.
        source: PartyError,
    },
    /// A view does not fit a packed number.
    #[error("a view has {bits} bits; at most 128 are packed")]
    TooLong {
        /// Its bits.
        bits: u32,
    },
    /// A message whose number of elements is no multiple of the number of lanes.
    #[error("the message {step} is not lane by lane")]
    Lanes {
        /// Its step.
        step: &'static str,
    },
    /// A run drew another number of coin bits than the run before, though all control flow is public.
    #[error("{case}: a run drew {found} coin bits, and {expected} before")]
    Coins {
        /// The case.
        case: String,
        /// Bits of this run.
        found: u32,
        /// Bits of the run on one lane.
        expected: u32,
    },
    /// Lanes whose messages or leakage are others than those of the first lanes, though all control flow is public.
    #[error("{case}: messages or leakage differ from lane to lane")]
    Uneven {
        /// The case.
        case: String,
    },
    /// More coin bits than lanes can count.
    #[error("{case}: {bits} coin bits are too many to enumerate")]
    TooMany {
        /// The case.
        case: String,
        /// The bits.
        bits: u32,
    },
    /// Nothing of that name or width.
    #[error("there is no case for {what}")]
    NoCase {
        /// What was asked for.
        what: String,
    },
}
