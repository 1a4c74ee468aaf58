//! The real linear layer with server-private weights, backend `ot`: Gilboa's products (CRYPTO 1999) from COTs.
//!
//! ```text
//! map(W, x0 + x1) = map(W, x0) + map(W, x1)       the server computes the first alone
//! map(W, x1)      x1_i = sum over j of 2^j b_ij   for each bit b_ij of the client's share one COT, on that bit:
//!                 its message is 2^j W_t for every term t of the map that uses input i, k - j bits each
//! ```
//! Nothing is sent for the weights beforehand. It is heavy by nature: k lambda bits an input, and k(k+1)/2 bits a term.
//! [DS-OT-50]

use crate::party::{PartyError, Role};
use crate::primitives::ot::{Batch, Choice, Ots, Prepare, RingOf, Use};
use crate::values::{BitDomain, LinearMap, RingVector, ValueError};

const STEP: &str = "linear";

/// What a role keeps of weights for a session.
pub struct Weights<R> {
    map: LinearMap,
    /// The server's W; shapes for the trusted party; nothing for the client.
    matrix: Option<R>,
}

/// Keeps the weights. The server gives W, the client nothing.
///
/// # Errors
/// [`PartyError::Misuse`] if the server gives no weights, [`PartyError::Value`] if it gives another number of them.
pub fn weights<R: RingVector>(role: Role, map: &LinearMap, own: Option<&R>) -> Result<Weights<R>, PartyError> {
    if role == Role::Server {
        let missing = || PartyError::Misuse { role, what: "the server must give its weights".into() };
        let found = own.ok_or_else(missing)?.len();
        if found != map.weights() {
            let source = ValueError::Length { left: found, right: map.weights() };
            return Err(PartyError::Value { role, step: STEP, source });
        }
    }
    Ok(Weights { map: map.clone(), matrix: own.cloned() })
}

/// Shares of map(W, x) from shares of a batch of inputs. Two rounds: the client's columns, the server's corrections.
/// [DS-OT-50]
///
/// # Errors
/// What the OTs report.
pub async fn linear<O: Ots>(
    ots: &mut O,
    weights: &Weights<RingOf<O>>,
    x: &RingOf<O>,
    batch: usize,
) -> Result<RingOf<O>, PartyError> {
    let (role, map, width) = (ots.role(), &weights.map, x.width());
    let error = |source| PartyError::Value { role, step: STEP, source };
    map.check_batch(x.len(), batch).map_err(error)?;
    if x.is_empty() {
        return Ok(RingOf::<O>::constant(width, 0, 0));
    }
    let terms = ots.terms(map, batch).map_err(error)?;
    let of_term = match &weights.matrix {
        Some(matrix) => matrix.gather(&terms.weights).map_err(error)?,
        None => RingOf::<O>::constant(width, terms.weights.len(), 0),
    };
    let mut products = RingOf::<O>::constant(width, terms.weights.len(), 0);
    for (j, mut cots) in (0..).zip(prepare(ots, x).await?) {
        let one = Use { groups: vec![&mut cots], bits: vec![], served: &terms.inputs, x: &of_term, shift: j };
        for share in ots.correlate(vec![one]).await? {
            products = products.add(&share).map_err(error)?;
        }
    }
    let sums = products.add_up(&terms.outputs).map_err(error)?;
    match (&weights.matrix, role) {
        (Some(matrix), Role::Server) => {
            RingOf::<O>::linear(map, matrix, x, batch).and_then(|own| own.add(&sums)).map_err(error)
        }
        _ => Ok(sums),
    }
}

/// For each bit plane of the client's share, COTs on its bits.
async fn prepare<O: Ots>(ots: &mut O, x: &RingOf<O>) -> Result<Vec<O::Cots>, PartyError> {
    let client = ots.role() == Role::Client;
    let bits = O::Domain::bits(x).into_iter();
    let prepare =
        |bits| Prepare { receiver: Role::Client, count: x.len(), choice: Choice::Now(Some(bits).filter(|_| client)) };
    let batch = Batch { transfers: Vec::new(), cots: bits.map(prepare).collect() };
    Ok(ots.batch(batch).await?.cots)
}
