//! F_DCF: the dealer hands in thresholds and payloads, the parties the public x; the functionality compares, and the
//! adversary chooses the corrupted party's share. [DS-FSS-1]

use super::domain::lanes;
use super::{Compare, Form, Give};
use crate::party::{Channel, Coins, PartyError, Role, Step};
use crate::primitives::ideal::{Adversary, Functionality, Leakage, call, value_error};
use crate::primitives::roles::{Dealer, Party};
use crate::values::{BitDomain, BitPlane, Concrete, Plane, Ring, RingVector, ValueError};
use std::collections::VecDeque;

pub(super) const EVALUATE: Step = call("ideal/dcf-evaluate", "DS-FSS-1");

/// A party's interface to the functionality.
#[derive(Clone, Copy, Debug)]
pub struct HybridCompare;

impl Compare<Concrete> for HybridCompare {
    type Keys = Form;

    async fn take<C: Channel<Vec<u8>>>(
        &mut self,
        _party: &mut Party<Concrete, C>,
        form: Form,
    ) -> Result<Form, PartyError> {
        Ok(form)
    }

    async fn evaluate<C: Channel<Vec<u8>>>(
        &mut self,
        party: &mut Party<Concrete, C>,
        form: Form,
        x: &[Plane],
    ) -> Result<Ring, PartyError> {
        party.give_planes(EVALUATE, x)?;
        party.dealt_ring(EVALUATE, form.width(), form.payload()).await
    }
}

/// The functionality, with the batches that the parties have not evaluated yet.
pub struct IdealCompare<A> {
    adversary: A,
    given: VecDeque<Given>,
}

/// A batch that the dealer has given.
struct Given {
    form: Form,
    alpha: Vec<Plane>,
    beta: Ring,
}

impl<A> IdealCompare<A> {
    /// A functionality that has no batch yet.
    pub fn new(adversary: A) -> IdealCompare<A> {
        IdealCompare { adversary, given: VecDeque::new() }
    }
}

impl<A: Adversary> Give<Concrete> for IdealCompare<A> {
    async fn give<C: Channel<Vec<u8>>, K: Coins<Concrete>>(
        &mut self,
        _dealer: &mut Dealer<Concrete, C, K>,
        form: &Form,
        alpha: &[Plane],
        beta: &Ring,
    ) -> Result<(), PartyError> {
        let (keys, input_bits, payload) = (form.keys(), form.input_bits(), form.payload());
        self.adversary.leak(Leakage::Compare { keys, input_bits, payload });
        self.given.push_back(Given { form: form.clone(), alpha: alpha.to_vec(), beta: beta.clone() });
        Ok(())
    }

    async fn serve<C: Channel<Vec<u8>>, K: Coins<Concrete>>(
        &mut self,
        dealer: &mut Dealer<Concrete, C, K>,
    ) -> Result<(), PartyError> {
        let missing = || PartyError::Misuse { role: Role::Trusted, what: "there is no comparison to evaluate".into() };
        let given = self.given.pop_front().ok_or_else(missing)?;
        let mut functionality = Functionality::new(&mut dealer.channel, &mut self.adversary);
        let (count, keys) = (given.alpha.len(), given.form.keys());
        let [server, client] = functionality.take_planes(EVALUATE, count, keys).await?;
        if server != client {
            let what = "the parties compare different values".into();
            return Err(PartyError::Misuse { role: Role::Trusted, what });
        }
        let result = given.result(&server).map_err(|source| value_error(EVALUATE, source))?;
        functionality.give_ring(EVALUATE, &result)
    }
}

impl Given {
    /// beta_j where x is below the threshold of its key, else 0.
    fn result(&self, x: &[Plane]) -> Result<Ring, ValueError> {
        let pairs = lanes(x).into_iter().zip(lanes(&self.alpha));
        let below: Vec<bool> = pairs.map(|(x, alpha)| x < alpha).collect();
        let below = Plane::from_bits(&below).gather(self.form.of())?;
        Concrete::embed(&below, self.form.width()).mul(&self.beta)
    }
}
