//! The reference of DeepShare: plaintext semantics, ideal functionalities and real two-party protocols side by side.
//!
//! The written specification in `spec/` says what is computed; its clauses `[DS-AREA-n]` are named where they are
//! implemented. The arrows between modules point one way:
//! `network` → `gate`, `truncate`, `linear` → `primitives` → `party` → `plan` → `values`.
//!
//! "Slow" in "slow, auditable reference" means that no line is written for speed at the cost of clarity.
//! This code is not constant-time by audit and is not for production secrets.

pub mod backend;
pub mod gate;
pub mod linear;
pub mod network;
pub mod party;
pub mod plan;
pub mod primitives;
pub mod transfer;
pub mod truncate;
pub mod values;
