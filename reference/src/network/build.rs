//! From a file's layers to a valid network: names, operands, shapes and scales. [DS-NET-2]

use super::fields::{LayerFields, Op};
use super::{Layer, LinearKind, Network, NetworkError, Operand, Operation, Parameters, TensorType};
use crate::plan::Plan;
use crate::values::json::{Count, CountList, Integer};
use crate::values::{LinearMap, Shape, ValueError, Width, Window};
use std::collections::HashMap;

/// The largest scale in fraction bits; larger ones have no use and could overflow sums. [DS-VAL-7]
const MAX_SCALE: u64 = 65_535;

/// The dilation of a convolution that does not state one. [DS-LIN-3]
pub(super) const NO_HOLES: [usize; 2] = [1, 1];

/// A network under construction: every layer is checked when it is added.
pub(super) struct Builder {
    network: Network,
    names: HashMap<String, usize>,
    activations: usize,
    /// Whether the linear layers so far have weights.
    weighted: Option<bool>,
}

impl Builder {
    pub fn new(name: String, shape: [Count; 3], scale: Count, plan: Plan) -> Result<Builder, NetworkError> {
        let [channels, height, width] = shape.map(Count::size);
        let shape = Shape::new(channels, height, width).map_err(geometry("input"))?;
        let input = TensorType { shape, scale: checked_scale("input", scale.get())? };
        let network = Network { name, input, layers: Vec::new(), plan, public: false };
        Ok(Builder { network, names: HashMap::new(), activations: 0, weighted: None })
    }

    /// Adds a layer.
    pub fn layer(&mut self, fields: LayerFields) -> Result<(), NetworkError> {
        let name = fields.name.clone();
        if name == "input" || self.names.insert(name.clone(), self.network.layers.len()).is_some() {
            return Err(NetworkError::DuplicateName { layer: name });
        }
        check_fields(&fields)?;
        let operands = self.operands(&fields)?;
        let mut types = operands.iter().map(|&operand| self.type_of(operand));
        let x = types.next().unwrap_or(self.network.input);
        let other = types.next().unwrap_or(x);
        let (operation, output) = match fields.op {
            Op::Conv => self.linear(convolution(&fields, x.shape)?, fields, x)?,
            Op::Dense => self.linear(dense(&fields, x.shape)?, fields, x)?,
            Op::Add => add(&name, x, other)?,
            Op::SumPool => sum_pool(&fields, x)?,
            Op::Broadcast => broadcast(&fields, x)?,
            Op::Truncate => self.truncate(&fields, x)?,
            Op::Activation => self.activation(&fields, x)?,
        };
        self.network.layers.push(Layer { name, operation, operands, output });
        Ok(())
    }

    /// Marks the network as a public part, which has no parameters. [DS-NET-7]
    pub fn mark_public(&mut self) -> Result<(), NetworkError> {
        let gates = self.network.plan != self.network.plan.public_part();
        if self.weighted == Some(true) || gates {
            return Err(NetworkError::PublicParameters { what: if gates { "private gates" } else { "weights" } });
        }
        self.network.public = true;
        Ok(())
    }

    /// The network, if all plan layers are used.
    pub fn finish(self) -> Result<Network, NetworkError> {
        let planned = self.network.plan.layers().len();
        if self.network.layers.is_empty() {
            return Err(NetworkError::NoLayers);
        }
        if planned != self.activations {
            return Err(NetworkError::ActivationCount { planned, found: self.activations });
        }
        Ok(self.network)
    }

    fn operands(&self, fields: &LayerFields) -> Result<Vec<Operand>, NetworkError> {
        let (found, expected) = (fields.from.0.len(), if fields.op == Op::Add { 2 } else { 1 });
        if found != expected {
            let (layer, op) = (fields.name.clone(), fields.op.name());
            return Err(NetworkError::OperandCount { layer, op, found, expected });
        }
        fields.from.0.iter().map(|name| self.operand(&fields.name, name)).collect()
    }

    fn operand(&self, layer: &str, name: &str) -> Result<Operand, NetworkError> {
        match self.names.get(name) {
            _ if name == "input" => Ok(Operand::Input),
            Some(&index) if index < self.network.layers.len() => Ok(Operand::Layer(index)),
            _ => Err(NetworkError::UnknownOperand { layer: layer.to_owned(), operand: name.to_owned() }),
        }
    }

    fn type_of(&self, operand: Operand) -> TensorType {
        match operand {
            Operand::Input => self.network.input,
            Operand::Layer(index) => self.network.layers.get(index).map_or(self.network.input, |layer| layer.output),
        }
    }

    fn linear(
        &mut self,
        (kind, map): (LinearKind, LinearMap),
        fields: LayerFields,
        x: TensorType,
    ) -> Result<(Operation, TensorType), NetworkError> {
        let name = &fields.name;
        let weight_scale = checked_scale(name, required(&fields, "weight_scale", fields.weight_scale)?.get())?;
        let scale = checked_scale(name, u64::from(x.scale) + u64::from(weight_scale))?;
        if *self.weighted.get_or_insert(fields.weights.is_some()) != fields.weights.is_some() {
            return Err(NetworkError::PartialWeights { layer: fields.name });
        }
        let output = TensorType { shape: map.output(), scale };
        let parameters = self.parameters(fields, &map)?;
        Ok((Operation::Linear { kind, map, weight_scale, parameters }, output))
    }

    fn parameters(&self, fields: LayerFields, map: &LinearMap) -> Result<Option<Parameters>, NetworkError> {
        let (width, layer) = (self.network.width(), fields.name);
        let (weights, bias) = match (fields.weights, fields.bias) {
            (Some(weights), bias) => (weights, bias),
            (None, None) => return Ok(None),
            (None, Some(_)) => return Err(NetworkError::PartialWeights { layer }),
        };
        let (found, expected) = (weights.len(), map.weights());
        if found != expected {
            return Err(NetworkError::WeightCount { layer, found, expected });
        }
        let channels = map.output().channels();
        if let Some(found) = bias.as_ref().map(Vec::len).filter(|&found| found != channels) {
            return Err(NetworkError::BiasCount { layer, found, expected: channels });
        }
        let weights = in_range(&layer, "weights", width, weights)?;
        let bias = bias.map(|bias| in_range(&layer, "bias", width, bias)).transpose()?;
        Ok(Some(Parameters { weights, bias }))
    }

    fn truncate(&self, fields: &LayerFields, x: TensorType) -> Result<(Operation, TensorType), NetworkError> {
        let shift = required(fields, "shift", fields.shift)?.get();
        let shift = check_shift(&fields.name, shift, x.scale, self.network.width())?;
        Ok((Operation::Truncate { shift }, TensorType { scale: x.scale - shift, ..x }))
    }

    fn activation(&mut self, fields: &LayerFields, x: TensorType) -> Result<(Operation, TensorType), NetworkError> {
        let layer = fields.name.clone();
        let (found, expected) = (required(fields, "layer", fields.layer)?.size(), self.activations);
        if found != expected {
            return Err(NetworkError::ActivationOrder { layer, found, expected });
        }
        self.activations += 1;
        let Some(planned) = self.network.plan.layers().get(found) else {
            let planned = self.network.plan.layers().len();
            return Err(NetworkError::ActivationCount { planned, found: self.activations });
        };
        if planned.shape != x.shape {
            let (found, planned) = (x.shape, planned.shape);
            return Err(NetworkError::ActivationShape { layer, index: expected, found, planned });
        }
        // alpha, beta and the factor of linear channels have the gate scale. [DS-GATE-3]
        let scale = checked_scale(&layer, u64::from(x.scale) + u64::from(planned.gate_scale))?;
        Ok((Operation::Activation { layer: found }, TensorType { scale, ..x }))
    }
}

/// Which fields an operation needs, and which it may have.
fn fields_of(op: Op) -> (&'static [&'static str], &'static [&'static str]) {
    match op {
        Op::Conv => (
            &["out_channels", "kernel", "stride", "padding", "groups", "weight_scale"],
            &["dilation", "weights", "bias"],
        ),
        Op::Dense => (&["outputs", "weight_scale"], &["weights", "bias"]),
        Op::Add => (&[], &[]),
        Op::SumPool => (&["window", "stride"], &["scale_bits"]),
        Op::Broadcast => (&["size"], &[]),
        Op::Truncate => (&["shift"], &[]),
        Op::Activation => (&["layer"], &[]),
    }
}

fn check_fields(fields: &LayerFields) -> Result<(), NetworkError> {
    let (needed, allowed) = fields_of(fields.op);
    let (layer, op) = (fields.name.clone(), fields.op.name());
    if let Some(field) = fields.present().find(|field| !needed.contains(field) && !allowed.contains(field)) {
        return Err(NetworkError::ForeignField { layer, op, field });
    }
    match needed.iter().find(|needed| fields.present().all(|field| field != **needed)) {
        Some(field) => Err(NetworkError::MissingField { layer, op, field }),
        None => Ok(()),
    }
}

fn required<T>(fields: &LayerFields, field: &'static str, value: Option<T>) -> Result<T, NetworkError> {
    let (layer, op) = (&fields.name, fields.op.name());
    value.ok_or_else(|| NetworkError::MissingField { layer: layer.clone(), op, field })
}

fn pair(fields: &LayerFields, field: &'static str, value: Option<CountList<2>>) -> Result<[usize; 2], NetworkError> {
    required(fields, field, value).map(|list| list.0.map(Count::size))
}

fn convolution(fields: &LayerFields, input: Shape) -> Result<(LinearKind, LinearMap), NetworkError> {
    let window = Window {
        kernel: pair(fields, "kernel", fields.kernel)?,
        stride: pair(fields, "stride", fields.stride)?,
        padding: pair(fields, "padding", fields.padding)?,
        dilation: fields.dilation.map_or(NO_HOLES, |list| list.0.map(Count::size)),
    };
    let out_channels = required(fields, "out_channels", fields.out_channels)?.size();
    let groups = required(fields, "groups", fields.groups)?.size();
    let map = LinearMap::convolution(input, out_channels, window, groups).map_err(geometry(&fields.name))?;
    Ok((LinearKind::Convolution { window, groups }, map))
}

fn dense(fields: &LayerFields, input: Shape) -> Result<(LinearKind, LinearMap), NetworkError> {
    let outputs = required(fields, "outputs", fields.outputs)?.size();
    Ok((LinearKind::Dense, LinearMap::dense(input, outputs).map_err(geometry(&fields.name))?))
}

fn add(name: &str, left: TensorType, right: TensorType) -> Result<(Operation, TensorType), NetworkError> {
    let layer = name.to_owned();
    if left.shape != right.shape {
        return Err(NetworkError::AddShapes { layer, left: left.shape, right: right.shape });
    }
    if left.scale != right.scale {
        return Err(NetworkError::AddScales { layer, left: left.scale, right: right.scale });
    }
    Ok((Operation::Add, left))
}

fn sum_pool(fields: &LayerFields, x: TensorType) -> Result<(Operation, TensorType), NetworkError> {
    let window = pair(fields, "window", fields.window)?;
    let stride = pair(fields, "stride", fields.stride)?;
    let scale_bits = checked_scale(&fields.name, fields.scale_bits.unwrap_or_default().get())?;
    let scale = checked_scale(&fields.name, u64::from(x.scale) + u64::from(scale_bits))?;
    let map = LinearMap::sum_pool(x.shape, window, stride).map_err(geometry(&fields.name))?;
    let output = TensorType { shape: map.output(), scale };
    Ok((Operation::SumPool { map, window, stride, scale_bits }, output))
}

fn broadcast(fields: &LayerFields, x: TensorType) -> Result<(Operation, TensorType), NetworkError> {
    let [height, width] = pair(fields, "size", fields.size)?;
    if x.shape.area() != 1 {
        return Err(NetworkError::BroadcastShape { layer: fields.name.clone(), shape: x.shape });
    }
    let shape = Shape::new(x.shape.channels(), height, width).map_err(geometry(&fields.name))?;
    Ok((Operation::Broadcast, TensorType { shape, ..x }))
}

/// 0 <= shift < k and shift <= scale. [DS-TRUNC-1]
pub(super) fn check_shift(layer: &str, shift: u64, scale: u32, width: Width) -> Result<u32, NetworkError> {
    match u32::try_from(shift) {
        Ok(small) if small < width.bits() && small <= scale => Ok(small),
        _ => Err(NetworkError::Shift { layer: layer.to_owned(), shift, scale, bits: width.bits() }),
    }
}

fn checked_scale(layer: &str, scale: u64) -> Result<u32, NetworkError> {
    match u32::try_from(scale) {
        Ok(small) if scale <= MAX_SCALE => Ok(small),
        _ => Err(NetworkError::Scale { layer: layer.to_owned(), scale }),
    }
}

/// The integers of a list, each of which must fit the plan's width. [DS-NET-3]
fn in_range(layer: &str, what: &'static str, width: Width, list: Vec<Integer>) -> Result<Vec<i64>, NetworkError> {
    let values: Vec<i64> = list.into_iter().map(|Integer(value)| value).collect();
    match values.iter().position(|&value| !width.contains(value)) {
        None => Ok(values),
        Some(index) => {
            let value = values.get(index).copied().unwrap_or_default();
            let (layer, bits) = (layer.to_owned(), width.bits());
            Err(NetworkError::ParameterRange { layer, what, index, value, bits })
        }
    }
}

fn geometry(layer: &str) -> impl FnOnce(ValueError) -> NetworkError {
    let layer = layer.to_owned();
    move |source| NetworkError::Geometry { layer, source }
}
