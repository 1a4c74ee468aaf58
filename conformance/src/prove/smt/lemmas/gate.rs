//! Opening a gate gives shares of DReLU(x0 + x1), under both step conventions and for every x, the boundary included.

use super::statement::{Claim, complete, words};
use super::world::{PlaneOf, RingOf, open};
use super::{Compared, Statement, Widths, lemma};
use crate::prove::draws::{SEED, shares};
use crate::prove::smt::domain::Symbols;
use crate::prove::smt::source::Source;
use crate::prove::smt::term::{self, Term};
use crate::prove::{Backend, Lemma, ProveError};
use crate::steps::Steps;
use crate::vectors::types::Element;
use deepshare_reference::gate::drelu_ring;
use deepshare_reference::party::Coins;
use deepshare_reference::plan::StepConvention;
use deepshare_reference::values::{BitDomain, BitPlane, Concrete, RingVector, Width};
use serde_json::{Value, json};

/// The backends whose gates are opened over symbols.
const BACKENDS: [Backend; 5] = [Backend::Gmw, Backend::Ot, Backend::Fss, Backend::FssSelect, Backend::Garbled];

/// All lemmas on opening.
pub fn all() -> impl Iterator<Item = Lemma> {
    BACKENDS.into_iter().flat_map(|backend| {
        [StepConvention::Nonnegative, StepConvention::Positive].map(|step| {
            let (case, clause, words) = match step {
                StepConvention::Nonnegative => {
                    ("nonnegative", "DS-DRELU-1", "the shares of the bit of x0 + x1 sum to [dec(x) >= 0]")
                }
                StepConvention::Positive => {
                    ("positive", "DS-DRELU-2", "the shares of the bit of x0 + x1 sum to [dec(x - 1) >= 0]")
                }
            };
            let name = format!("open/{}/{case}", backend.name());
            lemma(name, clause, backend, words, Widths::Any, Open { backend, step })
        })
    })
}

/// Opening one gate.
struct Open {
    backend: Backend,
    step: StepConvention,
}

/// The input's shares, and the bit.
pub struct Opened<D: BitDomain> {
    /// The shares.
    pub shares: [D::Ring; 2],
    /// The bit.
    pub bit: D::Plane,
}

impl Statement for Open {
    type Run<D: BitDomain> = Opened<D>;

    fn run<S: Source>(&self, steps: &dyn Steps, width: Width, source: &S) -> Result<Opened<S::Domain>, ProveError> {
        let shares: [RingOf<S>; 2] = [source.coins("x0").ring(width, 1)?, source.coins("x1").ring(width, 1)?];
        let [d0, d1]: [PlaneOf<S>; 2] = open(self.backend, source, steps.protocol(), self.step, &shares)?;
        Ok(Opened { shares, bit: d0.xor(&d1)? })
    }

    fn claim(&self, width: Width, run: &Opened<Symbols>) -> Result<Claim, ProveError> {
        says_drelu(width, self.step, run)
    }

    fn compare(&self, width: Width, run: &Opened<Concrete>) -> Result<Compared, ProveError> {
        compare_bits(width, self.step, run)
    }

    /// A layer in which the gate serves itself and a channel with the value 1, which becomes the bit. [DS-ACT-1]
    fn asks(&self, width: Width, run: &Opened<Concrete>) -> Option<(&'static str, Value)> {
        let channels = json!([{"source": "prototype"}, {"source": {"layer": 0, "channel": 0}}]);
        let plan = json!({
            "format": "deepshare-plan/1", "width": width.bits(), "step": self.step.to_string(),
            "layers": [{"shape": [2, 1, 1], "channels": channels}],
        });
        let mut x = shares(&run.shares);
        x.server.push(Element(1));
        x.client.push(Element(0));
        Some(("shared-activation", json!({"plan": plan, "inputs": [x], "seeds": [SEED]})))
    }
}

/// The bit is [x >= 0], under `positive` [x - 1 >= 0], as signed numbers. [DS-DRELU-1] [DS-DRELU-2]
///
/// # Errors
/// [`ProveError::Lengths`], [`ProveError::Sorts`].
pub fn says_drelu(width: Width, step: StepConvention, run: &Opened<Symbols>) -> Result<Claim, ProveError> {
    let [x0, x1] = &run.shares;
    complete(run.bit.0.len(), x0.words().len())?;
    let (mut named, mut claim) = (Vec::new(), Term::bit(true));
    for (x, bit) in x0.add(x1)?.words().iter().zip(&run.bit.0) {
        let less = u128::from(step == StepConvention::Positive);
        let compared = term::sub(x, &Term::word(width.bits(), less))?;
        let expected = term::signed_at_most(&Term::word(width.bits(), 0), &compared)?;
        claim = term::and(&claim, &term::equal(bit, &expected)?);
        let terms = [("x", x.clone()), ("d", bit.clone()), ("expected", expected)];
        named.extend(terms.map(|(name, term)| (name.to_owned(), term)));
    }
    Ok(Claim { named, claim })
}

/// The bit, and what the reference's semantics says.
///
/// # Errors
/// [`ProveError::Value`].
pub fn compare_bits(width: Width, step: StepConvention, run: &Opened<Concrete>) -> Result<Compared, ProveError> {
    let [x0, x1] = &run.shares;
    let expected: Vec<bool> = x0.add(x1)?.elements().iter().map(|&x| drelu_ring(width, step, x)).collect();
    Ok(Compared { found: words(&run.bit.to_bits()), expected: words(&expected) })
}
