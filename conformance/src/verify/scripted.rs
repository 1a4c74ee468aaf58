//! Programs of a backend as protocols to enumerate: a backend gives a [`World`].

use super::calls::{Call, Calls};
use super::protocol::{Digits, Ideal, Plain, Protocol, Real, Shared};
use super::tape::{Chooses, Tape, constant_ring};
use deepshare_reference::backend::Program;
use deepshare_reference::backend::fss::{FssDealer, FssParty};
use deepshare_reference::backend::gmw::GmwParty;
use deepshare_reference::backend::ot::{Gilboa, OtBackend};
use deepshare_reference::backend::run::NoCoins;
use deepshare_reference::backend::run_simulated::{Followed, against};
use deepshare_reference::backend::simulated::{FssSimulator, GmwSimulator};
use deepshare_reference::gate::fss::Serving;
use deepshare_reference::party::local::{LocalNet, run};
use deepshare_reference::party::{PartyError, Role};
use deepshare_reference::plan::StepConvention;
use deepshare_reference::primitives::dcf::ideal::{HybridCompare, IdealCompare};
use deepshare_reference::primitives::dcf::simulator::HybridDcf;
use deepshare_reference::primitives::ideal::Functionality;
use deepshare_reference::primitives::ot::ideal::HybridParty;
use deepshare_reference::primitives::ot::simulator::HybridSimulator;
use deepshare_reference::primitives::roles::Dealer;
use deepshare_reference::values::{Concrete, Ring, Width};

/// How a backend runs programs on lanes, in its hybrid world and against its simulator.
pub trait World: Send + Sync {
    /// The real run; gives each party's vectors.
    ///
    /// # Errors
    /// What a role or the executor reports; likewise in [`World::ideal`].
    fn real(&self, program: &Calls, own: [Vec<Ring>; 2], run: RealEnds) -> Result<[Vec<Ring>; 2], PartyError>;

    /// The corrupted party against the simulator; gives the party's vectors.
    ///
    /// # Errors
    /// What a role or the executor reports.
    fn ideal(&self, program: &Calls, own: Vec<Ring>, run: Ideal) -> Result<Vec<Ring>, PartyError>;
}

/// What a real run has besides its inputs.
pub struct RealEnds {
    /// The channels.
    pub net: LocalNet<Vec<u8>>,
    /// The dealer's, the server's and the client's coins.
    pub coins: [Tape; 3],
    /// The adversary of functionalities.
    pub adversary: Chooses,
}

/// `gmw` with its dealer.
pub struct Gmw;

impl World for Gmw {
    fn real(
        &self,
        program: &Calls,
        [server, client]: [Vec<Ring>; 2],
        ends: RealEnds,
    ) -> Result<[Vec<Ring>; 2], PartyError> {
        let RealEnds { net, coins: [dealer, _, coins], .. } = ends;
        let mut dealer = Dealer::<Concrete, _, _>::new(net.endpoint(Role::Trusted), dealer);
        let mut p0 = GmwParty::<Concrete, _, _>::new(net.endpoint(Role::Server), NoCoins);
        let mut p1 = GmwParty::<Concrete, _, _>::new(net.endpoint(Role::Client), coins);
        let parties = (program.run(&mut p0, server), program.run(&mut p1, client));
        let (_, server, client) = run(&net, program.run(&mut dealer, Vec::new()), parties.0, parties.1)?;
        Ok([server, client])
    }

    fn ideal(&self, program: &Calls, own: Vec<Ring>, run: Ideal) -> Result<Vec<Ring>, PartyError> {
        let Ideal { corrupted, coins, stage, share, net, .. } = run;
        let mut simulator = GmwSimulator::new(stage);
        let party = GmwParty::<Concrete, _, _>::new(net.endpoint(corrupted), coins);
        let mut party = Followed::new(party, share);
        against(&net, corrupted, program.run(&mut simulator, Vec::new()), program.run(&mut party, own))
    }
}

/// `ot` over F_OT and F_COT.
pub struct Ot;

impl World for Ot {
    fn real(
        &self,
        program: &Calls,
        [server, client]: [Vec<Ring>; 2],
        ends: RealEnds,
    ) -> Result<[Vec<Ring>; 2], PartyError> {
        let RealEnds { net, coins: [_, of_server, of_client], adversary } = ends;
        let mut trusted = OtBackend::<_, Gilboa>::new(Functionality::new(net.endpoint(Role::Trusted), adversary));
        let party =
            |role, coins| OtBackend::<_, Gilboa>::new(HybridParty::new(net.endpoint(role), coins, net.session()));
        let (mut p0, mut p1) = (party(Role::Server, of_server), party(Role::Client, of_client));
        let parties = (program.run(&mut p0, server), program.run(&mut p1, client));
        let (_, server, client) = run(&net, program.run(&mut trusted, Vec::new()), parties.0, parties.1)?;
        Ok([server, client])
    }

    fn ideal(&self, program: &Calls, own: Vec<Ring>, run: Ideal) -> Result<Vec<Ring>, PartyError> {
        let Ideal { corrupted, coins, stage, share, net, .. } = run;
        let mut simulator = OtBackend::<_, Gilboa>::new(HybridSimulator::new(stage));
        let party = HybridParty::new(net.endpoint(corrupted), coins, net.session());
        let mut party = Followed::new(OtBackend::<_, Gilboa>::new(party), share);
        against(&net, corrupted, program.run(&mut simulator, Vec::new()), program.run(&mut party, own))
    }
}

/// `fss` or `fss-select` over F_DCF.
pub struct Fss(pub Serving);

impl World for Fss {
    fn real(
        &self,
        program: &Calls,
        [server, client]: [Vec<Ring>; 2],
        ends: RealEnds,
    ) -> Result<[Vec<Ring>; 2], PartyError> {
        let RealEnds { net, coins: [dealer, _, coins], adversary } = ends;
        let ideal = IdealCompare::new(adversary);
        let mut dealer = FssDealer::<Concrete, _, _, _>::new(net.endpoint(Role::Trusted), dealer, ideal, self.0);
        let mut p0 = FssParty::<Concrete, _, _, _>::new(net.endpoint(Role::Server), NoCoins, HybridCompare, self.0);
        let mut p1 = FssParty::<Concrete, _, _, _>::new(net.endpoint(Role::Client), coins, HybridCompare, self.0);
        let parties = (program.run(&mut p0, server), program.run(&mut p1, client));
        let (_, server, client) = run(&net, program.run(&mut dealer, Vec::new()), parties.0, parties.1)?;
        Ok([server, client])
    }

    fn ideal(&self, program: &Calls, own: Vec<Ring>, run: Ideal) -> Result<Vec<Ring>, PartyError> {
        let Ideal { corrupted, coins, stage, share, net, .. } = run;
        let mut simulator = FssSimulator::new(stage, HybridDcf, self.0);
        let party = FssParty::<Concrete, _, _, _>::new(net.endpoint(corrupted), coins, HybridCompare, self.0);
        let mut party = Followed::new(party, share);
        against(&net, corrupted, program.run(&mut simulator, Vec::new()), program.run(&mut party, own))
    }
}

/// A program in a world. The server's input is its shares of all shared elements, then its weights; the client's is its
/// shares, then what it brings for `Input`.
pub struct Scripted<W> {
    world: W,
    program: Calls,
}

impl<W: World> Scripted<W> {
    /// A program of these calls on shared vectors of so many elements.
    pub fn new(world: W, width: Width, step: StepConvention, shared: Vec<usize>, calls: Vec<Call>) -> Scripted<W> {
        Scripted { world, program: Calls { width, step, shared, calls, lanes: 1 } }
    }

    fn elements(&self) -> usize {
        self.program.shared.iter().sum()
    }

    /// A party's vectors on lanes: shared ones, then private ones.
    fn vectors(&self, local: &[u64], role: Role, lanes: usize) -> Vec<Ring> {
        let lengths = self.program.lengths();
        let private = self.program.calls.iter().filter_map(|call| match (call, role) {
            (Call::Multiply { x, weights: None }, Role::Server) => lengths.get(*x).copied(),
            (Call::Input { len }, Role::Client) => Some(*len),
            _ => None,
        });
        let mut rest = local;
        let lengths = self.program.shared.iter().copied().chain(private);
        let mut vectors = Vec::new();
        for len in lengths {
            let (first, after) = rest.split_at(len.min(rest.len()));
            vectors.push(constant_ring(self.program.width, first, lanes));
            rest = after;
        }
        vectors
    }

    fn on(&self, lanes: usize) -> Calls {
        Calls { lanes, ..self.program.clone() }
    }
}

/// A program has few elements; more than a `u32` counts could not be enumerated.
fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

impl<W: World> Protocol for Scripted<W> {
    fn inputs(&self) -> [u32; 2] {
        let k = self.program.width.bits();
        self.program.private().map(|private| k.saturating_mul(small(self.elements() + private)))
    }

    fn local(&self, inputs: [u64; 2]) -> [Vec<u64>; 2] {
        let [weights, images] = self.program.private();
        let list = |number, private| Digits(number).list(small(self.elements() + private), self.program.width.bits());
        let [server, client] = inputs;
        [list(server, weights), list(client, images)]
    }

    fn plain(&self, inputs: [u64; 2]) -> Plain {
        let width = self.program.width;
        let [server, client] = self.local(inputs);
        let (s, weights) = server.split_at(self.elements().min(server.len()));
        let (c, images) = client.split_at(self.elements().min(client.len()));
        let shared: Vec<u64> = s.iter().zip(c).map(|(s, c)| width.reduce(s.wrapping_add(*c))).collect();
        let computed = self.program.plain(&shared, weights, images);
        let outputs = computed.made.into_iter().flatten().map(|value| (width.bits(), value)).collect();
        Plain { outputs, opened: computed.opened.into_iter().map(|values| (width, values)).collect() }
    }

    fn real(&self, run: Real) -> Result<[Vec<Shared>; 2], PartyError> {
        let Real { lanes, local: [server, client], coins, adversary, net } = run;
        let own = [self.vectors(&server, Role::Server, lanes), self.vectors(&client, Role::Client, lanes)];
        let outputs = self.world.real(&self.on(lanes), own, RealEnds { net, coins, adversary })?;
        Ok(outputs.map(|vectors| vectors.iter().map(Shared::from).collect()))
    }

    fn ideal(&self, run: Ideal) -> Result<Vec<Shared>, PartyError> {
        let own = self.vectors(&run.local, run.corrupted, run.lanes);
        let made = self.program.lengths().len() - self.program.shared.len();
        let outputs = self.world.ideal(&self.on(run.lanes), own, run)?;
        // what a corrupted client sees opened is no share
        Ok(outputs.iter().take(made).map(Shared::from).collect())
    }
}
