//! Polynomials with integer coefficients, in normal form.
//!
//! Variables are words, which stand for any element of R_k, and bits, which stand for 0 and 1. Since b * b = b for a bit,
//! no normal form has a bit's power. Two polynomials with the same normal form give equal values for all words of all
//! widths and for all bits, because Z maps onto R_k; and a polynomial that is linear in each variable and is not zero is not
//! zero at some point. [DS-PROVE-10]

use num_bigint::BigInt;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// A variable, by name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Variable {
    /// It is 0 or 1.
    Bit(Arc<str>),
    /// It is 0 or 1, and what it is depends on words, in a way that is not said.
    Unsaid(Arc<str>),
    /// It is an element of R_k.
    Word(Arc<str>),
}

impl Variable {
    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Variable::Bit(name) | Variable::Unsaid(name) | Variable::Word(name) => name,
        }
    }
}

/// A product of powers of variables, in order, each with an exponent of at least 1 (of 1, if it is a bit).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Monomial(Arc<[(Variable, u32)]>);

impl Monomial {
    /// Its variables with their exponents, in order.
    pub fn powers(&self) -> impl Iterator<Item = (&Variable, u32)> {
        self.0.iter().map(|(variable, exponent)| (variable, *exponent))
    }

    /// Its one variable, if it is a variable.
    pub fn as_variable(&self) -> Option<&Variable> {
        match &*self.0 {
            [(variable, 1)] => Some(variable),
            _ => None,
        }
    }

    /// Whether every variable of this monomial is one of the other's.
    pub fn divides_support(&self, other: &Monomial) -> bool {
        self.powers().all(|(variable, _)| other.powers().any(|(another, _)| another == variable))
    }

    fn times(&self, other: &Monomial) -> Monomial {
        let mut product: BTreeMap<Variable, u32> = self.0.iter().cloned().collect();
        for (variable, exponent) in other.powers() {
            let power = product.entry(variable.clone()).or_insert(0);
            *power = match variable {
                Variable::Bit(_) | Variable::Unsaid(_) => 1,
                Variable::Word(_) => power.saturating_add(exponent),
            };
        }
        Monomial(product.into_iter().collect())
    }
}

/// A polynomial: its monomials with coefficients other than zero.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Polynomial(BTreeMap<Monomial, BigInt>);

impl Polynomial {
    /// A constant.
    pub fn constant(value: impl Into<BigInt>) -> Polynomial {
        let mut constant = Polynomial::default();
        constant.collect(Monomial::default(), &value.into());
        constant
    }

    /// A variable.
    pub fn variable(variable: Variable) -> Polynomial {
        let mut sum = Polynomial::default();
        sum.collect(Monomial([(variable, 1)].into()), &1.into());
        sum
    }

    /// A variable that is a bit.
    pub fn bit(name: &str) -> Polynomial {
        Polynomial::variable(Variable::Bit(name.into()))
    }

    /// A variable that is a bit of words: equal names stand for equal bits.
    pub fn unsaid(name: &str) -> Polynomial {
        Polynomial::variable(Variable::Unsaid(name.into()))
    }

    /// A variable that is a word.
    pub fn word(name: &str) -> Polynomial {
        Polynomial::variable(Variable::Word(name.into()))
    }

    /// Whether it is zero.
    pub fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    /// Its monomials with their coefficients, in order.
    pub fn terms(&self) -> impl Iterator<Item = (&Monomial, &BigInt)> {
        self.0.iter()
    }

    /// The sum.
    pub fn add(&self, other: &Polynomial) -> Polynomial {
        let mut sum = self.clone();
        other.0.iter().for_each(|(monomial, coefficient)| sum.collect(monomial.clone(), coefficient));
        sum
    }

    /// The difference.
    pub fn sub(&self, other: &Polynomial) -> Polynomial {
        self.add(&other.scale(&(-1).into()))
    }

    /// The product.
    pub fn mul(&self, other: &Polynomial) -> Polynomial {
        let mut product = Polynomial::default();
        for (left, a) in &self.0 {
            for (right, b) in &other.0 {
                product.collect(left.times(right), &(a * b));
            }
        }
        product
    }

    /// The product with an integer.
    pub fn scale(&self, factor: &BigInt) -> Polynomial {
        let mut product = Polynomial::default();
        self.0.iter().for_each(|(monomial, coefficient)| product.collect(monomial.clone(), &(coefficient * factor)));
        product
    }

    /// Adds a term, and drops it if its coefficient becomes zero.
    fn collect(&mut self, monomial: Monomial, coefficient: &BigInt) {
        let sum = self.0.remove(&monomial).unwrap_or_default() + coefficient;
        if sum != BigInt::ZERO {
            self.0.insert(monomial, sum);
        }
    }

    /// The value where each variable has the value that the function gives, or nothing if it gives none for one.
    pub fn value(&self, of: impl Fn(&Variable) -> Option<u64>) -> Option<BigInt> {
        let mut sum = BigInt::ZERO;
        for (monomial, coefficient) in &self.0 {
            let mut product = coefficient.clone();
            for (variable, exponent) in monomial.powers() {
                product *= BigInt::from(of(variable)?).pow(exponent);
            }
            sum += product;
        }
        Some(sum)
    }
}

impl fmt::Display for Polynomial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_zero() {
            return f.write_str("0");
        }
        for (index, (monomial, coefficient)) in self.0.iter().enumerate() {
            let plus = if index > 0 { " + " } else { "" };
            write!(f, "{plus}{coefficient}")?;
            for (variable, exponent) in monomial.powers() {
                let power = if exponent > 1 { format!("^{exponent}") } else { String::new() };
                write!(f, " {}{power}", variable.name())?;
            }
        }
        Ok(())
    }
}
