//! The roles of the ideal world: two parties that hand their shares to a trusted party, and that trusted party.
//!
//! In every functionality the corrupted party's output share is chosen by the adversary, and the honest party gets the
//! complement. What a functionality leaks is stated by [`Leakage`]: public shapes only. [DS-IDEAL-1] [DS-IDEAL-2]

use crate::party::channel::{receive_planes, receive_ring, send_planes, send_ring};
use crate::party::coins::SeedCoins;
use crate::party::{Channel, Coins, PartyError, Phase, Role, Step};
use crate::values::{BitPlane, Concrete, Plane, Ring, RingVector, ValueError, Width};
use std::collections::BTreeMap;

/// What an ideal functionality tells the adversary about a call: public shapes only. [DS-IDEAL-2]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leakage {
    /// F_And or F_SharedAnd was called on this many planes of this many elements.
    And {
        /// Output planes.
        planes: usize,
        /// Elements of each.
        elements: usize,
    },
    /// F_OT was called.
    Transfer {
        /// N, the number of messages to choose from.
        choices: usize,
        /// Bits of a message.
        bits: usize,
        /// Number of OTs.
        lanes: usize,
    },
    /// F_COT: COTs were prepared.
    Prepare {
        /// Who receives.
        receiver: Role,
        /// Number of COTs.
        count: usize,
    },
    /// F_COT: COTs were used.
    Correlate {
        /// Who receives.
        receiver: Role,
        /// Number of elements.
        elements: usize,
    },
    /// F_DCF: the dealer gave a batch of comparisons.
    Compare {
        /// Number of comparisons.
        keys: usize,
        /// Bits that each compares.
        input_bits: u32,
        /// Payload elements of all comparisons.
        payload: usize,
    },
    /// F_Labels was called.
    Labels {
        /// Number of labels.
        count: usize,
    },
    /// F_DeepShare: gates were opened under a public identifier.
    Open {
        /// The identifier.
        id: GateId,
        /// Number of gates.
        gates: usize,
    },
    /// F_DeepShare: gates were applied.
    Apply {
        /// The identifiers of the gates that could be served.
        ids: Vec<GateId>,
        /// Number of elements.
        elements: usize,
    },
    /// F_Truncate was called.
    Truncate {
        /// Number of elements.
        elements: usize,
        /// The shift in bits.
        shift: u32,
    },
    /// F_Linear: weights were given.
    Weights {
        /// Number of weights.
        weights: usize,
    },
    /// F_Linear was applied.
    Linear {
        /// Number of applications.
        batch: usize,
        /// Number of outputs of all applications.
        outputs: usize,
    },
    /// F_Input was called.
    Input {
        /// Number of elements.
        elements: usize,
    },
    /// F_Output was called.
    Output {
        /// Number of elements.
        elements: usize,
    },
}

/// The public identifier of gates that were opened together.
pub type GateId = u64;

/// The adversary of the ideal world, as far as a functionality meets it. [DS-IDEAL-1]
pub trait Adversary {
    /// The corrupted party, if any.
    fn corrupted(&self) -> Option<Role>;
    /// Hears what a call leaks.
    fn leak(&mut self, leakage: Leakage);
    /// Chooses the corrupted party's output share of a plane.
    ///
    /// # Errors
    /// What the adversary's own coins report; likewise in [`Adversary::ring_share`].
    fn plane_share(&mut self, len: usize) -> Result<Plane, PartyError>;
    /// Chooses the corrupted party's output share of a ring vector.
    ///
    /// # Errors
    /// What the adversary's own coins report.
    fn ring_share(&mut self, width: Width, len: usize) -> Result<Ring, PartyError>;
}

/// A borrowed adversary is an adversary.
impl<A: Adversary> Adversary for &mut A {
    fn corrupted(&self) -> Option<Role> {
        (**self).corrupted()
    }

    fn leak(&mut self, leakage: Leakage) {
        (**self).leak(leakage);
    }

    fn plane_share(&mut self, len: usize) -> Result<Plane, PartyError> {
        (**self).plane_share(len)
    }

    fn ring_share(&mut self, width: Width, len: usize) -> Result<Ring, PartyError> {
        (**self).ring_share(width, len)
    }
}

/// Nobody is corrupted: the server's shares are uniformly random.
#[derive(Clone, Debug)]
pub struct Nobody {
    coins: SeedCoins,
}

impl Nobody {
    /// With coins for the server's shares.
    pub fn new(coins: SeedCoins) -> Nobody {
        Nobody { coins }
    }
}

impl Adversary for Nobody {
    fn corrupted(&self) -> Option<Role> {
        None
    }

    fn leak(&mut self, _leakage: Leakage) {}

    fn plane_share(&mut self, len: usize) -> Result<Plane, PartyError> {
        self.coins.plane(len)
    }

    fn ring_share(&mut self, width: Width, len: usize) -> Result<Ring, PartyError> {
        self.coins.ring(width, len)
    }
}

/// A party of the ideal world.
pub struct Party<C> {
    /// The party's end of the channel to the trusted party.
    pub channel: C,
}

/// The trusted party: all ideal functionalities and what they remember.
pub struct Functionality<C, A> {
    /// The trusted party's end of the channels.
    pub channel: C,
    /// The adversary.
    pub adversary: A,
    /// F_DeepShare's memory: the bits of all gates opened so far, by identifier. [DS-IDEAL-3]
    pub(crate) gates: BTreeMap<GateId, Plane>,
    /// F_Labels' memory: the garbler's Delta, once it was handed in. [DS-GC-1]
    pub(crate) delta: Option<Plane>,
}

/// A call of a functionality: no cost of any real protocol.
pub(crate) const fn call(label: &'static str, clause: &'static str) -> Step {
    Step::new(Phase::Ideal, label, clause)
}

impl<C: Channel<Vec<u8>>> Party<C> {
    /// A party on a channel.
    pub fn new(channel: C) -> Party<C> {
        Party { channel }
    }

    pub(crate) fn give_ring(&mut self, step: Step, share: &Ring) -> Result<(), PartyError> {
        send_ring::<Concrete, C>(&mut self.channel, Role::Trusted, step, share)
    }

    pub(crate) async fn get_ring(&mut self, step: Step, width: Width, len: usize) -> Result<Ring, PartyError> {
        receive_ring::<Concrete, C>(&mut self.channel, Role::Trusted, step, width, len).await
    }

    pub(crate) fn give_planes(&mut self, step: Step, shares: &[&Plane]) -> Result<(), PartyError> {
        send_planes::<Concrete, C>(&mut self.channel, Role::Trusted, step, shares)
    }

    pub(crate) async fn get_planes(&mut self, step: Step, count: usize, len: usize) -> Result<Vec<Plane>, PartyError> {
        receive_planes::<Concrete, C>(&mut self.channel, Role::Trusted, step, count, len).await
    }
}

impl<C: Channel<Vec<u8>>, A: Adversary> Functionality<C, A> {
    /// A trusted party on a channel.
    pub fn new(channel: C, adversary: A) -> Functionality<C, A> {
        Functionality { channel, adversary, gates: BTreeMap::new(), delta: None }
    }

    /// Takes both parties' planes, each of `len` elements.
    pub(crate) async fn take_planes(
        &mut self,
        step: Step,
        count: usize,
        len: usize,
    ) -> Result<[Vec<Plane>; 2], PartyError> {
        let server = receive_planes::<Concrete, C>(&mut self.channel, Role::Server, step, count, len).await?;
        let client = receive_planes::<Concrete, C>(&mut self.channel, Role::Client, step, count, len).await?;
        Ok([server, client])
    }

    /// Takes one party's ring vector.
    pub(crate) async fn take_from(
        &mut self,
        from: Role,
        step: Step,
        width: Width,
        len: usize,
    ) -> Result<Ring, PartyError> {
        receive_ring::<Concrete, C>(&mut self.channel, from, step, width, len).await
    }

    /// Takes both parties' shares of a ring vector and adds them.
    pub(crate) async fn take_ring(&mut self, step: Step, width: Width, len: usize) -> Result<Ring, PartyError> {
        let server = self.take_from(Role::Server, step, width, len).await?;
        let client = self.take_from(Role::Client, step, width, len).await?;
        server.add(&client).map_err(|source| value_error(step, source))
    }

    /// Gives shares of planes: the adversary's choice to the corrupted party, the complement to the other.
    pub(crate) fn give_planes(&mut self, step: Step, secrets: &[Plane]) -> Result<(), PartyError> {
        let (mut chosen, mut rest) = (Vec::new(), Vec::new());
        for secret in secrets {
            let share = self.adversary.plane_share(secret.len())?;
            rest.push(share.xor(secret).map_err(|source| value_error(step, source))?);
            chosen.push(share);
        }
        let to = self.chooser();
        for (role, shares) in [(to, &chosen), (to.peer(), &rest)] {
            send_planes::<Concrete, C>(&mut self.channel, role, step, &shares.iter().collect::<Vec<_>>())?;
        }
        Ok(())
    }

    /// Gives shares of a ring vector: the adversary's choice to the corrupted party, the complement to the other.
    pub(crate) fn give_ring(&mut self, step: Step, secret: &Ring) -> Result<(), PartyError> {
        let chosen = self.adversary.ring_share(secret.width(), secret.len())?;
        let rest = secret.sub(&chosen).map_err(|source| value_error(step, source))?;
        let to = self.chooser();
        for (role, share) in [(to, &chosen), (to.peer(), &rest)] {
            send_ring::<Concrete, C>(&mut self.channel, role, step, share)?;
        }
        Ok(())
    }

    /// Whose share is chosen: the corrupted party's; the server's if nobody is corrupted.
    fn chooser(&self) -> Role {
        self.adversary.corrupted().unwrap_or(Role::Server)
    }
}

pub(crate) fn value_error(step: Step, source: ValueError) -> PartyError {
    PartyError::Value { role: Role::Trusted, step: step.label, source }
}
