//! Cases: a network, images and coins in a few bytes, so that what a fuzzer finds, what a property test saves and what
//! a vector states turn into each other. [DS-FUZZ-1]
//!
//! The parts: [`fields`] is the grammar's alphabet; the grammar describes a case, its layers and its plan once for both
//! directions; [`show`] prints a case for people, [`survey`] says what many have in them, [`convert`] writes one as JSON and as
//! a vector.

pub mod command;
pub mod convert;
pub mod error;
pub mod fields;
mod grammar;
mod layer;
mod limits;
mod plan;
pub mod show;
pub mod survey;

pub use error::CaseError;

use deepshare_reference::network::inference::Inference;
use deepshare_reference::network::{Layer, Network, NetworkError};
use deepshare_reference::values::Ring;
use fields::{Reader, Writer};

/// The name of every case's network; its layers are `l0`, `l1`, and so on.
const NAME: &str = "case";

/// A network with weights, a batch of images for it, and where coins come from.
#[derive(Clone, PartialEq, Eq)]
pub struct Case {
    network: Network,
    images: Vec<Vec<i64>>,
    seed: u32,
}

/// All of a case is public.
impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&show::text(self))
    }
}

impl Case {
    /// The case that bytes stand for: any bytes stand for one. [DS-FUZZ-1]
    ///
    /// # Errors
    /// None: what the grammar says is a valid network. If it is not, the network's rules and the grammar disagree, and
    /// this is the rule.
    pub fn decode(bytes: &[u8]) -> Result<Case, NetworkError> {
        let json = std::str::from_utf8(bytes).ok().filter(|text| convert::may_be_json(text));
        match json.map(convert::from_json) {
            Some(Ok(case)) => Ok(case),
            _ => grammar::case(&mut Reader(bytes), None),
        }
    }

    /// The bytes that are written for the case, and read as it: fields if they reach it, else its JSON. [DS-FUZZ-2]
    pub fn encode(&self) -> Vec<u8> {
        let fields = self.fields();
        match grammar::case(&mut Reader(&fields), None) {
            Ok(again) if again == *self => fields,
            _ => convert::to_json(self).into_bytes(),
        }
    }

    /// The fields that come nearest to the case.
    fn fields(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        // a description that ends with an error is of another case, which `encode` finds out
        let _ = grammar::case(&mut writer, Some(self));
        let mut bytes = writer.0;
        while bytes.last() == Some(&0) {
            bytes.pop();
        }
        bytes
    }

    /// The case of a network, whose name and layers' names are lost, and images.
    ///
    /// # Errors
    /// [`CaseError::Beyond`] if it is larger than cases are, [`CaseError::Weights`] if a layer has none,
    /// [`CaseError::PublicPart`] if it is a public part, [`CaseError::Image`] if an image is not one of the
    /// network's. [DS-FUZZ-3]
    pub fn new(network: &Network, images: Vec<Vec<i64>>, seed: u32) -> Result<Case, CaseError> {
        limits::check(network, &images)?;
        let named = |(index, layer): (usize, &Layer)| Layer { name: layer_name(index), ..layer.clone() };
        let layers: Vec<Layer> = network.layers().iter().enumerate().map(named).collect();
        let network = Network::new(NAME, network.input(), &layers, network.plan().clone())
            .map_err(|source| CaseError::Network { source })?;
        Ok(Case { network, images, seed })
    }

    /// The network.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The images, each of the network's input shape.
    pub fn images(&self) -> &[Vec<i64>] {
        &self.images
    }

    /// The number that all coins come from.
    pub fn seed(&self) -> u32 {
        self.seed
    }

    /// The program that parties run on it.
    pub fn program(&self) -> Inference {
        Inference::new(&self.network, self.images.len())
    }

    /// All images, one after the other.
    pub fn batch(&self) -> Ring {
        let width = self.network.width();
        Ring::new(width, self.images.iter().flatten().map(|&x| width.encode_wrapping(x)).collect())
    }
}

/// The name of a case's layer.
fn layer_name(index: usize) -> String {
    format!("l{index}")
}

#[cfg(test)]
mod tests;
