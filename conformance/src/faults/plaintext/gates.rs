//! Mistakes in step bits, affine gates and truncation.

use super::Fault;
use crate::steps::{Meaning, Right, Steps};
use crate::vectors::types::Semantics;
use deepshare_reference::plan::AffineGate;
use deepshare_reference::plan::StepConvention::{self, Nonnegative, Positive};
use deepshare_reference::values::ValueError;

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "bit-of-zero",
        mistake: "the DReLU of 0 is 0 under `nonnegative`",
        clause: "DS-DRELU-1",
        steps: &BitOfZero,
    },
    Fault {
        name: "bit-of-the-minimum",
        mistake: "the DReLU of -2^(k-1) is 1: the comparison with 2^(k-1) is not strict",
        clause: "DS-DRELU-1",
        steps: &BitOfTheMinimum,
    },
    Fault {
        name: "positive-as-nonnegative",
        mistake: "`positive` is computed as `nonnegative`",
        clause: "DS-DRELU-2",
        steps: &PositiveAsNonnegative,
    },
    Fault {
        name: "positive-without-wrap",
        mistake: "under `positive` the ring's bit of -2^(k-1) is 0: x > 0 instead of x - 1 >= 0",
        clause: "DS-DRELU-2",
        steps: &PositiveWithoutWrap,
    },
    Fault {
        name: "step-checkpoint-missing",
        mistake: "on integers x - 1 is not checked under `positive`",
        clause: "DS-DRELU-3",
        steps: &StepCheckpointMissing,
    },
    Fault { name: "beta-dropped", mistake: "a gate gives alpha d x", clause: "DS-GATE-2", steps: &BetaDropped },
    Fault {
        name: "alpha-and-beta-swapped",
        mistake: "a gate gives (beta d + alpha) x",
        clause: "DS-GATE-2",
        steps: &AlphaAndBetaSwapped,
    },
    Fault {
        name: "gate-term-checked",
        mistake: "on integers alpha d x is checked, not only y",
        clause: "DS-GATE-2",
        steps: &GateTermChecked,
    },
    Fault {
        name: "gate-factor-checked",
        mistake: "on integers alpha d + beta is checked, not only y",
        clause: "DS-GATE-2",
        steps: &GateFactorChecked,
    },
    Fault {
        name: "truncation-toward-zero",
        mistake: "negative quotients are rounded towards zero",
        clause: "DS-TRUNC-1",
        steps: &TowardZero,
    },
    Fault {
        name: "truncation-to-nearest",
        mistake: "quotients are rounded to the nearest integer",
        clause: "DS-TRUNC-1",
        steps: &ToNearest,
    },
    Fault {
        name: "truncation-loses-sign",
        mistake: "the representative is shifted, zeros come in",
        clause: "DS-TRUNC-1",
        steps: &LosesSign,
    },
    Fault {
        name: "truncation-of-shares",
        mistake: "each share is shifted by itself, so the result may be one off, or far off",
        clause: "DS-TRUNC-1",
        steps: &OfShares,
    },
    Fault {
        name: "truncation-by-k-accepted",
        mistake: "a shift by the whole width is taken",
        clause: "DS-TRUNC-1",
        steps: &ByKAccepted,
    },
];

struct BitOfZero;

impl Steps for BitOfZero {
    fn drelu(&self, on: Meaning, step: StepConvention, x: i64) -> Result<bool, ValueError> {
        Ok(Right.drelu(on, step, x)? && x != 0)
    }
}

struct BitOfTheMinimum;

impl Steps for BitOfTheMinimum {
    fn drelu(&self, on: Meaning, step: StepConvention, x: i64) -> Result<bool, ValueError> {
        Ok(Right.drelu(on, step, x)? || x == on.width.min_value())
    }
}

struct PositiveAsNonnegative;

impl Steps for PositiveAsNonnegative {
    fn drelu(&self, on: Meaning, _step: StepConvention, x: i64) -> Result<bool, ValueError> {
        Right.drelu(on, Nonnegative, x)
    }
}

struct PositiveWithoutWrap;

impl Steps for PositiveWithoutWrap {
    fn drelu(&self, on: Meaning, step: StepConvention, x: i64) -> Result<bool, ValueError> {
        match (on.semantics, step) {
            (Semantics::Ring, Positive) => Ok(on.width.decode(on.element(x)) > 0),
            _ => Right.drelu(on, step, x),
        }
    }
}

struct StepCheckpointMissing;

impl Steps for StepCheckpointMissing {
    fn drelu(&self, on: Meaning, step: StepConvention, x: i64) -> Result<bool, ValueError> {
        Right.drelu(on, step, x).or(Ok(x > 0))
    }
}

struct BetaDropped;

impl Steps for BetaDropped {
    fn affine(&self, on: Meaning, gate: AffineGate, bit: bool, x: i64) -> Result<i64, ValueError> {
        // a linear channel is no gate: it has no alpha
        let beta = if gate.alpha == 0 { gate.beta } else { 0 };
        Right.affine(on, AffineGate { beta, ..gate }, bit, x)
    }
}

struct AlphaAndBetaSwapped;

impl Steps for AlphaAndBetaSwapped {
    fn affine(
        &self,
        on: Meaning,
        AffineGate { alpha, beta }: AffineGate,
        bit: bool,
        x: i64,
    ) -> Result<i64, ValueError> {
        Right.affine(on, AffineGate { alpha: beta, beta: alpha }, bit, x)
    }
}

struct GateTermChecked;

impl Steps for GateTermChecked {
    fn affine(&self, on: Meaning, gate: AffineGate, bit: bool, x: i64) -> Result<i64, ValueError> {
        Right.affine(on, AffineGate { beta: 0, ..gate }, bit, x)?;
        Right.affine(on, gate, bit, x)
    }
}

struct GateFactorChecked;

impl Steps for GateFactorChecked {
    fn affine(&self, on: Meaning, gate: AffineGate, bit: bool, x: i64) -> Result<i64, ValueError> {
        Right.affine(on, gate, bit, 1)?;
        Right.affine(on, gate, bit, x)
    }
}

struct TowardZero;

impl Steps for TowardZero {
    fn truncate(&self, on: Meaning, x: i64, shift: u32) -> Result<i64, ValueError> {
        let down = Right.truncate(on, x, shift)?;
        let exact = down.wrapping_shl(shift) == on.width.decode(on.element(x));
        Ok(if down < 0 && !exact { down + 1 } else { down })
    }
}

struct ToNearest;

impl Steps for ToNearest {
    fn truncate(&self, on: Meaning, x: i64, shift: u32) -> Result<i64, ValueError> {
        let down = Right.truncate(on, x, shift)?;
        let half = shift > 0 && x >> (shift - 1) & 1 == 1;
        Ok(down + i64::from(half))
    }
}

struct LosesSign;

impl Steps for LosesSign {
    fn truncate(&self, on: Meaning, x: i64, shift: u32) -> Result<i64, ValueError> {
        Right.truncate(on, x, shift)?;
        Ok(on.width.decode(on.element(x) >> shift))
    }
}

struct OfShares;

impl Steps for OfShares {
    fn truncate(&self, on: Meaning, x: i64, shift: u32) -> Result<i64, ValueError> {
        Right.truncate(on, x, shift)?;
        let server = on.width.reduce(on.element(x).wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let client = on.width.reduce(on.element(x).wrapping_sub(server));
        let shifted = |share: u64| on.element(on.width.decode(share) >> shift);
        Ok(on.width.decode(on.width.reduce(shifted(server).wrapping_add(shifted(client)))))
    }
}

struct ByKAccepted;

impl Steps for ByKAccepted {
    fn truncate(&self, on: Meaning, x: i64, shift: u32) -> Result<i64, ValueError> {
        match Right.truncate(on, x, shift) {
            Err(_) if shift == on.width.bits() => Ok(if x < 0 { -1 } else { 0 }),
            other => other,
        }
    }
}
