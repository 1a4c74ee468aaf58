//! Proofs without a solver: what is asked, that it is true at random values, and that solvers are not believed.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests stop like the tests themselves")]

use deepshare_conformance::prove::smt::eval::{Assignment, Evaluator};
use deepshare_conformance::prove::smt::lemmas::labels::{Gates, chain_position, half_gate};
use deepshare_conformance::prove::smt::term::Sort;
use deepshare_conformance::prove::smt::{Query, Solver};
use deepshare_conformance::prove::{Counterexample, Lemma, Proof, faults, registry};
use deepshare_conformance::steps::{Right, Steps};
use deepshare_reference::primitives::garbling::halfgates::{HalfGates, WireLabel};
use deepshare_reference::values::Width;
use proptest::prelude::*;
use std::process::Command;

/// The lemmas on bits, with their queries and replays.
fn queries(lemma: &Lemma, steps: &dyn Steps, width: u64) -> Vec<Query> {
    match &lemma.proof {
        Proof::Bits { queries, .. } => queries(steps, Width::new(width).unwrap()).unwrap(),
        Proof::Words { .. } => Vec::new(),
    }
}

/// Values of all variables from a generator of 64-bit words.
fn values(query: &Query, mut word: impl FnMut() -> u64) -> Assignment {
    let value = |(name, sort): (String, Sort)| {
        let bits = if let Sort::Word(bits) = sort { bits } else { 1 };
        (name, u128::from(word()) & ((1 << bits) - 1))
    };
    query.variables().into_iter().map(value).collect()
}

fn counterexample(lemma: &Lemma, width: u64, values: &Assignment) -> Counterexample {
    Counterexample {
        lemma: lemma.name.clone(),
        clause: lemma.clause.to_owned(),
        fault: None,
        width: u32::try_from(width).unwrap(),
        query: lemma.name.clone(),
        values: values.iter().map(|(name, value)| (name.clone(), format!("{value:x}"))).collect(),
    }
}

/// Whether the statement holds at some values: of the term, and of the concrete run; both must say the same.
fn at(lemma: &Lemma, steps: &dyn Steps, width: u64, word: impl FnMut() -> u64) -> Option<bool> {
    let query = queries(lemma, steps, width).into_iter().next()?;
    let values = values(&query, word);
    let term = Evaluator::new(&values).value(&query.claim).unwrap() == 1;
    let run = lemma.holds(steps, &counterexample(lemma, width, &values)).unwrap();
    assert_eq!(term, run, "{} at k = {width}: the term and the concrete run differ at {values:?}", lemma.name);
    Some(term)
}

/// The words of SplitMix64 (Steele, Lea, Flood 2014) from a seed.
fn words(seed: u64) -> impl FnMut() -> u64 {
    let mut state = seed;
    move || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (state ^ state >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    /// Every statement is true at random values, of its term and of the concrete program. [DS-PROVE-1] [DS-PROVE-3]
    #[test]
    fn lemmas_are_true_at_random_values(width in 2_u64..=64, seed in any::<u64>()) {
        for lemma in registry::all() {
            prop_assert_ne!(at(&lemma, &Right, width, words(seed)), Some(false), "{} at k = {}", lemma.name, width);
        }
    }
}

/// Every fault that applies makes some statement false at small values: of its term, and of the concrete run alike. The
/// tree of carries has a run that waits only where the number of positions is odd, so both parities of k are tried.
/// [DS-PROVE-5]
#[test]
fn planted_faults_make_a_statement_false() {
    let lemmas = registry::all();
    for fault in faults::applicable().filter(|fault| faults::OF_BITS.contains(&fault.name)) {
        let fails = |lemma, k| (0..256_u64).any(|seed| at(lemma, fault.steps, k, words(seed)) == Some(false));
        let found = lemmas.iter().any(|lemma| [5, 6].iter().any(|&k| fails(lemma, k)));
        assert!(found, "{} makes no statement false", fault.name);
    }
    assert_eq!(faults::applicable().count(), faults::names().count(), "a fault that the library does not have");
}

/// Half-gates with a mistake.
#[derive(Clone, Copy, Debug)]
enum Mistaken {
    /// T_G lacks p_b Delta.
    GeneratorWithoutDelta,
    /// T_E lacks the label of a.
    EvaluatorWithoutA,
    /// The garbler takes the label of 1 for the zero label.
    LabelOfOne,
    /// The evaluator has no use for T_E.
    OneCiphertext,
    /// The evaluator takes each wire for the other.
    InputsExchanged,
}

impl Gates for Mistaken {
    fn garble<H: HalfGates>(&self, gate: &H, delta: &H::Label, [a, b]: &[H::Label; 2]) -> (H::Label, [H::Label; 2]) {
        let (zero, [generator, evaluator]) = gate.garble(delta, &[a.clone(), b.clone()]);
        match self {
            Mistaken::GeneratorWithoutDelta => (zero, [generator.xor(&delta.times(&b.colour())), evaluator]),
            Mistaken::EvaluatorWithoutA => (zero, [generator, evaluator.xor(a)]),
            Mistaken::LabelOfOne => (zero.xor(delta), [generator, evaluator]),
            Mistaken::OneCiphertext | Mistaken::InputsExchanged => (zero, [generator, evaluator]),
        }
    }

    fn evaluate<H: HalfGates>(
        &self,
        gate: &H,
        [generator, evaluator]: &[H::Label; 2],
        [a, b]: &[H::Label; 2],
    ) -> H::Label {
        let (generator, evaluator, a, b) = (generator.clone(), evaluator.clone(), a.clone(), b.clone());
        match self {
            Mistaken::OneCiphertext => gate.evaluate(&[generator, a.clone()], &[a, b]),
            Mistaken::InputsExchanged => gate.evaluate(&[generator, evaluator], &[b, a]),
            _ => gate.evaluate(&[generator, evaluator], &[a, b]),
        }
    }
}

/// Mistakes in a half-gate make the lemmas on labels false, of the term and of the concrete run alike. [DS-PROVE-14]
#[test]
fn mistakes_in_half_gates_make_a_statement_false() {
    for mistake in [
        Mistaken::GeneratorWithoutDelta,
        Mistaken::EvaluatorWithoutA,
        Mistaken::LabelOfOne,
        Mistaken::OneCiphertext,
        Mistaken::InputsExchanged,
    ] {
        for lemma in [half_gate(mistake), chain_position(mistake)] {
            let found = (0..16_u64).any(|seed| at(&lemma, &Right, 2, words(seed)) == Some(false));
            assert!(found, "{}: {mistake:?} changes nothing", lemma.name);
        }
    }
}

fn smt(name: &str, width: u64) -> String {
    let lemma = registry::all().into_iter().find(|lemma| lemma.name == name).unwrap();
    queries(&lemma, &Right, width).iter().map(Query::smt).collect()
}

#[test]
fn query_of_a_gate() {
    insta::assert_snapshot!(smt("open/gmw/positive", 3));
}

/// The functionality stands in the place of keys. [DS-PROVE-2]
#[test]
fn query_of_a_gate_by_keys() {
    insta::assert_snapshot!(smt("open/fss/nonnegative", 3));
}

/// The circuit on bits stands in the place of labels. [DS-PROVE-2]
#[test]
fn query_of_a_garbled_gate() {
    insta::assert_snapshot!(smt("open/garbled/nonnegative", 3));
}

#[test]
fn query_of_a_truncation() {
    insta::assert_snapshot!(smt("truncate/ot/f=1", 2));
}

#[test]
fn query_of_the_tree() {
    insta::assert_snapshot!(smt("carry/semantics/tree", 2));
}

/// A solver that is not there is an error, and no proof.
#[test]
fn a_missing_solver_is_an_error() {
    let empty = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_deepshare"))
        .args(["prove", "--width", "2", "--lemma", "open/gmw", "--solver", Solver::Z3.name()])
        .env("PATH", empty.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("[prove/no-solver]"));
}

/// Runs `prove` on one lemma with programs of the test in the place of solvers; the exit code and what was said.
#[cfg(unix)]
fn with_solvers(solvers: &[(&str, &str)], options: &[&str]) -> (Option<i32>, String) {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_deepshare"));
    command.args(["prove", "--width", "2", "--lemma", "integers/semantics/positive"]).args(options);
    for (name, script) in solvers {
        let program = folder.path().join(name);
        std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        command.args(["--solver", name]);
    }
    let output = command.env("PATH", folder.path()).output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

/// Solvers that answer wrongly: a counterexample that is none, and nonsense. [DS-PROVE-4]
#[cfg(unix)]
#[test]
fn a_solver_is_not_believed() {
    let prove = |script: &str| with_solvers(&[("z3", script)], &[]);
    let (code, said) =
        prove("echo sat\nwhile read -r line; do case $line in *get-value*) echo '((x_1 #b00))';; esac; done <$1");
    assert!(code == Some(2) && said.contains("[prove/no-counterexample]"), "{said}");
    for answer in ["unknown", "sat"] {
        let (code, said) = prove(&format!("echo {answer}"));
        assert!(code == Some(2) && said.contains("[prove/solver]"), "{answer}: {said}");
    }
    assert_eq!(prove("echo unsat").0, Some(0));
}

/// A solver that answers `sat` and gives no values within the limit is not outvoted by one that answers `unsat`.
/// [DS-PROVE-4]
#[cfg(unix)]
#[test]
fn an_answer_without_values_is_not_dropped() {
    let hangs = "while read -r line; do case $line in *get-value*) while :; do :; done;; esac; done <$1\necho sat";
    let (code, said) = with_solvers(&[("z3", hangs), ("bitwuzla", "echo unsat")], &["--limit", "5"]);
    assert!(code == Some(2) && said.contains("no values come within the limit"), "{code:?} {said}");
}
