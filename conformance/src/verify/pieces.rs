//! Protocols of `gmw` below whole programs, as protocols to enumerate: what runs over ANDs alone, over the functionality or
//! over triples, and what two parties do
//! with a dealer. [DS-EXH-4]

use super::protocol::{Digits, Ideal, LaneStage, Plain, Protocol, Real, Shared};
use super::tape::{Tape, constant_ring};
use deepshare_reference::backend::run_simulated::against;
use deepshare_reference::party::local::{Endpoint, run};
use deepshare_reference::party::{PartyError, Role};
use deepshare_reference::primitives::and::Ands;
use deepshare_reference::primitives::and::simulator::{DealtAnds, HybridAnds};
use deepshare_reference::primitives::ideal::{Functionality, Party as IdealParty};
use deepshare_reference::primitives::roles::{Dealer, Party};
use deepshare_reference::values::{BitDomain, Concrete, Plane, RingVector, ShapeRing, Shapes, Width};

/// A party on lanes.
pub type LaneParty = Party<Concrete, Endpoint<Vec<u8>>>;
/// A dealer on lanes.
pub type LaneDealer = Dealer<Concrete, Endpoint<Vec<u8>>, Tape>;

/// Bits of a shared ring element, over any ANDs.
#[allow(async_fn_in_trait, reason = "programs run on one thread; their futures need not be Send")]
pub trait BitsOf: Send + Sync {
    /// The ring's width.
    fn width(&self) -> Width;

    /// A role's shares of the bits, from its share of the element.
    ///
    /// # Errors
    /// What the ANDs report.
    async fn run<D: BitDomain, A: Ands<Plane = D::Plane>>(
        &self,
        ands: &mut A,
        x: &D::Ring,
    ) -> Result<Vec<D::Plane>, PartyError>;

    /// The bits in the clear, from both shares of the element.
    fn plain(&self, shares: [u64; 2]) -> Vec<bool>;
}

fn input_pair(width: Width) -> [u32; 2] {
    [width.bits(); 2]
}

fn plain_bits(piece: &impl BitsOf, shares: [u64; 2]) -> Plain {
    let outputs = piece.plain(shares).into_iter().map(|bit| (1, u64::from(bit))).collect();
    Plain { outputs, opened: Vec::new() }
}

fn shared_bits(planes: &[Plane]) -> Vec<Shared> {
    planes.iter().map(Shared::from).collect()
}

/// Bits over F_And: the trusted party multiplies.
pub struct OverIdealAnds<P>(pub P);

impl<P: BitsOf> Protocol for OverIdealAnds<P> {
    fn inputs(&self) -> [u32; 2] {
        input_pair(self.0.width())
    }

    fn local(&self, inputs: [u64; 2]) -> [Vec<u64>; 2] {
        inputs.map(|x| vec![x])
    }

    fn plain(&self, inputs: [u64; 2]) -> Plain {
        plain_bits(&self.0, inputs)
    }

    fn real(&self, run_on: Real) -> Result<[Vec<Shared>; 2], PartyError> {
        let Real { lanes, local, adversary, net, .. } = run_on;
        let shape = ShapeRing::constant(self.0.width(), lanes, 0);
        let mut trusted = Functionality::new(net.endpoint(Role::Trusted), adversary);
        let party = async |role, local: &[u64]| {
            let x = constant_ring(self.0.width(), local, lanes);
            let mut party = IdealParty::new(net.endpoint(role));
            Ok(shared_bits(&self.0.run::<Concrete, _>(&mut party, &x).await?))
        };
        let [server, client] = &local;
        let trusted = self.0.run::<Shapes, _>(&mut trusted, &shape);
        let (_, server, client) = run(&net, trusted, party(Role::Server, server), party(Role::Client, client))?;
        Ok([server, client])
    }

    fn ideal(&self, run_on: Ideal) -> Result<Vec<Shared>, PartyError> {
        let Ideal { lanes, corrupted, local, mut stage, net, .. } = run_on;
        let shape = ShapeRing::constant(self.0.width(), lanes, 0);
        let mut party = IdealParty::new(net.endpoint(corrupted));
        let x = constant_ring(self.0.width(), &local, lanes);
        let mut simulator = HybridAnds(&mut stage);
        let simulator = self.0.run::<Shapes, _>(&mut simulator, &shape);
        Ok(shared_bits(&against(&net, corrupted, simulator, self.0.run::<Concrete, _>(&mut party, &x))?))
    }
}

/// What two parties do with a dealer.
#[allow(async_fn_in_trait, reason = "programs run on one thread; their futures need not be Send")]
pub trait Dealt: Send + Sync {
    /// As [`Protocol::inputs`].
    fn inputs(&self) -> [u32; 2];

    /// As [`Protocol::local`].
    fn local(&self, inputs: [u64; 2]) -> [Vec<u64>; 2];

    /// As [`Protocol::plain`].
    fn plain(&self, inputs: [u64; 2]) -> Plain;

    /// A party's part; gives its output shares.
    ///
    /// # Errors
    /// What the channel reports; likewise for the other roles.
    async fn party(&self, party: &mut LaneParty, local: &[u64], lanes: usize) -> Result<Vec<Shared>, PartyError>;

    /// The dealer's part. From an earlier call it knows the masks that it dealt, which are the sums of what parties have.
    ///
    /// # Errors
    /// What the channel or the coins report.
    async fn dealer(&self, dealer: &mut LaneDealer, local: &[Vec<u64>; 2], lanes: usize) -> Result<(), PartyError>;

    /// The simulator.
    ///
    /// # Errors
    /// What the channel or the coins report.
    async fn simulator(&self, stage: &mut LaneStage, lanes: usize) -> Result<(), PartyError>;
}

/// A piece with a dealer, as a protocol.
pub struct WithDealer<P>(pub P);

impl<P: Dealt> Protocol for WithDealer<P> {
    fn inputs(&self) -> [u32; 2] {
        self.0.inputs()
    }

    fn local(&self, inputs: [u64; 2]) -> [Vec<u64>; 2] {
        self.0.local(inputs)
    }

    fn plain(&self, inputs: [u64; 2]) -> Plain {
        self.0.plain(inputs)
    }

    fn real(&self, run_on: Real) -> Result<[Vec<Shared>; 2], PartyError> {
        let Real { lanes, local, coins: [coins, ..], net, .. } = run_on;
        let mut dealer = Dealer::new(net.endpoint(Role::Trusted), coins);
        let (mut p0, mut p1) = (Party::new(net.endpoint(Role::Server)), Party::new(net.endpoint(Role::Client)));
        let [server, client] = &local;
        let parties = (self.0.party(&mut p0, server, lanes), self.0.party(&mut p1, client, lanes));
        let ((), server, client) = run(&net, self.0.dealer(&mut dealer, &local, lanes), parties.0, parties.1)?;
        Ok([server, client])
    }

    fn ideal(&self, run_on: Ideal) -> Result<Vec<Shared>, PartyError> {
        let Ideal { lanes, corrupted, local, mut stage, net, .. } = run_on;
        let mut party = Party::new(net.endpoint(corrupted));
        let simulator = self.0.simulator(&mut stage, lanes);
        against(&net, corrupted, simulator, self.0.party(&mut party, &local, lanes))
    }
}

/// Bits over a dealer's triples.
pub struct OverTriples<P>(pub P);

impl<P: BitsOf> Dealt for OverTriples<P> {
    fn inputs(&self) -> [u32; 2] {
        input_pair(self.0.width())
    }

    fn local(&self, inputs: [u64; 2]) -> [Vec<u64>; 2] {
        inputs.map(|x| vec![x])
    }

    fn plain(&self, inputs: [u64; 2]) -> Plain {
        plain_bits(&self.0, inputs)
    }

    async fn party(&self, party: &mut LaneParty, local: &[u64], lanes: usize) -> Result<Vec<Shared>, PartyError> {
        let x = constant_ring(self.0.width(), local, lanes);
        Ok(shared_bits(&self.0.run::<Concrete, _>(party, &x).await?))
    }

    async fn dealer(&self, dealer: &mut LaneDealer, _local: &[Vec<u64>; 2], lanes: usize) -> Result<(), PartyError> {
        let shape = ShapeRing::constant(self.0.width(), lanes, 0);
        self.0.run::<Shapes, _>(dealer, &shape).await.map(drop)
    }

    async fn simulator(&self, stage: &mut LaneStage, lanes: usize) -> Result<(), PartyError> {
        let shape = ShapeRing::constant(self.0.width(), lanes, 0);
        self.0.run::<Shapes, _>(&mut DealtAnds(stage), &shape).await.map(drop)
    }
}

/// Numbers of so many bits each from the low end of a number: one for each entry.
pub fn numbers(from: u64, bits: impl IntoIterator<Item = u32>) -> Vec<u64> {
    let mut digits = Digits(from);
    bits.into_iter().map(|bits| digits.take(bits)).collect()
}
