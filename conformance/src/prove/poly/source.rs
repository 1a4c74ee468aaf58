//! Inputs, shares and coins as variables of polynomials.

use super::domain::{PolynomialPlane, PolynomialRing, Words};
use crate::prove::smt::source::Source;
use deepshare_polynomials::Polynomial;
use deepshare_reference::party::{Coins, PartyError};
use deepshare_reference::values::Width;

/// Every value is a variable of its own, under the names that counterexamples use.
#[derive(Clone, Copy, Debug)]
pub struct FreeWords;

/// Coins that are variables.
#[derive(Clone, Debug)]
pub struct WordCoins {
    prefix: &'static str,
    drawn: usize,
}

impl WordCoins {
    fn names(&mut self, len: usize) -> impl Iterator<Item = String> {
        let (prefix, first) = (self.prefix, self.drawn + 1);
        self.drawn += len;
        (first..first + len).map(move |number| format!("{prefix}_{number}"))
    }
}

impl Source for FreeWords {
    type Domain = Words;
    type Coins = WordCoins;

    fn coins(&self, name: &'static str) -> WordCoins {
        WordCoins { prefix: name, drawn: 0 }
    }
}

impl Coins<Words> for WordCoins {
    fn plane(&mut self, len: usize) -> Result<PolynomialPlane, PartyError> {
        Ok(PolynomialPlane::of(self.names(len).map(|name| Polynomial::bit(&name)).collect()))
    }

    fn ring(&mut self, width: Width, len: usize) -> Result<PolynomialRing, PartyError> {
        Ok(PolynomialRing::new(width, self.names(len).map(|name| Polynomial::word(&name)).collect()))
    }
}
