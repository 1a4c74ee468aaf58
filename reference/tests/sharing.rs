//! Who uses whose bit: a network whose channels share within layers and across three layers, against a table of its
//! wiring. Every channel and every neuron has its own sign, so that a bit of another channel, layer, row, column or image
//! gives another result.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use deepshare_reference::backend::run::{Session, Sides, gmw, ideal};
use deepshare_reference::backend::run_ot::ot_on_ideal_base;
use deepshare_reference::network::Network;
use deepshare_reference::network::inference::Inference;
use deepshare_reference::network::semantics::{integer, ring};
use deepshare_reference::party::xof::Seed;
use deepshare_reference::values::Ring;

/// Two images of 4 channels, 2 rows and 3 columns.
const IMAGES: [[i64; 24]; 2] = [
    [
        5, -3, 0, -7, 2, -1, //
        -4, 6, -2, 9, -8, 3, //
        1, 1, -6, -5, -9, 4, //
        -2, -7, 8, 3, -1, 0,
    ],
    [
        -1, 0, 4, 6, -5, -2, //
        7, -6, -3, 0, 1, -9, //
        -8, 2, 5, -4, 3, -1, //
        9, -2, -5, 1, -7, 6,
    ],
];

/// The factors of each channel before each of the three activations.
const FACTORS: [[i64; 4]; 3] = [[1, 1, 1, 1], [-1, 1, -1, -1], [1, -1, -1, 1]];

/// A channel: its prototype (layer, channel), or none; alpha, beta.
type Wire = (Option<(usize, usize)>, i64, i64);

/// Gate scale 1: the default gate is (2, 0), and a linear channel is multiplied by 2.
const WIRING: [[Wire; 4]; 3] = [
    [(Some((0, 0)), 2, 0), (Some((0, 1)), 3, -1), (Some((0, 0)), -2, 5), (None, 0, 2)],
    [(Some((1, 1)), 2, 0), (Some((1, 1)), 1, 4), (Some((1, 2)), 2, 0), (Some((0, 0)), -3, 1)],
    [(Some((1, 1)), 2, 3), (Some((2, 1)), 2, 0), (Some((0, 1)), 4, -2), (Some((0, 0)), 1, 1)],
];

/// The network up to activation `last`; gates public or private, for a step convention.
fn network(last: usize, gates: &str, step: &str) -> Network {
    let (mut layers, mut plan) = (Vec::new(), Vec::new());
    for (index, wires) in WIRING.iter().enumerate().take(last + 1) {
        layers.push(format!(
            "{{\"name\":\"c{index}\",\"op\":\"conv\",\"from\":\"input\",\"out_channels\":4,\"kernel\":[1,1],\"stride\":[1,1],\
             \"padding\":[0,0],\"groups\":4,\"weight_scale\":0,\"weights\":{:?}}}",
            FACTORS[index]
        ));
        layers.push(format!("{{\"name\":\"a{index}\",\"op\":\"activation\",\"from\":\"c{index}\",\"layer\":{index}}}"));
        let channels: Vec<String> = (0..).zip(wires).map(|(c, wire)| channel((index, c), *wire)).collect();
        plan.push(format!(
            "{{\"shape\":[4,2,3],\"gate_scale\":1,\"gates\":\"{gates}\",\"channels\":[{}]}}",
            channels.join(",")
        ));
    }
    let text = format!(
        "{{\"format\":\"deepshare-network/1\",\"name\":\"wiring\",\"input\":{{\"shape\":[4,2,3],\"scale\":0}},\"layers\":[{}],\
         \"plan\":{{\"format\":\"deepshare-plan/1\",\"width\":9,\"step\":\"{step}\",\"layers\":[{}]}}}}",
        layers.join(","),
        plan.join(",")
    );
    Network::from_json(&text).unwrap()
}

fn channel(own: (usize, usize), (prototype, alpha, beta): Wire) -> String {
    let source = match prototype {
        None => return "{\"source\":\"linear\"}".to_owned(),
        Some(prototype) if prototype == own => "\"prototype\"".to_owned(),
        Some((layer, channel)) => format!("{{\"layer\":{layer},\"channel\":{channel}}}"),
    };
    match (alpha, beta) {
        (2, 0) => format!("{{\"source\":{source}}}"),
        _ => format!("{{\"source\":{source},\"gate\":{{\"alpha\":{alpha},\"beta\":{beta}}}}}"),
    }
}

/// The output of activation `last` for an image, from the table.
fn expected(last: usize, image: &[i64; 24], step: &str) -> Vec<i64> {
    let x = |layer: usize, channel: usize, neuron: usize| FACTORS[layer][channel] * image[6 * channel + neuron];
    let on = |x: i64| if step == "positive" { x > 0 } else { x >= 0 };
    let mut y = Vec::new();
    for (channel, (prototype, alpha, beta)) in WIRING[last].iter().enumerate() {
        for neuron in 0..6 {
            let bit = prototype.is_some_and(|(l, c)| on(x(l, c, neuron)));
            y.push((alpha * i64::from(bit) + beta) * x(last, channel, neuron));
        }
    }
    y
}

/// Calls the check with every network of this file, its images and the expected outputs.
fn for_all(check: impl Fn(&Network, [Vec<i64>; 2])) {
    for last in 0..3 {
        for gates in ["public", "private"] {
            for step in ["nonnegative", "positive"] {
                check(&network(last, gates, step), [0, 1].map(|n| expected(last, &IMAGES[n], step)));
            }
        }
    }
}

fn sides(network: &Network) -> Sides<Ring> {
    let batch = Ring::from_integers(network.width(), &IMAGES.concat()).unwrap();
    Sides { server: Inference::server_inputs(network).unwrap(), client: vec![batch] }
}

/// [DS-PLAN-3] [DS-PLAN-4] [DS-ACT-1]
#[test]
fn the_ring_semantics_follows_the_plan() {
    for_all(|network, expected| {
        for (image, y) in IMAGES.iter().zip(expected) {
            assert_eq!(ring(network, image), Ok(y), "{network:?}");
        }
    });
}

/// [DS-GATE-2]
#[test]
fn the_integer_semantics_follows_the_plan() {
    for_all(|network, expected| {
        for (image, y) in IMAGES.iter().zip(expected) {
            assert_eq!(integer(network, image), Ok(y), "{network:?}");
        }
    });
}

#[test]
fn the_ideal_world_follows_the_plan() {
    for_all(|network, expected| {
        let program = Inference::new(network, 2);
        let outcome = ideal(&program, sides(network), &Seed([1; 32]), Session::default()).unwrap();
        assert_eq!(outcome.outputs.client[0].to_integers(), expected.concat(), "{network:?}");
    });
}

/// [DS-ACT-3] [DS-PLAN-5] [DS-PLAN-6] [DS-PLAN-7]
#[test]
fn the_protocols_follow_the_plan() {
    for_all(|network, expected| {
        let program = Inference::new(network, 2);
        for world in [gmw, ot_on_ideal_base] {
            let outcome = world(&program, sides(network), &Seed([1; 32]), Session::default()).unwrap();
            assert_eq!(outcome.outputs.client[0].to_integers(), expected.concat(), "{network:?}");
        }
    });
}

/// The gates of each layer are opened once, for its own prototypes only: two, two and one; a delta travels once for
/// each layer's gates, however many layers use them. [DS-GMW-3] [DS-GMW-5]
#[test]
fn each_gate_is_opened_once() {
    let program = Inference::new(&network(2, "public", "nonnegative"), 2);
    let network = network(2, "public", "nonnegative");
    let transcript = gmw(&program, sides(&network), &Seed([1; 32]), Session::default()).unwrap().transcript;
    let count = |step: &str| -> Vec<usize> {
        let frames = transcript.entries().iter().filter(|entry| entry.step == step);
        frames.map(|entry| entry.content.count).collect()
    };
    assert_eq!(count("apply/delta"), [24, 24, 24, 24, 12, 12], "one frame each way a layer, a bit a neuron and image");
    let elements: usize = count("apply/epsilon").iter().sum();
    assert_eq!(elements, 2 * 2 * 6 * (3 + 4 + 4), "each gated element once, each way");
}
