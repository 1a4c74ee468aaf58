//! The network file, `deepshare-network/1`; its fields are listed in the book's chapter on file formats. [DS-NET-4]

use super::build::Builder;
use super::{LinearKind, Network, NetworkError, Operand, Operation, Parameters};
use crate::plan::Plan;
use crate::plan::json::PlanFile;
use crate::values::json::{Count, CountList, Integer, Object, parse, present, word};
use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

const FORMAT: &str = "deepshare-network/1";

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NetworkFields {
    format: Format,
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

/// A layer of any operation: which fields belong to which operation is checked afterwards, so that every error has its
/// place in the file.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LayerFields {
    pub name: String,
    pub op: Op,
    pub from: From,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub out_channels: Option<Count>,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub kernel: Option<CountList<2>>,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub window: Option<CountList<2>>,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub stride: Option<CountList<2>>,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub padding: Option<CountList<2>>,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub groups: Option<Count>,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub outputs: Option<Count>,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub scale_bits: Option<Count>,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub shift: Option<Count>,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub layer: Option<Count>,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub weight_scale: Option<Count>,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub weights: Option<Vec<Integer>>,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub bias: Option<Vec<Integer>>,
}

impl LayerFields {
    /// The names of the fields that are there, beyond `name`, `op` and `from`.
    pub fn present(&self) -> impl Iterator<Item = &'static str> {
        let all = [
            ("out_channels", self.out_channels.is_some()),
            ("kernel", self.kernel.is_some()),
            ("window", self.window.is_some()),
            ("stride", self.stride.is_some()),
            ("padding", self.padding.is_some()),
            ("groups", self.groups.is_some()),
            ("outputs", self.outputs.is_some()),
            ("scale_bits", self.scale_bits.is_some()),
            ("shift", self.shift.is_some()),
            ("layer", self.layer.is_some()),
            ("weight_scale", self.weight_scale.is_some()),
            ("weights", self.weights.is_some()),
            ("bias", self.bias.is_some()),
        ];
        all.into_iter().filter_map(|(name, there)| there.then_some(name))
    }
}

/// The field `op`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Op {
    Conv,
    Dense,
    #[default]
    Add,
    SumPool,
    Truncate,
    Activation,
}

const OPS: [(&str, Op); 6] = [
    ("conv", Op::Conv),
    ("dense", Op::Dense),
    ("add", Op::Add),
    ("sum_pool", Op::SumPool),
    ("truncate", Op::Truncate),
    ("activation", Op::Activation),
];

impl Op {
    /// The word that stands for it in a file.
    pub fn name(self) -> &'static str {
        OPS.iter().find(|(_, op)| *op == self).map_or("", |(name, _)| name)
    }
}

impl Serialize for Op {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Op {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Op, D::Error> {
        word(deserializer, &OPS)
    }
}

/// The field `from`: one name, or a list of names.
#[derive(Default)]
pub(super) struct From(pub Vec<String>);

impl Serialize for From {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [one] => serializer.serialize_str(one),
            many => many.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for From {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<From, D::Error> {
        deserializer.deserialize_any(FromVisitor).map(From)
    }
}

struct FromVisitor;

impl<'de> Visitor<'de> for FromVisitor {
    type Value = Vec<String>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the name of an earlier layer or `input`, or a list of two")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Vec<String>, E> {
        Ok(vec![name.to_owned()])
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut names: A) -> Result<Vec<String>, A::Error> {
        let mut list = Vec::new();
        while let Some(name) = names.next_element()? {
            list.push(name);
        }
        Ok(list)
    }
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
        builder.finish()
    }

    /// The network file. Equal networks give equal texts. Weights and private gates are included: for the client's file
    /// take the [`Network::public_part`] first. [DS-NET-4]
    pub fn to_json(&self) -> String {
        let layers = self.layers().iter().map(|layer| {
            let mut fields = operation_fields(&layer.operation);
            fields.name.clone_from(&layer.name);
            fields.from = From(layer.operands.iter().map(|&operand| self.operand_name(operand)).collect());
            Object(fields)
        });
        let (shape, scale) = (self.input().shape, self.input().scale);
        let shape = [shape.channels(), shape.height(), shape.width()].map(Count::from);
        let file = NetworkFields {
            format: Format,
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

    fn operand_name(&self, operand: Operand) -> String {
        match operand {
            Operand::Input => "input".to_owned(),
            Operand::Layer(index) => self.layers().get(index).map(|layer| layer.name.clone()).unwrap_or_default(),
        }
    }
}

fn operation_fields(operation: &Operation) -> LayerFields {
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
        Operation::Truncate { shift } => LayerFields { op: Op::Truncate, shift: bits(*shift), ..none },
        Operation::Activation { layer } => LayerFields { op: Op::Activation, layer: Some(Count::from(*layer)), ..none },
    }
}
