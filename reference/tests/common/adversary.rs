//! An adversary of the ideal world that corrupts one party, chooses constant shares, and keeps what leaks.
#![allow(dead_code)] // Each test file uses a part of it.

use deepshare_reference::party::{PartyError, Role};
use deepshare_reference::primitives::ideal::{Adversary, Leakage};
use deepshare_reference::values::{BitPlane, Plane, Ring, RingVector, Width};
use std::cell::RefCell;
use std::rc::Rc;

/// The adversary.
#[derive(Clone, Debug)]
pub struct Constant {
    /// Whom it corrupts.
    pub corrupted: Role,
    /// Its shares: every bit of them.
    pub bit: bool,
    /// What leaked, in order.
    pub leaked: Rc<RefCell<Vec<Leakage>>>,
}

impl Constant {
    /// An adversary that has heard nothing yet.
    pub fn new(corrupted: Role, bit: bool) -> Constant {
        Constant { corrupted, bit, leaked: Rc::default() }
    }
}

impl Adversary for Constant {
    fn corrupted(&self) -> Option<Role> {
        Some(self.corrupted)
    }

    fn leak(&mut self, leakage: Leakage) {
        self.leaked.borrow_mut().push(leakage);
    }

    fn plane_share(&mut self, len: usize) -> Result<Plane, PartyError> {
        Ok(Plane::constant(len, self.bit))
    }

    fn ring_share(&mut self, width: Width, len: usize) -> Result<Ring, PartyError> {
        Ok(Ring::constant(width, len, if self.bit { u64::MAX } else { 0 }))
    }
}
