//! `deepshare transcript`: the same seed gives the same text; the values are those of the plaintext semantics.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests stop like the tests themselves"
)]

mod common;

use common::{deepshare, text};
use deepshare_reference::gate::drelu_ring;
use deepshare_reference::plan::StepConvention;
use deepshare_reference::values::Width;
use tempfile::TempDir;

fn transcript(arguments: &[&str]) -> String {
    deepshare(&[&["transcript"], arguments].concat()).success()
}

#[test]
fn the_same_seed_gives_the_same_transcript_and_another_one_another() {
    let text = transcript(&["--seed", "5eed", "--width", "8"]);
    assert_eq!(text, transcript(&["--seed", "5EED", "--width", "8"]));
    let other = transcript(&["--seed", "5eee", "--width", "8"]);
    assert_ne!(text, other);
    let sizes = |seed| transcript(&["--seed", seed, "--width", "8", "--values=false"]);
    let after_inputs = |text: String| text.split_once("\nphase").map(|(_, table)| table.to_owned());
    assert_eq!(after_inputs(sizes("5eed")), after_inputs(sizes("5eee")), "sizes do not depend on the seed");
}

/// The integers after a title, line by line.
fn values(text: &str, title: &str) -> Vec<Vec<i64>> {
    let lines = text.lines().filter_map(|line| line.trim().strip_prefix(title));
    lines.map(|line| line.split_whitespace().map(|value| value.parse().unwrap()).collect()).collect()
}

#[test]
fn outputs_are_those_of_the_ring_semantics_in_every_world_at_every_width() {
    for backend in ["ideal", "gmw", "ot", "ot-dealer", "fss", "fss-select", "garbled"] {
        for bits in [2, 3, 8, 33, 64] {
            let text = transcript(&["--backend", backend, "--width", &bits.to_string(), "--seed", "0a"]);
            let (x, y) = (values(&text, "input "), values(&text, "output "));
            let width = Width::new(bits).unwrap();
            let gate = |i: usize| drelu_ring(width, StepConvention::Nonnegative, width.encode_wrapping(x[0][i % 2]));
            let served = |x: &[i64]| x.iter().enumerate().map(|(i, x)| if gate(i) { *x } else { 0 }).collect();
            let (first, second): (Vec<i64>, Vec<i64>) = (served(&x[0]), served(&x[1]));
            assert_eq!(y[0], first, "{text}");
            assert_eq!(y[1], second.iter().map(|y| y >> 1).collect::<Vec<i64>>(), "{text}");
        }
    }
}

#[test]
fn a_given_plan_is_run_with_its_private_gates() {
    let folder = TempDir::new().unwrap();
    let plan = folder.path().join("plan.json");
    let file = r#"{"format": "deepshare-plan/1", "width": 8, "step": "positive", "layers": [{"shape": [1, 1, 2],
        "gate_scale": 1, "gates": "private", "channels": [{"source": "prototype", "gate": {"alpha": 4, "beta": -2}}]}]}"#;
    std::fs::write(&plan, file).unwrap();
    let text = transcript(&["--plan", text(&plan), "--seed", "01"]);
    assert!(text.contains("ring width 8 bits, step positive") && text.contains("linear/inputs"), "{text}");
    let (x, y) = (values(&text, "input "), values(&text, "output "));
    // (4 d - 2) x / 2 is |x|, as long as 2 |x| fits 8 bits; else its wrapped value, halved
    let expected = x[0].iter().map(|x| ((2 * x.abs() + 128).rem_euclid(256) - 128) >> 1);
    assert_eq!(y[0], expected.collect::<Vec<i64>>(), "{text}");
}

#[test]
fn a_plan_that_is_too_large_and_a_missing_world_are_rejected() {
    let folder = TempDir::new().unwrap();
    let plan = folder.path().join("plan.json");
    deepshare(&["plan", "make", "stage", "--shapes", "65x32x32", "--output", text(&plan)]).success();
    let message = deepshare(&["transcript", "--plan", text(&plan)]).rejected();
    assert!(message.contains("use `deepshare plan count`") && message.ends_with("[transcript/too-many-elements]"));
    assert_eq!(deepshare(&["transcript", "--backend", "all"]).code, 2);
}
