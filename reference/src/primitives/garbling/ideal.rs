//! F_Labels: the trusted party multiplies bits by Delta and shares the products. [DS-GC-1]
//!
//! Parties in this hybrid world garble and evaluate as in the real one; only the labels of the client's bits come from
//! the trusted party, and COTs from F_COT.

use super::chain::Labels;
use super::{Garbling, LABEL_BITS};
use crate::party::channel::receive_planes;
use crate::party::{Channel, Coins, PartyError, Role, Step};
use crate::primitives::ideal::{Adversary, Functionality, Leakage, call, value_error};
use crate::primitives::ot::base::secret;
use crate::primitives::ot::ideal::HybridParty;
use crate::primitives::ot::matrix::labels_of_columns;
use crate::primitives::ot::tweak::Purpose;
use crate::values::{BitPlane, Concrete, Plane, ShapePlane, ValueError};

pub(super) const DELTA: Step = call("ideal/labels-delta", "DS-GC-1");
pub(super) const BITS: Step = call("ideal/labels-bits", "DS-GC-1");
pub(super) const LABELS: Step = call("ideal/labels", "DS-GC-1");

impl<C: Channel<Vec<u8>>, K: Coins<Concrete>> HybridParty<C, K> {
    /// The server's Delta, drawn and handed in at the first call.
    fn delta(&mut self) -> Result<Plane, PartyError> {
        if let Some(delta) = &self.delta {
            return Ok(delta.clone());
        }
        let delta = secret::<Concrete, K>(Purpose::Labels, &mut self.coins)?;
        self.give(DELTA, &[&delta])?;
        Ok(self.delta.insert(delta).clone())
    }
}

impl<C: Channel<Vec<u8>>, K: Coins<Concrete>> Garbling for HybridParty<C, K> {
    async fn labels(&mut self, bits: &[Plane]) -> Result<Labels, PartyError> {
        let bits = Plane::concat(&bits.iter().collect::<Vec<_>>());
        let delta = if self.party.is_server() {
            super::chain::unpack(&self.delta()?).into_iter().next().unwrap_or(0)
        } else {
            self.give(BITS, &[&bits])?;
            0
        };
        let columns = self.party.dealt_planes(LABELS, LABEL_BITS, bits.len()).await?;
        let (session, first) = (self.session, self.labels);
        self.labels = self.labels.saturating_add(bits.len() as u64);
        Ok(Labels { labels: labels_of_columns(&columns, bits.len()), delta, session, first })
    }

    fn hand_over(&mut self, step: Step, own: Plane) -> Result<(), PartyError> {
        self.party.send_planes(step, &[own])
    }

    async fn take_over(&mut self, step: Step, bits: usize) -> Result<Plane, PartyError> {
        let planes = self.party.receive_planes(step, 1, bits).await?;
        Ok(Plane::concat(&planes.iter().collect::<Vec<_>>()))
    }
}

/// The products of all bits with bit j of Delta, for each j.
fn products(bits: &Plane, delta: &Plane) -> Result<Vec<Plane>, ValueError> {
    delta.to_bits().into_iter().map(|bit| bits.and(&Plane::constant(bits.len(), bit))).collect()
}

impl<C: Channel<Vec<u8>>, A: Adversary> Garbling for Functionality<C, A> {
    async fn labels(&mut self, bits: &[ShapePlane]) -> Result<usize, PartyError> {
        let count = ShapePlane::concat(&bits.iter().collect::<Vec<_>>()).len();
        self.adversary.leak(Leakage::Labels { count });
        let mut one = async |from, step, len| {
            let planes = receive_planes::<Concrete, C>(&mut self.channel, from, step, 1, len).await?;
            Ok(Plane::concat(&planes.iter().collect::<Vec<_>>()))
        };
        let delta = match self.delta.take() {
            Some(delta) => delta,
            None => one(Role::Server, DELTA, LABEL_BITS).await?,
        };
        let bits = one(Role::Client, BITS, count).await?;
        let products = products(&bits, &delta).map_err(|source| value_error(LABELS, source))?;
        self.delta = Some(delta);
        self.give_planes(LABELS, &products)?;
        Ok(count)
    }

    fn hand_over(&mut self, _step: Step, _own: ShapePlane) -> Result<(), PartyError> {
        Ok(())
    }

    async fn take_over(&mut self, _step: Step, bits: usize) -> Result<ShapePlane, PartyError> {
        Ok(ShapePlane::constant(bits, false))
    }
}
