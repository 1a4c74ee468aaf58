//! Queries as SMT-LIB 2.6: what a solver reads, and what a reviewer does.
//!
//! The text depends on the program alone: variables and definitions stand in the order in which the statement meets them.

use super::term::{Node, Operator, Sort, Term};
use std::collections::HashMap;
use std::fmt::Write;

/// A statement that must hold for all values of its variables.
#[derive(Clone, Debug)]
pub struct Query {
    /// What is asked, `lemma at k = width`, and which case.
    pub name: String,
    /// The clause that it is about.
    pub clause: &'static str,
    /// What the statement says, in words.
    pub says: String,
    /// What every definition of the text is for, if it has a name: terms and their names.
    pub named: Vec<(String, Term)>,
    /// The statement, a Boolean.
    pub claim: Term,
}

/// A longer text of a term gets a name, so that lines stay readable.
const LONG: usize = 90;

/// What tells nodes apart by what they are, not where they are: a constant, a variable, or an operator on known nodes.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    Constant(Sort, u128),
    Variable(String),
    Apply(Sort, Operator, Vec<usize>),
}

/// The nodes of a query, each once, operands before what uses them.
#[derive(Default)]
struct Graph {
    by_address: HashMap<*const Node, usize>,
    by_key: HashMap<Key, usize>,
    nodes: Vec<(Term, Vec<usize>)>,
    uses: Vec<usize>,
}

impl Graph {
    /// The number of a term's node.
    fn insert(&mut self, term: &Term) -> usize {
        if let Some(&known) = self.by_address.get(&term.address()) {
            return known;
        }
        let operands: Vec<usize> = match term.node() {
            Node::Apply(_, operands) => operands.iter().map(|operand| self.insert(operand)).collect(),
            _ => Vec::new(),
        };
        let key = match term.node() {
            Node::Constant(value) => Key::Constant(term.sort(), *value),
            Node::Variable(name) => Key::Variable(name.to_string()),
            Node::Apply(operator, _) => Key::Apply(term.sort(), *operator, operands.clone()),
        };
        let next = self.nodes.len();
        let number = *self.by_key.entry(key).or_insert(next);
        if number == next {
            for operand in &operands {
                if let Some(uses) = self.uses.get_mut(*operand) {
                    *uses += 1;
                }
            }
            self.nodes.push((term.clone(), operands));
            self.uses.push(0);
        }
        self.by_address.insert(term.address(), number);
        number
    }
}

fn sort(sort: Sort) -> String {
    match sort {
        Sort::Bool => "Bool".to_owned(),
        Sort::Word(bits) => format!("(_ BitVec {bits})"),
    }
}

fn constant(of: Sort, value: u128) -> String {
    match of {
        Sort::Bool => (value == 1).to_string(),
        Sort::Word(bits) if bits.is_multiple_of(4) => format!("#x{value:0digits$x}", digits = bits as usize / 4),
        Sort::Word(bits) => format!("#b{value:0digits$b}", digits = bits as usize),
    }
}

/// An operator applied to the texts of its operands.
fn application(term: &Term, operator: Operator, operands: &[&str]) -> String {
    let head = match operator {
        Operator::Not => "not".to_owned(),
        Operator::And => "and".to_owned(),
        Operator::Xor => "xor".to_owned(),
        Operator::Choose => "ite".to_owned(),
        Operator::Equal => "=".to_owned(),
        Operator::Add => "bvadd".to_owned(),
        Operator::Sub => "bvsub".to_owned(),
        Operator::Neg => "bvneg".to_owned(),
        Operator::Mul => "bvmul".to_owned(),
        Operator::ShiftRight(_) => "bvlshr".to_owned(),
        Operator::ShiftRightSigned(_) => "bvashr".to_owned(),
        Operator::Extract(high, low) => format!("(_ extract {high} {low})"),
        Operator::ZeroExtend(more) => format!("(_ zero_extend {more})"),
        Operator::SignExtend(more) => format!("(_ sign_extend {more})"),
        Operator::Concat => "concat".to_owned(),
        Operator::Less => "bvult".to_owned(),
        Operator::SignedAtMost => "bvsle".to_owned(),
    };
    let shift = match operator {
        Operator::ShiftRight(shift) | Operator::ShiftRightSigned(shift) => constant(term.sort(), shift.into()),
        _ => String::new(),
    };
    let last = if shift.is_empty() { None } else { Some(shift.as_str()) };
    let parts: Vec<&str> = std::iter::once(head.as_str()).chain(operands.iter().copied()).chain(last).collect();
    format!("({})", parts.join(" "))
}

impl Query {
    /// The variables, in the order of the text.
    pub fn variables(&self) -> Vec<(String, Sort)> {
        let mut graph = Graph::default();
        graph.insert(&self.claim);
        let variable = |(term, _): &(Term, Vec<usize>)| match term.node() {
            Node::Variable(name) => Some((name.to_string(), term.sort())),
            _ => None,
        };
        graph.nodes.iter().filter_map(variable).collect()
    }

    /// The query as SMT-LIB: `unsat` says that the statement holds.
    pub fn smt(&self) -> String {
        self.text(false)
    }

    /// The same query, and a request for the values of all variables: for a statement that does not hold.
    pub fn smt_with_values(&self) -> String {
        self.text(true)
    }

    fn text(&self, values: bool) -> String {
        let mut graph = Graph::default();
        let claim = graph.insert(&self.claim);
        let names: HashMap<usize, &str> = self.named.iter().map(|(name, term)| (graph.insert(term), &**name)).collect();
        let mut out = String::new();
        let mut line = |text: String| {
            out.push_str(&text);
            out.push('\n');
        };
        line(format!("; {}\n; [{}] {}", self.name, self.clause, self.says));
        line("; unsat: the statement holds for all values of the variables".to_owned());
        if values {
            line("(set-option :produce-models true)".to_owned());
        }
        line("(set-logic QF_BV)".to_owned());
        let variables = self.variables();
        for (name, of) in &variables {
            line(format!("(declare-const {name} {})", sort(*of)));
        }
        let mut texts: Vec<String> = Vec::with_capacity(graph.nodes.len());
        let mut defined = 0_usize;
        for (number, (term, operands)) in graph.nodes.iter().enumerate() {
            let operands: Vec<&str> = operands.iter().filter_map(|&o| texts.get(o).map(String::as_str)).collect();
            let text = match term.node() {
                Node::Constant(value) => constant(term.sort(), *value),
                Node::Variable(name) => name.to_string(),
                Node::Apply(operator, _) => {
                    let text = application(term, *operator, &operands);
                    let shared = graph.uses.get(number).is_some_and(|&uses| uses > 1) || text.len() > LONG;
                    match (names.get(&number), shared && number != claim) {
                        (Some(name), _) => define(&mut line, name, term, &text),
                        (None, true) => {
                            defined += 1;
                            define(&mut line, &format!("t{defined}"), term, &text)
                        }
                        (None, false) => text,
                    }
                }
            };
            texts.push(text);
        }
        let claim = texts.get(claim).map_or("false", String::as_str);
        line(format!("(assert (not {claim}))\n(check-sat)"));
        if values {
            let names: Vec<String> = variables.into_iter().map(|(name, _)| name).collect();
            line(format!("(get-value ({}))", names.join(" ")));
        }
        out
    }
}

/// Writes a definition; gives its name.
fn define(line: &mut impl FnMut(String), name: &str, term: &Term, text: &str) -> String {
    let mut definition = String::new();
    // writing to a string does not fail
    let _ = write!(definition, "(define-fun {name} () {} {text})", sort(term.sort()));
    line(definition);
    name.to_owned()
}
