//! The bundled networks and images are the ones that were trained: checksums, counts, and accuracy.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests stop like the tests themselves"
)]

mod common;

use common::model;
use deepshare_conformance::models::{IMAGES, Model};
use deepshare_conformance::worlds::prediction;
use deepshare_reference::network::{Images, Network, semantics};
use sha2::{Digest, Sha256};

fn network(model: Model) -> Network {
    Network::from_json(model.json()).unwrap()
}

/// Held-out images that a network classifies correctly, in the integer semantics.
fn correct(model: Model) -> usize {
    let (network, images) = (network(model), Images::from_json(IMAGES).unwrap());
    let labels = images.labels.unwrap();
    let right = images.images.iter().zip(labels).filter(|(image, label)| {
        let logits = semantics::integer(&network, image).unwrap();
        assert_eq!(semantics::ring(&network, image).unwrap(), logits);
        prediction(&logits) == Some(*label)
    });
    right.count()
}

#[test]
fn checksums_of_all_model_files() {
    let sums = std::fs::read_to_string(model("SHA256SUMS")).unwrap();
    let mut names = Vec::new();
    for line in sums.lines() {
        let (sum, name) = line.split_once("  ").unwrap();
        let digest = Sha256::digest(std::fs::read(model(name)).unwrap());
        let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(digest, sum, "{name}");
        names.push(name);
    }
    let shipped = ["digits-full.json", "digits-linear.json", "digits-shared.json", "digits-test.json", "results.json"];
    assert_eq!(names, shipped);
}

#[test]
fn exact_accuracy_on_all_images_as_training_recorded_it() {
    let results: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(model("results.json")).unwrap()).unwrap();
    for (model, expected) in [(Model::Full, 356), (Model::Shared, 355), (Model::Linear, 348)] {
        let kinds = &results["kinds"];
        let recorded = [model.name(), "linear-first"].into_iter().find_map(|name| kinds.get(name)).unwrap();
        assert_eq!(recorded["shipped"]["correct"], expected, "{}", model.name());
        assert_eq!(correct(model), expected, "{}", model.name());
    }
}

#[test]
fn counts_of_the_models() {
    let counts = Model::ALL.map(|model| network(model).plan().counts());
    assert_eq!(counts.map(|counts| counts.drelus), [5120, 80, 80]);
    assert_eq!(counts.map(|counts| counts.baseline), [5120; 3]);
    assert_eq!(counts.map(|counts| counts.multiplexed), [5120, 5120, 80]);
    assert_eq!(counts.map(|counts| counts.linear), [0, 0, 5040]);
}
