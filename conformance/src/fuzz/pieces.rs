//! Pieces of protocols on numbers that bytes choose: truncation, comparison keys.

use super::error::{Finding, equal, fails, refused};
use super::protocol::{self, World};
use super::{Found, Reach};
use crate::case::fields::{Fields, Reader, Style, number, width};
use deepshare_reference::backend::run::Sides;
use deepshare_reference::network::inference::Inference;
use deepshare_reference::network::{Layer, Network, Operand, Operation, TensorType};
use deepshare_reference::party::{BitWire, Role, SessionId};
use deepshare_reference::plan::{Plan, StepConvention};
use deepshare_reference::primitives::dcf::domain::DcfDomain;
use deepshare_reference::primitives::dcf::keys::Place;
use deepshare_reference::primitives::dcf::{Form, SEED_BITS, compare};
use deepshare_reference::truncate::{truncate_integer, truncate_ring};
use deepshare_reference::values::{BitPlane, Concrete, Plane, Ranges, Ring, RingVector, Shape, ValueError, Width};

fn fields(bytes: &[u8]) -> Result<(Reader<'_>, Width), Finding> {
    let mut fields = Reader(bytes);
    let smallest = Width::new(2).map_err(fails("a width of 2"))?;
    let width = width(&mut fields, smallest);
    Ok((fields, width))
}

/// The truncation of up to four numbers: floors on integers, on the ring, and in a backend. [DS-TRUNC-1]
pub fn truncation(bytes: &[u8]) -> Found {
    let (mut fields, k) = fields(bytes)?;
    let shift = u32::try_from(fields.below(64, 0)).unwrap_or(0) % k.bits();
    let (world, seed) =
        (fields.below(protocol::QUICK.len(), 0), u32::from_le_bytes([fields.byte(0), fields.byte(0), 0, 0]));
    let count = 1 + fields.below(4, 0);
    let x: Vec<i64> = (0..count).map(|_| number(&mut fields, k, Style::Wild, 0)).collect();
    let floor: Vec<i64> = x.iter().map(|x| x >> shift).collect();
    for (x, floor) in x.iter().zip(&floor) {
        equal("the floor of an integer", &Ok(*floor), &truncate_integer(k, *x, shift))?;
        let ring = truncate_ring(k, k.encode_wrapping(*x), shift).map(|y| k.decode(y));
        equal("the truncation on the ring", &Ok(*floor), &ring)?;
    }
    let network = one_truncation(k, count, shift)?;
    let own =
        Sides { server: Vec::new(), client: vec![Ring::new(k, x.iter().map(|&x| k.encode_wrapping(x)).collect())] };
    let world: Option<&World> = protocol::QUICK.get(world);
    let Some(world) = world else { return Ok(Reach::Refused) };
    let found = world(&Inference::new(&network, 1), own, seed)?;
    let found: Vec<Vec<i64>> = found.client.iter().map(Ring::to_integers).collect();
    equal("the client's outputs", &vec![floor], &found)?;
    Ok(Reach::Ran)
}

/// The network of one truncation.
fn one_truncation(k: Width, count: usize, shift: u32) -> Result<Network, Finding> {
    let shape = Shape::new(count, 1, 1).map_err(fails("a shape"))?;
    let input = TensorType { shape, scale: shift };
    let output = TensorType { shape, scale: 0 };
    let operation = Operation::Truncate { shift };
    let layer = Layer { name: "l0".to_owned(), operation, operands: vec![Operand::Input], output };
    let plan = Plan::new(k, StepConvention::Nonnegative, Vec::new()).map_err(fails("a plan without layers"))?;
    Ok(Network::new("truncation", input, &[layer], plan)?)
}

/// Two 64-bit numbers, mostly near one another or near the ends.
fn two_numbers(fields: &mut Reader<'_>, bits: u32) -> Result<[u64; 2], Finding> {
    let full = Width::new(64).map_err(fails("a width of 64"))?;
    let mask = u64::MAX >> (64 - bits);
    let first = full.encode_wrapping(number(fields, full, Style::Wild, 0));
    let other = full.encode_wrapping(number(fields, full, Style::Wild, 0));
    let second = if fields.below(2, 0) == 0 { first.wrapping_add(other) } else { other };
    Ok([first & mask, second & mask])
}

/// The lowest n bits of a number, as planes of one lane.
fn planes(bits: u32, value: u64) -> Vec<Plane> {
    (0..bits).map(|position| Plane::from_bits(&[value >> position & 1 == 1])).collect()
}

/// The form of one key for n bits, with a payload of some elements.
fn form(bits: u32, k: Width, payload: usize) -> Result<Form, Finding> {
    let runs = (0..payload).map(|_| (0, 1));
    let of = Ranges::new(1, runs).map_err(fails("ranges"))?;
    Form::new(bits, k, of).map_err(fails("a form"))
}

/// One comparison key: both parties' shares sum to the payload where x is below the threshold, to zeros elsewhere.
/// [DS-FSS-1] [DS-FSS-3] [DS-FSS-4]
pub fn dcf(bytes: &[u8]) -> Found {
    let (mut fields, k) = fields(bytes)?;
    let bits = 1 + u32::try_from(fields.below(64, 0)).unwrap_or(0);
    let payload = fields.below(4, 0);
    let [alpha, x] = two_numbers(&mut fields, bits)?;
    let beta: Vec<u64> = (0..payload).map(|_| k.encode_wrapping(number(&mut fields, k, Style::Wild, 0))).collect();
    let place = Place { session: SessionId([fields.byte(0); 16]), number: u64::from(fields.byte(0)) };
    let random = Plane::from_words((0..4).map(|_| fields.below(256, 0) as u64).collect(), 2 * SEED_BITS as usize);
    let form = form(bits, k, payload)?;
    let random = random.map_err(fails("seeds"))?;
    let keys = Concrete::generate(place, &form, &planes(bits, alpha), &Ring::new(k, beta.clone()), &random);
    let [server, client] = keys.map_err(fails("making keys"))?;
    equal("the bits of a key", &[form.bits(); 2], &[server.len(), client.len()])?;
    let share = |role, key| Concrete::evaluate(place, &form, role, key, &planes(bits, x)).map_err(fails("evaluating"));
    let sum = share(Role::Server, &server)?.add(&share(Role::Client, &client)?).map_err(fails("adding"))?;
    equal("the payload", &compare(alpha, &beta, x), &sum.elements().to_vec())?;
    Ok(Reach::Ran)
}

/// Bytes as a key: refused by length, padding or version, as they say, or evaluated; what is read is written as the same bytes.
/// [DS-FSS-5] [DS-WIRE-3]
pub fn keys(bytes: &[u8]) -> Found {
    let (mut fields, k) = fields(bytes)?;
    let bits = 1 + u32::try_from(fields.below(6, 0)).unwrap_or(0);
    let payload = fields.below(4, 0);
    let form = form(bits, k, payload)?;
    let x = planes(bits, u64::from(fields.byte(0)));
    let read = Concrete::unpack_plane(fields.0.to_vec(), form.bits());
    let read = read.and_then(|key| Concrete::check(&key).map(|()| key));
    equal("what is wrong with a key", &complaint(fields.0, form.bits()).as_ref(), &read.as_ref().err())?;
    let key = match read {
        Ok(key) => key,
        Err(error) => return refused(error.code(), &error),
    };
    equal("the key that is read and written", &fields.0.to_vec(), &Concrete::pack_plane(&key))?;
    let place = Place { session: SessionId([0; 16]), number: 0 };
    let share = Concrete::evaluate(place, &form, Role::Client, &key, &x).map_err(fails("evaluating"))?;
    equal("the elements of a share", &payload, &share.len())?;
    Ok(Reach::Ran)
}

/// What is wrong with bytes as a key of so many bits: as many bytes as they fill, zeros behind the last bit, and version 1 as
/// the first byte. [DS-FSS-5] [DS-WIRE-2] [DS-WIRE-3]
fn complaint(bytes: &[u8], bits: usize) -> Option<ValueError> {
    let (found, expected) = (bytes.len(), bits.div_ceil(8));
    let set = |bit: usize| bytes.get(bit / 8).is_some_and(|byte| byte >> (bit % 8) & 1 == 1);
    if found != expected {
        return Some(ValueError::PayloadLength { found, expected });
    }
    if (bits..8 * expected).any(set) {
        return Some(ValueError::Padding { bits });
    }
    match bytes.first().copied().unwrap_or(0) {
        1 => None,
        found => Some(ValueError::KeyVersion { found, expected: 1 }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// [DS-FSS-5] [DS-WIRE-2] [DS-WIRE-3]
    #[test]
    fn what_is_wrong_with_a_key_is_said_by_its_bytes() {
        assert_eq!(complaint(&[1, 0xff, 0x01], 17), None);
        assert_eq!(complaint(&[1, 0xff, 0x02], 17), Some(ValueError::Padding { bits: 17 }));
        assert_eq!(complaint(&[1, 0xff, 0x80], 17), Some(ValueError::Padding { bits: 17 }));
        assert_eq!(complaint(&[1, 0xff, 0xff], 24), None);
        assert_eq!(complaint(&[2, 0xff], 16), Some(ValueError::KeyVersion { found: 2, expected: 1 }));
        for found in [1, 3] {
            assert_eq!(complaint(&[2; 3][..found], 16), Some(ValueError::PayloadLength { found, expected: 2 }));
        }
    }
}
