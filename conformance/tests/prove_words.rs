//! The engine of words: every lemma is proved, every fault that reaches one is refuted by values that replay.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests stop like the tests themselves")]

use deepshare_conformance::faults::find;
use deepshare_conformance::prove::faults;
use deepshare_conformance::prove::poly::lemmas;
use deepshare_conformance::prove::{Counterexample, Decision, Lemma, Proof};
use deepshare_conformance::steps::{Right, Steps};

fn decide(lemma: &Lemma, steps: &dyn Steps) -> Decision {
    let Proof::Words { decide, .. } = &lemma.proof else { panic!("{}: not a lemma on words", lemma.name) };
    decide(steps).unwrap_or_else(|error| panic!("{}: {error}", lemma.name))
}

fn holds(lemma: &Lemma, steps: &dyn Steps, found: &Counterexample) -> bool {
    lemma.holds(steps, found).unwrap_or_else(|error| panic!("{}: {error}", lemma.name))
}

/// By normal forms, with constants and numbers of bits as they are at each width. [DS-PROVE-10] [DS-PROVE-11] [DS-PROVE-12]
#[test]
fn every_lemma_on_words_is_proved() {
    for lemma in lemmas::all() {
        let start = std::time::Instant::now();
        let decision = decide(&lemma, &Right);
        println!("{}: {decision:?}, {} ms", lemma.name, start.elapsed().as_millis());
        assert!(matches!(decision, Decision::Holds { cases } if cases >= 63), "{}: {decision:?}", lemma.name);
    }
}

#[test]
fn names_are_distinct() {
    let names: std::collections::BTreeSet<String> = lemmas::all().into_iter().map(|lemma| lemma.name).collect();
    assert_eq!(names.len(), lemmas::all().len());
}

/// Which lemmas refute a fault, checked by replays: the values fail with the fault, and without it they do not.
fn refuted_by(fault: &str) -> Vec<String> {
    let fault = find(fault).unwrap();
    let mut refuted = Vec::new();
    // Gilboa's products of a convolution take longer than all other lemmas together, and meet no fault that `dense` does not
    for lemma in lemmas::all().into_iter().filter(|lemma| lemma.name != "linear/ot/convolution") {
        if let Decision::Fails(found) = decide(&lemma, fault.steps) {
            let found: Counterexample = serde_json::from_str(&serde_json::to_string(&found).unwrap()).unwrap();
            assert!(!holds(&lemma, fault.steps, &found), "{}: {found:?} does not replay", lemma.name);
            assert!(holds(&lemma, &Right, &found), "{}: {found:?} fails without the fault", lemma.name);
            refuted.push(lemma.name);
        }
    }
    refuted
}

/// For each fault some of the lemmas that must refute it, and a part of a name that none of those has.
const REFUTED: [(&str, &[&str], &str); 6] = [
    ("bit-not-complemented", &["apply/gmw/one", "apply/fss/groups-two-layers", "affine/gmw/public/s=0"], "/dense"),
    ("bit-complemented-by-client", &["apply/gmw/one", "activate/fss-select/one/positive"], "/dense"),
    ("mask-reused", &["apply/gmw/reuse", "apply/fss/two-layers"], "/one"),
    ("input-mask-added", &["linear/gmw/dense", "linear/fss-select/convolution", "affine/gmw/private/s=0"], "/public"),
    ("weights-mask-added", &["linear/gmw/dense", "linear/fss/depthwise"], "/public"),
    ("gate-weights-reordered", &["affine/gmw/private/s=0", "affine/fss/private/s=k-2"], "/public"),
];

/// By values at which the concrete program fails. [DS-PROVE-13]
#[test]
fn every_fault_on_words_is_refuted_where_it_acts() {
    assert_eq!(REFUTED.map(|(fault, _, _)| fault), faults::OF_WORDS);
    for (fault, by, not_by) in REFUTED {
        let refuted = refuted_by(fault);
        for name in by {
            assert!(refuted.iter().any(|refuted| refuted == name), "{fault}: {name} is not among {refuted:?}");
        }
        assert!(!refuted.iter().any(|name| name.contains(not_by)), "{fault}: {refuted:?}");
    }
}

mod engine {
    //! Values commute with every operation: those of a polynomial vector at a point are what the concrete ring gives there.

    use deepshare_conformance::prove::poly::domain::{PolynomialPlane, PolynomialRing, Words};
    use deepshare_conformance::prove::poly::source::FreeWords;
    use deepshare_conformance::prove::smt::source::Source;
    use deepshare_polynomials::{Polynomial, Variable};
    use deepshare_reference::party::{BitWire, Coins, Wire};
    use deepshare_reference::values::{
        BitDomain, BitPlane, Concrete, LinearMap, Plane, Ranges, Ring, RingVector, Shape, Width,
    };
    use num_bigint::BigInt;
    use proptest::prelude::*;
    use proptest::test_runner::{Config, TestRunner};
    use std::collections::BTreeMap;

    const LEN: usize = 4;

    /// A point: values of words w_1.. and of bits b_1...
    #[derive(Clone, Debug)]
    struct Point {
        width: Width,
        values: BTreeMap<String, u64>,
    }

    impl Point {
        fn of(&self, polynomial: &Polynomial) -> u64 {
            let value = polynomial.value(|variable: &Variable| self.values.get(variable.name()).copied()).unwrap();
            let modulus = BigInt::from(1) << self.width.bits();
            u64::try_from(((value % &modulus) + &modulus) % &modulus).unwrap()
        }

        fn ring(&self, x: &PolynomialRing) -> Ring {
            Ring::new(x.width(), x.elements().iter().map(|element| self.of(element)).collect())
        }

        fn plane(&self, x: &PolynomialPlane) -> Plane {
            let bits: Vec<u64> = x.elements().iter().map(|element| self.of(element)).collect();
            assert!(bits.iter().all(|&bit| bit < 2), "a plane has an element {bits:?}");
            Plane::from_bits(&bits.iter().map(|&bit| bit == 1).collect::<Vec<_>>())
        }
    }

    fn points() -> impl Strategy<Value = (Point, u64)> {
        let words = proptest::collection::vec(any::<u64>(), 3 * LEN);
        let bits = proptest::collection::vec(0_u64..2, 3 * LEN);
        (2_u64..=64, words, bits, any::<u64>()).prop_map(|(width, words, bits, factor)| {
            let width = Width::new(width).unwrap();
            let words = words.into_iter().enumerate().map(|(i, w)| (format!("w_{}", i + 1), width.reduce(w)));
            let bits = bits.into_iter().enumerate().map(|(i, b)| (format!("b_{}", i + 1), b));
            (Point { width, values: words.chain(bits).collect() }, factor)
        })
    }

    fn check(test: impl Fn(&Point, u64) -> Result<(), TestCaseError>) {
        let mut runner = TestRunner::new(Config { cases: 64, failure_persistence: None, ..Config::default() });
        runner.run(&points(), |(point, factor)| test(&point, factor)).unwrap();
    }

    /// Three vectors that are no mere variables: w w' - 3 b, with powers in the last.
    fn vectors(width: Width) -> [PolynomialRing; 3] {
        let (mut words, mut bits) = (FreeWords.coins("w"), FreeWords.coins("b"));
        let [u, v, w] = [(); 3].map(|()| words.ring(width, LEN).unwrap());
        let [a, b, c] = [(); 3].map(|()| Words::embed(&bits.plane(LEN).unwrap(), width));
        let of = |x: &PolynomialRing, y: &PolynomialRing, b: &PolynomialRing| {
            x.mul(y).unwrap().sub(&b.mul(x).unwrap().scale(3)).unwrap()
        };
        [of(&u, &v, &a), of(&v, &w, &b), of(&w, &w, &c)]
    }

    #[test]
    fn arithmetic_commutes_with_values() {
        check(|point, factor| {
            let [x, y, _] = vectors(point.width);
            let (a, b) = (point.ring(&x), point.ring(&y));
            prop_assert_eq!(point.ring(&x.add(&y).unwrap()), a.add(&b).unwrap());
            prop_assert_eq!(point.ring(&x.sub(&y).unwrap()), a.sub(&b).unwrap());
            prop_assert_eq!(point.ring(&x.mul(&y).unwrap()), a.mul(&b).unwrap());
            for factor in [factor, 2, u64::MAX, point.width.top_bit()] {
                prop_assert_eq!(point.ring(&x.scale(factor)), a.scale(factor));
                prop_assert_eq!(point.ring(&x.offset(factor)), a.offset(factor));
                let constant = PolynomialRing::constant(point.width, LEN, factor);
                prop_assert_eq!(point.ring(&constant), Ring::constant(point.width, LEN, factor));
            }
            let runs = [(1, factor), (3, u64::MAX)];
            prop_assert_eq!(point.ring(&x.scale_runs(&runs).unwrap()), a.scale_runs(&runs).unwrap());
            Ok(())
        });
    }

    #[test]
    fn selections_and_maps_commute_with_values() {
        let selection = Ranges::new(LEN, [(2, 2), (0, 1), (2, 1)]).unwrap();
        let map = LinearMap::dense(Shape::new(2, 1, 1).unwrap(), 2).unwrap();
        check(|point, _| {
            let [x, y, z] = vectors(point.width);
            let [a, b, c] = [&x, &y, &z].map(|x| point.ring(x));
            prop_assert_eq!(point.ring(&x.gather(&selection).unwrap()), a.gather(&selection).unwrap());
            prop_assert_eq!(point.ring(&x.add_up(&selection).unwrap()), a.add_up(&selection).unwrap());
            prop_assert_eq!(point.ring(&x.repeat(2, 3).unwrap()), a.repeat(2, 3).unwrap());
            let joined = PolynomialRing::concat(point.width, &[&x, &y]).unwrap();
            prop_assert_eq!(point.ring(&joined), Ring::concat(point.width, &[&a, &b]).unwrap());
            let applied = PolynomialRing::linear(&map, &z, &x, 2).unwrap();
            prop_assert_eq!(point.ring(&applied), Ring::linear(&map, &c, &a, 2).unwrap());
            Ok(())
        });
    }

    #[test]
    fn bits_commute_with_values() {
        let selection = Ranges::new(LEN, [(3, 1), (0, 2)]).unwrap();
        check(|point, _| {
            let mut coins = FreeWords.coins("b");
            let [a, b, c] = [(); 3].map(|()| coins.plane(LEN).unwrap());
            let x = a.xor(&b).unwrap().and(&c.not()).unwrap().xor(&a).unwrap();
            let [p, q, r] = [&a, &b, &c].map(|plane| point.plane(plane));
            let y = p.xor(&q).unwrap().and(&r.not()).unwrap().xor(&p).unwrap();
            prop_assert_eq!(point.plane(&x), y.clone());
            prop_assert_eq!(point.plane(&x.gather(&selection).unwrap()), y.gather(&selection).unwrap());
            prop_assert_eq!(point.plane(&PolynomialPlane::concat(&[&x, &a])), Plane::concat(&[&y, &p]));
            prop_assert_eq!(point.ring(&Words::embed(&x, point.width)), Concrete::embed(&y, point.width));
            let travelled = Words::unpack_plane(Words::pack_plane(&x), LEN).unwrap();
            prop_assert_eq!(travelled, x);
            Ok(())
        });
    }

    #[test]
    fn a_word_in_binary_has_its_bits_and_no_other_word_has() {
        for bits in 2..=64 {
            let width = Width::new(bits).unwrap();
            let mut coins = FreeWords.coins("b");
            let planes: Vec<PolynomialPlane> = (0..bits).map(|_| coins.plane(1).unwrap()).collect();
            let sum = |sum: PolynomialRing, (j, plane): (u32, &PolynomialPlane)| {
                sum.add(&Words::embed(plane, width).scale(1 << j)).unwrap()
            };
            let x = (0..).zip(&planes).fold(PolynomialRing::constant(width, 1, 0), sum);
            assert_eq!(Words::bits(&x), planes);
            let twice = Words::bits(&x.add(&x).unwrap());
            assert!(twice.iter().all(|plane| !planes.contains(plane)), "{twice:?}");
            assert_eq!(twice, Words::bits(&x.scale(2)), "one word has the same bits");
        }
    }

    #[test]
    fn elements_travel_without_low_bits_only_if_those_are_zero() {
        let width = Width::new(8).unwrap();
        let x = FreeWords.coins("w").ring(width, 1).unwrap();
        let travelled = |x: &PolynomialRing| Words::unpack_high(Words::pack_high(x, 3), width, 1, 3);
        assert_eq!(travelled(&x.scale(8)).unwrap(), x.scale(8));
        assert!(travelled(&x).is_err() && travelled(&x.scale(4)).is_err());
        assert!(Words::shift_right(&x, 1).is_err());
    }

    #[test]
    fn normal_forms_are_what_they_say() {
        let (b, w) = (Polynomial::bit("b"), Polynomial::word("w"));
        assert_eq!(b.mul(&b), b);
        assert_ne!(w.mul(&w), w);
        assert!(b.mul(&w).sub(&w.mul(&b)).is_zero());
        assert_eq!(w.mul(&w).add(&b.scale(&(-2).into())).to_string(), "-2 b + 1 w^2");
    }
}
