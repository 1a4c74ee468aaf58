//! Coins in lanes: lane i of every draw has some binary digits of i, so that one run on 2^c lanes is all runs on c coin bits.
//! Many lanes are run in parts: a tape has the lanes of one part.

use deepshare_reference::party::{Coins, PartyError, Role};
use deepshare_reference::primitives::ideal::{Adversary, Leakage};
use deepshare_reference::values::{BitPlane, Concrete, Plane, Ring, Width};
use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

/// A defect of coins, by the number of a draw among all draws of a run. For tests of the check. [DS-EXH-9]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoinFault {
    /// The second draw is the first once more.
    Repeat(usize, usize),
    /// The draw is always this value.
    Constant(usize, u64),
    /// The lowest bit of the draw is 1 in a quarter of all cases.
    Biased(usize),
}

/// What one draw gives in a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draw {
    /// Bits of the value.
    pub bits: u32,
    /// The lowest of the digits.
    at: u32,
    special: Option<Special>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Special {
    Constant(u64),
    /// The digit that the lowest bit is multiplied by.
    And(u32),
}

impl Draw {
    /// The value in a lane.
    pub fn value(&self, lane: u64) -> u64 {
        let value = lane >> self.at & (u64::MAX >> 64_u32.saturating_sub(self.bits));
        match self.special {
            None => value,
            Some(Special::Constant(constant)) => constant,
            Some(Special::And(digit)) => value & !(!(lane >> digit) & 1),
        }
    }

    /// The bits of 64 lanes, for a draw of one bit.
    fn word(&self, index: u64) -> u64 {
        let word = digit_word(self.at, index);
        match self.special {
            None => word,
            Some(Special::Constant(constant)) => (constant & 1).wrapping_neg(),
            Some(Special::And(digit)) => word & digit_word(digit, index),
        }
    }
}

/// Digit number `at` of the lanes 64 * index, .., 64 * index + 63.
fn digit_word(at: u32, index: u64) -> u64 {
    const LOW: [u64; 6] = [
        0xAAAA_AAAA_AAAA_AAAA,
        0xCCCC_CCCC_CCCC_CCCC,
        0xF0F0_F0F0_F0F0_F0F0,
        0xFF00_FF00_FF00_FF00,
        0xFFFF_0000_FFFF_0000,
        0xFFFF_FFFF_0000_0000,
    ];
    match LOW.get(at as usize) {
        Some(word) => *word,
        None => (index >> (at - 6) & 1).wrapping_neg(),
    }
}

/// All coins of a run. Holders that are cloned by [`Tape::other`] draw from the same digits, each what nobody else drew.
#[derive(Clone)]
pub struct Tape {
    /// The numbers of the lanes of this part.
    lanes: Range<u64>,
    all: Rc<RefCell<All>>,
    own: Rc<RefCell<Vec<Draw>>>,
}

#[derive(Default)]
struct All {
    next: u32,
    draws: Vec<Draw>,
    fault: Option<CoinFault>,
}

impl Tape {
    /// A tape for some lanes; if there are more than 64, for a multiple of 64 of them, from a multiple of 64 on.
    pub fn new(lanes: Range<u64>, fault: Option<CoinFault>) -> Tape {
        Tape { lanes, all: Rc::new(RefCell::new(All { fault, ..All::default() })), own: Rc::default() }
    }

    /// Another holder.
    #[must_use]
    pub fn other(&self) -> Tape {
        Tape { own: Rc::default(), ..self.clone() }
    }

    /// How many digits were drawn, by all holders.
    pub fn digits(&self) -> u32 {
        self.all.borrow().next
    }

    /// The bits of each draw of all holders, in order.
    pub fn draws(&self) -> Vec<u32> {
        self.all.borrow().draws.iter().map(|draw| draw.bits).collect()
    }

    /// What this holder drew.
    pub fn own(&self) -> Vec<Draw> {
        self.own.borrow().clone()
    }

    fn draw(&self, bits: u32) -> Draw {
        let mut all = self.all.borrow_mut();
        let number = all.draws.len();
        let first = match all.fault {
            Some(CoinFault::Repeat(first, second)) if second == number => all.draws.get(first).copied(),
            _ => None,
        };
        let draw = first.filter(|draw| draw.bits == bits).unwrap_or_else(|| all.fresh(bits, number));
        all.draws.push(draw);
        self.own.borrow_mut().push(draw);
        draw
    }

    /// How many lanes.
    fn count(&self) -> usize {
        usize::try_from(self.lanes.end - self.lanes.start).unwrap_or(usize::MAX)
    }

    /// One draw for each block of lanes.
    fn blocks(&self, bits: u32, len: usize) -> Result<Vec<Draw>, PartyError> {
        if !len.is_multiple_of(self.count()) {
            let what = format!("{len} values are drawn, which is no multiple of {} lanes", self.count());
            return Err(PartyError::Misuse { role: Role::Trusted, what });
        }
        Ok((0..len / self.count()).map(|_| self.draw(bits)).collect())
    }
}

impl All {
    fn fresh(&mut self, bits: u32, number: usize) -> Draw {
        let mut draw = Draw { bits, at: self.next, special: None };
        self.next += bits;
        match self.fault {
            Some(CoinFault::Constant(faulty, value)) if faulty == number => {
                draw.special = Some(Special::Constant(value));
            }
            Some(CoinFault::Biased(faulty)) if faulty == number => {
                draw.special = Some(Special::And(self.next));
                self.next += 1;
            }
            _ => {}
        }
        draw
    }
}

impl Coins<Concrete> for Tape {
    fn plane(&mut self, len: usize) -> Result<Plane, PartyError> {
        let (words, count) = (self.lanes.start / 64..self.lanes.end.div_ceil(64), self.count());
        let value = |source| PartyError::Value { role: Role::Trusted, step: "coins", source };
        let plane = |draw: Draw| Plane::from_words(words.clone().map(|index| draw.word(index)).collect(), count);
        let planes: Result<Vec<Plane>, _> = self.blocks(1, len)?.into_iter().map(plane).collect();
        Ok(Plane::concat(&planes.map_err(value)?.iter().collect::<Vec<_>>()))
    }

    fn ring(&mut self, width: Width, len: usize) -> Result<Ring, PartyError> {
        let draws = self.blocks(width.bits(), len)?;
        let values = draws.iter().flat_map(|draw| self.lanes.clone().map(|lane| draw.value(lane)));
        Ok(Ring::new(width, values.collect()))
    }
}

/// An adversary that chooses shares in every way and notes what leaks.
#[derive(Clone)]
pub struct Chooses {
    corrupted: Role,
    tape: Tape,
    leaked: Rc<RefCell<Vec<Leakage>>>,
}

impl Chooses {
    /// An adversary that holds a tape.
    pub fn new(corrupted: Role, tape: Tape) -> Chooses {
        Chooses { corrupted, tape, leaked: Rc::default() }
    }

    /// What leaked so far.
    pub fn leaked(&self) -> Vec<Leakage> {
        self.leaked.borrow().clone()
    }
}

impl Adversary for Chooses {
    fn corrupted(&self) -> Option<Role> {
        Some(self.corrupted)
    }

    fn leak(&mut self, leakage: Leakage) {
        self.leaked.borrow_mut().push(leakage);
    }

    fn plane_share(&mut self, len: usize) -> Result<Plane, PartyError> {
        self.tape.plane(len)
    }

    fn ring_share(&mut self, width: Width, len: usize) -> Result<Ring, PartyError> {
        self.tape.ring(width, len)
    }
}

/// A vector of `lanes` times the same value, for each value one after the other.
pub fn constant_ring(width: Width, values: &[u64], lanes: usize) -> Ring {
    Ring::new(width, values.iter().flat_map(|&value| std::iter::repeat_n(value, lanes)).collect())
}

/// A plane of `lanes` times the same bit, for each bit one after the other.
pub fn constant_plane(bits: &[u64], lanes: usize) -> Plane {
    let planes: Vec<Plane> = bits.iter().map(|bit| Plane::constant(lanes, bit & 1 == 1)).collect();
    Plane::concat(&planes.iter().collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every pair of draws takes every pair of values equally often; a block has a draw of its own.
    #[test]
    fn lanes_are_all_tapes() {
        let tape = Tape::new(0..1 << 8, None);
        let (mut dealer, mut client) = (tape.other(), tape.other());
        let plane = dealer.plane(2 << 8).unwrap().to_bits();
        let ring = client.ring(Width::MIN, 1 << 8).unwrap();
        let top = dealer.ring(Width::new(4).unwrap(), 1 << 8).unwrap();
        assert_eq!((tape.digits(), tape.draws()), (8, vec![1, 1, 2, 4]));
        let mut all: Vec<_> =
            (0..1 << 8).map(|i| (plane[i], plane[i + 256], ring.elements()[i], top.elements()[i])).collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 1 << 8);
        let own = client.own();
        assert!((0..1 << 8).all(|lane| own[0].value(lane) == ring.elements()[usize::try_from(lane).unwrap()]));
    }

    /// Lanes in parts are the parts of all lanes.
    #[test]
    fn parts_are_parts_of_the_whole() {
        let draw = |lanes: Range<u64>| {
            let mut tape = Tape::new(lanes.clone(), None);
            let count = usize::try_from(lanes.end - lanes.start).unwrap();
            let ring = tape.ring(Width::new(7).unwrap(), count).unwrap();
            (ring.elements().to_vec(), tape.plane(count).unwrap().to_bits())
        };
        let whole = draw(0..256);
        let parts = [draw(0..128), draw(128..256)];
        assert_eq!(whole.0, [parts[0].0.clone(), parts[1].0.clone()].concat());
        assert_eq!(whole.1, [parts[0].1.clone(), parts[1].1.clone()].concat());
    }

    #[test]
    fn faults_of_coins_are_what_they_say() {
        let draw = |fault, lanes: u32| {
            let mut tape = Tape::new(0..lanes.into(), Some(fault));
            (0..3).map(|_| tape.plane(lanes as usize).unwrap().to_bits()).collect::<Vec<_>>()
        };
        let ones = |bits: &Vec<bool>| bits.iter().filter(|bit| **bit).count();
        let repeat = draw(CoinFault::Repeat(0, 2), 8);
        assert!(repeat[0] == repeat[2] && repeat[0] != repeat[1]);
        assert_eq!(ones(&draw(CoinFault::Constant(1, 1), 8)[1]), 8);
        assert_eq!(draw(CoinFault::Biased(1), 128).iter().map(ones).collect::<Vec<_>>(), [64, 32, 64]);
    }
}
