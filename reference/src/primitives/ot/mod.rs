//! Oblivious transfer: F_OT and F_COT, the hybrid boundary of the backend `ot`. [DS-OT-1] [DS-OT-2]
//!
//! ```text
//! F_OT    1-of-N    server: N messages; client: a choice c     ->  client: message number c
//! F_COT   Prepare   n COTs in one direction; whoever receives may choose now or later
//!         Use       receiver: its choice bits d, the first time, unless it chose before
//!                   sender: a vector x, element j served by COT S(j)
//!                                                              ->  shares of d_S(j) * 2^shift * x_j
//! ```
//! F_COT is reactive: a prepared COT may be used any number of times, each time with fresh pads. Protocols above the
//! trait [`Ots`] run unchanged over the real protocols ([`extension`], from base OTs up) and over the ideal
//! functionalities ([`ideal`]). All roles run the same program; the trusted party's values are shapes.

pub mod base;
pub mod code;
pub mod cot;
pub mod domain;
pub mod extension;
pub mod ideal;
pub mod matrix;
pub mod messages;
pub mod real_simulator;
pub mod simulator;
pub mod tweak;

use crate::party::{PartyError, Role, Step};
use crate::values::{BitDomain, BitPlane, Domain, LinearMap, Ranges, Terms, ValueError, Width};

/// Bit planes of a role.
pub type PlaneOf<O> = <<O as Ots>::Domain as BitDomain>::Plane;
/// Ring vectors of a role.
pub type RingOf<O> = <<O as Ots>::Domain as Domain>::Ring;

/// 1-of-N OTs of one kind, one in every lane, from the server to the client. [DS-OT-1]
pub enum Transfer<P> {
    /// The server's N messages, N a power of two, at most 16; each has the same number of bits, a plane for each.
    Offer(Vec<Vec<P>>),
    /// The client's choice in binary, log2 N planes, the lowest first; and the bits of a message.
    Choose {
        /// The choice.
        choice: Vec<P>,
        /// Bits of a message.
        bits: usize,
    },
}

/// COTs to be prepared in one direction. [DS-OT-2]
pub struct Prepare<P> {
    /// Who receives, and so chooses.
    pub receiver: Role,
    /// How many.
    pub count: usize,
    /// When the receiver chooses.
    pub choice: Choice<P>,
}

/// When the receiver of COTs chooses.
pub enum Choice<P> {
    /// Now; the receiver gives its bits, its peer and the trusted party give nothing.
    Now(Option<P>),
    /// At the first use. The COTs are prepared on random bits.
    Later,
}

/// What one batch asks for. It takes two messages, the client's and the server's, whatever is in it.
pub struct Batch<P> {
    /// Transfers from the server to the client.
    pub transfers: Vec<Transfer<P>>,
    /// COTs of either direction.
    pub cots: Vec<Prepare<P>>,
}

/// What a batch gives.
pub struct Delivered<P, C> {
    /// The client's messages, for each transfer a plane for each bit; for the other roles their shapes.
    pub messages: Vec<Vec<P>>,
    /// The COTs, in order.
    pub cots: Vec<C>,
}

/// One use of COTs: element j is served by number S(j) of all groups, one after the other. [DS-OT-2]
pub struct Use<'a, O: Ots> {
    /// The groups, prepared in the same direction.
    pub groups: Vec<&'a mut O::Cots>,
    /// For each group the choice bits, which count at the group's first use; as long as the group for the receiver.
    pub bits: Vec<&'a PlaneOf<O>>,
    /// S.
    pub served: &'a Ranges,
    /// The sender's x, and for the receiver a vector of the same width and length.
    pub x: &'a RingOf<O>,
    /// The factor is 2^shift; elements travel with the k - shift bits that count.
    pub shift: u32,
}

/// One role's interface to the OT functionalities and to its peer.
#[allow(async_fn_in_trait, reason = "programs run on one thread; their futures need not be Send")]
pub trait Ots: Sized {
    /// The computing parties' values, or the trusted party's shapes.
    type Domain: BitDomain;
    /// What this role holds of COTs that were prepared together.
    type Cots;

    /// Whose interface this is.
    fn role(&self) -> Role;

    /// A uniformly random plane from this role's own coins.
    ///
    /// # Errors
    /// What the coins report.
    fn draw(&mut self, len: usize) -> Result<PlaneOf<Self>, PartyError>;

    /// F_OT for all transfers and F_COT's Prepare for all COTs. Two rounds; one if only the client receives COTs.
    ///
    /// # Errors
    /// What the channel reports; likewise in all other calls.
    async fn batch(&mut self, batch: Batch<PlaneOf<Self>>) -> Result<Delivered<PlaneOf<Self>, Self::Cots>, PartyError>;

    /// F_COT's Use, for uses of either direction at once: shares of d_S(j) * 2^shift * x_j for each. One round.
    ///
    /// # Errors
    /// What the channel reports.
    async fn correlate(&mut self, uses: Vec<Use<'_, Self>>) -> Result<Vec<RingOf<Self>>, PartyError>;

    /// Opens shared planes to both parties. One round.
    ///
    /// # Errors
    /// What the channel reports.
    async fn open(
        &mut self,
        step: Step,
        shares: &[PlaneOf<Self>],
        len: usize,
    ) -> Result<Vec<PlaneOf<Self>>, PartyError>;

    /// Shares the client's input. [DS-IO-1]
    ///
    /// # Errors
    /// What the channel reports.
    async fn input(&mut self, own: Option<&RingOf<Self>>, width: Width, len: usize)
    -> Result<RingOf<Self>, PartyError>;

    /// Opens a shared vector to the client. [DS-IO-2]
    ///
    /// # Errors
    /// What the channel reports.
    async fn output(&mut self, x: &RingOf<Self>) -> Result<Option<RingOf<Self>>, PartyError>;

    /// The terms of a linear map, as this role needs them to use COTs for each: one by one, unless all roles are shapes.
    /// [DS-OT-50]
    ///
    /// # Errors
    /// [`ValueError::LinearMap`] if they are too many to list.
    fn terms(&self, map: &LinearMap, batch: usize) -> Result<Terms, ValueError> {
        Terms::listed(map, batch)
    }

    /// Whether this is the server: public constants are added by it alone.
    fn is_server(&self) -> bool {
        self.role() == Role::Server
    }
}

impl<P: BitPlane> Transfer<P> {
    /// Bits of a choice: log2 N.
    pub fn choice_bits(&self) -> usize {
        match self {
            Transfer::Offer(messages) => messages.len().next_power_of_two().ilog2() as usize,
            Transfer::Choose { choice, .. } => choice.len(),
        }
    }

    /// Bits of a message.
    pub fn message_bits(&self) -> usize {
        match self {
            Transfer::Offer(messages) => messages.first().map_or(0, Vec::len),
            Transfer::Choose { bits, .. } => *bits,
        }
    }

    /// Number of lanes.
    pub fn lanes(&self) -> usize {
        let first = match self {
            Transfer::Offer(messages) => messages.first().and_then(|message| message.first()),
            Transfer::Choose { choice, .. } => choice.first(),
        };
        first.map_or(0, BitPlane::len)
    }
}
