//! F_DCF over any domain that can compare, or that can leave open how a comparison ends. [DS-FSS-1] [DS-PROVE-12]

use super::domain::{PolynomialPlane, Words};
use deepshare_polynomials::Polynomial;
use deepshare_reference::party::channel::{receive_planes, receive_ring, send_planes, send_ring};
use deepshare_reference::party::{BitWire, Carried, Channel, Coins, PartyError, Phase, Role, Step};
use deepshare_reference::primitives::dcf::{Compare, Form, Give};
use deepshare_reference::primitives::roles::{Dealer, Party};
use deepshare_reference::values::{BitPlane, Concrete, Plane, RingVector, ValueError};
use std::collections::VecDeque;

const EVALUATE: Step = Step::new(Phase::Ideal, "ideal/dcf-evaluate", "DS-FSS-1");

/// A domain with a comparison of numbers in binary, the lowest planes first.
pub trait Compares: BitWire<Payload: Carried> {
    /// Lane by lane the bit `[x < alpha]`.
    ///
    /// # Errors
    /// [`ValueError::Length`] unless there are as many planes, of the same length.
    fn below(x: &[Self::Plane], alpha: &[Self::Plane]) -> Result<Self::Plane, ValueError>;
    /// Whether two planes are known to be the same.
    fn same(left: &Self::Plane, right: &Self::Plane) -> bool;
}

impl Compares for Concrete {
    fn below(x: &[Plane], alpha: &[Plane]) -> Result<Plane, ValueError> {
        let lanes = x.first().map_or(0, Plane::len);
        let mut below = Plane::constant(lanes, false);
        if x.len() != alpha.len() {
            return Err(ValueError::Length { left: x.len(), right: alpha.len() });
        }
        for (x, alpha) in x.iter().zip(alpha) {
            let equal = x.xor(alpha)?.not();
            below = equal.and(&below)?.xor(&x.not().and(alpha)?)?;
        }
        Ok(below)
    }

    fn same(left: &Plane, right: &Plane) -> bool {
        left == right
    }
}

impl Compares for Words {
    /// A variable for each lane, named after what is compared: the same comparison ends in the same way.
    fn below(x: &[PolynomialPlane], alpha: &[PolynomialPlane]) -> Result<PolynomialPlane, ValueError> {
        if x.len() != alpha.len() {
            return Err(ValueError::Length { left: x.len(), right: alpha.len() });
        }
        let lanes = x.first().map_or(0, PolynomialPlane::len);
        let text = |planes: &[PolynomialPlane], lane: usize| {
            let bits = planes.iter().filter_map(|plane| plane.elements().get(lane));
            bits.map(ToString::to_string).collect::<Vec<_>>().join("; ")
        };
        let lane = |i| Polynomial::unsaid(&format!("[({}) < ({})]", text(x, i), text(alpha, i)));
        Ok(PolynomialPlane::of((0..lanes).map(lane).collect()))
    }

    fn same(left: &PolynomialPlane, right: &PolynomialPlane) -> bool {
        left == right
    }
}

/// A party's interface to the functionality.
#[derive(Clone, Copy, Debug)]
pub struct Asks;

impl<D: Compares> Compare<D> for Asks {
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
        send_planes::<D, C>(&mut party.channel, Role::Trusted, EVALUATE, &x.iter().collect::<Vec<_>>())?;
        receive_ring::<D, C>(&mut party.channel, Role::Trusted, EVALUATE, form.width(), form.payload()).await
    }
}

/// The functionality, with the batches that are not evaluated yet.
pub struct Answers<D: Compares> {
    given: VecDeque<(Form, Vec<D::Plane>, D::Ring)>,
}

/// A functionality that has no batch yet.
impl<D: Compares> Default for Answers<D> {
    fn default() -> Answers<D> {
        Answers { given: VecDeque::new() }
    }
}

impl<D: Compares> Give<D> for Answers<D> {
    async fn give<C: Channel<D::Payload>, K: Coins<D>>(
        &mut self,
        _dealer: &mut Dealer<D, C, K>,
        form: &Form,
        alpha: &[D::Plane],
        beta: &D::Ring,
    ) -> Result<(), PartyError> {
        self.given.push_back((form.clone(), alpha.to_vec(), beta.clone()));
        Ok(())
    }

    /// beta_j where the x of its key is below the threshold, else 0: shared with coins of the dealer. Both parties' x must be
    /// the same; each is compared for itself, and the results must be the same.
    async fn serve<C: Channel<D::Payload>, K: Coins<D>>(
        &mut self,
        dealer: &mut Dealer<D, C, K>,
    ) -> Result<(), PartyError> {
        let missing = || misuse("there is no comparison to evaluate");
        let (form, alpha, beta) = self.given.pop_front().ok_or_else(missing)?;
        let error = |source| PartyError::Value { role: Role::Trusted, step: EVALUATE.label, source };
        let mut x = Vec::new();
        for party in [Role::Server, Role::Client] {
            x.push(receive_planes::<D, C>(&mut dealer.channel, party, EVALUATE, alpha.len(), form.keys()).await?);
        }
        let [server, client] = x.as_slice() else { return Err(missing()) };
        let below = D::below(server, &alpha).map_err(error)?;
        if !D::same(&below, &D::below(client, &alpha).map_err(error)?) {
            return Err(misuse("the parties compare different values"));
        }
        let below = below.gather(form.of()).map_err(error)?;
        let paid = D::embed(&below, form.width()).mul(&beta).map_err(error)?;
        let share = dealer.coins.ring(form.width(), paid.len())?;
        let rest = paid.sub(&share).map_err(error)?;
        send_ring::<D, C>(&mut dealer.channel, Role::Server, EVALUATE, &share)?;
        send_ring::<D, C>(&mut dealer.channel, Role::Client, EVALUATE, &rest)
    }
}

fn misuse(what: &str) -> PartyError {
    PartyError::Misuse { role: Role::Trusted, what: what.to_owned() }
}
