//! A program whose calls of a backend are steps. [DS-NET-9]

use super::script::Script;
use crate::steps::protocol::{Added, ProtocolSteps};
use deepshare_reference::backend::{Activation, Backend, Program};
use deepshare_reference::party::channel::send_ring;
use deepshare_reference::party::{PartyError, Role};
use deepshare_reference::plan::StepConvention;
use deepshare_reference::transfer::gmw::OUTPUT;
use deepshare_reference::values::{Concrete, LinearMap, Ranges, Ring, RingVector, Width};
use std::any::Any;

/// A program by steps.
pub(super) struct Stepped<'a, P> {
    /// The program.
    pub(super) program: P,
    /// The steps.
    pub(super) steps: &'a dyn ProtocolSteps,
    /// The role's channel, if it has one to itself.
    pub(super) script: Option<Script<'a>>,
}

impl<P: Program> Program for Stepped<'_, P> {
    async fn run<B: Backend>(&self, backend: &mut B, own: Vec<B::Share>) -> Result<Vec<B::Share>, PartyError> {
        let mut backend = StepBackend { inner: backend, steps: self.steps, script: self.script.clone() };
        self.program.run(&mut backend, own).await
    }
}

/// A backend by steps.
pub(crate) struct StepBackend<'a, 'b, B> {
    inner: &'b mut B,
    steps: &'a dyn ProtocolSteps,
    script: Option<Script<'a>>,
}

/// A share of concrete elements, if it is one.
fn concrete<R: RingVector>(x: &R) -> Option<&Ring> {
    (x as &dyn Any).downcast_ref()
}

impl<'a, 'b, B: Backend> StepBackend<'a, 'b, B> {
    /// A backend by steps, without a channel to itself.
    pub(crate) fn new(inner: &'b mut B, steps: &'a dyn ProtocolSteps) -> StepBackend<'a, 'b, B> {
        StepBackend { inner, steps, script: None }
    }

    /// The server's share of an output, or the client's, to everybody who gets it besides the client.
    fn show(&mut self, x: &B::Share) -> Result<(), PartyError> {
        let shown = self.steps.output_receivers().contains(&Role::Server) && self.role() == Role::Client;
        match (&mut self.script, concrete(x)) {
            (Some(script), Some(x)) if shown => send_ring::<Concrete, _>(script, Role::Server, OUTPUT, x),
            _ => Ok(()),
        }
    }
}

impl<B: Backend> Backend for StepBackend<'_, '_, B> {
    type Share = B::Share;
    type Gates = B::Gates;
    type Weights = B::Weights;

    fn role(&self) -> Role {
        self.inner.role()
    }

    async fn input(&mut self, own: Option<&B::Share>, width: Width, len: usize) -> Result<B::Share, PartyError> {
        self.inner.input(own, width, len).await
    }

    async fn output(&mut self, x: &B::Share) -> Result<Option<B::Share>, PartyError> {
        self.show(x)?;
        let output = self.inner.output(x).await?;
        Ok(output.filter(|_| self.steps.output_receivers().contains(&self.role())))
    }

    async fn open(&mut self, step: StepConvention, x: &B::Share) -> Result<B::Gates, PartyError> {
        let added = self.steps.before_gate(self.role(), step);
        self.inner.open(step, &x.offset(added)).await
    }

    async fn apply(
        &mut self,
        groups: &mut [&mut B::Gates],
        served: &Ranges,
        x: &B::Share,
    ) -> Result<B::Share, PartyError> {
        self.inner.apply(groups, served, x).await
    }

    async fn activate(
        &mut self,
        layer: &Activation<'_>,
        x: &B::Share,
        mut earlier: Vec<&mut B::Gates>,
    ) -> Result<(B::Gates, B::Share), PartyError> {
        let (role, added) = (self.role(), self.steps.before_gate(self.role(), layer.step));
        if added == 0 {
            return self.inner.activate(layer, x, earlier).await;
        }
        let select = |ranges| x.gather(ranges).map_err(|source| PartyError::Value { role, step: "activate", source });
        let mut gates = self.open(layer.step, &select(layer.prototypes)?).await?;
        earlier.push(&mut gates);
        let y = self.apply(&mut earlier, layer.served, &select(layer.gated)?).await?;
        Ok((gates, y))
    }

    async fn truncate(&mut self, x: &B::Share, shift: u32) -> Result<B::Share, PartyError> {
        let role = self.role();
        let alone = concrete(x).and_then(|x| self.steps.truncate_alone(role, x, shift));
        if let Some(y) = alone.as_ref().and_then(|y| (y as &dyn Any).downcast_ref::<B::Share>()) {
            return Ok(y.clone());
        }
        let Added { before, after } = self.steps.around_truncation(role, x.width(), shift);
        Ok(self.inner.truncate(&x.offset(before), shift).await?.offset(after))
    }

    async fn weights(
        &mut self,
        map: &LinearMap,
        width: Width,
        own: Option<&B::Share>,
    ) -> Result<B::Weights, PartyError> {
        self.inner.weights(map, width, own).await
    }

    async fn linear(&mut self, weights: &B::Weights, x: &B::Share, batch: usize) -> Result<B::Share, PartyError> {
        self.inner.linear(weights, x, batch).await
    }
}
