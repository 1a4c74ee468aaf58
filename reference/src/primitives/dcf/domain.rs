//! Keys in a domain: on concrete bits, or on their size alone. Messages are written once, in [`super::real`].

use super::Form;
use super::keys::{Place, VERSION};
use crate::party::{BitWire, Role};
use crate::values::bits::{BitReader, BitWriter, wide};
use crate::values::{BitPlane, Concrete, Plane, Ring, RingVector, ShapePlane, ShapeRing, Shapes, ValueError};

/// A domain over which comparison keys are made and evaluated. A batch of keys is a plane of [`Form::bits`] bits.
pub trait DcfDomain: BitWire {
    /// Both parties' keys; `place` is that of the first, `random` has 256 bits for each key. [DS-FSS-3]
    ///
    /// # Errors
    /// [`ValueError::Length`] or [`ValueError::WidthMismatch`] if the operands do not match the form; likewise in
    /// [`DcfDomain::evaluate`].
    fn generate(
        place: Place,
        form: &Form,
        alpha: &[Self::Plane],
        beta: &Self::Ring,
        random: &Self::Plane,
    ) -> Result<[Self::Plane; 2], ValueError>;

    /// Checks the version. [DS-FSS-5]
    ///
    /// # Errors
    /// [`ValueError::KeyVersion`] for another one.
    fn check(keys: &Self::Plane) -> Result<(), ValueError>;

    /// A party's shares of the payloads. [DS-FSS-4]
    ///
    /// # Errors
    /// [`ValueError::Length`] if the operands do not match the form.
    fn evaluate(
        place: Place,
        form: &Form,
        role: Role,
        keys: &Self::Plane,
        x: &[Self::Plane],
    ) -> Result<Self::Ring, ValueError>;
}

/// Checks that there are n planes, each with a lane for each key.
fn check_planes<P: BitPlane>(form: &Form, planes: &[P]) -> Result<(), ValueError> {
    let equal =
        |left: usize, right: usize| if left == right { Ok(()) } else { Err(ValueError::Length { left, right }) };
    equal(planes.len(), form.input_bits() as usize)?;
    planes.iter().try_for_each(|plane| equal(plane.len(), form.keys()))
}

/// Checks that the payload is what the form says.
fn check_payload<R: RingVector>(form: &Form, beta: &R) -> Result<(), ValueError> {
    let (left, right) = (beta.width().bits(), form.width().bits());
    if left != right {
        return Err(ValueError::WidthMismatch { left, right });
    }
    let (left, right) = (beta.len(), form.payload());
    if left == right { Ok(()) } else { Err(ValueError::Length { left, right }) }
}

/// The value of each lane of n planes, the lowest first.
pub(super) fn lanes(planes: &[Plane]) -> Vec<u64> {
    let mut values = vec![0_u64; planes.first().map_or(0, BitPlane::len)];
    for (position, plane) in planes.iter().enumerate() {
        values.iter_mut().zip(plane.to_bits()).for_each(|(value, bit)| *value |= u64::from(bit) << position);
    }
    values
}

/// Payload elements key by key, each key's in the order in which they are given.
fn by_key(form: &Form, beta: &Ring) -> Result<Vec<Vec<u64>>, ValueError> {
    let mut keys: Vec<Vec<u64>> = form.payload_of_each()?.into_iter().map(Vec::with_capacity).collect();
    let mut elements = beta.elements().iter();
    for (start, len) in form.of().runs()? {
        for (key, element) in keys.iter_mut().skip(start).take(len).zip(elements.by_ref()) {
            key.push(*element);
        }
    }
    Ok(keys)
}

/// The inverse: from elements key by key, in the order of the payload.
fn in_order(form: &Form, keys: Vec<Vec<u64>>) -> Result<Vec<u64>, ValueError> {
    let mut keys: Vec<std::vec::IntoIter<u64>> = keys.into_iter().map(Vec::into_iter).collect();
    let mut elements = Vec::with_capacity(form.payload());
    for (start, len) in form.of().runs()? {
        elements.extend(keys.iter_mut().skip(start).take(len).filter_map(Iterator::next));
    }
    Ok(elements)
}

impl DcfDomain for Concrete {
    fn generate(
        place: Place,
        form: &Form,
        alpha: &[Plane],
        beta: &Ring,
        random: &Plane,
    ) -> Result<[Plane; 2], ValueError> {
        check_planes(form, alpha)?;
        check_payload(form, beta)?;
        let mut seeds = random.words().chunks_exact(2).map(|half| match *half {
            [low, high] => wide(low, high),
            _ => 0,
        });
        let mut keys = [(); 2].map(|()| BitWriter::default());
        keys.iter_mut().for_each(|key| key.push(u64::from(VERSION), 8));
        let functions = lanes(alpha).into_iter().zip(by_key(form, beta)?);
        for (number, (alpha, beta)) in (place.number..).zip(functions) {
            let (Some(s0), Some(s1)) = (seeds.next(), seeds.next()) else {
                return Err(ValueError::Length { left: random.len(), right: form.keys().saturating_mul(256) });
            };
            Place { number, ..place }.generate(form, alpha, &beta, [s0, s1], &mut keys);
        }
        let [server, client] = keys.map(|key| {
            let (words, len) = key.finish();
            Plane::from_words(words, len)
        });
        Ok([server?, client?])
    }

    fn check(keys: &Plane) -> Result<(), ValueError> {
        let found = BitReader::at(keys.words(), 0).take(8).to_le_bytes()[0];
        if found == VERSION { Ok(()) } else { Err(ValueError::KeyVersion { found, expected: VERSION }) }
    }

    fn evaluate(place: Place, form: &Form, role: Role, keys: &Plane, x: &[Plane]) -> Result<Ring, ValueError> {
        check_planes(form, x)?;
        if keys.len() != form.bits() {
            return Err(ValueError::Length { left: keys.len(), right: form.bits() });
        }
        let mut reader = BitReader::at(keys.words(), 8);
        let lanes = lanes(x).into_iter().zip(form.payload_of_each()?);
        let one = |(number, (x, len))| Place { number, ..place }.evaluate(form, role, &mut reader, x, len);
        let shares = (place.number..).zip(lanes).map(one).collect();
        Ok(Ring::new(form.width(), in_order(form, shares)?))
    }
}

impl DcfDomain for Shapes {
    fn generate(
        _place: Place,
        form: &Form,
        alpha: &[ShapePlane],
        beta: &ShapeRing,
        _random: &ShapePlane,
    ) -> Result<[ShapePlane; 2], ValueError> {
        check_planes(form, alpha)?;
        check_payload(form, beta)?;
        Ok([ShapePlane::constant(form.bits(), false); 2])
    }

    fn check(_keys: &ShapePlane) -> Result<(), ValueError> {
        Ok(())
    }

    fn evaluate(
        _place: Place,
        form: &Form,
        _role: Role,
        _keys: &ShapePlane,
        x: &[ShapePlane],
    ) -> Result<ShapeRing, ValueError> {
        check_planes(form, x)?;
        Ok(ShapeRing::constant(form.width(), form.payload(), 0))
    }
}
