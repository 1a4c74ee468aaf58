//! How backends look, and what all plots share.

use super::PlotError;
use plotters::coord::{CoordTranslate, Shift};
use plotters::prelude::*;

/// The size of a plot in pixels.
pub const SIZE: (u32, u32) = (960, 600);
/// The font of all texts.
pub const FONT: &str = "sans-serif";

/// A drawing area in a text.
pub type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// How one series looks.
#[derive(Clone, Copy)]
pub struct Look {
    /// Its colour, of a palette that stays apart for colour-blind readers (Okabe and Ito).
    pub colour: RGBColor,
    /// Pixels of a dash and of the gap after it; no gap for a solid line.
    pub dash: (i32, i32),
    /// The corners of its marker around a point, in pixels.
    pub marker: &'static [(i32, i32)],
}

const SQUARE: &[(i32, i32)] = &[(-4, -4), (4, -4), (4, 4), (-4, 4)];
const TRIANGLE: &[(i32, i32)] = &[(0, -6), (6, 5), (-6, 5)];
const DIAMOND: &[(i32, i32)] = &[(0, -6), (6, 0), (0, 6), (-6, 0)];
const DOWN: &[(i32, i32)] = &[(0, 6), (6, -5), (-6, -5)];
const BAR: &[(i32, i32)] = &[(-6, -2), (6, -2), (6, 2), (-6, 2)];
const POST: &[(i32, i32)] = &[(-2, -6), (2, -6), (2, 6), (-2, 6)];

const LOOKS: [Look; 6] = [
    Look { colour: RGBColor(0, 114, 178), dash: (1, 0), marker: SQUARE },
    Look { colour: RGBColor(213, 94, 0), dash: (9, 5), marker: TRIANGLE },
    Look { colour: RGBColor(0, 158, 115), dash: (3, 4), marker: DIAMOND },
    Look { colour: RGBColor(204, 121, 167), dash: (14, 4), marker: DOWN },
    Look { colour: RGBColor(86, 86, 86), dash: (6, 3), marker: BAR },
    Look { colour: RGBColor(230, 159, 0), dash: (2, 7), marker: POST },
];

/// The look of series number `index`.
pub fn look(index: usize) -> Look {
    let [first, ..] = LOOKS;
    LOOKS.into_iter().cycle().nth(index % LOOKS.len()).unwrap_or(first)
}

/// The error of the drawing library as ours.
pub fn failed<E: std::error::Error + Send + Sync>(error: DrawingAreaErrorKind<E>) -> PlotError {
    PlotError::Drawing(error.to_string())
}

/// Draws on a white area of [`SIZE`] and gives the text.
pub fn drawn(draw: impl FnOnce(&Area<'_>) -> Result<(), PlotError>) -> Result<String, PlotError> {
    let mut text = String::new();
    {
        let area = SVGBackend::with_string(&mut text, SIZE).into_drawing_area();
        area.fill(&WHITE).map_err(failed)?;
        draw(&area)?;
        area.present().map_err(failed)?;
    }
    Ok(text)
}

/// The legend of all series that have labels, in a corner.
///
/// # Errors
/// [`PlotError::Drawing`] if it cannot be drawn.
pub fn legend<'a, C: CoordTranslate>(
    chart: &mut ChartContext<'a, SVGBackend<'a>, C>,
    position: SeriesLabelPosition,
) -> Result<(), PlotError> {
    let mut labels = chart.configure_series_labels();
    labels.position(position).legend_area_size(46).margin(14).label_font((FONT, 16));
    labels.background_style(WHITE.mix(0.9)).border_style(RGBColor(150, 150, 150)).draw().map_err(failed)
}
