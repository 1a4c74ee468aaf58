//! Ideal functionalities in any domain: F_DCF, F_OT, F_COT and F_Carries over symbols. [DS-PROVE-2]
//!
//! The first three are those of the reference, which work on concrete values: [DS-FSS-1], [DS-OT-1], [DS-OT-2].
//! F_Carries stands for a garbled chain, and lemmas on labels say that the chain gives what it gives: [DS-PROVE-14].
//! Output shares are chosen by coins, which are variables, so that a lemma holds for whatever an adversary chooses.

pub mod carries;
pub mod dcf;
pub mod label;
pub mod ot;

use deepshare_reference::party::channel::{send_planes, send_ring};
use deepshare_reference::party::{BitWire, Channel, Coins, PartyError, Phase, Role, Step};
use deepshare_reference::values::{RingVector, ValueError};

/// A call of an ideal functionality.
const fn call(label: &'static str, clause: &'static str) -> Step {
    Step::new(Phase::Ideal, label, clause)
}

fn value_error(role: Role, step: Step, source: ValueError) -> PartyError {
    PartyError::Value { role, step: step.label, source }
}

/// Gives shares of a ring vector: the server's is chosen, the client's is the rest.
fn give_shares<D: BitWire, C: Channel<D::Payload>, K: Coins<D>>(
    channel: &mut C,
    coins: &mut K,
    step: Step,
    secret: &D::Ring,
) -> Result<(), PartyError> {
    let server = coins.ring(secret.width(), secret.len())?;
    let client = secret.sub(&server).map_err(|source| value_error(Role::Trusted, step, source))?;
    send_ring::<D, C>(channel, Role::Server, step, &server)?;
    send_ring::<D, C>(channel, Role::Client, step, &client)
}

/// Hands planes to the functionality.
fn hand_in<D: BitWire, C: Channel<D::Payload>>(
    channel: &mut C,
    step: Step,
    planes: &[&D::Plane],
) -> Result<(), PartyError> {
    send_planes::<D, C>(channel, Role::Trusted, step, planes)
}
