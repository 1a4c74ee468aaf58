//! The backends under attack: each builds its roles on the channels of one session.

use super::fault::Fault;
use super::medium::Conduct;
use super::oracle::PayloadRule;
use curve25519_dalek::ristretto::CompressedRistretto;
use curve25519_dalek::traits::IsIdentity;
use deepshare_reference::backend::fss::{FssDealer, FssParty};
use deepshare_reference::backend::garbled::GarbledBackend;
use deepshare_reference::backend::gmw::GmwParty;
use deepshare_reference::backend::ideal::IdealParty;
use deepshare_reference::backend::ot::{Dealt, Gilboa, LinearDealer, OtBackend, Products};
use deepshare_reference::backend::run::{NoCoins, Sides};
use deepshare_reference::backend::{Backend as Roles, Program};
use deepshare_reference::gate::fss::Serving;
use deepshare_reference::party::coins::SeedCoins;
use deepshare_reference::party::local::{Endpoint, Ends, LocalNet, run_each};
use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::{PartyError, Role};
use deepshare_reference::primitives::dcf::real::Keyed;
use deepshare_reference::primitives::ideal::{Functionality, Nobody};
use deepshare_reference::primitives::ot::base::ideal as base;
use deepshare_reference::primitives::ot::extension::OtParty;
use deepshare_reference::primitives::ot::tweak::Purpose;
use deepshare_reference::primitives::roles::Dealer;
use deepshare_reference::values::{Concrete, Ring};
use std::cell::Cell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;
use std::task::Poll;

/// A backend under attack. A further one is a further variant with its arms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// The ideal world: parties against the trusted party, and the trusted party against them.
    Ideal,
    /// `gmw`: server and client against one another, the dealer against both.
    Gmw,
    /// `ot` on base OTs from their functionality, so that group operations do not eat the runs: all messages of the
    /// extension and of what stands on it.
    Ot,
    /// `ot-dealer`, on base OTs from their functionality, which the dealer plays too.
    OtDealer,
    /// `fss` and `fss-select`: all that a dealer gives, and what is opened.
    Fss(Serving),
    /// `garbled`, on base OTs from their functionality, which the dealer plays too.
    Garbled,
    /// The base OTs of `ot` and nothing else.
    BaseOt,
}

/// How the roles of a run behave.
#[derive(Clone, Debug, Default)]
pub struct Behaviour {
    /// The hostile role, if there is one.
    pub attacker: Option<Role>,
    /// How its program goes on.
    pub conduct: Rc<Cell<Conduct>>,
    /// What is broken in the others.
    pub fault: Fault,
}

/// How each role ended; vectors are outputs.
pub type Outcome = Ends<(), Vec<Ring>, Vec<Ring>>;

impl Backend {
    /// All backends.
    pub const ALL: [Backend; 8] = [
        Backend::Ideal,
        Backend::Gmw,
        Backend::Ot,
        Backend::OtDealer,
        Backend::Fss(Serving::Payload),
        Backend::Fss(Serving::Select),
        Backend::Garbled,
        Backend::BaseOt,
    ];

    /// The stable name, as in [`crate::worlds::WORLDS`].
    pub fn name(self) -> &'static str {
        match self {
            Backend::Ideal => "ideal",
            Backend::Gmw => "gmw",
            Backend::Ot => "ot",
            Backend::OtDealer => "ot-dealer",
            Backend::Fss(serving) => serving.backend(),
            Backend::Garbled => "garbled",
            Backend::BaseOt => "ot-base",
        }
    }

    /// What the payload of a step must be, beyond its length. [DS-WIRE-3] [DS-OT-6] [DS-FSS-5]
    pub fn payload_rule(self, step: &str) -> PayloadRule {
        match step {
            "base-ot/offer" | "base-ot/answer" => PayloadRule::Own(points),
            "dcf/deal-keys" => PayloadRule::Own(key_version),
            _ => PayloadRule::Packed,
        }
    }

    /// How many mutations it gets where all backends get `asked`: a hundredth for base OTs, which take tens of
    /// milliseconds a run.
    pub fn share(self, asked: u64) -> u64 {
        if self == Backend::BaseOt { asked.div_ceil(100) } else { asked }
    }

    /// Runs a program over the channels, coins expanded from a seed that is bound to the session.
    pub fn run<P: Program>(
        self,
        program: &P,
        own: Sides<Ring>,
        seed: &Seed,
        net: &LocalNet<Vec<u8>>,
        behaviour: &Behaviour,
    ) -> Outcome {
        let coins = |role| SeedCoins::new(seed, self.name(), role);
        let end = |role| net.endpoint(role);
        match self {
            Backend::Ideal => {
                let trusted = Functionality::new(end(Role::Trusted), Nobody::new(coins(Role::Trusted)));
                let (server, client) = (IdealParty::new(end(Role::Server)), IdealParty::new(end(Role::Client)));
                roles(program, own, net, behaviour, trusted, server, client)
            }
            Backend::Gmw => {
                let trusted = Dealer::<Concrete, _, _>::new(end(Role::Trusted), coins(Role::Trusted));
                let server = GmwParty::<Concrete, _, _>::new(end(Role::Server), NoCoins);
                let client = GmwParty::<Concrete, _, _>::new(end(Role::Client), coins(Role::Client));
                roles(program, own, net, behaviour, trusted, server, client)
            }
            Backend::Ot => {
                let (mut channel, mut draws) = (end(Role::Trusted), coins(Role::Trusted));
                let party = async |role, own| extended::<P, Gilboa>(program, end(role), coins(role), net, own).await;
                ends(own, net, behaviour, base::serve(&mut channel, &mut draws, &Purpose::OT), party)
            }
            Backend::OtDealer => {
                let trusted = linear_dealer(program, end(Role::Trusted), coins(Role::Trusted), &Purpose::OT);
                let party = async |role, own| extended::<P, Dealt>(program, end(role), coins(role), net, own).await;
                ends(own, net, behaviour, trusted, party)
            }
            Backend::Fss(serving) => {
                let keyed = Keyed::new(net.session());
                let dealer = coins(Role::Trusted);
                let trusted = FssDealer::<Concrete, _, _, _>::new(end(Role::Trusted), dealer, keyed, serving);
                let server = FssParty::<Concrete, _, _, _>::new(end(Role::Server), NoCoins, keyed, serving);
                let client = coins(Role::Client);
                let client = FssParty::<Concrete, _, _, _>::new(end(Role::Client), client, keyed, serving);
                roles(program, own, net, behaviour, trusted, server, client)
            }
            Backend::Garbled => {
                let trusted = linear_dealer(program, end(Role::Trusted), coins(Role::Trusted), &Purpose::GARBLED);
                let party = async |role, own| {
                    let ots = base::party(end(role), coins(role), net.session(), &Purpose::GARBLED).await?;
                    program.run(&mut GarbledBackend::<_, Dealt>::new(ots), own).await
                };
                ends(own, net, behaviour, trusted, party)
            }
            Backend::BaseOt => {
                let session = net.session();
                let party = async |role, own| {
                    OtParty::<Concrete, _, _>::set_up(end(role), coins(role), session, &Purpose::OT).await?;
                    Ok(own)
                };
                ends(own, net, behaviour, async { Ok(()) }, party)
            }
        }
    }
}

/// A party of `ot` on base OTs from their functionality; L says how linear layers are evaluated.
async fn extended<P: Program, L: Products<OtParty<Concrete, Endpoint<Vec<u8>>, SeedCoins>>>(
    program: &P,
    channel: Endpoint<Vec<u8>>,
    coins: SeedCoins,
    net: &LocalNet<Vec<u8>>,
    own: Vec<Ring>,
) -> Result<Vec<Ring>, PartyError> {
    let ots = base::party(channel, coins, net.session(), &Purpose::OT).await?;
    program.run(&mut OtBackend::<_, L>::new(ots), own).await
}

/// The dealer of linear layers, which plays F_BaseOT first.
async fn linear_dealer<P: Program>(
    program: &P,
    mut channel: Endpoint<Vec<u8>>,
    mut coins: SeedCoins,
    purposes: &[Purpose],
) -> Result<(), PartyError> {
    base::serve(&mut channel, &mut coins, purposes).await?;
    program.run(&mut LinearDealer::<Concrete, _, _>::new(channel, coins), Vec::new()).await.map(drop)
}

/// The code of a payload that has bytes which encode no group element, or the identity. [DS-OT-6]
fn points(payload: &[u8]) -> Option<&'static str> {
    let is_element = |bytes: &[u8]| {
        let point = CompressedRistretto::from_slice(bytes).ok().and_then(|bytes| bytes.decompress());
        point.is_some_and(|point| !point.is_identity())
    };
    (!payload.chunks(32).all(is_element)).then_some("frame/point")
}

/// The code of a payload of comparison keys whose first byte is not version 1. [DS-FSS-5]
fn key_version(payload: &[u8]) -> Option<&'static str> {
    (payload.first() != Some(&1)).then_some("frame/key-version")
}

/// Runs parties that have to set up before their program, beside a trusted party.
fn ends<F: Future<Output = Result<Vec<Ring>, PartyError>>>(
    own: Sides<Ring>,
    net: &LocalNet<Vec<u8>>,
    behaviour: &Behaviour,
    trusted: impl Future<Output = Result<(), PartyError>>,
    party: impl Fn(Role, Vec<Ring>) -> F,
) -> Outcome {
    let spare = own.client.clone();
    run_each(
        net,
        behaviour.of(Role::Trusted, (), trusted),
        behaviour.of(Role::Server, spare.clone(), party(Role::Server, own.server)),
        behaviour.of(Role::Client, spare, party(Role::Client, own.client)),
    )
}

/// Runs the program of each role to its own end.
fn roles<P: Program, T: Roles, S: Roles<Share = Ring>, C: Roles<Share = Ring>>(
    program: &P,
    own: Sides<Ring>,
    net: &LocalNet<Vec<u8>>,
    behaviour: &Behaviour,
    mut trusted: T,
    mut server: S,
    mut client: C,
) -> Outcome {
    let spare = own.client.clone();
    let ends = run_each(
        net,
        behaviour.of(Role::Trusted, Vec::new(), program.run(&mut trusted, Vec::new())),
        behaviour.of(Role::Server, spare.clone(), program.run(&mut server, own.server)),
        behaviour.of(Role::Client, spare, program.run(&mut client, own.client)),
    );
    Ends { trusted: ends.trusted.map(drop), server: ends.server, client: ends.client }
}

impl Behaviour {
    /// A role's program as the role runs it. `spare` is what a broken party gives instead of an error.
    async fn of<T>(
        &self,
        role: Role,
        spare: T,
        program: impl Future<Output = Result<T, PartyError>>,
    ) -> Result<T, PartyError> {
        let (mut program, mut spare, mut waits) = (pin!(program), Some(spare), false);
        let attacks = self.attacker == Some(role);
        poll_fn(move |context| {
            if waits {
                return Poll::Pending;
            }
            let turn = program.as_mut().poll(context);
            match (self.conduct.get(), turn) {
                (Conduct::HasEnded, _) if attacks => {
                    Poll::Ready(Err(PartyError::Misuse { role, what: "the attacker ends".to_owned() }))
                }
                (Conduct::NeverEnds, Poll::Ready(_)) if attacks => {
                    waits = true;
                    Poll::Pending
                }
                (_, Poll::Ready(end)) if attacks => Poll::Ready(end),
                (_, Poll::Ready(end)) => match self.fault.end(end, &mut spare) {
                    Some(end) => Poll::Ready(end),
                    None => {
                        waits = true;
                        Poll::Pending
                    }
                },
                (_, Poll::Pending) => Poll::Pending,
            }
        })
        .await
    }
}
