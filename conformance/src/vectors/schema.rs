//! The JSON Schema of each vector file, from the types that read and write it. [DS-VEC-9]

use super::case::Level;
use super::case::{Expect, Step};
use super::file::VectorFile;
use super::head::{Canary, Generator, Note};
use crate::operations;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// The schema of a file: head, and for each operation that occurs in it the form of its cases.
pub(super) fn of(file: &VectorFile) -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let operations: BTreeSet<&str> = file.cases.iter().map(|case| case.operation.as_str()).collect();
    let mut forms = Vec::new();
    for entry in operations.into_iter().filter_map(operations::find) {
        let [input, output] = entry.schemas(&mut generator);
        forms.push(json!({
            "properties": {
                "operation": {"const": entry.name},
                "input": input,
                "expect": {"properties": {"output": output}},
            },
        }));
    }
    let [canary, note, writer] = [
        generator.subschema_for::<Canary>(),
        generator.subschema_for::<Note>(),
        generator.subschema_for::<Generator>(),
    ];
    let [step, expect, level] =
        [generator.subschema_for::<Step>(), generator.subschema_for::<Expect>(), generator.subschema_for::<Level>()];
    let case = object(
        json!({
            "id": {"type": "string", "pattern": format!("^{}/[a-z0-9-]+$", file.topic)},
            "comment": {"type": "string"},
            "clauses": {"type": "array", "minItems": 1, "items": {"type": "string", "pattern": "^DS-[A-Z]+-[0-9]+$"}},
            "flags": {"type": "array", "items": {"enum": file.notes.keys().collect::<Vec<_>>()}},
            "level": level,
            "operation": {"type": "string"},
            "input": {"type": "object"},
            "steps": {"type": "array", "items": step},
            "expect": expect,
        }),
        Some(forms),
    );
    let mut schema = object(
        json!({
            "format": {"type": "string", "pattern": "^deepshare-vectors/1\\.[0-9]+\\.[0-9]+$"},
            "spec": {"const": "deepshare/1"},
            "generator": writer,
            "topic": {"const": file.topic},
            "about": {"type": "string"},
            "encodings": {"type": "object", "additionalProperties": {"type": "string"}},
            "canary": canary,
            "notes": {"type": "object", "additionalProperties": note},
            "cases": {"type": "array", "items": case},
        }),
        None,
    );
    let definitions: Map<String, Value> = generator.take_definitions(true);
    if let Value::Object(fields) = &mut schema {
        fields.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
        fields.insert("title".to_owned(), json!(format!("DeepShare conformance vectors: {}", file.topic)));
        fields.insert("$defs".to_owned(), Value::Object(definitions));
    }
    schema
}

/// An object that has exactly these fields, in one of some forms.
fn object(properties: Value, forms: Option<Vec<Value>>) -> Value {
    let required: Vec<String> =
        properties.as_object().map(|fields| fields.keys().cloned().collect()).unwrap_or_default();
    let mut schema = json!({
        "type": "object",
        "additionalProperties": false,
        "required": required,
        "properties": properties,
    });
    if let (Some(forms), Value::Object(fields)) = (forms, &mut schema) {
        fields.insert("oneOf".to_owned(), Value::Array(forms));
    }
    schema
}
