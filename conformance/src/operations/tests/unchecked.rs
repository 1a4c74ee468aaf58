//! Readers that do not check the rules of plans: what they go on with, so that later rules are found. [DS-PLAN-9]
#![allow(clippy::unwrap_used, reason = "helpers of tests stop like the tests themselves")]

use crate::operations::input::{read_network, read_plan};
use crate::steps::{Right, Steps};
use deepshare_reference::network::NetworkError;
use deepshare_reference::plan::PlanError;
use serde_json::{Value, json};

/// Checks all rules but those with this code.
struct Lax(&'static str);

impl Steps for Lax {
    fn checks_plan(&self, broken: &PlanError) -> bool {
        self.0 != broken.code()
    }

    fn checks_network(&self, broken: &NetworkError) -> bool {
        self.0 != broken.code()
    }
}

/// A plan of two layers, the first as given.
fn plan(width: u64, step: &str, first: Value) -> Value {
    let second = json!({"shape": [1, 1, 1], "channels": [{"source": "prototype"}]});
    json!({"format": "deepshare-plan/1", "width": width, "step": step, "layers": [first, second]})
}

fn layer(shape: [u64; 3], channel: Value) -> Value {
    json!({"shape": shape, "channels": [{"source": "prototype"}, channel]})
}

/// The plan that is read of a text, as JSON; or the code of the rule that it breaks.
fn read(steps: &dyn Steps, plan: &Value) -> Result<Value, String> {
    let plan = read_plan(steps, &plan.to_string()).map_err(|refusal| refusal.refused.code)?;
    Ok(serde_json::from_str(&plan.to_json()).unwrap())
}

/// A plan breaks a rule, and is read as another one by who does not check it.
#[track_caller]
fn mended(code: &'static str, broken: &Value, whole: &Value) {
    assert_eq!(read(&Right, broken), Err(code.to_owned()));
    assert_eq!(read(&Lax(code), broken), Ok(read(&Right, whole).unwrap()));
}

#[test]
fn what_breaks_an_unchecked_rule_is_left_out() {
    let linear = || layer([2, 1, 1], json!({"source": "linear"}));
    let prototype = || layer([2, 1, 1], json!({"source": "prototype"}));
    mended("plan/width", &plan(65, "positive", linear()), &plan(64, "positive", linear()));
    mended("plan/unknown-step", &plan(8, "zero", linear()), &plan(8, "nonnegative", linear()));
    let gate = json!({"source": "linear", "gate": {"alpha": 1, "beta": 0}});
    mended("plan/gate-on-linear", &plan(8, "positive", layer([2, 1, 1], gate)), &plan(8, "positive", prototype()));
    let far = json!({"source": {"layer": 0, "channel": 7}});
    let source = "plan/source-channel-out-of-range";
    mended(source, &plan(8, "positive", layer([2, 1, 1], far.clone())), &plan(8, "positive", prototype()));
    let mut short = plan(8, "positive", linear());
    short["layers"].as_array_mut().unwrap().remove(0);
    mended("plan/channel-count", &plan(8, "positive", layer([3, 1, 1], json!({"source": "linear"}))), &short);
    let both = plan(65, "positive", layer([2, 1, 1], far));
    assert_eq!(read(&Lax("plan/width"), &both), Err(source.to_owned()), "the rule after it");
}

#[test]
fn a_network_has_a_plan_and_rules_of_its_own() {
    let act = |name: &str| json!({"name": name, "op": "activation", "from": ["input"], "layer": 0});
    let network = |width: u64, layers: Vec<Value>| {
        let plan = json!({"format": "deepshare-plan/1", "width": width, "step": "positive",
            "layers": [{"shape": [1, 1, 1], "channels": [{"source": "prototype"}]}]});
        let input = json!({"shape": [1, 1, 1], "scale": 0});
        json!({"format": "deepshare-network/1", "name": "n", "input": input, "layers": layers, "plan": plan})
            .to_string()
    };
    let read = |steps: &dyn Steps, text: &str| {
        let network = read_network(steps, text).map_err(|refusal| *refusal.refused)?;
        Ok::<_, crate::vectors::case::Refused>(network.map(|network| network.plan().width().bits()))
    };
    assert_eq!(read(&Right, &network(8, vec![act("a")])), Ok(Some(8)));
    let wide = network(65, vec![act("a")]);
    assert_eq!(read(&Right, &wide).unwrap_err().code, "plan/width");
    assert_eq!(read(&Lax("plan/width"), &wide), Ok(Some(64)));
    let twice = network(8, vec![act("a"), act("a")]);
    let refused = read(&Right, &twice).unwrap_err();
    assert_eq!((refused.code.as_str(), &refused.at["layer"]), ("network/duplicate-name", &json!("a")));
    assert_eq!(read(&Lax("network/duplicate-name"), &twice), Ok(None));
}
