//! Which share of an activation layer's bits the gate takes and which its elements, against fan-out: a panel a backend.

use super::PlotError;
use super::style::{Area, FONT, drawn, failed};
use crate::cost::engine::Engine;
use crate::cost::error::CostError;
use crate::cost::explore::Question;
use crate::cost::piece::Piece;
use crate::error::CliError;
use crate::output::thousands;
use crate::worlds::World;
use deepshare_reference::plan::{Grouping, groups};
use deepshare_reference::values::{Shape, Width};
use plotters::prelude::*;

/// The largest fan-out that is shown.
const MOST: usize = 64;
/// Rows and columns of the layer: enough lanes that no OT is lost to padding.
const SIDE: usize = 8;

const GATE: RGBColor = RGBColor(0, 114, 178);
const ELEMENTS: RGBColor = RGBColor(240, 200, 120);

/// A backend's bits of a gate by itself, and of each element that it serves.
struct Shares {
    name: String,
    gate: f64,
    element: f64,
}

impl Shares {
    /// The gate's percentage at a fan-out.
    fn gate_percent(&self, fan_out: usize) -> f64 {
        let elements = fan_out as f64 * self.element;
        100.0 * self.gate / (self.gate + elements).max(f64::MIN_POSITIVE)
    }
}

/// Draws it.
///
/// # Errors
/// [`PlotError`]
pub fn draw(question: &Question, worlds: &[World]) -> Result<String, PlotError> {
    let failed = |source| PlotError::Cost(Box::new(CliError::Cost { network: question.place.clone(), source }));
    let width = question.shared.width();
    let mut panels: Vec<Shares> = Vec::new();
    for world in worlds {
        let shares = shares(*world, width).map_err(failed)?;
        let equal = |other: &&mut Shares| (other.gate, other.element) == (shares.gate, shares.element);
        match panels.iter_mut().find(equal) {
            Some(same) => same.name = format!("{}, {}", same.name, shares.name),
            None => panels.push(shares),
        }
    }
    if panels.is_empty() {
        return Err(PlotError::Empty("no backend was chosen that has costs"));
    }
    drawn(|area| draw_panels(area, question, &panels))
}

/// An element is what one more replicate costs; the gate is what a layer of one element costs beyond its element.
fn shares(world: World, width: Width) -> Result<Shares, CostError> {
    let mut engine = Engine::new(world);
    let mut cost = |fan_out: usize| -> Result<f64, CostError> {
        let shape = Shape::new(fan_out, SIDE, SIDE).map_err(super::super::piece::PieceError::from)?;
        let nonnegative = deepshare_reference::plan::StepConvention::Nonnegative;
        let plan = groups(&[shape], width, nonnegative, Grouping::Modulo { prototypes: 1 });
        let plan = plan.map_err(|_| CostError::Overflow)?;
        Ok(engine.online_bits(width, &Piece::Activation { plan })? as f64)
    };
    let (one, two) = (cost(1)?, cost(2)?);
    Ok(Shares { name: world.name.to_owned(), gate: (2.0 * one - two).max(0.0), element: two - one })
}

fn draw_panels(area: &Area<'_>, question: &Question, shares: &[Shares]) -> Result<(), PlotError> {
    let (width, mean) = (question.shared.width(), mean_fan_out(question));
    let mean = mean.map(|mean| format!("; dashed: plan {}, {mean:.2} elements a gate", question.plan));
    let title =
        format!("Online bits of an activation layer at k = {width}: gates and elements{}", mean.unwrap_or_default());
    let area = area.margin(10, 0, 0, 0);
    let area = area.titled(&title, (FONT, 20)).map_err(failed)?;
    let columns = if shares.len() > 3 { 3 } else { shares.len() };
    for (panel, shares) in area.split_evenly((shares.len().div_ceil(columns), columns)).iter().zip(shares) {
        draw_panel(panel, question, shares)?;
    }
    Ok(())
}

/// The mean fan-out of the plan, if it has gates and the axis reaches so far.
fn mean_fan_out(question: &Question) -> Option<f64> {
    let counts = question.shared.plan().counts();
    let mean = counts.multiplexed as f64 / counts.drelus.max(1) as f64;
    Some(mean).filter(|mean| counts.drelus > 0 && *mean <= MOST as f64)
}

fn draw_panel(area: &Area<'_>, question: &Question, shares: &Shares) -> Result<(), PlotError> {
    let per = (SIDE * SIDE) as f64;
    let title = format!(
        "{}: gate {} bit, element {} bit",
        shares.name,
        thousands_f(shares.gate / per),
        thousands_f(shares.element / per)
    );
    let mut chart = ChartBuilder::on(area)
        .caption(title, (FONT, 16))
        .margin(10)
        .x_label_area_size(52)
        .y_label_area_size(62)
        .build_cartesian_2d((1.0..MOST as f64).log_scale().base(2.0), 0.0..100.0)
        .map_err(failed)?;
    let line: Vec<(f64, f64)> = (1..=MOST).map(|n| (n as f64, shares.gate_percent(n))).collect();
    let whole = line.iter().map(|&(n, _)| (n, 100.0));
    chart.draw_series(AreaSeries::new(whole, 0.0, ELEMENTS.filled())).map_err(failed)?;
    let gate = AreaSeries::new(line.iter().copied(), 0.0, GATE.filled());
    chart.draw_series(gate.border_style(BLACK.stroke_width(2))).map_err(failed)?;
    if let Some(mean) = mean_fan_out(question) {
        let upright = DashedLineSeries::new([(mean, 0.0), (mean, 100.0)], 4, 4, BLACK.stroke_width(1));
        chart.draw_series(upright).map_err(failed)?;
    }
    chart
        .configure_mesh()
        .disable_mesh()
        .x_desc("elements that a gate serves (log scale)")
        .y_desc("share of online bits in %")
        .x_label_formatter(&|&n| thousands_f(n))
        .y_label_formatter(&|&percent| thousands_f(percent))
        .y_labels(6)
        .label_style((FONT, 14))
        .axis_desc_style((FONT, 14))
        .draw()
        .map_err(failed)?;
    let word = |text: &'static str, at: (f64, f64), colour: RGBColor| {
        Text::new(text, at, (FONT, 15).into_font().color(&colour))
    };
    let low = shares.gate_percent(1) > 12.0;
    let gate_at = if low { (1.1, shares.gate_percent(1).min(12.0) / 1.5) } else { (1.1, 8.0) };
    chart.draw_series([word("gate: the DReLU", gate_at, WHITE)]).map_err(failed)?;
    chart.draw_series([word("elements: products", (8.0, 96.0), BLACK)]).map_err(failed)?;
    Ok(())
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float to an integer saturates")]
fn thousands_f(value: f64) -> String {
    thousands(value.round() as u64)
}
