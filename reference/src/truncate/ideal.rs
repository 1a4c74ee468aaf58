//! F_Truncate(f): takes shares of x, gives shares of floor(x / 2^f); leaks the number of elements and f. [DS-IDEAL-4]

use super::{check_shift, truncate_ring};
use crate::party::{Channel, PartyError, Step};
use crate::primitives::ideal::{Adversary, Functionality, Leakage, Party, call, value_error};
use crate::values::{Ring, RingVector, ShapeRing};

const TRUNCATE: Step = call("ideal/truncate", "DS-IDEAL-4");

impl<C: Channel<Vec<u8>>> Party<C> {
    /// Hands in shares of x and gets shares of floor(x / 2^f).
    ///
    /// # Errors
    /// What the channel reports.
    pub async fn truncate(&mut self, x: &Ring) -> Result<Ring, PartyError> {
        self.give_ring(TRUNCATE, x)?;
        self.get_ring(TRUNCATE, x.width(), x.len()).await
    }
}

impl<C: Channel<Vec<u8>>, A: Adversary> Functionality<C, A> {
    /// F_Truncate(f).
    ///
    /// # Errors
    /// What the channel reports; [`PartyError::Value`] unless f < k.
    pub async fn truncate(&mut self, x: &ShapeRing, shift: u32) -> Result<ShapeRing, PartyError> {
        let (width, len) = (x.width(), x.len());
        check_shift(width, shift).map_err(|e| value_error(TRUNCATE, e))?;
        let secret = self.take_ring(TRUNCATE, width, len).await?;
        let quotients = secret.elements().iter().map(|&x| truncate_ring(width, x, shift));
        let quotients = quotients.collect::<Result<Vec<u64>, _>>().map_err(|e| value_error(TRUNCATE, e))?;
        self.adversary.leak(Leakage::Truncate { elements: len, shift });
        self.give_ring(TRUNCATE, &Ring::new(width, quotients))?;
        Ok(*x)
    }
}
