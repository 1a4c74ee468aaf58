//! Files that are no JSON, or JSON of another structure: where and what.

use super::*;

/// Texts that the reader and the schema both reject, with the reader's error.
const STRUCTURE: &[(&str, &str, &str)] = &[
    // Another type, or another word.
    (
        "\"deepshare-plan/1\"",
        "\"deepshare-plan/2\"",
        "line 2, column 30, at format: invalid value: string \"deepshare-plan/2\", expected \"deepshare-plan/1\"",
    ),
    (
        "\"deepshare-plan/1\"",
        "{\"deepshare-plan/1\": null}",
        "line 2, column 12, at format: invalid type: map, expected \"deepshare-plan/1\"",
    ),
    (
        "\"width\": 32",
        "\"width\": \"32\"",
        "line 3, column 15, at width: invalid type: string \"32\", expected a count, a number from 0 to 2^53 - 1",
    ),
    (
        "\"width\": 32",
        "\"width\": -32",
        "line 3, column 14, at width: invalid type: integer `-32`, expected a count, a number from 0 to 2^53 - 1",
    ),
    ("\"positive\"", "1", "line 4, column 11, at step: invalid type: integer `1`, expected a string"),
    (
        "\"private\"",
        "\"secret\"",
        "line 9, column 23, at layers[0].gates: invalid value: string \"secret\", expected \"public\" or \"private\"",
    ),
    ("[3, 2, 2]", "[3, 2]", "line 7, column 21, at layers[0].shape: invalid length 2, expected a list of 3 counts"),
    (
        "[3, 2, 2]",
        "[3, 2, 2, 1]",
        "line 7, column 27, at layers[0].shape: invalid length 4, expected a list of 3 counts",
    ),
    (
        "\"gate_scale\": 1",
        "\"gate_scale\": null",
        "line 8, column 24, at layers[0].gate_scale: invalid type: null, expected a count, a number from 0 to 2^53 - 1",
    ),
    (
        "\"gates\": \"private\"",
        "\"gates\": null",
        "line 9, column 19, at layers[0].gates: invalid type: null, expected \"public\" or \"private\"",
    ),
    (
        "{\"alpha\": 4, \"beta\": \"-2\"}",
        "null",
        "line 12, column 59, at layers[0].channels[1].gate: invalid type: null, expected an object",
    ),
    (
        "{\"alpha\": 4, \"beta\": \"-2\"}",
        "[4, -2]",
        "line 12, column 55, at layers[0].channels[1].gate: invalid type: sequence, expected an object",
    ),
    (
        "\"beta\": \"-2\"",
        "\"beta\": \"-2.0\"",
        "line 12, column 82, at layers[0].channels[1].gate.beta: \
         invalid value: string \"-2.0\", expected an integer, as a number or a decimal string",
    ),
    (
        "\"alpha\": 4",
        "\"alpha\": 99999999999999999999",
        "line 12, column 85, at layers[0].channels[1].gate.alpha: value 99999999999999999999 does not fit 64 bits",
    ),
    (
        "\"linear\"",
        "\"Linear\"",
        "line 13, column 27, at layers[0].channels[2].source: \
         invalid value: string \"Linear\", expected \"prototype\", \"linear\" or {\"layer\": l, \"channel\": c}",
    ),
    (
        "\"linear\"",
        "[0, 0]",
        "line 13, column 20, at layers[0].channels[2].source: \
         invalid type: sequence, expected \"prototype\", \"linear\" or {\"layer\": l, \"channel\": c}",
    ),
    (
        "\"linear\"",
        "{\"layer\": 0, \"channel\": \"0\"}",
        "line 13, column 46, at layers[0].channels[2].source.channel: \
         invalid type: string \"0\", expected a count, a number from 0 to 2^53 - 1",
    ),
    // A missing field, in every object.
    ("\"width\": 32,", "", "line 18, column 1, at the top level: missing field `width`"),
    ("\"shape\": [3, 2, 2],", "", "line 15, column 5, at layers[0]: missing field `shape`"),
    ("{\"source\": \"linear\"}", "{}", "line 13, column 10, at layers[0].channels[2]: missing field `source`"),
    ("\"alpha\": 4, ", "", "line 12, column 69, at layers[0].channels[1].gate: missing field `alpha`"),
    ("\"linear\"", "{\"layer\": 0}", "line 13, column 31, at layers[0].channels[2].source: missing field `channel`"),
    // An unknown field, in every object.
    (
        "\"width\": 32",
        "\"x\": 0, \"width\": 32",
        "line 3, column 5, at x: unknown field `x`, expected one of `format`, `width`, `step`, `layers`",
    ),
    (
        "\"gate_scale\": 1",
        "\"x\": 0",
        "line 8, column 9, at layers[0].x: unknown field `x`, \
         expected one of `shape`, `gate_scale`, `gates`, `channels`",
    ),
    (
        "{\"source\": \"linear\"}",
        "{\"source\": \"linear\", \"x\": 0}",
        "line 13, column 32, at layers[0].channels[2].x: unknown field `x`, expected `source` or `gate`",
    ),
    (
        "\"alpha\": 4",
        "\"alpha\": 4, \"x\": 0",
        "line 12, column 71, at layers[0].channels[1].gate.x: unknown field `x`, expected `alpha` or `beta`",
    ),
    (
        "\"linear\"",
        "{\"layer\": 0, \"channel\": 0, \"x\": 0}",
        "line 13, column 49, at layers[0].channels[2].source.x: unknown field `x`, expected `layer` or `channel`",
    ),
];

#[test]
fn structural_errors_name_their_place_and_the_schema_finds_them_too() {
    for (from, to, shown) in STRUCTURE {
        let text = changed(from, to);
        assert_eq!(json_error(&text), ("json/structure", (*shown).to_owned()));
        assert!(!schema_accepts(&text), "the schema accepts {to}");
    }
    let list = r#"["deepshare-plan/1", 32, "nonnegative", []]"#;
    let shown = "line 1, column 0, at the top level: invalid type: sequence, expected an object";
    assert_eq!(json_error(list), ("json/structure", shown.to_owned()));
    assert!(!schema_accepts(list));
}

/// What JSON Schema does not see at all: it knows values, not how they are written.
#[test]
fn the_spelling_of_values_is_not_in_the_schema() {
    for (from, to, shown) in [
        (
            "\"width\": 32",
            "\"width\": 32.0",
            "line 3, column 15, at width: \
             value 32.0 is not accepted: integers have no fraction, no exponent and no negative zero",
        ),
        (
            "\"alpha\": 4",
            "\"alpha\": 4e0",
            "line 12, column 68, at layers[0].channels[1].gate.alpha: \
             value 4e0 is not accepted: integers have no fraction, no exponent and no negative zero",
        ),
        (
            "\"alpha\": 4",
            "\"alpha\": \"9223372036854775808\"",
            "line 12, column 86, at layers[0].channels[1].gate.alpha: value 9223372036854775808 does not fit 64 bits",
        ),
        // A duplicate field, in every object.
        (
            "\"width\": 32",
            "\"width\": 32, \"width\": 32",
            "line 3, column 22, at the top level: duplicate field `width`",
        ),
        (
            "\"gate_scale\": 1",
            "\"gate_scale\": 1, \"shape\": [3, 2, 2]",
            "line 8, column 30, at layers[0]: duplicate field `shape`",
        ),
        (
            "{\"source\": \"linear\"}",
            "{\"source\": \"linear\", \"source\": \"linear\"}",
            "line 13, column 37, at layers[0].channels[2]: duplicate field `source`",
        ),
        (
            "\"alpha\": 4",
            "\"alpha\": 4, \"alph\\u0061\": 4",
            "line 12, column 80, at layers[0].channels[1].gate: duplicate field `alpha`",
        ),
        (
            "\"linear\"",
            "{\"layer\": 0, \"channel\": 0, \"layer\": 0}",
            "line 13, column 53, at layers[0].channels[2].source: duplicate field `layer`",
        ),
    ] {
        let text = changed(from, to);
        assert_eq!(json_error(&text), ("json/structure", shown.to_owned()));
        assert!(schema_accepts(&text), "the schema rejects {to}");
    }
}

#[test]
fn text_that_is_no_json_is_rejected() {
    let deep = changed("\"linear\"", &"[".repeat(100_000));
    for text in ["", " ", "\u{feff}{}", "nul", &format!("\u{feff}{EXAMPLE}"), &format!("{EXAMPLE} {{}}"), "\0"] {
        assert_eq!(json_error(text).0, "json/syntax", "{text:?}");
    }
    assert_eq!(json_error(&changed("32", "1e400")).0, "json/syntax");
    assert_eq!(json_error(&changed("32", &"9".repeat(1000))).0, "json/syntax");
    assert_eq!(json_error(&deep).0, "json/structure");
    assert_eq!(json_error(&"[".repeat(100_000)).0, "json/structure");
    let large = " ".repeat((64 << 20) + 1);
    let error = Plan::from_json(&large).unwrap_err();
    assert_eq!(error, PlanFileError::Json(JsonError::TooLarge { bytes: (64 << 20) + 1 }));
    assert_eq!(
        (error.code(), error.to_string().as_str()),
        ("json/too-large", "the file has 67108865 bytes, more than 64 MiB")
    );
}

#[test]
fn a_file_cut_at_any_byte_is_rejected() {
    assert!(Plan::from_json(EXAMPLE).is_ok());
    for end in 0..EXAMPLE.len() {
        assert_eq!(json_error(&EXAMPLE[..end]).0, "json/syntax", "cut at byte {end}");
    }
}
