//! Private inference: the program that all roles of all worlds run. [DS-NET-9]
//!
//! The program knows the network's public part only. The server brings its parameters, the client its images; the client
//! gets the outputs.

use super::activation::{activate, gate_weights, private_gates};
use super::{Layer, Network, Operation};
use crate::backend::run::Sides;
use crate::backend::{Backend, Program};
use crate::party::{PartyError, Role};
use crate::plan::Visibility;
use crate::values::{LinearMap, Ring, RingVector, ShapeRing, ValueError};

/// The inference of a batch of images.
pub struct Inference {
    network: Network,
    batch: usize,
}

/// What a role keeps of a layer's parameters.
struct Prepared<B: Backend> {
    weights: Option<B::Weights>,
    bias: Option<B::Share>,
}

impl Inference {
    /// The inference of `batch` images on a network, of which only the public part is kept.
    pub fn new(network: &Network, batch: usize) -> Inference {
        Inference { network: network.public_part(), batch }
    }

    /// What the server brings: for each linear layer its weights and its bias, for each private activation layer its
    /// gates. Parameters are taken modulo 2^k. `None` for a shape-only network.
    pub fn server_inputs(network: &Network) -> Option<Vec<Ring>> {
        if network.is_shape_only() {
            return None;
        }
        let width = network.width();
        let ring = |values: &[i64]| Ring::new(width, values.iter().map(|&v| width.encode_wrapping(v)).collect());
        let mut inputs = Vec::new();
        for layer in network.layers() {
            match &layer.operation {
                Operation::Linear { map, parameters, .. } => {
                    let parameters = parameters.as_ref()?;
                    inputs.push(ring(&parameters.weights));
                    let zero = vec![0; map.output().channels()];
                    inputs.push(ring(parameters.bias.as_deref().unwrap_or(&zero)));
                }
                Operation::Activation { layer } => {
                    let private = network.plan().layers().get(*layer).filter(|l| l.visibility == Visibility::Private);
                    inputs.extend(private.map(|layer| ring(&gate_weights(layer))));
                }
                _ => {}
            }
        }
        Some(inputs)
    }

    /// The shapes of what both sides bring, for the cost of an inference. [DS-COST-1]
    ///
    /// # Errors
    /// [`ValueError`] if sizes overflow.
    pub fn input_shapes(&self) -> Result<Sides<ShapeRing>, ValueError> {
        let width = self.network.width();
        let mut server = Vec::new();
        for layer in self.network.layers() {
            match &layer.operation {
                Operation::Linear { map, .. } => {
                    server.push(ShapeRing::constant(width, map.weights(), 0));
                    server.push(ShapeRing::constant(width, map.output().channels(), 0));
                }
                Operation::Activation { layer } => {
                    let map = self.network.plan().layers().get(*layer).map(private_gates).transpose()?.flatten();
                    server.extend(map.map(|map| ShapeRing::constant(width, map.weights(), 0)));
                }
                _ => {}
            }
        }
        let image = ShapeRing::constant(width, self.network.input().shape.elements(), 0);
        Ok(Sides { server, client: vec![image.repeat(1, self.batch)?] })
    }

    /// Prepares all weights, once a session: F_Linear's first step. [DS-LIN-7]
    async fn prepare<B: Backend>(
        &self,
        backend: &mut B,
        own: &mut impl Iterator<Item = B::Share>,
    ) -> Result<Vec<Prepared<B>>, PartyError> {
        let mut prepared = Vec::new();
        for layer in self.network.layers() {
            let (map, has_bias) = match &layer.operation {
                Operation::Linear { map, .. } => (Some(map.clone()), true),
                Operation::Activation { layer } => (self.private_gates(backend.role(), *layer)?, false),
                _ => (None, false),
            };
            let server = backend.role() == Role::Server;
            let Some(map) = map else {
                prepared.push(Prepared { weights: None, bias: None });
                continue;
            };
            let matrix = if server { own.next() } else { None };
            let bias = if server && has_bias { own.next() } else { None };
            let weights = backend.weights(&map, self.network.width(), matrix.as_ref()).await?;
            prepared.push(Prepared { weights: Some(weights), bias });
        }
        Ok(prepared)
    }

    fn private_gates(&self, role: Role, layer: usize) -> Result<Option<LinearMap>, PartyError> {
        let map = self.network.plan().layers().get(layer).map(private_gates).transpose();
        Ok(map.map_err(|source| PartyError::Value { role, step: "network", source })?.flatten())
    }

    /// Evaluates one layer on shares.
    async fn layer<B: Backend>(
        &self,
        backend: &mut B,
        layer: &Layer,
        prepared: &Prepared<B>,
        gates: &mut Vec<Option<B::Gates>>,
        operands: &[&B::Share],
    ) -> Result<B::Share, PartyError> {
        let (batch, role) = (self.batch, backend.role());
        let error = |source| PartyError::Value { role, step: "network", source };
        let short = || error(ValueError::Length { left: operands.len(), right: 2 });
        let x = *operands.first().ok_or_else(short)?;
        match (&layer.operation, &prepared.weights) {
            (Operation::Linear { map, .. }, Some(weights)) => {
                let y = backend.linear(weights, x, batch).await?;
                let Some(bias) = &prepared.bias else { return Ok(y) };
                let bias = bias.repeat(map.output().area(), batch).map_err(error)?;
                y.add(&bias).map_err(error)
            }
            (Operation::Linear { .. }, None) => Err(short()),
            (Operation::Add, _) => x.add(operands.get(1).ok_or_else(short)?).map_err(error),
            (Operation::SumPool { map, .. }, _) => {
                let one = B::Share::constant(x.width(), 1, 1);
                B::Share::linear(map, &one, x, batch).map_err(error)
            }
            (Operation::Broadcast, _) => x.repeat(layer.output.shape.area(), 1).map_err(error),
            (Operation::Truncate { shift }, _) => backend.truncate(x, *shift).await,
            (Operation::Activation { layer }, weights) => {
                activate(backend, self.network.plan(), *layer, batch, gates, weights.as_ref(), x).await
            }
        }
    }
}

impl Program for Inference {
    async fn run<B: Backend>(&self, backend: &mut B, own: Vec<B::Share>) -> Result<Vec<B::Share>, PartyError> {
        let (role, width) = (backend.role(), self.network.width());
        let error = |source| PartyError::Value { role, step: "network", source };
        let mut own = own.into_iter();
        let prepared = self.prepare(backend, &mut own).await?;
        let image = if role == Role::Client { own.next() } else { None };
        let elements = self.network.input().shape.elements().checked_mul(self.batch);
        let elements = elements.ok_or_else(|| error(ValueError::Length { left: self.batch, right: 0 }))?;

        let layers = self.network.layers();
        let last_uses = self.network.last_uses();
        let mut gates = Vec::new();
        let mut values: Vec<Option<B::Share>> = vec![None; layers.len() + 1];
        let input = backend.input(image.as_ref(), width, elements).await?;
        if let Some(slot) = values.last_mut() {
            *slot = Some(input);
        }
        for (index, (layer, prepared)) in layers.iter().zip(&prepared).enumerate() {
            let operands = layer.operands.iter().filter_map(|&o| values.get(self.network.slot(o))?.as_ref());
            let operands: Vec<&B::Share> = operands.collect();
            let output = self.layer(backend, layer, prepared, &mut gates, &operands).await?;
            for (value, _) in values.iter_mut().zip(&last_uses).filter(|(_, last)| **last == index) {
                *value = None;
            }
            if let Some(slot) = values.get_mut(index) {
                *slot = Some(output);
            }
        }
        let result = layers.len().checked_sub(1).and_then(|last| values.get_mut(last)?.take());
        let result = result.ok_or_else(|| error(ValueError::Length { left: 0, right: 1 }))?;
        Ok(backend.output(&result).await?.into_iter().collect())
    }
}
