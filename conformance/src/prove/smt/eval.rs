//! The value of a term where its variables have values.

use super::term::{Node, Operator, Term, low_bits};
use crate::prove::ProveError;
use std::collections::{BTreeMap, HashMap};

/// Values of variables; Booleans are 0 and 1.
pub type Assignment = BTreeMap<String, u128>;

/// Evaluates terms under one assignment; what terms share is evaluated once.
pub struct Evaluator<'a> {
    values: &'a Assignment,
    known: HashMap<*const Node, u128>,
}

impl<'a> Evaluator<'a> {
    /// An evaluator. It must not outlive the terms that it is given: it knows them by their address.
    pub fn new(values: &'a Assignment) -> Evaluator<'a> {
        Evaluator { values, known: HashMap::new() }
    }

    /// The value of a term.
    ///
    /// # Errors
    /// [`ProveError::Unassigned`].
    pub fn value(&mut self, term: &Term) -> Result<u128, ProveError> {
        if let Some(value) = self.known.get(&term.address()) {
            return Ok(*value);
        }
        let value = match term.node() {
            Node::Constant(value) => *value,
            Node::Variable(name) => {
                let value = self.values.get(&**name).copied();
                value.ok_or_else(|| ProveError::Unassigned { name: name.to_string() })?
            }
            Node::Apply(operator, operands) => {
                let values = operands.iter().map(|operand| self.value(operand)).collect::<Result<Vec<_>, _>>()?;
                low_bits(apply(*operator, operands, &values), term.bits())
            }
        };
        self.known.insert(term.address(), value);
        Ok(value)
    }
}

/// Two's complement of so many bits.
fn signed(value: u128, bits: u32) -> i128 {
    let unused = 128 - bits.min(128);
    (value << unused).cast_signed() >> unused
}

/// The result, before its reduction to the bits of its sort.
fn apply(operator: Operator, operands: &[Term], values: &[u128]) -> u128 {
    let bits = operands.first().map_or(0, Term::bits);
    match (operator, values) {
        (Operator::Not, [a]) => 1 - a,
        (Operator::And, [a, b]) => a & b,
        (Operator::Xor, [a, b]) => a ^ b,
        (Operator::Choose, [bit, yes, no]) => *if *bit == 1 { yes } else { no },
        (Operator::Equal, [a, b]) => u128::from(a == b),
        (Operator::Add, [a, b]) => a.wrapping_add(*b),
        (Operator::Sub, [a, b]) => a.wrapping_sub(*b),
        (Operator::Neg, [a]) => a.wrapping_neg(),
        (Operator::Mul, [a, b]) => a.wrapping_mul(*b),
        (Operator::ShiftRight(shift), [a]) => a.checked_shr(shift).unwrap_or(0),
        (Operator::ShiftRightSigned(shift), [a]) => (signed(*a, bits) >> shift.min(127)).cast_unsigned(),
        (Operator::Extract(_, low), [a]) => a >> low,
        (Operator::ZeroExtend(_), [a]) => *a,
        (Operator::SignExtend(_), [a]) => signed(*a, bits).cast_unsigned(),
        (Operator::Concat, [high, low]) => high << operands.get(1).map_or(0, Term::bits) | low,
        (Operator::Less, [a, b]) => u128::from(a < b),
        (Operator::SignedAtMost, [a, b]) => u128::from(signed(*a, bits) <= signed(*b, bits)),
        // constructors give every operator its number of operands
        _ => 0,
    }
}
