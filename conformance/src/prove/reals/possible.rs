//! What solves extended XOR: the construction, and the three things that do with more.

use super::Statement;

const CONSTRUCTION: &str = "The construction";
const DOES: &str = "What does";

/// y = (2d - 1) u2 has the label's sign, under both step conventions; here (x, y) = (u1, u2).
pub(super) fn construction() -> Vec<Statement> {
    let solves = |name, words, gate| {
        Statement::new(CONSTRUCTION, name, words)
            .reals(&["u1", "u2"])
            .function("f", gate)
            .given("(not (= u1 0))")
            .given("(not (= u2 0))")
            .then("(label (f u1 u2) u1 u2)")
    };
    vec![
        solves(
            "construction-nonnegative",
            "one bit and the gate (2, -1), d = 1 at 0",
            "(* (- (* 2 (ite (>= x 0) 1 0)) 1) y)",
        ),
        solves(
            "construction-positive",
            "one bit and the gate (2, -1), d = 0 at 0",
            "(* (- (* 2 (ite (> x 0) 1 0)) 1) y)",
        ),
    ]
}

/// Two ReLUs with a linear term, a general quadratic, two quadratic neurons; and the four points, which need less.
pub(super) fn tightness() -> Vec<Statement> {
    let solves = |name, words, body| {
        Statement::new(DOES, name, words)
            .reals(&["u1", "u2"])
            .function("f", body)
            .given("(not (= u1 0))")
            .given("(not (= u2 0))")
            .then("(label (f u1 u2) u1 u2)")
    };
    let two_relus = "(- (* 2 (relu (+ x y))) (* 2 (relu (- x y))) (* 2 y))";
    let two_squares = "(- (* (+ x y) (+ x y)) (* (- x y) (- x y)))";
    vec![
        solves("two-relus-and-a-linear-term", "two ReLUs and a linear term do", two_relus),
        solves("two-quadratic-neurons", "two quadratic neurons do", two_squares),
        solves("a-general-quadratic", "u1 u2 does", "(* x y)"),
        Statement::new(
            "The problem",
            "four-points",
            "one ReLU and one linear neuron give XOR at the four points of 0 and 1",
        )
        .reals(&["u1", "u2"])
        .function("f", "(- (+ x y) (* 2 (relu (- (+ x y) 1))))")
        .given("(or (= u1 0) (= u1 1))")
        .given("(or (= u2 0) (= u2 1))")
        .then("(= (f u1 u2) (ite (= u1 u2) 0 1))"),
    ]
}
