//! The built-in networks: their files are what their builders build, and their ReLUs are those that the literature counts.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests stop like the tests themselves")]

mod common;

use common::{deepshare, schema_accepts};
use deepshare_conformance::zoo::{NETWORKS, named};
use deepshare_reference::network::{Network, Operation};
use std::collections::BTreeMap;

/// ReLUs, and for each resolution, the largest first, how many layers and how many of their channels together.
type Table = &'static [(&'static str, u64, &'static [(usize, usize, usize)])];

/// The totals and layers by resolution of the design; channels by hand from the papers' architectures.
const COUNTS: Table = &[
    ("resnet18-cifar", 557_056, &[(32, 5, 5 * 64), (16, 4, 4 * 128), (8, 4, 4 * 256), (4, 4, 4 * 512)]),
    ("resnet18-cifar-no-stem", 491_520, &[(32, 4, 4 * 64), (16, 4, 4 * 128), (8, 4, 4 * 256), (4, 4, 4 * 512)]),
    ("resnet18-tiny", 2_228_224, &[(64, 5, 5 * 64), (32, 4, 4 * 128), (16, 4, 4 * 256), (8, 4, 4 * 512)]),
    (
        "resnet18-imagenet",
        2_308_096,
        &[(112, 1, 64), (56, 4, 4 * 64), (28, 4, 4 * 128), (14, 4, 4 * 256), (7, 4, 4 * 512)],
    ),
    ("resnet34-cifar", 966_656, &[(32, 7, 7 * 64), (16, 8, 8 * 128), (8, 12, 12 * 256), (4, 6, 6 * 512)]),
    (
        "resnet34-imagenet",
        3_562_496,
        &[(112, 1, 64), (56, 6, 6 * 64), (28, 8, 8 * 128), (14, 12, 12 * 256), (7, 6, 6 * 512)],
    ),
    (
        "resnet50-imagenet",
        9_608_704,
        &[
            (112, 1, 64),
            (56, 10, 3 * (64 + 64 + 256) + 128),
            (28, 12, 3 * 128 + 4 * 128 + 4 * 512 + 256),
            (14, 18, 5 * 256 + 6 * 256 + 6 * 1024 + 512),
            (7, 8, 2 * 512 + 3 * 512 + 3 * 2048),
        ],
    ),
    ("resnet32-cifar", 303_104, &[(32, 11, 11 * 16), (16, 10, 10 * 32), (8, 10, 10 * 64)]),
    ("resnet32-tiny", 1_212_416, &[(64, 11, 11 * 16), (32, 10, 10 * 32), (16, 10, 10 * 64)]),
    ("wrn22-8-cifar", 1_359_872, &[(32, 7, 16 + 5 * 128 + 128), (16, 6, 5 * 256 + 256), (8, 5, 5 * 512)]),
    ("wrn22-8-cifar-final-relu", 1_392_640, &[(32, 7, 16 + 6 * 128), (16, 6, 6 * 256), (8, 6, 6 * 512)]),
    ("wrn22-8-tiny", 5_439_488, &[(64, 7, 16 + 6 * 128), (32, 6, 6 * 256), (16, 5, 5 * 512)]),
    ("wrn22-8-tiny-final-relu", 4 * 1_392_640, &[(64, 7, 16 + 6 * 128), (32, 6, 6 * 256), (16, 6, 6 * 512)]),
    ("vgg16-cifar", 276_480, VGG_32),
    ("vgg16-tiny", 1_105_920, &[(64, 2, 128), (32, 2, 256), (16, 3, 768), (8, 3, 1536), (4, 3, 1536)]),
    ("vgg16-imagenet", 13_547_520, &[(224, 2, 128), (112, 2, 256), (56, 3, 768), (28, 3, 1536), (14, 3, 1536)]),
    (
        "mobilenetv2-imagenet",
        6_105_792,
        &[
            (112, 3, 32 + 32 + 96),
            (56, 4, 96 + 3 * 144),
            (28, 6, 144 + 5 * 192),
            (14, 14, 192 + 8 * 384 + 5 * 576),
            (7, 8, 576 + 6 * 960 + 1280),
        ],
    ),
    (
        "deeplabv3-resnet50",
        127_402_496,
        &[(256, 3, 32 + 32 + 64), (128, 10, 1280), (64, 43, 2944 + 9216 + 9216 + 5 * 512), (1, 1, 512)],
    ),
    (
        "deeplabv3-mobilenetv2",
        85_262_848,
        &[(256, 3, 32 + 32 + 96), (128, 4, 96 + 3 * 144), (64, 32, 13_584 + 5 * 512), (1, 1, 512)],
    ),
];

const VGG_32: &[(usize, usize, usize)] = &[(32, 2, 128), (16, 2, 256), (8, 3, 768), (4, 3, 1536), (2, 3, 1536)];

fn built_in(name: &str) -> Network {
    named(name).unwrap().network().unwrap()
}

#[test]
fn relus_are_those_of_the_literature_at_every_resolution() {
    assert_eq!(COUNTS.len(), NETWORKS.len());
    for &(name, relus, resolutions) in COUNTS {
        let network = built_in(name);
        let counts = network.plan().counts();
        assert_eq!((counts.drelus, counts.baseline), (relus, relus), "{name}");
        let mut found: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
        for layer in network.plan().layers() {
            assert_eq!(layer.shape.height(), layer.shape.width());
            let entry = found.entry(layer.shape.height()).or_default();
            *entry = (entry.0 + 1, entry.1 + layer.shape.channels());
        }
        let found: Vec<_> =
            found.into_iter().rev().map(|(size, (layers, channels))| (size, layers, channels)).collect();
        assert_eq!(found, resolutions, "{name}: rows, layers, channels");
        let sum: usize = resolutions.iter().map(|(size, _, channels)| size * size * channels).sum();
        assert_eq!(sum as u64, relus, "{name}");
    }
}

/// `cargo run --example networks` writes the files anew. [DS-COST-8]
#[test]
fn files_are_what_the_builders_build() {
    for entry in &NETWORKS {
        let built = (entry.build)(entry.name).unwrap();
        assert!(built.to_json() == entry.text, "{}: the file is not what the builder builds", entry.name);
        assert!(built.is_shape_only() && built.width().bits() == 64);
        assert!(schema_accepts("network.schema.json", &serde_json::from_str(entry.text).unwrap()), "{}", entry.name);
    }
}

/// Parameters of linear layers, without biases and normalisation: the sizes that the papers' networks are known by, in
/// millions.
#[test]
fn weights_are_as_many_as_the_networks_are_known_for() {
    for (name, millions) in [
        ("resnet18-imagenet", 11.68),
        ("resnet34-imagenet", 21.78),
        ("resnet50-imagenet", 25.50),
        ("resnet32-cifar", 0.47),
        ("wrn22-8-cifar", 17.19),
        ("mobilenetv2-imagenet", 3.47),
        ("vgg16-imagenet", 14.71 + 25.09),
    ] {
        let network = built_in(name);
        let weights = network.layers().iter().map(|layer| match &layer.operation {
            Operation::Linear { map, .. } => map.weights(),
            _ => 0,
        });
        let found = weights.sum::<usize>() as f64 / 1e6;
        assert!((found - millions).abs() < 0.02, "{name}: {found} million weights, expected {millions}");
    }
}

/// Every linear layer but the last is followed by one truncation, or is a part of a sum that is.
#[test]
fn scales_stay_at_16_bits() {
    for entry in &NETWORKS {
        let network = built_in(entry.name);
        for layer in network.layers() {
            if let Operation::Activation { .. } = layer.operation {
                assert_eq!(layer.output.scale, 16, "{}: layer {}", entry.name, layer.name);
            }
        }
        assert_eq!((network.input().scale, network.output().scale), (16, 32), "{}", entry.name);
    }
}

#[test]
fn the_list_has_names_and_relus() {
    let text = deepshare(&["network", "list"]).success();
    for &(name, relus, _) in COUNTS {
        let line = text.lines().find(|line| line.split_whitespace().next() == Some(name)).unwrap();
        assert!(line.replace(',', "").contains(&relus.to_string()), "{line}");
    }
}
