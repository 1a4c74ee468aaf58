//! Terms of SMT-LIB's theory of bit vectors, as a graph whose nodes are shared.
//!
//! Constructors simplify what is evident: constants, double negations, x xor x, and words of which only one bit decides,
//! so that a product with a bit is a choice between words and not a multiplication.

use crate::prove::ProveError;
use std::rc::Rc;

/// The sort of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sort {
    /// Bool.
    Bool,
    /// (_ BitVec n), n up to 128.
    Word(u32),
}

/// An operator with its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operator {
    /// Negation of a Boolean.
    Not,
    /// Conjunction.
    And,
    /// Exclusive or.
    Xor,
    /// If, then, else.
    Choose,
    /// Equality of two terms of one sort.
    Equal,
    /// The sum of words.
    Add,
    /// The difference of words.
    Sub,
    /// The negative of a word.
    Neg,
    /// The product of words.
    Mul,
    /// The logical shift right by a constant.
    ShiftRight(u32),
    /// The arithmetic shift right by a constant.
    ShiftRightSigned(u32),
    /// Bits `high` to `low` of a word.
    Extract(u32, u32),
    /// More zero bits at the top.
    ZeroExtend(u32),
    /// More bits like the top one.
    SignExtend(u32),
    /// The first word above the second.
    Concat,
    /// x < y as unsigned numbers.
    Less,
    /// x <= y in two's complement.
    SignedAtMost,
}

/// A node of the graph.
#[derive(Debug)]
pub enum Node {
    /// A constant of a sort; Booleans are 0 and 1.
    Constant(u128),
    /// A variable.
    Variable(Rc<str>),
    /// An operator and its operands.
    Apply(Operator, Vec<Term>),
}

/// A term.
#[derive(Clone, Debug)]
pub struct Term {
    sort: Sort,
    node: Rc<Node>,
}

/// The low bits of a number.
pub fn low_bits(value: u128, bits: u32) -> u128 {
    if bits >= 128 { value } else { value & ((1 << bits) - 1) }
}

impl Term {
    /// A Boolean constant.
    pub fn bit(value: bool) -> Term {
        Term { sort: Sort::Bool, node: Rc::new(Node::Constant(u128::from(value))) }
    }

    /// A constant of so many bits, reduced.
    pub fn word(bits: u32, value: u128) -> Term {
        Term { sort: Sort::Word(bits), node: Rc::new(Node::Constant(low_bits(value, bits))) }
    }

    /// A variable.
    pub fn variable(sort: Sort, name: &str) -> Term {
        Term { sort, node: Rc::new(Node::Variable(name.into())) }
    }

    /// Its sort.
    pub fn sort(&self) -> Sort {
        self.sort
    }

    /// Its node.
    pub fn node(&self) -> &Node {
        &self.node
    }

    /// What tells this node from others: terms of the same address are the same.
    pub fn address(&self) -> *const Node {
        Rc::as_ptr(&self.node)
    }

    /// Its value, if it is a constant.
    pub fn constant(&self) -> Option<u128> {
        if let Node::Constant(value) = *self.node { Some(value) } else { None }
    }

    /// The bits of a word; 1 for a Boolean.
    pub fn bits(&self) -> u32 {
        match self.sort {
            Sort::Bool => 1,
            Sort::Word(bits) => bits,
        }
    }

    fn apply(sort: Sort, operator: Operator, operands: Vec<Term>) -> Term {
        Term { sort, node: Rc::new(Node::Apply(operator, operands)) }
    }

    /// The operands, if this is an application of the operator.
    fn operands(&self, of: Operator) -> Option<&[Term]> {
        match &*self.node {
            Node::Apply(operator, operands) if *operator == of => Some(operands),
            _ => None,
        }
    }

    /// If this word is a choice between two constants: the bit that decides, and the constants.
    fn decided(&self) -> Option<(&Term, u128, u128)> {
        match self.operands(Operator::Choose)? {
            [bit, yes, no] => Some((bit, yes.constant()?, no.constant()?)),
            _ => None,
        }
    }

    fn same_sort(&self, other: &Term, operator: &'static str) -> Result<(), ProveError> {
        let sorts = || format!("{:?}, {:?}", self.sort, other.sort);
        if self.sort == other.sort { Ok(()) } else { Err(ProveError::Sorts { operator, sorts: sorts() }) }
    }
}

/// not a.
pub fn not(a: &Term) -> Term {
    match (a.constant(), a.operands(Operator::Not)) {
        (Some(value), _) => Term::bit(value == 0),
        (None, Some([inner])) => inner.clone(),
        _ => Term::apply(Sort::Bool, Operator::Not, vec![a.clone()]),
    }
}

/// a and b.
pub fn and(a: &Term, b: &Term) -> Term {
    match (a.constant(), b.constant()) {
        (Some(0), _) | (_, Some(1)) => a.clone(),
        (_, Some(0)) | (Some(_), _) => b.clone(),
        _ if a.address() == b.address() => a.clone(),
        _ => Term::apply(Sort::Bool, Operator::And, vec![a.clone(), b.clone()]),
    }
}

/// a xor b.
pub fn xor(a: &Term, b: &Term) -> Term {
    match (a.constant(), b.constant()) {
        (Some(0), _) => b.clone(),
        (_, Some(0)) => a.clone(),
        (Some(_), _) => not(b),
        (_, Some(_)) => not(a),
        _ if a.address() == b.address() => Term::bit(false),
        _ => Term::apply(Sort::Bool, Operator::Xor, vec![a.clone(), b.clone()]),
    }
}

/// `yes` if the bit is 1, else `no`.
///
/// # Errors
/// [`ProveError::Sorts`] if their sorts differ; likewise in all functions of two words.
pub fn choose(bit: &Term, yes: &Term, no: &Term) -> Result<Term, ProveError> {
    yes.same_sort(no, "choice")?;
    Ok(match bit.constant() {
        Some(0) => no.clone(),
        Some(_) => yes.clone(),
        None if yes.address() == no.address() => yes.clone(),
        None => Term::apply(yes.sort, Operator::Choose, vec![bit.clone(), yes.clone(), no.clone()]),
    })
}

/// a = b.
///
/// # Errors
/// [`ProveError::Sorts`].
pub fn equal(a: &Term, b: &Term) -> Result<Term, ProveError> {
    a.same_sort(b, "equality")?;
    Ok(match (a.constant(), b.constant()) {
        (Some(a), Some(b)) => Term::bit(a == b),
        _ if a.address() == b.address() => Term::bit(true),
        _ => Term::apply(Sort::Bool, Operator::Equal, vec![a.clone(), b.clone()]),
    })
}

/// An operation on words of which one may be decided by a bit: then the operation moves into both branches.
fn on_words(
    name: &'static str,
    operator: Operator,
    a: &Term,
    b: &Term,
    constants: impl Fn(u128, u128) -> u128,
) -> Result<Term, ProveError> {
    a.same_sort(b, name)?;
    let bits = a.bits();
    if let (Some(a), Some(b)) = (a.constant(), b.constant()) {
        return Ok(Term::word(bits, constants(a, b)));
    }
    let word = |value| Term::word(bits, value);
    match (a.decided(), a.constant(), b.decided(), b.constant()) {
        (Some((bit, yes, no)), _, _, Some(b)) => choose(bit, &word(constants(yes, b)), &word(constants(no, b))),
        (_, Some(a), Some((bit, yes, no)), _) => choose(bit, &word(constants(a, yes)), &word(constants(a, no))),
        _ => Ok(Term::apply(a.sort, operator, vec![a.clone(), b.clone()])),
    }
}

/// a + b.
///
/// # Errors
/// [`ProveError::Sorts`].
pub fn add(a: &Term, b: &Term) -> Result<Term, ProveError> {
    match (a.constant(), b.constant()) {
        (Some(0), None) => Ok(b.clone()),
        (None, Some(0)) => Ok(a.clone()),
        _ => on_words("sum", Operator::Add, a, b, u128::wrapping_add),
    }
}

/// a - b.
///
/// # Errors
/// [`ProveError::Sorts`].
pub fn sub(a: &Term, b: &Term) -> Result<Term, ProveError> {
    match b.constant() {
        Some(0) => Ok(a.clone()),
        _ => on_words("difference", Operator::Sub, a, b, u128::wrapping_sub),
    }
}

/// -a.
pub fn neg(a: &Term) -> Term {
    match (a.constant(), a.operands(Operator::Neg)) {
        (Some(value), _) => Term::word(a.bits(), value.wrapping_neg()),
        (None, Some([inner])) => inner.clone(),
        _ => Term::apply(a.sort, Operator::Neg, vec![a.clone()]),
    }
}

/// a b. Where one of them is decided by a bit, it is a choice between multiples of the other.
///
/// # Errors
/// [`ProveError::Sorts`].
pub fn mul(a: &Term, b: &Term) -> Result<Term, ProveError> {
    a.same_sort(b, "product")?;
    let minus_one = low_bits(u128::MAX, a.bits());
    for (factor, other) in [(a, b), (b, a)] {
        match (factor.constant(), factor.decided()) {
            (Some(0), _) => return Ok(factor.clone()),
            (Some(1), _) => return Ok(other.clone()),
            (Some(value), _) if value == minus_one && other.constant().is_none() => return Ok(neg(other)),
            (None, Some((bit, yes, no))) if other.constant().is_none() => {
                let multiple = |value| mul(&Term::word(a.bits(), value), other);
                return choose(bit, &multiple(yes)?, &multiple(no)?);
            }
            _ => {}
        }
    }
    on_words("product", Operator::Mul, a, b, u128::wrapping_mul)
}

/// Bits `high` to `low` of a word.
///
/// # Errors
/// [`ProveError::Sorts`] unless low <= high < the word's bits.
pub fn extract(a: &Term, high: u32, low: u32) -> Result<Term, ProveError> {
    if high < low || high >= a.bits() || a.sort == Sort::Bool {
        let sorts = format!("{:?} for bits {high} to {low}", a.sort);
        return Err(ProveError::Sorts { operator: "extraction", sorts });
    }
    let bits = high - low + 1;
    Ok(match a.constant() {
        Some(value) => Term::word(bits, value >> low),
        None if bits == a.bits() => a.clone(),
        None => Term::apply(Sort::Word(bits), Operator::Extract(high, low), vec![a.clone()]),
    })
}

/// Bit j of a word as a Boolean.
///
/// # Errors
/// [`ProveError::Sorts`] if there is no such bit.
pub fn bit_of(a: &Term, j: u32) -> Result<Term, ProveError> {
    match a.decided() {
        Some((bit, yes, no)) => choose(bit, &Term::bit(yes >> j & 1 == 1), &Term::bit(no >> j & 1 == 1)),
        None => equal(&extract(a, j, j)?, &Term::word(1, 1)),
    }
}

/// a shifted right by a public number of bits, zeros coming in.
pub fn shift_right(a: &Term, shift: u32) -> Term {
    match a.constant() {
        Some(value) => Term::word(a.bits(), value.checked_shr(shift).unwrap_or(0)),
        None if shift == 0 => a.clone(),
        None => Term::apply(a.sort, Operator::ShiftRight(shift), vec![a.clone()]),
    }
}

/// a shifted right by a public number of bits, copies of the top bit coming in.
pub fn shift_right_signed(a: &Term, shift: u32) -> Term {
    Term::apply(a.sort, Operator::ShiftRightSigned(shift), vec![a.clone()])
}

/// The same number in two's complement, `more` bits longer.
pub fn sign_extend(a: &Term, more: u32) -> Term {
    Term::apply(Sort::Word(a.bits() + more), Operator::SignExtend(more), vec![a.clone()])
}

/// The same unsigned number, `more` bits longer.
pub fn zero_extend(a: &Term, more: u32) -> Term {
    Term::apply(Sort::Word(a.bits() + more), Operator::ZeroExtend(more), vec![a.clone()])
}

/// The first word above the second.
pub fn concat(high: &Term, low: &Term) -> Term {
    Term::apply(Sort::Word(high.bits() + low.bits()), Operator::Concat, vec![high.clone(), low.clone()])
}

/// a < b as unsigned numbers.
///
/// # Errors
/// [`ProveError::Sorts`].
pub fn less(a: &Term, b: &Term) -> Result<Term, ProveError> {
    a.same_sort(b, "comparison")?;
    Ok(Term::apply(Sort::Bool, Operator::Less, vec![a.clone(), b.clone()]))
}

/// a <= b in two's complement.
///
/// # Errors
/// [`ProveError::Sorts`].
pub fn signed_at_most(a: &Term, b: &Term) -> Result<Term, ProveError> {
    a.same_sort(b, "comparison")?;
    Ok(Term::apply(Sort::Bool, Operator::SignedAtMost, vec![a.clone(), b.clone()]))
}
