//! Garbled tables and comparison keys.

use super::{Defect, SESSION, SampleError, Source, bits};
use crate::statistics::bounds::Bits;
use crate::statistics::sample::Sample;
use deepshare_reference::party::Role;
use deepshare_reference::primitives::dcf::Form;
use deepshare_reference::primitives::dcf::domain::DcfDomain;
use deepshare_reference::primitives::dcf::keys::Place;
use deepshare_reference::primitives::garbling::chain::{Labels, pack, unpack};
use deepshare_reference::primitives::garbling::halfgates::{Gate, HalfGates};
use deepshare_reference::primitives::garbling::{LABEL_BITS, TABLE_BITS};
use deepshare_reference::values::{BitPlane, Concrete, Plane, Ranges, Ring, Width};

/// Positions of a garbled chain.
const POSITIONS: usize = 4;

/// The tables of circuits on server's bits that are all 0, and on bits that are all 1, and what is left of a table when
/// the client has taken its own labels' hashes off. The client's bits are all 1. [DS-GC-7]
pub fn tables(source: &mut Source) -> Result<Vec<Sample>, SampleError> {
    let (mut all, mut labels) = (Vec::new(), Bits::default());
    for own in [false, true] {
        let (tables, sent, rest) = circuits(source, own)?;
        labels.extend(&sent);
        all.push((source.bias(tables, TABLE_BITS), rest));
    }
    let mut samples = Vec::new();
    if let [(zeros, _), (ones, rest)] = all.as_slice() {
        samples.push(Sample::uniform("tables", zeros.clone(), &[TABLE_BITS, zeros.len() / 2], TABLE_BITS));
        samples.push(Sample::uniform("without own hashes", rest.clone(), &[LABEL_BITS], LABEL_BITS));
        samples.push(Sample::same("server's bits 0 and 1", zeros.clone(), ones.clone(), TABLE_BITS));
        samples.push(Sample::uniform("labels", labels, &[LABEL_BITS], LABEL_BITS));
    }
    Ok(samples)
}

/// Two batches of circuits: tables, the server's labels, and T_G xor T_E xor the client's own hashes at gates of the lowest
/// position.
fn circuits(source: &mut Source, own: bool) -> Result<(Bits, Bits, Bits), SampleError> {
    let lanes = (source.size / 2 / POSITIONS).max(1);
    let gates = lanes * POSITIONS;
    let delta = unpack(&source.plane(LABEL_BITS)?).into_iter().next().unwrap_or(0) | 1;
    let delta = if source.defect(Defect::ConstantPad) { 0 } else { delta };
    let mut draws = Vec::new();
    let (mut tables, mut labels, mut rest) = (Vec::new(), Bits::default(), Vec::new());
    for batch in 0..2_u64 {
        if batch == 0 || !source.defect(Defect::RepeatedCounter) {
            draws = vec![source.plane(gates * LABEL_BITS)?, source.plane(gates * LABEL_BITS)?];
        }
        let [zero, sent] = [draws.first(), draws.last()].map(|plane| plane.map(unpack).unwrap_or_default());
        let first = if source.defect(Defect::RepeatedCounter) { 0 } else { batch * gates as u64 };
        let garbler = Labels { labels: zero.clone(), delta, session: SESSION, first };
        let garbled = garbler.garble(&vec![Plane::constant(lanes, own); POSITIONS], &sent, &[POSITIONS])?;
        for ((number, [generator, evaluator]), (a, b)) in
            (first..).zip(&garbled.tables).zip(sent.iter().zip(&zero)).take(lanes)
        {
            let active = Gate { session: SESSION, number }.evaluate(&[0, 0], &[*a, b ^ delta]);
            rest.push(generator ^ evaluator ^ active);
        }
        labels.extend(&bits(&pack(&sent)?));
        tables.extend(garbled.tables.into_iter().flatten());
    }
    Ok((bits(&pack(&tables)?), labels, bits(&pack(&rest)?)))
}

/// Bits that each key compares.
const INPUT_BITS: u32 = 8;

/// Keys of either party for thresholds of zeros, the same for ones, and a party's shares of results. [DS-FSS-5]
pub fn comparisons(source: &mut Source) -> Result<Vec<Sample>, SampleError> {
    let form = Form::new(INPUT_BITS, Width::new(16)?, Ranges::all(source.size / 4))?;
    let key = (form.bits() - 8) / form.keys().max(1);
    let mut samples = Vec::new();
    let low = keys(source, &form, false)?;
    let high = keys(source, &form, true)?;
    for ((role, low), high) in [Role::Server, Role::Client].into_iter().zip(low).zip(high) {
        let shares = Concrete::evaluate(place(0), &form, role, &high, &planes(&form, false))?;
        let shares = shares.elements().iter().flat_map(|x| (0..16).map(move |bit| x >> bit & 1 == 1)).collect();
        let [low, high] = [low, high].map(|keys| bits(&keys).iter().skip(8).collect::<Bits>());
        let high = source.bias(high, key);
        samples.push(Sample::uniform(format!("{role}'s keys"), high.clone(), &[key, high.len() / 2], key));
        samples.push(Sample::same(format!("{role}'s keys for two thresholds"), low, high, key));
        samples.push(Sample::uniform(format!("{role}'s shares"), shares, &[16], 16));
    }
    Ok(samples)
}

fn place(number: u64) -> Place {
    Place { session: SESSION, number }
}

/// A constant of all ones or zeros for each key.
fn planes(form: &Form, bit: bool) -> Vec<Plane> {
    vec![Plane::constant(form.keys(), bit); form.input_bits() as usize]
}

/// Both parties' keys for a threshold of zeros or ones that pays 1.
fn keys(source: &mut Source, form: &Form, threshold: bool) -> Result<[Plane; 2], SampleError> {
    let half = source.plane(form.keys() / 2 * 256)?;
    let other = source.plane(form.keys().div_ceil(2) * 256)?;
    let random = match source.defect {
        Some(Defect::ConstantPad) => Plane::constant(form.keys() * 256, false),
        Some(Defect::RepeatedCounter) => Plane::concat(&[&half, &half]),
        _ => Plane::concat(&[&half, &other]),
    };
    let beta = Ring::new(form.width(), vec![1; form.payload()]);
    Ok(Concrete::generate(place(0), form, &planes(form, threshold), &beta, &random)?)
}
