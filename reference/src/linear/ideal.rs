//! F_Linear: takes the server's weights once and shares of x any number of times; gives shares of map(W, x).
//! Leaks the numbers of weights, applications and outputs; the map itself is public. [DS-IDEAL-5]

use crate::party::{Channel, PartyError, Role, Step};
use crate::primitives::ideal::{Adversary, Functionality, Leakage, Party, call, value_error};
use crate::values::{LinearMap, Ring, RingVector, ShapeRing, ValueError, Width};

const WEIGHTS: Step = call("ideal/weights", "DS-IDEAL-5");
const LINEAR: Step = call("ideal/linear", "DS-IDEAL-5");

impl<C: Channel<Vec<u8>>> Party<C> {
    /// The server hands in its weights; the client has none.
    ///
    /// # Errors
    /// What the channel reports; likewise in [`Party::linear`]; [`PartyError::Misuse`] if the server gives no weights,
    /// [`PartyError::Value`] if it gives another number of them.
    pub fn weights(&mut self, map: &LinearMap, own: Option<&Ring>) -> Result<(), PartyError> {
        let role = self.channel.role();
        if role != Role::Server {
            return Ok(());
        }
        let missing = || PartyError::Misuse { role, what: "the server must give its weights".into() };
        let weights = own.ok_or_else(missing)?;
        if weights.len() != map.weights() {
            let source = ValueError::Length { left: weights.len(), right: map.weights() };
            return Err(PartyError::Value { role, step: WEIGHTS.label, source });
        }
        self.give_ring(WEIGHTS, weights)
    }

    /// Hands in shares of a batch of inputs and gets shares of the outputs.
    ///
    /// # Errors
    /// What the channel reports.
    pub async fn linear(&mut self, map: &LinearMap, x: &Ring, batch: usize) -> Result<Ring, PartyError> {
        let error = |source| PartyError::Value { role: self.channel.role(), step: LINEAR.label, source };
        map.check_batch(x.len(), batch).map_err(error)?;
        self.give_ring(LINEAR, x)?;
        self.get_ring(LINEAR, x.width(), map.outputs() * batch).await
    }
}

impl<C: Channel<Vec<u8>>, A: Adversary> Functionality<C, A> {
    /// Takes the server's weights.
    ///
    /// # Errors
    /// What the channel reports; likewise in [`Functionality::linear`].
    pub async fn weights(&mut self, map: &LinearMap, width: Width) -> Result<Ring, PartyError> {
        self.adversary.leak(Leakage::Weights { weights: map.weights() });
        self.take_from(Role::Server, WEIGHTS, width, map.weights()).await
    }

    /// map(W, x) for a batch.
    ///
    /// # Errors
    /// What the channel reports.
    pub async fn linear(
        &mut self,
        map: &LinearMap,
        weights: &Ring,
        x: &ShapeRing,
        batch: usize,
    ) -> Result<ShapeRing, PartyError> {
        let secret = self.take_ring(LINEAR, x.width(), x.len()).await?;
        let y = Ring::linear(map, weights, &secret, batch).map_err(|e| value_error(LINEAR, e))?;
        self.adversary.leak(Leakage::Linear { batch, outputs: y.len() });
        self.give_ring(LINEAR, &y)?;
        Ok(ShapeRing::constant(y.width(), y.len(), 0))
    }
}
