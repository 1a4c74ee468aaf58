//! Values at which a polynomial that is not zero, and so the concrete program, gives something wrong. [DS-PROVE-13]
//!
//! Where all variables outside a monomial's are zero, only monomials whose variables are among its are left; if no other is,
//! and each exponent is 1, the value at ones is its coefficient. So the first candidates are these points; then come values
//! of a fixed sequence, for a coefficient that is zero mod 2^k and for bits of words, which no point chooses freely. The
//! concrete program has the last word on each candidate.

use crate::prove::ProveError;
use deepshare_polynomials::{Monomial, Polynomial, Variable};
use deepshare_reference::values::Width;
use std::collections::BTreeMap;

/// Values of variables, by name; the others are zero.
pub type Values = BTreeMap<String, u128>;

/// How many points of the fixed sequence are tried.
const POINTS: u64 = 4096;

/// The first candidate at which the program fails.
///
/// # Errors
/// [`ProveError::NotFound`] if there is none; what the program reports.
pub fn values(
    lemma: &str,
    width: Width,
    difference: &Polynomial,
    fails: impl Fn(&Values) -> Result<bool, ProveError>,
) -> Result<Values, ProveError> {
    let smallest = difference.terms().map(|(monomial, _)| monomial).filter(|one| is_smallest(difference, one));
    let chosen = smallest.flat_map(|monomial| (1..4).map(move |value| point(monomial, value)));
    let drawn = (0..POINTS).map(|number| drawn(width, difference, number));
    for candidate in chosen.chain(drawn) {
        if fails(&candidate)? {
            return Ok(candidate);
        }
    }
    Err(ProveError::NotFound { lemma: lemma.to_owned(), difference: difference.to_string() })
}

/// Whether no other monomial has its variables among this one's.
fn is_smallest(polynomial: &Polynomial, one: &Monomial) -> bool {
    polynomial.terms().all(|(other, _)| other == one || !other.divides_support(one))
}

/// The point at which the variables of a monomial have these values; a bit that is set is 1.
fn point(monomial: &Monomial, value: u64) -> Values {
    let of = |variable: &Variable| match variable {
        Variable::Bit(_) => Some(value.min(1)),
        Variable::Word(_) => Some(value),
        Variable::Unsaid(_) => None,
    };
    let named = |variable: &Variable| Some((variable.name().to_owned(), of(variable)?.into()));
    monomial.powers().filter_map(|(variable, _)| named(variable)).collect()
}

/// Point `number` of the fixed sequence, for all variables of a polynomial.
fn drawn(width: Width, polynomial: &Polynomial, number: u64) -> Values {
    let mut state = number;
    let mut values = Values::new();
    for (monomial, _) in polynomial.terms() {
        for (variable, _) in monomial.powers() {
            state = next(state);
            let value = match variable {
                Variable::Bit(_) => state >> 63,
                Variable::Word(_) => width.reduce(state >> 7),
                Variable::Unsaid(_) => continue,
            };
            values.entry(variable.name().to_owned()).or_insert_with(|| value.into());
        }
    }
    values
}

/// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
fn next(state: u64) -> u64 {
    let z = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
