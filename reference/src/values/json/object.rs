//! Objects, optional fields and words in files.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// A `T` that stands in the file as an object; a list of its fields without their names is rejected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Object<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Object<T>, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData)).map(Object)
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(fields))
    }
}

/// An optional field that is present: `null` is not a way to leave it out. For `#[serde(default, deserialize_with)]`.
pub(crate) fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// One of a few words, and what it stands for.
pub(crate) fn word<'de, D: Deserializer<'de>, T: Copy>(
    deserializer: D,
    words: &[(&'static str, T)],
) -> Result<T, D::Error> {
    deserializer.deserialize_str(WordVisitor(words))
}

struct WordVisitor<'a, T>(&'a [(&'static str, T)]);

impl<T: Copy> Visitor<'_> for WordVisitor<'_, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted: Vec<String> = self.0.iter().map(|(word, _)| format!("\"{word}\"")).collect();
        f.write_str(&quoted.join(" or "))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        let found = self.0.iter().find(|(word, _)| *word == text);
        found.map(|(_, value)| *value).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Count, parse};
    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Fields {
        a: Count,
        #[serde(default, deserialize_with = "present")]
        b: Option<Count>,
    }

    fn read(text: &str) -> Result<Fields, String> {
        parse::<Object<Fields>>(text).map(|object| object.0).map_err(|error| error.to_string())
    }

    #[test]
    fn an_object_is_no_list() {
        assert_eq!(read(r#"{"a": 1, "b": 2}"#), Ok(Fields { a: Count::new(1), b: Some(Count::new(2)) }));
        let message = "line 1, column 0, at the top level: invalid type: sequence, expected an object";
        assert_eq!(read("[1, 2]"), Err(message.to_owned()));
    }

    #[test]
    fn an_optional_field_is_absent_or_present_but_not_null() {
        assert_eq!(read(r#"{"a": 1}"#), Ok(Fields { a: Count::new(1), b: None }));
        let message = "line 1, column 18, at b: invalid type: null, expected a count, a number from 0 to 2^53 - 1";
        assert_eq!(read(r#"{"a": 1, "b": null}"#), Err(message.to_owned()));
    }

    #[test]
    fn duplicate_and_unknown_fields_are_named() {
        let message = "line 1, column 12, at the top level: duplicate field `a`";
        assert_eq!(read(r#"{"a": 1, "a": 1}"#), Err(message.to_owned()));
        let message = "line 1, column 12, at c: unknown field `c`, expected `a` or `b`";
        assert_eq!(read(r#"{"a": 1, "c": 1}"#), Err(message.to_owned()));
    }

    #[derive(Debug, PartialEq)]
    struct Answer(bool);

    impl<'de> Deserialize<'de> for Answer {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Answer, D::Error> {
            word(deserializer, &[("yes", true), ("no", false)]).map(Answer)
        }
    }

    #[test]
    fn a_word_is_one_of_its_list() {
        assert_eq!(parse("\"yes\""), Ok(Answer(true)));
        assert_eq!(parse("\"no\""), Ok(Answer(false)));
        let error = parse::<Answer>("\"Yes\"").unwrap_err().to_string();
        assert_eq!(
            error,
            "line 1, column 5, at the top level: invalid value: string \"Yes\", expected \"yes\" or \"no\""
        );
        assert!(parse::<Answer>(r#"{"yes": null}"#).is_err());
    }
}
