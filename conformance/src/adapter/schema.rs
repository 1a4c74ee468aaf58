//! The JSON Schema of the line protocol, from the types that read and write it.

use super::protocol::{Answer, Described, Request};
use crate::vectors::canonical;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

/// The text of `spec/schema/adapter.schema.json`.
pub fn text() -> String {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let lines = [generator.subschema_for::<Request>(), generator.subschema_for::<Answer>()];
    generator.subschema_for::<Described>();
    let mut definitions: Map<String, Value> = generator.take_definitions(true);
    if let Some(answer) = definitions.get_mut("Answer").and_then(Value::as_object_mut) {
        answer.insert("oneOf".to_owned(), forms());
    }
    canonical::text(&json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://deepshare.invalid/schema/adapter.schema.json",
        "title": "DeepShare adapters, a line of the protocol",
        "description": "A request or an answer [DS-ADAPT-3]. The output of `describe` is `Described` [DS-ADAPT-2]; inputs and outputs of the operations are in the schemas of the vector files.",
        "oneOf": lines,
        "$defs": definitions,
    }))
}

/// Exactly one of the forms of an answer.
fn forms() -> Value {
    let none_of = |fields: &[&str]| -> Value {
        let has: Vec<Value> = fields.iter().map(|field| json!({"required": [field]})).collect();
        json!({"anyOf": has})
    };
    json!([
        {"required": ["output"], "not": none_of(&["error", "unsupported"])},
        {"required": ["error"], "not": none_of(&["unsupported"])},
        {"required": ["unsupported"], "not": none_of(&["output", "error"])},
    ])
}
