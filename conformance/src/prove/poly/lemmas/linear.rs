//! Linear layers: shares of map(W, x), for two inputs under weights that are prepared once. [DS-LIN-2]

use super::{missing, sum};
use crate::prove::poly::equation::{EquationOf, Statement, WordSource, lemma};
use crate::prove::poly::world::{RingOf, Shared, Side, run_shared};
use crate::prove::{Backend, Lemma, ProveError};
use crate::steps::Steps;
use deepshare_reference::backend;
use deepshare_reference::party::{Coins, PartyError};
use deepshare_reference::values::{BitDomain, LinearMap, Ranges, RingVector, Shape, ValueError, Width, Window};

/// The backends that evaluate linear layers over words.
const BACKENDS: [Backend; 4] = [Backend::Gmw, Backend::Ot, Backend::Fss, Backend::FssSelect];

/// A map by name, and how many inputs a batch has.
struct Case {
    name: &'static str,
    batch: usize,
    map: fn() -> Result<LinearMap, ValueError>,
}

const CASES: [Case; 4] = [
    Case { name: "dense", batch: 2, map: || LinearMap::dense(Shape::new(3, 1, 1)?, 2) },
    Case { name: "convolution", batch: 1, map: || convolution(2, 1) },
    Case { name: "depthwise", batch: 2, map: || convolution(2, 2) },
    Case { name: "affine", batch: 1, map: || LinearMap::affine(Shape::new(3, 1, 2)?, vec![true, false, true]) },
];

/// Two output channels of a 2 x 2 kernel over channels of 2 x 3, padded by 1, stepped by 2 in columns.
fn convolution(channels: usize, groups: usize) -> Result<LinearMap, ValueError> {
    let window = Window { kernel: [2, 2], stride: [1, 2], padding: [1, 1], dilation: [1, 1] };
    LinearMap::convolution(Shape::new(channels, 2, 3)?, 2, window, groups)
}

/// All lemmas on linear layers.
pub fn all() -> impl Iterator<Item = Lemma> {
    BACKENDS.into_iter().flat_map(|backend| {
        CASES.iter().map(move |case| {
            let clause = if backend == Backend::Ot { "DS-OT-50" } else { "DS-LIN-8" };
            let name = format!("linear/{}/{}", backend.name(), case.name);
            lemma(name, clause, backend, "the shares of the output sum to map(W, x0 + x1)", Linear { backend, case })
        })
    })
}

/// A linear layer of a backend.
struct Linear {
    backend: Backend,
    case: &'static Case,
}

impl Statement for Linear {
    fn run<S: WordSource>(&self, steps: &dyn Steps, width: Width, source: &S) -> Result<EquationOf<S>, ProveError> {
        let map = (self.case.map)()?;
        let inputs = map.inputs() * self.case.batch;
        let weights = source.coins("W").ring(width, map.weights())?;
        let mut of_server = source.coins("x0");
        let server = [of_server.ring(width, inputs)?, of_server.ring(width, inputs)?];
        let client = self.of_client(source, width, inputs)?;
        let mut expected = Vec::new();
        for (x0, x1) in server.iter().zip(&client) {
            expected.push(RingOf::<S>::linear(&map, &weights, &x0.add(x1)?, self.case.batch)?);
        }
        let expected = RingOf::<S>::concat(width, &expected.iter().collect::<Vec<_>>())?;
        let own = server.into_iter().chain([weights]).collect();
        let sides = [Side { bits: Vec::new(), own }, Side { bits: Vec::new(), own: client.into() }];
        let program = Layer { map, batch: self.case.batch };
        sum(run_shared(self.backend, source, steps.protocol(), &program, sides)?, expected)
    }
}

impl Linear {
    /// The client's shares: words; for `ot` sums of 2^j b_j, because Gilboa's products take each bit. [DS-OT-50]
    fn of_client<S: WordSource>(&self, source: &S, width: Width, inputs: usize) -> Result<[RingOf<S>; 2], ProveError> {
        let mut coins = source.coins("x1");
        if self.backend != Backend::Ot {
            return Ok([coins.ring(width, inputs)?, coins.ring(width, inputs)?]);
        }
        let mut x = RingOf::<S>::constant(width, 2 * inputs, 0);
        for j in 0..width.bits() {
            x = x.add(&S::Domain::embed(&coins.plane(2 * inputs)?, width).scale(1 << j))?;
        }
        let half = |first| x.gather(&Ranges::new(2 * inputs, [(first, inputs)])?);
        Ok([half(0)?, half(inputs)?])
    }
}

/// Weights that are prepared once, and two batches of inputs.
struct Layer {
    map: LinearMap,
    batch: usize,
}

impl Shared for Layer {
    async fn run<B: backend::Backend>(
        &self,
        backend: &mut B,
        _gates: &mut Vec<B::Gates>,
        own: &[B::Share],
    ) -> Result<Option<B::Share>, PartyError> {
        let [first, second, rest @ ..] = own else { return Err(missing()) };
        let weights = backend.weights(&self.map, first.width(), rest.first()).await?;
        let outputs =
            [backend.linear(&weights, first, self.batch).await?, backend.linear(&weights, second, self.batch).await?];
        let role = backend.role();
        let all = B::Share::concat(first.width(), &outputs.iter().collect::<Vec<_>>());
        all.map(Some).map_err(|source| PartyError::Value { role, step: "linear", source })
    }
}
