//! What is enumerated: a protocol with its inputs, run in the real world and against its simulator.

use super::tape::{Chooses, Tape};
use deepshare_reference::backend::run_simulated::{HandedOver, Share};
use deepshare_reference::party::local::{Endpoint, LocalNet};
use deepshare_reference::party::{PartyError, Role};
use deepshare_reference::primitives::stage::Stage;
use deepshare_reference::values::{Plane, Ring, Width};

/// A party's shares of an output, all lanes of the first element, then of the second, and so on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// Bits of an element.
    pub bits: u32,
    /// The elements.
    pub values: Vec<u64>,
}

impl From<&Plane> for Shared {
    fn from(plane: &Plane) -> Shared {
        Shared { bits: 1, values: plane.to_bits().into_iter().map(u64::from).collect() }
    }
}

impl From<&Ring> for Shared {
    fn from(ring: &Ring) -> Shared {
        Shared { bits: deepshare_reference::values::RingVector::width(ring).bits(), values: ring.elements().to_vec() }
    }
}

/// What a protocol computes on one pair of inputs, in the clear.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plain {
    /// The values of all outputs, each with its bits. For one bit, sums are exclusive ors.
    pub outputs: Vec<(u32, u64)>,
    /// What F_Output gives to the client, call by call: the elements and their width.
    pub opened: Vec<(Width, Vec<u64>)>,
}

/// A real run on lanes: all roles.
pub struct Real {
    /// The number of lanes.
    pub lanes: usize,
    /// What each party brings, the server first; the same in all lanes.
    pub local: [Vec<u64>; 2],
    /// The dealer's, the server's and the client's coins.
    pub coins: [Tape; 3],
    /// The adversary of the functionalities of a hybrid world.
    pub adversary: Chooses,
    /// The channels.
    pub net: LocalNet<Vec<u8>>,
}

/// What a simulator stands on, in lanes.
pub type LaneStage = Stage<Endpoint<Vec<u8>>, Tape, HandedOver<Chooses>>;

/// A simulated run on lanes: the corrupted party's real program, and the simulator. There is nothing in it of the honest
/// party but what functionalities hand over. [DS-EXH-2]
pub struct Ideal {
    /// The number of lanes.
    pub lanes: usize,
    /// The corrupted party.
    pub corrupted: Role,
    /// What it brings; the same in all lanes.
    pub local: Vec<u64>,
    /// Its coins.
    pub coins: Tape,
    /// The simulator's ends of channels, its coins, and what it is handed.
    pub stage: LaneStage,
    /// Where the party's share of what is opened is left.
    pub share: Share,
    /// The channels.
    pub net: LocalNet<Vec<u8>>,
}

/// A protocol whose executions are enumerated.
pub trait Protocol: Send + Sync {
    /// Bits of the inputs of the server and of the client: every pair of numbers of so many bits is a pair of inputs.
    fn inputs(&self) -> [u32; 2];

    /// What each party brings for a pair of inputs. Usually a party's part depends on its own number alone; where a
    /// protocol starts from the state of an earlier call, it also has what that call opened to both.
    fn local(&self, inputs: [u64; 2]) -> [Vec<u64>; 2];

    /// What is computed, in the clear.
    fn plain(&self, inputs: [u64; 2]) -> Plain;

    /// The real run; gives each party's output shares.
    ///
    /// # Errors
    /// What a role or the executor reports; likewise in [`Protocol::ideal`].
    fn real(&self, run: Real) -> Result<[Vec<Shared>; 2], PartyError>;

    /// The corrupted party's real program against the simulator; gives the party's output shares.
    ///
    /// # Errors
    /// What a role or the executor reports.
    fn ideal(&self, run: Ideal) -> Result<Vec<Shared>, PartyError>;
}

/// Takes numbers of given bits from the low end of a number.
pub struct Digits(pub u64);

impl Digits {
    /// The next number.
    pub fn take(&mut self, bits: u32) -> u64 {
        let value = self.0 & (u64::MAX >> 64_u32.saturating_sub(bits));
        self.0 = self.0.checked_shr(bits).unwrap_or(0);
        value
    }

    /// The next `count` numbers.
    pub fn list(&mut self, count: u32, bits: u32) -> Vec<u64> {
        (0..count).map(|_| self.take(bits)).collect()
    }
}
