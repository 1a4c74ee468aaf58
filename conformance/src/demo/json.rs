//! The report as JSON; its schema is `spec/schema/demo.schema.json`.

use super::{Report, Row};
use crate::worlds::Overflow;
use deepshare_reference::network::semantics::SemanticsError;
use serde_json::{Value, json};

/// The whole report.
pub fn object(report: &Report) -> Value {
    let Report { setup, counts, baseline, correct, rows } = report;
    json!({
        "images": setup.images.len(),
        "width": setup.network.width().bits(),
        "model": {
            "name": setup.network.name(),
            "drelus": counts.drelus,
            "baseline_drelus": counts.baseline,
            "multiplexed": counts.multiplexed,
        },
        "baseline": baseline.name(),
        "overflow": baseline.overflow.as_ref().map(overflow),
        "seed": setup.seed.to_string(),
        "accuracy": *correct as f64 / setup.images.len() as f64,
        "worlds": rows.iter().map(world).collect::<Vec<Value>>(),
    })
}

fn world(row: &Row) -> Value {
    row.results.json(row.name, row.difference)
}

/// The place of the first value that does not fit.
pub fn overflow(Overflow { image, error }: &Overflow) -> Value {
    match error {
        SemanticsError::Overflow { layer, checkpoint, channel, row, column, value, .. } => json!({
            "image": image, "layer": layer, "checkpoint": format!("{checkpoint:?}").to_lowercase(),
            "channel": channel, "row": row, "column": column, "value": value,
        }),
        SemanticsError::Parameter { layer, what, index, value, .. } => json!({
            "image": image, "layer": layer, "checkpoint": "parameter",
            "list": what, "index": index, "value": value.to_string(),
        }),
        other => json!({ "image": image, "message": other.to_string() }),
    }
}
