//! OT extension: columns, messages, COTs.

use super::{Defect, SESSION, SampleError, Source, rows};
use crate::statistics::bounds::Bits;
use crate::statistics::sample::Sample;
use deepshare_reference::party::xof::Seed;
use deepshare_reference::primitives::ot::code::Code;
use deepshare_reference::primitives::ot::cot::{Keys, pads};
use deepshare_reference::primitives::ot::matrix::{self, Position, Rows};
use deepshare_reference::primitives::ot::tweak::{Purpose, Tweak};
use deepshare_reference::values::{BitPlane, Plane, Ranges, Ring, RingVector, ValueError, Width};

/// Base keys of both parties.
struct Base {
    code: Code,
    tweak: Tweak,
    pairs: Vec<[Seed; 2]>,
    secret: Plane,
}

impl Base {
    fn draw(source: &mut Source, purpose: Purpose) -> Result<Base, SampleError> {
        let code = purpose.code();
        let (zeros, ones) = (source.seeds(code.positions())?, source.seeds(code.positions())?);
        let pairs = zeros.into_iter().zip(ones).map(|(zero, one)| [zero, one]).collect();
        let secret = source.plane(code.positions())?;
        Ok(Base { code, tweak: Tweak { purpose, session: SESSION }, pairs, secret })
    }

    /// The keys that the sender has.
    fn chosen(&self) -> Vec<Seed> {
        let one = |([zero, one], bit): (&[Seed; 2], bool)| if bit { *one } else { *zero };
        self.pairs.iter().zip(self.secret.to_bits()).map(one).collect()
    }

    fn at(&self, batch: u64, first: usize) -> Position {
        Position { tweak: self.tweak, batch, first: first as u64 }
    }

    /// The columns that the receiver sends, and both parties' rows.
    fn batch(&self, at: &Position, choice: &[Plane]) -> Result<(Vec<Plane>, Rows, Rows), ValueError> {
        let (columns, receiver) = matrix::receive(at, self.code, &self.pairs, choice)?;
        let sender = matrix::send(at, self.code, &self.secret, &self.chosen(), &columns)?;
        Ok((columns, receiver, sender))
    }

    /// What the sender can stretch by itself: of each column that of its key.
    fn known(&self, at: &Position, len: usize) -> Result<Vec<Plane>, ValueError> {
        let column = |key: &Seed| {
            let mut bytes = vec![0; len.div_ceil(8)];
            self.tweak.column(key, at.batch, &mut bytes);
            let bits: Vec<bool> = Bits::from_bytes(&bytes, len).iter().collect();
            Ok(Plane::from_bits(&bits))
        };
        self.chosen().iter().map(column).collect()
    }
}

/// Columns of 1-of-16 OTs. [DS-OT-12]
pub fn choose(source: &mut Source) -> Result<Vec<Sample>, SampleError> {
    columns(source, Purpose::Messages, 5)
}

/// Columns of COTs and of labels. [DS-OT-13] [DS-GC-3]
pub fn prepare(source: &mut Source) -> Result<Vec<Sample>, SampleError> {
    columns(source, Purpose::ToClient, 1)
}

/// Two batches of columns under one choice in all lanes: as sent, without what the sender stretches itself, and xor-ed.
fn columns(source: &mut Source, purpose: Purpose, choice: usize) -> Result<Vec<Sample>, SampleError> {
    let (mut base, len) = (Base::draw(source, purpose)?, source.size);
    if source.defect(Defect::ConstantPad) {
        base.pairs.iter_mut().for_each(|[zero, one]| *one = *zero);
    }
    let (width, choice_bits) = (base.code.positions(), base.code.choice_bits());
    let choice: Vec<Plane> = (0..choice_bits).map(|bit| Plane::constant(len, choice >> bit & 1 == 1)).collect();
    let second = if source.defect(Defect::RepeatedCounter) { 0 } else { 1 };
    let (mut sent, mut unknown) = (Vec::new(), Vec::new());
    for batch in [0, second] {
        let at = base.at(batch, 0);
        let (columns, _, _) = base.batch(&at, &choice)?;
        let columns = source.bias(rows(&columns), width);
        unknown.push(columns.xor(&rows(&base.known(&at, len)?)));
        sent.push(columns);
    }
    let mut samples = Vec::new();
    if let ([first, second], [unknown, _]) = (sent.as_slice(), unknown.as_slice()) {
        samples.push(Sample::uniform("columns", first.clone(), &[width], width));
        samples.push(Sample::uniform("without the sender's stretch", unknown.clone(), &[width], width));
        samples.push(Sample::uniform("two batches xor-ed", first.xor(second), &[width], 1));
    }
    Ok(samples)
}

/// A choice for each lane: the lane's number modulo 16.
fn choices(len: usize, bits: usize) -> Vec<Plane> {
    let plane = |bit: usize| Plane::from_bits(&(0..len).map(|lane| lane >> bit & 1 == 1).collect::<Vec<_>>());
    (0..bits).map(plane).collect()
}

/// The pads of the 15 messages that each lane did not choose, and their xor with the chosen one's. [DS-OT-12]
pub fn offer(source: &mut Source) -> Result<Vec<Sample>, SampleError> {
    let (mut base, len) = (Base::draw(source, Purpose::Messages)?, source.size);
    if source.defect(Defect::ConstantPad) {
        base.secret = Plane::constant(base.code.positions(), false);
    }
    let choice = choices(len, base.code.choice_bits());
    let mut batches = Vec::new();
    for batch in 0..2_usize {
        let counter = if source.defect(Defect::RepeatedCounter) { 0 } else { batch };
        let at = base.at(counter as u64, counter * len);
        let (_, receiver, sender) = base.batch(&at, &choice)?;
        let own = rows(&receiver.message_pad(0, len, 0, 2));
        let (mut others, mut xored) = (Bits::default(), Bits::default());
        for number in 0..16_usize {
            let pads = rows(&sender.message_pad(0, len, number, 2));
            let both = pads.xor(&own);
            let other = |bits: &Bits| -> Bits {
                let lanes = bits.iter().enumerate().filter(|(i, _)| (i / 2) % 16 != number);
                lanes.map(|(_, bit)| bit).collect()
            };
            others.extend(&other(&pads));
            xored.extend(&other(&both));
        }
        batches.push((source.bias(others, 30), xored));
    }
    let mut samples = Vec::new();
    if let [(first, xored), (second, _)] = batches.as_slice() {
        samples.push(Sample::uniform("other messages' pads", first.clone(), &[30], 30));
        samples.push(Sample::uniform("xor the chosen one's", xored.clone(), &[30], 30));
        samples.push(Sample::uniform("two batches xor-ed", first.xor(second), &[30], 1));
    }
    Ok(samples)
}

/// Elements as rows of k bits.
fn elements(x: &Ring) -> Bits {
    let k = x.width().bits();
    x.elements().iter().flat_map(|x| (0..k).map(move |bit| x >> bit & 1 == 1)).collect()
}

/// The corrections of zeros in two uses, the pad that the receiver lacks, and the difference of the uses. [DS-OT-14]
pub fn corrections(source: &mut Source) -> Result<Vec<Sample>, SampleError> {
    let (mut base, len) = (Base::draw(source, Purpose::ToClient)?, source.size);
    if source.defect(Defect::ConstantPad) {
        base.secret = Plane::constant(base.code.positions(), false);
    }
    let choice = source.plane(len)?;
    let (_, _, sender) = base.batch(&base.at(0, 0), std::slice::from_ref(&choice))?;
    let (mut keys, served, width) = (Keys::new(&sender, true), Ranges::all(len), Width::new(16)?);
    let (mut taus, mut others) = (Vec::new(), Vec::new());
    for _ in 0..2 {
        let [zero, one] = [pads(&[&keys], 0, &served, width, 0)?, pads(&[&keys], 1, &served, width, 0)?];
        let pairs = zero.elements().iter().zip(one.elements()).zip(choice.to_bits());
        others.push(Ring::new(width, pairs.map(|((zero, one), r)| if r { *zero } else { *one }).collect()));
        taus.push(zero.sub(&one)?);
        if !source.defect(Defect::RepeatedCounter) {
            keys.used();
        }
    }
    let mut samples = Vec::new();
    if let ([first, second], [other, _]) = (taus.as_slice(), others.as_slice()) {
        let tau = source.bias(elements(first), 16);
        samples.push(Sample::uniform("corrections of zeros", tau, &[16], 16));
        samples.push(Sample::uniform("the pad of the other key", elements(other), &[16], 16));
        samples.push(Sample::uniform("difference of two uses", elements(&first.sub(second)?), &[16], 16));
    }
    Ok(samples)
}

#[cfg(test)]
mod tests {
    use super::super::{bits, bytes_of};
    use super::*;

    /// What is stretched as the sender's own is what its rows have in columns where s is 0.
    #[test]
    fn the_known_columns_are_the_senders() {
        let mut source = crate::statistics::source(&Seed([3; 32]), 64, None);
        let base = Base::draw(&mut source, Purpose::ToClient).unwrap();
        let at = base.at(3, 0);
        let (columns, _, _) = base.batch(&at, &[Plane::constant(64, false)]).unwrap();
        let known = base.known(&at, 64).unwrap();
        let (other, _) = matrix::receive(&at, base.code, &base.pairs, &[Plane::constant(64, true)]).unwrap();
        for ((u, v), w) in columns.iter().zip(&other).zip(&known) {
            assert_eq!(u.xor(v).unwrap().to_bits(), vec![true; 64], "columns differ by the choice");
            assert_ne!(bits(u), bits(w));
        }
        let chosen = base.chosen();
        assert!(chosen.iter().zip(&base.pairs).all(|(key, pair)| pair.iter().any(|one| one.0 == key.0)));
        assert_ne!(bytes_of::<16>(&base.secret), [0; 16]);
    }
}
