//! Coins and base OTs.

use super::{Defect, SESSION, SampleError, Source, bits, bytes_of};
use crate::statistics::bounds::Bits;
use crate::statistics::sample::Sample;
use deepshare_reference::party::Coins;
use deepshare_reference::party::xof::Seed;
use deepshare_reference::primitives::ot::base::ristretto;
use deepshare_reference::primitives::ot::tweak::{Purpose, Tweak};

/// Coins that are expanded from a seed: draws one after the other.
pub fn coins(source: &mut Source) -> Result<Vec<Sample>, SampleError> {
    let len = 8 * source.size;
    let mut first = bits(&source.plane(len)?);
    let mut second = if source.defect(Defect::RepeatedCounter) { first.clone() } else { bits(&source.plane(len)?) };
    if source.defect(Defect::ConstantPad) {
        second = (0..len).map(|_| false).collect();
    }
    first.extend(&second);
    let all = source.bias(first, 64);
    Ok(vec![Sample::uniform("all draws", all, &[64, len], 64)])
}

/// The receiver's elements for bits 0 and for bits 1: one distribution. [DS-OT-5]
pub fn answers(source: &mut Source) -> Result<Vec<Sample>, SampleError> {
    let count = source.size / 8;
    let tweak = Tweak { purpose: Purpose::Messages, session: SESSION };
    let (_, offer) = ristretto::offer(&bytes_of(&source.plane(512)?));
    let repeated: [u8; 64] = bytes_of(&source.plane(512)?);
    let mut answers = |bit: bool| {
        let mut own = Vec::with_capacity(count);
        for _ in 0..count {
            let fresh = bytes_of(&source.coins.plane(512)?);
            own.push((
                bit,
                match source.defect {
                    Some(Defect::ConstantPad) => [0; 64],
                    Some(Defect::RepeatedCounter) => repeated,
                    _ => fresh,
                },
            ));
        }
        let elements = ristretto::answer(&tweak, &offer, &own)?.into_iter().flat_map(|(element, _)| element);
        Ok::<_, SampleError>(Bits::from_bytes(&elements.collect::<Vec<u8>>(), 256 * count))
    };
    let (zeros, ones) = (answers(false)?, answers(true)?);
    let ones = source.bias(ones, 256);
    Ok(vec![Sample::same("bits 0 and bits 1", zeros, ones, 256)])
}

/// The key that the receiver did not choose, and its xor with the one that it chose. [DS-OT-5]
pub fn other_keys(source: &mut Source) -> Result<Vec<Sample>, SampleError> {
    let count = source.size / 8;
    let tweak = Tweak { purpose: Purpose::Messages, session: SESSION };
    let (secret, offer) = ristretto::offer(&bytes_of(&source.plane(512)?));
    let mut own = Vec::with_capacity(count);
    for number in 0..count {
        own.push((number % 2 == 1, bytes_of(&source.plane(512)?)));
    }
    let answers = ristretto::answer(&tweak, &offer, &own)?;
    let elements: Vec<_> = answers.iter().map(|(element, _)| *element).collect();
    let pairs = ristretto::finish(&tweak, &secret, &elements)?;
    let other = |(pair, (bit, _)): (&[Seed; 2], &(bool, [u8; 64]))| {
        let [Seed(zero), Seed(one)] = pair;
        if *bit { *zero } else { *one }
    };
    let mut others: Vec<u8> = pairs.iter().zip(&own).flat_map(other).collect();
    let chosen: Vec<u8> = answers.iter().flat_map(|(_, Seed(key))| *key).collect();
    match source.defect {
        Some(Defect::ConstantPad) => others.clone_from(&chosen), // both keys are one
        Some(Defect::RepeatedCounter) => {
            others = others.chunks(64).flat_map(|two| two.iter().take(32).chain(two.iter().take(32))).copied().collect()
        }
        _ => {}
    }
    let others = source.bias(Bits::from_bytes(&others, 256 * count), 256);
    let xored = others.xor(&Bits::from_bytes(&chosen, 256 * count));
    Ok(vec![
        Sample::uniform("other keys", others, &[256], 256),
        Sample::uniform("other keys xor own", xored, &[256], 256),
    ])
}
