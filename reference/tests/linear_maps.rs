//! Linear maps against their definition by six plain loops, on the ring and on integers; their rules; and the domain of
//! shapes, whose lengths and errors are those of values for every operation.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/maps.rs"]
mod maps;
#[path = "common/script.rs"]
mod script;
#[path = "common/values.rs"]
mod values;

use deepshare_reference::linear::linear_integer;
use deepshare_reference::values::{BitDomain, BitPlane, Concrete, LinearMap, Plane, Ranges, Ring, RingVector, Shape};
use deepshare_reference::values::{ShapePlane, ShapeRing, Shapes, Terms, ValueError, Width, Window};
use maps::any_map;
use num_bigint::BigInt;
use proptest::collection::vec;
use proptest::prelude::*;
use values::{any_raw, cases, fit, ring};

/// `len` integers of a width from a pool.
fn integers(width: Width, len: usize, pool: &[i64], salt: u64) -> Vec<i64> {
    let pick = |i: usize| usize::try_from(values::mix(salt ^ (i as u64) << 8) % pool.len() as u64).unwrap();
    (0..len).map(|i| fit(width, pool[pick(i)])).collect()
}

fn big(xs: &[i64]) -> Vec<BigInt> {
    xs.iter().map(|&x| BigInt::from(x)).collect()
}

proptest! {
    #![proptest_config(cases(600))]

    /// [DS-LIN-3] [DS-LIN-4] [DS-LIN-5] [DS-LIN-6]
    #[test]
    fn maps_are_their_loops(map in any_map(), pool in vec(any_raw(), 1..=20), bits in 2_u64..=64, batch in 0_usize..=3) {
        let (width, crate_map, [weights, inputs, outputs]) = (values::width(bits), map.map(), map.sizes());
        prop_assert_eq!([crate_map.weights(), crate_map.inputs(), crate_map.outputs()], [weights, inputs, outputs]);
        prop_assert_eq!(crate_map.output().elements(), outputs);

        let w = integers(width, weights, &pool, 1);
        let x = integers(width, inputs * batch, &pool, 2);
        let on_ring = Ring::linear(&crate_map, &ring(width, &w), &ring(width, &x), batch).unwrap();
        let expected = script::linear(width, &map, ring(width, &w).elements(), ring(width, &x).elements(), batch);
        prop_assert_eq!(on_ring.elements(), expected);
        for image in x.chunks(inputs) {
            let exact = linear_integer(&crate_map, &w, image).unwrap();
            prop_assert_eq!(exact, map.naive(&big(&w), &big(image)));
        }
    }

    /// [DS-LIN-1] [DS-LIN-2]
    #[test]
    fn maps_are_bilinear(map in any_map(), pool in vec(any_raw(), 2..=20), bits in 2_u64..=64, batch in 1_usize..=3) {
        let (width, crate_map) = (values::width(bits), map.map());
        let vector = |len, salt| ring(width, &integers(width, len, &pool, salt));
        let [v, w] = [1, 2].map(|salt| vector(crate_map.weights(), salt));
        let [x, y] = [3, 4].map(|salt| vector(crate_map.inputs() * batch, salt));
        let apply = |w: &Ring, x: &Ring| Ring::linear(&crate_map, w, x, batch).unwrap();
        let sum = |a: Ring, b: Ring| a.add(&b).unwrap();
        prop_assert!(apply(&w, &x.add(&y).unwrap()) == sum(apply(&w, &x), apply(&w, &y)));
        prop_assert!(apply(&v.add(&w).unwrap(), &x) == sum(apply(&v, &x), apply(&w, &x)));
        prop_assert!(apply(&w.scale(3), &x) == apply(&w, &x.scale(3)));
        prop_assert!(apply(&w.scale(3), &x) == apply(&w, &x).scale(3));
    }

    /// Terms are counted without being listed, and are as many as those that are listed. [DS-OT-50]
    #[test]
    fn counted_terms_are_the_listed_ones(map in any_map(), batch in 0_usize..=3) {
        let map = map.map();
        let (listed, counted) = (Terms::listed(&map, batch).unwrap(), Terms::counted(&map, batch).unwrap());
        let lengths = |terms: &Terms| {
            [&terms.weights, &terms.inputs, &terms.outputs].map(|ranges| (ranges.source_len(), ranges.len()))
        };
        prop_assert_eq!(lengths(&listed), lengths(&counted));
        prop_assert_eq!(map.terms_of_one() * batch as u128, listed.weights.len() as u128);
    }

    /// Every operation of vectors and planes has the same lengths, widths and errors on shapes as on values.
    #[test]
    fn shapes_have_the_lengths_of_values(
        bits in vec(2_u64..=64, 2), lens in vec(prop_oneof![0_usize..=5, 62_usize..=66], 3), numbers in vec(0_usize..=70, 4),
        map in any_map(),
    ) {
        let widths = [values::width(bits[0]), values::width(bits[usize::from(numbers[0] % 4 == 0)])];
        let on_values = rings::<Ring>(widths, &lens, &numbers, &map.map());
        prop_assert_eq!(on_values, rings::<ShapeRing>(widths, &lens, &numbers, &map.map()));
        prop_assert_eq!(planes::<Plane>(&lens, &numbers), planes::<ShapePlane>(&lens, &numbers));
        prop_assert_eq!(bit_domain::<Concrete>(widths[0], &lens, &numbers), bit_domain::<Shapes>(widths[0], &lens, &numbers));
    }
}

/// The width and the length of each result, or its error.
type Results = Vec<Result<(u32, usize), ValueError>>;

fn select(source: usize, numbers: &[usize]) -> Ranges {
    let start = numbers[0].min(source);
    Ranges::new(source, [(start, numbers[1].min(source - start)), (0, source / 2)]).unwrap()
}

fn rings<R: RingVector>(widths: [Width; 2], lens: &[usize], numbers: &[usize], map: &LinearMap) -> Results {
    let x = R::constant(widths[0], lens[0], 3);
    let y = R::constant(widths[1], lens[usize::from(numbers[1].is_multiple_of(2))], 5);
    let batch = numbers[2] % 3;
    let weights = R::constant(widths[0], map.weights() + usize::from(numbers[3] == 0), 1);
    let inputs = R::constant(widths[1], map.inputs() * batch + usize::from(numbers[3] == 1), 1);
    let runs = [(numbers[0].min(x.len()), 3), (x.len().saturating_sub(numbers[0]), 4)];
    let results: Vec<Result<R, ValueError>> = vec![
        x.add(&y),
        x.sub(&y),
        x.mul(&y),
        Ok(x.scale(7)),
        Ok(x.offset(7)),
        x.scale_runs(&runs),
        x.scale_runs(&[(numbers[0], 1)]),
        x.gather(&select(x.len(), numbers)),
        x.gather(&select(lens[2], numbers)),
        x.add_up(&select(lens[2], numbers)),
        R::concat(widths[0], &[&x, &y, &x]),
        R::concat(widths[1], &[]),
        x.repeat(numbers[0], numbers[1]),
        x.repeat(usize::MAX, 3),
        R::linear(map, &weights, &inputs, batch),
        R::linear(map, &weights, &inputs, usize::MAX),
    ];
    results.into_iter().map(|result| result.map(|z| (z.width().bits(), z.len()))).collect()
}

fn planes<P: BitPlane>(lens: &[usize], numbers: &[usize]) -> Vec<Result<usize, ValueError>> {
    let (a, b) = (P::constant(lens[0], true), P::constant(lens[usize::from(numbers[1].is_multiple_of(2))], false));
    let results = vec![
        a.xor(&b),
        a.and(&b),
        Ok(a.not()),
        a.gather(&select(a.len(), numbers)),
        a.gather(&select(lens[2], numbers)),
        Ok(P::concat(&[&a, &b])),
        Ok(P::concat(&[])),
    ];
    let empty = a.is_empty();
    results.into_iter().chain([Ok(P::constant(usize::from(empty), true))]).map(|p| p.map(|p| p.len())).collect()
}

fn bit_domain<D: BitDomain>(width: Width, lens: &[usize], numbers: &[usize]) -> (Vec<usize>, Results) {
    let x = D::Ring::constant(width, lens[0], 3);
    let bits = D::bits(&x).iter().map(BitPlane::len).collect();
    let shift = u32::try_from(numbers[0]).unwrap();
    let results = vec![Ok(D::embed(&D::Plane::constant(lens[1], true), width)), D::shift_right(&x, shift)];
    (bits, results.into_iter().map(|result| result.map(|z| (z.width().bits(), z.len()))).collect())
}

fn shape(c: usize, h: usize, w: usize) -> Shape {
    Shape::new(c, h, w).unwrap()
}

fn window(kernel: [usize; 2], stride: [usize; 2], padding: [usize; 2]) -> Window {
    Window { kernel, stride, padding, dilation: [1, 1] }
}

/// The message of a convolution on 4 x 5 x 6 that must be rejected.
fn rejected(out: usize, window: Window, groups: usize) -> String {
    LinearMap::convolution(shape(4, 5, 6), out, window, groups).unwrap_err().to_string()
}

/// [DS-LIN-12]
#[test]
fn rules_of_convolutions_and_pools() {
    let one = window([1, 1], [1, 1], [0, 0]);
    for groups in [0, 3, 8] {
        let message = format!("{groups} groups do not divide 4 input and 8 output channels");
        assert_eq!(rejected(8, one, groups), message);
    }
    assert_eq!(rejected(6, one, 4), "4 groups do not divide 4 input and 6 output channels");
    for (kernel, stride) in [([0, 1], [1, 1]), ([1, 1], [0, 1])] {
        let message = format!("kernel {} and stride {} must be at least 1", kernel[0], stride[0]);
        assert_eq!(rejected(1, window(kernel, stride, [0, 0]), 1), message);
    }
    assert_eq!(rejected(1, window([1, 0], [1, 1], [0, 0]), 1), "kernel 0 and stride 1 must be at least 1");
    assert_eq!(rejected(1, window([1, 1], [1, 0], [0, 0]), 1), "kernel 1 and stride 0 must be at least 1");
    assert_eq!(rejected(1, window([3, 3], [1, 1], [3, 0]), 1), "padding 3 must be less than the kernel's 3");
    assert_eq!(rejected(1, window([3, 3], [1, 1], [0, 4]), 1), "padding 4 must be less than the kernel's 3");
    let dilated = |kernel, dilation| Window { dilation, ..window(kernel, [1, 1], [1, 0]) };
    assert_eq!(rejected(1, dilated([3, 3], [1, 0]), 1), "dilation 0 must be at least 1");
    let message = "kernel 9 does not fit an input of 5 padded by 1 on both sides";
    assert_eq!(rejected(1, dilated([3, 3], [4, 1]), 1), message);
    let message = format!("kernel 3 with dilation {} is too large", usize::MAX);
    assert_eq!(rejected(1, dilated([3, 3], [usize::MAX, 1]), 1), message);
    let message = "kernel 8 does not fit an input of 5 padded by 1 on both sides";
    assert_eq!(rejected(1, window([8, 1], [1, 1], [1, 0]), 1), message);
    let huge = "kernel 18446744073709551615 does not fit an input of 5 padded by 18446744073709551614 on both sides";
    assert_eq!(rejected(1, window([usize::MAX, 1], [1, 1], [usize::MAX - 1, 0]), 1), huge);
    let empty = ValueError::EmptyShape { channels: 0, height: 5, width: 6 };
    assert_eq!(LinearMap::convolution(shape(4, 5, 6), 0, one, 1), Err(empty));
    assert_eq!(
        LinearMap::sum_pool(shape(4, 5, 6), [6, 1], [1, 1]).unwrap_err().to_string(),
        "kernel 6 does not fit an input of 5 padded by 0 on both sides"
    );
    assert!(matches!(LinearMap::dense(shape(4, 5, 6), 0), Err(ValueError::EmptyShape { channels: 0, .. })));
    let overflow = ValueError::ShapeOverflow { channels: 1 << 52, height: 120, width: 1 };
    assert_eq!(LinearMap::dense(shape(4, 5, 6), 1 << 52), Err(overflow));
    assert_eq!(LinearMap::affine(shape(4, 5, 6), vec![true]), Err(ValueError::Length { left: 1, right: 4 }));
}

/// The largest kernel that fits, padding included, and the largest padding.
#[test]
fn geometry_at_its_limits() {
    let map = LinearMap::convolution(shape(4, 5, 6), 2, window([7, 3], [9, 1], [1, 2]), 2).unwrap();
    assert_eq!((map.output(), map.weights()), (shape(2, 1, 8), 2 * 2 * 7 * 3));
    // a kernel of extent 7 and 6, and padding that is larger than the kernel without its holes
    let dilated = Window { dilation: [3, 5], ..window([3, 2], [1, 1], [6, 0]) };
    let map = LinearMap::convolution(shape(4, 5, 6), 2, dilated, 1).unwrap();
    assert_eq!((map.output(), map.weights()), (shape(2, 11, 1), 2 * 4 * 3 * 2));
    let map = LinearMap::sum_pool(shape(1, 5, 6), [5, 2], [5, 3]).unwrap();
    assert_eq!((map.output(), map.weights()), (shape(1, 1, 2), 1));
}

#[test]
fn operands_that_do_not_match_are_named() {
    let map = LinearMap::dense(shape(1, 1, 3), 2).unwrap();
    let (narrow, wide) = (values::width(8), values::width(9));
    let vector = |width, len| Ring::constant(width, len, 1);
    let apply = |weights: Ring, inputs: Ring| Ring::linear(&map, &weights, &inputs, 2).err();
    assert_eq!(apply(vector(narrow, 6), vector(narrow, 6)), None);
    let widths = ValueError::WidthMismatch { left: 8, right: 9 };
    assert_eq!(apply(vector(narrow, 6), vector(wide, 6)), Some(widths));
    assert_eq!(apply(vector(narrow, 5), vector(narrow, 6)), Some(ValueError::Length { left: 5, right: 6 }));
    assert_eq!(apply(vector(narrow, 6), vector(narrow, 3)), Some(ValueError::Length { left: 3, right: 6 }));
    assert_eq!(linear_integer(&map, &[1; 5], &[1; 3]), Err(ValueError::Length { left: 5, right: 6 }));
    assert_eq!(linear_integer(&map, &[1; 6], &[1; 2]), Err(ValueError::Length { left: 2, right: 3 }));
}

/// The terms of a map add up to the map; a map with too many of them to list is an error before anything is allocated.
#[test]
fn terms_are_the_map_one_by_one() {
    let shape = Shape::new(3, 4, 5).unwrap();
    let window = Window { kernel: [3, 2], stride: [2, 1], padding: [1, 0], dilation: [1, 1] };
    let affine = LinearMap::affine(shape, vec![true, false, true]).unwrap();
    for map in [
        LinearMap::convolution(shape, 2, window, 1).unwrap(),
        LinearMap::convolution(shape, 6, window, 3).unwrap(),
        LinearMap::dense(shape, 4).unwrap(),
        affine,
    ] {
        let (batch, width) = (2, Width::new(16).unwrap());
        let values = |len: usize, from: u64| Ring::new(width, (from..).map(|i| i * i).take(len).collect());
        let (weights, inputs) = (values(map.weights(), 1), values(batch * map.inputs(), 100));
        let terms = Terms::listed(&map, batch).unwrap();
        let products = weights.gather(&terms.weights).unwrap().mul(&inputs.gather(&terms.inputs).unwrap()).unwrap();
        let sums = products.add_up(&terms.outputs).unwrap();
        assert!(sums == Ring::linear(&map, &weights, &inputs, batch).unwrap(), "{map:?}");
    }
    let one = LinearMap::dense(Shape::new(1, 1, 1).unwrap(), 1).unwrap();
    assert_eq!(Terms::listed(&one, 1 << 24).unwrap().outputs.len(), 1 << 24, "the most that are listed");
    assert!(Terms::listed(&one, (1 << 24) + 1).is_err());
    let large = LinearMap::dense(Shape::new(1 << 20, 1, 1).unwrap(), 1 << 10).unwrap();
    let error = Terms::listed(&large, 1).err().unwrap();
    assert_eq!(error.code(), "value/linear-map");
    assert!(error.to_string().contains("1073741824 terms"), "{error}");
    let counted = Terms::counted(&large, 3).unwrap();
    assert_eq!((counted.weights.len(), counted.inputs.source_len()), (3 << 30, 3 << 20));
    assert!(matches!(Terms::counted(&large, usize::MAX / 2), Err(ValueError::ShapeOverflow { .. })));
}
