//! Every error of values: what gives it, and what it says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/values.rs"]
mod values;

use deepshare_reference::party::coins::{SeedCoins, TapeCoins};
use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::{BitWire, Coins, PartyError, Role, Wire};
use deepshare_reference::values::integer::checked;
use deepshare_reference::values::{BitDomain, BitPlane, Concrete, LinearMap, Plane, Ranges, Ring, RingVector, Shape};
use deepshare_reference::values::{ShapeRing, Shapes, ValueError, Width};
use num_bigint::BigInt;
use values::{cases, ring, width};

/// The error of a result, and its message.
fn says<T>(result: Result<T, ValueError>, expected: &ValueError, message: &str) {
    let error = result.err().expect("an error");
    assert_eq!((&error, error.to_string().as_str()), (expected, message));
}

#[test]
fn widths() {
    for bits in [0, 1, 65, 1 << 32, u64::MAX] {
        says(Width::new(bits), &ValueError::Width { bits }, &format!("ring width {bits} is not in 2..=64"));
    }
}

#[test]
fn shapes() {
    for (channels, height, columns) in [(0, 1, 1), (1, 0, 1), (1, 1, 0), (0, 0, 0), (0, usize::MAX, usize::MAX)] {
        let error = ValueError::EmptyShape { channels, height, width: columns };
        let message = format!("shape {channels}x{height}x{columns} has no elements");
        says(Shape::new(channels, height, columns), &error, &message);
    }
    let half = 1_usize << 62;
    for (channels, height, columns) in [(half, 2, 1), (1, half, 2), (half, half, half), (usize::MAX, 1, 1)] {
        let error = ValueError::ShapeOverflow { channels, height, width: columns };
        let message = format!("{channels} x {height} x {columns} is more than 2^53 - 1 elements");
        says(Shape::new(channels, height, columns), &error, &message);
    }
    let most = (1_usize << 53) - 1;
    assert_eq!(Shape::new(most, 1, 1).unwrap().elements(), most);
    assert!(Shape::new(most + 1, 1, 1).is_err());
    assert_eq!(Shape::new(2, 3, 4).unwrap().to_string(), "2x3x4");
}

#[test]
fn lengths_and_widths() {
    let (x, y, z) = (ring(width(8), &[1, 2]), ring(width(8), &[1]), ring(width(9), &[1, 2]));
    let length = ValueError::Length { left: 2, right: 1 };
    let mismatch = ValueError::WidthMismatch { left: 8, right: 9 };
    for operation in [Ring::add, Ring::sub, Ring::mul] {
        says(operation(&x, &y), &length, "lengths differ: 2 and 1");
        says(operation(&x, &z), &mismatch, "ring widths differ: 8 and 9 bits");
    }
    says(Plane::from_words(vec![0], 65), &ValueError::Length { left: 1, right: 2 }, "lengths differ: 1 and 2");
    says(x.add_up(&Ranges::all(3)), &ValueError::Length { left: 2, right: 3 }, "lengths differ: 2 and 3");
    says(x.gather(&Ranges::all(3)), &ValueError::Length { left: 2, right: 3 }, "lengths differ: 2 and 3");
}

#[test]
fn ranges() {
    let error = ValueError::OutOfRange { start: 3, len: 2, available: 4 };
    says(Ranges::new(4, [(0, 1), (3, 2)]), &error, "elements 3..3+2 reach past the end of a vector of 4");
    let mut ranges = Ranges::all(4);
    assert!(ranges.push(2, 3).is_err());
    assert_eq!(
        (ranges.len(), ranges.runs().unwrap().collect::<Vec<_>>()),
        (4, vec![(0, 4)]),
        "a rejected run changes nothing"
    );
    let error = ValueError::OutOfRange { start: usize::MAX, len: 2, available: 1 };
    assert_eq!(ring(width(8), &[1]).repeat(usize::MAX, 2).err(), Some(error));
}

#[test]
fn integers_that_do_not_fit() {
    let error = ValueError::DoesNotFit { value: "-5".into(), bits: 3 };
    says(Ring::from_integers(width(3), &[3, -4, -5, 9]), &error, "value -5 does not fit 3 bits");
    let value: BigInt = BigInt::from(1) << 200;
    let error = ValueError::DoesNotFit { value: value.to_string(), bits: 64 };
    says(checked(Width::MAX, &value), &error, &format!("value {value} does not fit 64 bits"));
}

#[test]
fn shifts() {
    let error = ValueError::Shift { shift: 8, bits: 8 };
    says(Concrete::shift_right(&ring(width(8), &[]), 8), &error, "shift by 8 is not below the ring width 8");
    let shape = ShapeRing::constant(width(8), 1, 0);
    says(Shapes::shift_right(&shape, 8), &error, "shift by 8 is not below the ring width 8");
    assert!(Shapes::shift_right(&shape, 7).is_ok());
    assert!(Concrete::shift_right(&ring(width(8), &[-1]), 7).unwrap().elements() == [1]);
}

#[test]
fn linear_maps() {
    let what = "kernel 0 and stride 1 must be at least 1".to_owned();
    let found = LinearMap::sum_pool(Shape::new(1, 2, 2).unwrap(), [0, 1], [1, 1]);
    says(found, &ValueError::LinearMap { what: what.clone() }, &what);
}

/// [DS-WIRE-1] [DS-WIRE-2]
#[test]
fn payloads() {
    let length = ValueError::PayloadLength { found: 3, expected: 2 };
    says(Concrete::unpack_ring(vec![0; 3], width(5), 3), &length, "payload has 3 bytes, expected 2");
    let padding = ValueError::Padding { bits: 15 };
    let message = "the padding bits after the last of 15 payload bits are not zero";
    says(Concrete::unpack_ring(vec![0, 0x80], width(5), 3), &padding, message);
    says(Concrete::unpack_plane(vec![0, 0x80], 15), &padding, message);
    // a length that no memory could hold is an error before anything is allocated
    assert!(matches!(Concrete::unpack_plane(vec![0], usize::MAX), Err(ValueError::PayloadLength { found: 1, .. })));
    assert!(matches!(Concrete::unpack_ring(vec![0], Width::MAX, usize::MAX), Err(ValueError::PayloadLength { .. })));
    let small = Shapes::pack_ring(&ShapeRing::constant(width(5), 3, 0));
    says(
        Shapes::unpack_ring(small, width(5), 4),
        &ValueError::PayloadLength { found: 2, expected: 3 },
        "payload has 2 bytes, expected 3",
    );
}

#[test]
fn tapes() {
    let mut tape = TapeCoins::new(Role::Trusted, vec![0], 10);
    assert_eq!(Coins::<Concrete>::ring(&mut tape, width(3), 3).unwrap().len(), 3);
    let error = Coins::<Concrete>::plane(&mut tape, 2).unwrap_err();
    let source = ValueError::Tape { wanted: 2, left: 1 };
    assert_eq!(source.to_string(), "the random tape is used up: 2 bits wanted, 1 left");
    assert_eq!(error, PartyError::Value { role: Role::Trusted, step: "coins", source });
    assert_eq!(tape.drawn(), 9, "a draw that fails takes nothing");
}

#[test]
fn codes_are_distinct() {
    let all = [
        ValueError::Width { bits: 0 },
        ValueError::EmptyShape { channels: 0, height: 0, width: 0 },
        ValueError::ShapeOverflow { channels: 0, height: 0, width: 0 },
        ValueError::Length { left: 0, right: 0 },
        ValueError::WidthMismatch { left: 0, right: 0 },
        ValueError::OutOfRange { start: 0, len: 0, available: 0 },
        ValueError::DoesNotFit { value: String::new(), bits: 0 },
        ValueError::Shift { shift: 0, bits: 0 },
        ValueError::LinearMap { what: String::new() },
        ValueError::PayloadLength { found: 0, expected: 0 },
        ValueError::Padding { bits: 0 },
        ValueError::Tape { wanted: 0, left: 0 },
    ];
    let codes: std::collections::BTreeSet<&str> = all.iter().map(ValueError::code).collect();
    assert_eq!(codes.len(), all.len());
    assert!(codes.iter().all(|code| code.starts_with("value/")), "{codes:?}");
}

proptest::proptest! {
    #![proptest_config(cases(200))]

    /// Coins are of the length asked for, within the ring, and the same for the same seed. [DS-COIN-1]
    #[test]
    fn seeded_coins(seed in values::any_seed(), bits in 2_u64..=64, len in 0_usize..200) {
        let draw = |seed: &Seed| {
            let mut coins = SeedCoins::new(seed, "test", Role::Client);
            let x: Ring = Coins::<Concrete>::ring(&mut coins, width(bits), len).unwrap();
            let plane: Plane = Coins::<Concrete>::plane(&mut coins, len).unwrap();
            (x.elements().to_vec(), plane.to_bits())
        };
        let (x, plane) = draw(&seed);
        proptest::prop_assert_eq!((x.len(), plane.len()), (len, len));
        proptest::prop_assert!(x.iter().all(|&x| width(bits).reduce(x) == x));
        proptest::prop_assert!(draw(&seed) == (x, plane));
        let planes = Concrete::bits(&Ring::constant(width(bits), len, 0));
        proptest::prop_assert!(planes.iter().all(|plane| plane.len() == len));
    }
}
