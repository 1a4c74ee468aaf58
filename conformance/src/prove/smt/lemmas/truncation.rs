//! Truncation gives shares of floor(x / 2^f), exact for every x.

use super::statement::{Claim, complete};
use super::world::{RingOf, truncate};
use super::{Compared, Statement, Widths, lemma};
use crate::prove::draws::{SEED, shares};
use crate::prove::smt::domain::Symbols;
use crate::prove::smt::source::Source;
use crate::prove::smt::term::{self, Term};
use crate::prove::{Backend, Lemma, ProveError};
use crate::steps::Steps;
use deepshare_reference::party::Coins;
use deepshare_reference::truncate::truncate_ring;
use deepshare_reference::values::{BitDomain, Concrete, RingVector, Width};
use serde_json::{Value, json};

/// The backends that truncate over symbols.
const BACKENDS: [Backend; 5] = [Backend::Gmw, Backend::Ot, Backend::Fss, Backend::FssSelect, Backend::Garbled];

/// Which shift of a width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shift {
    /// f = 1.
    One,
    /// f = k/2.
    Half,
    /// f = k - 1.
    Most,
}

impl Shift {
    const ALL: [Shift; 3] = [Shift::One, Shift::Half, Shift::Most];

    fn name(self) -> &'static str {
        match self {
            Shift::One => "1",
            Shift::Half => "k/2",
            Shift::Most => "k-1",
        }
    }

    fn bits(self, width: Width) -> u32 {
        match self {
            Shift::One => 1,
            Shift::Half => width.bits() / 2,
            Shift::Most => width.bits() - 1,
        }
    }
}

/// All lemmas on truncation.
pub fn all() -> impl Iterator<Item = Lemma> {
    BACKENDS.into_iter().flat_map(|backend| {
        Shift::ALL.map(|shift| {
            let name = format!("truncate/{}/f={}", backend.name(), shift.name());
            let words = "the shares of the quotient sum to floor(dec(x0 + x1) / 2^f)";
            lemma(name, "DS-TRUNC-1", backend, words, Widths::Any, Truncation { backend, shift })
        })
    })
}

/// Truncation by a shift.
struct Truncation {
    backend: Backend,
    shift: Shift,
}

/// The input's shares, and the quotient.
struct Truncated<D: BitDomain> {
    shares: [D::Ring; 2],
    quotient: D::Ring,
}

impl Statement for Truncation {
    type Run<D: BitDomain> = Truncated<D>;

    fn run<S: Source>(&self, steps: &dyn Steps, width: Width, source: &S) -> Result<Truncated<S::Domain>, ProveError> {
        let shares: [RingOf<S>; 2] = [source.coins("x0").ring(width, 1)?, source.coins("x1").ring(width, 1)?];
        let [y0, y1] = truncate(self.backend, source, steps.protocol(), self.shift.bits(width), &shares)?;
        Ok(Truncated { shares, quotient: y0.add(&y1)? })
    }

    fn claim(&self, width: Width, run: &Truncated<Symbols>) -> Result<Claim, ProveError> {
        let [x0, x1] = &run.shares;
        complete(run.quotient.words().len(), x0.words().len())?;
        let (mut named, mut claim) = (Vec::new(), Term::bit(true));
        for (x, y) in x0.add(x1)?.words().iter().zip(run.quotient.words()) {
            let expected = term::shift_right_signed(x, self.shift.bits(width));
            claim = term::and(&claim, &term::equal(y, &expected)?);
            named.extend([("x".to_owned(), x.clone()), ("y".to_owned(), y.clone()), ("expected".to_owned(), expected)]);
        }
        Ok(Claim { named, claim })
    }

    fn compare(&self, width: Width, run: &Truncated<Concrete>) -> Result<Compared, ProveError> {
        let [x0, x1] = &run.shares;
        let shift = self.shift.bits(width);
        let expected =
            x0.add(x1)?.elements().iter().map(|&x| truncate_ring(width, x, shift)).collect::<Result<Vec<_>, _>>()?;
        Ok(Compared { found: run.quotient.elements().to_vec(), expected })
    }

    fn asks(&self, width: Width, run: &Truncated<Concrete>) -> Option<(&'static str, Value)> {
        let (shift, x) = (self.shift.bits(width), shares(&run.shares));
        Some(("shared-truncation", json!({"width": width.bits(), "shift": shift, "x": x, "seeds": [SEED]})))
    }
}
