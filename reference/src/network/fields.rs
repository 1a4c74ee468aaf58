//! The fields of a layer in a network file. [DS-NET-4]

use crate::values::json::{Count, CountList, Integer, present, word};
use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

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
    pub dilation: Option<CountList<2>>,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub groups: Option<Count>,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub outputs: Option<Count>,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub scale_bits: Option<Count>,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub size: Option<CountList<2>>,
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
            ("dilation", self.dilation.is_some()),
            ("groups", self.groups.is_some()),
            ("outputs", self.outputs.is_some()),
            ("scale_bits", self.scale_bits.is_some()),
            ("size", self.size.is_some()),
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
    Broadcast,
    Truncate,
    Activation,
}

const OPS: [(&str, Op); 7] = [
    ("conv", Op::Conv),
    ("dense", Op::Dense),
    ("add", Op::Add),
    ("sum_pool", Op::SumPool),
    ("broadcast", Op::Broadcast),
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
