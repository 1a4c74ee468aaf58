//! The first place where two JSON values differ. [DS-ADAPT-4]

use serde_json::Value;

/// A place where two values differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The path, such as `output.y[3]`.
    pub path: String,
    /// The innermost name of the path: what the value is called.
    pub name: String,
    /// What is expected; none if nothing is.
    pub expected: Option<Value>,
    /// What was found; none if nothing was.
    pub found: Option<Value>,
}

/// The first difference: fields in the order of the expected value, then fields that it does not have; lists of different
/// length differ as a whole.
pub fn first(path: &str, expected: &Value, found: &Value) -> Option<Difference> {
    walk(path, path, expected, found)
}

fn walk(path: &str, name: &str, expected: &Value, found: &Value) -> Option<Difference> {
    match (expected, found) {
        (Value::Object(wanted), Value::Object(given)) => {
            let inner = |key: &str| format!("{path}.{key}");
            let common = wanted.iter().find_map(|(key, value)| match given.get(key) {
                Some(other) => walk(&inner(key), key, value, other),
                None => Some(difference(&inner(key), key, Some(value), None)),
            });
            let mut others = given.iter().filter(|(key, _)| !wanted.contains_key(*key));
            common.or_else(|| others.next().map(|(key, value)| difference(&inner(key), key, None, Some(value))))
        }
        (Value::Array(wanted), Value::Array(given)) if wanted.len() == given.len() => {
            let pairs = wanted.iter().zip(given).enumerate();
            pairs.into_iter().find_map(|(i, (value, other))| walk(&format!("{path}[{i}]"), name, value, other))
        }
        _ if expected == found => None,
        _ => Some(difference(path, name, Some(expected), Some(found))),
    }
}

fn difference(path: &str, name: &str, expected: Option<&Value>, found: Option<&Value>) -> Difference {
    let (path, name) = (path.to_owned(), name.to_owned());
    Difference { path, name, expected: expected.cloned(), found: found.cloned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn place(expected: &Value, found: &Value) -> Option<String> {
        first("output", expected, found).map(|difference| difference.path)
    }

    #[test]
    fn the_first_difference_is_found_in_the_order_of_what_is_expected() {
        let value = json!({"y": ["1", "2"], "rows": [{"a": 1, "b": "x"}], "n": 3});
        assert_eq!(place(&value, &json!({"n": 3, "rows": [{"b": "x", "a": 1}], "y": ["1", "2"]})), None);
        let cases = [
            (json!({"y": ["1", "3"], "rows": [], "n": 3}), "output.y[1]"),
            (json!({"y": ["1"], "rows": [], "n": 3}), "output.y"),
            (json!({"y": ["1", "2"], "rows": [{"a": 1, "b": "X"}], "n": 4}), "output.rows[0].b"),
            (json!({"y": ["1", "2"], "rows": [{"a": 1, "b": "x"}], "n": 3.0}), "output.n"),
            (json!({"y": ["1", "2"], "rows": [{"a": 1, "b": "x"}], "n": "3"}), "output.n"),
            (json!({"y": ["1", "2"], "rows": [{"a": 1, "b": "x"}]}), "output.n"),
            (json!({"y": ["1", "2"], "rows": [{"a": 1, "b": "x"}], "n": 3, "m": 1}), "output.m"),
            (json!([]), "output"),
        ];
        for (found, path) in cases {
            assert_eq!(place(&value, &found).as_deref(), Some(path), "{found}");
        }
    }
}
