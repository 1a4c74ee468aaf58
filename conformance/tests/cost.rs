//! `deepshare cost`: its words, its JSON, its bad input.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests stop like the tests themselves"
)]

mod common;

use common::{deepshare, model, schema_accepts, text};
use deepshare_conformance::worlds::WORLDS;
use deepshare_conformance::zoo::NETWORKS;
use deepshare_reference::network::Network;
use deepshare_reference::network::inference::Inference;
use deepshare_reference::party::Phase;
use serde_json::Value;

fn json(arguments: &[&str]) -> Value {
    let object = deepshare(&[&["cost", "--json"], arguments].concat()).json();
    assert!(schema_accepts("cost.schema.json", &object), "{object}");
    object
}

fn rejected(arguments: &[&str]) -> String {
    deepshare(&[&["cost"], arguments].concat()).rejected()
}

/// Of a backend that no later one can change: the whole text, for a reader to look at. [DS-COST-9]
#[test]
fn words_of_resnet18_by_stage() {
    let arguments = ["cost", "--network", "resnet18-cifar", "--plan", "stage", "--backend", "gmw"];
    insta::assert_snapshot!(deepshare(&arguments).success());
}

#[test]
fn resnet18_by_stage_in_all_backends() {
    let words = deepshare(&["cost", "--network", "resnet18-cifar", "--plan", "stage"]).success();
    assert!(words.lines().all(|line| line.chars().count() <= 100), "{words}");
    let object = json(&["--network", "resnet18-cifar", "--plan", "stage"]);
    let plan = &object["plan"];
    assert_eq!((&plan["drelus"], &plan["baseline"]), (&122_880.into(), &557_056.into()));
    assert_eq!((&plan["products"], &plan["largest_fan_out"]), (&557_056.into(), &5.into()));
    let names: Vec<&str> = object["backends"].as_array().unwrap().iter().map(|b| b["name"].as_str().unwrap()).collect();
    let with_costs: Vec<&str> = WORLDS.iter().filter(|world| world.has_costs).map(|world| world.name).collect();
    assert_eq!(names, with_costs);
    for name in names {
        assert!(words.contains(&format!("\n{name}")), "{name} is not in\n{words}");
    }
}

/// A DReLU with the opening of its delta takes 364 bits in `gmw` at k = 64, an element 128, whatever the network.
#[test]
fn gates_of_gmw_by_hand() {
    for (plan, drelus) in [("full", 557_056), ("stage", 122_880), ("stage:1", 1_360), ("budget:50000", 0)] {
        let object = json(&["--network", "resnet18-cifar", "--plan", plan, "--backend", "gmw"]);
        let found = object["plan"]["drelus"].as_u64().unwrap();
        assert!(found == drelus || (plan == "budget:50000" && found <= 50_000 && found > 25_000), "{plan}: {found}");
        let gates = object["backends"][0]["plan"]["online_parts"]["gates"].as_u64().unwrap();
        assert_eq!(gates, found * 364 + 557_056 * 128, "{plan}");
    }
    let object = json(&["--network", "resnet18-cifar", "--plan", "stage", "--backend", "gmw"]);
    // k bits for each input of each linear layer, in one direction
    let linear = object["backends"][0]["plan"]["online_parts"]["linear"].as_u64().unwrap();
    let shapes: u64 = 3 * 1024
        + 4 * 65_536
        + (65_536 + 65_536 + 3 * 32_768)
        + (2 * 32_768 + 3 * 16_384)
        + (2 * 16_384 + 3 * 8_192)
        + 512;
    assert_eq!(linear, 64 * shapes);
}

/// Every built-in network under a plan with sharing costs what one run of the whole inference costs.
#[test]
fn large_networks_cost_what_their_inference_costs() {
    for name in ["resnet18-cifar", "mobilenetv2-imagenet", "deeplabv3-resnet50"] {
        let plan = deepshare(&["plan", "make", "stage", "--prototypes", "3", "--network", name]).success();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("plan.json");
        std::fs::write(&file, &plan).unwrap();
        let object = json(&["--network", name, "--plan", text(&file)]);
        assert_eq!(object, {
            let mut same = json(&["--network", name, "--plan", "stage:3"]);
            same["plan"]["name"] = text(&file).into();
            same
        });

        let entry = NETWORKS.iter().find(|entry| entry.name == name).unwrap();
        let plan = deepshare_reference::plan::Plan::from_json(&plan).unwrap();
        let network = entry.network().unwrap().with_plan(plan).unwrap();
        let inference = Inference::new(&network, 1);
        for backend in object["backends"].as_array().unwrap() {
            let world = WORLDS.iter().find(|world| backend["name"] == world.name).unwrap();
            let whole = world.cost(&inference, inference.input_shapes().unwrap()).unwrap().unwrap();
            for (phase, key) in [(Phase::Online, "online"), (Phase::Offline, "offline"), (Phase::Session, "session")] {
                let (cost, found) = (whole.cost(phase), &backend["plan"][key]);
                assert_eq!(found["bits"], cost.bits(), "{name} {} {key}", world.name);
                assert_eq!(found["rounds"], cost.rounds, "{name} {} {key}", world.name);
            }
        }
    }
}

/// A user's own file, with its own plan, gates that are private, and gate scales that later scales depend on.
#[test]
fn a_users_network() {
    let file = model("digits-shared.json");
    let network = Network::from_json(&std::fs::read_to_string(&file).unwrap()).unwrap();
    let own = json(&["--network", text(&file), "--backend", "gmw"]);
    assert_eq!(own["plan"]["drelus"], network.plan().counts().drelus);
    assert_eq!((&own["plan"]["name"], &own["width"]), (&"own".into(), &32.into()));
    assert_eq!(own["backends"][0]["plan"]["online"]["bits"], 1_651_616, "as in the demonstration");
    // the baseline has plain public gates
    let full = &json(&["--network", text(&model("digits-full.json")), "--backend", "gmw"])["backends"][0];
    let affine = full["plan"]["online_parts"]["affine"].as_u64().unwrap();
    assert_eq!(full["plan"]["online"]["bits"], 2_540_864, "as in the demonstration");
    assert_eq!(full["full"]["online"]["bits"], 2_540_864 - affine);
    for plan in ["full", "stage", "groups:2", "contiguous:2", "budget:1000"] {
        assert_eq!(json(&["--network", text(&file), "--plan", plan])["plan"]["name"], plan);
    }
    assert_eq!(json(&["--network", text(&file), "--width", "24"])["width"], 24);
    let words = deepshare(&["cost", "--network", text(&file)]).success();
    assert!(words.contains("do not compare with the table above"), "{words}");
}

/// Server-private gates: their cost is a part of its own, and is what public ones are said to add.
#[test]
fn private_gates_are_shown() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plan.json");
    let plan = deepshare(&["plan", "make", "stage", "--network", "resnet32-cifar"]).success();
    std::fs::write(&file, plan.replace(r#""gates": "public""#, r#""gates": "private""#)).unwrap();
    let private = json(&["--network", "resnet32-cifar", "--plan", text(&file)]);
    let public = json(&["--network", "resnet32-cifar", "--plan", "stage"]);
    for (private, public) in private["backends"].as_array().unwrap().iter().zip(public["backends"].as_array().unwrap())
    {
        let parts = |backend: &Value, part: &str| backend["plan"]["online_parts"][part].as_u64().unwrap();
        assert_eq!(parts(public, "affine"), 0);
        assert_eq!(parts(private, "affine"), public["private_gates_would_add_bits"]);
        assert!(parts(private, "affine") > 0);
        assert_eq!(parts(private, "gates"), parts(public, "gates"));
        assert_eq!(private["full"], public["full"]);
    }
}

/// [DS-COST-6]
#[test]
fn time_follows_the_line() {
    let seconds = |arguments: &[&str]| {
        let fixed = ["--network", "resnet32-cifar", "--backend", "gmw"];
        let object = json(&[&fixed[..], arguments].concat());
        let plan = &object["backends"][0]["plan"];
        let (rounds, bits) = (plan["online"]["rounds"].as_f64().unwrap(), plan["online"]["bits"].as_f64().unwrap());
        (plan["seconds"].as_f64().unwrap(), rounds, bits)
    };
    for (arguments, bandwidth, latency) in [
        (&["--link", "lan"][..], 1e9, 0.2e-3),
        (&["--link", "mobile"], 20e6, 40e-3),
        (&["--bandwidth", "100Mbit", "--latency", "20ms"], 100e6, 20e-3),
        (&["--link", "lan", "--latency", "3us"], 1e9, 3e-6),
    ] {
        let (found, rounds, bits) = seconds(arguments);
        assert!((found - (rounds * latency + bits / bandwidth)).abs() < 1e-6 * found, "{arguments:?}: {found}");
    }
}

#[test]
fn bad_input_is_named_with_its_remedy() {
    let network = "resnet32-cifar";
    for (arguments, words, code) in [
        (&["--network", "resnet18"][..], "there are resnet18-cifar, ", "cli/unknown-network"),
        (&["--network", "no-such.json"], "there is no such file", "file/missing"),
        (&["--network", network, "--plan", "stages"], "there are own, full, stage", "cli/argument"),
        (&["--network", network, "--plan", "stage:x"], "is no number", "cli/argument"),
        (&["--network", network, "--plan", "groups"], "such as groups:4", "cli/argument"),
        (&["--network", network, "--plan", "groups:0"], "at least 1 is needed", "maker/no-prototypes"),
        (&["--network", network, "--plan", "budget:0"], "takes 1344", "maker/budget-below-floor"),
        (&["--network", network, "--plan", "agreement:2"], "plan make agreement", "cli/argument"),
        (&["--network", network, "--plan", "no-such.json"], "there is no such file", "file/missing"),
        (&["--network", network, "--width", "65"], "not in 2..=64", "value/width"),
        (&["--network", network, "--width", "16"], "use a larger width", "network/shift"),
        (&["--network", network, "--bandwidth", "100"], "such as 100Mbit", "cli/argument"),
        (&["--network", network, "--latency", "20"], "such as 20ms", "cli/argument"),
    ] {
        let message = rejected(arguments);
        assert!(message.contains(words) && message.ends_with(&format!("[{code}]")), "{arguments:?}: {message}");
    }
    let ran = deepshare(&["cost", "--network", network, "--backend", "ideal"]);
    assert!(ran.code == 2 && ran.stderr.contains("possible values"), "{}", ran.stderr);
}

#[test]
fn a_plan_for_other_layers_is_rejected() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plan.json");
    for (made_for, code) in
        [("resnet18-cifar", "network/activation-shape"), ("resnet18-tiny", "network/activation-shape")]
    {
        let plan = deepshare(&["plan", "make", "stage", "--network", made_for]).success();
        std::fs::write(&file, plan).unwrap();
        let message = rejected(&["--network", "resnet34-imagenet", "--plan", text(&file)]);
        assert!(message.contains("does not fit the network resnet34-imagenet"), "{message}");
        assert!(message.contains("plan make stage --network") && message.ends_with(&format!("[{code}]")), "{message}");
    }
}

/// Sizes that might overflow a sum are refused by name, at once; nothing saturates. [DS-COST-7]
#[test]
fn networks_that_are_too_large_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("network.json");
    let plan = r#"{"format": "deepshare-plan/1", "width": 64, "step": "nonnegative", "layers": []}"#;
    let layer = |fields: &str| format!(r#"{{"name": "a", "from": "input", "weight_scale": 0, {fields}}}"#);
    let conv = |size: u64, kernel: u64| {
        layer(&format!(
            r#""op": "conv", "out_channels": 1, "kernel": [{kernel}, 1], "stride": [{size}, 1], "padding": [0, 0], "groups": 1"#
        ))
    };
    for (shape, layer, words) in [
        ("[1, 1048576, 1048577]", layer(r#""op": "dense", "outputs": 1"#), "layer input: 1099512676352 elements"),
        ("[1, 1, 1048577]", layer(r#""op": "dense", "outputs": 1048576"#), "layer a: 1099512676352 weights"),
        ("[1, 1048576, 1]", conv(1_048_576, 65_537), "layer a: a kernel of 65537"),
        ("[64, 1048576, 1024]", conv(1, 2048), "terms are more than 2^46"),
    ] {
        let text_of = format!(
            r#"{{"format": "deepshare-network/1", "name": "", "input": {{"shape": {shape}, "scale": 0}}, "layers": [{layer}], "plan": {plan}}}"#
        );
        std::fs::write(&file, text_of).unwrap();
        let message = rejected(&["--network", text(&file)]);
        assert!(message.contains(words) && message.ends_with("[cost/too-large]"), "{message}");
    }
}

/// Every plot is one SVG with a title, units and every backend; a plot that fails leaves nothing behind. [DS-COST-10]
#[test]
fn plots_are_whole_and_readable_by_words() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plot.svg");
    let draw = |arguments: &[&str]| {
        let fixed = ["cost", "--network", "resnet32-cifar", "--plan", "stage", "--plot", text(&file)];
        deepshare(&[&fixed[..], arguments].concat()).success();
        std::fs::read_to_string(&file).unwrap()
    };
    for (kind, words) in [
        (
            "budget",
            &[
                "resnet32-cifar, k = 64",
                "online bits of one image",
                "DReLUs of the plan (log scale)",
                "Gbit",
                "plan stage",
            ][..],
        ),
        (
            "fan-out",
            &["k = 64", "share of online bits in %", "elements that a gate serves", "gate 364 bit, element 128 bit"],
        ),
        ("rounds", &["online rounds", "rounds: messages in the longest chain", "plan stage", "without sharing"]),
    ] {
        let svg = draw(&["--plot-kind", kind]);
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"), "{kind}");
        let backends = WORLDS.iter().filter(|world| world.has_costs).map(|world| world.name);
        for word in words.iter().copied().chain(backends) {
            assert!(svg.contains(word), "{kind}: {word} is not in the plot");
        }
        assert_eq!(svg, draw(&["--plot-kind", kind]), "the same question has the same plot");
    }
    assert_eq!(draw(&["--backend", "gmw"]).matches("<circle").count(), 0, "markers are polygons");

    let nowhere = folder.path().join("no-such-folder").join("plot.svg");
    let message = rejected(&["--network", "resnet32-cifar", "--plot", text(&nowhere)]);
    assert!(message.ends_with("[file/unwritable]"), "{message}");
    let empty = folder.path().join("network.json");
    let network = r#"{"format": "deepshare-network/1", "name": "", "input": {"shape": [1, 1, 1], "scale": 0}, "layers": [
        {"name": "a", "op": "dense", "from": "input", "outputs": 1, "weight_scale": 0}],
        "plan": {"format": "deepshare-plan/1", "width": 8, "step": "nonnegative", "layers": []}}"#;
    std::fs::write(&empty, network).unwrap();
    let other = folder.path().join("other.svg");
    let message = rejected(&["--network", text(&empty), "--plot", text(&other)]);
    assert!(message.ends_with("no plot: the network has no DReLUs that could be shared [cli/plot]"), "{message}");
    assert!(!other.exists());
    let ran = deepshare(&["cost", "--network", "resnet32-cifar", "--plot-kind", "rounds"]);
    assert!(ran.code == 2 && ran.stderr.contains("--plot <FILE>"), "{}", ran.stderr);
}
