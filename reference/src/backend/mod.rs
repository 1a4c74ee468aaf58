//! Backends: one interface over the functionalities, for programs that all roles and all worlds share.
//!
//! A program (a whole inference, say) is written once, generic over [`Backend`]. Each role of each world brings its own
//! backend: a party computes on its shares; the trusted party, which sees no value, runs along on shapes and deals
//! material (real world) or computes the functionality (ideal world). So no role can get out of step with another.

pub mod fss;
pub mod garbled;
pub mod gmw;
pub mod ideal;
pub mod live;
pub mod ot;
pub mod protocols;
pub mod role;
pub mod run;
pub mod run_fss;
pub mod run_garbled;
pub mod run_ot;
pub mod run_simulated;
pub mod simulated;

use crate::party::{PartyError, Role};
use crate::plan::StepConvention;
use crate::values::{LinearMap, Ranges, RingVector, Width};

/// An activation layer that opens gates: which elements of its input they stand on, and whom they serve.
#[derive(Clone, Copy, Debug)]
pub struct Activation<'a> {
    /// The step convention of the new gates.
    pub step: StepConvention,
    /// Of the layer's elements, those on which gates are opened.
    pub prototypes: &'a Ranges,
    /// Of the layer's elements, those that gates serve.
    pub gated: &'a Ranges,
    /// For each gated element its gate: of the gates of all earlier groups, one after the other, then of the new ones.
    pub served: &'a Ranges,
}

/// One role's interface to all functionalities of one world.
#[allow(async_fn_in_trait, reason = "programs run on one thread; their futures need not be Send")]
pub trait Backend {
    /// What this role holds of a shared vector: a share, or for the trusted party its shape.
    type Share: RingVector;
    /// What this role holds of gates that were opened together.
    type Gates;
    /// What this role holds of a linear layer's weights.
    type Weights;

    /// Whose interface this is.
    fn role(&self) -> Role;

    /// Shares the client's input of `len` elements; the client gives it. [DS-IO-1]
    ///
    /// # Errors
    /// What the protocol reports; likewise in all other calls.
    async fn input(&mut self, own: Option<&Self::Share>, width: Width, len: usize) -> Result<Self::Share, PartyError>;

    /// Opens a shared vector to the client; only the client gets a value. [DS-IO-2]
    ///
    /// # Errors
    /// What the protocol reports.
    async fn output(&mut self, x: &Self::Share) -> Result<Option<Self::Share>, PartyError>;

    /// Opens a gate on every element of x. [DS-IDEAL-3]
    ///
    /// # Errors
    /// What the protocol reports.
    async fn open(&mut self, step: StepConvention, x: &Self::Share) -> Result<Self::Gates, PartyError>;

    /// Serves elements by open gates: y_j = d_S(j) * x_j, where S selects from the gates of all groups, one after the
    /// other. [DS-IDEAL-3]
    ///
    /// # Errors
    /// What the protocol reports.
    async fn apply(
        &mut self,
        groups: &mut [&mut Self::Gates],
        served: &Ranges,
        x: &Self::Share,
    ) -> Result<Self::Share, PartyError>;

    /// Opens gates on some elements of x, and serves some by them and by earlier gates. A backend may do it in fewer
    /// rounds than one after the other.
    ///
    /// # Errors
    /// What the protocol reports.
    async fn activate(
        &mut self,
        layer: &Activation<'_>,
        x: &Self::Share,
        mut earlier: Vec<&mut Self::Gates>,
    ) -> Result<(Self::Gates, Self::Share), PartyError> {
        let role = self.role();
        let select = |ranges| x.gather(ranges).map_err(|source| PartyError::Value { role, step: "activate", source });
        let mut gates = self.open(layer.step, &select(layer.prototypes)?).await?;
        earlier.push(&mut gates);
        let y = self.apply(&mut earlier, layer.served, &select(layer.gated)?).await?;
        Ok((gates, y))
    }

    /// floor(x / 2^shift), exact. [DS-TRUNC-1]
    ///
    /// # Errors
    /// What the protocol reports.
    async fn truncate(&mut self, x: &Self::Share, shift: u32) -> Result<Self::Share, PartyError>;

    /// Prepares the server's weights for a session; the server gives them. [DS-LIN-7]
    ///
    /// # Errors
    /// What the protocol reports.
    async fn weights(
        &mut self,
        map: &LinearMap,
        width: Width,
        own: Option<&Self::Share>,
    ) -> Result<Self::Weights, PartyError>;

    /// map(W, x) for a batch of inputs. [DS-LIN-2]
    ///
    /// # Errors
    /// What the protocol reports.
    async fn linear(
        &mut self,
        weights: &Self::Weights,
        x: &Self::Share,
        batch: usize,
    ) -> Result<Self::Share, PartyError>;
}

/// A program for all roles of all worlds.
#[allow(async_fn_in_trait, reason = "programs run on one thread; their futures need not be Send")]
pub trait Program {
    /// Runs the program for one role, on what this role brings, to what this role gets.
    ///
    /// # Errors
    /// What the backend reports.
    async fn run<B: Backend>(&self, backend: &mut B, own: Vec<B::Share>) -> Result<Vec<B::Share>, PartyError>;
}
