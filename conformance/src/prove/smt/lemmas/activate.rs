//! The bits of the gates that an activation layer of `fss` opens while they serve, and the formula that makes them.
//!
//! That the layer's outputs are d x is a statement on words, for the d of that formula [DS-PROVE-12]; here the formula is
//! DReLU, and so is what the gates keep for later layers.

use super::gate::{Opened, compare_bits, says_drelu};
use super::statement::Claim;
use super::world::{PlaneOf, RingOf, activate};
use super::{Compared, Statement, Widths, lemma};
use crate::prove::hybrid::dcf::less;
use crate::prove::masked::bit_of_masked;
use crate::prove::smt::domain::Symbols;
use crate::prove::smt::source::Source;
use crate::prove::{Backend, Lemma, ProveError};
use crate::steps::Steps;
use deepshare_reference::party::Coins;
use deepshare_reference::plan::StepConvention;
use deepshare_reference::values::{BitDomain, BitPlane, Concrete, RingVector, Width};

const STEPS: [StepConvention; 2] = [StepConvention::Nonnegative, StepConvention::Positive];

/// All lemmas on bits of activation layers.
pub fn all() -> impl Iterator<Item = Lemma> {
    let layers = [Backend::Fss, Backend::FssSelect].into_iter().flat_map(|backend| {
        STEPS.map(|step| {
            let clause = if backend == Backend::Fss { "DS-FSS-12" } else { "DS-FSS-13" };
            let name = format!("activate/{}/bit/{step}", backend.name());
            let words = "the shares of the bit that a layer's gate keeps sum to DReLU(x0 + x1)";
            lemma(name, clause, backend, words, Widths::Any, Layer { backend, step })
        })
    });
    let formulas = STEPS.map(|step| {
        let name = format!("masked/semantics/{step}");
        let words = "s xor t xor [y < r'] of x + r and r is DReLU(x), for every mask r";
        lemma(name, "DS-FSS-11", Backend::Semantics, words, Widths::Any, Formula { step })
    });
    layers.chain(formulas)
}

/// A layer of one element, whose gate serves it.
struct Layer {
    backend: Backend,
    step: StepConvention,
}

impl Statement for Layer {
    type Run<D: BitDomain> = Opened<D>;

    fn run<S: Source>(&self, steps: &dyn Steps, width: Width, source: &S) -> Result<Opened<S::Domain>, ProveError> {
        let shares: [RingOf<S>; 2] = [source.coins("x0").ring(width, 1)?, source.coins("x1").ring(width, 1)?];
        let [d0, d1]: [PlaneOf<S>; 2] = activate(self.backend, source, steps.protocol(), self.step, &shares)?;
        Ok(Opened { shares, bit: d0.xor(&d1)? })
    }

    fn claim(&self, width: Width, run: &Opened<Symbols>) -> Result<Claim, ProveError> {
        says_drelu(width, self.step, run)
    }

    fn compare(&self, width: Width, run: &Opened<Concrete>) -> Result<Compared, ProveError> {
        compare_bits(width, self.step, run)
    }
}

/// The formula, without a protocol.
struct Formula {
    step: StepConvention,
}

impl Statement for Formula {
    type Run<D: BitDomain> = Opened<D>;

    fn run<S: Source>(&self, _steps: &dyn Steps, width: Width, source: &S) -> Result<Opened<S::Domain>, ProveError> {
        let [x, r]: [RingOf<S>; 2] = [source.coins("x").ring(width, 1)?, source.coins("r").ring(width, 1)?];
        let bit = bit_of_masked::<S::Domain>(self.step, &x.add(&r)?, &r, |y, r| less(y, r, 1))?;
        let nothing = RingOf::<S>::constant(width, 1, 0);
        Ok(Opened { shares: [x, nothing], bit })
    }

    fn claim(&self, width: Width, run: &Opened<Symbols>) -> Result<Claim, ProveError> {
        says_drelu(width, self.step, run)
    }

    fn compare(&self, width: Width, run: &Opened<Concrete>) -> Result<Compared, ProveError> {
        compare_bits(width, self.step, run)
    }
}
