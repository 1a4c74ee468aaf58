//! Values in other forms, and what would explain that one value stands for another: what an engineer works out on paper.

use super::bits::{self, Packed};
use crate::printable::printable;
use serde_json::Value;

/// Characters of a value that are shown.
const SHOWN: usize = 160;

/// A value as text, cut if it is long.
pub fn text(value: &Value) -> String {
    clip(&printable(&value.to_string()))
}

/// Two values that differ, as texts; of long ones the part around the first difference.
pub fn pair(expected: &Value, found: &Value) -> [String; 2] {
    let texts = [expected, found].map(|value| printable(&value.to_string()));
    let [wanted, given] = &texts;
    let common = wanted.chars().zip(given.chars()).take_while(|(wanted, given)| wanted == given).count();
    let long = texts.iter().any(|text| text.chars().count() > SHOWN);
    match common.checked_sub(SHOWN / 4).filter(|_| long) {
        None | Some(0) => texts.map(|text| clip(&text)),
        Some(start) => texts.map(|text| format!("... {}", clip(&text.chars().skip(start).collect::<String>()))),
    }
}

/// A text, cut if it is long.
pub fn clip(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        None => text.to_owned(),
        Some((end, _)) => format!("{} ... ({} characters)", text.get(..end).unwrap_or(text), text.chars().count()),
    }
}

/// What a string stands for. The format gives it no mark of its own: the names of fields and steps tell. [DS-VEC-4]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    Bits,
    Bytes,
    Number,
    Text,
}

fn type_of(name: &str, value: &str) -> Type {
    const BITS: [&str; 7] = ["bits", "planes", "carry", "low", "leaves", "level", "high"];
    const BYTES: [&str; 12] = [
        "bytes", "frame", "header", "payload", "digest", "seed", "coin", "session", "sha256", "input", "server",
        "client",
    ];
    let first_word = name.split(' ').next().unwrap_or(name);
    let digits = value.strip_prefix('-').unwrap_or(value);
    let number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if BITS.contains(&first_word) && is_bits(value) {
        Type::Bits
    } else if matches!(first_word, "draw" | "draws") && is_bits(value) {
        Type::Text // a plane, or an element
    } else if number && !matches!(name, "bytes" | "frame" | "payload" | "digest" | "seed" | "session" | "sha256") {
        Type::Number
    } else if BYTES.contains(&first_word) && hex::decode(value).is_ok() {
        Type::Bytes
    } else {
        Type::Text
    }
}

fn is_bits(value: &str) -> bool {
    value.bytes().all(|byte| matches!(byte, b'0' | b'1'))
}

/// Hints about a difference of two values under a name; the width is that of the case's ring, if it has one.
pub fn hints(name: &str, width: Option<u32>, packed: Option<Packed>, expected: &Value, found: &Value) -> Vec<String> {
    match (expected, found) {
        (Value::String(_), Value::String(_)) if name == "sha256" => {
            vec!["the number of rows and the first ones agree, so a later row differs: print yours".to_owned()]
        }
        (Value::String(wanted), Value::String(given)) => match type_of(name, wanted) {
            Type::Bits if is_bits(given) => bits::bit_hints(wanted, given),
            Type::Bits => vec![format!("{} is no string of bits", clip(&printable(given)))],
            Type::Bytes => bits::byte_hints(wanted, given, packed),
            Type::Number => number_hints(width, wanted, given),
            Type::Text => text_hints(wanted, given),
        },
        (Value::Array(wanted), Value::Array(given)) => list_hints(wanted, given),
        (Value::String(_), Value::Number(_)) => vec!["a string is due, also where it holds a number".to_owned()],
        (Value::Number(_), Value::String(_)) => vec!["a JSON number is due, not a string".to_owned()],
        (Value::Number(_), Value::Number(given)) if given.is_f64() => {
            vec!["a number with a point or an exponent is no integer".to_owned()]
        }
        _ => Vec::new(),
    }
}

/// Texts of several lines: the first line that differs.
fn text_hints(wanted: &str, given: &str) -> Vec<String> {
    if wanted.trim_end() == given.trim_end() {
        return vec!["they differ in white space at the end alone".to_owned()];
    }
    let mut lines = wanted.lines().zip(given.lines()).enumerate();
    let differs = lines.find(|(_, (wanted, given))| wanted != given).filter(|_| wanted.lines().count() > 1);
    let show = |(i, (wanted, given)): (usize, (&str, &str))| {
        let [wanted, given] = [wanted, given].map(|line| clip(&printable(line.trim())));
        format!("line {} is due as `{wanted}`, found `{given}`", i + 1)
    };
    differs.map(show).into_iter().collect()
}

/// Lists of different lengths.
fn list_hints(wanted: &[Value], given: &[Value]) -> Vec<String> {
    let mut hints = vec![format!("{} values are due, {} given", wanted.len(), given.len())];
    let common = wanted.iter().zip(given).position(|(wanted, given)| wanted != given);
    hints.extend(common.map(|i| format!("the first that differs is number {i}, from 0")));
    hints
}

/// Numbers in decimal: both as integer, representative and bytes, and what lies between them.
fn number_hints(width: Option<u32>, expected: &str, found: &str) -> Vec<String> {
    let (Ok(wanted), Ok(given)) = (expected.parse::<i128>(), found.parse::<i128>()) else {
        return vec![format!("{} is no number in decimal", clip(&printable(found)))];
    };
    let modulus = width.map(|width| 1_i128 << width);
    let same_residue = wanted != given && modulus.is_some_and(|modulus| (wanted - given).rem_euclid(modulus) == 0);
    let forms = |which: &str, value| width.and_then(|width| Some(format!("{which}: {}", forms(width, value)?)));
    let found_forms = forms("found", given).filter(|_| !same_residue);
    let mut hints: Vec<String> = [forms("expected", wanted), found_forms].into_iter().flatten().collect();
    if wanted == given {
        hints.push("the same number, not in canonical form: no plus sign, leading zeros or -0".to_owned());
        return hints;
    }
    let negated = modulus.map_or(wanted == -given, |modulus| (wanted + given).rem_euclid(modulus) == 0);
    if same_residue {
        hints.push(format!("{given} is the same modulo 2^k: a sign that was lost, or no reduction"));
    } else if negated {
        hints.push("the negative of what is expected".to_owned());
    } else if let 1 | -1 = given - wanted {
        let way = if given - wanted == 1 { "large" } else { "small" };
        hints.push(format!("too {way} by 1: rounding, a carry or a strict comparison"));
    }
    hints
}

/// A ring element in all forms: integer, representative, bytes.
fn forms(width: u32, value: i128) -> Option<String> {
    let modulus = 1_i128 << (2..=64).contains(&width).then_some(width)?;
    let word = value.rem_euclid(modulus);
    let signed = if word >= modulus / 2 { word - modulus } else { word };
    let bytes = u64::try_from(word).ok()?.to_le_bytes();
    let length = width.div_ceil(8) as usize;
    Some(format!("integer {signed}, element {word}, bytes {}", hex::encode(bytes.get(..length)?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(name: &str, expected: &str, found: &str) -> String {
        hints(name, Some(12), None, &json!(expected), &json!(found)).join("; ")
    }

    #[test]
    fn numbers_are_shown_in_all_forms_and_compared_in_the_ring() {
        let found = of("y", "-1348", "2748");
        let same = "expected: integer -1348, element 2748, bytes bc0a; 2748 is the same modulo 2^k";
        assert!(found.starts_with(same), "{found}");
        assert!(of("y", "5", "-5").contains("the negative"));
        assert!(of("elements", "1", "4095").contains("the negative"));
        assert!(of("y", "-4", "-3").contains("too large by 1"));
        assert!(of("y", "5", "05").contains("not in canonical form"));
        assert!(of("y", "5", "5.0").contains("no number in decimal"));
        assert!(of("label", "apply/delta", "apply/epsilon").is_empty());
    }

    #[test]
    fn of_numbers_that_no_mistake_explains_only_the_forms_are_told() {
        let found = "expected: integer 2047, element 2047, bytes ff07; found: integer -2048, element 2048, bytes 0008";
        assert_eq!(of("y", "2047", "-2048"), found);
        let without_ring = |expected, found| hints("y", None, None, &json!(expected), &json!(found));
        assert!(without_ring("5", "9").is_empty());
        assert_eq!(without_ring("5", "-5"), ["the negative of what is expected"]);
        assert!(without_ring("5", "4")[0].starts_with("too small by 1:"));
        assert!(without_ring("5", "6")[0].starts_with("too large by 1:"));
        assert_eq!(hints("y", Some(65), None, &json!("5"), &json!("9")), [""; 0], "no ring has that width");
    }

    #[test]
    fn types_are_told_apart_by_name() {
        assert_eq!(type_of("leaves g", "0101"), Type::Bits);
        assert_eq!(type_of("y", "101"), Type::Number);
        assert_eq!(type_of("payload", "1011"), Type::Bytes);
        assert_eq!(type_of("digest of plan", "ab01"), Type::Bytes);
        assert_eq!(type_of("server", "10"), Type::Number);
        assert_eq!(type_of("server", "ab01"), Type::Bytes);
        assert_eq!(type_of("label", "ab"), Type::Text);
        assert_eq!((type_of("draw 1", "100"), type_of("draw 0", "3632")), (Type::Text, Type::Number));
        assert_eq!(type_of("coin seed", "78c5"), Type::Bytes);
        assert!(of("bits", "01", "0x").contains("no string of bits"));
        assert!(of("text", "a\n", "a").contains("white space"));
    }

    #[test]
    fn values_of_another_json_type_are_told() {
        assert!(hints("y", None, None, &json!("3"), &json!(3))[0].contains("a string is due"));
        assert!(hints("count", None, None, &json!(3), &json!(3.0))[0].contains("no integer"));
        assert!(hints("count", None, None, &json!(3), &json!(4)).is_empty());
        assert!(hints("count", None, None, &json!(3), &json!("3"))[0].contains("a JSON number is due"));
        let lists = hints("y", None, None, &json!([1, 2]), &json!([1, 3, 4]));
        assert_eq!(lists, ["2 values are due, 3 given", "the first that differs is number 1, from 0"]);
        assert_eq!(hints("y", None, None, &json!([1]), &json!([1])), ["1 values are due, 1 given"]);
        assert!(of("sha256", "ab", "cd").contains("a later row differs"));
        assert!(of("bits", "01", "10").contains("the bits in the reverse order"));
        assert!(text(&json!("\u{1b}[2J")).starts_with("\"\\u001b"));
        assert!(clip(&"x".repeat(1000)).len() < 200);
    }

    #[test]
    fn long_values_are_shown_from_forty_characters_before_they_differ() {
        let value = |len: usize, last: char| json!(format!("{}{last}", "x".repeat(len - 3)));
        let [wanted, given] = [value(SHOWN, 'a'), value(SHOWN, 'b')];
        assert_eq!(pair(&wanted, &given), [wanted.to_string(), given.to_string()], "it is not long yet");
        let shown = |last| format!("... {}{last}\"", "x".repeat(40));
        assert_eq!(pair(&value(SHOWN + 1, 'a'), &value(SHOWN + 1, 'b')), [shown('a'), shown('b')]);
        assert_eq!(pair(&json!("a"), &json!("b")), ["\"a\"", "\"b\""]);
        let lines = |last: &str| json!(format!("{}{last}", "line\n".repeat(100)));
        let [wanted, given] = pair(&lines("one"), &lines("two"));
        assert!(
            wanted.starts_with("... ") && wanted.ends_with("one\"") && given.ends_with("two\""),
            "{wanted} {given}"
        );
        assert_eq!(hints("text", None, None, &lines("one"), &lines("two")), ["line 101 is due as `one`, found `two`"]);
    }
}
