//! F_DeepShare, the reactive ideal functionality.
//!
//! ```text
//! Open(id, [x])          store d = DReLU_k(x) under the public id; leak (id, number of gates)
//! Apply(ids, S, [x])     for each element j, served by gate S(j) of the stored ones: y_j = d_S(j) * x_j;
//!                        leak (ids, number of elements); the adversary chooses the corrupted party's share of y
//! ```
//! Apply may follow any number of times, in any later layer. A stateless function could not say what reuse leaks:
//! nothing but the public ids and shapes. [DS-IDEAL-3]

use super::drelu_ring;
use crate::party::{Channel, PartyError, Step};
use crate::plan::StepConvention;
use crate::primitives::ideal::{Adversary, Functionality, GateId, Leakage, Party, call, value_error};
use crate::values::{BitDomain, BitPlane, Concrete, Plane, Ranges, Ring, RingVector, ShapeRing};

const OPEN: Step = call("ideal/open", "DS-IDEAL-3");
const APPLY: Step = call("ideal/apply", "DS-IDEAL-3");

/// Gates that were opened together: what a party knows of them is their public identifier and number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gates {
    /// The identifier.
    pub id: GateId,
    /// How many gates.
    pub len: usize,
}

impl<C: Channel<Vec<u8>>> Party<C> {
    /// Hands in shares of x; the bits stay with the functionality, and so do the identifiers, which its program counts.
    ///
    /// # Errors
    /// What the channel reports; likewise in [`Party::apply`].
    pub fn open(&mut self, x: &Ring) -> Result<(), PartyError> {
        self.give_ring(OPEN, x)
    }

    /// Hands in shares of x and gets shares of d * x.
    ///
    /// # Errors
    /// What the channel reports.
    pub async fn apply(&mut self, x: &Ring) -> Result<Ring, PartyError> {
        self.give_ring(APPLY, x)?;
        self.get_ring(APPLY, x.width(), x.len()).await
    }
}

impl<C: Channel<Vec<u8>>, A: Adversary> Functionality<C, A> {
    /// `Open(id, [x])`.
    ///
    /// # Errors
    /// What the channel reports; [`PartyError::Misuse`] for an identifier that is in use.
    pub async fn open(&mut self, id: GateId, step: StepConvention, x: &ShapeRing) -> Result<Gates, PartyError> {
        let (width, len) = (x.width(), x.len());
        let x = self.take_ring(OPEN, width, len).await?;
        let bits: Vec<bool> = x.elements().iter().map(|&x| drelu_ring(width, step, x)).collect();
        self.adversary.leak(Leakage::Open { id, gates: len });
        match self.gates.insert(id, Plane::from_bits(&bits)) {
            None => Ok(Gates { id, len }),
            Some(_) => Err(self.misuse(format!("gates {id} are open already"))),
        }
    }

    /// `Apply(ids, S, [x])`: S selects from the gates of all ids, one after the other.
    ///
    /// # Errors
    /// What the channel reports; [`PartyError::Misuse`] for gates that were never opened.
    pub async fn apply(&mut self, ids: &[Gates], served: &Ranges, x: &ShapeRing) -> Result<ShapeRing, PartyError> {
        let secret = self.take_ring(APPLY, x.width(), x.len()).await?;
        let stored: Option<Vec<&Plane>> = ids.iter().map(|gates| self.gates.get(&gates.id)).collect();
        let Some(stored) = stored else {
            return Err(self.misuse(format!("of the gates {ids:?} some were never opened")));
        };
        let bits = Plane::concat(&stored).gather(served).map_err(|e| value_error(APPLY, e))?;
        let y = Concrete::embed(&bits, x.width()).mul(&secret).map_err(|e| value_error(APPLY, e))?;
        let ids = ids.iter().map(|gates| gates.id).collect();
        self.adversary.leak(Leakage::Apply { ids, elements: x.len() });
        self.give_ring(APPLY, &y)?;
        Ok(*x)
    }

    fn misuse(&self, what: String) -> PartyError {
        PartyError::Misuse { role: self.channel.role(), what }
    }
}
