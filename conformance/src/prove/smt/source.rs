//! Where a lemma's inputs, shares and coins come from: they are variables, or the values of a counterexample.

use super::domain::{SymbolPlane, SymbolRing, Symbols};
use super::eval::Assignment;
use super::term::{Sort, Term};
use crate::prove::draws::{Draw, Draws};
use crate::vectors::types::{Bits, elements};
use deepshare_reference::party::{BitWire, Carried, Coins, PartyError, Role};
use deepshare_reference::values::{Concrete, Plane, Ring, ValueError, Width};
use std::cell::RefCell;
use std::rc::Rc;

/// A source of named values. Whoever draws has a name; its values are numbered in the order in which they are drawn, so that
/// the same program draws the same variables in every domain.
pub trait Source {
    /// The domain of the values.
    type Domain: BitWire<Payload: Carried>;
    /// Coins.
    type Coins: Coins<Self::Domain>;
    /// The coins of a role, or whatever else the name says.
    fn coins(&self, name: &'static str) -> Self::Coins;
}

/// Every value is a variable of its own.
#[derive(Clone, Copy, Debug)]
pub struct Free;

/// Coins that are variables.
#[derive(Clone, Debug)]
pub struct FreeCoins {
    names: Names,
}

/// Numbered names.
#[derive(Clone, Debug)]
struct Names {
    prefix: &'static str,
    drawn: usize,
}

impl Names {
    fn next(&mut self) -> String {
        self.drawn += 1;
        format!("{}_{}", self.prefix, self.drawn)
    }
}

impl Source for Free {
    type Domain = Symbols;
    type Coins = FreeCoins;

    fn coins(&self, name: &'static str) -> FreeCoins {
        FreeCoins { names: Names { prefix: name, drawn: 0 } }
    }
}

impl Coins<Symbols> for FreeCoins {
    fn plane(&mut self, len: usize) -> Result<SymbolPlane, PartyError> {
        Ok(SymbolPlane((0..len).map(|_| Term::variable(Sort::Bool, &self.names.next())).collect()))
    }

    fn ring(&mut self, width: Width, len: usize) -> Result<SymbolRing, PartyError> {
        let words = (0..len).map(|_| Term::variable(Sort::Word(width.bits()), &self.names.next())).collect();
        SymbolRing::new(width, words).map_err(|_| used_up(0))
    }
}

/// Every value is that of a counterexample; variables that it does not name do not matter to it, and are zero. What is drawn
/// is kept.
#[derive(Clone, Debug)]
pub struct Given<'a> {
    values: &'a Assignment,
    drawn: Rc<RefCell<Draws>>,
}

impl<'a> Given<'a> {
    /// A source of these values.
    pub fn new(values: &'a Assignment) -> Given<'a> {
        Given { values, drawn: Rc::default() }
    }

    /// All that was drawn so far.
    pub fn drawn(&self) -> Draws {
        self.drawn.borrow().clone()
    }
}

/// Coins that are values of a counterexample.
#[derive(Clone, Debug)]
pub struct GivenCoins<'a> {
    names: Names,
    values: &'a Assignment,
    drawn: Rc<RefCell<Draws>>,
}

impl<'a> Source for Given<'a> {
    type Domain = Concrete;
    type Coins = GivenCoins<'a>;

    fn coins(&self, name: &'static str) -> GivenCoins<'a> {
        GivenCoins { names: Names { prefix: name, drawn: 0 }, values: self.values, drawn: Rc::clone(&self.drawn) }
    }
}

impl GivenCoins<'_> {
    fn next(&mut self) -> u64 {
        let value = self.values.get(&self.names.next()).copied().unwrap_or(0);
        // variables of programs have at most 64 bits; a counterexample with a larger value does not parse
        u64::try_from(value).unwrap_or(u64::MAX)
    }

    fn keep(&self, draw: Draw) {
        self.drawn.borrow_mut().0.entry(self.names.prefix.to_owned()).or_default().push(draw);
    }
}

impl Coins<Concrete> for GivenCoins<'_> {
    fn plane(&mut self, len: usize) -> Result<Plane, PartyError> {
        let bits: Vec<bool> = (0..len).map(|_| self.next() == 1).collect();
        self.keep(Draw::Plane(Bits(bits.clone())));
        Ok(Plane::from_bits(&bits))
    }

    fn ring(&mut self, width: Width, len: usize) -> Result<Ring, PartyError> {
        let ring = Ring::new(width, (0..len).map(|_| self.next()).collect());
        self.keep(Draw::Vector(elements(ring.elements())));
        Ok(ring)
    }
}

fn used_up(left: usize) -> PartyError {
    PartyError::Value { role: Role::Trusted, step: "coins", source: ValueError::Tape { wanted: 1, left } }
}
