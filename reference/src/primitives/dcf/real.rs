//! The real F_DCF: the dealer gives each party its keys in advance; evaluation is local. [DS-FSS-3] [DS-FSS-4]

use super::domain::DcfDomain;
use super::keys::Place;
use super::{Compare, Form, Give, SEED_BITS};
use crate::party::{BitWire, Channel, Coins, PartyError, Phase, SessionId, Step};
use crate::primitives::roles::{Dealer, Party, value_error};

/// The dealer's keys. [DS-FSS-5]
pub const DEAL_KEYS: Step = Step::new(Phase::Offline, "dcf/deal-keys", "DS-FSS-5");
const EVALUATE: Step = Step::new(Phase::Online, "dcf/evaluate", "DS-FSS-4");

/// A role's count of the session's keys: every key has a number of its own. [DS-FSS-6]
#[derive(Clone, Copy, Debug)]
pub struct Keyed {
    next: Place,
}

/// A party's keys of a batch.
pub struct Keys<D: BitWire> {
    first: Place,
    form: Form,
    bits: D::Plane,
}

impl Keyed {
    /// No key yet.
    pub fn new(session: SessionId) -> Keyed {
        Keyed { next: Place { session, number: 0 } }
    }

    /// The place of the first of a batch of keys.
    fn batch(&mut self, form: &Form) -> Place {
        let first = self.next;
        self.next.number = self.next.number.saturating_add(form.keys() as u64);
        first
    }
}

impl<D: DcfDomain> Compare<D> for Keyed {
    type Keys = Keys<D>;

    async fn take<C: Channel<D::Payload>>(
        &mut self,
        party: &mut Party<D, C>,
        form: Form,
    ) -> Result<Keys<D>, PartyError> {
        let first = self.batch(&form);
        let bits = party.dealt_bits(DEAL_KEYS, form.bits(), D::check).await?;
        Ok(Keys { first, form, bits })
    }

    async fn evaluate<C: Channel<D::Payload>>(
        &mut self,
        party: &mut Party<D, C>,
        keys: Keys<D>,
        x: &[D::Plane],
    ) -> Result<D::Ring, PartyError> {
        let Keys { first, form, bits } = keys;
        D::evaluate(first, &form, party.role(), &bits, x).map_err(|e| party.value_error(EVALUATE, e))
    }
}

impl<D: DcfDomain> Give<D> for Keyed {
    async fn give<C: Channel<D::Payload>, K: Coins<D>>(
        &mut self,
        dealer: &mut Dealer<D, C, K>,
        form: &Form,
        alpha: &[D::Plane],
        beta: &D::Ring,
    ) -> Result<(), PartyError> {
        let random = dealer.coins.plane(form.keys().saturating_mul(2 * SEED_BITS as usize))?;
        let keys = D::generate(self.batch(form), form, alpha, beta, &random);
        let [server, client] = keys.map_err(|e| value_error(DEAL_KEYS, e))?;
        dealer.deal_planes(DEAL_KEYS, &[server], &[client])
    }

    async fn serve<C: Channel<D::Payload>, K: Coins<D>>(
        &mut self,
        _dealer: &mut Dealer<D, C, K>,
    ) -> Result<(), PartyError> {
        Ok(())
    }
}
