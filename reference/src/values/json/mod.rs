//! Strict JSON: what the file formats share. [DS-FILE-1] [DS-FILE-2]
//!
//! serde's derived readers are laxer than the formats: a list is accepted for a struct, `null` for an optional field,
//! `{"name": null}` for a word. The types here close these gaps, so that reader and JSON Schema accept the same files.

mod integer;
mod object;

use std::fmt;

use serde::de::DeserializeOwned;

pub(crate) use integer::{Count, CountList, Integer};
pub(crate) use object::{Object, present, word};

/// The largest file that a reader accepts, in bytes. [DS-FILE-2]
pub(crate) const MAX_BYTES: usize = 64 << 20;

/// What a reader of an integer says about a number with fraction or exponent, and about one beyond 64 bits: serde_json
/// hands both over as floats. [`parse`] replaces it by a message that quotes the number from the text.
const NOT_AN_INTEGER: &str = "the number is no 64-bit integer";

/// A text that is not a file of the expected format. [DS-FILE-1]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonError {
    /// The text is larger than 64 MiB. [DS-FILE-2]
    #[error("the file has {bytes} bytes, more than 64 MiB")]
    TooLarge {
        /// The size of the text in bytes.
        bytes: usize,
    },
    /// The text is not JSON, or something follows the JSON value.
    #[error("line {line}, column {column}, at {path}: {message}")]
    Syntax {
        /// Line, from 1.
        line: usize,
        /// Column in bytes: how much of the line had been read when the error was found.
        column: usize,
        /// Where in the JSON value, such as `layers[0].shape`.
        path: String,
        /// What is wrong.
        message: String,
    },
    /// The text is JSON, but a field is unknown, duplicate or missing, or a value has the wrong type.
    #[error("line {line}, column {column}, at {path}: {message}")]
    Structure {
        /// Line, from 1.
        line: usize,
        /// Column in bytes: how much of the line had been read when the error was found.
        column: usize,
        /// Where in the JSON value, such as `layers[0].shape`.
        path: String,
        /// What is wrong.
        message: String,
    },
}

impl JsonError {
    /// The stable code of the error, as the book lists it.
    pub fn code(&self) -> &'static str {
        match self {
            JsonError::TooLarge { .. } => "json/too-large",
            JsonError::Syntax { .. } => "json/syntax",
            JsonError::Structure { .. } => "json/structure",
        }
    }

    /// The error of serde_json at `path`, its place moved out of its message.
    fn new(text: &str, path: &str, error: &serde_json::Error) -> JsonError {
        let (line, column) = (error.line(), error.column());
        let whole = error.to_string();
        let message = match whole.strip_suffix(&format!(" at line {line} column {column}")) {
            Some(NOT_AN_INTEGER) => not_an_integer(number_before(text, line, column)),
            Some(message) => message.to_owned(),
            None => whole,
        };
        let path = if path == "." { "the top level" } else { path }.to_owned();
        match error.classify() {
            serde_json::error::Category::Data => JsonError::Structure { line, column, path, message },
            _ => JsonError::Syntax { line, column, path, message },
        }
    }
}

/// Reads one JSON value, and nothing after it, as a `T`. [DS-FILE-1] [DS-FILE-2]
///
/// # Errors
/// [`JsonError`], with line, column and path.
pub(crate) fn parse<T: DeserializeOwned>(text: &str) -> Result<T, JsonError> {
    if text.len() > MAX_BYTES {
        return Err(JsonError::TooLarge { bytes: text.len() });
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut reader)
        .map_err(|error| JsonError::new(text, &error.path().to_string(), error.inner()))?;
    reader.end().map_err(|error| JsonError::new(text, ".", &error))?;
    Ok(value)
}

/// The number that ends at a place of the text.
fn number_before(text: &str, line: usize, column: usize) -> &str {
    let lines = text.split('\n').take(line);
    let head = lines.last().and_then(|line| line.get(..column)).unwrap_or_default();
    head.rsplit(|c: char| !(c.is_ascii_digit() || "+-.eE".contains(c))).next().unwrap_or_default()
}

/// The message about a number that serde_json hands over as a float.
fn not_an_integer(number: &str) -> String {
    if is_decimal(number) {
        return does_not_fit(number);
    }
    format!("value {number} is not accepted: integers have no fraction, no exponent and no negative zero")
}

/// The message about an integer beyond 64 bits.
fn does_not_fit(number: impl fmt::Display) -> String {
    format!("value {number} does not fit 64 bits")
}

/// Whether the text is a decimal integer as JSON writes it: no plus sign, no leading or negative zero.
fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    text == "0" || (digits.starts_with(|c| c != '0') && digits.bytes().all(|c| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_line_column_and_path() {
        let error = parse::<Vec<Vec<Count>>>("[[1],\n [2,\n  -3]]").unwrap_err();
        let message = "invalid type: integer `-3`, expected a count, a number from 0 to 2^53 - 1".to_owned();
        assert_eq!(error, JsonError::Structure { line: 3, column: 4, path: "[1][1]".to_owned(), message });
        let shown =
            "line 3, column 4, at [1][1]: invalid type: integer `-3`, expected a count, a number from 0 to 2^53 - 1";
        assert_eq!(error.to_string(), shown);
        assert_eq!(error.code(), "json/structure");
    }

    #[test]
    fn text_that_is_no_json_is_a_syntax_error() {
        for (text, shown) in [
            ("", "line 1, column 0, at the top level: EOF while parsing a value"),
            ("\u{feff}[]", "line 1, column 1, at the top level: expected value"),
            ("[1", "line 1, column 2, at the top level: EOF while parsing a list"),
            ("[1] x", "line 1, column 5, at the top level: trailing characters"),
            ("[1e400]", "line 1, column 6, at [0]: number out of range"),
            ("[01]", "line 1, column 3, at [0]: invalid number"),
        ] {
            let error = parse::<Vec<Count>>(text).unwrap_err();
            assert_eq!((error.code(), error.to_string().as_str()), ("json/syntax", shown), "{text:?}");
        }
    }

    #[test]
    fn deep_nesting_is_an_error() {
        let error = parse::<serde_json::Value>(&"[".repeat(1 << 20)).unwrap_err();
        assert_eq!(error.code(), "json/syntax");
        assert!(error.to_string().ends_with("recursion limit exceeded"), "{error}");
    }

    /// [DS-FILE-2]
    #[test]
    fn a_text_of_64_mib_is_read_and_a_larger_one_is_not() {
        let mut text = " ".repeat((64 << 20) - 1) + "7";
        assert_eq!(parse::<Count>(&text), Ok(Count::new(7)));
        text.push(' ');
        let error = parse::<Count>(&text).unwrap_err();
        assert_eq!(error, JsonError::TooLarge { bytes: 67_108_865 });
        assert_eq!(error.to_string(), "the file has 67108865 bytes, more than 64 MiB");
        assert_eq!(error.code(), "json/too-large");
    }
}
