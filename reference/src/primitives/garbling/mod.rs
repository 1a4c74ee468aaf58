//! Garbled circuits: shares of carries of x0 + x1, by one garbled chain. The server, P0, garbles; the client evaluates.
//!
//! ```text
//! F_Labels   garbler: Delta, once; evaluator: bits b_i   ->   shares of b_i Delta: L_i to the garbler, L_i xor b_i Delta
//!                                                             to the evaluator; the zero label and the active label
//! ```
//! F_Labels is the hybrid boundary: [`compare`] runs unchanged over the real protocol ([`extension`]) and over the ideal
//! functionality ([`ideal`]). [`halfgates`] is one AND, [`chain`] the circuit, [`domain`] both in a domain. Nothing is
//! decoded: of a carry the garbler keeps the permute bit, the evaluator the colour, and the two are shares of it. What
//! gates and truncations see of all this is [`Carries`]. [DS-GC-1] [DS-GC-8]

pub mod chain;
pub mod domain;
pub mod extension;
pub mod halfgates;
pub mod ideal;
pub mod simulator;

use super::millionaires::Compared;
use super::ot::{Batch, Ots, PlaneOf, Prepare};
use crate::party::{PartyError, Phase, Step};
use crate::values::{BitPlane, ValueError};
use domain::GarblingDomain;

/// Bits of a label: lambda. [DS-GC-2]
pub const LABEL_BITS: usize = 128;
/// Bits of the table of an AND: 2 lambda. [DS-GC-5]
pub const TABLE_BITS: usize = 2 * LABEL_BITS;

/// The tables of all gates. [DS-GC-7]
pub const TABLES: Step = Step::new(Phase::Online, "garbling/tables", "DS-GC-7");
/// The labels of the server's bits. [DS-GC-7]
pub const LABELS: Step = Step::new(Phase::Online, "garbling/labels", "DS-GC-7");

/// What a role holds of labels of the client's bits.
pub type LabelsOf<G> = <<G as Ots>::Domain as GarblingDomain>::Labels;

/// One role's interface to F_Labels and to its peer.
#[allow(async_fn_in_trait, reason = "programs run on one thread; their futures need not be Send")]
pub trait Garbling: Ots<Domain: GarblingDomain> {
    /// F_Labels for the client's bits, given in planes, one plane after the other. The server gives planes of the same
    /// lengths. [DS-GC-1]
    ///
    /// # Errors
    /// What the channel or the coins report; likewise in all other calls.
    async fn labels(&mut self, bits: &[PlaneOf<Self>]) -> Result<LabelsOf<Self>, PartyError>;

    /// Sends a plane to the client.
    ///
    /// # Errors
    /// What the channel reports.
    fn hand_over(&mut self, step: Step, own: PlaneOf<Self>) -> Result<(), PartyError>;

    /// Waits for the server's plane of so many bits.
    ///
    /// # Errors
    /// What the channel reports.
    async fn take_over(&mut self, step: Step, bits: usize) -> Result<PlaneOf<Self>, PartyError>;
}

/// One role's interface to shares of carries: to the circuit, garbled, or to what stands in its place.
#[allow(async_fn_in_trait, reason = "programs run on one thread; their futures need not be Send")]
pub trait Carries: Ots {
    /// Shares of the carries of both parties' bits, given in planes, the lowest position first, out of each number of
    /// positions in `outputs`, which ascend to that of all; COTs for later are prepared in the same messages. [DS-GC-8]
    ///
    /// # Errors
    /// What the channel or the coins report.
    async fn carries(
        &mut self,
        bits: Vec<PlaneOf<Self>>,
        outputs: &[usize],
        cots: Vec<Prepare<PlaneOf<Self>>>,
    ) -> Result<(Vec<PlaneOf<Self>>, Vec<Self::Cots>), PartyError>;
}

impl<G: Garbling> Carries for G {
    /// By one garbled chain. Two rounds; one AND a position. [DS-GC-7]
    async fn carries(
        &mut self,
        bits: Vec<PlaneOf<G>>,
        outputs: &[usize],
        cots: Vec<Prepare<PlaneOf<G>>>,
    ) -> Result<(Vec<PlaneOf<G>>, Vec<G::Cots>), PartyError> {
        let role = self.role();
        let error = |source| PartyError::Value { role, step: TABLES.label, source };
        let labels = self.labels(&bits).await?;
        let cots = self.batch(Batch { transfers: Vec::new(), cots }).await?.cots;
        let gates = bits.iter().map(BitPlane::len).fold(0, usize::saturating_add);
        let shares = if self.is_server() {
            let sent = self.draw(gates.saturating_mul(LABEL_BITS))?;
            let (tables, shares) = G::Domain::garble(&labels, &bits, &sent, outputs).map_err(error)?;
            self.hand_over(TABLES, tables)?;
            self.hand_over(LABELS, sent)?;
            shares
        } else {
            let tables = self.take_over(TABLES, gates.saturating_mul(TABLE_BITS)).await?;
            let sent = self.take_over(LABELS, gates.saturating_mul(LABEL_BITS)).await?;
            G::Domain::evaluate(&labels, &tables, &sent, outputs).map_err(error)?
        };
        Ok((shares, cots))
    }
}

/// The numbers of positions after which a carry is wanted: the split's, if there is one, and all. No side is empty.
fn outputs(positions: usize, split: Option<usize>) -> Result<Vec<usize>, ValueError> {
    match split {
        None if positions > 0 => Ok(vec![positions]),
        Some(split) if split > 0 && split < positions => Ok(vec![split, positions]),
        _ => Err(ValueError::Length { left: split.unwrap_or(0), right: positions }),
    }
}

/// A share of the carry out of all positions, the lowest first, and out of the `split` lowest ones if a split is given;
/// COTs for later are prepared in the same messages. [DS-GC-8]
///
/// # Errors
/// What the channel or the coins report; [`PartyError::Value`] if there are no positions, or none on a side of the split.
pub async fn compare<G: Carries>(
    garbling: &mut G,
    bits: Vec<PlaneOf<G>>,
    split: Option<usize>,
    cots: Vec<Prepare<PlaneOf<G>>>,
) -> Result<Compared<G>, PartyError> {
    let role = garbling.role();
    let error = |source| PartyError::Value { role, step: TABLES.label, source };
    let outputs = outputs(bits.len(), split).map_err(error)?;
    let (shares, cots) = garbling.carries(bits, &outputs, cots).await?;
    let mut shares = shares.into_iter();
    let low = split.and_then(|_| shares.next());
    let carry = shares.next().ok_or_else(|| error(ValueError::Length { left: 0, right: 1 }))?;
    Ok(Compared { carry, low, cots })
}

#[cfg(test)]
mod tests {
    use super::{ValueError, outputs};

    #[test]
    fn neither_side_of_a_split_is_empty() {
        assert_eq!(outputs(1, None), Ok(vec![1]));
        assert_eq!(outputs(3, Some(1)), Ok(vec![1, 3]));
        assert_eq!(outputs(3, Some(2)), Ok(vec![2, 3]));
        for (positions, split) in [(0, None), (0, Some(0)), (3, Some(0)), (3, Some(3)), (3, Some(4))] {
            let error = ValueError::Length { left: split.unwrap_or(0), right: positions };
            assert_eq!(outputs(positions, split), Err(error), "{split:?} of {positions}");
        }
    }
}
