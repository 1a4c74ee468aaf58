//! Cases: a network, images and coins in a few bytes, so that what a fuzzer finds, what a property test saves and what
//! a vector states turn into each other. [DS-FUZZ-1]
//!
//! The parts: [`fields`] is the grammar's alphabet; the grammar describes a case, its layers and its plan once for both
//! directions; [`show`] prints a case for people, [`convert`] writes it as JSON and as vectors.

pub mod command;
pub mod convert;
pub mod error;
pub mod fields;
mod grammar;
mod layer;
mod plan;
pub mod show;

pub use error::CaseError;

use deepshare_reference::network::inference::Inference;
use deepshare_reference::network::{Layer, Network, NetworkError};
use deepshare_reference::values::Ring;
use fields::{Reader, Writer};

/// The name of every case's network; its layers are `l0`, `l1`, and so on.
const NAME: &str = "case";

/// A network with weights and at least one activation layer, a batch of images for it, and where coins come from.
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
        grammar::case(&mut Reader(bytes), None)
    }

    /// The bytes that are written for the case, and read as it. [DS-FUZZ-2]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        // the description of a case that is there ends without an error, or the bytes do not read back: see `new`
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
    /// [`CaseError::Beyond`] if no bytes stand for it: it is larger than cases are. [DS-FUZZ-3]
    pub fn new(network: &Network, images: Vec<Vec<i64>>, seed: u32) -> Result<Case, CaseError> {
        let named = |(index, layer): (usize, &Layer)| Layer { name: layer_name(index), ..layer.clone() };
        let layers: Vec<Layer> = network.layers().iter().enumerate().map(named).collect();
        let network = Network::new(NAME, network.input(), &layers, network.plan().clone())
            .map_err(|source| CaseError::Network { source })?;
        let case = Case { network, images, seed };
        match Case::decode(&case.encode()) {
            Ok(again) if again == case => Ok(case),
            _ => Err(CaseError::Beyond),
        }
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
