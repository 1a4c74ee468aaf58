//! JSON values without duplicate keys and fractions: a reader that takes the last of two keys would hide one of them.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;

/// A JSON value that was read strictly.
pub struct Strict(pub Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Strict, D::Error> {
        source.deserialize_any(StrictVisitor).map(Strict)
    }
}

/// A field of this type is read strictly.
///
/// # Errors
/// A duplicate key or a number that is no integer.
pub fn value<'de, D: Deserializer<'de>>(source: D) -> Result<Value, D::Error> {
    Strict::deserialize(source).map(|strict| strict.0)
}

/// An optional field of this type, if it is there, is read strictly.
///
/// # Errors
/// As [`value`].
pub fn present<'de, D: Deserializer<'de>>(source: D) -> Result<Option<Value>, D::Error> {
    value(source).map(Some)
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value with integers only")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Strict(value)) = list.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((key, Strict(value))) = fields.next_entry::<String, Strict>()? {
            if object.contains_key(&key) {
                return Err(A::Error::custom(format!("duplicate field `{key}`")));
            }
            object.insert(key, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duplicates_and_fractions_are_rejected_at_any_depth() {
        assert!(serde_json::from_str::<Strict>(r#"{"a": [{"b": 1, "c": null}, true, "x", -1]}"#).is_ok());
        assert!(serde_json::from_str::<Strict>(r#"{"a": [{"b": 1, "b": 1}]}"#).is_err());
        assert!(serde_json::from_str::<Strict>("[1.5]").is_err());
        assert!(serde_json::from_str::<Strict>("[18446744073709551616]").is_err());
    }
}
