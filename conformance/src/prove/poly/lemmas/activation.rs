//! An activation layer of `fss`: gates are opened on masked elements and serve in the same calls. [DS-FSS-12] [DS-FSS-13]
//!
//! How bits of the masked element and a comparison make the bit d is a step on bits. Here they are variables: in the payload
//! form d is s xor t xor [y < r'] for any s, t and comparison; in the select form it is what the gates' shares of bits sum to.
//! That the formula is DReLU, and that gates keep it, are lemmas on bits: `masked/semantics`, `activate/B/bit`.

use super::{missing, sum};
use crate::prove::masked::bit_of_masked;
use crate::prove::poly::compare::Compares;
use crate::prove::poly::equation::{EquationOf, Statement, WordSource, lemma};
use crate::prove::poly::world::{PlaneOf, RingOf, Shared, Side, run_shared};
use crate::prove::{Backend, Lemma, ProveError};
use crate::steps::Steps;
use deepshare_reference::backend::{self, Activation};
use deepshare_reference::party::{Coins, PartyError};
use deepshare_reference::plan::StepConvention;
use deepshare_reference::values::{BitDomain, BitPlane, Ranges, RingVector, ValueError, Width};

/// A layer: its elements, those on which gates are opened, the gates of an earlier group, and whom all gates serve: the
/// earlier ones, then the new ones.
struct Case {
    name: &'static str,
    elements: usize,
    prototypes: &'static [(usize, usize)],
    earlier: usize,
    served: &'static [(usize, usize)],
}

const CASES: [Case; 3] = [
    Case { name: "one", elements: 1, prototypes: &[(0, 1)], earlier: 0, served: &[(0, 1)] },
    Case { name: "reuse", elements: 3, prototypes: &[(0, 1), (2, 1)], earlier: 0, served: &[(0, 1), (1, 1), (1, 1)] },
    Case {
        name: "with-earlier",
        elements: 4,
        prototypes: &[(1, 1)],
        earlier: 2,
        served: &[(1, 1), (2, 1), (2, 1), (0, 1)],
    },
];

/// All lemmas on activation layers.
pub fn all() -> impl Iterator<Item = Lemma> {
    [Backend::Fss, Backend::FssSelect].into_iter().flat_map(|backend| {
        CASES.iter().flat_map(move |case| {
            [StepConvention::Nonnegative, StepConvention::Positive].map(|step| {
                let clause = if backend == Backend::Fss { "DS-FSS-12" } else { "DS-FSS-13" };
                let name = format!("activate/{}/{}/{step}", backend.name(), case.name);
                lemma(name, clause, backend, "the shares of each element sum to d x", Layer { backend, step, case })
            })
        })
    })
}

/// An activation layer of a backend.
struct Layer {
    backend: Backend,
    step: StepConvention,
    case: &'static Case,
}

impl Case {
    fn prototypes(&self) -> Result<Ranges, ValueError> {
        Ranges::new(self.elements, self.prototypes.iter().copied())
    }

    fn served(&self) -> Result<Ranges, ValueError> {
        Ranges::new(self.earlier + self.prototypes.len(), self.served.iter().copied())
    }
}

impl Statement for Layer {
    fn run<S: WordSource>(&self, steps: &dyn Steps, width: Width, source: &S) -> Result<EquationOf<S>, ProveError> {
        let elements = self.case.elements;
        let [x0, x1] = [source.coins("x0").ring(width, elements)?, source.coins("x1").ring(width, elements)?];
        let [d0, d1] = [source.coins("d0"), source.coins("d1")].map(|mut coins| coins.plane(self.case.earlier));
        let (d0, d1) = (d0?, d1?);
        let (x, earlier) = (x0.add(&x1)?, d0.xor(&d1)?);
        let bits = |d: PlaneOf<S>| if d.is_empty() { Vec::new() } else { vec![d] };
        let sides = [Side { bits: bits(d0), own: vec![x0] }, Side { bits: bits(d1), own: vec![x1] }];
        let ended = run_shared(self.backend, source, steps.protocol(), self, sides)?;
        let own = match self.backend {
            Backend::Fss => self.bit_of_masked(source, &x)?,
            _ => match ended.each_ref().map(|party| party.bits.last()) {
                [Some(d0), Some(d1)] => d0.xor(d1)?,
                _ => return Err(missing().into()),
            },
        };
        let d = PlaneOf::<S>::concat(&[&earlier, &own]).gather(&self.case.served()?)?;
        sum(ended, S::Domain::embed(&d, width).mul(&x)?)
    }
}

impl Layer {
    /// d = s xor t xor [y < r'], with r, the first that the dealer draws. [DS-FSS-11] [DS-FSS-31]
    fn bit_of_masked<S: WordSource>(&self, source: &S, x: &RingOf<S>) -> Result<PlaneOf<S>, ProveError> {
        let prototypes = self.case.prototypes()?;
        let r = source.coins("dealer").ring(x.width(), x.len())?;
        let hidden = x.add(&r)?.gather(&prototypes)?;
        Ok(bit_of_masked::<S::Domain>(self.step, &hidden, &r.gather(&prototypes)?, S::Domain::below)?)
    }
}

impl Shared for Layer {
    async fn run<B: backend::Backend>(
        &self,
        backend: &mut B,
        gates: &mut Vec<B::Gates>,
        own: &[B::Share],
    ) -> Result<Option<B::Share>, PartyError> {
        let role = backend.role();
        let error = |source| PartyError::Value { role, step: "activate", source };
        let [x] = own else { return Err(missing()) };
        let (prototypes, served) = (self.case.prototypes().map_err(error)?, self.case.served().map_err(error)?);
        let gated = Ranges::all(self.case.elements);
        let layer = Activation { step: self.step, prototypes: &prototypes, gated: &gated, served: &served };
        let (opened, y) = backend.activate(&layer, x, gates.iter_mut().collect()).await?;
        gates.push(opened);
        Ok(Some(y))
    }
}
