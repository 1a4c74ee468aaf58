//! Cases as JSON, and as cases of vectors. [DS-FUZZ-5]

use super::{Case, CaseError};
use crate::vectors::canonical;
use crate::vectors::strict;
use crate::vectors::types::{Count, Integer, Semantics, integers, numbers};
use deepshare_reference::network::Network;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The format of a case's file.
const FORMAT: &str = "deepshare-case/1";

/// The operation whose vectors are cases.
const OPERATION: &str = "network";

/// A case's file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    format: String,
    seed: Count,
    images: Vec<Vec<Integer>>,
    #[serde(deserialize_with = "strict::value")]
    network: Value,
}

/// A case of a vector file, of which the input is read; what it expects is computed anew.
#[derive(Deserialize)]
struct VectorCase {
    operation: String,
    #[serde(deserialize_with = "strict::value")]
    input: Value,
}

/// The input of the operation `network`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NetworkInput {
    #[serde(deserialize_with = "strict::value")]
    network: Value,
    semantics: Semantics,
    input: Vec<Integer>,
}

/// The case's file.
pub fn to_json(case: &Case) -> String {
    let file = CaseFile {
        format: FORMAT.to_owned(),
        seed: Count(u64::from(case.seed())),
        images: case.images().iter().map(|image| integers(image)).collect(),
        network: network_file(case),
    };
    // plain data, which JSON can always hold
    canonical::text(&serde_json::to_value(file).unwrap_or_default())
}

/// Whether a text may be a case's file: an object that names the format. No other is parsed, so that a fuzzer of protocols
/// has nothing to learn of JSON.
pub fn may_be_json(text: &str) -> bool {
    text.starts_with('{') && text.contains(FORMAT)
}

/// What is wrong with bytes that somebody has meant to be a case's file or a vector's case, and that would be read field by
/// field: as a case that nobody has written.
pub fn mistaken(bytes: &[u8]) -> Option<CaseError> {
    let wrong = |message: &str| Some(CaseError::Json { message: message.to_owned() });
    let text = std::str::from_utf8(bytes).ok()?;
    if may_be_json(text.trim_start()) {
        return match from_json(text) {
            Err(error) => Some(error),
            Ok(_) if !text.starts_with('{') => wrong("a case's file begins with {; there is white space before it"),
            Ok(_) => None,
        };
    }
    let fields: Value = serde_json::from_str(text).ok()?;
    fields.get("operation").and_then(|_| wrong("this is a vector's case; say so (--from vector)"))
}

/// The case of a file.
///
/// # Errors
/// [`CaseError`]: the text is no case's file, or the case is none.
pub fn from_json(text: &str) -> Result<Case, CaseError> {
    let file: CaseFile = parse(text, "no case's file")?;
    if file.format != FORMAT {
        return Err(CaseError::Json { message: format!("the format is {:?}; this is {FORMAT}", file.format) });
    }
    let seed = u32::try_from(file.seed.0).map_err(|_| CaseError::Beyond)?;
    case(&file.network, file.images.iter().map(|image| numbers(image)).collect(), seed)
}

/// The case as people write it into a file of cases: with an identifier and a comment to replace.
///
/// # Errors
/// [`CaseError::Images`] if it has more than one image.
pub fn to_vector(case: &Case) -> Result<String, CaseError> {
    let [image] = case.images() else { return Err(CaseError::Images { images: case.images().len() }) };
    let input = NetworkInput { network: network_file(case), semantics: Semantics::Ring, input: integers(image) };
    Ok(canonical::text(&json!({
        "id": "network/from-a-case",
        "comment": "Say here why the case exists.",
        "clauses": ["DS-NET-11"],
        "flags": [],
        "level": "plaintext",
        "operation": OPERATION,
        "input": serde_json::to_value(input).unwrap_or_default(),
    })))
}

/// The case of a vector's case with the operation `network`, with seed 0.
///
/// # Errors
/// [`CaseError`]: as [`from_json`]; [`CaseError::Operation`] for another operation.
pub fn from_vector(text: &str) -> Result<Case, CaseError> {
    let VectorCase { operation, input } = parse(text, "no case out of a vector file")?;
    if operation != OPERATION {
        return Err(CaseError::Operation { operation });
    }
    let input: NetworkInput =
        serde_json::from_value(input).map_err(|error| CaseError::Json { message: format!("input: {error}") })?;
    case(&input.network, vec![numbers(&input.input)], 0)
}

fn parse<'a, T: Deserialize<'a>>(text: &'a str, otherwise: &str) -> Result<T, CaseError> {
    serde_json::from_str(text).map_err(|error| CaseError::Json { message: format!("this is {otherwise}: {error}") })
}

fn case(network: &Value, images: Vec<Vec<i64>>, seed: u32) -> Result<Case, CaseError> {
    let network = Network::from_json(&network.to_string()).map_err(|source| CaseError::Network { source })?;
    Case::new(&network, images, seed)
}

/// The network's file as a value.
fn network_file(case: &Case) -> Value {
    serde_json::from_str(&case.network().to_json()).unwrap_or_default()
}
