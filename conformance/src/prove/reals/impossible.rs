//! What does not solve extended XOR. Coordinates are u1 and u2, the crossing is (0, 0), the axes are x = 0 and y = 0. A
//! solution is 0 on the axes, by continuity, as the chapter says; here that is a hypothesis at the points where it is
//! used.

use super::Statement;

const CONSTRUCTION: &str = "The construction";
const LEMMA: &str = "A lemma";
const THREE: &str = "Three things that do not solve it";

/// All of them, in the order of the chapter.
pub(super) fn statements() -> Vec<Statement> {
    [default_gates(), lemma(), one_relu(), two_relus(), quadratic(), margin()].concat()
}

/// The gates (1, 0) alone, where the break line goes through the crossing.
fn default_gates() -> Vec<Statement> {
    vec![
        Statement::new(CONSTRUCTION, "open-half-plane-has-a-ray", "an open half-plane at p contains a ray of an axis")
            .linear("l")
            .given("(or (not (= l.1 0)) (not (= l.2 0)))")
            .then("(or (< (l 1 0) 0) (< (l (- 1) 0) 0) (< (l 0 1) 0) (< (l 0 (- 1)) 0))"),
        Statement::new(
            CONSTRUCTION,
            "default-gates",
            "beside such a ray, where d = 0, one value would have the sign of both labels",
        )
        .linear("l")
        .affine("l1")
        .affine("l2")
        .reals(&["c", "r1", "r2", "x", "y"])
        .function("f", "(+ c (ite (>= (l x y) 0) (+ (* r1 (l1 x y)) (* r2 (l2 x y))) 0))")
        .given("(< (l x y) 0)")
        .given("(< (l x (- y)) 0)")
        .then("(not (and (label (f x y) x y) (label (f x (- y)) x (- y))))"),
    ]
}

/// A function that is 0 on the axes and affine on a closed half-plane at the crossing, or on a quadrant.
fn lemma() -> Vec<Statement> {
    vec![
        Statement::new(
            LEMMA,
            "rays-of-a-line",
            "of two opposite rays from p at least one lies in a half-plane H that contains p",
        )
        .affine("h")
        .reals(&["x", "y"])
        .given("(>= (h 0 0) 0)")
        .given("(< (h x y) 0)")
        .then("(> (h (- x) (- y)) 0)"),
        Statement::new(LEMMA, "three-points", "an affine function that is 0 at p and at a point of either axis is 0")
            .affine("f")
            .reals(&["s", "t"])
            .given("(= (f 0 0) 0)")
            .given("(= (f s 0) 0)")
            .given("(= (f 0 t) 0)")
            .given("(not (= s 0))")
            .given("(not (= t 0))")
            .then("(and (= f.0 0) (= f.1 0) (= f.2 0))"),
        Statement::new(LEMMA, "half-plane-meets-a-quadrant", "inner points of H lie in open quadrants")
            .affine("h")
            .given("(>= (h 0 0) 0)")
            .given("(or (not (= h.1 0)) (not (= h.2 0)))")
            .then("(or (> (h 1 1) 0) (> (h 1 (- 1)) 0) (> (h (- 1) 1) 0) (> (h (- 1) (- 1)) 0))"),
        Statement::new(LEMMA, "quadrant", "a function that is affine on a quadrant, and 0 on its rays, is 0 there")
            .affine("f")
            .reals(&["x", "y"])
            .given("(= (f 0 0) 0)")
            .given("(= (f x 0) 0)")
            .given("(= (f 0 y) 0)")
            .then("(= (f x y) 0)"),
    ]
}

/// That a function of x and y is 0 at p, at (s, 0) and at (0, t), none of which is p.
fn zero_on_the_axes(statement: Statement) -> Statement {
    statement
        .reals(&["s", "t", "x", "y"])
        .given("(= (f 0 0) 0)")
        .given("(= (f s 0) 0)")
        .given("(= (f 0 t) 0)")
        .given("(not (= s 0))")
        .given("(not (= t 0))")
}

/// f = a + r ReLU(l): on the closed side of l that contains the crossing.
fn one_relu() -> Vec<Statement> {
    let statement = Statement::new(THREE, "one-relu", "one ReLU and one linear neuron are 0 on a closed side of l")
        .affine("a")
        .affine("l")
        .reals(&["r"])
        .function("f", "(+ (a x y) (* r (relu (l x y))))");
    let side = "(or (and (>= (l 0 0) 0) (>= (l s 0) 0) (>= (l 0 t) 0) (>= (l x y) 0)) \
                    (and (<= (l 0 0) 0) (<= (l s 0) 0) (<= (l 0 t) 0) (<= (l x y) 0)))";
    vec![zero_on_the_axes(statement).given(side).then("(= (f x y) 0)")]
}

/// f = c + r1 ReLU(l1) + r2 ReLU(l2).
fn two_relus() -> Vec<Statement> {
    let function = |statement: Statement| {
        statement.reals(&["c", "r1", "r2"]).function("f", "(+ c (* r1 (relu (l1 x y))) (* r2 (relu (l2 x y))))")
    };
    let unbroken = function(
        Statement::new(THREE, "two-relus-in-a-quadrant", "two ReLUs are 0 on a quadrant that no break line meets")
            .affine("l1")
            .affine("l2"),
    );
    vec![
        zero_on_the_axes(unbroken)
            .given(
                "(or (and (>= (l1 0 0) 0) (>= (l1 s 0) 0) (>= (l1 0 t) 0) (>= (l1 x y) 0)) \
                     (and (<= (l1 0 0) 0) (<= (l1 s 0) 0) (<= (l1 0 t) 0) (<= (l1 x y) 0)))",
            )
            .given(
                "(or (and (>= (l2 0 0) 0) (>= (l2 s 0) 0) (>= (l2 0 t) 0) (>= (l2 x y) 0)) \
                     (and (<= (l2 0 0) 0) (<= (l2 s 0) 0) (<= (l2 0 t) 0) (<= (l2 x y) 0)))",
            )
            .then("(= (f x y) 0)"),
        Statement::new(THREE, "line-meets-two-quadrants", "a line through p meets opposite open quadrants only")
            .linear("l")
            .reals(&["x", "y", "v", "w"])
            .given("(or (not (= l.1 0)) (not (= l.2 0)))")
            .given("(= (l x y) 0)")
            .given("(= (l v w) 0)")
            .given("(> (* x y) 0)")
            .then("(>= (* v w) 0)"),
        Statement::new(THREE, "cone", "two different lines through p bound a cone where l1 < 0 and l2 < 0")
            .linear("l1")
            .linear("l2")
            .reals(&["det"])
            .given("(= det (- (* l1.1 l2.2) (* l1.2 l2.1)))")
            .given("(not (= det 0))")
            .then(
                "(and (< (l1 (* det (- l1.2 l2.2)) (* det (- l2.1 l1.1))) 0) \
                      (< (l2 (* det (- l1.2 l2.2)) (* det (- l2.1 l1.1))) 0))",
            ),
        function(
            Statement::new(THREE, "two-relus-on-the-cone", "two ReLUs are 0 on the cone")
                .linear("l1")
                .linear("l2")
                .reals(&["x", "y"]),
        )
        .given("(= (f 0 0) 0)")
        .given("(< (l1 x y) 0)")
        .given("(< (l2 x y) 0)")
        .then("(= (f x y) 0)"),
    ]
}

/// f = A m^2 + a + r ReLU(l): on a closed side of l it is a quadratic g = A m^2 + a', a' affine.
fn quadratic() -> Vec<Statement> {
    vec![
        Statement::new(THREE, "quadratic-on-an-axis", "a quadratic that is 0 at three points of an axis is 0 on it")
            .reals(&["q0", "q1", "q2", "s"])
            .function("q", "(+ q0 (* q1 x) (* q2 x x) (* 0 y))")
            .given("(= (q 0 0) 0)")
            .given("(= (q s 0) 0)")
            .given("(= (q (* 2 s) 0) 0)")
            .given("(not (= s 0))")
            .then("(and (= q0 0) (= q1 0) (= q2 0))"),
        Statement::new(
            THREE,
            "side-of-one-relu",
            "on a closed side of l the ReLU's part is affine, so f is A m^2 and affine",
        )
        .affine("l")
        .reals(&["x", "y", "v", "w"])
        .given("(or (and (>= (l x y) 0) (>= (l v w) 0)) (and (<= (l x y) 0) (<= (l v w) 0)))")
        .then("(= (* 2 (relu (l (/ (+ x v) 2) (/ (+ y w) 2)))) (+ (relu (l x y)) (relu (l v w))))"),
        Statement::new(THREE, "square-of-rank-one", "A m^2 + a, with no term of one variable alone, is 0")
            .affine("m")
            .affine("a")
            .reals(&["A", "x", "y"])
            .function("g", "(+ (* A (m x y) (m x y)) (a x y))")
            .given("(= (+ (* A m.0 m.0) a.0) 0)")
            .given("(= (+ (* 2 A m.0 m.1) a.1) 0)")
            .given("(= (+ (* 2 A m.0 m.2) a.2) 0)")
            .given("(= (* A m.1 m.1) 0)")
            .given("(= (* A m.2 m.2) 0)")
            .then("(= (g x y) 0)"),
    ]
}

/// One ReLU and one linear neuron are convex or concave. Labels at six points with a margin of 1/4 around the axes, the
/// midpoint of two among them twice, are those of neither.
fn margin() -> Vec<Statement> {
    vec![
        Statement::new(
            "Domain of the statements",
            "six-points",
            "one ReLU and one linear neuron do not have the labels of six points with a margin",
        )
        .affine("a")
        .affine("l")
        .reals(&["r"])
        .function("f", "(+ (a x y) (* r (relu (l x y))))")
        .given("(< (f (- 0.25) 1) 0)")
        .given("(< (f 1 (- 0.25)) 0)")
        .given("(> (f 0.375 0.375) 0)")
        .given("(> (f 0.25 1) 0)")
        .given("(> (f (- 1) (- 0.25)) 0)")
        .then("(>= (f (- 0.375) 0.375) 0)"),
    ]
}
