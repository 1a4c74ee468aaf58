//! Plots of costs, as SVG. [DS-COST-10]
//!
//! Backends differ by colour, marker and dashes, so that they can be told apart without colour.

mod budget;
mod fan_out;
mod rounds;
mod style;

use super::explore::{Answer, Question};
use crate::error::CliError;
use crate::worlds::World;
use clap::ValueEnum;

/// What is plotted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PlotKind {
    /// Online bits of DReLUs and products against the number of DReLUs, for plans from the smallest budget to no sharing
    Budget,
    /// Which share of an activation layer's bits the gate takes and which its elements, against fan-out
    FanOut,
    /// Online rounds under the plan and without sharing
    Rounds,
}

/// A plot that cannot be drawn.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlotError {
    /// There is nothing to show.
    #[error("{0}")]
    Empty(&'static str),
    /// The costs of a plan.
    #[error(transparent)]
    Cost(#[from] Box<CliError>),
    /// What the drawing library says.
    #[error("{0}")]
    Drawing(String),
}

/// The plot's text.
///
/// # Errors
/// [`CliError::Plot`] if there is nothing to show or drawing fails; [`CliError::Cost`] if a plan has no cost.
pub fn plot(kind: PlotKind, question: &Question, worlds: &[World], answers: &[Answer]) -> Result<String, CliError> {
    let worlds: Vec<World> = worlds.iter().filter(|world| world.has_costs).copied().collect();
    let drawn = match kind {
        PlotKind::Budget => budget::draw(question, &worlds),
        PlotKind::FanOut => fan_out::draw(question, &worlds),
        PlotKind::Rounds => rounds::draw(question, answers),
    };
    drawn.map_err(|error| match error {
        PlotError::Cost(error) => *error,
        error => CliError::Plot { network: question.place.clone(), what: error.to_string() },
    })
}
