//! Operation `network-file`. [DS-NET-2] [DS-NET-7] [DS-FILE-3]

use super::input::{counts, read_network, text_of};
use super::{Operation, Refusal, Trace};
use crate::steps::Steps;
use crate::vectors::types::Count;
use deepshare_reference::network::Network;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A network file, read.
pub struct NetworkFile;

/// The file, as an object or as any text.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Input {
    #[serde(default)]
    #[schemars(with = "Option<Map<String, Value>>")]
    network: Option<Value>,
    #[serde(default)]
    text: Option<String>,
}

/// The types of all layers, the text, and the public part's.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Output {
    layers: Vec<LayerType>,
    text: String,
    public: String,
}

/// The type of a layer's output.
#[derive(Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LayerType {
    name: String,
    shape: [Count; 3],
    scale: Count,
}

impl Operation for NetworkFile {
    const NAME: &'static str = "network-file";
    type Input = Input;
    type Output = Output;

    fn run(steps: &dyn Steps, input: Input, _trace: &mut Trace) -> Result<Output, Refusal> {
        let text = text_of(input.network, input.text)?;
        match read_network(steps, &text)? {
            Some(network) => Ok(Output {
                layers: types(steps, &network),
                text: steps.network_text(&network),
                public: steps.network_text(&steps.public_network(&network)),
            }),
            // accepted by a fault although it is not valid; what it makes of it does not matter
            None => Ok(Output { layers: Vec::new(), text, public: String::new() }),
        }
    }
}

fn types(steps: &dyn Steps, network: &Network) -> Vec<LayerType> {
    let of = |(index, layer): (usize, &deepshare_reference::network::Layer)| LayerType {
        name: layer.name.clone(),
        shape: counts(layer.output.shape),
        scale: Count(u64::from(steps.scale(network, index))),
    };
    network.layers().iter().enumerate().map(of).collect()
}
