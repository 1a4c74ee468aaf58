//! Serving elements by open gates: shares of d_S(j) x_j. [DS-IDEAL-3]

use super::{missing, sum};
use crate::prove::poly::equation::{EquationOf, Statement, WordSource, lemma};
use crate::prove::poly::world::{PlaneOf, RingOf, Shared, Side, run_shared};
use crate::prove::{Backend, Lemma, ProveError};
use crate::steps::Steps;
use deepshare_reference::backend;
use deepshare_reference::party::{Coins, PartyError};
use deepshare_reference::values::{BitDomain, BitPlane, Ranges, RingVector, ValueError, Width};

/// The backends whose gates serve over words.
const BACKENDS: [Backend; 4] = [Backend::Gmw, Backend::Ot, Backend::Fss, Backend::FssSelect];

/// One call: which groups of gates it has, and which of their gates serves each element, as (first, length).
struct Call {
    groups: &'static [usize],
    served: &'static [(usize, usize)],
}

/// Groups of gates, given by their sizes, and the layers that they serve, one after the other.
struct Case {
    name: &'static str,
    words: &'static str,
    groups: &'static [usize],
    calls: &'static [Call],
}

const CASES: [Case; 5] = [
    Case {
        name: "one",
        words: "a gate serves one element: the shares sum to d x",
        groups: &[1],
        calls: &[Call { groups: &[0], served: &[(0, 1)] }],
    },
    Case {
        name: "reuse",
        words: "one gate of two serves three elements of a layer, each share pair sums to its d x",
        groups: &[2],
        calls: &[Call { groups: &[0], served: &[(0, 2), (0, 1), (0, 1)] }],
    },
    Case {
        name: "two-layers",
        words: "a gate that has served serves elements of a later layer: the shares sum to d x there, too",
        groups: &[2],
        calls: &[Call { groups: &[0], served: &[(0, 2)] }, Call { groups: &[0], served: &[(1, 1), (0, 1), (1, 1)] }],
    },
    Case {
        name: "groups",
        words: "gates of two groups serve elements in mixed order: the shares sum to d x",
        groups: &[2, 1],
        calls: &[Call { groups: &[0, 1], served: &[(2, 1), (0, 2), (2, 1)] }],
    },
    Case {
        name: "groups-two-layers",
        words: "a later layer is served by a group that has served and by one that has not: the shares sum to d x",
        groups: &[1, 2],
        calls: &[
            Call { groups: &[0], served: &[(0, 1), (0, 1)] },
            Call { groups: &[0, 1], served: &[(1, 2), (0, 1)] },
            Call { groups: &[1], served: &[(1, 1)] },
        ],
    },
];

/// All lemmas on serving.
pub fn all() -> impl Iterator<Item = Lemma> {
    BACKENDS.into_iter().flat_map(|backend| {
        CASES.iter().map(move |case| {
            let clause = match backend {
                Backend::Ot => "DS-OT-31",
                Backend::Fss | Backend::FssSelect => "DS-FSS-14",
                _ => "DS-GMW-4",
            };
            let name = format!("apply/{}/{}", backend.name(), case.name);
            lemma(name, clause, backend, case.words, Apply { backend, case })
        })
    })
}

/// Serving by a backend in a case.
struct Apply {
    backend: Backend,
    case: &'static Case,
}

impl Statement for Apply {
    fn run<S: WordSource>(&self, steps: &dyn Steps, width: Width, source: &S) -> Result<EquationOf<S>, ProveError> {
        let (mut d, mut x) = ([source.coins("d0"), source.coins("d1")], [source.coins("x0"), source.coins("x1")]);
        let mut side = |role: usize| -> Result<Side<S::Domain>, PartyError> {
            let (Some(d), Some(x)) = (d.get_mut(role), x.get_mut(role)) else { return Err(missing()) };
            let bits = self.case.groups.iter().map(|&gates| d.plane(gates)).collect::<Result<_, _>>()?;
            let own = self.case.calls.iter().map(|call| x.ring(width, elements(call))).collect::<Result<_, _>>()?;
            Ok(Side { bits, own })
        };
        let (server, client) = (side(0)?, side(1)?);
        let expected = expected::<S>(self.case, width, [&server, &client])?;
        sum(run_shared(self.backend, source, steps.protocol(), self.case, [server, client])?, expected)
    }
}

fn elements(call: &Call) -> usize {
    call.served.iter().map(|(_, len)| len).sum()
}

impl Call {
    /// Whom the call serves, for the groups of a case.
    fn served(&self, case: &Case) -> Result<Ranges, ValueError> {
        let gates = self.groups.iter().filter_map(|&group| case.groups.get(group)).sum();
        Ranges::new(gates, self.served.iter().copied())
    }
}

/// d_S(j) (x0 + x1)_j for all elements of all calls, with d = d0 xor d1.
fn expected<S: WordSource>(
    case: &Case,
    width: Width,
    [server, client]: [&Side<S::Domain>; 2],
) -> Result<RingOf<S>, ProveError> {
    let bits = server.bits.iter().zip(&client.bits).map(|(d0, d1)| d0.xor(d1)).collect::<Result<Vec<_>, _>>()?;
    let mut all = Vec::new();
    for (call, (x0, x1)) in case.calls.iter().zip(server.own.iter().zip(&client.own)) {
        let groups: Vec<&PlaneOf<S>> = call.groups.iter().filter_map(|&group| bits.get(group)).collect();
        let d = PlaneOf::<S>::concat(&groups).gather(&call.served(case)?)?;
        all.push(S::Domain::embed(&d, width).mul(&x0.add(x1)?)?);
    }
    Ok(RingOf::<S>::concat(width, &all.iter().collect::<Vec<_>>())?)
}

impl Shared for Case {
    async fn run<B: backend::Backend>(
        &self,
        backend: &mut B,
        gates: &mut Vec<B::Gates>,
        own: &[B::Share],
    ) -> Result<Option<B::Share>, PartyError> {
        let role = backend.role();
        let error = |source| PartyError::Value { role, step: "apply", source };
        let mut all = Vec::new();
        for (call, x) in self.calls.iter().zip(own) {
            let chosen = gates.iter_mut().enumerate().filter(|(group, _)| call.groups.contains(group));
            let mut groups: Vec<&mut B::Gates> = chosen.map(|(_, gates)| gates).collect();
            all.push(backend.apply(&mut groups, &call.served(self).map_err(error)?, x).await?);
        }
        let Some(width) = own.first().map(RingVector::width) else { return Ok(None) };
        B::Share::concat(width, &all.iter().collect::<Vec<_>>()).map(Some).map_err(error)
    }
}
