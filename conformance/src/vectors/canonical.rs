//! The canonical text of vector files: two spaces a level, short values and lists of scalars on one line. [DS-VEC-4]

use serde_json::Value;

/// The most bytes of a value that stands on one line although it is no list of scalars.
const LINE: usize = 100;

/// The canonical text of a value, with a line feed at the end.
pub fn text(value: &Value) -> String {
    let mut text = String::new();
    write(&mut text, value, 0);
    text.push('\n');
    text
}

fn write(text: &mut String, value: &Value, depth: usize) {
    let line = one_line(value);
    match value {
        _ if line.len() <= LINE => text.push_str(&line),
        Value::Array(values) if values.iter().any(|value| value.is_array() || value.is_object()) => {
            block(text, ['[', ']'], depth, values.iter(), |text, value| write(text, value, depth + 1));
        }
        Value::Object(fields) => block(text, ['{', '}'], depth, fields.iter(), |text, (key, value)| {
            text.push_str(&format!("{}: ", Value::from(key.as_str())));
            write(text, value, depth + 1);
        }),
        _ => text.push_str(&line),
    }
}

/// A value on one line.
fn one_line(value: &Value) -> String {
    let joined = |parts: Vec<String>| parts.join(", ");
    match value {
        Value::Array(values) => format!("[{}]", joined(values.iter().map(one_line).collect())),
        Value::Object(fields) => {
            let field = |(key, value): (&String, &Value)| format!("{}: {}", Value::from(key.as_str()), one_line(value));
            format!("{{{}}}", joined(fields.iter().map(field).collect()))
        }
        scalar => scalar.to_string(),
    }
}

/// Members between brackets, each on a line of its own.
fn block<T>(
    text: &mut String,
    [open, close]: [char; 2],
    depth: usize,
    members: impl Iterator<Item = T>,
    mut member: impl FnMut(&mut String, T),
) {
    text.push(open);
    for (number, item) in members.enumerate() {
        text.push_str(if number == 0 { "\n" } else { ",\n" });
        text.push_str(&"  ".repeat(depth + 1));
        member(text, item);
    }
    text.push('\n');
    text.push_str(&"  ".repeat(depth));
    text.push(close);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn short_values_and_scalars_stay_together() {
        let long = "x".repeat(LINE);
        let value = json!({"a": [1, "x"], "b": [[1], []], "c": {}, "d": {"e": long}, "f": [long, 1]});
        let expected = format!(
            "{{\n  \"a\": [1, \"x\"],\n  \"b\": [[1], []],\n  \"c\": {{}},\n  \"d\": {{\n    \"e\": \"{long}\"\n  }},\n  \"f\": [\"{long}\", 1]\n}}\n"
        );
        assert_eq!(text(&value), expected);
        assert_eq!(serde_json::from_str::<Value>(&text(&value)).unwrap(), value);
    }
}
