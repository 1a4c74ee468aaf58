//! F_DCF in any domain. [DS-FSS-1]

use super::{call, give_shares, hand_in, value_error};
use deepshare_reference::party::channel::{receive_planes, receive_ring};
use deepshare_reference::party::{BitWire, Channel, Coins, PartyError, Role, Step};
use deepshare_reference::primitives::dcf::{Compare, Form, Give};
use deepshare_reference::primitives::roles::{Dealer, Party};
use deepshare_reference::values::{BitPlane, RingVector, ValueError};
use std::collections::VecDeque;

const EVALUATE: Step = call("ideal/dcf-evaluate", "DS-FSS-1");

/// A party's interface to the functionality.
#[derive(Clone, Copy, Debug)]
pub struct HybridCompare;

impl<D: BitWire> Compare<D> for HybridCompare {
    type Keys = Form;

    async fn take<C: Channel<D::Payload>>(&mut self, _party: &mut Party<D, C>, form: Form) -> Result<Form, PartyError> {
        Ok(form)
    }

    async fn evaluate<C: Channel<D::Payload>>(
        &mut self,
        party: &mut Party<D, C>,
        form: Form,
        x: &[D::Plane],
    ) -> Result<D::Ring, PartyError> {
        hand_in::<D, C>(&mut party.channel, EVALUATE, &x.iter().collect::<Vec<_>>())?;
        receive_ring::<D, C>(&mut party.channel, Role::Trusted, EVALUATE, form.width(), form.payload()).await
    }
}

/// The functionality, with the batches that the parties have not evaluated yet.
pub struct IdealCompare<D: BitWire, K> {
    coins: K,
    given: VecDeque<Given<D>>,
}

/// A batch that the dealer has given.
struct Given<D: BitWire> {
    form: Form,
    alpha: Vec<D::Plane>,
    beta: D::Ring,
}

impl<D: BitWire, K: Coins<D>> IdealCompare<D, K> {
    /// A functionality that has no batch yet; coins choose the shares that it gives.
    pub fn new(coins: K) -> IdealCompare<D, K> {
        IdealCompare { coins, given: VecDeque::new() }
    }
}

impl<D: BitWire, K: Coins<D>> Give<D> for IdealCompare<D, K> {
    async fn give<C: Channel<D::Payload>, L: Coins<D>>(
        &mut self,
        _dealer: &mut Dealer<D, C, L>,
        form: &Form,
        alpha: &[D::Plane],
        beta: &D::Ring,
    ) -> Result<(), PartyError> {
        self.given.push_back(Given { form: form.clone(), alpha: alpha.to_vec(), beta: beta.clone() });
        Ok(())
    }

    async fn serve<C: Channel<D::Payload>, L: Coins<D>>(
        &mut self,
        dealer: &mut Dealer<D, C, L>,
    ) -> Result<(), PartyError> {
        let missing = || PartyError::Misuse { role: Role::Trusted, what: "there is no comparison to evaluate".into() };
        let given = self.given.pop_front().ok_or_else(missing)?;
        let (count, keys) = (given.alpha.len(), given.form.keys());
        let server = receive_planes::<D, C>(&mut dealer.channel, Role::Server, EVALUATE, count, keys).await?;
        let client = receive_planes::<D, C>(&mut dealer.channel, Role::Client, EVALUATE, count, keys).await?;
        let anything = self.coins.plane(keys)?;
        let result = given.result([&server, &client], &anything);
        let result = result.map_err(|source| value_error(Role::Trusted, EVALUATE, source))?;
        give_shares::<D, C, K>(&mut dealer.channel, &mut self.coins, EVALUATE, &result)
    }
}

impl<D: BitWire> Given<D> {
    /// beta_j where x is below the threshold of its key, else 0. The functionality promises nothing where the parties compare
    /// different values: there the bit may be anything.
    fn result(&self, [server, client]: [&[D::Plane]; 2], anything: &D::Plane) -> Result<D::Ring, ValueError> {
        let below = less::<D::Plane>(server, &self.alpha, self.form.keys())?;
        let differ = different(server, client, self.form.keys())?;
        let bit = below.and(&differ.not())?.xor(&anything.and(&differ)?)?;
        D::embed(&bit.gather(self.form.of())?, self.form.width()).mul(&self.beta)
    }
}

/// `x < y` in each lane, both in planes, the lowest first: the highest position where they differ decides.
///
/// # Errors
/// [`ValueError::Length`] unless all planes have that many lanes.
pub fn less<P: BitPlane>(x: &[P], y: &[P], lanes: usize) -> Result<P, ValueError> {
    x.iter().zip(y).try_fold(P::constant(lanes, false), |lower, (x, y)| {
        let differ = x.xor(y)?;
        y.and(&differ)?.xor(&lower.and(&differ.not())?)
    })
}

/// Whether any position differs, in each lane.
fn different<P: BitPlane>(x: &[P], y: &[P], lanes: usize) -> Result<P, ValueError> {
    let equal = x.iter().zip(y).try_fold(P::constant(lanes, true), |equal, (x, y)| equal.and(&x.xor(y)?.not()))?;
    Ok(equal.not())
}
