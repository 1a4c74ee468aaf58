//! Builds a shape-only network layer by layer: square tensors, "same" padding, fixed point.

use deepshare_reference::network::{Network, NetworkError};
use deepshare_reference::plan::{self, Grouping, MakerError, Plan, StepConvention};
use deepshare_reference::values::{Shape, ValueError, Width};
use serde_json::{Value, json};

/// Ring width of the built-in networks in bits.
const WIDTH: u64 = 64;
/// Fraction bits of inputs, activations and weights; every linear layer but the last is truncated by as many.
const FRACTION: u32 = 16;

/// A network that cannot be built: a mistake in this folder.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ZooError {
    /// The layers are no network.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// The activations have no plan.
    #[error(transparent)]
    Plan(#[from] MakerError),
    /// A shape or a width.
    #[error(transparent)]
    Value(#[from] ValueError),
    /// The plan's text.
    #[error("the plan is no JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// The output of a layer: channels, and as many rows as columns.
#[derive(Clone, Debug)]
pub struct Tensor {
    name: String,
    /// Channels.
    pub channels: usize,
    /// Rows, and columns.
    pub size: usize,
}

/// A convolution's parameters; padding is such that stride 1 keeps rows and columns.
#[derive(Clone, Copy, Debug)]
pub struct Conv {
    /// Output channels.
    pub out: usize,
    /// Kernel rows, and columns.
    pub kernel: usize,
    /// Stride on both axes.
    pub stride: usize,
    /// Dilation on both axes.
    pub dilation: usize,
    /// Channel groups.
    pub groups: usize,
}

impl Conv {
    /// A convolution of stride 1, without dilation and groups.
    pub fn new(out: usize, kernel: usize) -> Conv {
        Conv { out, kernel, stride: 1, dilation: 1, groups: 1 }
    }

    /// The same with a stride.
    #[must_use]
    pub fn stride(self, stride: usize) -> Conv {
        Conv { stride, ..self }
    }

    /// The same with a dilation.
    #[must_use]
    pub fn dilation(self, dilation: usize) -> Conv {
        Conv { dilation, ..self }
    }
}

/// A network under construction.
pub struct Builder {
    name: &'static str,
    size: usize,
    layers: Vec<Value>,
    activations: Vec<(usize, usize)>,
}

impl Builder {
    /// A network for colour images of `size` rows and columns; and its input.
    pub fn new(name: &'static str, size: usize) -> (Builder, Tensor) {
        let builder = Builder { name, size, layers: Vec::new(), activations: Vec::new() };
        (builder, Tensor { name: "input".to_owned(), channels: 3, size })
    }

    /// A convolution, truncated.
    pub fn conv(&mut self, x: &Tensor, conv: Conv) -> Tensor {
        let sum = self.conv_sum(x, conv);
        self.truncate(&sum)
    }

    /// A convolution that is not truncated: the network's last layer, or a part of a sum.
    pub fn conv_sum(&mut self, x: &Tensor, conv: Conv) -> Tensor {
        let Conv { out, kernel, stride, dilation, groups } = conv;
        let padding = dilation * (kernel - 1) / 2;
        let mut fields = json!({
            "op": "conv", "out_channels": out, "kernel": [kernel, kernel], "stride": [stride, stride],
            "padding": [padding, padding], "groups": groups, "weight_scale": FRACTION,
        });
        if let Some(fields) = fields.as_object_mut().filter(|_| dilation > 1) {
            fields.insert("dilation".to_owned(), json!([dilation, dilation]));
        }
        let size = (x.size + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1;
        self.layer("conv", &[x], fields, out, size)
    }

    /// A depthwise convolution of kernel 3, truncated.
    pub fn depthwise(&mut self, x: &Tensor, stride: usize, dilation: usize) -> Tensor {
        let conv = Conv { out: x.channels, kernel: 3, stride, dilation, groups: x.channels };
        self.conv(x, conv)
    }

    /// A dense layer, not truncated: the network's last.
    pub fn dense(&mut self, x: &Tensor, outputs: usize) -> Tensor {
        self.layer("dense", &[x], json!({"op": "dense", "outputs": outputs, "weight_scale": FRACTION}), outputs, 1)
    }

    /// One activation layer.
    pub fn relu(&mut self, x: &Tensor) -> Tensor {
        let fields = json!({"op": "activation", "layer": self.activations.len()});
        self.activations.push((x.channels, x.size));
        self.layer("relu", &[x], fields, x.channels, x.size)
    }

    /// The sum of two tensors.
    pub fn add(&mut self, x: &Tensor, y: &Tensor) -> Tensor {
        self.layer("add", &[x, y], json!({"op": "add"}), x.channels, x.size)
    }

    /// The sum over windows as wide as the stride; divisors are in the weights around it.
    pub fn sum_pool(&mut self, x: &Tensor, window: usize) -> Tensor {
        let fields = json!({"op": "sum_pool", "window": [window, window], "stride": [window, window]});
        self.layer("pool", &[x], fields, x.channels, x.size / window)
    }

    /// A tensor of one row and column, at `size` rows and columns.
    pub fn broadcast(&mut self, x: &Tensor, size: usize) -> Tensor {
        self.layer("broadcast", &[x], json!({"op": "broadcast", "size": [size, size]}), x.channels, size)
    }

    /// floor(x / 2^f).
    pub fn truncate(&mut self, x: &Tensor) -> Tensor {
        self.layer("cut", &[x], json!({"op": "truncate", "shift": FRACTION}), x.channels, x.size)
    }

    /// A sum pool over the whole of each channel, then a dense layer.
    pub fn classify(&mut self, x: &Tensor, classes: usize) {
        let pooled = if x.size > 1 { self.sum_pool(x, x.size) } else { x.clone() };
        self.dense(&pooled, classes);
    }

    /// The network, with a plan in which no DReLU is shared.
    ///
    /// # Errors
    /// [`ZooError`] if the layers do not fit each other.
    pub fn finish(self) -> Result<Network, ZooError> {
        let shapes = self.activations.iter().map(|&(channels, size)| Shape::new(channels, size, size));
        let plan = full(&shapes.collect::<Result<Vec<_>, _>>()?, Width::new(WIDTH)?)?;
        let plan: Value = serde_json::from_str(&plan.to_json())?;
        let file = json!({
            "format": "deepshare-network/1", "name": self.name,
            "input": {"shape": [3, self.size, self.size], "scale": FRACTION},
            "layers": self.layers, "plan": plan,
        });
        Ok(Network::from_json(&file.to_string())?)
    }

    fn layer(&mut self, kind: &str, from: &[&Tensor], fields: Value, channels: usize, size: usize) -> Tensor {
        let name = format!("{kind}{}", self.layers.len());
        let mut fields = fields;
        if let Some(fields) = fields.as_object_mut() {
            let operands: Vec<&str> = from.iter().map(|tensor| tensor.name.as_str()).collect();
            fields.insert("name".to_owned(), json!(name));
            fields.insert("from".to_owned(), json!(operands));
        }
        self.layers.push(fields);
        Tensor { name, channels, size }
    }
}

/// The plan in which every channel is a prototype.
///
/// # Errors
/// [`MakerError`] if the shapes are too large.
pub fn full(shapes: &[Shape], width: Width) -> Result<Plan, MakerError> {
    plan::groups(shapes, width, StepConvention::Nonnegative, Grouping::Modulo { prototypes: usize::MAX })
}
