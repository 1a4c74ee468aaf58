//! Runs a program on shares, and on gates that are open already, with all roles of a backend, in any domain.
//!
//! Dealers run their real programs; their coins are variables. Gates are given by shares of their bits, since opening one
//! compares bits, which bit vectors prove. [DS-PROVE-11]

use super::channel::SteppedChannel;
use super::compare::{Answers, Asks, Compares};
use super::equation::WordSource;
use super::gates::TakesBits;
use crate::operations::protocol::stepped::StepBackend;
use crate::prove::hybrid::ot::{Functionality, HybridParty};
use crate::prove::{Backend as Name, ProveError};
use crate::steps::protocol::ProtocolSteps;
use deepshare_reference::backend::Backend;
use deepshare_reference::backend::fss::{FssDealer, FssParty};
use deepshare_reference::backend::gmw::GmwParty;
use deepshare_reference::backend::ot::{Gilboa, OtBackend};
use deepshare_reference::gate::fss::Serving;
use deepshare_reference::party::local::{Endpoint, LocalNet, run};
use deepshare_reference::party::transcript::Transcript;
use deepshare_reference::party::{PartyError, Role, SessionId, Wire};
use deepshare_reference::primitives::roles::Dealer;
use deepshare_reference::values::{BitDomain, BitPlane, Domain, RingVector, ShapePlane, ShapeRing};

/// Rings of a source's domain.
pub type RingOf<S> = <<S as crate::prove::smt::source::Source>::Domain as Domain>::Ring;
/// Planes of a source's domain.
pub type PlaneOf<S> = <<S as crate::prove::smt::source::Source>::Domain as BitDomain>::Plane;

/// A program for all roles of a backend.
#[allow(async_fn_in_trait, reason = "programs run on one thread; their futures need not be Send")]
pub trait Shared {
    /// What a role gives, from its gates and its vectors: a share or nothing.
    ///
    /// # Errors
    /// What the backend reports.
    async fn run<B: Backend>(
        &self,
        backend: &mut B,
        gates: &mut Vec<B::Gates>,
        own: &[B::Share],
    ) -> Result<Option<B::Share>, PartyError>;
}

/// What a party brings.
pub struct Side<D: BitDomain> {
    /// Its shares of the bits of open gates, group by group.
    pub bits: Vec<D::Plane>,
    /// Its vectors.
    pub own: Vec<D::Ring>,
}

/// What a party has in the end.
pub struct Ended<D: BitDomain> {
    /// Its shares of the bits of all gates.
    pub bits: Vec<D::Plane>,
    /// What the program gave.
    pub share: Option<D::Ring>,
}

/// What server and client have in the end.
pub type BothEnded<S> = [Ended<<S as crate::prove::smt::source::Source>::Domain>; 2];

/// The wires of a run.
struct Wires<'a, D: Compares> {
    net: LocalNet<<D as Wire>::Payload>,
    steps: &'a dyn ProtocolSteps,
}

type End<'a, D> = SteppedChannel<'a, D, Endpoint<<D as Wire>::Payload>>;

impl<'a, D: Compares> Wires<'a, D> {
    fn new(steps: &'a dyn ProtocolSteps) -> Wires<'a, D> {
        Wires { net: LocalNet::new(SessionId::default(), Transcript::default()), steps }
    }

    fn end(&self, role: Role) -> End<'a, D> {
        SteppedChannel::new(self.net.endpoint(role), self.steps)
    }
}

/// Runs a program with all roles of a backend.
///
/// # Errors
/// What the program reports; [`ProveError::NoProgram`] for a backend that has no run on words.
pub fn run_shared<S: WordSource>(
    backend: Name,
    source: &S,
    steps: &dyn ProtocolSteps,
    program: &impl Shared,
    sides: [Side<S::Domain>; 2],
) -> Result<BothEnded<S>, ProveError> {
    let wires = Wires::<S::Domain>::new(steps);
    match backend {
        Name::Gmw => {
            let trusted = Dealer::new(wires.end(Role::Trusted), source.coins("dealer"));
            let party = |role, coins| GmwParty::<S::Domain, _, _>::new(wires.end(role), source.coins(coins));
            let parties = [party(Role::Server, "server"), party(Role::Client, "client")];
            all_roles(&wires, trusted, parties, program, sides)
        }
        Name::Ot => {
            let trusted = OtBackend::<_, Gilboa>::new(Functionality::<S::Domain, _, _>::new(
                wires.end(Role::Trusted),
                source.coins("ideal"),
            ));
            let ots = |role, coins| HybridParty::<S::Domain, _, _>::new(wires.end(role), source.coins(coins));
            let party = |role, coins| OtBackend::<_, Gilboa>::new(ots(role, coins));
            let parties = [party(Role::Server, "server"), party(Role::Client, "client")];
            all_roles(&wires, trusted, parties, program, sides)
        }
        Name::Fss => by_keys(&wires, source, Serving::Payload, program, sides),
        Name::FssSelect => by_keys(&wires, source, Serving::Select, program, sides),
        _ => Err(ProveError::NoProgram { backend: backend.name() }),
    }
}

/// The roles of `fss`, over F_DCF.
fn by_keys<S: WordSource>(
    wires: &Wires<'_, S::Domain>,
    source: &S,
    serving: Serving,
    program: &impl Shared,
    sides: [Side<S::Domain>; 2],
) -> Result<BothEnded<S>, ProveError> {
    let answers = Answers::<S::Domain>::default();
    let trusted = FssDealer::new(wires.end(Role::Trusted), source.coins("dealer"), answers, serving);
    let party = |role, coins| FssParty::<S::Domain, _, _, _>::new(wires.end(role), source.coins(coins), Asks, serving);
    let parties = [party(Role::Server, "server"), party(Role::Client, "client")];
    all_roles(wires, trusted, parties, program, sides)
}

/// Runs a program with its roles.
fn all_roles<D, T, B>(
    wires: &Wires<'_, D>,
    mut trusted: T,
    [mut server, mut client]: [B; 2],
    program: &impl Shared,
    [of_server, of_client]: [Side<D>; 2],
) -> Result<[Ended<D>; 2], ProveError>
where
    D: Compares,
    T: TakesBits<ShapePlane, Share = ShapeRing>,
    B: TakesBits<D::Plane, Share = D::Ring>,
{
    let planes = of_client.bits.iter().map(|bits| ShapePlane::constant(bits.len(), false)).collect();
    let shapes = of_client.own.iter().map(|x| ShapeRing::constant(x.width(), x.len(), 0)).collect();
    let (_, server, client) = run(
        &wires.net,
        one_role(&mut trusted, wires.steps, program, planes, shapes),
        one_role(&mut server, wires.steps, program, of_server.bits, of_server.own),
        one_role(&mut client, wires.steps, program, of_client.bits, of_client.own),
    )?;
    Ok([server, client].map(|(bits, share)| Ended { bits, share }))
}

/// One role's run, by steps: the bits of its gates in the end, and what the program gives.
async fn one_role<P, B: TakesBits<P>>(
    backend: &mut B,
    steps: &dyn ProtocolSteps,
    program: &impl Shared,
    bits: Vec<P>,
    own: Vec<B::Share>,
) -> Result<(Vec<P>, Option<B::Share>), PartyError> {
    let mut gates = Vec::with_capacity(bits.len());
    for bits in bits {
        gates.push(backend.take_bits(bits).await?);
    }
    let share = program.run(&mut StepBackend::new(backend, steps), &mut gates, &own).await?;
    Ok((gates.iter().filter_map(B::bits).collect(), share))
}
