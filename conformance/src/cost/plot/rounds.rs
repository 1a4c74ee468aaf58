//! Online rounds under the plan and without sharing, two bars a backend.

use super::PlotError;
use super::style::{Area, FONT, drawn, failed, legend};
use crate::cost::explore::{Answer, Question};
use crate::output::thousands;
use plotters::prelude::*;

const PLAN: RGBColor = RGBColor(0, 114, 178);

/// Draws it.
///
/// # Errors
/// [`PlotError`]
pub fn draw(question: &Question, answers: &[Answer]) -> Result<String, PlotError> {
    if answers.is_empty() {
        return Err(PlotError::Empty("no backend was chosen that has costs"));
    }
    drawn(|area| chart(area, question, answers))
}

fn chart(area: &Area<'_>, question: &Question, answers: &[Answer]) -> Result<(), PlotError> {
    let most =
        answers.iter().map(|answer| answer.full.rounds.online.max(answer.shared.rounds.online)).max().unwrap_or(1);
    let title = format!("{}, plan {}, k = {}: online rounds", question.place, question.plan, question.full.width());
    let mut chart = ChartBuilder::on(area)
        .caption(title, (FONT, 20))
        .margin(18)
        .x_label_area_size(56)
        .y_label_area_size(80)
        .build_cartesian_2d(0.0..answers.len() as f64, 0.0..f64::from(most.max(1)) * 1.25)
        .map_err(failed)?;
    let name = |x: &f64| -> String {
        let middle = (x.fract() - 0.5).abs() < 1e-6;
        let backend = answers.iter().enumerate().find(|(index, _)| middle && (*index as f64 + 0.5 - x).abs() < 1e-6);
        backend.map(|(_, answer)| answer.world.to_owned()).unwrap_or_default()
    };
    chart
        .configure_mesh()
        .disable_x_mesh()
        .x_desc("backend")
        .y_desc("rounds: messages in the longest chain")
        .x_labels(2 * answers.len() + 1)
        .x_label_formatter(&name)
        .y_label_formatter(&|y| format!("{y:.0}"))
        .label_style((FONT, 16))
        .axis_desc_style((FONT, 16))
        .light_line_style(WHITE)
        .draw()
        .map_err(failed)?;
    for (filled, offset) in [(true, 0.18), (false, 0.52)] {
        let bars = answers.iter().enumerate().map(|(index, answer)| {
            let rounds = if filled { answer.shared.rounds.online } else { answer.full.rounds.online };
            let left = index as f64 + offset;
            (left, left + 0.3, rounds)
        });
        let bars: Vec<(f64, f64, u32)> = bars.collect();
        let style = if filled { PLAN.filled() } else { BLACK.stroke_width(2) };
        let boxes =
            bars.iter().map(|&(left, right, rounds)| Rectangle::new([(left, 0.0), (right, f64::from(rounds))], style));
        let words = if filled { format!("plan {}", question.plan) } else { "without sharing".to_owned() };
        let drawn = chart.draw_series(boxes).map_err(failed)?;
        drawn.label(words).legend(move |(x, y)| Rectangle::new([(x + 6, y - 7), (x + 30, y + 7)], style));
        let numbers = bars.iter().map(|&(left, _, rounds)| {
            let height = f64::from(rounds) + f64::from(most) * 0.05;
            Text::new(thousands(u64::from(rounds)), (left + 0.02, height), (FONT, 15))
        });
        chart.draw_series(numbers).map_err(failed)?;
    }
    legend(&mut chart, SeriesLabelPosition::UpperRight)
}
