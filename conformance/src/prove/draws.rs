//! What a program draws, as it stands in a vector. [DS-PROVE-7]

use super::smt::eval::Assignment;
use crate::vectors::types::{Bits, Element, Shares, elements};
use deepshare_reference::values::Ring;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One draw, as in the operation `coins`. [DS-VEC-7]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Draw {
    /// Bits of a plane.
    Plane(Bits),
    /// Ring elements.
    Vector(Vec<Element>),
}

/// For each name all draws, in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Draws(pub BTreeMap<String, Vec<Draw>>);

impl Draws {
    /// The values of variables: those of one name are numbered from 1 through all its draws.
    pub fn assignment(&self) -> Assignment {
        let of = |(name, draws): (&String, &Vec<Draw>)| -> Vec<(String, u128)> {
            let values = draws.iter().flat_map(Draw::values);
            (1..).zip(values).map(|(number, value): (usize, u128)| (format!("{name}_{number}"), value)).collect()
        };
        self.0.iter().flat_map(of).collect()
    }
}

impl Draw {
    fn values(&self) -> Vec<u128> {
        match self {
            Draw::Plane(bits) => bits.0.iter().copied().map(u128::from).collect(),
            Draw::Vector(elements) => elements.iter().map(|element| element.0.into()).collect(),
        }
    }
}

/// The seed of cases whose result no coins can change: 32 bytes of zeros.
pub const SEED: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// A vector's shares as they stand in a vector.
pub fn shares([server, client]: &[Ring; 2]) -> Shares {
    Shares { server: elements(server.elements()), client: elements(client.elements()) }
}
