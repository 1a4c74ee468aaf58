//! What a garbled chain gives is what F_Carries gives: one AND and one position, on labels. [DS-PROVE-14]
//!
//! The garbler has a zero label of every wire, the evaluator the active label: zero label xor v Delta for the value v.
//! The lemmas say that this goes from the inputs of a gate, or of a position, to what comes out, for all labels, values
//! and hashes, and every Delta whose lowest bit is 1. Position 0 begins with two labels that are 0, for the value 0. So
//! it holds after any number of positions, and the lowest bits of the two labels of a carry are shares of it.

use super::statement::{Claim, words};
use super::world::PlaneOf;
use super::{Compared, Statement, Widths, lemma};
use crate::prove::hybrid::label::{AnyHash, PlaneLabel};
use crate::prove::smt::domain::Symbols;
use crate::prove::smt::source::Source;
use crate::prove::smt::term::{self, Term};
use crate::prove::{Backend, Lemma, ProveError};
use crate::steps::Steps;
use deepshare_reference::party::{Coins, PartyError};
use deepshare_reference::primitives::garbling::LABEL_BITS;
use deepshare_reference::primitives::garbling::chain::position;
use deepshare_reference::primitives::garbling::halfgates::{HalfGates, WireLabel, zero_label};
use deepshare_reference::values::{BitDomain, BitPlane, Concrete, Plane, Width};

/// The lemmas on labels.
pub fn all() -> impl Iterator<Item = Lemma> {
    [half_gate(Half), chain_position(Half)].into_iter()
}

/// How a gate is garbled and evaluated: as the reference does it, or with a mistake of a test.
pub trait Gates: Send + Sync + 'static {
    /// The garbler's side: the zero label of the product, and the table.
    fn garble<H: HalfGates>(&self, gate: &H, delta: &H::Label, inputs: &[H::Label; 2]) -> (H::Label, [H::Label; 2]) {
        gate.garble(delta, inputs)
    }

    /// The evaluator's side: the active label of the product.
    fn evaluate<H: HalfGates>(&self, gate: &H, table: &[H::Label; 2], inputs: &[H::Label; 2]) -> H::Label {
        gate.evaluate(table, inputs)
    }
}

/// The half-gates of the reference.
struct Half;

impl Gates for Half {}

/// The lemma on one AND.
pub fn half_gate(gates: impl Gates) -> Lemma {
    let words = "the evaluator's label of a and b is the garbler's zero label xor (a and b) Delta, for any hash";
    let statement = Garbling { gates, part: Part::And };
    lemma("label/garbled/and".to_owned(), "DS-GC-5", Backend::Garbled, words, Widths::Once, statement)
}

/// The lemma on one position.
pub fn chain_position(gates: impl Gates) -> Lemma {
    let words = "the evaluator's label of a position's carry is the garbler's zero label xor the carry times Delta, \
                 and the lowest bits of the two are its shares, for any hash";
    let statement = Garbling { gates, part: Part::Position };
    lemma("label/garbled/position".to_owned(), "DS-GC-6", Backend::Garbled, words, Widths::Once, statement)
}

/// What is garbled.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// One AND.
    And,
    /// One position.
    Position,
}

/// One AND or one position, from any labels.
struct Garbling<G> {
    gates: G,
    part: Part,
}

/// What the run is about, and what it gives.
struct Garbled<D: BitDomain> {
    /// Delta.
    delta: D::Plane,
    /// The values of the wires that go in, one lane each.
    values: Vec<D::Plane>,
    /// The garbler's zero label and the evaluator's active label of the wire that comes out.
    out: [D::Plane; 2],
    /// Their lowest bits, as the parties take them.
    shares: [D::Plane; 2],
}

/// A wire that goes in: its value, its zero label and its active label.
struct Wire<P: BitPlane> {
    value: P,
    zero: PlaneLabel<P>,
    active: PlaneLabel<P>,
}

impl<P: BitPlane> Wire<P> {
    /// A wire with any zero label and any value, as F_Labels gives it, and as the chain gives carries.
    fn from_zero_label<D: BitDomain<Plane = P>>(
        coins: &mut impl Coins<D>,
        delta: &PlaneLabel<P>,
    ) -> Result<Wire<P>, PartyError> {
        let (value, zero) = (coins.plane(1)?, PlaneLabel(Ok(coins.plane(LABEL_BITS)?)));
        let active = zero.xor(&delta.times(&Ok(value.clone())));
        Ok(Wire { value, zero, active })
    }

    /// A wire with any active label and any value: one of the server's bits. [DS-GC-7]
    fn from_active_label<D: BitDomain<Plane = P>>(
        coins: &mut impl Coins<D>,
        delta: &PlaneLabel<P>,
    ) -> Result<Wire<P>, PartyError> {
        let (value, active) = (coins.plane(1)?, PlaneLabel(Ok(coins.plane(LABEL_BITS)?)));
        let zero = zero_label(&active, &Ok(value.clone()), delta);
        Ok(Wire { value, zero, active })
    }
}

impl<G: Gates> Statement for Garbling<G> {
    type Run<D: BitDomain> = Garbled<D>;

    fn run<S: Source>(&self, _steps: &dyn Steps, _width: Width, source: &S) -> Result<Garbled<S::Domain>, ProveError> {
        let rest = source.coins("delta").plane(LABEL_BITS - 1)?;
        let delta = PlaneLabel(Ok(PlaneOf::<S>::concat(&[&PlaneOf::<S>::constant(1, true), &rest])));
        let a = Wire::from_active_label::<S::Domain>(&mut source.coins("a"), &delta)?;
        let b = Wire::from_zero_label::<S::Domain>(&mut source.coins("b"), &delta)?;
        let gate = AnyHash::new::<S::Domain>(&mut source.coins("hash"))?;
        let (mut table, mut values) = (None, vec![a.value, b.value]);
        let mut garble = |inputs| {
            let (zero, ciphertexts) = self.gates.garble(&gate, &delta, &inputs);
            table = Some(ciphertexts);
            zero
        };
        let (zero, active) = match self.part {
            Part::And => {
                let zero = garble([a.zero, b.zero]);
                (zero, table.map(|table| self.gates.evaluate(&gate, &table, &[a.active, b.active])))
            }
            Part::Position => {
                let carry = Wire::from_zero_label::<S::Domain>(&mut source.coins("carry"), &delta)?;
                values.push(carry.value);
                let zero = position(&a.zero, &b.zero, &carry.zero, garble);
                let evaluate = |table| {
                    let and = |inputs| self.gates.evaluate(&gate, &table, &inputs);
                    position(&a.active, &b.active, &carry.active, and)
                };
                (zero, table.map(evaluate))
            }
        };
        let active = active.unwrap_or_else(|| zero.clone());
        let shares = [zero.colour()?, active.colour()?];
        Ok(Garbled { delta: delta.0?, values, out: [zero.0?, active.0?], shares })
    }

    /// The product is that of Booleans; the carry is the upper bit of the sum of three numbers of two bits.
    fn claim(&self, _width: Width, run: &Garbled<Symbols>) -> Result<Claim, ProveError> {
        let values: Vec<&Term> = run.values.iter().flat_map(|plane| &plane.0).collect();
        let value = match self.part {
            Part::And => values.iter().fold(Term::bit(true), |all, value| term::and(&all, value)),
            Part::Position => {
                let number = |bit: &Term| term::choose(bit, &Term::word(2, 1), &Term::word(2, 0));
                let sum = values.iter().try_fold(Term::word(2, 0), |sum, bit| term::add(&sum, &number(bit)?))?;
                term::bit_of(&sum, 1)?
            }
        };
        let [zero, active] = &run.out;
        let labels = zero.0.iter().zip(&active.0).zip(&run.delta.0);
        let mut claim = Term::bit(true);
        for ((zero, active), delta) in labels {
            let expected = term::xor(zero, &term::and(&value, delta));
            claim = term::and(&claim, &term::equal(active, &expected)?);
        }
        for (permute, colour) in run.shares[0].0.iter().zip(&run.shares[1].0) {
            claim = term::and(&claim, &term::equal(&term::xor(permute, colour), &value)?);
        }
        Ok(Claim { named: vec![("value".to_owned(), value)], claim })
    }

    fn compare(&self, _width: Width, run: &Garbled<Concrete>) -> Result<Compared, ProveError> {
        let ones = run.values.iter().flat_map(Plane::to_bits).filter(|bit| *bit).count();
        let value = match self.part {
            Part::And => ones == run.values.len(),
            Part::Position => ones / 2 == 1,
        };
        let [zero, active] = run.out.each_ref().map(|label| label.to_bits());
        let [permute, colour] = run.shares.each_ref().map(|bit| bit.to_bits());
        let mut expected: Vec<bool> =
            zero.iter().zip(run.delta.to_bits()).map(|(zero, d)| zero ^ (value & d)).collect();
        let mut found = active;
        found.extend(permute.iter().zip(&colour).map(|(permute, colour)| permute ^ colour));
        expected.push(value);
        Ok(Compared { found: words(&found), expected: words(&expected) })
    }
}
