//! A channel whose sender damages one frame: what a broken or hostile peer sends.
#![allow(dead_code)] // Each test file uses a part of it.

use deepshare_reference::party::frame::{FrameError, Header};
use deepshare_reference::party::local::{Endpoint, LocalNet};
use deepshare_reference::party::{Carried, Channel, Content, PartyError, Payload, Role, Step};
use std::task::Poll;

/// What becomes of a frame's bytes.
pub type Damage = fn(Vec<u8>) -> Vec<u8>;

/// A payload whose frame is damaged when it is sealed.
#[derive(Clone, Debug)]
pub struct Tampered {
    bytes: Vec<u8>,
    damage: Option<Damage>,
}

impl Payload for Tampered {}

impl Carried for Tampered {
    type Frame = Vec<u8>;

    fn seal(self, header: &Header) -> Vec<u8> {
        let frame = self.bytes.seal(header);
        self.damage.map_or(frame.clone(), |damage| damage(frame))
    }

    fn unseal(frame: Vec<u8>, expected: &Header) -> Result<(u32, Tampered), FrameError> {
        let (round, bytes) = Vec::<u8>::unseal(frame, expected)?;
        Ok((round, Tampered { bytes, damage: None }))
    }

    fn bytes(&self) -> Option<&[u8]> {
        Some(&self.bytes)
    }
}

/// A channel that damages the frame number `at` of those that it sends with the given label to the given role.
pub struct Hostile {
    inner: Endpoint<Tampered>,
    attack: Option<Attack>,
}

/// Which frame is damaged, and how.
#[derive(Clone, Copy, Debug)]
pub struct Attack {
    /// Who damages it.
    pub from: Role,
    /// To whom it goes.
    pub to: Role,
    /// The step's label.
    pub step: &'static str,
    /// What becomes of it.
    pub damage: Damage,
}

impl Hostile {
    /// A role's end that carries out the attack if it is the attacker's.
    pub fn new(net: &LocalNet<Tampered>, role: Role, attack: Attack) -> Hostile {
        Hostile { inner: net.endpoint(role), attack: Some(attack).filter(|attack| attack.from == role) }
    }
}

impl Channel<Vec<u8>> for Hostile {
    fn role(&self) -> Role {
        self.inner.role()
    }

    fn send(&mut self, to: Role, step: Step, content: Content, bytes: Vec<u8>) -> Result<(), PartyError> {
        let attack = self.attack.take_if(|attack| attack.step == step.label && attack.to == to);
        let damage = attack.map(|attack| attack.damage);
        self.inner.send(to, step, content, Tampered { bytes, damage })
    }

    fn poll_receive(&mut self, from: Role, step: Step, content: Content) -> Poll<Result<Vec<u8>, PartyError>> {
        self.inner.poll_receive(from, step, content).map_ok(|tampered| tampered.bytes)
    }
}
