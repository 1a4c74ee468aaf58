//! Networks: graphs of linear layers, truncations and shared activations, with integer weights. [DS-NET-1]
//!
//! [`Network`] is always valid: shapes, scales and the plan agree. [`semantics`] evaluates it in the clear, on integers
//! and on the ring; [`inference`] is the program that all roles of all worlds run.

pub mod activation;
mod build;
mod error;
mod fields;
mod file;
pub mod inference;
mod input;
mod run;

pub mod semantics;

pub use error::NetworkError;
pub use input::{Images, InputError};

use crate::party::PublicPart;
use crate::party::xof::SPEC_VERSION;
use crate::plan::{Plan, PlanError};
use crate::values::{LinearMap, Shape, Width};

/// A tensor's shape and its scale in fraction bits. [DS-VAL-7]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TensorType {
    /// The shape.
    pub shape: Shape,
    /// Fraction bits: the integer x stands for x / 2^scale.
    pub scale: u32,
}

/// Where a layer's operand comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operand {
    /// The network's input.
    Input,
    /// The output of an earlier layer, by index.
    Layer(usize),
}

/// The server's secret parameters of a linear layer.
#[derive(Clone, PartialEq, Eq)]
pub struct Parameters {
    /// Weights in the order of the map.
    pub weights: Vec<i64>,
    /// One bias an output channel, at the scale of the output; none means zero.
    pub bias: Option<Vec<i64>>,
}

/// Which linear layer a file calls it, with what its map does not show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinearKind {
    /// `conv`, with its window and groups.
    Convolution {
        /// Kernel, stride, padding and dilation.
        window: crate::values::Window,
        /// Channel groups.
        groups: usize,
    },
    /// `dense`.
    Dense,
}

/// A layer's operation.
#[derive(Clone, PartialEq, Eq)]
pub enum Operation {
    /// A convolution or a dense layer with the server's weights. [DS-LIN-3] [DS-LIN-4]
    Linear {
        /// Convolution or dense.
        kind: LinearKind,
        /// The map.
        map: LinearMap,
        /// Fraction bits of the weights.
        weight_scale: u32,
        /// Weights and bias; none in a shape-only network.
        parameters: Option<Parameters>,
    },
    /// The sum of two tensors of one shape and scale. [DS-LIN-9]
    Add,
    /// The sum over windows, counted as `scale_bits` more fraction bits. [DS-LIN-5]
    SumPool {
        /// The map; its one weight is the public 1.
        map: LinearMap,
        /// Window size.
        window: [usize; 2],
        /// Step between windows.
        stride: [usize; 2],
        /// Fraction bits that the result gains.
        scale_bits: u32,
    },
    /// A tensor of one row and one column, repeated to all rows and columns of the output. [DS-LIN-11]
    Broadcast,
    /// floor(x / 2^shift). [DS-TRUNC-1]
    Truncate {
        /// The shift in bits.
        shift: u32,
    },
    /// The plan's activation layer of this index. [DS-NET-5]
    Activation {
        /// Index into the plan.
        layer: usize,
    },
}

/// A layer of a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// The layer's name, unique in the network.
    pub name: String,
    /// What it computes.
    pub operation: Operation,
    /// From what: two operands for an addition, else one.
    pub operands: Vec<Operand>,
    /// Its output.
    pub output: TensorType,
}

/// A valid network. [DS-NET-1]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Network {
    name: String,
    input: TensorType,
    layers: Vec<Layer>,
    plan: Plan,
    /// Whether this is a public part: private gates are absent, not default.
    public: bool,
}

impl Network {
    /// The network's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The input's shape and scale.
    pub fn input(&self) -> TensorType {
        self.input
    }

    /// The layers in topological order.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// The output's shape and scale: that of the last layer.
    pub fn output(&self) -> TensorType {
        self.layers.last().map_or(self.input, |layer| layer.output)
    }

    /// The sharing plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The ring width k.
    pub fn width(&self) -> Width {
        self.plan.width()
    }

    /// Whether this is the public part of a network, whose weights and private gates are somebody else's secret. [DS-NET-7]
    pub fn is_public_part(&self) -> bool {
        self.public
    }

    /// Whether parameters are missing: enough to count and to cost, not to run.
    pub fn is_shape_only(&self) -> bool {
        self.public
            || self.layers.iter().any(|layer| matches!(layer.operation, Operation::Linear { parameters: None, .. }))
    }

    /// The public part: no weights, no bias, no private gates. It is what the client gets. [DS-NET-7]
    pub fn public_part(&self) -> Network {
        let mut public = self.clone();
        public.plan = self.plan.public_part();
        public.public = true;
        for layer in &mut public.layers {
            if let Operation::Linear { parameters, .. } = &mut layer.operation {
                *parameters = None;
            }
        }
        public
    }

    /// What both parties must agree on before they compute: the version of the specification, the backend with its
    /// options, the number of images, the plan and the network, each without its secrets. [DS-SESSION-2]
    pub fn session_part(&self, backend: &str, batch: usize) -> PublicPart {
        let (plan, network, batch) =
            (self.plan.public_part().to_json(), self.public_part().to_json(), batch.to_string());
        PublicPart::new([
            ("specification version", SPEC_VERSION),
            ("backend", backend),
            ("batch", &batch),
            ("plan", &plan),
            ("network", &network),
        ])
    }

    /// The first layer that lacks its parameters, if this network cannot be evaluated.
    pub(crate) fn missing_parameters(&self) -> Option<&Layer> {
        let lacks =
            |layer: &&Layer| matches!(layer.operation, Operation::Linear { parameters: None, .. }) || self.public;
        self.layers.iter().find(lacks)
    }

    /// For each layer's output, and last the input's, the index of the last layer that uses it.
    pub(crate) fn last_uses(&self) -> Vec<usize> {
        let mut last = vec![0; self.layers.len() + 1];
        for (index, layer) in self.layers.iter().enumerate() {
            for &operand in &layer.operands {
                if let Some(slot) = last.get_mut(self.slot(operand)) {
                    *slot = index;
                }
            }
        }
        last
    }

    /// Where an operand's value is kept: layers' outputs by index, the input last.
    pub(crate) fn slot(&self, operand: Operand) -> usize {
        match operand {
            Operand::Input => self.layers.len(),
            Operand::Layer(index) => index,
        }
    }

    /// The same network over another ring. Parameters that do not fit are kept: the ring semantics wraps them, the
    /// integer semantics reports them. [DS-NET-8]
    ///
    /// # Errors
    /// [`NetworkError::Plan`] if a gate does not fit, [`NetworkError::Shift`] if a truncation is not below the width.
    pub fn with_width(&self, width: Width) -> Result<Network, NetworkError> {
        let plan = self.plan.with_width(width)?;
        for layer in &self.layers {
            if let Operation::Truncate { shift } = layer.operation {
                build::check_shift(&layer.name, u64::from(shift), layer.output.scale.saturating_add(shift), width)?;
            }
        }
        Ok(Network { plan, ..self.clone() })
    }
}

impl From<PlanError> for NetworkError {
    fn from(source: PlanError) -> NetworkError {
        NetworkError::Plan { source }
    }
}

impl std::fmt::Debug for Parameters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Parameters({} weights, secret)", self.weights.len())
    }
}

impl std::fmt::Debug for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Operation::Linear { kind, weight_scale, parameters, .. } => {
                write!(f, "Linear({kind:?}, weight scale {weight_scale}, {parameters:?})")
            }
            Operation::Add => write!(f, "Add"),
            Operation::SumPool { window, stride, scale_bits, .. } => {
                write!(f, "SumPool(window {window:?}, stride {stride:?}, scale bits {scale_bits})")
            }
            Operation::Broadcast => write!(f, "Broadcast"),
            Operation::Truncate { shift } => write!(f, "Truncate({shift})"),
            Operation::Activation { layer } => write!(f, "Activation({layer})"),
        }
    }
}
