//! Tests of the codec: any bytes are a case, what is written reads back, and what is reached.

use super::*;
use crate::case::error::CaseError;
use crate::models::Model;
use deepshare_reference::values::Width;
use std::collections::BTreeSet;

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
        assert!(!written.starts_with(b"{"), "fields reach it, so it is written as fields");
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

/// The cases that bytes reach are diverse: each property is had by this part of them at least. [DS-FUZZ-9]
#[test]
fn the_cases_that_bytes_reach_are_diverse() {
    let cases: Vec<Case> = some_cases(5000).collect();
    println!("{}", survey::text(&cases));
    for property in survey::PROPERTIES {
        let percent = survey::percent(&cases, property);
        assert!(percent >= property.least, "{}: {percent} %, not {} %", property.name, property.least);
    }
    let widths: BTreeSet<u32> = cases.iter().map(|case| case.network().width().bits()).collect();
    assert_eq!(widths.len(), 63, "every width is reached");
}

/// A property that no case has is 0 %, one that all have 100 %. [DS-FUZZ-9]
#[test]
fn a_survey_counts_what_cases_have() {
    let cases = [Case::decode(b"").unwrap()];
    let had: Vec<&str> =
        survey::PROPERTIES.iter().filter(|p| survey::percent(&cases, p) == 100).map(|property| property.name).collect();
    assert_eq!(had, ["width 8, 16 or 32", "1 activation layer", "fan-out of 2 and more", "integer semantics defined"]);
    assert!(survey::text(&cases).ends_with("half of the cases have at most 2, nine in ten at most 2, all at most 2\n"));
    assert!(survey::PROPERTIES.iter().all(|property| survey::percent(&[], property) == 0));
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

/// One choice in 40 to 64 of a batch is a wide one, whose tensors have as many elements an image as its input at most.
/// [DS-FUZZ-3]
#[test]
fn a_batch_of_33_images_is_read_and_written_by_fields() {
    let wide: Vec<Case> = some_cases(5000).filter(|case| case.images().len() > 3).collect();
    assert!(wide.len() > 5000 / 128, "{} of 5000", wide.len());
    for case in wide {
        assert_eq!(case.images().len(), 33);
        let most = case.network().input().shape.elements();
        assert!(case.network().layers().iter().all(|layer| layer.output.shape.elements() <= most), "{case:?}");
        assert_eq!(Case::decode(&case.fields()), Ok(case));
    }
}

/// A text that does not name the format is not parsed. [DS-FUZZ-1]
#[test]
fn only_an_object_that_names_the_format_may_be_json() {
    assert!(convert::may_be_json(&convert::to_json(&Case::decode(b"").unwrap())));
    assert!(!convert::may_be_json(" {\"format\": \"deepshare-case/1\"}"));
    assert!(!convert::may_be_json("{\"format\": \"deepshare-case/2\"}"));
    assert!(convert::may_be_json("{\"format\": \"deepshare-case/1\""), "whether it is one, its reader says");
}

/// What somebody has written as a case's file or a vector's case is not taken for other bytes. [DS-FUZZ-4] [DS-FUZZ-5]
#[test]
fn a_mistaken_file_says_what_is_wrong_with_it() {
    let case = Case::decode(b"").unwrap();
    let (json, vector) = (convert::to_json(&case), convert::to_vector(&case).unwrap());
    let mistaken = |text: &str| convert::mistaken(text.as_bytes()).map(|error| error.to_string());
    assert_eq!([mistaken(&json), mistaken("{}"), mistaken("{"), mistaken("")], [None, None, None, None]);
    assert!(convert::mistaken(&[0xff, b'{']).is_none());
    let misspelt = mistaken(&json.replace("\"seed\"", "\"sed\"")).unwrap();
    assert!(misspelt.starts_with("this is no case's file: unknown field `sed`"), "{misspelt}");
    let beyond = mistaken(&json.replace("\"seed\": 0", "\"seed\": 4294967296")).unwrap();
    assert!(beyond.starts_with("larger than cases are"), "{beyond}");
    let spaced = mistaken(&format!("\n{json}")).unwrap();
    assert_eq!(spaced, "a case's file begins with {; there is white space before it");
    assert_eq!(mistaken(&vector).unwrap(), "this is a vector's case; say so (--from vector)");
}

/// The public part of a network without linear layers lacks no weights, but its private gates: it is not taken for one
/// with default gates. [DS-FUZZ-3] [DS-NET-7]
#[test]
fn a_public_part_is_no_network_of_a_case() {
    let public = |case: &Case| {
        let mut file: serde_json::Value = serde_json::from_str(&convert::to_json(case)).unwrap();
        file["network"] = serde_json::from_str(&case.network().public_part().to_json()).unwrap();
        convert::from_json(&file.to_string()).map_err(|error| error.code())
    };
    for case in some_cases(100) {
        assert_eq!(public(&case), Err("case/public-part"), "{case:?}");
    }
}

/// A case that fields do not reach is written as JSON, and bytes that are a case's JSON are that case. [DS-FUZZ-1]
/// [DS-FUZZ-2]
#[test]
fn a_case_that_fields_do_not_reach_is_its_json() {
    let network = Network::from_json(Model::Full.json()).unwrap();
    let zeros = vec![0; network.input().shape.elements()];
    let case = Case::new(&network, vec![zeros], 7).unwrap();
    let bytes = case.encode();
    assert_eq!(bytes, convert::to_json(&case).into_bytes());
    assert_eq!(Case::decode(&bytes), Ok(case));
    assert_eq!(Case::decode(b"{"), grammar::case(&mut Reader(b"{"), None), "what only looks like JSON is fields");
    let small = Case::decode(b"\x03").unwrap();
    let json = convert::to_json(&small).into_bytes();
    assert_eq!(Case::decode(&json).unwrap().encode(), small.encode(), "what fields reach is written as fields");
    assert!(!small.encode().starts_with(b"{"));
}

/// [DS-FUZZ-3]
#[test]
fn what_is_larger_than_cases_or_none_is_refused() {
    let case = Case::decode(b"").unwrap();
    let code = |network: &Network, images: Vec<Vec<i64>>| Case::new(network, images, 0).map_err(|error| error.code());
    let network = case.network();
    assert_eq!(code(network, Vec::new()), Err("case/beyond"), "no image");
    assert!(code(network, vec![vec![0; 2]; limits::IMAGES]).is_ok());
    assert_eq!(code(network, vec![vec![0; 2]; limits::IMAGES + 1]), Err("case/beyond"));
    assert_eq!(code(network, vec![vec![0; 99]]), Err("case/image"), "an image of another size");
    let too_large = network.width().max_value() + 1;
    assert_eq!(code(network, vec![vec![0, too_large]]), Err("case/image"), "a number that does not fit");
    let error = Case::new(network, vec![vec![0; 2], vec![0, too_large]], 0).unwrap_err();
    assert_eq!(error.to_string(), "image 1: 128 does not fit 8 bits");
    let wide = network.with_width(Width::new(64).unwrap()).unwrap();
    assert!(Case::new(&wide, case.images().to_vec(), u32::MAX).is_ok());
    let broad = convert::to_json(&case).replace("[2, 1, 1]", "[2, 128, 65]");
    assert_eq!(convert::from_json(&broad).map_err(|error| error.code()), Err("case/beyond"), "{broad}");
}

/// A layer's products with one weight for each of so many rows and columns, on 64 rows and columns.
fn convolved(kernel: usize) -> Network {
    let (weights, padding) = (vec!["1"; kernel * kernel].join(", "), kernel / 2);
    let text = format!(
        r#"{{"format": "deepshare-network/1", "name": "n", "input": {{"shape": [1, 1, 1], "scale": 0}}, "layers": [
        {{"name": "b", "op": "broadcast", "from": "input", "size": [64, 64]}},
        {{"name": "c", "op": "conv", "from": "b", "out_channels": 1, "kernel": [{kernel}, {kernel}], "stride": [1, 1],
          "padding": [{padding}, {padding}], "groups": 1, "weight_scale": 0, "weights": [{weights}]}}],
        "plan": {{"format": "deepshare-plan/1", "width": 8, "step": "positive", "layers": []}}}}"#
    );
    Network::from_json(&text).unwrap()
}

/// Elements and products count in all layers and images together: no backend refuses a case. [DS-FUZZ-3]
#[test]
fn all_elements_and_all_products_are_counted() {
    let code = |kernel, images| {
        Case::new(&convolved(kernel), vec![vec![1]; images], 0).map(drop).map_err(|error| error.code())
    };
    assert_eq!(code(15, 1), Ok(()), "225 * 4,096 products");
    assert_eq!(code(15, 2), Err("case/beyond"), "450 * 4,096 products");
    assert_eq!(code(17, 1), Err("case/beyond"), "289 * 4,096 products");
    assert_eq!(code(1, 3), Ok(()), "3 * 8,193 elements");
    assert_eq!(code(1, 4), Err("case/beyond"), "4 * 8,193 elements");
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
