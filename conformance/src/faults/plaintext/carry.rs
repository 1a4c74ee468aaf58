//! Mistakes in the tree of carries.

use super::Fault;
use crate::steps::{Pair, Right, Steps};

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "carry-of-lowest-position-dropped",
        mistake: "position 0 generates no carry",
        clause: "DS-CARRY-1",
        steps: &LowestDropped,
    },
    Fault {
        name: "carry-not-passed-on-at-odd-levels",
        mistake: "the p of a node is lost at every other level",
        clause: "DS-CARRY-1",
        steps: &NotPassedOn,
    },
    Fault {
        name: "carry-high-and-low-swapped",
        mistake: "a node takes the low run for the high one",
        clause: "DS-CARRY-1",
        steps: &HighAndLowSwapped,
    },
    Fault {
        name: "carry-waiting-run-lost",
        mistake: "the highest run is dropped where the number of runs is odd",
        clause: "DS-CARRY-1",
        steps: &WaitingRunLost,
    },
    Fault {
        name: "carry-both-bits-pass-on",
        mistake: "p is a or b: a run may generate and pass on, so that the xor of a node is wrong",
        clause: "DS-CARRY-1",
        steps: &BothBitsPassOn,
    },
];

struct LowestDropped;

impl Steps for LowestDropped {
    fn leaf(&self, position: usize, a: bool, b: bool) -> Pair {
        let (generate, propagate) = Right.leaf(position, a, b);
        (generate && position > 0, propagate)
    }
}

struct NotPassedOn;

impl Steps for NotPassedOn {
    fn node(&self, level: usize, high: Pair, low: Pair) -> Pair {
        let (generate, propagate) = Right.node(level, high, low);
        (generate, propagate && level.is_multiple_of(2))
    }
}

struct HighAndLowSwapped;

impl Steps for HighAndLowSwapped {
    fn node(&self, level: usize, high: Pair, low: Pair) -> Pair {
        Right.node(level, low, high)
    }
}

struct WaitingRunLost;

impl Steps for WaitingRunLost {
    fn waiting(&self, _level: usize, _pair: Pair) -> Pair {
        (false, false)
    }
}

struct BothBitsPassOn;

impl Steps for BothBitsPassOn {
    fn leaf(&self, position: usize, a: bool, b: bool) -> Pair {
        (Right.leaf(position, a, b).0, a | b)
    }
}
