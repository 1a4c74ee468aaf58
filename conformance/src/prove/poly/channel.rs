//! A channel whose elements are turned by an implementation's steps, in any domain.

use crate::steps::protocol::{Place, ProtocolSteps, turned};
use deepshare_reference::party::{BitWire, Channel, Content, PartyError, Role, Step};
use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::task::{Poll, ready};

/// A role's end, by steps.
pub struct SteppedChannel<'a, D, C> {
    inner: C,
    steps: &'a dyn ProtocolSteps,
    taken: BTreeMap<&'static str, usize>,
    domain: PhantomData<D>,
}

impl<'a, D: BitWire, C: Channel<D::Payload>> SteppedChannel<'a, D, C> {
    /// An end by steps.
    pub fn new(inner: C, steps: &'a dyn ProtocolSteps) -> SteppedChannel<'a, D, C> {
        SteppedChannel { inner, steps, taken: BTreeMap::new(), domain: PhantomData }
    }

    fn turn(&self, step: Step, sent: bool, content: Content, payload: D::Payload) -> D::Payload {
        let taken = self.taken.get(step.label).copied().unwrap_or(0);
        let place = Place { role: self.inner.role(), label: step.label, sent, taken };
        turned::<D>(self.steps.turn(&place), content, payload)
    }
}

impl<D: BitWire, C: Channel<D::Payload>> Channel<D::Payload> for SteppedChannel<'_, D, C> {
    fn role(&self) -> Role {
        self.inner.role()
    }

    fn send(&mut self, to: Role, step: Step, content: Content, payload: D::Payload) -> Result<(), PartyError> {
        let payload = self.turn(step, true, content, payload);
        self.inner.send(to, step, content, payload)
    }

    fn poll_receive(&mut self, from: Role, step: Step, content: Content) -> Poll<Result<D::Payload, PartyError>> {
        let payload = ready!(self.inner.poll_receive(from, step, content))?;
        let payload = self.turn(step, false, content, payload);
        *self.taken.entry(step.label).or_insert(0) += 1;
        Poll::Ready(Ok(payload))
    }
}
