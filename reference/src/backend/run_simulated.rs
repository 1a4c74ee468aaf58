//! Runs a program of a corrupted party against a simulator: the ideal world, seen by that party. [DS-SIM-1]

use super::{Activation, Backend};
use crate::party::local::{LocalNet, run};
use crate::party::{Carried, PartyError, Role};
use crate::plan::StepConvention;
use crate::primitives::ideal::{Adversary, Leakage, value_error};
use crate::primitives::stage::Handed;
use crate::values::{LinearMap, Plane, Ranges, Ring, RingVector, ValueError, Width};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;

/// Runs a corrupted party and the simulator that plays all others. Gives what the party gets: its output shares, which
/// the simulator hands to the functionality. The honest party's are the values minus these.
///
/// # Errors
/// The first error of either; [`PartyError::Deadlock`] if both wait.
pub fn against<P: Carried, T, S>(
    net: &LocalNet<P>,
    corrupted: Role,
    simulator: impl Future<Output = Result<S, PartyError>>,
    party: impl Future<Output = Result<T, PartyError>>,
) -> Result<T, PartyError> {
    let (mut party, mut simulator) = (pin!(party), pin!(simulator));
    let (ended, mut outputs) = (Cell::new(false), None);
    // The simulator has its turn right after its party's, whose share it may wait for.
    let both = poll_fn(|context| {
        if outputs.is_none()
            && let Poll::Ready(result) = party.as_mut().poll(context)
        {
            outputs = Some(result?);
        }
        if !ended.get()
            && let Poll::Ready(result) = simulator.as_mut().poll(context)
        {
            result?;
            ended.set(true);
        }
        match outputs.take_if(|_| ended.get()) {
            Some(outputs) => Poll::Ready(Ok(outputs)),
            None => Poll::Pending,
        }
    });
    // the peer and the trusted party, whom the simulator plays, end when the simulator does
    let played = || poll_fn(|_| if ended.get() { Poll::Ready(Ok(())) } else { Poll::Pending });
    match corrupted {
        Role::Client => Ok(run(net, played(), played(), both)?.2),
        _ => Ok(run(net, played(), both, played())?.1),
    }
}

/// The corrupted client's share of what is opened next, from its program to its simulator.
pub type Share = Rc<RefCell<Option<Ring>>>;

/// What a simulator is handed in a run: the adversary's choices, F_Output's values, and the share that its party's program
/// comes to.
pub struct HandedOver<A> {
    /// Chooses output shares.
    pub adversary: A,
    /// What F_Output gives to a corrupted client, call by call.
    pub opened: VecDeque<Ring>,
    /// Where [`Followed`] leaves the client's share.
    pub share: Share,
}

impl<A: Adversary> Adversary for HandedOver<A> {
    fn corrupted(&self) -> Option<Role> {
        self.adversary.corrupted()
    }

    fn leak(&mut self, leakage: Leakage) {
        self.adversary.leak(leakage);
    }

    fn plane_share(&mut self, len: usize) -> Result<Plane, PartyError> {
        self.adversary.plane_share(len)
    }

    fn ring_share(&mut self, width: Width, len: usize) -> Result<Ring, PartyError> {
        self.adversary.ring_share(width, len)
    }
}

impl<A: Adversary> Handed for HandedOver<A> {
    fn opened(&mut self, width: Width, len: usize) -> Result<Ring, PartyError> {
        let missing = || PartyError::Misuse { role: Role::Trusted, what: "F_Output hands over no value".into() };
        self.opened.pop_front().filter(|x| x.width() == width && x.len() == len).ok_or_else(missing)
    }

    async fn client_share(&mut self, _width: Width, len: usize) -> Result<Ring, PartyError> {
        let share = poll_fn(|_| match self.share.borrow_mut().take() {
            Some(share) => Poll::Ready(share),
            None => Poll::Pending,
        });
        let share = share.await;
        let source = ValueError::Length { left: share.len(), right: len };
        if share.len() == len { Ok(share) } else { Err(value_error(crate::transfer::gmw::OUTPUT, source)) }
    }
}

/// A corrupted party's interface, followed by its simulator: of what it opens, its share is told.
pub struct Followed<B> {
    inner: B,
    share: Share,
}

impl<B: Backend<Share = Ring>> Followed<B> {
    /// Follows an interface.
    pub fn new(inner: B, share: Share) -> Followed<B> {
        Followed { inner, share }
    }
}

impl<B: Backend<Share = Ring>> Backend for Followed<B> {
    type Share = Ring;
    type Gates = B::Gates;
    type Weights = B::Weights;

    fn role(&self) -> Role {
        self.inner.role()
    }

    async fn input(&mut self, own: Option<&Ring>, width: Width, len: usize) -> Result<Ring, PartyError> {
        self.inner.input(own, width, len).await
    }

    async fn output(&mut self, x: &Ring) -> Result<Option<Ring>, PartyError> {
        if self.inner.role() == Role::Client {
            *self.share.borrow_mut() = Some(x.clone());
        }
        self.inner.output(x).await
    }

    async fn open(&mut self, step: StepConvention, x: &Ring) -> Result<B::Gates, PartyError> {
        self.inner.open(step, x).await
    }

    async fn apply(&mut self, groups: &mut [&mut B::Gates], served: &Ranges, x: &Ring) -> Result<Ring, PartyError> {
        self.inner.apply(groups, served, x).await
    }

    async fn activate(
        &mut self,
        layer: &Activation<'_>,
        x: &Ring,
        earlier: Vec<&mut B::Gates>,
    ) -> Result<(B::Gates, Ring), PartyError> {
        self.inner.activate(layer, x, earlier).await
    }

    async fn truncate(&mut self, x: &Ring, shift: u32) -> Result<Ring, PartyError> {
        self.inner.truncate(x, shift).await
    }

    async fn weights(&mut self, map: &LinearMap, width: Width, own: Option<&Ring>) -> Result<B::Weights, PartyError> {
        self.inner.weights(map, width, own).await
    }

    async fn linear(&mut self, weights: &B::Weights, x: &Ring, batch: usize) -> Result<Ring, PartyError> {
        self.inner.linear(weights, x, batch).await
    }
}
