//! Runs one call of a backend with all its roles, in any domain.
//!
//! Dealers run their real programs: what they deal is what their coins, which are variables, make of it. Where a backend's
//! step is hidden behind OT or comparison keys, the ideal functionality stands in its place. [DS-PROVE-2]

use crate::operations::protocol::stepped::StepBackend;
use crate::prove::hybrid::dcf::{HybridCompare, IdealCompare};
use crate::prove::hybrid::ot::{Functionality, HybridParty};
use crate::prove::smt::source::Source;
use crate::prove::{Backend as Name, ProveError};
use crate::steps::protocol::ProtocolSteps;
use deepshare_reference::backend::fss::{FssDealer, FssParty};
use deepshare_reference::backend::garbled::GarbledBackend;
use deepshare_reference::backend::gmw::GmwParty;
use deepshare_reference::backend::ot::{Gilboa, OtBackend};
use deepshare_reference::backend::run::NoCoins;
use deepshare_reference::backend::{Activation, Backend};
use deepshare_reference::gate::fss::Serving;
use deepshare_reference::gate::{masked, ot};
use deepshare_reference::party::local::{LocalNet, run};
use deepshare_reference::party::transcript::Transcript;
use deepshare_reference::party::{BitWire, Carried, Channel, Coins, Role, SessionId, Wire};
use deepshare_reference::plan::StepConvention;
use deepshare_reference::primitives::roles::Dealer;
use deepshare_reference::values::{BitDomain, Domain, Ranges, RingVector, ShapeRing};

/// Rings of a source's domain.
pub type RingOf<S> = <<S as Source>::Domain as Domain>::Ring;
/// Planes of a source's domain.
pub type PlaneOf<S> = <<S as Source>::Domain as BitDomain>::Plane;
type PayloadOf<S> = <<S as Source>::Domain as Wire>::Payload;

/// A computing party whose gates show its share of their bits.
pub trait ShowsBits<D: BitDomain>: Backend<Share = D::Ring> {
    /// The share.
    fn bits(gates: &Self::Gates) -> D::Plane;
}

impl<D: BitWire, C: Channel<D::Payload>, K: Coins<D>> ShowsBits<D> for GmwParty<D, C, K> {
    fn bits(gates: &masked::Gates<D>) -> D::Plane {
        gates.bit().clone()
    }
}

impl<D: BitWire, C: Channel<D::Payload>, K: Coins<D>> ShowsBits<D> for FssParty<D, C, K, HybridCompare> {
    fn bits(gates: &masked::Gates<D>) -> D::Plane {
        gates.bit().clone()
    }
}

impl<D: BitWire, C: Channel<D::Payload>, K: Coins<D>> ShowsBits<D> for OtBackend<HybridParty<D, C, K>, Gilboa> {
    fn bits(gates: &ot::Gates<HybridParty<D, C, K>>) -> D::Plane {
        gates.bit().clone()
    }
}

impl<D: BitWire, C: Channel<D::Payload>, K: Coins<D>> ShowsBits<D> for GarbledBackend<HybridParty<D, C, K>, Gilboa> {
    fn bits(gates: &ot::Gates<HybridParty<D, C, K>>) -> D::Plane {
        gates.bit().clone()
    }
}

/// The roles of one session of a backend.
struct Roles<T, B> {
    trusted: T,
    server: B,
    client: B,
}

/// Both parties' shares of the bits of gates on x, opened by an implementation's steps.
///
/// # Errors
/// What the program reports; [`ProveError::NoProgram`] for a backend that does not open gates over symbols.
pub fn open<S: Source>(
    backend: Name,
    source: &S,
    steps: &dyn ProtocolSteps,
    step: StepConvention,
    x: &[RingOf<S>; 2],
) -> Result<[PlaneOf<S>; 2], ProveError> {
    let net = LocalNet::<PayloadOf<S>>::new(SessionId::default(), Transcript::default());
    match backend {
        Name::Gmw => open_in::<S::Domain, _, _>(&net, gmw(&net, source), steps, step, x),
        Name::Ot => open_in::<S::Domain, _, _>(&net, over_ot(&net, source), steps, step, x),
        Name::Garbled => open_in::<S::Domain, _, _>(&net, garbled(&net, source), steps, step, x),
        Name::FssSelect => open_in::<S::Domain, _, _>(&net, fss(&net, source, Serving::Select), steps, step, x),
        Name::Fss => open_in::<S::Domain, _, _>(&net, fss(&net, source, Serving::Payload), steps, step, x),
        _ => Err(ProveError::NoProgram { backend: backend.name() }),
    }
}

/// Both parties' shares of the bit of the gate that a layer of one element opens on it, by an implementation's steps.
///
/// # Errors
/// As [`open`].
pub fn activate<S: Source>(
    backend: Name,
    source: &S,
    steps: &dyn ProtocolSteps,
    step: StepConvention,
    x: &[RingOf<S>; 2],
) -> Result<[PlaneOf<S>; 2], ProveError> {
    let net = LocalNet::<PayloadOf<S>>::new(SessionId::default(), Transcript::default());
    match backend {
        Name::Fss => activate_in::<S::Domain, _, _>(&net, fss(&net, source, Serving::Payload), steps, step, x),
        Name::FssSelect => activate_in::<S::Domain, _, _>(&net, fss(&net, source, Serving::Select), steps, step, x),
        _ => Err(ProveError::NoProgram { backend: backend.name() }),
    }
}

/// Both parties' shares of the truncated x, by an implementation's steps.
///
/// # Errors
/// As [`open`].
pub fn truncate<S: Source>(
    backend: Name,
    source: &S,
    steps: &dyn ProtocolSteps,
    shift: u32,
    x: &[RingOf<S>; 2],
) -> Result<[RingOf<S>; 2], ProveError> {
    let net = LocalNet::<PayloadOf<S>>::new(SessionId::default(), Transcript::default());
    match backend {
        Name::Gmw => truncate_in::<S::Domain, _, _>(&net, gmw(&net, source), steps, shift, x),
        Name::Ot => truncate_in::<S::Domain, _, _>(&net, over_ot(&net, source), steps, shift, x),
        Name::Garbled => truncate_in::<S::Domain, _, _>(&net, garbled(&net, source), steps, shift, x),
        Name::FssSelect => truncate_in::<S::Domain, _, _>(&net, fss(&net, source, Serving::Select), steps, shift, x),
        Name::Fss => truncate_in::<S::Domain, _, _>(&net, fss(&net, source, Serving::Payload), steps, shift, x),
        _ => Err(ProveError::NoProgram { backend: backend.name() }),
    }
}

type End<S> = deepshare_reference::party::local::Endpoint<PayloadOf<S>>;

type GmwRoles<S> = Roles<
    Dealer<<S as Source>::Domain, End<S>, <S as Source>::Coins>,
    GmwParty<<S as Source>::Domain, End<S>, NoCoins>,
>;

/// Dealer and parties of `gmw`.
fn gmw<S: Source>(net: &LocalNet<PayloadOf<S>>, source: &S) -> GmwRoles<S> {
    let party = |role| GmwParty::new(net.endpoint(role), NoCoins);
    Roles {
        trusted: Dealer::new(net.endpoint(Role::Trusted), source.coins("dealer")),
        server: party(Role::Server),
        client: party(Role::Client),
    }
}

type FssRoles<S> = Roles<
    FssDealer<
        <S as Source>::Domain,
        End<S>,
        <S as Source>::Coins,
        IdealCompare<<S as Source>::Domain, <S as Source>::Coins>,
    >,
    FssParty<<S as Source>::Domain, End<S>, NoCoins, HybridCompare>,
>;

/// Dealer and parties of `fss` over F_DCF.
fn fss<S: Source>(net: &LocalNet<PayloadOf<S>>, source: &S, serving: Serving) -> FssRoles<S> {
    let party = |role| FssParty::new(net.endpoint(role), NoCoins, HybridCompare, serving);
    let ideal = IdealCompare::new(source.coins("dcf"));
    Roles {
        trusted: FssDealer::new(net.endpoint(Role::Trusted), source.coins("dealer"), ideal, serving),
        server: party(Role::Server),
        client: party(Role::Client),
    }
}

type Functions<S> = Functionality<<S as Source>::Domain, End<S>, <S as Source>::Coins>;
type OverFunctions<S> = HybridParty<<S as Source>::Domain, End<S>, <S as Source>::Coins>;

/// Roles of a backend over F_OT and F_COT, or F_Carries and F_COT: its trusted party and its parties on their interfaces.
fn hybrid<S: Source, T, P>(
    net: &LocalNet<PayloadOf<S>>,
    source: &S,
    trusted: fn(Functions<S>) -> T,
    party: fn(OverFunctions<S>) -> P,
) -> Roles<T, P> {
    let party = |role, name| party(HybridParty::new(net.endpoint(role), source.coins(name)));
    Roles {
        trusted: trusted(Functionality::new(net.endpoint(Role::Trusted), source.coins("ideal"))),
        server: party(Role::Server, "server"),
        client: party(Role::Client, "client"),
    }
}

type OtRoles<S> = Roles<OtBackend<Functions<S>, Gilboa>, OtBackend<OverFunctions<S>, Gilboa>>;

fn over_ot<S: Source>(net: &LocalNet<PayloadOf<S>>, source: &S) -> OtRoles<S> {
    hybrid(net, source, OtBackend::new, OtBackend::new)
}

type GarbledRoles<S> = Roles<GarbledBackend<Functions<S>, Gilboa>, GarbledBackend<OverFunctions<S>, Gilboa>>;

fn garbled<S: Source>(net: &LocalNet<PayloadOf<S>>, source: &S) -> GarbledRoles<S> {
    hybrid(net, source, GarbledBackend::new, GarbledBackend::new)
}

fn open_in<D: BitWire<Payload: Carried>, T: Backend<Share = ShapeRing>, B: ShowsBits<D>>(
    net: &LocalNet<D::Payload>,
    mut roles: Roles<T, B>,
    steps: &dyn ProtocolSteps,
    step: StepConvention,
    [x0, x1]: &[D::Ring; 2],
) -> Result<[D::Plane; 2], ProveError> {
    let shape = ShapeRing::constant(x0.width(), x0.len(), 0);
    let (_, server, client) = run(
        net,
        StepBackend::new(&mut roles.trusted, steps).open(step, &shape),
        StepBackend::new(&mut roles.server, steps).open(step, x0),
        StepBackend::new(&mut roles.client, steps).open(step, x1),
    )?;
    Ok([B::bits(&server), B::bits(&client)])
}

fn activate_in<D: BitWire<Payload: Carried>, T: Backend<Share = ShapeRing>, B: ShowsBits<D>>(
    net: &LocalNet<D::Payload>,
    mut roles: Roles<T, B>,
    steps: &dyn ProtocolSteps,
    step: StepConvention,
    [x0, x1]: &[D::Ring; 2],
) -> Result<[D::Plane; 2], ProveError> {
    let (shape, all) = (ShapeRing::constant(x0.width(), x0.len(), 0), Ranges::all(x0.len()));
    let layer = Activation { step, prototypes: &all, gated: &all, served: &all };
    let (_, (server, _), (client, _)) = run(
        net,
        StepBackend::new(&mut roles.trusted, steps).activate(&layer, &shape, Vec::new()),
        StepBackend::new(&mut roles.server, steps).activate(&layer, x0, Vec::new()),
        StepBackend::new(&mut roles.client, steps).activate(&layer, x1, Vec::new()),
    )?;
    Ok([B::bits(&server), B::bits(&client)])
}

fn truncate_in<D: BitWire<Payload: Carried>, T: Backend<Share = ShapeRing>, B: Backend<Share = D::Ring>>(
    net: &LocalNet<D::Payload>,
    mut roles: Roles<T, B>,
    steps: &dyn ProtocolSteps,
    shift: u32,
    [x0, x1]: &[D::Ring; 2],
) -> Result<[D::Ring; 2], ProveError> {
    let shape = ShapeRing::constant(x0.width(), x0.len(), 0);
    let (_, server, client) = run(
        net,
        StepBackend::new(&mut roles.trusted, steps).truncate(&shape, shift),
        StepBackend::new(&mut roles.server, steps).truncate(x0, shift),
        StepBackend::new(&mut roles.client, steps).truncate(x1, shift),
    )?;
    Ok([server, client])
}
