//! Laws of values, with quickcheck: rings, planes, packing, sharing, exact sums, against naive definitions in 128 bits and
//! unbounded integers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/values.rs"]
mod values;

use deepshare_reference::party::{BitWire, Wire};
use deepshare_reference::values::bits::{BitReader, BitWriter, words_from_bytes};
use deepshare_reference::values::integer::{ExactSum, checked};
use deepshare_reference::values::{BitDomain, BitPlane, Concrete, Plane, Ranges, Ring, RingVector, ValueError, Width};
use deepshare_reference::values::{ShapePlane, ShapeRing};
use num_bigint::BigInt;
use quickcheck::{Arbitrary, Gen, TestResult, quickcheck};
use values::{signed, split, unsigned};

/// A width and three vectors of one length, boundary elements over-weighted; and numbers to choose by.
#[derive(Clone, Debug)]
struct Vectors {
    width: Width,
    elements: Vec<[u64; 3]>,
    picks: Vec<usize>,
}

impl Arbitrary for Vectors {
    fn arbitrary(g: &mut Gen) -> Vectors {
        let width = values::width(2 + u64::arbitrary(g) % 63);
        let top = width.top_bit();
        let mut element = || *g.choose(&[0, 1, 2, top, top - 1, top + 1, u64::MAX, u64::MAX - 1]).unwrap();
        let special: Vec<u64> = (0..3).map(|_| element()).collect();
        let pick = |g: &mut Gen, i: usize| if bool::arbitrary(g) { u64::arbitrary(g) } else { special[i] };
        let len = usize::arbitrary(g) % 140;
        let elements = (0..len).map(|_| [pick(g, 0), pick(g, 1), pick(g, 2)].map(|x| width.reduce(x))).collect();
        Vectors { width, elements, picks: Vec::arbitrary(g) }
    }

    fn shrink(&self) -> Box<dyn Iterator<Item = Vectors>> {
        let (width, picks) = (self.width, self.picks.clone());
        let rows: Vec<(u64, u64, u64)> = self.elements.iter().map(|&row| row.into()).collect();
        Box::new(rows.shrink().map(move |rows| {
            let elements = rows.into_iter().map(<[u64; 3]>::from).collect();
            Vectors { width, elements, picks: picks.clone() }
        }))
    }
}

impl Vectors {
    fn ring(&self, i: usize) -> Ring {
        Ring::new(self.width, self.elements.iter().map(|row| row[i]).collect())
    }

    /// Element by element, in 128 bits.
    fn naive(&self, operation: impl Fn(i128, i128) -> i128) -> Vec<u64> {
        let value = |row: &[u64; 3]| operation(i128::from(row[0]), i128::from(row[1]));
        self.elements.iter().map(|row| unsigned(self.width, value(row))).collect()
    }

    fn pick(&self, i: usize, below: usize) -> usize {
        self.picks.get(i).copied().unwrap_or(i) % below.max(1)
    }

    /// Some runs of a source.
    fn ranges(&self) -> Ranges {
        let len = self.elements.len();
        let mut ranges = Ranges::empty(len);
        for i in 0..self.picks.len().min(6) {
            let start = self.pick(i, len + 1);
            ranges.push(start, self.pick(i + 1, len - start + 1)).unwrap();
        }
        ranges
    }

    fn plane(&self, i: usize) -> Plane {
        Plane::from_bits(&self.bits(i))
    }

    fn bits(&self, i: usize) -> Vec<bool> {
        self.elements.iter().map(|row| row[i] & 1 == 1).collect()
    }
}

/// The product of two elements modulo 2^k, by unbounded integers.
fn product(width: Width, x: u64, y: u64) -> u64 {
    let product: BigInt = BigInt::from(x) * y % (BigInt::from(1) << width.bits());
    u64::try_from(product).unwrap()
}

fn all_selected<T: Clone>(list: &[T], ranges: &Ranges) -> Vec<T> {
    ranges.runs().unwrap().flat_map(|(start, len)| list[start..start + len].to_vec()).collect()
}

/// Adding up is the transpose of selecting: for z = gather(y), the inner products <gather(x), z> and <x, add_up(z)> are
/// equal.
fn added_up(x: &Ring, y: &Ring, ranges: &Ranges) -> bool {
    let z = y.gather(ranges).unwrap();
    let inner = |a: &Ring, b: &Ring| {
        let products = a.mul(b).unwrap();
        x.width().reduce(products.elements().iter().fold(0, |sum, &x| sum.wrapping_add(x)))
    };
    inner(&x.gather(ranges).unwrap(), &z) == inner(x, &z.add_up(ranges).unwrap())
}

quickcheck! {
    fn two_complement_and_back(v: Vectors) -> bool {
        v.ring(0).to_integers().iter().zip(&v.elements).all(|(&value, row)| {
            i128::from(value) == signed(v.width, row[0]) && v.width.encode_wrapping(value) == row[0] && v.width.contains(value)
        }) && Ring::from_integers(v.width, &v.ring(0).to_integers()) == Ok(v.ring(0))
    }

    fn sums_differences_and_products_are_modular(v: Vectors) -> bool {
        let (x, y) = (v.ring(0), v.ring(1));
        let products: Vec<u64> = v.elements.iter().map(|row| product(v.width, row[0], row[1])).collect();
        x.add(&y).unwrap().elements() == v.naive(|x, y| x + y)
            && x.sub(&y).unwrap().elements() == v.naive(|x, y| x - y)
            && x.mul(&y).unwrap().elements() == products
    }

    fn the_ring_is_a_commutative_ring(v: Vectors) -> bool {
        let (x, y, z) = (v.ring(0), v.ring(1), v.ring(2));
        let (zero, one) = (Ring::constant(v.width, x.len(), 0), Ring::constant(v.width, x.len(), 1));
        let (xy, yz) = (x.mul(&y).unwrap(), y.mul(&z).unwrap());
        x.add(&y) == y.add(&x)
            && xy == y.mul(&x).unwrap()
            && xy.mul(&z) == x.mul(&yz)
            && x.add(&y).unwrap().add(&z) == x.add(&y.add(&z).unwrap())
            && x.mul(&y.add(&z).unwrap()) == xy.add(&x.mul(&z).unwrap())
            && x.add(&zero).unwrap() == x
            && x.mul(&one).unwrap() == x
            && x.sub(&x).unwrap() == zero
            && x.sub(&y).unwrap().add(&y).unwrap() == x
    }

    fn public_factors_and_constants(v: Vectors, factor: u64) -> bool {
        let x = v.ring(0);
        let constant = Ring::constant(v.width, x.len(), factor);
        let half = x.len() / 2;
        let runs = [(half, factor), (0, 99), (x.len() - half, 3)];
        let factors = [Ring::constant(v.width, half, factor), Ring::constant(v.width, x.len() - half, 3)];
        let factors = Ring::concat(v.width, &factors.iter().collect::<Vec<_>>()).unwrap();
        x.scale(factor) == x.mul(&constant).unwrap()
            && x.offset(factor) == x.add(&constant).unwrap()
            && x.scale_runs(&runs).unwrap() == x.mul(&factors).unwrap()
            && x.scale_runs(&[(x.len() + 1, 1)]).is_err()
    }

    fn selections_concatenations_and_repetitions(v: Vectors, each: u8, times: u8) -> bool {
        let (x, y, ranges) = (v.ring(0), v.ring(1), v.ranges());
        let (each, times) = (usize::from(each % 4), usize::from(times % 4));
        let list = x.elements().to_vec();
        let repeated: Vec<u64> = std::iter::repeat_n(&list, times).flatten().flat_map(|&x| vec![x; each]).collect();
        x.gather(&ranges).unwrap().elements() == all_selected(&list, &ranges)
            && Ring::concat(v.width, &[&x, &y, &x]).unwrap().elements() == [&list, y.elements(), &list].concat()
            && x.repeat(each, times).unwrap().elements() == repeated
            && x.gather(&Ranges::all(list.len() + 1)).is_err()
            && added_up(&x, &y, &ranges)
    }

    fn shifts_are_of_representatives(v: Vectors, shift: u8) -> bool {
        let shift = u32::from(shift % 70);
        let found = Concrete::shift_right(&v.ring(0), shift);
        match shift < v.width.bits() {
            true => found.unwrap().elements() == v.elements.iter().map(|row| row[0] >> shift).collect::<Vec<u64>>(),
            false => found == Err(ValueError::Shift { shift, bits: v.width.bits() }),
        }
    }

    fn bit_planes_are_the_bits(v: Vectors) -> bool {
        let planes = Concrete::bits(&v.ring(0));
        planes.len() == v.width.bits() as usize
            && planes.iter().enumerate().all(|(j, plane)| {
                let bits: Vec<bool> = v.elements.iter().map(|row| row[0] >> j & 1 == 1).collect();
                let embedded: Vec<u64> = bits.iter().map(|&bit| u64::from(bit)).collect();
                plane.to_bits() == bits && Concrete::embed(plane, v.width).elements() == embedded
            })
    }

    fn planes_are_lists_of_bits(v: Vectors) -> bool {
        let (a, b, ranges) = (v.plane(0), v.plane(1), v.ranges());
        let (bits_a, bits_b) = (v.bits(0), v.bits(1));
        let zip = |op: fn(bool, bool) -> bool| bits_a.iter().zip(&bits_b).map(|(&a, &b)| op(a, b)).collect::<Vec<bool>>();
        a.to_bits() == bits_a
            && a.xor(&b).unwrap().to_bits() == zip(|a, b| a != b)
            && a.and(&b).unwrap().to_bits() == zip(|a, b| a && b)
            && a.not() == a.xor(&Plane::constant(a.len(), true)).unwrap()
            && a.gather(&ranges).unwrap().to_bits() == all_selected(&bits_a, &ranges)
            && Plane::concat(&[&a, &b, &a]).to_bits() == [&bits_a[..], &bits_b, &bits_a].concat()
            && a.xor(&Plane::constant(a.len() + 1, false)).is_err()
    }

    /// Element i has its bit j at bit i k + j of the payload, counted from the lowest bit of the first byte.
    fn packing_is_least_significant_bit_first(v: Vectors) -> bool {
        let (k, bytes) = (v.width.bits() as usize, v.ring(0).pack());
        let bit = |at: usize| bytes[at / 8] >> (at % 8) & 1 == 1;
        let bits = v.elements.iter().enumerate().all(|(i, row)| (0..k).all(|j| bit(i * k + j) == (row[0] >> j & 1 == 1)));
        let total = k * v.elements.len();
        let padding = (total..8 * bytes.len()).all(|at| !bit(at));
        let plane = Concrete::pack_plane(&v.plane(0));
        let plane_bits = v.bits(0).iter().enumerate().all(|(i, &b)| (plane[i / 8] >> (i % 8) & 1 == 1) == b);
        bits && padding && bytes.len() == total.div_ceil(8) && plane_bits && plane.len() == v.elements.len().div_ceil(8)
    }

    /// What is packed comes back; it comes back from no other bytes of that length: each padding bit is checked.
    fn packing_is_canonical(v: Vectors) -> bool {
        let (x, plane) = (v.ring(0), v.plane(1));
        let ring = |bytes: Vec<u8>| Concrete::unpack_ring(bytes, v.width, x.len());
        let bits = |bytes: Vec<u8>| Concrete::unpack_plane(bytes, plane.len());
        let total = v.width.bits() as usize * x.len();
        ring(x.pack()) == Ok(x.clone())
            && bits(Concrete::pack_plane(&plane)) == Ok(plane.clone())
            && padding_is_checked(&x.pack(), total, |bytes| ring(bytes).err())
            && padding_is_checked(&Concrete::pack_plane(&plane), plane.len(), |bytes| bits(bytes).err())
            && lengths_are_checked(&x.pack(), |bytes| ring(bytes).err())
    }

    fn strings_of_bits_come_back(parts: Vec<(u64, u8)>, start: u8) -> bool {
        let parts: Vec<(u64, u32)> = parts.into_iter().map(|(value, count)| (value, u32::from(count % 65))).collect();
        let low = |value: u64, count: u32| if count == 0 { 0 } else { value & (u64::MAX >> (64 - count)) };
        let mut writer = BitWriter::default();
        parts.iter().for_each(|&(value, count)| writer.push(low(value, count), count));
        let (words, len) = writer.clone().finish();
        let mut reader = BitReader::at(&words, 0);
        let again = parts.iter().all(|&(value, count)| reader.take(count) == low(value, count));
        let from_bytes = words_from_bytes(&writer.into_bytes(), len).unwrap();
        let at = usize::from(start) % (len + 1);
        let bit = |i: usize| words.get(i / 64).copied().unwrap_or(0) >> (i % 64) & 1;
        let expected = (0..64).fold(0, |word, j| word | bit(at + j) << j);
        again && from_bytes == words && BitReader::at(&words, at).take(64) == expected
    }

    fn vectors_without_elements_are_empty(v: Vectors) -> bool {
        let (x, plane, none) = (v.ring(0), v.plane(1), v.elements.is_empty());
        let shapes = (ShapeRing::constant(v.width, x.len(), 0), ShapePlane::constant(x.len(), false));
        x.is_empty() == none && plane.is_empty() == none && shapes.0.is_empty() == none && shapes.1.is_empty() == none
    }

    fn shares_add_up(v: Vectors, seed: u64) -> bool {
        let x = v.ring(0);
        (0..4).chain([seed]).all(|seed| {
            let [server, client] = split(&x, seed);
            server.add(&client).unwrap() == x
        })
    }

    fn exact_sums_are_sums(terms: Vec<(i64, i64)>, values: Vec<i128>, extremes: u8) -> bool {
        let mut sum = ExactSum::default();
        let mut expected = BigInt::ZERO;
        let many = std::iter::repeat_n((i64::MIN, i64::MIN), usize::from(extremes)).chain(terms);
        for (a, b) in many {
            sum.add_product(a, b);
            expected += BigInt::from(a) * b;
        }
        for value in values.into_iter().chain([i128::MAX, i128::MAX, i128::MIN, i128::MIN, i128::MIN]) {
            sum.add(value);
            expected += value;
        }
        sum.total() == expected
    }

    fn checkpoints_accept_what_fits(bits: u8, value: i128) -> TestResult {
        let width = values::width(2 + u64::from(bits) % 63);
        let half = 1_i128 << (width.bits() - 1);
        for value in [value, value >> 64, value % (2 * half), half, half - 1, -half, -half - 1] {
            let fits = (-half..half).contains(&value);
            let found = checked(width, &BigInt::from(value));
            let error = ValueError::DoesNotFit { value: value.to_string(), bits: width.bits() };
            if found != if fits { Ok(i64::try_from(value).unwrap()) } else { Err(error) } {
                return TestResult::error(format!("{value} at {width} bits: {found:?}"));
            }
        }
        TestResult::passed()
    }
}

/// Sets each padding bit in turn; each must be rejected.
fn padding_is_checked(bytes: &[u8], bits: usize, unpack: impl Fn(Vec<u8>) -> Option<ValueError>) -> bool {
    (bits..8 * bytes.len()).all(|at| {
        let mut tampered = bytes.to_vec();
        tampered[at / 8] |= 1 << (at % 8);
        unpack(tampered) == Some(ValueError::Padding { bits })
    })
}

/// A byte more or less is rejected, whatever it is.
fn lengths_are_checked(bytes: &[u8], unpack: impl Fn(Vec<u8>) -> Option<ValueError>) -> bool {
    let expected = bytes.len();
    let longer = [bytes, &[0]].concat();
    let error = |found| Some(ValueError::PayloadLength { found, expected });
    unpack(longer) == error(expected + 1)
        && (expected == 0 || unpack(bytes[..expected - 1].to_vec()) == error(expected - 1))
}
