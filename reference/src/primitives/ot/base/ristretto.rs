//! The computation of real base OTs on ristretto255: Chou and Orlandi, "The simplest protocol for oblivious transfer"
//! (LATINCRYPT 2015), as random OT. [DS-OT-5]
//!
//! ```text
//! G generates the group of prime order; a, b_i are uniform scalars; s_i is the receiver's bit
//! sender     A = a G                                                      ->
//! receiver   B_i = b_i G + s_i A                                          <-
//! sender     k_i^0 = H(i, A, B_i, a B_i)      k_i^1 = H(i, A, B_i, a B_i - a A)
//! receiver   k_i^(s_i) = H(i, A, B_i, b_i A)
//! ```
//! b_i is uniform, so B_i is uniform whatever s_i is: the receiver's bit is hidden perfectly. The key that the receiver
//! did not choose is the hash of b_i A - a A or b_i A + a A; computing that element from A and b_i is computing a a G from
//! a G, which is as hard as the computational Diffie-Hellman problem. H is modelled as a random oracle.

use super::super::tweak::Tweak;
use crate::party::xof::Seed;
use crate::values::ValueError;
use curve25519_dalek::constants::RISTRETTO_BASEPOINT_TABLE as BASEPOINT;
use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::IsIdentity;

/// Random bits of a scalar: twice as many as the group's order has, so that the residue is uniform up to 2^-259.
pub const SCALAR_BITS: usize = 512;

/// Bits of an encoded group element.
pub const ELEMENT_BITS: usize = 256;

/// The encoding of a group element, 32 bytes.
pub type Element = [u8; 32];

/// The sender's secret a with A.
pub struct Secret {
    scalar: Scalar,
    offer: Element,
}

/// A scalar from 64 uniform bytes.
fn scalar(bytes: &[u8; 64]) -> Scalar {
    Scalar::from_bytes_mod_order_wide(bytes)
}

/// Decodes an element. The encoding must be canonical, and the element not the identity. [DS-OT-6]
fn decode(element: &Element) -> Result<RistrettoPoint, ValueError> {
    let point = CompressedRistretto(*element).decompress().filter(|point| !point.is_identity());
    point.ok_or(ValueError::GroupElement)
}

/// The sender's first step: a, and A = a G.
pub fn offer(bytes: &[u8; 64]) -> (Secret, Element) {
    let scalar = scalar(bytes);
    let offer = (&scalar * BASEPOINT).compress().0;
    (Secret { scalar, offer }, offer)
}

/// The receiver's step: for each (bit, 64 uniform bytes) the element B_i and its key.
///
/// # Errors
/// [`ValueError::GroupElement`] if A is no element, or the identity.
pub fn answer(tweak: &Tweak, a: &Element, own: &[(bool, [u8; 64])]) -> Result<Vec<(Element, Seed)>, ValueError> {
    let point = decode(a)?;
    let one = |(number, (bit, bytes)): (u64, &(bool, [u8; 64]))| {
        let b = scalar(bytes);
        let masked = &b * BASEPOINT + Scalar::from(u8::from(*bit)) * point;
        let element = masked.compress().0;
        (element, tweak.base_key(number, a, &element, (b * point).compress().0))
    };
    Ok((0..).zip(own).map(one).collect())
}

/// The sender's last step: both keys for each B_i.
///
/// # Errors
/// [`ValueError::GroupElement`] if a B_i is no element, or the identity.
pub fn finish(tweak: &Tweak, secret: &Secret, answers: &[Element]) -> Result<Vec<[Seed; 2]>, ValueError> {
    let square = &(secret.scalar * secret.scalar) * BASEPOINT; // a A
    let one = |(number, element): (u64, &Element)| {
        let common = secret.scalar * decode(element)?;
        let key = |point: RistrettoPoint| tweak.base_key(number, &secret.offer, element, point.compress().0);
        Ok([key(common), key(common - square)])
    };
    (0..).zip(answers).map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::party::SessionId;
    use crate::primitives::ot::tweak::Purpose;

    const TWEAK: Tweak = Tweak { purpose: Purpose::Messages, session: SessionId([1; 16]) };

    fn bytes(seed: u8) -> [u8; 64] {
        std::array::from_fn(|i| seed.wrapping_mul(31).wrapping_add(u8::try_from(i).unwrap()))
    }

    #[test]
    fn the_receiver_has_the_key_of_its_bit_and_not_the_other() {
        let (secret, a) = offer(&bytes(1));
        let own: Vec<(bool, [u8; 64])> = (0..8).map(|i| (i % 3 == 0, bytes(100 + i))).collect();
        let answers = answer(&TWEAK, &a, &own).unwrap();
        let elements: Vec<Element> = answers.iter().map(|(element, _)| *element).collect();
        let pairs = finish(&TWEAK, &secret, &elements).unwrap();
        for (((bit, _), (_, key)), pair) in own.iter().zip(&answers).zip(&pairs) {
            assert!(pair[usize::from(*bit)] == *key && pair[usize::from(!*bit)] != *key);
        }
    }

    /// The bit does not show in B: with b + s a in place of b, the other bit gives the same B.
    #[test]
    fn every_answer_is_possible_for_either_bit() {
        let (a, b) = (scalar(&bytes(1)), scalar(&bytes(2)));
        let point = &a * BASEPOINT;
        assert_eq!(&b * BASEPOINT + point, &(b + a) * BASEPOINT);
    }

    #[test]
    fn elements_that_do_not_decode_and_the_identity_are_rejected() {
        let (secret, a) = offer(&bytes(1));
        let mut not_canonical = [0xff; 32];
        not_canonical[31] = 0x7f;
        for bad in [[0; 32], [0xff; 32], not_canonical, [1; 32]] {
            assert!(answer(&TWEAK, &bad, &[(false, bytes(2))]).is_err_and(|error| error == ValueError::GroupElement));
            assert!(finish(&TWEAK, &secret, &[a, bad]).is_err_and(|error| error == ValueError::GroupElement));
        }
    }

    #[test]
    fn keys_depend_on_session_purpose_and_number() {
        let key = |tweak: Tweak, skip: usize| {
            let own = [(true, bytes(3)), (true, bytes(3))];
            answer(&tweak, &offer(&bytes(1)).1, &own).unwrap()[skip].1
        };
        let first = key(TWEAK, 0);
        assert!(first != key(TWEAK, 1));
        assert!(first != key(Tweak { purpose: Purpose::ToClient, ..TWEAK }, 0));
        assert!(first != key(Tweak { session: SessionId([2; 16]), ..TWEAK }, 0));
    }
}
