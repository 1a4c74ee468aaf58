//! Input and output: the client gets what it gave. [DS-IO-1] [DS-IO-2]

use super::missing;
use crate::prove::poly::equation::{Equation, EquationOf, Statement, WordSource, lemma};
use crate::prove::poly::world::{Shared, Side, run_shared};
use crate::prove::{Backend, Lemma, ProveError};
use crate::steps::Steps;
use deepshare_reference::backend;
use deepshare_reference::party::{Coins, PartyError, Role};
use deepshare_reference::values::Width;

/// The backends whose transfers run over words.
const BACKENDS: [Backend; 4] = [Backend::Gmw, Backend::Ot, Backend::Fss, Backend::FssSelect];

/// How many elements.
const ELEMENTS: usize = 2;

/// All lemmas on input and output.
pub fn all() -> impl Iterator<Item = Lemma> {
    let words = "what the client shares as input opens to it as output";
    BACKENDS.into_iter().map(move |backend| {
        lemma(format!("transfer/{}", backend.name()), "DS-IO-2", backend, words, Transfer { backend })
    })
}

/// Sharing and opening.
struct Transfer {
    backend: Backend,
}

impl Statement for Transfer {
    fn run<S: WordSource>(&self, steps: &dyn Steps, width: Width, source: &S) -> Result<EquationOf<S>, ProveError> {
        let x = source.coins("x").ring(width, ELEMENTS)?;
        let sides = [Side { bits: Vec::new(), own: Vec::new() }, Side { bits: Vec::new(), own: vec![x.clone()] }];
        let [_, client] = run_shared(self.backend, source, steps.protocol(), &InAndOut { width }, sides)?;
        Ok(Equation { found: client.share.ok_or_else(missing)?, expected: x })
    }
}

/// Input, then output.
struct InAndOut {
    width: Width,
}

impl Shared for InAndOut {
    async fn run<B: backend::Backend>(
        &self,
        backend: &mut B,
        _gates: &mut Vec<B::Gates>,
        own: &[B::Share],
    ) -> Result<Option<B::Share>, PartyError> {
        let own = own.first().filter(|_| backend.role() == Role::Client);
        let shared = backend.input(own, self.width, ELEMENTS).await?;
        backend.output(&shared).await
    }
}
