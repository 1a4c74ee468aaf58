//! The tree of carries as steps have it, on symbols: the carry out of the low positions is that of the sum. [DS-CARRY-1]
//!
//! A step works on bits; over symbols it is the sum of the cases in which it gives 1. So whatever a step does to bits, the
//! term does.

use super::statement::{Claim, complete, words};
use super::world::{PlaneOf, RingOf};
use super::{Compared, Statement, Widths, lemma};
use crate::prove::smt::domain::Symbols;
use crate::prove::smt::source::Source;
use crate::prove::smt::term::{self, Term};
use crate::prove::{Backend, Lemma, ProveError};
use crate::steps::{Pair, Steps};
use crate::vectors::types::Bits;
use deepshare_reference::party::Coins;
use deepshare_reference::values::{BitDomain, BitPlane, Concrete, Ring, ValueError, Width};
use serde_json::{Value, json};

/// The lemma on the tree.
pub fn all() -> impl Iterator<Item = Lemma> {
    let words = "the tree over the k - 1 low positions of x0 and x1 gives the carry into the top one";
    [lemma("carry/semantics/tree".to_owned(), "DS-CARRY-1", Backend::Semantics, words, Widths::Any, Tree)].into_iter()
}

/// The tree over k - 1 positions.
struct Tree;

/// The two numbers, and the carry of their sum.
struct Sum<D: BitDomain> {
    numbers: [D::Ring; 2],
    carry: D::Plane,
}

/// (g, p) of one position or of a run of positions.
type PlanePair<P> = (P, P);

impl Statement for Tree {
    type Run<D: BitDomain> = Sum<D>;

    fn run<S: Source>(&self, steps: &dyn Steps, width: Width, source: &S) -> Result<Sum<S::Domain>, ProveError> {
        let numbers: [RingOf<S>; 2] = [source.coins("x0").ring(width, 1)?, source.coins("x1").ring(width, 1)?];
        let [a, b] = [&numbers[0], &numbers[1]].map(S::Domain::bits);
        let mut pairs: Vec<PlanePair<PlaneOf<S>>> = Vec::new();
        let low = width.bits() as usize - 1;
        for (position, (a, b)) in a.iter().zip(&b).enumerate().take(low) {
            pairs.push(lifted(&[a, b], |bits| match *bits {
                [a, b] => steps.leaf(position, a, b),
                _ => (false, false),
            })?);
        }
        if let Some(lowest) = pairs.first_mut() {
            lowest.1 = PlaneOf::<S>::constant(1, false); // nothing comes into position 0
        }
        let mut level = 0;
        while pairs.len() > 1 {
            level += 1;
            pairs = pairs.chunks(2).map(|chunk| next(steps, level, chunk)).collect::<Result<_, _>>()?;
        }
        let carry = pairs.into_iter().next().map_or_else(|| PlaneOf::<S>::constant(1, false), |(carry, _)| carry);
        Ok(Sum { numbers, carry })
    }

    fn claim(&self, width: Width, run: &Sum<Symbols>) -> Result<Claim, ProveError> {
        let [x0, x1] = &run.numbers;
        // the number in the low k - 1 bits, with a bit more, so that the sum's carry is its top bit
        let low = |x: &Term| Ok::<Term, ProveError>(term::zero_extend(&term::extract(x, width.bits() - 2, 0)?, 1));
        complete(run.carry.0.len(), x0.words().len())?;
        let (mut named, mut claim) = (Vec::new(), Term::bit(true));
        for ((x0, x1), carry) in x0.words().iter().zip(x1.words()).zip(&run.carry.0) {
            let expected = term::bit_of(&term::add(&low(x0)?, &low(x1)?)?, width.bits() - 1)?;
            claim = term::and(&claim, &term::equal(carry, &expected)?);
            named.extend([("carry".to_owned(), carry.clone()), ("expected".to_owned(), expected)]);
        }
        Ok(Claim { named, claim })
    }

    fn compare(&self, width: Width, run: &Sum<Concrete>) -> Result<Compared, ProveError> {
        let [x0, x1] = &run.numbers;
        let low = width.top_bit() - 1;
        let sums = x0.elements().iter().zip(x1.elements()).map(|(a, b)| (a & low) + (b & low));
        let expected: Vec<bool> = sums.map(|sum| sum > low).collect();
        Ok(Compared { found: words(&run.carry.to_bits()), expected: words(&expected) })
    }

    /// The k - 1 low positions of both numbers.
    fn asks(&self, width: Width, run: &Sum<Concrete>) -> Option<(&'static str, Value)> {
        let x = |number: &Ring| number.elements().first().copied().unwrap_or_default();
        let low = |number: &Ring| Bits((0..width.bits() - 1).map(|j| x(number) >> j & 1 == 1).collect());
        let [server, client] = [&run.numbers[0], &run.numbers[1]].map(low);
        Some(("carry", json!({"server": server, "client": client})))
    }
}

/// One or two neighbours, one level up.
fn next<P: BitPlane>(steps: &dyn Steps, level: usize, chunk: &[PlanePair<P>]) -> Result<PlanePair<P>, ValueError> {
    match chunk {
        [(low_g, low_p), (high_g, high_p)] => lifted(&[low_g, low_p, high_g, high_p], |bits| match *bits {
            [low_g, low_p, high_g, high_p] => steps.node(level, (high_g, high_p), (low_g, low_p)),
            _ => (false, false),
        }),
        [(g, p)] => lifted(&[g, p], |bits| match *bits {
            [g, p] => steps.waiting(level, (g, p)),
            _ => (false, false),
        }),
        _ => Err(ValueError::Length { left: chunk.len(), right: 2 }),
    }
}

/// A step on bits as one on planes: for each case of its inputs in which it gives a 1, the indicator of the case.
fn lifted<P: BitPlane>(inputs: &[&P], step: impl Fn(&[bool]) -> Pair) -> Result<PlanePair<P>, ValueError> {
    let len = inputs.first().map_or(0, |plane| plane.len());
    let (mut g, mut p) = (P::constant(len, false), P::constant(len, false));
    for case in 0..1_u32 << inputs.len() {
        let bits: Vec<bool> = (0..inputs.len()).map(|i| case >> i & 1 == 1).collect();
        let mut indicator = P::constant(len, true);
        for (plane, &bit) in inputs.iter().zip(&bits) {
            indicator = indicator.and(&if bit { (*plane).clone() } else { plane.not() })?;
        }
        let (gives_g, gives_p) = step(&bits);
        if gives_g {
            g = g.xor(&indicator)?;
        }
        if gives_p {
            p = p.xor(&indicator)?;
        }
    }
    Ok((g, p))
}
