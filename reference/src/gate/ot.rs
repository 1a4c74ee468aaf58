//! The real gate, backend `ot`: no dealer.
//!
//! ```text
//! open    carry into the top bit of x0 + x1 by `primitives::millionaires` over the low k-1 bits;
//!         d = not (msb(x0) xor msb(x1) xor carry), a shared bit; in the same messages one COT each way is prepared
//! apply   d x = d0 x0 + d1 (1 - 2 d0) x0 + d1 x1 + d0 (1 - 2 d1) x1, for d = d0 xor d1 and x = x0 + x1:
//!         each party multiplies its share by its own bit, and the products with the peer's bit are one COT each way,
//!         whose message is as long as the vector that the gate serves
//! ```
//! The gate keeps the COTs' keys. A later layer stretches them again, and sends nothing but its corrections.
//! [DS-OT-30] [DS-OT-31] [DS-OT-32]

use crate::party::{PartyError, Role};
use crate::plan::StepConvention;
use crate::primitives::masked_bit::flip_sign;
use crate::primitives::millionaires::{Compared, compare};
use crate::primitives::ot::{Batch, Choice, Ots, PlaneOf, Prepare, RingOf, Use};
use crate::values::{BitDomain, BitPlane, Ranges, RingVector, ValueError};

const OPEN: &str = "gate/open";
const APPLY: &str = "gate/apply";

/// Gates that were opened together.
pub struct Gates<O: Ots> {
    /// Share of the bits d.
    bit: PlaneOf<O>,
    /// COTs that the client receives: its choice is d1.
    to_client: O::Cots,
    /// COTs that the server receives: its choice is d0.
    to_server: O::Cots,
}

impl<O: Ots> Gates<O> {
    /// This party's share of the bits d, for tests and proofs of what an opening gives.
    pub fn bit(&self) -> &PlaneOf<O> {
        &self.bit
    }
}

/// Opens gates on x. 2 + ceil(log2 ceil((k-1)/4)) rounds. [DS-OT-30]
///
/// # Errors
/// What the OTs report; likewise in [`apply`].
pub async fn open<O: Ots>(ots: &mut O, step: StepConvention, x: &RingOf<O>) -> Result<Gates<O>, PartyError> {
    let (low, top) = low_and_top(ots, step, x)?;
    let compared = compare(ots, low, None, both_ways(x.len())).await?;
    gates(ots, &top, compared)
}

/// This role's share in bits: the low positions, whose carry is asked for, and the top one. [DS-OT-30]
pub(super) fn low_and_top<O: Ots>(
    ots: &O,
    step: StepConvention,
    x: &RingOf<O>,
) -> Result<(Vec<PlaneOf<O>>, PlaneOf<O>), PartyError> {
    // Under `positive` the bit is that of x - 1; the server subtracts the public 1 from its share.
    let minus_one = step == StepConvention::Positive && ots.is_server();
    let mut low = O::Domain::bits(&if minus_one { x.offset(u64::MAX) } else { x.clone() });
    let missing = ValueError::Length { left: 0, right: 1 };
    let top = low.pop().ok_or(PartyError::Value { role: ots.role(), step: OPEN, source: missing })?;
    Ok((low, top))
}

/// The COTs of gates: one each way, prepared on random bits. [DS-OT-30]
pub(super) fn both_ways<P>(count: usize) -> Vec<Prepare<P>> {
    [Role::Client, Role::Server].map(|receiver| Prepare { receiver, count, choice: Choice::Later }).into()
}

/// Gates from the carry into the top bit and the COTs that were prepared along with it. [DS-OT-30]
pub(super) fn gates<O: Ots>(ots: &O, top: &PlaneOf<O>, compared: Compared<O>) -> Result<Gates<O>, PartyError> {
    let error = |source| PartyError::Value { role: ots.role(), step: OPEN, source };
    let sum_top = top.xor(&compared.carry).map_err(error)?;
    let bit = if ots.is_server() { sum_top.not() } else { sum_top };
    with_cots(ots, bit, compared.cots)
}

/// Gates of bits that are shared already, with COTs prepared for them: for proofs of what serving gives. [DS-OT-30]
///
/// # Errors
/// What the OTs report.
pub async fn of_bits<O: Ots>(ots: &mut O, bit: PlaneOf<O>) -> Result<Gates<O>, PartyError> {
    let batch = Batch { transfers: Vec::new(), cots: both_ways(bit.len()) };
    let cots = ots.batch(batch).await?.cots;
    with_cots(ots, bit, cots)
}

/// Gates of bits, with the COTs of [`both_ways`].
fn with_cots<O: Ots>(ots: &O, bit: PlaneOf<O>, cots: Vec<O::Cots>) -> Result<Gates<O>, PartyError> {
    let error = |source| PartyError::Value { role: ots.role(), step: OPEN, source };
    match <[O::Cots; 2]>::try_from(cots) {
        Ok([to_client, to_server]) => Ok(Gates { bit, to_client, to_server }),
        Err(cots) => Err(error(ValueError::Length { left: cots.len(), right: 2 })),
    }
}

/// Serves elements: y_j = d_S(j) * x_j, where S selects from the gates of all groups, one after the other. One round,
/// for gates that serve for the first time as for others. [DS-OT-31] [DS-OT-32]
///
/// # Errors
/// What the OTs report.
pub async fn apply<O: Ots>(
    ots: &mut O,
    groups: &mut [&mut Gates<O>],
    served: &Ranges,
    x: &RingOf<O>,
) -> Result<RingOf<O>, PartyError> {
    if groups.is_empty() && x.is_empty() {
        return Ok(x.clone()); // nothing is served by nobody: no frame
    }
    let role = ots.role();
    let error = |source| PartyError::Value { role, step: APPLY, source };
    let (mut bits, mut to_client, mut to_server) = (Vec::new(), Vec::new(), Vec::new());
    for Gates { bit, to_client: client, to_server: server } in groups.iter_mut().map(|gates| &mut **gates) {
        bits.push(&*bit);
        to_client.push(client);
        to_server.push(server);
    }
    let own = O::Domain::embed(&PlaneOf::<O>::concat(&bits), x.width()).gather(served).map_err(error)?;
    let mine = own.mul(x).map_err(error)?; // d_i x_i
    let flipped = flip_sign(&own).mul(x).map_err(error)?; // (1 - 2 d_i) x_i
    let one = |groups, bits| Use { groups, bits, served, x: &flipped, shift: 0 };
    let shares = ots.correlate(vec![one(to_client, bits.clone()), one(to_server, bits)]).await?;
    shares.iter().try_fold(mine, |sum, share| sum.add(share)).map_err(error)
}
