//! The network file, `deepshare-network/1`; its fields are listed in the book's chapter on file formats. [DS-NET-4]

use super::build::{Builder, NO_HOLES};
use super::fields::{From, LayerFields, Op};
use super::{Layer, LinearKind, Network, NetworkError, Operand, Operation, Parameters, TensorType};
use crate::plan::Plan;
use crate::plan::json::PlanFile;
use crate::values::Shape;
use crate::values::json::{Count, CountList, Integer, Object, parse, present, word};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

const FORMAT: &str = "deepshare-network/1";
const PUBLIC: &str = "public";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NetworkFields {
    format: Format,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    part: Option<PublicPart>,
    name: String,
    input: Object<InputFields>,
    layers: Vec<Object<LayerFields>>,
    plan: PlanFile,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct InputFields {
    shape: CountList<3>,
    scale: Count,
}

/// The field `format`.
struct Format;

impl Serialize for Format {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(FORMAT)
    }
}

impl<'de> Deserialize<'de> for Format {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Format, D::Error> {
        word(deserializer, &[(FORMAT, ())]).map(|()| Format)
    }
}

/// The field `part`, whose only value is `public`.
struct PublicPart;

impl Serialize for PublicPart {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(PUBLIC)
    }
}

impl<'de> Deserialize<'de> for PublicPart {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<PublicPart, D::Error> {
        word(deserializer, &[(PUBLIC, ())]).map(|()| PublicPart)
    }
}

impl Network {
    /// Reads a network file. [DS-NET-4]
    ///
    /// # Errors
    /// [`NetworkError`]: the first rule that is broken, with its place.
    pub fn from_json(text: &str) -> Result<Network, NetworkError> {
        let Object(file): Object<NetworkFields> = parse(text)?;
        let plan = Plan::try_from(file.plan)?;
        let mut builder = Builder::new(file.name, file.input.0.shape.0, file.input.0.scale, plan)?;
        for Object(fields) in file.layers {
            builder.layer(fields)?;
        }
        if file.part.is_some() {
            builder.mark_public()?;
        }
        builder.finish()
    }

    /// The same layers under another plan, of the plan's width. Scales after activations follow the plan's gate scales.
    ///
    /// # Errors
    /// [`NetworkError`] if the plan has other layers or shapes, or if a scale, a shift or a parameter does not fit it.
    pub fn with_plan(&self, plan: Plan) -> Result<Network, NetworkError> {
        let mut builder = Builder::of_layers(self.name(), self.input(), self.layers(), plan)?;
        if self.is_public_part() {
            builder.mark_public()?;
        }
        builder.finish()
    }

    /// The network of these layers, checked as if a file had listed them. Shapes and scales of outputs are computed anew,
    /// but for the size of a broadcast, which only its output tells. [DS-NET-2]
    ///
    /// # Errors
    /// [`NetworkError`]: the first rule that is broken.
    pub fn new(name: &str, input: TensorType, layers: &[Layer], plan: Plan) -> Result<Network, NetworkError> {
        Builder::of_layers(name, input, layers, plan)?.finish()
    }

    /// The network file. Equal networks give equal texts. Weights and private gates are included: for the client's file
    /// take the [`Network::public_part`] first. [DS-NET-4]
    pub fn to_json(&self) -> String {
        let layers = self.layers().iter().map(|layer| Object(fields(layer, self.layers())));
        let (shape, scale) = (self.input().shape, self.input().scale);
        let shape = [shape.channels(), shape.height(), shape.width()].map(Count::from);
        let file = NetworkFields {
            format: Format,
            part: self.is_public_part().then_some(PublicPart),
            name: self.name().to_owned(),
            input: Object(InputFields { shape: CountList(shape), scale: Count::new(u64::from(scale)) }),
            layers: layers.collect(),
            plan: PlanFile::from(self.plan()),
        };
        // Writing numbers, strings, lists and structs into memory has no way to fail.
        let mut text = serde_json::to_string(&Object(file)).unwrap_or_default();
        text.push('\n');
        text
    }
}

impl Builder {
    /// A builder to which layers were added.
    fn of_layers(name: &str, input: TensorType, layers: &[Layer], plan: Plan) -> Result<Builder, NetworkError> {
        let shape = [input.shape.channels(), input.shape.height(), input.shape.width()].map(Count::from);
        let mut builder = Builder::new(name.to_owned(), shape, Count::new(u64::from(input.scale)), plan)?;
        for layer in layers {
            builder.layer(fields(layer, layers))?;
        }
        Ok(builder)
    }
}

/// What a file says about a layer, one of these.
fn fields(layer: &Layer, layers: &[Layer]) -> LayerFields {
    let mut fields = operation_fields(&layer.operation, layer.output.shape);
    fields.name.clone_from(&layer.name);
    fields.from = From(layer.operands.iter().map(|&operand| operand_name(operand, layers)).collect());
    fields
}

fn operand_name(operand: Operand, layers: &[Layer]) -> String {
    match operand {
        Operand::Input => "input".to_owned(),
        Operand::Layer(index) => layers.get(index).map(|layer| layer.name.clone()).unwrap_or_default(),
    }
}

fn operation_fields(operation: &Operation, output: Shape) -> LayerFields {
    let pair = |pair: &[usize; 2]| Some(CountList(pair.map(Count::from)));
    let bits = |bits: u32| Some(Count::new(u64::from(bits)));
    let none = LayerFields::default();
    match operation {
        Operation::Linear { kind, map, weight_scale, parameters } => {
            let integers = |list: &Vec<i64>| list.iter().copied().map(Integer).collect();
            let outputs = Some(Count::from(map.output().channels()));
            let weights = parameters.as_ref().map(|Parameters { weights, .. }| integers(weights));
            let bias = parameters.as_ref().and_then(|parameters| parameters.bias.as_ref()).map(integers);
            let common = LayerFields { weight_scale: bits(*weight_scale), weights, bias, ..none };
            match kind {
                LinearKind::Dense => LayerFields { op: Op::Dense, outputs, ..common },
                LinearKind::Convolution { window, groups } => LayerFields {
                    op: Op::Conv,
                    out_channels: outputs,
                    kernel: pair(&window.kernel),
                    stride: pair(&window.stride),
                    padding: pair(&window.padding),
                    dilation: pair(&window.dilation).filter(|_| window.dilation != NO_HOLES),
                    groups: Some(Count::from(*groups)),
                    ..common
                },
            }
        }
        Operation::Add => LayerFields { op: Op::Add, ..none },
        Operation::SumPool { window, stride, scale_bits, .. } => LayerFields {
            op: Op::SumPool,
            window: pair(window),
            stride: pair(stride),
            scale_bits: bits(*scale_bits),
            ..none
        },
        Operation::Broadcast => {
            LayerFields { op: Op::Broadcast, size: pair(&[output.height(), output.width()]), ..none }
        }
        Operation::Truncate { shift } => LayerFields { op: Op::Truncate, shift: bits(*shift), ..none },
        Operation::Activation { layer } => LayerFields { op: Op::Activation, layer: Some(Count::from(*layer)), ..none },
    }
}
