//! What sharing saves, and where the online bits go: from transcripts over the domain of shapes. [DS-COST-1]

use crate::error::CliError;
use deepshare_reference::backend::protocols::Protocols;
use deepshare_reference::backend::run::{Sides, gmw_cost};
use deepshare_reference::backend::{Backend, Program};
use deepshare_reference::network::inference::Inference;
use deepshare_reference::network::{Network, Operation};
use deepshare_reference::party::transcript::Transcript;
use deepshare_reference::party::{PartyError, Phase, Step};
use deepshare_reference::values::{RingVector, Width};
use deepshare_reference::{gate, linear, transfer};

/// The online bits of one image in the world `gmw`, by what they are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnlineBits {
    /// All of them.
    pub total: u64,
    /// The step bits themselves: carries of shared sums.
    pub drelu: u64,
    /// The multiplication of elements by step bits.
    pub gating: u64,
    /// Truncations.
    pub truncation: u64,
    /// Linear layers, private affine gates included.
    pub linear: u64,
    /// The client's input and the opening of the output.
    pub transfer: u64,
}

impl OnlineBits {
    /// The bits of a network.
    ///
    /// # Errors
    /// [`CliError::Party`] if sizes overflow.
    pub fn of(network: &Network) -> Result<OnlineBits, CliError> {
        let error = |source| CliError::Party { world: "gmw", source };
        let inference = Inference::new(network, 1);
        let shapes = inference.input_shapes().map_err(|source| CliError::Value { place: "network".into(), source })?;
        let all = inference.cost(Protocols::Gmw, shapes).map_err(error)?;
        // Truncations and DReLUs use the same carry protocol, with the same steps; so truncations are run by themselves.
        let none = Sides { server: Vec::new(), client: Vec::new() };
        let truncations = gmw_cost(&Truncations::of(network), none).map_err(error)?;

        let total = all.cost(Phase::Online).bits();
        let truncation = truncations.cost(Phase::Online).bits();
        let gating = steps(&all, &[gate::masked::DELTA, gate::masked::EPSILON]);
        let linear = steps(&all, &[linear::gmw::INPUTS]);
        let transfer = steps(&all, &[transfer::gmw::INPUT, transfer::gmw::OUTPUT]);
        let drelu = total.saturating_sub(truncation + gating + linear + transfer);
        Ok(OnlineBits { total, drelu, gating, truncation, linear, transfer })
    }
}

fn steps(transcript: &Transcript, steps: &[Step]) -> u64 {
    steps.iter().map(|step| transcript.step_cost(step.label).bits()).sum()
}

/// The truncations of a network and nothing else, on values that do not matter.
struct Truncations {
    width: Width,
    /// Elements and shift of each.
    list: Vec<(usize, u32)>,
}

impl Truncations {
    fn of(network: &Network) -> Truncations {
        let list = network.layers().iter().filter_map(|layer| match layer.operation {
            Operation::Truncate { shift } => Some((layer.output.shape.elements(), shift)),
            _ => None,
        });
        Truncations { width: network.width(), list: list.collect() }
    }
}

impl Program for Truncations {
    async fn run<B: Backend>(&self, backend: &mut B, _own: Vec<B::Share>) -> Result<Vec<B::Share>, PartyError> {
        for &(elements, shift) in &self.list {
            backend.truncate(&B::Share::constant(self.width, elements, 0), shift).await?;
        }
        Ok(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::network;
    use crate::models::Model;

    /// The DReLU part is a remainder; it must be the cost of DReLUs: equal for each one, whichever the model.
    #[test]
    fn the_parts_add_up_and_every_drelu_costs_the_same() {
        let [full, shared, linear] = Model::ALL.map(|model| OnlineBits::of(&network(model, None).unwrap()).unwrap());
        assert_eq!(shared.drelu, linear.drelu);
        assert_eq!(full.drelu / 5120, shared.drelu / 80);
        assert_eq!((full.drelu % 5120, shared.drelu % 80), (0, 0));
        assert_eq!(full.transfer, shared.transfer);
        for bits in [full, shared, linear] {
            assert_eq!(bits.drelu + bits.gating + bits.truncation + bits.linear + bits.transfer, bits.total);
        }
    }
}
