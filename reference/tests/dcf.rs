//! Distributed comparison functions: every threshold and every input at small widths, boundary values at every width,
//! payloads of all lengths; the keys' format and size; what no party's key may show.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/values.rs"]
mod values;

use deepshare_reference::party::xof::record;
use deepshare_reference::party::{Role, SessionId};
use deepshare_reference::primitives::dcf::domain::DcfDomain;
use deepshare_reference::primitives::dcf::keys::{Place, VERSION};
use deepshare_reference::primitives::dcf::{Form, compare};
use deepshare_reference::values::{BitPlane, Concrete, Plane, Ranges, Ring, RingVector, ValueError, Width};
use proptest::prelude::*;
use std::collections::BTreeSet;
use values::{any_seed, mix, width};

const PLACE: Place = Place { session: SessionId(*b"session of a dcf"), number: 7 };

/// n planes of the lanes' values, the lowest bit first.
fn planes(bits: u32, lanes: &[u64]) -> Vec<Plane> {
    let plane = |position| Plane::from_bits(&lanes.iter().map(|x| x >> position & 1 == 1).collect::<Vec<_>>());
    (0..bits).map(plane).collect()
}

/// A plane of pseudorandom bits.
fn random(len: usize, salt: u64) -> Plane {
    Plane::from_words((0..len.div_ceil(64) as u64).map(|i| mix(salt ^ mix(i))).collect(), len).unwrap()
}

fn generate(form: &Form, alpha: &[u64], beta: &Ring, salt: u64) -> [Plane; 2] {
    let random = random(256 * form.keys(), salt);
    Concrete::generate(PLACE, form, &planes(form.input_bits(), alpha), beta, &random).unwrap()
}

/// The sum of both parties' shares.
fn evaluate(form: &Form, [server, client]: &[Plane; 2], x: &[u64]) -> Ring {
    let x = planes(form.input_bits(), x);
    let share = |role, keys| Concrete::evaluate(PLACE, form, role, keys, &x).unwrap();
    share(Role::Server, server).add(&share(Role::Client, client)).unwrap()
}

/// All pairs (alpha, x) of n bits.
fn pairs(n: u32) -> (Vec<u64>, Vec<u64>) {
    let all = 0..1_u64 << (2 * n);
    (all.clone().map(|i| i & ((1 << n) - 1)).collect(), all.map(|i| i >> n).collect())
}

/// [DS-FSS-1]
#[test]
fn the_comparison_is_strict() {
    let beta = [7, 9];
    for (alpha, x, expected) in [(5, 4, beta), (5, 5, [0, 0]), (5, 6, [0, 0]), (0, 0, [0, 0]), (u64::MAX, 0, beta)] {
        assert_eq!(compare(alpha, &beta, x), expected, "{x} < {alpha}");
    }
    assert!(compare(1, &[], 0).is_empty());
}

/// Every alpha against every x, for payloads of 0, 1 and 3 elements over the smallest, an odd and the largest ring.
#[test]
fn every_threshold_and_input_at_small_widths() {
    for n in 1..=7 {
        let (alpha, x) = pairs(n);
        for w in [2, 13, 64] {
            for len in [0, 1, 3] {
                if n > 4 && len != 1 {
                    continue;
                }
                let runs = (0..len).map(|_| (0, alpha.len()));
                let form = Form::new(n, width(w), Ranges::new(alpha.len(), runs).unwrap()).unwrap();
                let beta = Ring::new(width(w), (0..form.payload() as u64).map(|i| mix(i ^ w)).collect());
                let keys = generate(&form, &alpha, &beta, u64::from(n));
                let expected: Vec<u64> = (0..form.payload())
                    .map(|j| {
                        let lane = j % alpha.len();
                        compare(alpha[lane], &beta.elements()[j..=j], x[lane])[0]
                    })
                    .collect();
                assert_eq!(evaluate(&form, &keys, &x).elements(), expected, "n = {n}, w = {w}, {len} elements");
            }
        }
    }
}

/// Thresholds and inputs at the ends of their ranges and next to one another, at every width of both.
#[test]
fn boundaries_at_every_width() {
    for n in 1..=64_u32 {
        let top = u64::MAX >> (64 - n);
        let half = top / 2;
        let values: BTreeSet<u64> = [0, 1, half.saturating_sub(1), half, half + 1, top - 1, top].into();
        let values: Vec<u64> = values.into_iter().filter(|&v| v <= top).collect();
        let (mut alpha, mut x) = (Vec::new(), Vec::new());
        for &a in &values {
            for b in [a.saturating_sub(1), a, a.saturating_add(1).min(top), 0, half, top] {
                alpha.push(a);
                x.push(b);
            }
        }
        let w = width(u64::from(n).max(2));
        let form = Form::new(n, w, Ranges::all(alpha.len())).unwrap();
        let beta = Ring::constant(w, alpha.len(), u64::MAX);
        let keys = generate(&form, &alpha, &beta, u64::from(n));
        let expected: Vec<u64> = alpha.iter().zip(&x).map(|(a, x)| if x < a { w.mask() } else { 0 }).collect();
        assert_eq!(evaluate(&form, &keys, &x).elements(), expected, "n = {n}");
    }
}

proptest! {
    #![proptest_config(values::cases(200))]

    /// Any batch whose keys have payloads of different lengths, in any order.
    #[test]
    fn payloads_of_any_lengths_and_order(
        n in 1_u32..=64,
        w in 2_u64..=64,
        of in proptest::collection::vec(0_usize..5, 0..=12),
        alpha in proptest::collection::vec(any::<u64>(), 5),
        near in proptest::collection::vec(-1_i64..=1, 5),
        seed in any_seed(),
    ) {
        let mask = u64::MAX >> (64 - n);
        let alpha: Vec<u64> = alpha.iter().map(|a| a & mask).collect();
        let x: Vec<u64> = alpha.iter().zip(&near).map(|(a, d)| a.wrapping_add_signed(*d) & mask).collect();
        let form = Form::new(n, width(w), Ranges::new(5, of.iter().map(|&key| (key, 1))).unwrap()).unwrap();
        let salt = u64::from(seed.0[0]);
        let beta = Ring::new(width(w), (0..of.len() as u64).map(|i| mix(i ^ salt)).collect());
        let keys = generate(&form, &alpha, &beta, salt);
        let expected: Vec<u64> =
            of.iter().zip(beta.elements()).map(|(&key, &b)| if x[key] < alpha[key] { b } else { 0 }).collect();
        let found = evaluate(&form, &keys, &x);
        prop_assert_eq!(found.elements(), expected);
    }
}

/// 8 bits of version; lambda + n (lambda + 2) bits a key; (n + 1) w bits a payload element.
#[test]
fn key_sizes_are_the_stated_formula() {
    for n in 1..=64_usize {
        for w in [2_usize, 8, 33, 64] {
            for lens in [vec![1], vec![0], vec![3, 0, 1], vec![]] {
                let (keys, elements) = (lens.len(), lens.iter().sum::<usize>());
                let runs = lens.iter().enumerate().flat_map(|(key, &len)| std::iter::repeat_n((key, 1), len));
                let form = Form::new(u32::try_from(n).unwrap(), width(w as u64), Ranges::new(keys, runs).unwrap());
                let form = form.unwrap();
                let expected = 8 + keys * (128 + n * (128 + 2)) + elements * (n + 1) * w;
                assert_eq!(form.bits(), expected, "n = {n}, w = {w}, {lens:?}");
                let beta = Ring::constant(width(w as u64), elements, 1);
                let made = generate(&form, &vec![0; keys], &beta, 1);
                assert_eq!([made[0].len(), made[1].len()], [expected; 2], "n = {n}, w = {w}, {lens:?}");
            }
        }
    }
}

/// The parties' keys differ in the seed of the root alone: the correction words are the same for both.
#[test]
fn both_keys_share_everything_but_the_root() {
    let form = Form::new(9, width(16), Ranges::new(1, [(0, 1), (0, 1)]).unwrap()).unwrap();
    let [server, client] = generate(&form, &[300], &Ring::constant(width(16), 2, 5), 3);
    let (server, client) = (server.to_bits(), client.to_bits());
    assert_eq!(server[..8], client[..8], "the version");
    assert_ne!(server[8..136], client[8..136], "the seeds");
    assert_eq!(server[136..], client[136..], "the correction words");
    let root = random(256, 3).to_bits();
    assert_eq!([&server[8..136], &client[8..136]], [&root[..128], &root[128..]], "the seeds are the dealer's coins");
}

/// A party's key has the same bits whatever the threshold and the payload are, up to what the other party's seed masks:
/// the root's seed never depends on them, and each other bit takes both values over the dealer's coins. The false-alarm
/// rate: 600 bits, each of 64 runs; all runs equal has probability 2^-63 for a uniform bit, so 2^-53 in all.
#[test]
fn every_bit_of_a_key_takes_both_values() {
    let form = Form::new(3, width(4), Ranges::all(1)).unwrap();
    for (alpha, beta) in [(0, 0), (5, 9), (7, 15)] {
        let run = |salt| generate(&form, &[alpha], &Ring::new(width(4), vec![beta]), salt)[1].to_bits();
        let runs: Vec<Vec<bool>> = (0..64).map(|salt| run(mix(salt))).collect();
        for bit in 8..form.bits() {
            let ones = runs.iter().filter(|run| run[bit]).count();
            assert!(ones > 0 && ones < 64, "alpha = {alpha}, beta = {beta}: bit {bit} is constant");
        }
    }
}

/// No hash input repeats between nodes, keys and sessions; and a party's evaluation hashes n + 1 nodes a key.
#[test]
fn hash_inputs_are_distinct_and_evaluation_takes_one_path() {
    let form = Form::new(6, width(8), Ranges::all(3)).unwrap();
    let beta = Ring::constant(width(8), 3, 1);
    let (keys, made) = record(|| generate(&form, &[1, 40, 40], &beta, 5));
    assert_eq!(made.len(), 3 * (6 * 2 + 2), "both parties' nodes at each level, and both leaves");
    assert_eq!(made.iter().collect::<BTreeSet<_>>().len(), made.len(), "a hash input repeats");
    let x = planes(6, &[0, 41, 63]);
    let (_, evaluated) = record(|| Concrete::evaluate(PLACE, &form, Role::Client, &keys[1], &x).unwrap());
    assert_eq!(evaluated.len(), 3 * (6 + 1));
    let other = Place { session: SessionId([1; 16]), ..PLACE };
    let lanes = planes(6, &[1, 40, 40]);
    let (_, elsewhere) = record(|| Concrete::generate(other, &form, &lanes, &beta, &random(768, 5)).unwrap());
    assert!(elsewhere.iter().all(|input| !made.contains(input)), "two sessions share a hash input");
}

/// Forms and operands that do not match are typed errors.
#[test]
fn bad_forms_operands_and_versions() {
    for bits in [0, 65, u32::MAX] {
        assert_eq!(Form::new(bits, Width::MIN, Ranges::all(1)), Err(ValueError::InputBits { bits }));
    }
    let form = Form::new(3, width(4), Ranges::all(2)).unwrap();
    let beta = Ring::constant(width(4), 2, 1);
    let alpha = planes(3, &[1, 2]);
    let made = |alpha: &[Plane], beta: &Ring, bits| Concrete::generate(PLACE, &form, alpha, beta, &random(bits, 1));
    assert_eq!(made(&alpha[..2], &beta, 512).unwrap_err(), ValueError::Length { left: 2, right: 3 });
    assert_eq!(made(&planes(3, &[1]), &beta, 512).unwrap_err(), ValueError::Length { left: 1, right: 2 });
    assert_eq!(made(&alpha, &beta, 256).unwrap_err(), ValueError::Length { left: 256, right: 512 });
    let short = Ring::constant(width(4), 1, 1);
    assert_eq!(made(&alpha, &short, 512).unwrap_err(), ValueError::Length { left: 1, right: 2 });
    let wide = Ring::constant(width(5), 2, 1);
    assert_eq!(made(&alpha, &wide, 512).unwrap_err(), ValueError::WidthMismatch { left: 5, right: 4 });
    let keys = made(&alpha, &beta, 512).unwrap();
    let cut = keys[0].gather(&Ranges::new(keys[0].len(), [(0, keys[0].len() - 1)]).unwrap()).unwrap();
    let error = Concrete::evaluate(PLACE, &form, Role::Server, &cut, &alpha).unwrap_err();
    assert_eq!(error, ValueError::Length { left: form.bits() - 1, right: form.bits() });
    Concrete::check(&keys[0]).unwrap();
    for found in [0, VERSION + 1, u8::MAX] {
        let other = Plane::from_words(vec![u64::from(found)], 8).unwrap();
        assert_eq!(Concrete::check(&other), Err(ValueError::KeyVersion { found, expected: VERSION }));
    }
}
