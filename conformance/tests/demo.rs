//! The demo on real images: its JSON, its words, widths at which the integer semantics overflows, seeds.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests stop like the tests themselves"
)]

mod common;

use common::{deepshare, schema_accepts};
use serde_json::Value;

/// The demo's JSON on a few images.
fn demo(arguments: &[&str]) -> Value {
    let object = deepshare(&[&["demo", "--json", "--seed", "00c0ffee"], arguments].concat()).json();
    assert!(schema_accepts("demo.schema.json", &object), "{object}");
    object
}

fn worlds(object: &Value) -> Vec<&str> {
    object["worlds"].as_array().unwrap().iter().map(|world| world["name"].as_str().unwrap()).collect()
}

fn assert_no_mismatch(object: &Value) {
    for world in object["worlds"].as_array().unwrap() {
        assert_eq!((&world["logit_mismatches"], &world["prediction_mismatches"]), (&0.into(), &0.into()), "{world}");
    }
}

/// How many images each world was given.
fn images(object: &Value) -> Vec<u64> {
    object["worlds"].as_array().unwrap().iter().map(|world| world["images"].as_u64().unwrap()).collect()
}

/// Slow worlds are given two images at most.
fn assert_all_worlds_agree(model: &str, drelus: u64, given: &str, taken: [u64; 8]) {
    let object = demo(&["--images", given, "--model", model]);
    assert_eq!(worlds(&object), ["ring", "ideal", "gmw", "ot", "ot-dealer", "fss", "fss-select", "garbled"]);
    assert_no_mismatch(&object);
    assert_eq!(images(&object), taken);
    assert_eq!((&object["baseline"], &object["overflow"]), (&"integer".into(), &Value::Null));
    assert_eq!(
        (&object["model"]["name"], &object["model"]["drelus"]),
        (&format!("digits-{model}").into(), &drelus.into())
    );
    let costs = ["online_bits_per_image", "rounds", "session_bits", "offline_bits_per_image"];
    for (world, paid) in [(0, 0), (1, 0), (2, 4), (3, 3), (4, 4), (5, 4), (6, 4), (7, 4)] {
        for (index, cost) in costs.iter().enumerate() {
            assert_eq!(object["worlds"][world][cost] != 0, index < paid, "{model} {world} {cost}");
        }
    }
}

#[test]
fn all_worlds_agree_for_the_full_model_and_only_real_ones_cost() {
    assert_all_worlds_agree("full", 5120, "1", [1; 8]);
}

#[test]
fn all_worlds_agree_for_the_shared_model_and_only_real_ones_cost() {
    assert_all_worlds_agree("shared", 80, "1", [1; 8]);
}

#[test]
fn all_worlds_agree_for_the_linear_model_and_only_real_ones_cost() {
    assert_all_worlds_agree("linear", 80, "3", [3, 3, 3, 2, 2, 3, 2, 2]);
}

#[test]
fn costs_of_an_image_do_not_depend_on_how_many_there_are() {
    // 60 images fill a session; 61 take two
    let [one, many] = ["1", "61"].map(|images| demo(&["--images", images, "--model", "linear", "--backend", "gmw"]));
    for cost in ["online_bits_per_image", "offline_bits_per_image", "session_bits", "rounds"] {
        assert_eq!(one["worlds"][1][cost], many["worlds"][1][cost], "{cost}");
    }
    assert_no_mismatch(&many);
}

#[test]
fn sharing_saves_online_bits() {
    let online = |model| {
        demo(&["--images", "1", "--model", model, "--backend", "gmw"])["worlds"][1]["online_bits_per_image"].as_u64()
    };
    let [full, shared, linear] = ["full", "shared", "linear"].map(|model| online(model).unwrap());
    assert!(linear < shared && shared < full, "{linear} {shared} {full}");
}

#[test]
fn a_wide_ring_changes_no_logit() {
    for backend in ["ideal", "gmw", "ot-dealer", "fss", "fss-select", "garbled"] {
        let object = demo(&["--images", "1", "--model", "linear", "--width", "64", "--backend", backend]);
        assert_eq!((&object["width"], &object["baseline"]), (&64.into(), &"integer".into()));
        assert_no_mismatch(&object);
    }
}

/// Where the integer semantics has no result, the worlds still equal the ring semantics, and the place is named.
#[test]
fn a_narrow_ring_overflows_at_a_named_place_and_all_worlds_follow_the_ring_semantics() {
    for width in ["24", "16"] {
        let object = demo(&["--images", "1", "--width", width, "--backend", if width == "24" { "all" } else { "gmw" }]);
        assert_eq!(object["baseline"], "ring");
        assert_no_mismatch(&object);
        let overflow = &object["overflow"];
        assert_eq!((&overflow["image"], &overflow["checkpoint"]), (&0.into(), &"activation".into()), "{overflow}");
        let value: i64 = overflow["value"].as_str().unwrap().parse().unwrap();
        assert!(value >= 1 << (width.parse::<u32>().unwrap() - 1), "{value} fits {width} bits");

        let text = deepshare(&["demo", "--images", "3", "--width", width, "--backend", "ideal"]).success();
        let place = format!("layer {}, channel", overflow["layer"].as_str().unwrap());
        assert!(text.contains(&place) && text.contains(&format!("does not fit {width} bits")), "{text}");
        assert!(text.contains("equal to those of the ring semantics"), "{text}");
    }
}

/// The full model at 13 bits: all shifts are below the width, but a parameter of it does not fit.
#[test]
fn a_parameter_that_does_not_fit_is_named() {
    let object = demo(&["--images", "1", "--width", "13", "--model", "full", "--backend", "gmw"]);
    assert_eq!(object["overflow"]["checkpoint"], "parameter", "{}", object["overflow"]);
    assert_no_mismatch(&object);
}

#[test]
fn a_ring_too_narrow_for_shifts_or_gates_is_rejected() {
    let rejected = |width| deepshare(&["demo", "--width", width]).rejected();
    let message = rejected("8");
    assert!(message.starts_with("model shared: --width 8: layer stem: truncation by 10 bits"), "{message}");
    assert!(message.ends_with("[network/shift]"), "{message}");
    assert!(rejected("6").starts_with("model shared: --width 6: plan: layer 0: gate scale 6"));
    assert!(rejected("1").ends_with("[value/width]") && rejected("65").ends_with("[value/width]"));
}

#[test]
fn the_words_tell_what_was_compared_and_what_it_cost() {
    let text = deepshare(&["demo", "--images", "2", "--seed", "07"]).success();
    for words in [
        "digits-shared",
        "2 handwritten digits",
        "07 (--seed repeats it)",
        "2/2",
        "20/20",
        "1,651,616",
        "2,540,864: 35.0 % less",
        "2 of 2 predictions",
        "131,840 for base OTs (ot)",
        "all logits, 20 of ring, 20 of ideal, 20 of gmw, 20 of ot, 20 of ot-dealer, 20 of fss, 20 of fss-select, 20 of garbled,",
    ] {
        let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(joined.contains(words), "{words} is not in\n{text}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
}

#[test]
fn one_backend_can_be_named_and_seeds_are_fresh_unless_given() {
    let run = || deepshare(&["demo", "--json", "--images", "1", "--backend", "gmw"]).json();
    let (one, other) = (run(), run());
    assert_eq!(worlds(&one), ["ring", "gmw"]);
    assert_ne!(one["seed"], other["seed"]);
    assert_eq!(demo(&["--images", "1", "--backend", "ideal"])["seed"], "00c0ffee");
}

#[test]
fn bad_arguments_are_rejected() {
    for (arguments, code) in [
        (["--images", "0"], "cli/argument"),
        (["--images", "361"], "cli/argument"),
        (["--seed", "123"], "cli/argument"),
        (["--seed", "xy"], "cli/argument"),
    ] {
        let message = deepshare(&[&["demo"], &arguments[..]].concat()).rejected();
        assert!(message.starts_with(&arguments.join(" ")) && message.ends_with(&format!("[{code}]")), "{message}");
    }
    for arguments in [&["demo", "--model", "half"][..], &["demo", "--backend", "gmv"], &["dmeo"], &["plan"]] {
        let ran = deepshare(arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
        assert!(ran.stderr.contains("Usage") || ran.stderr.contains("possible values"), "{}", ran.stderr);
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    use std::process::Stdio;
    let mut command = common::command(&["network", "public", common::text(&common::model("digits-full.json"))]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}
