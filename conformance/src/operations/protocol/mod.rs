//! Operations on frames, hashes, coins, sessions, comparison keys, shares and roles. [DS-VEC-7]

mod coins;
mod dcf;
mod expand;
mod frames;
mod hashes;
mod input;
mod party;
mod script;
mod sessions;
mod shape;
mod shared;
mod shared_activation;
pub(crate) mod stepped;
mod tamper;
mod tree;

pub use coins::Coins;
pub use dcf::{DcfEvaluate, DcfKeys};
pub use frames::{ReadFrame, WriteFrame};
pub use hashes::{DeriveSeed, SessionSeed, UserSeed, Xof};
pub use party::Party;
pub use sessions::{PublicDigest, SessionIdentifier};
pub use shape::Shape;
pub use shared::{SharedInput, SharedLinear, SharedTruncation};
pub use shared_activation::SharedActivation;

#[cfg(test)]
mod tests;
