//! The algebra of the chapter on what sharing can express, as statements on the reals for an SMT solver.
//!
//! A *statement* says: for all reals, if the hypotheses hold, so does the claim. It gives three kinds of SMT-LIB files,
//! with the answer that a solver must give: hypotheses and the claim's negation, `unsat`, which proves the statement;
//! the hypotheses alone, `sat`, so that they are not contradictory; and, for each hypothesis, the first file without it,
//! `sat`, so that none is idle: a statement that has lost one is refuted. What is left to prose, limits above all, the
//! chapter says.

mod impossible;
mod possible;

use std::fmt::Write;

/// What a solver must answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// There are such reals.
    Sat,
    /// There are none.
    Unsat,
}

impl Expected {
    /// The solver's word.
    pub fn word(self) -> &'static str {
        match self {
            Expected::Sat => "sat",
            Expected::Unsat => "unsat",
        }
    }
}

/// A file for a solver.
#[derive(Clone, Debug)]
pub struct Query {
    /// The statement's name, and which of its files this is.
    pub name: String,
    /// SMT-LIB 2.
    pub text: String,
    /// The answer.
    pub expected: Expected,
}

/// For all reals: if the hypotheses hold, so does the claim.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The stable name.
    pub name: &'static str,
    /// The section of the chapter.
    pub section: &'static str,
    /// The statement, in words.
    pub words: &'static str,
    reals: Vec<String>,
    functions: Vec<String>,
    given: Vec<&'static str>,
    claim: &'static str,
}

/// All statements, in the order of the chapter.
pub fn statements() -> Vec<Statement> {
    [possible::construction(), impossible::statements(), possible::tightness()].concat()
}

/// ReLU and the label of a point, which all files have.
const COMMON: &str = "\
(define-fun relu ((z Real)) Real (ite (>= z 0) z 0))
(define-fun label ((value Real) (x Real) (y Real)) Bool (> (* value x y) 0))
";

impl Statement {
    /// A statement of a section, without anything in it yet.
    fn new(section: &'static str, name: &'static str, words: &'static str) -> Statement {
        let (reals, functions, given) = (Vec::new(), Vec::new(), Vec::new());
        Statement { name, section, words, reals, functions, given, claim: "false" }
    }

    /// Reals, all quantified.
    fn reals(mut self, names: &[&str]) -> Statement {
        self.reals.extend(names.iter().map(|name| (*name).to_owned()));
        self
    }

    /// A function of a point (x, y).
    fn function(mut self, name: &str, body: &str) -> Statement {
        self.functions.push(format!("(define-fun {name} ((x Real) (y Real)) Real {body})"));
        self
    }

    /// Any affine function: three reals, its coefficients.
    fn affine(self, name: &str) -> Statement {
        let [constant, x, y] = [0, 1, 2].map(|i| format!("{name}.{i}"));
        self.reals(&[&constant, &x, &y]).function(name, &format!("(+ {constant} (* {x} x) (* {y} y))"))
    }

    /// Any linear function: an affine one that is 0 at the crossing.
    fn linear(self, name: &str) -> Statement {
        let [x, y] = [1, 2].map(|i| format!("{name}.{i}"));
        self.reals(&[&x, &y]).function(name, &format!("(+ (* {x} x) (* {y} y))"))
    }

    /// A hypothesis.
    fn given(mut self, hypothesis: &'static str) -> Statement {
        self.given.push(hypothesis);
        self
    }

    /// The claim.
    fn then(mut self, claim: &'static str) -> Statement {
        self.claim = claim;
        self
    }

    /// Everything that a solver is asked about the statement.
    pub fn queries(&self) -> Vec<Query> {
        let refuted = [format!("(not {})", self.claim)];
        let all = || self.given.iter().map(|given| (*given).to_owned());
        let query = |what: String, expected, asserted: Vec<String>| Query {
            name: format!("{}{what}", self.name),
            text: self.text(&asserted, expected),
            expected,
        };
        let proof = query(String::new(), Expected::Unsat, all().chain(refuted.clone()).collect());
        let possible = query(".hypotheses".to_owned(), Expected::Sat, all().collect());
        let without = (0..self.given.len()).map(|left_out| {
            let kept = all().enumerate().filter(|(i, _)| *i != left_out).map(|(_, given)| given);
            query(format!(".without-{}", left_out + 1), Expected::Sat, kept.chain(refuted.clone()).collect())
        });
        [proof, possible].into_iter().chain(without).collect()
    }

    /// A file that asks whether there are reals with everything that is asserted.
    fn text(&self, asserted: &[String], expected: Expected) -> String {
        let mut text = format!("; {}: {}\n; expected: {}\n", self.section, self.words, expected.word());
        text.push_str("(set-logic QF_NRA)\n");
        text.push_str(COMMON);
        self.reals.iter().for_each(|name| line(&mut text, &format!("(declare-const {name} Real)")));
        self.functions.iter().for_each(|function| line(&mut text, function));
        asserted.iter().for_each(|formula| line(&mut text, &format!("(assert {formula})")));
        line(&mut text, "(check-sat)");
        text
    }
}

fn line(text: &mut String, words: &str) {
    // writing to a string does not fail
    let _ = writeln!(text, "{words}");
}
