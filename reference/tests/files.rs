//! Files of networks and inputs as texts: cut at every byte, with duplicate and unknown fields, with wrong types; and the
//! rules of input files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use deepshare_reference::network::inference::Inference;
use deepshare_reference::network::{Images, InputError, Network, NetworkError};
use deepshare_reference::values::{JsonError, Ring, RingVector, ValueError};

const NETWORK: &str = r#"{"format": "deepshare-network/1", "name": "é", "input": {"shape": [1, 2, 2], "scale": 1}, "layers": [
    {"name": "a", "op": "dense", "from": "input", "outputs": 1, "weight_scale": 1, "weights": [1, 2, 3, "-4"], "bias": [0]},
    {"name": "b", "op": "activation", "from": ["a"], "layer": 0}],
    "plan": {"format": "deepshare-plan/1", "width": 8, "step": "nonnegative", "layers": [
    {"shape": [1, 1, 1], "channels": [{"source": {"layer": 1, "channel": 0}, "gate": {"alpha": 1, "beta": -1}}]}]}}"#;

const INPUT: &str = r#"{"format": "deepshare-input/1", "shape": [1, 1, 2], "scale": 4, "images": [[0, -1], ["5", 6]], "labels": [3, 0]}"#;

fn network() -> String {
    NETWORK.replace("{\"layer\": 1, \"channel\": 0}", "\"prototype\"")
}

#[test]
fn the_examples_are_read() {
    assert_eq!(Network::from_json(&network()).unwrap().name(), "é");
    let images = Images::from_json(INPUT).unwrap();
    assert_eq!(images.images, [[0, -1], [5, 6]]);
    assert_eq!((images.scale, images.shape.elements(), images.labels), (4, 2, Some(vec![3, 0])));
    let unlabelled = Images::from_json(&INPUT.replace(", \"labels\": [3, 0]", "")).unwrap();
    assert_eq!(unlabelled.labels, None);
}

#[test]
fn a_text_cut_anywhere_is_a_syntax_error() {
    let text = network();
    for end in (0..text.len()).filter(|&end| text.is_char_boundary(end)) {
        let error = Network::from_json(&text[..end]).unwrap_err();
        assert_eq!(error.code(), "json/syntax", "cut at {end}: {error}");
    }
    for end in 0..INPUT.len() {
        let error = Images::from_json(&INPUT[..end]).unwrap_err();
        assert_eq!(error.code(), "json/syntax", "cut at {end}: {error}");
    }
}

/// One byte changed anywhere: never a panic. (Many changes are harmless: a digit, a letter of a name.)
#[test]
fn a_changed_byte_never_panics() {
    let text = network();
    for (text, read) in [
        (text.as_str(), (|text| Network::from_json(text).is_ok()) as fn(&str) -> bool),
        (INPUT, |text| Images::from_json(text).is_ok()),
    ] {
        for at in (0..text.len()).filter(|&at| text.as_bytes()[at].is_ascii()) {
            for byte in ["\"", "{", "}", "[", "]", ",", ":", "9", "-", "a", " ", "\\", "\0", "1e9", "null"] {
                let changed = format!("{}{byte}{}", &text[..at], &text[at + 1..]);
                let _ = read(&changed);
            }
        }
    }
}

/// The texts that one gets by writing `addition` behind the opening brace of each object.
fn in_every_object(text: &str, addition: impl Fn(&str) -> String) -> Vec<String> {
    let opens = text.char_indices().filter(|&(_, c)| c == '{').map(|(at, _)| at);
    opens.map(|at| format!("{}{}{}", &text[..=at], addition(&text[at + 1..]), &text[at + 1..])).collect()
}

/// The first field of an object, whose text follows: its name and value.
fn first_field(rest: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(&format!("{{{}", close(rest))).unwrap();
    let name = rest.split('"').nth(1).unwrap();
    format!("\"{name}\": {}, ", value[name])
}

/// The text up to the brace that closes the object that is open at its start.
fn close(rest: &str) -> &str {
    let mut depth = 1;
    let end = rest.char_indices().find(|&(_, c)| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        depth == 0
    });
    &rest[..=end.unwrap().0]
}

/// [DS-FILE-1]
#[test]
fn unknown_and_duplicate_fields_of_every_object_are_errors() {
    // the replicate's object is read before the plan is found invalid
    assert!(matches!(Network::from_json(NETWORK), Err(NetworkError::Plan { .. })));
    let unknown = in_every_object(NETWORK, |_| "\"surprise\": 1, ".to_owned());
    assert_eq!(unknown.len(), 9, "network, input, two layers, plan, its layer, channel, replicate, gate");
    for text in unknown {
        let error = Network::from_json(&text).unwrap_err().to_string();
        assert!(error.contains("unknown field `surprise`"), "{error}");
    }
    for text in in_every_object(NETWORK, first_field) {
        let error = Network::from_json(&text).unwrap_err().to_string();
        assert!(error.contains("duplicate field"), "{error}");
    }
    for (text, message) in [
        (in_every_object(INPUT, |_| "\"surprise\": 1, ".to_owned()), "unknown field `surprise`"),
        (in_every_object(INPUT, first_field), "duplicate field `format`"),
    ] {
        let error = Images::from_json(&text[0]).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}

/// Values of another type in each place are structure errors that name the place.
#[test]
fn wrong_types_are_named_with_their_path() {
    for (from, to, path) in [
        ("\"deepshare-network/1\"", "\"deepshare-network/2\"", "format"),
        ("\"é\"", "7", "name"),
        ("\"scale\": 1}", "\"scale\": -1}", "input.scale"),
        ("[1, 2, 2]", "[1, 2]", "input.shape"),
        ("\"dense\"", "\"max_pool\"", "layers[0].op"),
        ("\"outputs\": 1", "\"outputs\": null", "layers[0].outputs"),
        ("\"-4\"", "\"4.0\"", "layers[0].weights[3]"),
        ("\"bias\": [0]", "\"bias\": 0", "layers[0].bias"),
        ("[\"a\"]", "[1]", "layers[1].from[0]"),
        ("\"layer\": 0", "\"layer\": 1.5", "layers[1].layer"),
        ("\"alpha\": 1", "\"alpha\": true", "plan.layers[0].channels[0].gate.alpha"),
    ] {
        let text = network();
        assert_eq!(text.matches(from).count(), 1, "{from}");
        match Network::from_json(&text.replace(from, to)).unwrap_err() {
            NetworkError::Json(JsonError::Structure { path: found, .. }) => assert_eq!(found, path, "{to}"),
            other => panic!("{to}: {other}"),
        }
    }
}

/// Checks that the input example with one place changed is rejected with an error, its message and its code.
fn rejected(from: &str, to: &str, expected: &InputError, message: &str) {
    assert_eq!(INPUT.matches(from).count(), 1, "{from}");
    let error = Images::from_json(&INPUT.replace(from, to)).unwrap_err();
    assert_eq!((&error, error.to_string().as_str()), (expected, message), "{to}");
}

/// [DS-NET-6]
#[test]
fn rules_of_input_files() {
    let empty = ValueError::EmptyShape { channels: 1, height: 0, width: 2 };
    rejected("[1, 1, 2]", "[1, 0, 2]", &InputError::Shape(empty), "shape: shape 1x0x2 has no elements");
    let error = InputError::Scale { scale: 65_536 };
    rejected("\"scale\": 4", "\"scale\": 65536", &error, "a scale of 65536 fraction bits is more than 65535");
    assert_eq!(Images::from_json(&INPUT.replace("\"scale\": 4", "\"scale\": 65535")).unwrap().scale, 65_535);
    let error = InputError::Elements { image: 1, found: 3, expected: 2 };
    rejected("[\"5\", 6]", "[\"5\", 6, 7]", &error, "images[1] has 3 values, the shape says 2");
    let error = InputError::Elements { image: 0, found: 0, expected: 2 };
    rejected("[0, -1]", "[]", &error, "images[0] has 0 values, the shape says 2");
    let error = InputError::Labels { labels: 1, images: 2 };
    rejected("[3, 0]", "[3]", &error, "1 labels for 2 images");
    let huge = (1_usize << 53) - 1;
    let error = InputError::Elements { image: 0, found: 2, expected: huge };
    rejected(
        "[1, 1, 2]",
        &format!("[1, 1, {huge}]"),
        &error,
        &format!("images[0] has 2 values, the shape says {huge}"),
    );
    let overflow = ValueError::ShapeOverflow { channels: huge, height: huge, width: 2 };
    let message = format!("shape: {huge} x {huge} x 2 is more than 2^53 - 1 elements");
    rejected("[1, 1, 2]", &format!("[{huge}, {huge}, 2]"), &InputError::Shape(overflow), &message);
    let error = Images::from_json(&INPUT.replace("\"5\"", "\"five\"")).unwrap_err();
    let message = "line 1, column 91, at images[1][0]: invalid value: string \"five\", expected an integer, as a number or \
                   a decimal string";
    assert_eq!((error.to_string().as_str(), error.code()), (message, "json/structure"));
}

#[test]
fn codes_of_input_errors_are_distinct() {
    let json = JsonError::TooLarge { bytes: 1 };
    let errors = [
        InputError::Json(json),
        InputError::Shape(ValueError::Width { bits: 1 }),
        InputError::Scale { scale: 1 },
        InputError::Elements { image: 0, found: 0, expected: 0 },
        InputError::Labels { labels: 0, images: 0 },
    ];
    let codes = errors.iter().map(InputError::code).collect::<Vec<_>>();
    assert_eq!(codes, ["json/too-large", "input/shape", "input/scale", "input/elements", "input/labels"]);
}

/// Every operation with every field comes back, as does the size of a broadcast, which only its output tells; and so does
/// the public part. [DS-NET-4] [DS-NET-7]
#[test]
fn every_field_of_every_operation_comes_back() {
    let text = r#"{"format": "deepshare-network/1", "name": "all", "input": {"shape": [2, 5, 5], "scale": 4}, "layers": [
        {"name": "a", "op": "conv", "from": "input", "out_channels": 2, "kernel": [2, 3], "stride": [2, 1],
         "padding": [0, 1], "dilation": [3, 2], "groups": 2, "weight_scale": 2,
         "weights": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, -12], "bias": [-1, 9]},
        {"name": "b", "op": "activation", "from": "a", "layer": 0},
        {"name": "c", "op": "add", "from": ["b", "b"]},
        {"name": "d", "op": "truncate", "from": "c", "shift": 1},
        {"name": "e", "op": "sum_pool", "from": "d", "window": [1, 3], "stride": [1, 2], "scale_bits": 2},
        {"name": "f", "op": "dense", "from": "e", "outputs": 2, "weight_scale": 1, "weights": [1, -2, 3, 4], "bias": [5, 6]},
        {"name": "g", "op": "broadcast", "from": "f", "size": [2, 3]}],
        "plan": {"format": "deepshare-plan/1", "width": 16, "step": "nonnegative", "layers": [
        {"shape": [2, 1, 3], "gate_scale": 1, "gates": "private", "channels": [
        {"source": "prototype", "gate": {"alpha": 1, "beta": 2}}, {"source": {"layer": 0, "channel": 0}}]}]}}"#;
    let network = Network::from_json(text).unwrap();
    let written = network.to_json();
    for field in ["\"dilation\":[3,2]", "\"size\":[2,3]", "\"stride\":[2,1]", "\"padding\":[0,1]", "\"scale_bits\":2"] {
        assert!(written.contains(field), "{field} is not in {written}");
    }
    assert!(Network::from_json(&written).unwrap() == network);
    assert!(Network::new("all", network.input(), network.layers(), network.plan().clone()).unwrap() == network);
    assert!(network.with_plan(network.plan().clone()).unwrap() == network);
    // what the server brings to an inference has the shapes that its cost is computed from
    let server = Inference::server_inputs(&network).unwrap();
    let shapes = Inference::new(&network, 1).input_shapes().unwrap().server;
    let sizes = |x: &Ring| (x.width(), x.len());
    assert!(server.iter().map(sizes).eq(shapes.iter().map(|x| (x.width(), x.len()))));
    let public = network.public_part();
    assert!(public.is_public_part() && public != network);
    assert!(Network::from_json(&public.to_json()).unwrap() == public);
    assert!(public.with_plan(public.plan().clone()).unwrap() == public);
}
