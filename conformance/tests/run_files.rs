//! `deepshare run` and the plan and network commands on files that are good.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests stop like the tests themselves"
)]

mod common;

use common::{deepshare, model, text, with_stdin};
use deepshare_reference::network::{Network, semantics};
use deepshare_reference::plan::Plan;
use serde_json::{Value, json};
use std::path::PathBuf;
use tempfile::TempDir;

const SHARED: &str = "digits-shared.json";

/// The first bundled images as an input file.
fn few_images(folder: &TempDir, number: usize) -> PathBuf {
    let mut file: Value = serde_json::from_str(&std::fs::read_to_string(model("digits-test.json")).unwrap()).unwrap();
    for list in ["images", "labels"] {
        file[list].as_array_mut().unwrap().truncate(number);
    }
    let path = folder.path().join("few.json");
    std::fs::write(&path, file.to_string()).unwrap();
    path
}

#[test]
fn results_are_those_of_the_integer_semantics() {
    let folder = TempDir::new().unwrap();
    let (network, input) = (model(SHARED), few_images(&folder, 2));
    let arguments = ["run", "--network", text(&network), "--input", text(&input), "--seed", "00", "--backend", "all"];
    let object = deepshare(&[&arguments[..], &["--json"]].concat()).json();
    let network = Network::from_json(&std::fs::read_to_string(&network).unwrap()).unwrap();
    let images: Value = serde_json::from_str(&std::fs::read_to_string(&input).unwrap()).unwrap();
    for (image, result) in object["results"].as_array().unwrap().iter().enumerate() {
        let pixels: Vec<i64> = serde_json::from_value(images["images"][image].clone()).unwrap();
        assert_eq!(result["output"], json!(semantics::integer(&network, &pixels).unwrap()));
        assert_eq!(result["prediction"], images["labels"][image]);
        let (integer, decimal) = (result["output"][0].as_i64().unwrap(), result["decimal"][0].as_f64().unwrap());
        assert_eq!(integer as f64 / f64::from(1 << 20), decimal);
    }
    assert_eq!(object["baseline"], "integer");

    let words = deepshare(&[&arguments[..8], &["gmw"]].concat()).success();
    assert!(words.contains("image 1: predicted 3, label 3\n  integers -542682 "), "{words}");
    assert!(words.contains("20/20") && words.contains("1,651,616"), "{words}");
    assert!(words.lines().all(|line| line.len() <= 100), "{words}");
}

#[test]
fn a_narrow_width_is_compared_with_the_ring_semantics() {
    let folder = TempDir::new().unwrap();
    let (network, input) = (model(SHARED), few_images(&folder, 1));
    let arguments = ["run", "--network", text(&network), "--input", text(&input), "--width", "16"];
    let words = deepshare(&arguments).success();
    let warning = words.find("WARNING: the integer semantics has no result for image 0:").unwrap();
    assert!(warning < words.find("image 0: predicted").unwrap(), "{words}");
    assert!(words.contains("wrapped around modulo 2^16"), "{words}");
}

#[test]
fn the_public_part_is_what_the_client_gets() {
    let folder = TempDir::new().unwrap();
    let (network, public) = (model(SHARED), folder.path().join("public.json"));
    assert_eq!(deepshare(&["network", "public", text(&network), "--output", text(&public)]).success(), "");
    let written = std::fs::read_to_string(&public).unwrap();
    assert_eq!(deepshare(&["network", "public", text(&network)]).success(), written);
    assert!(!written.contains("weights") && Network::from_json(&written).unwrap().is_shape_only());
    assert!(deepshare(&["network", "check", text(&public)]).success().contains("public part, no weights"));
    let shown = deepshare(&["network", "show", text(&network)]).success();
    assert_eq!(shown.lines().filter(|line| line.contains("conv 3x3")).count(), 7, "{shown}");
}

/// Every maker, the options it takes, and the DReLUs of the plan that it makes for the shared network's shapes.
#[test]
fn made_plans_are_valid_and_counted() {
    let folder = TempDir::new().unwrap();
    let (network, input, plan) = (model("digits-full.json"), few_images(&folder, 4), folder.path().join("plan.json"));
    for (maker, drelus) in [
        (vec!["groups", "--prototypes", "2"], 3 * 2 * 64 + 4 * 2 * 16),
        (vec!["groups", "--prototypes", "2", "--contiguous"], 3 * 2 * 64 + 4 * 2 * 16),
        (vec!["stage"], 16 * 64 + 32 * 16),
        (vec!["stage", "--prototypes", "3", "--step", "positive", "--width", "16"], 3 * 64 + 3 * 16),
        (vec!["budget", "--drelus", "1000"], 992),
        (vec!["agreement", "--prototypes", "1", "--calibration", text(&input)], 3 * 64 + 4 * 16),
        (vec!["agreement", "--prototypes", "1", "--across-layers", "--calibration", text(&input)], 64 + 16),
    ] {
        let target = ["--network", text(&network), "--output", text(&plan)];
        deepshare(&[&["plan", "make"], &maker[..], &target].concat()).success();
        assert!(deepshare(&["plan", "check", text(&plan)]).success().contains("valid plan; 7 layers"));
        let counts = deepshare(&["plan", "count", text(&plan), "--json"]).json();
        assert_eq!((&counts["drelus"], &counts["baseline"]), (&drelus.into(), &5120.into()), "{maker:?}");
        let histogram = counts["fan_outs"].as_array().unwrap().iter();
        let served = histogram.map(|entry| entry["fan_out"].as_u64().unwrap() * entry["prototypes"].as_u64().unwrap());
        assert_eq!(served.sum::<u64>(), 3 * 16 + 4 * 32, "every gated channel is served: {maker:?}");
    }
}

#[test]
fn plans_from_shapes_have_the_width_and_step_that_are_asked_for() {
    let made = deepshare(&["plan", "make", "groups", "--prototypes", "1", "--shapes", "4x2x2,2x1x1"]).success();
    let plan = Plan::from_json(&made).unwrap();
    assert_eq!((plan.width().bits(), plan.step().to_string()), (32, "nonnegative".to_owned()));
    let options = ["--width", "16", "--step", "positive"];
    let made = [&["plan", "make", "groups", "--prototypes", "1", "--shapes", "4x2x2,2x1x1"], &options[..]].concat();
    let plan = Plan::from_json(&deepshare(&made).success()).unwrap();
    assert_eq!((plan.width().bits(), plan.step().to_string()), (16, "positive".to_owned()));
}

#[test]
fn a_plan_from_standard_input_is_counted() {
    let plan = deepshare(&["plan", "make", "stage", "--prototypes", "1", "--shapes", "64x32x32,64x32x32"]).success();
    let words = with_stdin(&["plan", "count", "-"], plan.as_bytes()).success();
    assert!(words.contains("1,024") && words.contains("131,072") && words.contains("0.8 %"), "{words}");
}
