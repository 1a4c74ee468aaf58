//! Which cases an implementation is asked: those that it claims. [DS-ADAPT-2]

use super::compare::width;
use crate::adapter::protocol::{Described, Widths};
use crate::operations;
use crate::printable::printable;
use crate::vectors::case::Case;
use serde_json::Value;

/// Why a case is not asked, if it is not.
pub fn not_asked(claims: &Described, case: &Case) -> Option<String> {
    let not_claimed = |what: String| Some(format!("not claimed: {what}"));
    if !claims.operations.contains(&case.operation) {
        return not_claimed(format!("operation {}", case.operation));
    }
    if !claims.levels.contains(&case.level) {
        return not_claimed(format!("level {}", case.level.name()));
    }
    if let Some(backend) = backend(case).filter(|backend| !claims.backends.iter().any(|claimed| claimed == backend)) {
        return not_claimed(format!("backend {backend}"));
    }
    // that a width is no ring width at all, everybody must find out
    let width = width(case).filter(|width| (2..=64).contains(width))?;
    match &claims.widths {
        Widths::Some(claimed) if !claimed.iter().any(|claimed| claimed.0 == width) => {
            not_claimed(format!("width {width}"))
        }
        _ => None,
    }
}

/// The backend that a case is about.
pub fn backend(case: &Case) -> Option<&str> {
    let about = matches!(case.operation.as_str(), "party" | "shape");
    case.input.get("backend").and_then(Value::as_str).filter(|_| about)
}

/// What is odd about claims: operations that nobody knows, which may be misspelt.
pub fn oddities(claims: &Described) -> Vec<String> {
    let unknown = claims.operations.iter().filter(|name| operations::find(name).is_none());
    unknown
        .map(|name| format!("it claims the operation {:?}, which this harness does not know", printable(name)))
        .collect()
}
