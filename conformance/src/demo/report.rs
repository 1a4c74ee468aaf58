//! The report in words.

use super::savings::OnlineBits;
use super::{Report, Row, Setup, network};
use crate::error::CliError;
use crate::models::Model;
use crate::output::{count, percent, table, thousands};
use crate::worlds::Baseline;
use std::fmt::Write;

/// What is about to be done.
pub(super) fn introduction(setup: &Setup) -> String {
    let Setup { model, network, images, worlds, seed, .. } = setup;
    let (width, input, output) = (network.width(), network.input().shape, network.output().shape.elements());
    let mut text = format!(
        "Private inference: a server has a trained network, a client has an image; the client learns the\n\
         network's output, and neither learns anything else. This demo runs it and checks every number.\n\n\
         network   {}: {} layers, from images {input} to {output} numbers (logits), one a digit;\n          \
         {}\n\
         images    {} that the network was not trained on\n\
         baseline  integer: the same computation in the clear on exact integers, checked to fit {width} bits\n\
         compared  ring: the same in the clear modulo 2^{width}\n",
        network.name(),
        network.layers().len(),
        model.description(),
        count(images.len() as u64, "handwritten digit"),
    );
    for world in worlds {
        // writing to a string cannot fail
        let _ = writeln!(text, "          {}: {}", world.name, world.description);
    }
    let _ = writeln!(text, "seed      {seed} (repeat this run with --seed)\n");
    text
}

/// What came out: the table, accuracy, and what sharing saved.
///
/// # Errors
/// What computing the costs reports.
pub(super) fn conclusion(report: &Report) -> Result<String, CliError> {
    let mut text = overflow(&report.baseline, report);
    text.push_str(&worlds_table(report));
    let images = report.setup.images.len() as u64;
    let _ = write!(
        text,
        "\naccuracy  {} of {} predictions are the label ({})\n",
        report.correct,
        images,
        percent(report.correct, images)
    );
    text.push_str(&savings(&report.setup)?);
    if report.verdict().is_ok() {
        let worlds: Vec<&str> = report.rows.iter().map(|row| row.name).collect();
        let logits = images * report.setup.network.output().shape.elements() as u64;
        let _ = writeln!(
            text,
            "result    all {} of {} equal those of the {} semantics",
            count(logits, "logit"),
            worlds.join(", "),
            report.baseline.name()
        );
    }
    Ok(text)
}

/// Why the baseline is not the integer semantics, if so.
fn overflow(baseline: &Baseline, report: &Report) -> String {
    let Some(overflow) = &baseline.overflow else { return String::new() };
    format!(
        "At width {} the integer semantics has no result:\n  image {}, {}.\n\
         So all worlds are compared with the ring semantics, which wraps around, and the accuracy is its.\n\n",
        report.setup.network.width(),
        overflow.image,
        overflow.error
    )
}

fn worlds_table(report: &Report) -> String {
    let headings = [
        "world",
        "predictions\nequal",
        "logits\nequal",
        "DReLUs\n/ image",
        "online\nbits / image",
        "online\nrounds",
        "offline\nbits / image",
        "time\ns",
    ];
    let drelus = thousands(report.counts.drelus);
    let integer = match &report.baseline.overflow {
        None => ["baseline", "baseline"],
        Some(_) => ["overflow", "overflow"],
    };
    let [predictions, logits] = integer.map(str::to_owned);
    let none = || "-".to_owned();
    let seconds = format!("{:.2}", report.baseline.integer_seconds);
    let mut rows =
        vec![vec!["integer".to_owned(), predictions, logits, drelus.clone(), none(), none(), none(), seconds]];
    rows.extend(report.rows.iter().map(|row| world_row(report, row, &drelus)));
    table("<>>>>>>>", &headings, rows)
}

fn world_row(report: &Report, row: &Row, drelus: &str) -> Vec<String> {
    let images = report.setup.images.len() as u64;
    let logits = images * report.setup.network.output().shape.elements() as u64;
    let results = &row.results;
    let cost = |number: u64| if row.has_costs { thousands(number) } else { "-".to_owned() };
    vec![
        row.name.to_owned(),
        format!("{}/{images}", images.saturating_sub(row.difference.predictions)),
        format!("{}/{logits}", logits.saturating_sub(row.difference.logits)),
        drelus.to_owned(),
        cost(results.per_image(results.online_bits)),
        cost(u64::from(results.rounds)),
        cost(results.per_image(results.offline_bits)),
        format!("{:.2}", results.seconds),
    ]
}

/// What sharing saves against the full model at the same width, and what it does not save.
fn savings(setup: &Setup) -> Result<String, CliError> {
    let bits = OnlineBits::of(&setup.network)?;
    let mut text = String::new();
    let full = network(Model::Full, Some(u64::from(setup.network.width().bits())));
    if let (false, Ok(full)) = (setup.model == Model::Full, full) {
        let before = OnlineBits::of(&full)?;
        let (drelus, drelus_before) = (setup.network.plan().counts().drelus, full.plan().counts().drelus);
        let _ = writeln!(
            text,
            "saved     {} DReLUs an image instead of {} of the full model, and so {} online bits instead of\n          \
             {} ({} fewer; gmw)",
            thousands(drelus),
            thousands(drelus_before),
            thousands(bits.total),
            thousands(before.total),
            percent(before.total.saturating_sub(bits.total), before.total),
        );
    }
    let part = |part: u64| percent(part, bits.total);
    let _ = writeln!(
        text,
        "bits      of these {} online bits, truncation takes {}, DReLUs {}, multiplying by them {},\n          \
         linear layers {}, input and output {} (gmw)",
        thousands(bits.total),
        part(bits.truncation),
        part(bits.drelu),
        part(bits.gating),
        part(bits.linear),
        part(bits.transfer)
    );
    Ok(text)
}
