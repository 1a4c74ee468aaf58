//! The engine of words: every lemma is proved, every fault that reaches one is refuted by values that replay.

use deepshare_conformance::faults::find;
use deepshare_conformance::prove::poly::lemmas;
use deepshare_conformance::prove::{Counterexample, Decision, Lemma, Proof};
use deepshare_conformance::steps::{Right, Steps};

fn decide(lemma: &Lemma, steps: &dyn Steps) -> Decision {
    let Proof::Words { decide, .. } = &lemma.proof else { panic!("{}: not a lemma on words", lemma.name) };
    decide(steps).unwrap_or_else(|error| panic!("{}: {error}", lemma.name))
}

fn holds(lemma: &Lemma, steps: &dyn Steps, found: &Counterexample) -> bool {
    let Proof::Words { replay, .. } = &lemma.proof else { panic!("{}: not a lemma on words", lemma.name) };
    replay(steps, found).unwrap_or_else(|error| panic!("{}: {error}", lemma.name))
}

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
    for lemma in lemmas::all() {
        if let Decision::Fails(found) = decide(&lemma, fault.steps) {
            let found: Counterexample = serde_json::from_str(&serde_json::to_string(&found).unwrap()).unwrap();
            assert!(!holds(&lemma, fault.steps, &found), "{}: {found:?} does not replay", lemma.name);
            assert!(holds(&lemma, &Right, &found), "{}: {found:?} fails without the fault", lemma.name);
            refuted.push(lemma.name);
        }
    }
    refuted
}

#[test]
fn a_complemented_share_of_a_bit_is_refuted_wherever_deltas_are_opened() {
    for fault in ["bit-not-complemented", "bit-complemented-by-client"] {
        let refuted = refuted_by(fault);
        assert!(refuted.iter().any(|name| name == "apply/gmw/one"), "{fault}: {refuted:?}");
        assert!(refuted.iter().any(|name| name == "apply/fss/groups-two-layers"), "{fault}: {refuted:?}");
    }
}

#[test]
fn one_mask_for_all_elements_is_refuted_where_there_are_several() {
    let refuted = refuted_by("mask-reused");
    assert!(refuted.iter().any(|name| name == "apply/gmw/reuse"), "{refuted:?}");
    assert!(!refuted.iter().any(|name| name.ends_with("/one")), "{refuted:?}");
}
