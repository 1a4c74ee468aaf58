//! The ring's definitions give what the integers' do, wherever the integers give anything; and what the ring gives at the one
//! place where they do not. [DS-NET-12]

use super::statement::Claim;
use super::world::RingOf;
use super::{Compared, Statement, Widths, lemma};
use crate::prove::smt::domain::Symbols;
use crate::prove::smt::source::Source;
use crate::prove::smt::term::{self, Term};
use crate::prove::{Backend, Lemma, ProveError};
use crate::steps::Steps;
use deepshare_reference::gate::{drelu_integer, drelu_ring};
use deepshare_reference::party::Coins;
use deepshare_reference::plan::StepConvention;
use deepshare_reference::truncate::{truncate_integer, truncate_ring};
use deepshare_reference::values::{BitDomain, Concrete, Width};

/// The lemmas on DReLU and on truncation.
pub fn all() -> impl Iterator<Item = Lemma> {
    let one = |name: &str, clause, words, part| {
        lemma(format!("integers/semantics/{name}"), clause, Backend::Semantics, words, Widths::Any, Element(part))
    };
    [
        one(
            "positive",
            "DS-DRELU-2",
            "DReLU_k(x - 1) is [x >= 1] for every integer x of k bits but -2^(k-1), where it is 1",
            Part::Positive,
        ),
        one("truncate", "DS-TRUNC-1", "the quotient by 2 in the ring is that on integers", Part::Halved),
    ]
    .into_iter()
}

/// Which definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// DReLU under `positive`.
    Positive,
    /// Truncation by a bit; by f bits it is that f times.
    Halved,
}

/// A statement about every element.
struct Element(Part);

/// Every element.
struct All<D: BitDomain>(D::Ring);

impl Statement for Element {
    type Run<D: BitDomain> = All<D>;

    fn run<S: Source>(&self, _steps: &dyn Steps, width: Width, source: &S) -> Result<All<S::Domain>, ProveError> {
        let x: RingOf<S> = source.coins("x").ring(width, 1)?;
        Ok(All(x))
    }

    /// In the ring operations have k bits; integers have one bit more, enough that nothing wraps.
    fn claim(&self, width: Width, All(x): &All<Symbols>) -> Result<Claim, ProveError> {
        let k = width.bits();
        let mut claim = Term::bit(true);
        for x in x.words() {
            let integer = term::sign_extend(x, 1);
            let holds = match self.0 {
                Part::Positive => {
                    let less = term::sub(x, &Term::word(k, 1))?;
                    let ring = term::signed_at_most(&Term::word(k, 0), &less)?;
                    let least = term::equal(x, &Term::word(k, width.top_bit().into()))?;
                    let positive = term::signed_at_most(&Term::word(k + 1, 1), &integer)?;
                    term::equal(&ring, &term::not(&term::and(&term::not(&positive), &term::not(&least))))?
                }
                Part::Halved => {
                    let ring = term::sign_extend(&term::shift_right_signed(x, 1), 1);
                    // q = floor(x / 2) iff x - 2q is 0 or 1
                    let rest = term::sub(&integer, &term::add(&ring, &ring)?)?;
                    let [zero, one] = [0, 1].map(|value| Term::word(k + 1, value));
                    term::xor(&term::equal(&rest, &zero)?, &term::equal(&rest, &one)?)
                }
            };
            claim = term::and(&claim, &holds);
        }
        Ok(Claim { named: Vec::new(), claim })
    }

    fn compare(&self, width: Width, All(x): &All<Concrete>) -> Result<Compared, ProveError> {
        let step = StepConvention::Positive;
        let both = |&x: &u64| match self.0 {
            Part::Positive => {
                let integers = drelu_integer(width, step, width.decode(x)).unwrap_or(x == width.top_bit());
                Ok((drelu_ring(width, step, x).into(), integers.into()))
            }
            Part::Halved => {
                let quotient = truncate_integer(width, width.decode(x), 1)?;
                Ok((truncate_ring(width, x, 1)?, width.encode_wrapping(quotient)))
            }
        };
        let (found, expected) = x.elements().iter().map(both).collect::<Result<_, ProveError>>()?;
        Ok(Compared { found, expected })
    }
}
