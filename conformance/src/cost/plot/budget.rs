//! Online bits of DReLUs and products against the number of DReLUs.

use super::PlotError;
use super::style::{Area, FONT, Look, drawn, failed, legend, look};
use crate::cost::engine::Engine;
use crate::cost::error::CostError;
use crate::cost::explore::Question;
use crate::cost::piece::Part;
use crate::cost::plan_spec::PlanSpec;
use crate::cost::units::bits;
use crate::error::CliError;
use crate::output::thousands;
use crate::worlds::World;
use deepshare_reference::network::Network;
use deepshare_reference::plan::stage;
use deepshare_reference::values::Shape;
use plotters::element::DashedPathElement;
use plotters::prelude::*;

/// Plans between the smallest and no sharing.
const PLANS: u32 = 13;

/// A line: its backends, and (DReLUs, bits) of every plan.
struct Series {
    name: String,
    points: Vec<(f64, f64)>,
}

/// Draws it.
///
/// # Errors
/// [`PlotError`]
pub fn draw(question: &Question, worlds: &[World]) -> Result<String, PlotError> {
    let networks = plans(question)?;
    let mut series: Vec<Series> = Vec::new();
    for world in worlds {
        let points = points(question, &networks, *world)?;
        match series.iter_mut().find(|series| series.points == points) {
            Some(same) => same.name = format!("{}, {}", same.name, world.name),
            None => series.push(Series { name: world.name.to_owned(), points }),
        }
    }
    drawn(|area| chart(area, question, &series))
}

/// The network under plans of budgets in a geometric row, the last without sharing.
fn plans(question: &Question) -> Result<Vec<Network>, PlotError> {
    let cli = |error: CliError| PlotError::Cost(Box::new(error));
    let plan = question.full.plan();
    let shapes: Vec<Shape> = plan.layers().iter().map(|layer| layer.shape).collect();
    let most = plan.counts().drelus;
    let floor = stage(&shapes, plan.width(), plan.step(), Some(1)).map(|plan| plan.counts().drelus);
    let floor = floor.ok().filter(|&floor| floor > 0 && floor < most);
    let floor = floor.ok_or(PlotError::Empty("the network has no DReLUs that could be shared"))?;
    let mut networks: Vec<Network> = Vec::new();
    for step in 0..PLANS {
        let exponent = f64::from(step) / f64::from(PLANS - 1);
        let budget = rounded(floor as f64 * (most as f64 / floor as f64).powf(exponent)).clamp(floor, most);
        let spec = if step + 1 == PLANS { PlanSpec::Full } else { PlanSpec::Budget(budget) };
        let network = spec.apply(&question.full, &question.place, None).map_err(cli)?;
        let drelus = |network: &Network| network.plan().counts().drelus;
        if networks.last().is_none_or(|last| drelus(last) < drelus(&network)) {
            networks.push(network);
        }
    }
    Ok(networks)
}

/// The nearest count; plots need no more.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float to an integer saturates")]
fn rounded(value: f64) -> u64 {
    value.round() as u64
}

fn points(question: &Question, networks: &[Network], world: World) -> Result<Vec<(f64, f64)>, PlotError> {
    let failed = |source| PlotError::Cost(Box::new(CliError::Cost { network: question.place.clone(), source }));
    let mut engine = Engine::new(world);
    let mut points = Vec::new();
    for network in networks {
        let cost = engine.cost(network).map_err(failed)?.ok_or(CostError::Overflow).map_err(failed)?;
        let bits = cost.part(Part::Gates).map_err(failed)?;
        points.push((network.plan().counts().drelus as f64, bits.max(1) as f64));
    }
    Ok(points)
}

fn chart(area: &Area<'_>, question: &Question, series: &[Series]) -> Result<(), PlotError> {
    let all = || series.iter().flat_map(|series| &series.points);
    let (x, y) = (range(all().map(|point| point.0)), range(all().map(|point| point.1)));
    let title = format!(
        "{}, k = {}: what DReLUs and products cost, by number of DReLUs",
        question.place,
        question.full.width()
    );
    let mut chart = ChartBuilder::on(area)
        .caption(title, (FONT, 20))
        .margin(18)
        .margin_right(48)
        .x_label_area_size(56)
        .y_label_area_size(92)
        .build_cartesian_2d((x.0..x.1).log_scale(), (y.0..y.1).log_scale())
        .map_err(failed)?;
    chart
        .configure_mesh()
        .x_desc("DReLUs of the plan (log scale); plans of `budget`, the last without sharing")
        .y_desc("online bits of one image, both parties (log scale)")
        .x_label_formatter(&|&x| thousands(rounded(x)))
        .y_label_formatter(&|&y| bits(rounded(y)))
        .label_style((FONT, 15))
        .axis_desc_style((FONT, 16))
        .light_line_style(RGBColor(235, 235, 235))
        .bold_line_style(RGBColor(200, 200, 200))
        .draw()
        .map_err(failed)?;
    let drelus = question.shared.plan().counts().drelus as f64;
    if drelus >= x.0 && drelus <= x.1 {
        let upright = DashedLineSeries::new([(drelus, y.0), (drelus, y.1)], 2, 4, BLACK.stroke_width(1));
        let words = format!("plan {}: {} DReLUs", question.plan, thousands(rounded(drelus)));
        let line = chart.draw_series(upright).map_err(failed)?;
        line.label(words).legend(|(x, y)| DashedPathElement::new([(x, y), (x + 34, y)], 2, 4, BLACK.stroke_width(1)));
    }
    for (index, series) in series.iter().enumerate() {
        let Look { colour, dash, marker } = look(index);
        let style = colour.stroke_width(2);
        let (on, off) = (dash.0.unsigned_abs(), dash.1.unsigned_abs());
        let points = || series.points.iter().copied();
        match off {
            0 => chart.draw_series(LineSeries::new(points(), style)).map_err(failed)?,
            _ => chart.draw_series(DashedLineSeries::new(points(), on, off, style)).map_err(failed)?,
        };
        let markers =
            series.points.iter().map(|&point| EmptyElement::at(point) + Polygon::new(marker.to_vec(), colour.filled()));
        let drawn = chart.draw_series(markers).map_err(failed)?;
        drawn.label(series.name.clone()).legend(move |(x, y)| {
            EmptyElement::at((x, y))
                + DashedPathElement::new([(0, 0), (34, 0)], on, off, style)
                + Polygon::new(marker.iter().map(|(dx, dy)| (17 + dx, *dy)).collect::<Vec<_>>(), colour.filled())
        });
    }
    legend(&mut chart, SeriesLabelPosition::UpperLeft)
}

/// The powers of ten around all numbers, which a logarithmic axis labels.
fn range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = values.fold((f64::MAX, 1.0_f64), |(low, high), value| (low.min(value), high.max(value)));
    let (low, high) = (10_f64.powf(low.min(high).log10().floor()), 10_f64.powf(high.log10().ceil()));
    (low, high.max(10.0 * low))
}
