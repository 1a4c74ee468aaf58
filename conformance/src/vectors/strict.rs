//! JSON values without duplicate keys and fractions: a reader that takes the last of two keys would hide one of them.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Unexpected, Visitor};
use serde_json::{Map, Value};
use std::fmt;

/// A JSON value that was read strictly; with `FRACTIONS` it may have numbers that are no integers.
pub struct Strict<const FRACTIONS: bool = false>(pub Value);

impl<'de, const FRACTIONS: bool> Deserialize<'de> for Strict<FRACTIONS> {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        source.deserialize_any(StrictVisitor::<FRACTIONS>).map(Strict)
    }
}

/// A field of this type is read strictly.
///
/// # Errors
/// A duplicate key or a number that is no integer.
pub fn value<'de, D: Deserializer<'de>>(source: D) -> Result<Value, D::Error> {
    Strict::<false>::deserialize(source).map(|strict| strict.0)
}

/// An optional field of this type, if it is there, is read strictly.
///
/// # Errors
/// As [`value`].
pub fn present<'de, D: Deserializer<'de>>(source: D) -> Result<Option<Value>, D::Error> {
    value(source).map(Some)
}

/// A field of this type is an object that is read strictly.
///
/// # Errors
/// As [`value`], or another value.
pub fn object<'de, D: Deserializer<'de>>(source: D) -> Result<Map<String, Value>, D::Error> {
    map::<D, false>(source)
}

/// As [`object`], with numbers that are no integers: they are wrong as values, not as JSON.
///
/// # Errors
/// A duplicate key, or no object.
pub fn found<'de, D: Deserializer<'de>>(source: D) -> Result<Map<String, Value>, D::Error> {
    map::<D, true>(source)
}

/// As [`found`], for an optional field.
///
/// # Errors
/// As [`found`].
pub fn found_present<'de, D: Deserializer<'de>>(source: D) -> Result<Option<Map<String, Value>>, D::Error> {
    found(source).map(Some)
}

fn map<'de, D: Deserializer<'de>, const FRACTIONS: bool>(source: D) -> Result<Map<String, Value>, D::Error> {
    match Strict::<FRACTIONS>::deserialize(source)?.0 {
        Value::Object(fields) => Ok(fields),
        _ => Err(D::Error::custom("an object is expected")),
    }
}

struct StrictVisitor<const FRACTIONS: bool>;

impl<'de, const FRACTIONS: bool> Visitor<'de> for StrictVisitor<FRACTIONS> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if FRACTIONS { "a JSON value" } else { "a JSON value with integers only" })
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

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        match FRACTIONS {
            true => Ok(Value::from(value)),
            false => Err(E::invalid_type(Unexpected::Float(value), &self)),
        }
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Strict::<FRACTIONS>(value)) = list.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((key, Strict(value))) = fields.next_entry::<String, Strict<FRACTIONS>>()? {
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
        let text = r#"{"a": [{"b": 1, "c": null}, true, false, "x", -1, 18446744073709551615], "d": {}}"#;
        assert_eq!(serde_json::from_str::<Strict>(text).unwrap().0, serde_json::from_str::<Value>(text).unwrap());
        assert!(serde_json::from_str::<Strict>(r#"{"a": [{"b": 1, "b": 1}]}"#).is_err());
        assert!(serde_json::from_str::<Strict>("[1.5]").is_err());
        assert!(serde_json::from_str::<Strict>("[18446744073709551616]").is_err());
        assert_eq!(serde_json::from_str::<Strict<true>>("[1.5, 1]").unwrap().0, serde_json::json!([1.5, 1]));
        assert!(serde_json::from_str::<Strict<true>>(r#"[{"b": 1, "b": 1}]"#).is_err());
    }
    #[derive(serde::Deserialize)]
    struct Fields {
        #[serde(deserialize_with = "object")]
        object: Map<String, Value>,
        #[serde(deserialize_with = "found")]
        found: Map<String, Value>,
        #[serde(default, deserialize_with = "present")]
        present: Option<Value>,
        #[serde(default, deserialize_with = "found_present")]
        found_present: Option<Map<String, Value>>,
    }

    #[test]
    fn fields_are_read_as_what_they_are() {
        let text = r#"{"object": {"a": 1}, "found": {"a": 1.5}, "present": 3, "found_present": {"b": 2.5}}"#;
        let fields: Fields = serde_json::from_str(text).unwrap();
        assert_eq!((fields.object["a"].clone(), fields.found["a"].clone()), (1.into(), 1.5.into()));
        assert_eq!((fields.present, fields.found_present.unwrap()["b"].clone()), (Some(3.into()), 2.5.into()));
        let fields: Fields = serde_json::from_str(r#"{"object": {}, "found": {}}"#).unwrap();
        assert!(fields.present.is_none() && fields.found_present.is_none());
        for (wrong, what) in [("[1]", "an object is expected"), ("{\"a\": 1.5}", "a JSON value with integers only")] {
            let error = serde_json::from_str::<Fields>(&format!("{{\"object\": {wrong}, \"found\": {{}}}}")).err();
            assert!(error.unwrap().to_string().contains(what), "{wrong}");
        }
    }
}
