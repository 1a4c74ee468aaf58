//! The local side of garbling in a domain: on labels, or on lengths alone. Messages are in [`super::compare`].

use super::chain::{Labels, pack, unpack, unpack_tables};
use super::{LABEL_BITS, TABLE_BITS};
use crate::primitives::ot::domain::OtDomain;
use crate::primitives::ot::matrix::Rows;
use crate::values::{BitPlane, Concrete, Plane, ShapePlane, Shapes, ValueError};

/// A domain over which circuits are garbled.
pub trait GarblingDomain: OtDomain {
    /// A party's labels of the client's bits.
    type Labels;

    /// The labels that rows of OT extension are: the garbler's zero labels, the evaluator's active ones. [DS-GC-3]
    fn labels(rows: &Self::Rows) -> Self::Labels;

    /// The garbler's side: from its bits and the labels of them that it sends, the tables of all gates, and its shares of
    /// the carries out of each number of positions in `outputs`. [DS-GC-7]
    ///
    /// # Errors
    /// [`ValueError::Length`] if the operands do not match; likewise in [`GarblingDomain::evaluate`].
    fn garble(
        labels: &Self::Labels,
        own: &[Self::Plane],
        sent: &Self::Plane,
        outputs: &[usize],
    ) -> Result<(Self::Plane, Vec<Self::Plane>), ValueError>;

    /// The evaluator's side: from what the garbler sent, its shares of the carries. [DS-GC-7]
    ///
    /// # Errors
    /// [`ValueError::Length`] if the operands do not match.
    fn evaluate(
        labels: &Self::Labels,
        tables: &Self::Plane,
        sent: &Self::Plane,
        outputs: &[usize],
    ) -> Result<Vec<Self::Plane>, ValueError>;
}

impl GarblingDomain for Concrete {
    type Labels = Labels;

    fn labels(rows: &Rows) -> Labels {
        let (labels, delta) = rows.labels();
        Labels { labels, delta, session: rows.tweak.session, first: rows.first }
    }

    fn garble(
        labels: &Labels,
        own: &[Plane],
        sent: &Plane,
        outputs: &[usize],
    ) -> Result<(Plane, Vec<Plane>), ValueError> {
        let garbled = labels.garble(own, &unpack(sent), outputs)?;
        Ok((pack(garbled.tables.iter().flatten())?, garbled.shares))
    }

    fn evaluate(labels: &Labels, tables: &Plane, sent: &Plane, outputs: &[usize]) -> Result<Vec<Plane>, ValueError> {
        labels.evaluate(&unpack(sent), &unpack_tables(tables), outputs)
    }
}

impl GarblingDomain for Shapes {
    /// How many.
    type Labels = usize;

    fn labels(rows: &usize) -> usize {
        *rows
    }

    fn garble(
        labels: &usize,
        own: &[ShapePlane],
        sent: &ShapePlane,
        outputs: &[usize],
    ) -> Result<(ShapePlane, Vec<ShapePlane>), ValueError> {
        let shares = Shapes::evaluate(labels, &shape(*labels, TABLE_BITS), sent, outputs)?;
        let bits = own.iter().map(BitPlane::len).sum();
        if bits == *labels {
            Ok((shape(*labels, TABLE_BITS), shares))
        } else {
            Err(ValueError::Length { left: bits, right: *labels })
        }
    }

    fn evaluate(
        labels: &usize,
        tables: &ShapePlane,
        sent: &ShapePlane,
        outputs: &[usize],
    ) -> Result<Vec<ShapePlane>, ValueError> {
        sent.xor(&shape(*labels, LABEL_BITS))?;
        tables.xor(&shape(*labels, TABLE_BITS))?;
        let lanes = labels / outputs.last().copied().unwrap_or(0).max(1);
        Ok(vec![ShapePlane::constant(lanes, false); outputs.len()])
    }
}

/// The shape of so many things of so many bits.
fn shape(count: usize, bits: usize) -> ShapePlane {
    ShapePlane::constant(count.saturating_mul(bits), false)
}
