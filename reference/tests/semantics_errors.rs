//! The integer semantics at each of its checkpoints, with the exact place; and what has no semantics at all.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use deepshare_reference::gate::{affine_integer, affine_ring, drelu_integer, drelu_ring};
use deepshare_reference::network::Network;
use deepshare_reference::network::semantics::{Checkpoint, SemanticsError, integer, ring};
use deepshare_reference::plan::{AffineGate, StepConvention};
use deepshare_reference::truncate::{truncate_integer, truncate_ring};
use deepshare_reference::values::{ValueError, Width};

/// A network over 8 bits of the given input shape, layers and plan layers.
fn network(shape: &str, layers: &str, step: &str, plan: &str) -> Network {
    let text = format!(
        "{{\"format\":\"deepshare-network/1\",\"name\":\"n\",\"input\":{{\"shape\":{shape},\"scale\":2}},\"layers\":[{layers}],\
         \"plan\":{{\"format\":\"deepshare-plan/1\",\"width\":8,\"step\":\"{step}\",\"layers\":[{plan}]}}}}"
    );
    Network::from_json(&text).unwrap()
}

/// Checks that an input overflows at a place, and that the ring has a result for it all the same.
fn overflows(network: &Network, input: &[i64], layer: &str, checkpoint: Checkpoint, place: [usize; 3], value: &str) {
    let [channel, row, column] = place;
    let (layer, value) = (layer.to_owned(), value.to_owned());
    let message = format!(
        "layer {layer}, channel {channel}, row {row}, column {column}: {checkpoint:?} value {value} does not fit 8 bits"
    );
    let error = integer(network, input).unwrap_err();
    assert_eq!(error, SemanticsError::Overflow { layer, checkpoint, channel, row, column, value, bits: 8 });
    assert_eq!((error.to_string(), error.code()), (message, "semantics/overflow"));
    assert!(ring(network, input).is_ok());
}

/// [DS-INT-1] [DS-INT-4]
#[test]
fn an_input_that_does_not_fit() {
    let network = network("[2,1,3]", r#"{"name":"t","op":"truncate","from":"input","shift":1}"#, "nonnegative", "");
    assert_eq!(integer(&network, &[127, -128, 0, -1, 1, 2]), Ok(vec![63, -64, 0, -1, 0, 1]));
    overflows(&network, &[0, 0, 0, 0, 128, 200], "input", Checkpoint::Input, [1, 0, 1], "128");
    overflows(&network, &[0, 0, -129, 0, 0, 0], "input", Checkpoint::Input, [0, 0, 2], "-129");
}

/// A sum is checked as a whole, with its bias: parts of it may leave the range. [DS-INT-2]
#[test]
fn a_convolutions_whole_sum() {
    let layers = r#"{"name":"c","op":"conv","from":"input","out_channels":2,"kernel":[1,2],"stride":[1,1],"padding":[0,0],
        "groups":1,"weight_scale":0,"weights":[100,100,1,-1],"bias":[27,-28]}"#;
    let network = network("[1,2,2]", layers, "nonnegative", "");
    assert_eq!(integer(&network, &[51, -50, 0, 1]), Ok(vec![127, 127, 73, -29]));
    overflows(&network, &[51, -50, 0, 2], "c", Checkpoint::Tensor, [0, 1, 0], "227");
    overflows(&network, &[0, 1, 80, -79], "c", Checkpoint::Tensor, [1, 1, 0], "131");
    assert_eq!(ring(&network, &[0, 1, 80, -79]), Ok(vec![127, 127, -29, 131 - 256]));
}

/// A sum far beyond 64 bits: the error has its exact value. [DS-INT-2]
#[test]
fn a_sum_of_many_large_products() {
    let weights = ["\"-9223372036854775808\""; 4].join(",");
    let layers =
        format!(r#"{{"name":"d","op":"dense","from":"input","outputs":1,"weight_scale":0,"weights":[{weights}]}}"#);
    let wide = network("[4,1,1]", &layers.replace("\"-9223372036854775808\"", "1"), "nonnegative", "");
    let text = wide.to_json().replace("\"width\":8", "\"width\":64").replace("[1,1,1,1]", &format!("[{weights}]"));
    let error = integer(&Network::from_json(&text).unwrap(), &[i64::MIN; 4]).unwrap_err();
    let message = "layer d, channel 0, row 0, column 0: Tensor value 340282366920938463463374607431768211456 does not fit 64 bits";
    assert_eq!(error.to_string(), message);
}

/// [DS-INT-3] [DS-LIN-9]
#[test]
fn additions_pools_and_truncations() {
    let network = network(
        "[1,2,2]",
        r#"{"name":"s","op":"add","from":["input","input"]},
        {"name":"p","op":"sum_pool","from":"s","window":[1,2],"stride":[1,1]},
        {"name":"t","op":"truncate","from":"p","shift":2}"#,
        "nonnegative",
        "",
    );
    assert_eq!(integer(&network, &[63, 0, -64, 0]), Ok(vec![31, -32]));
    overflows(&network, &[0, 0, 0, 64], "s", Checkpoint::Tensor, [0, 1, 1], "128");
    overflows(&network, &[0, -65, 0, 0], "s", Checkpoint::Tensor, [0, 0, 1], "-130");
    overflows(&network, &[0, 0, 32, 32], "p", Checkpoint::Tensor, [0, 1, 0], "128");
    overflows(&network, &[-33, -32, 0, 0], "p", Checkpoint::Tensor, [0, 0, 0], "-130");
}

/// Under `positive`, x - 1 is a checkpoint of prototypes only; under `nonnegative` it is none. [DS-DRELU-3] [DS-INT-3]
#[test]
fn the_smallest_value_has_no_predecessor() {
    let layers = r#"{"name":"a","op":"activation","from":"input","layer":0}"#;
    let plan = r#"{"shape":[2,1,2],"channels":[{"source":"prototype"},{"source":{"layer":0,"channel":0}}]}"#;
    let positive = network("[2,1,2]", layers, "positive", plan);
    assert_eq!(integer(&positive, &[-127, 1, -128, -128]), Ok(vec![0, 1, 0, -128]));
    overflows(&positive, &[0, -128, 0, 0], "a", Checkpoint::Step, [0, 0, 1], "-129");
    assert_eq!(ring(&positive, &[0, -128, 7, 7]), Ok(vec![0, -128, 0, 7]), "on the ring the bit is 1");
    let nonnegative = network("[2,1,2]", layers, "nonnegative", plan);
    assert_eq!(integer(&nonnegative, &[0, -128, 7, 7]), Ok(vec![0, 0, 7, 0]));
}

/// y is checked; alpha d x is not: alpha = 127 and beta = -127 cancel. [DS-GATE-2] [DS-INT-3]
#[test]
fn an_activations_output() {
    let layers = r#"{"name":"a","op":"activation","from":"input","layer":0}"#;
    let plan = r#"{"shape":[3,1,1],"gate_scale":1,"channels":[{"source":"prototype","gate":{"alpha":127,"beta":-127}},
        {"source":{"layer":0,"channel":0}},{"source":"linear"}]}"#;
    let network = network("[3,1,1]", layers, "nonnegative", plan);
    assert_eq!(integer(&network, &[127, 63, -64]), Ok(vec![0, 126, -128]));
    overflows(&network, &[-2, 0, 0], "a", Checkpoint::Activation, [0, 0, 0], "254");
    overflows(&network, &[0, 64, 0], "a", Checkpoint::Activation, [1, 0, 0], "128");
    overflows(&network, &[0, 63, -65], "a", Checkpoint::Activation, [2, 0, 0], "-130");
    assert_eq!(ring(&network, &[0, 64, -65]), Ok(vec![0, -128, 126]));
}

/// A network made for a wider ring keeps its parameters: the ring wraps them, the integers report the first.
/// [DS-NET-8] [DS-INT-4]
#[test]
fn parameters_of_a_wider_ring() {
    let layers =
        r#"{"name":"d","op":"dense","from":"input","outputs":1,"weight_scale":0,"weights":[1,100],"bias":[70]}"#;
    let wide = network("[1,1,2]", layers, "nonnegative", "");
    let narrow = |bits| wide.with_width(Width::new(bits).unwrap()).unwrap();
    let error = integer(&narrow(7), &[0, 0]).unwrap_err();
    let (layer, what) = ("d".to_owned(), "weights");
    assert_eq!(error, SemanticsError::Parameter { layer, what, index: 1, value: 100, bits: 7 });
    assert_eq!(error.to_string(), "layer d: parameter weights[1] = 100 does not fit 7 bits");
    assert_eq!(error.code(), "semantics/parameter");
    assert_eq!(ring(&narrow(7), &[3, 1]), Ok(vec![173 - 128]));
    let bias = Network::from_json(&wide.to_json().replace("[1,100]", "[1,10]")).unwrap();
    let error = integer(&bias.with_width(Width::new(7).unwrap()).unwrap(), &[0, 0]).unwrap_err();
    assert_eq!(error.to_string(), "layer d: parameter bias[0] = 70 does not fit 7 bits");
}

#[test]
fn networks_and_inputs_without_a_result() {
    let layers = r#"{"name":"d","op":"dense","from":"input","outputs":1,"weight_scale":0,"weights":[1,2]}"#;
    let network = network("[1,1,2]", layers, "nonnegative", "");
    let public = network.public_part();
    let error = SemanticsError::NoWeights { layer: "d".to_owned() };
    let message = "layer d: the network is shape-only; it has no weights to evaluate";
    assert_eq!((error.to_string().as_str(), error.code()), (message, "semantics/no-weights"));
    let length = SemanticsError::InputLength { found: 3, expected: 2 };
    assert_eq!(length.to_string(), "the input has 3 elements, the network takes 2");
    assert_eq!(length.code(), "semantics/input-length");
    for evaluate in [integer, ring] {
        assert_eq!(evaluate(&public, &[1, 2]), Err(error.clone()));
        assert_eq!(evaluate(&network, &[1, 2, 3]), Err(length.clone()));
    }
    let source = ValueError::Shift { shift: 8, bits: 8 };
    let value = SemanticsError::Value { layer: "t".to_owned(), source };
    assert_eq!(value.to_string(), "layer t: shift by 8 is not below the ring width 8");
    assert_eq!(value.code(), "semantics/value");
}

/// More than 2^26 elements, of a layer or of the input, are refused before anything is computed; before a wrong length of the
/// input, after missing weights. [DS-NET-13]
#[test]
fn networks_that_are_too_large_to_evaluate() {
    let broadcast = |size: &str| format!(r#"{{"name":"b","op":"broadcast","from":"input","size":{size}}}"#);
    let too_large = |layer: &str, elements| Err(SemanticsError::TooLarge { layer: layer.to_owned(), elements });
    let output = network("[2,1,1]", &broadcast("[4096,8193]"), "nonnegative", "");
    let input = network("[1,8192,8193]", r#"{"name":"s","op":"add","from":["input","input"]}"#, "nonnegative", "");
    let dense = r#",{"name":"d","op":"dense","from":"b","outputs":1,"weight_scale":0}"#;
    let shape_only = network("[2,1,1]", &(broadcast("[4096,8193]") + dense), "nonnegative", "");
    for evaluate in [integer, ring] {
        assert_eq!(evaluate(&output, &[1, 2]), too_large("b", 2 * 4096 * 8193));
        assert_eq!(evaluate(&output, &[1]), too_large("b", 2 * 4096 * 8193));
        assert_eq!(evaluate(&input, &[]), too_large("input", 8192 * 8193));
        assert_eq!(evaluate(&shape_only, &[1, 2]).unwrap_err().code(), "semantics/no-weights");
    }
    // 2^26 elements are not too many: what is found is the next error
    let largest = network("[1,8192,8192]", r#"{"name":"s","op":"add","from":["input","input"]}"#, "nonnegative", "");
    assert_eq!(ring(&largest, &[]).unwrap_err().code(), "semantics/input-length");
}

/// The single formulas at every input of small widths: where the integers have a result, the ring has the same.
/// [DS-NET-10] [DS-NET-12]
#[test]
fn the_formulas_agree_at_every_small_input() {
    for k in 2..=5 {
        let width = Width::new(k).unwrap();
        let half = 1_i64 << (k - 1);
        for x in -half..half {
            let on_ring = width.encode_wrapping(x);
            let step = |step| (drelu_integer(width, step, x), drelu_ring(width, step, on_ring));
            assert_eq!(step(StepConvention::Nonnegative), (Ok(x >= 0), x >= 0));
            let below = ValueError::DoesNotFit { value: (-half - 1).to_string(), bits: width.bits() };
            let expected = if x == -half { (Err(below), true) } else { (Ok(x > 0), x > 0) };
            assert_eq!(step(StepConvention::Positive), expected);
            for shift in 0..=width.bits() {
                let error = ValueError::Shift { shift, bits: width.bits() };
                let floor = if shift < width.bits() { Ok(x.div_euclid(1 << shift)) } else { Err(error) };
                assert_eq!(truncate_integer(width, x, shift), floor);
                let found = truncate_ring(width, on_ring, shift).map(|y| width.decode(y));
                assert_eq!(found, floor);
            }
            for (alpha, beta) in (-half..half).flat_map(|a| (-half..half).map(move |b| (a, b))) {
                for bit in [false, true] {
                    let y = (alpha * i64::from(bit) + beta) * x;
                    let gate = AffineGate { alpha, beta };
                    let fits = (-half..half).contains(&y);
                    assert_eq!(affine_integer(width, gate, bit, x).ok(), fits.then_some(y));
                    assert_eq!(affine_ring(width, gate, bit, on_ring), width.encode_wrapping(y));
                }
            }
        }
    }
}

/// Places in a later channel of several elements. [DS-INT-3]
#[test]
fn steps_and_activations_in_a_later_channel() {
    let layers = r#"{"name":"a","op":"activation","from":"input","layer":0}"#;
    let plan = r#"{"shape":[2,1,3],"gate_scale":1,"channels":[{"source":"prototype"},{"source":"prototype"}]}"#;
    let network = network("[2,1,3]", layers, "positive", plan);
    assert_eq!(integer(&network, &[1, -1, 63, 0, 5, -127]), Ok(vec![2, 0, 126, 0, 10, 0]));
    overflows(&network, &[0, 0, 0, 0, -128, 0], "a", Checkpoint::Step, [1, 0, 1], "-129");
    overflows(&network, &[0, 0, 0, 0, 0, 64], "a", Checkpoint::Activation, [1, 0, 2], "128");
}
