//! The plaintext operations, assembled from steps, give what the reference gives as a whole.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests stop like the tests themselves"
)]
#![allow(clippy::indexing_slicing, clippy::cast_possible_truncation, reason = "tests stop where they are wrong")]

mod levels;
pub mod limits;
#[path = "../../../../reference/tests/common/networks.rs"]
mod networks;
#[path = "../../../../reference/tests/common/plans.rs"]
mod plans;
mod unchecked;
#[path = "../../../../reference/tests/common/values.rs"]
mod values;

use crate::operations::run;
use crate::steps::Right;
use crate::vectors::case::{CaseInput, Refused};
use crate::vectors::file::CaseFile;
use deepshare_reference::linear::linear_integer;
use deepshare_reference::network::semantics::{self, SemanticsError};
use deepshare_reference::network::{Network, NetworkError};
use deepshare_reference::plan::{Plan, PlanFileError};
use deepshare_reference::values::{LinearMap, Ring, RingVector, Shape, Width, Window};
use networks::any_case;
use plans::any_plan;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::path::Path;
use values::{any_raw, fit};

/// The hand-owned cases of some operations.
fn cases(operations: &[&str]) -> Vec<CaseInput> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let parse = |path: std::path::PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        CaseFile::parse(&path.to_string_lossy().as_ref().into(), &text).unwrap().cases
    };
    let cases: Vec<CaseInput> =
        files.flat_map(parse).filter(|case| operations.contains(&case.operation.as_str())).collect();
    assert!(!cases.is_empty());
    cases
}

/// What an operation gives: its output, or code and place.
fn result(operation: &str, input: &Value) -> Result<Value, Refused> {
    run(&Right, operation, input.clone()).result.map_err(|refusal| *refusal.refused)
}

fn integers(value: &Value) -> Vec<i64> {
    value.as_array().unwrap().iter().map(|x| x.as_str().unwrap().parse().unwrap()).collect()
}

fn strings(values: &[i64]) -> Value {
    values.iter().map(i64::to_string).collect::<Vec<_>>().into()
}

/// The reference's semantics of a network, as the operation should give it.
fn network_as_a_whole(network: &Network, semantics: &str, input: &[i64]) -> Result<Value, Refused> {
    let whole = match semantics {
        "ring" => semantics::ring(network, input),
        _ => semantics::integer(network, input),
    };
    whole.map(|y| json!({"output": strings(&y)})).map_err(|error| refused(&error))
}

fn refused(error: &SemanticsError) -> Refused {
    let at = match error {
        SemanticsError::Overflow { layer, checkpoint, channel, row, column, value, .. } => json!({
            "layer": layer, "checkpoint": format!("{checkpoint:?}").to_lowercase(),
            "channel": channel, "row": row, "column": column, "value": value,
        }),
        SemanticsError::NoWeights { layer } | SemanticsError::TooLarge { layer, .. } => json!({"layer": layer}),
        SemanticsError::InputLength { .. } => json!({}),
        other => panic!("{other}"),
    };
    Refused { code: error.code().to_owned(), at: at.as_object().unwrap().clone() }
}

#[test]
fn networks_of_the_cases() {
    for case in cases(&["network"]) {
        let network = Network::from_json(&case.input["network"].to_string()).unwrap();
        let whole =
            network_as_a_whole(&network, case.input["semantics"].as_str().unwrap(), &integers(&case.input["input"]));
        assert_eq!(result("network", &case.input), whole, "{}", case.id);
    }
}

proptest! {
    #[test]
    fn random_networks(case in any_case()) {
        let network: Value = serde_json::from_str(&case.text).unwrap();
        for semantics in ["ring", "integer"] {
            let input = json!({"network": network, "semantics": semantics, "input": strings(&case.images[0])});
            prop_assert_eq!(result("network", &input), network_as_a_whole(&case.network, semantics, &case.images[0]));
        }
    }

    #[test]
    fn random_plans(plan in any_plan(), raw in proptest::collection::vec(any_raw(), 1..40)) {
        let mut next = raw.iter().cycle();
        let elements = plan.layers().iter().map(|layer| layer.shape.elements());
        let inputs: Vec<Vec<i64>> =
            elements.map(|n| (0..n).map(|_| fit(plan.width(), *next.next().unwrap())).collect()).collect();
        activation_as_networks(&plan, "ring", &inputs);
        activation_as_networks(&plan, "integer", &inputs);
    }

    #[test]
    fn random_carries(a in any::<u64>(), b in any::<u64>(), positions in 2_usize..=64, split in 1_usize..64) {
        let bits = |x: u64| (0..positions).map(|j| if x >> j & 1 == 1 { '1' } else { '0' }).collect::<String>();
        let carry = |n: usize| {
            let low = |x: u64| u128::from(x) & ((1 << n) - 1);
            if (low(a) + low(b)) >> n == 1 { "1" } else { "0" }
        };
        let whole = json!({"server": bits(a), "client": bits(b)});
        prop_assert_eq!(result("carry", &whole).unwrap(), json!({"carry": carry(positions)}));
        let split = split % (positions - 1) + 1;
        let parts = json!({"server": bits(a), "client": bits(b), "split": split});
        let expected = json!({"carry": carry(positions), "low": carry(split)});
        prop_assert_eq!(result("carry", &parts).unwrap(), expected);
    }
}

#[test]
fn activations_of_the_cases() {
    for case in cases(&["activation"]) {
        let plan = Plan::from_json(&case.input["plan"].to_string()).unwrap();
        let inputs: Vec<Vec<i64>> = case.input["inputs"].as_array().unwrap().iter().map(integers).collect();
        activation_as_networks(&plan, case.input["semantics"].as_str().unwrap(), &inputs);
    }
}

/// Layers of different sizes share nothing, so those of one size are a network: its input has the inputs of all layers,
/// one below the other, of which a convolution selects each layer's.
fn activation_as_networks(plan: &Plan, semantics: &str, inputs: &[Vec<i64>]) {
    let text: Value = serde_json::from_str(&plan.to_json()).unwrap();
    let lists: Vec<Value> = inputs.iter().map(|x| strings(x)).collect();
    let found = result("activation", &json!({"plan": text, "semantics": semantics, "inputs": lists}));
    let expected: Vec<Result<Value, Refused>> =
        (0..inputs.len()).map(|layer| last_layer(&text, layer, semantics, inputs)).collect();
    match expected.iter().position(Result::is_err) {
        None => {
            let outputs: Vec<Value> = expected.into_iter().map(|y| y.unwrap()["output"].clone()).collect();
            assert_eq!(found, Ok(json!({"outputs": outputs})), "{text} {inputs:?}");
        }
        Some(layer) => {
            let (found, expected) = (found.unwrap_err(), expected[layer].clone().unwrap_err());
            assert_eq!((found.code, found.at["value"].clone()), (expected.code, expected.at["value"].clone()));
            if expected.at["checkpoint"] != "input" {
                assert_eq!(found.at["layer"], json!(layer));
                for field in ["checkpoint", "channel", "row", "column"] {
                    assert_eq!(found.at[field], expected.at[field], "{text} {inputs:?}");
                }
            }
        }
    }
}

/// The output of one layer of a plan by the network of all layers of its size up to it.
fn last_layer(plan: &Value, last: usize, semantics: &str, inputs: &[Vec<i64>]) -> Result<Value, Refused> {
    let layers = plan["layers"].as_array().unwrap();
    let size = |layer: &Value| (layer["shape"][1].clone(), layer["shape"][2].clone());
    let family: Vec<usize> = (0..=last).filter(|&l| size(&layers[l]) == size(&layers[last])).collect();
    let channels = |l: usize| layers[l]["shape"][0].as_u64().unwrap() as usize;
    let all: usize = family.iter().map(|&l| channels(l)).sum();
    let (mut graph, mut kept, mut first) = (Vec::new(), Vec::new(), 0);
    for (number, &l) in family.iter().enumerate() {
        let weights: Vec<u8> = (0..channels(l)).flat_map(|c| (0..all).map(move |i| u8::from(i == first + c))).collect();
        graph.push(json!({"name": format!("select{l}"), "op": "conv", "from": "input", "out_channels": channels(l),
            "kernel": [1, 1], "stride": [1, 1], "padding": [0, 0], "groups": 1, "weight_scale": 0, "weights": weights}));
        graph.push(
            json!({"name": format!("act{l}"), "op": "activation", "from": format!("select{l}"), "layer": number}),
        );
        first += channels(l);
        let mut layer = layers[l].clone();
        for channel in layer["channels"].as_array_mut().unwrap() {
            if let Some(source) = channel["source"].get("layer").and_then(Value::as_u64) {
                let renumbered = family.iter().position(|&l| l as u64 == source).unwrap();
                channel["source"]["layer"] = json!(renumbered);
            }
        }
        kept.push(layer);
    }
    let mut plan = plan.clone();
    plan["layers"] = Value::from(kept);
    let (height, width) = size(&layers[last]);
    let network = json!({"format": "deepshare-network/1", "name": "", "input": {"shape": [all, height, width], "scale": 0},
        "layers": graph, "plan": plan});
    let network = Network::from_json(&network.to_string()).unwrap();
    let input: Vec<i64> = family.iter().flat_map(|&l| inputs[l].clone()).collect();
    network_as_a_whole(&network, semantics, &input)
}

#[test]
fn linear_maps_of_the_cases() {
    for case in cases(&["linear"]) {
        let input = &case.input;
        let map = match reference_map(&input["map"]) {
            Ok(map) => map,
            Err(error) => {
                assert_eq!(result("linear", input).unwrap_err().code, error.code(), "{}", case.id);
                continue;
            }
        };
        let width = Width::new(input["width"].as_u64().unwrap()).unwrap();
        let (weights, x) = (integers(&input["weights"]), integers(&input["x"]));
        let batch = input["batch"].as_u64().unwrap() as usize;
        let ring = |v: &[i64]| Ring::new(width, v.iter().map(|&x| width.encode_wrapping(x)).collect());
        let whole = match input["semantics"].as_str().unwrap() {
            "ring" => Ring::linear(&map, &ring(&weights), &ring(&x), batch)
                .map(|y| y.to_integers())
                .map_err(|error| error.code().to_owned()),
            _ => {
                let sums = linear_integer(&map, &weights, &x).unwrap();
                let fits = |sum| i64::try_from(sum).ok().filter(|&y| width.contains(y));
                sums.iter().map(fits).collect::<Option<Vec<i64>>>().ok_or("semantics/overflow".to_owned())
            }
        };
        let found = result("linear", input).map(|output| integers(&output["y"])).map_err(|refused| refused.code);
        assert_eq!(found, whole, "{}", case.id);
    }
}

fn reference_map(map: &Value) -> Result<LinearMap, deepshare_reference::values::ValueError> {
    let count = |field: &str| map[field].as_u64().unwrap() as usize;
    let list = |field: &str| -> Vec<usize> {
        map[field].as_array().unwrap().iter().map(|n| n.as_u64().unwrap() as usize).collect()
    };
    let pair = |field: &str| [list(field)[0], list(field)[1]];
    let shape = list("shape");
    let input = Shape::new(shape[0], shape[1], shape[2])?;
    match map["op"].as_str().unwrap() {
        "conv" => {
            let dilation = if map.get("dilation").is_some() { pair("dilation") } else { [1, 1] };
            let window = Window { kernel: pair("kernel"), stride: pair("stride"), padding: pair("padding"), dilation };
            LinearMap::convolution(input, count("out_channels"), window, count("groups"))
        }
        "dense" => LinearMap::dense(input, count("outputs")),
        "sum_pool" => LinearMap::sum_pool(input, pair("window"), pair("stride")),
        _ => LinearMap::affine(input, map["gated"].as_str().unwrap().chars().map(|bit| bit == '1').collect()),
    }
}

/// The text that a case gives as an object or as a text.
fn text(input: &Value, field: &str) -> String {
    input.get("text").and_then(Value::as_str).map_or_else(|| input[field].to_string(), str::to_owned)
}

#[test]
fn files_of_the_cases() {
    for case in cases(&["plan"]) {
        let found = result("plan", &case.input).map_err(|refused| refused.code);
        let whole = Plan::from_json(&text(&case.input, "plan"));
        let texts = |output: Value| (output["text"].clone(), output["public"].clone());
        let whole = whole.map(|plan| (json!(plan.to_json()), json!(plan.public_part().to_json())));
        assert_eq!(found.map(texts), whole.map_err(|e: PlanFileError| e.code().to_owned()), "{}", case.id);
    }
    for case in cases(&["network-file"]) {
        let found = result("network-file", &case.input).map_err(|refused| refused.code);
        let whole = Network::from_json(&text(&case.input, "network"));
        let texts = |output: Value| (output["text"].clone(), output["public"].clone());
        let whole = whole.map(|network| (json!(network.to_json()), json!(network.public_part().to_json())));
        assert_eq!(found.map(texts), whole.map_err(|e: NetworkError| e.code().to_owned()), "{}", case.id);
    }
}

/// [DS-VEC-8]
#[test]
fn sweeps_agree_with_formulas_on_integers() {
    for k in 2_u32..=6 {
        let (low, high) = (-(1_i64 << (k - 1)), 1_i64 << (k - 1));
        let wrap = |x: i64| (x - low).rem_euclid(2 * high) + low;
        let all = || low..high;
        let rows: String =
            (0..k).flat_map(|f| all().map(move |x| format!("{f} {x} {}\n", x.div_euclid(1 << f)))).collect();
        swept(json!({"function": "truncation", "width": k}), &rows);
        for (step, least) in [("nonnegative", 0), ("positive", 1)] {
            let d = |x: i64| i64::from(wrap(x - least) >= 0);
            let rows: String = all().map(|x| format!("{x} {}\n", d(x))).collect();
            swept(json!({"function": "drelu", "width": k, "step": step}), &rows);
            let y = |p, x| wrap((3 * d(p) - 2) * x);
            let rows: String =
                all().flat_map(|p| all().map(move |x| (p, x))).map(|(p, x)| format!("{p} {x} {}\n", y(p, x))).collect();
            swept(json!({"function": "activation", "width": k, "step": step, "alpha": "3", "beta": "-2"}), &rows);
            let shares = (0..2 * high).flat_map(|s| (0..2 * high).map(move |c| (s, c)));
            let rows: String = shares.map(|(s, c)| format!("{s} {c} {} {}\n", wrap(s + c), d(wrap(s + c)))).collect();
            swept(json!({"function": "reconstruct", "width": k, "step": step}), &rows);
        }
        let m = 2 * high;
        let pairs = || (0..m).flat_map(|a| (0..m).map(move |b| (a, b)));
        let row = |(a, b): (i64, i64)| format!("{a} {b} {} {} {}\n", (a + b) % m, (a - b).rem_euclid(m), a * b % m);
        swept(json!({"function": "arithmetic", "width": k}), &pairs().map(row).collect::<String>());
        let row = |(a, b): (i64, i64)| format!("{a} {b} {}\n", (a + b) / m);
        swept(json!({"function": "carry", "bits": k}), &pairs().map(row).collect::<String>());
    }
}

fn swept(input: Value, rows: &str) {
    let first: Vec<&str> = rows.lines().take(16).collect();
    let sha256 = crate::vectors::release::sha256(rows.as_bytes());
    let expected = json!({"rows": rows.lines().count(), "first": first, "sha256": sha256});
    assert_eq!(result("sweep", &input), Ok(expected), "{input}");
}
