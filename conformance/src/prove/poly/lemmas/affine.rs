//! A whole layer of replicates, by a plan: y = (alpha d + beta) x, channels without a gate times 2^s. [DS-ACT-1]
//!
//! Its gates were opened by an earlier layer. The gates' factors are constants here; as weights of a private layer they are
//! any words in the lemmas on linear layers, whose map `affine` is.

use super::{missing, sum};
use crate::prove::poly::equation::{EquationOf, Statement, WordSource, lemma};
use crate::prove::poly::world::{RingOf, Shared, Side, run_shared};
use crate::prove::{Backend, Lemma, ProveError};
use crate::steps::Steps;
use deepshare_reference::backend;
use deepshare_reference::network::activation::{activate, private_gates};
use deepshare_reference::party::{Coins, PartyError};
use deepshare_reference::plan::{AffineGate, Channel, Plan, PlanLayer};
use deepshare_reference::plan::{Source as GateSource, StepConvention, Visibility};
use deepshare_reference::values::{BitDomain, BitPlane, Ranges, RingVector, Shape, ValueError, Width};

/// The backends whose layers run over words, and whether their private gates do: Gilboa's products take the bits of d x,
/// which are no words'.
const BACKENDS: [(Backend, &[Visibility]); 4] = [
    (Backend::Gmw, &[Visibility::Public, Visibility::Private]),
    (Backend::Ot, &[Visibility::Public]),
    (Backend::Fss, &[Visibility::Public, Visibility::Private]),
    (Backend::FssSelect, &[Visibility::Public, Visibility::Private]),
];

/// Positions of a channel, images of the batch, prototypes of the earlier layer.
const AREA: usize = 2;
const BATCH: usize = 2;
const PROTOTYPES: usize = 2;
/// The later layer's channels: the prototype, alpha and beta; or none, for a linear channel.
const CHANNELS: [Option<(usize, i64, i64)>; 4] = [Some((1, -1, 1)), None, Some((0, 1, 0)), Some((1, 1, -2))];

/// All lemmas on layers of replicates.
pub fn all() -> impl Iterator<Item = Lemma> {
    let cases = BACKENDS.into_iter().flat_map(|(backend, visibilities)| {
        visibilities.iter().flat_map(move |&visibility| SCALES.map(|scale| Affine { backend, visibility, scale }))
    });
    cases.map(|case| {
        let (visible, clause) = match case.visibility {
            Visibility::Public => ("public", "DS-ACT-3"),
            Visibility::Private => ("private", "DS-ACT-4"),
        };
        let words = "the shares of a channel sum to (alpha d + beta) x, of one without a gate to 2^s x";
        let name = format!("affine/{}/{visible}/{}", case.backend.name(), case.scale.name());
        lemma(name, clause, case.backend, words, case)
    })
}

/// A scale s of the layer's gates, 0 to k - 2. [DS-PLAN-14]
#[derive(Clone, Copy, Debug)]
enum Scale {
    /// 0.
    Zero,
    /// k - 2.
    Largest,
}

const SCALES: [Scale; 2] = [Scale::Zero, Scale::Largest];

impl Scale {
    fn name(self) -> &'static str {
        match self {
            Scale::Zero => "s=0",
            Scale::Largest => "s=k-2",
        }
    }

    fn bits(self, width: Width) -> u32 {
        match self {
            Scale::Zero => 0,
            Scale::Largest => width.bits() - 2,
        }
    }
}

/// A layer of replicates of a backend.
struct Affine {
    backend: Backend,
    visibility: Visibility,
    scale: Scale,
}

/// The plan: two prototypes, then replicates of them and a linear channel.
fn plan(width: Width, visibility: Visibility, gate_scale: u32) -> Result<Plan, ProveError> {
    let shape = |channels| Shape::new(channels, 1, AREA);
    let prototype = Channel { source: GateSource::Prototype, gate: None };
    let channel = |of: Option<(usize, i64, i64)>| match of {
        None => Channel { source: GateSource::Linear, gate: None },
        Some((channel, alpha, beta)) => {
            let gate = Some(AffineGate { alpha, beta });
            Channel { source: GateSource::Replicate { layer: 0, channel }, gate }
        }
    };
    let channels = CHANNELS.map(channel).to_vec();
    let first = PlanLayer {
        shape: shape(PROTOTYPES)?,
        gate_scale: 0,
        visibility: Visibility::Public,
        channels: vec![prototype; PROTOTYPES],
    };
    let second = PlanLayer { shape: shape(CHANNELS.len())?, gate_scale, visibility, channels };
    Ok(Plan::new(width, StepConvention::Nonnegative, vec![first, second])?)
}

impl Statement for Affine {
    fn run<S: WordSource>(&self, steps: &dyn Steps, width: Width, source: &S) -> Result<EquationOf<S>, ProveError> {
        let scale = self.scale.bits(width);
        let plan = plan(width, self.visibility, scale)?;
        let layer = plan.layers().get(1).ok_or_else(missing)?;
        let (gates, elements) = (BATCH * PROTOTYPES * AREA, BATCH * CHANNELS.len() * AREA);
        let [d0, d1] = [source.coins("d0").plane(gates)?, source.coins("d1").plane(gates)?];
        let [x0, x1] = [source.coins("x0").ring(width, elements)?, source.coins("x1").ring(width, elements)?];
        let d = S::Domain::embed(&d0.xor(&d1)?, width);
        let expected = expected(&d, &x0.add(&x1)?, scale)?;
        let factors = steps.protocol().gate_weights(layer);
        let weights: Vec<RingOf<S>> =
            factors.iter().map(|&factor| RingOf::<S>::constant(width, 1, width.encode_wrapping(factor))).collect();
        let weights = RingOf::<S>::concat(width, &weights.iter().collect::<Vec<_>>())?;
        let server = Side { bits: vec![d0], own: vec![x0, weights] };
        let client = Side { bits: vec![d1], own: vec![x1] };
        sum(run_shared(self.backend, source, steps.protocol(), &plan, [server, client])?, expected)
    }
}

/// The formula, element by element: images, then channels, then positions; gates likewise, by prototypes.
fn expected<R: RingVector>(d: &R, x: &R, scale: u32) -> Result<R, ValueError> {
    let (mut served, mut alphas, mut betas) = (Ranges::empty(d.len()), Vec::new(), Vec::new());
    for image in 0..BATCH {
        for channel in CHANNELS {
            let (prototype, alpha, beta) = channel.unwrap_or((0, 0, 1 << scale));
            served.push((image * PROTOTYPES + prototype) * AREA, AREA)?;
            alphas.push((AREA, x.width().encode_wrapping(alpha)));
            betas.push((AREA, x.width().encode_wrapping(beta)));
        }
    }
    d.gather(&served)?.mul(x)?.scale_runs(&alphas)?.add(&x.scale_runs(&betas)?)
}

impl Shared for Plan {
    async fn run<B: backend::Backend>(
        &self,
        backend: &mut B,
        gates: &mut Vec<B::Gates>,
        own: &[B::Share],
    ) -> Result<Option<B::Share>, PartyError> {
        let role = backend.role();
        let error = |source| PartyError::Value { role, step: "affine", source };
        let [x, rest @ ..] = own else { return Err(missing()) };
        let map = self.layers().get(1).map(private_gates).transpose().map_err(error)?.flatten();
        let weights = match map {
            Some(map) => Some(backend.weights(&map, x.width(), rest.first()).await?),
            None => None,
        };
        let mut of_layers = std::mem::take(gates).into_iter().map(Some).collect();
        let y = activate(backend, self, 1, BATCH, &mut of_layers, weights.as_ref(), x).await?;
        gates.extend(of_layers.into_iter().flatten());
        Ok(Some(y))
    }
}
