//! plan (stub until merged)
#![allow(missing_docs)]
use crate::values::{Shape, Width};
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepConvention {
    Nonnegative,
    Positive,
}
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    Public,
    Private,
}
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Prototype,
    Replicate { layer: usize, channel: usize },
    Linear,
}
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AffineGate {
    pub alpha: i64,
    pub beta: i64,
}
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Channel {
    pub source: Source,
    pub gate: Option<AffineGate>,
}
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanLayer {
    pub shape: Shape,
    pub gate_scale: u32,
    pub visibility: Visibility,
    pub channels: Vec<Channel>,
}
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    width: Width,
    step: StepConvention,
    layers: Vec<PlanLayer>,
}
#[derive(Debug)]
pub enum PlanError {}
impl Plan {
    pub fn new(width: Width, step: StepConvention, layers: Vec<PlanLayer>) -> Result<Plan, PlanError> {
        Ok(Plan { width, step, layers })
    }
    pub fn width(&self) -> Width {
        self.width
    }
    pub fn step(&self) -> StepConvention {
        self.step
    }
    pub fn layers(&self) -> &[PlanLayer] {
        &self.layers
    }
}
impl PlanLayer {
    pub fn gate(&self, channel: usize) -> Option<AffineGate> {
        let c = self.channels.get(channel)?;
        match c.source {
            Source::Linear => None,
            _ => Some(c.gate.unwrap_or(self.default_gate())),
        }
    }
    pub fn default_gate(&self) -> AffineGate {
        AffineGate { alpha: 1 << self.gate_scale, beta: 0 }
    }
}
