//! The real gate, backend `fss`: one opening of x + r for an element, and a comparison key for a gate.
//!
//! ```text
//! x^ = x + r is opened, for a dealer's random r. With y = x^ mod 2^(k-1), r' = r mod 2^(k-1), t = msb(r), s = not msb(x^):
//!     d = s xor u,   u = t xor [y < r']
//!
//! payload   the key for r' pays (1 - 2t) * (1, r_1, .., r_n): with the dealer's shares of t and t r_j, the parties get
//!           shares of u and of u r_j, for all n elements that the gate serves in its layer;
//!           d x_j = s x_j + (1 - 2s)(u x^_j - u r_j), local. One round.
//! select    the key pays 1 in R_2; d is opened once under the dealer's mask a, as `gate::masked` does, and
//!           d x_j = delta x_j + (1 - 2 delta)(a x^_j - a r_j). Two rounds, and much smaller keys.
//! ```
//! Elements of later layers are served by `select` in either form; with a mask that is dealt when the gate first serves
//! one. [DS-FSS-10] to [DS-FSS-14]

mod dealer;
mod party;
pub mod simulator;

pub use dealer::{deal_activate, deal_open};
pub use party::{activate, open};

use crate::backend::Activation;
use crate::party::{BitWire, Phase, Step};
use crate::primitives::dcf::Form;
use crate::values::{Ranges, RingVector, Split, ValueError, Width};

/// The dealer's mask r of each element. [DS-FSS-10]
pub const DEAL_MASKS: Step = Step::new(Phase::Offline, "gate/deal-masks", "DS-FSS-10");
/// The opening of x^ = x + r. [DS-FSS-10]
pub const MASKED: Step = Step::new(Phase::Online, "gate/masked", "DS-FSS-10");
/// Shares of t = msb(r): bits in the select form, ring elements in the payload form. [DS-FSS-11] [DS-FSS-12]
pub const DEAL_TOPS: Step = Step::new(Phase::Offline, "gate/deal-tops", "DS-FSS-11");
/// Shares of t r_j for each element of the gate's own layer. [DS-FSS-12]
pub const DEAL_TOP_PRODUCTS: Step = Step::new(Phase::Offline, "gate/deal-top-products", "DS-FSS-12");
/// Shares of - a r_j for each element that is served by select beside new gates. [DS-FSS-13] [DS-FSS-14]
pub const DEAL_SELECTED: Step = Step::new(Phase::Offline, "gate/deal-selected", "DS-FSS-13");

/// How a gate serves the elements of its own layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Serving {
    /// By the payload of its key: one round. [DS-FSS-12]
    Payload,
    /// By its bit, opened under a mask: two rounds, smaller keys. [DS-FSS-13]
    Select,
}

/// The elements of an activation layer that are masked, each once, and where the layer's selections stand among them.
struct Layout {
    cover: Ranges,
    prototypes: Ranges,
    gated: Ranges,
    /// Which elements earlier gates serve, and which the layer's own.
    split: Split,
}

impl Layout {
    fn new(layer: &Activation<'_>, earlier: usize) -> Result<Layout, ValueError> {
        let cover = layer.prototypes.cover(layer.gated)?;
        let (prototypes, gated) = (layer.prototypes.within(&cover)?, layer.gated.within(&cover)?);
        if layer.served.len() != gated.len() {
            return Err(ValueError::Length { left: layer.served.len(), right: gated.len() });
        }
        layer.served.check_source(earlier.saturating_add(prototypes.len()))?;
        Ok(Layout { cover, prototypes, gated, split: layer.served.split(earlier)? })
    }

    /// The keys of the payload form: 1 for each gate, then an element of payload for each element that it serves.
    fn form(&self, width: Width) -> Result<Form, ValueError> {
        let mut of = Ranges::all(self.prototypes.len());
        for (start, len) in self.split.above.runs()? {
            of.push(start, len)?;
        }
        Form::new(width.bits() - 1, width, of)
    }

    /// The masked elements that earlier gates serve, and those that the layer's own do.
    fn parts<R: RingVector>(&self, masked: &R) -> Result<[R; 2], ValueError> {
        let gated = masked.gather(&self.gated)?;
        Ok([gated.gather(&self.split.below_at)?, gated.gather(&self.split.above_at)?])
    }
}

/// The keys of gates that pay 1, in the smallest ring: all that the bit needs. [DS-FSS-11]
fn bit_form(width: Width, gates: usize) -> Result<Form, ValueError> {
    Form::new(width.bits() - 1, Width::MIN, Ranges::all(gates))
}

/// The top bit of each element, and the bits below it, the lowest first.
fn top_and_low<D: BitWire>(x: &D::Ring) -> Result<(D::Plane, Vec<D::Plane>), ValueError> {
    let mut low = D::bits(x);
    let top = low.pop().ok_or(ValueError::Length { left: 0, right: 1 })?;
    Ok((top, low))
}
