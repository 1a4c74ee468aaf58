//! Plans by agreement: the channels whose bits differ least share.

use super::*;

/// One sample of one layer: a row of bits a channel.
fn bits(channels: &[&str]) -> Vec<bool> {
    channels.concat().bytes().map(|bit| bit == b'1').collect()
}

/// [DS-PLAN-34]
#[test]
fn agreement_chooses_medoids_within_a_layer() {
    let network = shapes(&[(5, 1, 6)]);
    // Channel 2 is the medoid of 1, 2 and 4; 0 and 3 are near each other.
    let data = vec![vec![bits(&["000111", "100000", "000000", "000110", "010000"])]];
    let made = |prototypes| plan::agreement(&network, WIDTH, STEP, &data, Sharing::Layer, prototypes).unwrap();
    assert_eq!(used_in_one_layer(&made(1)), [2, 2, 2, 2, 2]);
    assert_eq!(used_in_one_layer(&made(2)), [0, 2, 2, 0, 2]);
    assert_eq!(used_in_one_layer(&made(3)), [0, 1, 2, 0, 2]);
    assert_eq!(used_in_one_layer(&made(9)), [0, 1, 2, 3, 4]);
}

#[test]
fn agreement_counts_every_sample() {
    let network = shapes(&[(3, 1, 2)]);
    // Channel 2 is nearer to 0 in the first sample, and nearer to 1 over both.
    let data = vec![vec![bits(&["11", "00", "10"]), bits(&["11", "00", "00"])]];
    let made = plan::agreement(&network, WIDTH, STEP, &data, Sharing::Layer, 2).unwrap();
    assert_eq!(used_in_one_layer(&made), [0, 2, 2]);
}

/// More than one word of bits: 130 neurons, which differ in the last one only.
#[test]
fn agreement_looks_at_every_neuron() {
    let network = shapes(&[(4, 1, 130)]);
    let row = |ones: &[usize]| (0..130).map(|i| if ones.contains(&i) { '1' } else { '0' }).collect::<String>();
    let rows = [row(&[0, 64, 129]), row(&[63, 127]), row(&[63, 127, 128]), row(&[0, 64])];
    let data = vec![vec![bits(&rows.iter().map(String::as_str).collect::<Vec<_>>())]];
    let made = plan::agreement(&network, WIDTH, STEP, &data, Sharing::Layer, 2).unwrap();
    assert_eq!(used_in_one_layer(&made), [0, 1, 1, 0]);
}

#[test]
fn agreement_ties_go_to_the_lowest_place_and_equal_prototypes_stay_apart() {
    let network = shapes(&[(4, 1, 2)]);
    let data = vec![vec![bits(&["10", "10", "10", "10"])]];
    let made = |prototypes| plan::agreement(&network, WIDTH, STEP, &data, Sharing::Layer, prototypes).unwrap();
    assert_eq!(used_in_one_layer(&made(1)), [0, 0, 0, 0]);
    assert_eq!(used_in_one_layer(&made(3)), [0, 1, 2, 0]);
    // Channel 1 lies as near to prototype 0 as to prototype 2, which was chosen before it.
    let network = shapes(&[(5, 1, 2)]);
    let data = vec![vec![bits(&["11", "01", "00", "00", "00"])]];
    let made = plan::agreement(&network, WIDTH, STEP, &data, Sharing::Layer, 2).unwrap();
    assert_eq!(used_in_one_layer(&made), [0, 0, 2, 2, 2]);
}

#[test]
fn agreement_across_layers_has_its_prototypes_in_the_first() {
    let network = shapes(&[(3, 2, 1), (1, 1, 1), (2, 2, 1)]);
    // Two of layer 0 suffice for layer 0 alone by the tie rule (0 and 1); layer 2 makes channel 2 the better one.
    let data = vec![vec![bits(&["00", "10", "11"])], vec![bits(&["1"])], vec![bits(&["11", "11"])]];
    let made = |sharing| plan::agreement(&network, WIDTH, STEP, &data, sharing, 1).unwrap();
    assert_eq!(used(&made(Sharing::Resolution)), [vec![(0, 2); 3], vec![(1, 0)], vec![(0, 2); 2]]);
    assert_eq!(used(&made(Sharing::Layer)), [vec![(0, 1); 3], vec![(1, 0)], vec![(2, 0); 2]]);
}

#[test]
fn calibration_data_has_the_size_of_the_network() {
    let network = shapes(&[(2, 1, 1), (1, 1, 3)]);
    let made = |data: &[Vec<Vec<bool>>]| plan::agreement(&network, WIDTH, STEP, data, Sharing::Layer, 1);
    let (first, second) = (vec![true; 2], vec![false; 3]);
    assert!(made(&[vec![first.clone()], vec![second.clone()]]).is_ok());
    let found = error(
        made(&[vec![first.clone()]]),
        "maker/calibration-layers",
        "the calibration data is for 1 layers, and the network has 2",
    );
    assert_eq!(found, MakerError::CalibrationLayers { found: 1, expected: 2 });
    let found = error(made(&[vec![], vec![]]), "maker/no-samples", "layer 0: the calibration data has no samples");
    assert_eq!(found, MakerError::NoSamples { layer: 0 });
    let found = error(
        made(&[vec![first.clone()], vec![]]),
        "maker/calibration-samples",
        "layer 1: the calibration data has 0 samples, and 1 for layer 0",
    );
    assert_eq!(found, MakerError::CalibrationSamples { layer: 1, found: 0, expected: 1 });
    let found = error(
        made(&[vec![first.clone(), first.clone()], vec![second, first]]),
        "maker/calibration-bits",
        "layer 1, sample 1: 2 bits, and the layer has 3 elements",
    );
    assert_eq!(found, MakerError::CalibrationBits { layer: 1, sample: 1, found: 2, expected: 3 });
    assert!(plan::agreement(&[], WIDTH, STEP, &[], Sharing::Resolution, 1).is_ok());
}
