//! The plan file, `deepshare-plan/1`; its fields are listed in the book's chapter on file formats. [DS-PLAN-29]

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::values::json::{Count, CountList, Integer, Object, parse, present, word};
use crate::values::{Shape, ValueError, Width};

use super::validate;
use super::{AffineGate, Channel, Plan, PlanError, PlanFileError, PlanLayer, Source, StepConvention, Visibility};

const FORMAT: &str = "deepshare-plan/1";
const PUBLIC: &str = "public";
const PRIVATE: &str = "private";
const PROTOTYPE: &str = "prototype";
const LINEAR: &str = "linear";

/// A plan as its file has it: of the right structure, not yet valid. It also stands inside a network file.
#[derive(Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct PlanFile(Object<PlanFields>);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanFields {
    format: Format,
    width: Count,
    step: String,
    layers: Vec<Object<LayerFields>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LayerFields {
    shape: CountList<3>,
    #[serde(default)]
    gate_scale: Count,
    #[serde(default)]
    gates: Gates,
    channels: Vec<Object<ChannelFields>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ChannelFields {
    source: SourceField,
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    gate: Option<Object<GateFields>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct GateFields {
    alpha: Integer,
    beta: Integer,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReplicateFields {
    layer: Count,
    channel: Count,
}

/// The field `format`.
#[derive(Clone, Copy)]
struct Format;

impl Serialize for Format {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(FORMAT)
    }
}

impl<'de> Deserialize<'de> for Format {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Format, D::Error> {
        word(deserializer, &[(FORMAT, Format)])
    }
}

/// The field `gates`.
struct Gates(Visibility);

impl Default for Gates {
    fn default() -> Gates {
        Gates(Visibility::Public)
    }
}

impl Serialize for Gates {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self.0 {
            Visibility::Public => PUBLIC,
            Visibility::Private => PRIVATE,
        })
    }
}

impl<'de> Deserialize<'de> for Gates {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Gates, D::Error> {
        word(deserializer, &[(PUBLIC, Visibility::Public), (PRIVATE, Visibility::Private)]).map(Gates)
    }
}

/// The field `source`: a word or an object.
struct SourceField(Source);

impl Serialize for SourceField {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Source::Prototype => serializer.serialize_str(PROTOTYPE),
            Source::Linear => serializer.serialize_str(LINEAR),
            Source::Replicate { layer, channel } => {
                ReplicateFields { layer: Count::from(layer), channel: Count::from(channel) }.serialize(serializer)
            }
        }
    }
}

impl<'de> Deserialize<'de> for SourceField {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<SourceField, D::Error> {
        deserializer.deserialize_any(SourceVisitor).map(SourceField)
    }
}

struct SourceVisitor;

impl<'de> Visitor<'de> for SourceVisitor {
    type Value = Source;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{PROTOTYPE}\", \"{LINEAR}\" or {{\"layer\": l, \"channel\": c}}")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Source, E> {
        match text {
            PROTOTYPE => Ok(Source::Prototype),
            LINEAR => Ok(Source::Linear),
            _ => Err(E::invalid_value(Unexpected::Str(text), &self)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Source, A::Error> {
        let replicate = ReplicateFields::deserialize(MapAccessDeserializer::new(fields))?;
        Ok(Source::Replicate { layer: replicate.layer.size(), channel: replicate.channel.size() })
    }
}

impl TryFrom<PlanFile> for Plan {
    type Error = PlanError;

    /// The valid plan of a file.
    ///
    /// # Errors
    /// The first rule that is broken, in the order of [DS-PLAN-9].
    fn try_from(file: PlanFile) -> Result<Plan, PlanError> {
        let fields = file.0.0;
        let bits = fields.width.get();
        let width = Width::new(bits).map_err(|_| PlanError::Width { bits })?;
        let step = step(fields.step)?;
        let layers = fields.layers.into_iter().enumerate().map(|(layer, Object(fields))| fields.layer(width, layer));
        Plan::new(width, step, layers.collect::<Result<_, _>>()?)
    }
}

/// The step convention of a name. [DS-PLAN-11]
fn step(name: String) -> Result<StepConvention, PlanError> {
    [StepConvention::Nonnegative, StepConvention::Positive]
        .into_iter()
        .find(|step| step.to_string() == name)
        .ok_or(PlanError::UnknownStep { step: name })
}

impl LayerFields {
    /// The layer, if its shape and its gate scale are valid; the rest is for [`Plan::new`] to check.
    fn layer(self, width: Width, layer: usize) -> Result<PlanLayer, PlanError> {
        let shape = shape(layer, self.shape.0.map(Count::size))?;
        let gate_scale = validate::gate_scale(width, layer, self.gate_scale.get())?;
        let channels = self.channels.into_iter().map(|Object(fields)| fields.into()).collect();
        Ok(PlanLayer { shape, gate_scale, visibility: self.gates.0, channels })
    }
}

/// The shape of a layer. [DS-PLAN-12] [DS-PLAN-13]
fn shape(layer: usize, [channels, height, width]: [usize; 3]) -> Result<Shape, PlanError> {
    Shape::new(channels, height, width).map_err(|error| match error {
        ValueError::EmptyShape { .. } => PlanError::EmptyShape { layer, channels, height, width },
        _ => PlanError::ShapeOverflow { layer, channels, height, width },
    })
}

impl From<ChannelFields> for Channel {
    fn from(fields: ChannelFields) -> Channel {
        let gate = fields.gate.map(|Object(gate)| AffineGate { alpha: gate.alpha.0, beta: gate.beta.0 });
        Channel { source: fields.source.0, gate }
    }
}

impl From<&Plan> for PlanFile {
    fn from(plan: &Plan) -> PlanFile {
        PlanFile(Object(PlanFields {
            format: Format,
            width: Count::new(u64::from(plan.width().bits())),
            step: plan.step().to_string(),
            layers: plan.layers().iter().map(|layer| Object(layer.into())).collect(),
        }))
    }
}

impl From<&PlanLayer> for LayerFields {
    fn from(layer: &PlanLayer) -> LayerFields {
        let shape = [layer.shape.channels(), layer.shape.height(), layer.shape.width()];
        LayerFields {
            shape: CountList(shape.map(Count::from)),
            gate_scale: Count::new(u64::from(layer.gate_scale)),
            gates: Gates(layer.visibility),
            channels: layer.channels.iter().map(|channel| Object(channel.into())).collect(),
        }
    }
}

impl From<&Channel> for ChannelFields {
    fn from(channel: &Channel) -> ChannelFields {
        let gate = channel.gate.map(|gate| GateFields { alpha: Integer(gate.alpha), beta: Integer(gate.beta) });
        ChannelFields { source: SourceField(channel.source), gate: gate.map(Object) }
    }
}

impl Plan {
    /// Reads a plan file. [DS-PLAN-29]
    ///
    /// # Errors
    /// [`PlanFileError::Json`] if the text is not of the format, with line, column and path; [`PlanFileError::Plan`] if
    /// the plan breaks a rule, with layer and channel.
    pub fn from_json(text: &str) -> Result<Plan, PlanFileError> {
        let file: PlanFile = parse(text)?;
        Ok(Plan::try_from(file)?)
    }

    /// The plan file. Equal plans give equal texts. Private gates are included: for the client's file take the
    /// [`Plan::public_part`] first. [DS-PLAN-29]
    pub fn to_json(&self) -> String {
        // Writing numbers, strings, lists and structs into memory has no way to fail.
        let mut text = serde_json::to_string_pretty(&PlanFile::from(self)).unwrap_or_default();
        text.push('\n');
        text
    }
}
