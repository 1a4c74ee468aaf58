//! What is printed: standard output that may close, tables, numbers.

use crate::error::CliError;
use comfy_table::{CellAlignment, ContentLineStyle, LineStyle, Table, TableStyle};
use std::io::{ErrorKind, Write};

/// Columns of a line of text.
const COLUMNS: usize = 98;
/// Columns before a paragraph's text.
const MARGIN: usize = 11;

/// Prints a text to standard output.
///
/// # Errors
/// [`CliError::BrokenPipe`] if nobody reads any more, [`CliError::Stdout`] if writing fails.
pub fn print(text: &str) -> Result<(), CliError> {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => CliError::BrokenPipe,
        _ => CliError::Stdout(error),
    })
}

/// Prints a JSON value on one line.
///
/// # Errors
/// As [`print()`].
pub fn print_json(value: &serde_json::Value) -> Result<(), CliError> {
    print(&format!("{value}\n"))
}

/// A table as text. Columns are `<` left-aligned or `>` right-aligned, as the pattern says; headings may have lines.
pub fn table(alignment: &str, headings: &[&str], rows: Vec<Vec<String>>) -> String {
    let style = TableStyle::new()
        .header_lines(ContentLineStyle::none().junction(' '))
        .header_separator(LineStyle::none().fill('-').junction(' '))
        .content_lines(ContentLineStyle::none().junction(' '));
    let mut table = Table::new();
    table.load_style(style).set_header(headings.to_vec()).add_rows(rows);
    for (index, side) in alignment.chars().enumerate() {
        if let Some(column) = table.column_mut(index) {
            column.set_padding((0, 1));
            column.set_cell_alignment(if side == '>' { CellAlignment::Right } else { CellAlignment::Left });
        }
    }
    format!("{}\n", table.trim_fmt())
}

/// A paragraph with its title in the margin, in lines of at most 98 columns.
pub fn paragraph(title: &str, words: &str) -> String {
    let mut text = String::new();
    let mut line = format!("{title:<MARGIN$}");
    for word in words.split(' ') {
        if line.chars().count() > MARGIN && line.chars().count() + word.chars().count() > COLUMNS {
            text.push_str(line.trim_end());
            text.push('\n');
            line = " ".repeat(MARGIN);
        }
        line.push_str(word);
        line.push(' ');
    }
    format!("{text}{}\n", line.trim_end())
}

/// A number with separators between thousands: 1,651,616.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count with its noun, the noun in the plural unless the count is 1.
pub fn count(number: u64, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{} {noun}{ending}", thousands(number))
}

/// A share of a whole in percent, with one decimal.
pub fn percent(part: u64, whole: u64) -> String {
    match whole {
        0 => "-".to_owned(),
        _ => format!("{:.1} %", 100.0 * part as f64 / whole as f64),
    }
}

/// An integer as JSON: a number if every reader keeps it exact, else a string, as in the file formats.
pub fn json_integer(value: i64) -> serde_json::Value {
    match value.unsigned_abs() < 1 << 53 {
        true => value.into(),
        false => value.to_string().into(),
    }
}

/// A count as JSON: a number if every reader keeps it exact, else a string, as in the file formats.
pub fn json_count(value: u64) -> serde_json::Value {
    match value < 1 << 53 {
        true => value.into(),
        false => value.to_string().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_separated_in_threes() {
        let shown: Vec<String> = [0, 12, 999, 1_000, 123_456, 1_651_616].map(thousands).into();
        assert_eq!(shown, ["0", "12", "999", "1,000", "123,456", "1,651,616"]);
    }

    #[test]
    fn paragraphs_have_a_margin_and_lines_of_98_columns() {
        let text = paragraph("title", &["1234567"; 12].join(" "));
        assert_eq!(text, format!("title      {}\n           1234567\n", ["1234567"; 11].join(" ")));
        assert_eq!(text.lines().next().map(str::len), Some(98));
    }

    #[test]
    fn integers_that_a_double_does_not_hold_are_strings() {
        let limit = (1_i64 << 53) - 1;
        assert_eq!(json_integer(-limit), serde_json::json!(-limit));
        assert_eq!(json_integer(limit + 1), serde_json::json!("9007199254740992"));
        assert_eq!(json_integer(i64::MIN), serde_json::json!("-9223372036854775808"));
    }

    #[test]
    fn tables_align_and_end_without_blanks() {
        let text =
            table("<>", &["name", "bits"], vec![vec!["a".into(), "1".into()], vec!["bc".into(), "1,000".into()]]);
        assert_eq!(text, "name   bits\n----- ------\na         1\nbc    1,000\n");
    }
}
