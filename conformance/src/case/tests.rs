//! Tests of the codec: any bytes are a case, what is written reads back, and what is reached.

use super::*;
use crate::case::error::CaseError;
use crate::models::Model;
use deepshare_reference::network::Operation;
use deepshare_reference::network::semantics::integer;
use deepshare_reference::plan::{Channel, Source, StepConvention, Visibility};
use deepshare_reference::values::Width;
use std::collections::{BTreeMap, BTreeSet};

/// Bytes number `number`: of lengths up to 255, the same in every run.
fn bytes(number: u64) -> Vec<u8> {
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x2545_f491_4f6c_dd1d;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        u8::try_from(state >> 56).unwrap()
    };
    let len = next();
    (0..len).map(|_| next()).collect()
}

fn some_cases(count: u64) -> impl Iterator<Item = Case> {
    (0..count).map(|number| Case::decode(&bytes(number)).unwrap_or_else(|error| panic!("bytes {number}: {error}")))
}

/// [DS-FUZZ-1] [DS-FUZZ-2]
#[test]
fn any_bytes_are_a_case_and_what_is_written_reads_back() {
    for case in some_cases(20_000) {
        let written = case.encode();
        assert_eq!(Case::decode(&written).as_ref(), Ok(&case));
        assert_ne!(written.last(), Some(&0));
        let plan = case.network().plan();
        assert!(!plan.layers().is_empty(), "every case runs a protocol");
        assert!(case.images().iter().all(|image| image.len() == case.network().input().shape.elements()));
    }
}

/// [DS-FUZZ-2]
#[test]
fn bytes_behind_a_case_and_zeros_at_its_end_say_nothing() {
    for case in some_cases(500) {
        let mut written = case.encode();
        written.extend([0; 300]);
        assert_eq!(Case::decode(&written).as_ref(), Ok(&case));
        written.extend([7; 9]);
        assert_eq!(Case::decode(&written).as_ref(), Ok(&case));
    }
}

/// How many of the cases have each property.
fn distribution(cases: &[Case]) -> BTreeMap<String, usize> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for case in cases {
        let (network, plan) = (case.network(), case.network().plan());
        let layers = plan.layers();
        let width = match network.width().bits() {
            2 | 64 => "width 2 or 64",
            8 | 16 | 32 => "width 8, 16, 32",
            _ => "other widths",
        };
        let channels = || layers.iter().enumerate().flat_map(|(l, layer)| layer.channels.iter().map(move |c| (l, c)));
        let across = |(own, channel): (usize, &Channel)| match channel.source {
            Source::Replicate { layer, .. } => layer < own,
            _ => false,
        };
        let fan_out = plan.fan_outs().into_values().max().unwrap_or(0);
        let mut properties = BTreeSet::from([width.to_owned(), format!("{} activation layers", layers.len())]);
        let mut has = |property: bool, name: &str| {
            if property {
                properties.insert(name.to_owned());
            }
        };
        has(plan.step() == StepConvention::Positive, "step convention positive");
        has(channels().any(across), "use across layers");
        has(channels().any(|(_, channel)| channel.gate.is_some()), "affine gates");
        has(channels().any(|(_, channel)| channel.source == Source::Linear), "linear channels");
        has(layers.iter().any(|layer| layer.visibility == Visibility::Private), "private gates");
        has(layers.iter().any(|layer| layer.gate_scale > 0), "gate scale above 0");
        has(fan_out >= 2, "fan-out of 2 and more");
        has(fan_out >= 4, "fan-out of 4 and more");
        has(case.images().len() > 1, "batches");
        let shifts = |l: &&Layer| matches!(l.operation, Operation::Truncate { shift } if shift > 0);
        has(network.layers().iter().any(|l| shifts(&l)), "truncations");
        has(network.layers().iter().any(|l| matches!(l.operation, Operation::Linear { .. })), "linear layers");
        has(case.images().iter().all(|image| integer(network, image).is_ok()), "integer semantics defined");
        properties.into_iter().for_each(|property| *counts.entry(property).or_default() += 1);
    }
    counts
}

/// The cases that bytes reach are diverse: each property is had by this part of them at least.
#[test]
fn the_cases_that_bytes_reach_are_diverse() {
    let cases: Vec<Case> = some_cases(5000).collect();
    let counts = distribution(&cases);
    let percent = |property: &str| 100 * counts.get(property).copied().unwrap_or(0) / cases.len();
    for property in counts.keys() {
        println!("{property:<28} {:>3} %", percent(property));
    }
    let least = [
        ("width 2 or 64", 10),
        ("width 8, 16, 32", 10),
        ("other widths", 30),
        ("1 activation layers", 15),
        ("2 activation layers", 15),
        ("3 activation layers", 8),
        ("4 activation layers", 2),
        ("step convention positive", 30),
        ("use across layers", 10),
        ("affine gates", 30),
        ("linear channels", 15),
        ("private gates", 30),
        ("gate scale above 0", 20),
        ("fan-out of 2 and more", 30),
        ("fan-out of 4 and more", 10),
        ("batches", 20),
        ("truncations", 15),
        ("linear layers", 20),
        ("integer semantics defined", 20),
    ];
    for (property, least) in least {
        assert!(percent(property) >= least, "{property}: {} %, not {least} %", percent(property));
    }
    let widths: BTreeSet<u32> = cases.iter().map(|case| case.network().width().bits()).collect();
    assert_eq!(widths.len(), 63, "every width is reached");
}

/// [DS-FUZZ-5]
#[test]
fn json_and_vectors_read_back_as_the_same_case() {
    for case in some_cases(300) {
        assert_eq!(convert::from_json(&convert::to_json(&case)).as_ref(), Ok(&case));
        let single = Case { images: case.images[..1].to_vec(), seed: 0, ..case.clone() };
        assert_eq!(convert::from_vector(&convert::to_vector(&single).unwrap()).as_ref(), Ok(&single));
        let images = case.images.len();
        if images > 1 {
            assert_eq!(convert::to_vector(&case), Err(CaseError::Images { images }));
        }
    }
}

/// [DS-FUZZ-3]
#[test]
fn what_no_bytes_stand_for_is_said_to_be_beyond() {
    let network = Network::from_json(Model::Full.json()).unwrap();
    let zeros = vec![0; network.input().shape.elements()];
    assert_eq!(Case::new(&network, vec![zeros], 0).err(), Some(CaseError::Beyond));
    let case = Case::decode(b"").unwrap();
    assert_eq!(Case::new(case.network(), Vec::new(), 0), Err(CaseError::Beyond), "no image");
    assert_eq!(Case::new(case.network(), vec![vec![0; 99]], 0), Err(CaseError::Beyond), "an image of another size");
    let too_large = case.network().width().max_value() + 1;
    let image = vec![too_large; case.network().input().shape.elements()];
    assert_eq!(Case::new(case.network(), vec![image], 0), Err(CaseError::Beyond), "a number that does not fit");
    let wide = case.network().with_width(Width::new(64).unwrap()).unwrap();
    assert!(Case::new(&wide, case.images().to_vec(), u32::MAX).is_ok());
}

/// [DS-FUZZ-5]
#[test]
fn files_that_are_no_cases_are_refused() {
    let case = Case::decode(b"").unwrap();
    let json = convert::to_json(&case);
    let code = |text: &str| convert::from_json(text).unwrap_err().code();
    assert_eq!(code("{"), "case/json");
    assert_eq!(code(&json.replace("case/1", "case/2")), "case/json");
    assert_eq!(code(&json.replace("\"seed\": 0", "\"seed\": 4294967296")), "case/beyond");
    assert_eq!(code(&json.replace("\"width\": 8", "\"width\": 1")), "plan/width");
    let vector = convert::to_vector(&case).unwrap();
    let code = |text: &str| convert::from_vector(text).unwrap_err().code();
    assert_eq!(code(&vector.replace("\"operation\": \"network\"", "\"operation\": \"drelu\"")), "case/operation");
    assert_eq!(code(&vector.replace("\"semantics\"", "\"semantic\"")), "case/json");
}

/// [DS-FUZZ-4]
#[test]
fn a_case_is_shown_with_its_plan_and_images() {
    let text = show::text(&Case::decode(b"").unwrap());
    let expected = "\
width    8 bits, step convention nonnegative
input    2x1x1 at scale 0
l0       activation by plan layer 0 of input, to 2x1x1 at scale 0
         gates public, gate scale 0
         channel 0 prototype
         channel 1 replicate of layer 0, channel 0
image 0  0 0
seed     0
";
    assert_eq!(text, expected);
}
