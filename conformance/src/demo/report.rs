//! The report in words.

use super::savings::OnlineBits;
use super::{Report, Row, Setup, network, verdict};
use crate::error::CliError;
use crate::models::Model;
use crate::output::{count, paragraph, percent, table, thousands};
use crate::worlds::Baseline;

/// What is about to be done.
pub(super) fn introduction(setup: &Setup) -> String {
    let Setup { model, network, images, worlds, seed, .. } = setup;
    let (width, input, output) = (network.width(), network.input().shape, network.output().shape.elements());
    let mut text = String::from(
        "Private inference: a server has a trained network, a client has an image; the client is to learn\n\
         the network's output, and neither anything else. Here all parties run in one process, and every\n\
         number that comes out is compared with the same computation in the clear.\n\n",
    );
    let (name, layers) = (network.name(), network.layers().len());
    let description = model.description();
    text.push_str(&paragraph(
        "network",
        &format!(
            "{name}: {layers} layers, from images {input} to {output} numbers (logits), one a digit; {description}"
        ),
    ));
    let number = count(images.len() as u64, "handwritten digit");
    text.push_str(&paragraph("images", &format!("{number} that the network was not trained on")));
    let baseline = format!("the computation in the clear, on exact integers that are checked to fit {width} bits");
    text.push_str(&paragraph("integer", &baseline));
    text.push_str(&paragraph("ring", &format!("the computation in the clear, modulo 2^{width}")));
    for (world, count) in worlds {
        let few = match world.demo_images {
            Some(_) if *count < images.len() => format!("; slow, so on {count} images only"),
            Some(few) if *count > few => "; slow, seconds an image; --images N takes fewer".to_owned(),
            _ => String::new(),
        };
        text.push_str(&paragraph(world.name, &format!("{}{few}", world.description)));
    }
    text.push_str(&paragraph("seed", &format!("{seed} (--seed repeats it)")));
    text.push('\n');
    text
}

/// What came out: the table, accuracy, and what sharing saved.
///
/// # Errors
/// What computing the costs reports.
pub(super) fn conclusion(report: &Report) -> Result<String, CliError> {
    let images = report.setup.images.len() as u64;
    let accuracy =
        format!("{} of {images} predictions are the label ({})", report.correct, percent(report.correct, images));
    let mut text = overflow(&report.baseline, report) + &worlds_table(report) + "\n";
    text.push_str(&paragraph("accuracy", &accuracy));
    text.push_str(&session_line(report));
    if report.rows.iter().any(|row| row.name == "gmw") {
        text.push_str(&savings(&report.setup)?); // its figures are those of gmw
    }
    if verdict(&report.baseline, &report.rows).is_ok() {
        let outputs = report.setup.network.output().shape.elements();
        let logits = |row: &Row| format!("{} of {}", thousands((row.images * outputs) as u64), row.name);
        let logits: Vec<String> = report.rows.iter().map(logits).collect();
        let (logits, baseline) = (logits.join(", "), report.baseline.name());
        let all = format!("all logits, {logits}, are equal to those of the {baseline} semantics");
        text.push_str(&paragraph("result", &all));
    }
    Ok(text)
}

/// Why the baseline is not the integer semantics, if so.
fn overflow(baseline: &Baseline, report: &Report) -> String {
    let Some(overflow) = &baseline.overflow else { return String::new() };
    format!(
        "At width {} the integer semantics has no result; the first value that does not fit:\n  image {}, {}\n\
         So all worlds are compared with the ring semantics, which wraps around; so is the accuracy.\n\n",
        report.setup.network.width(),
        overflow.image,
        overflow.error
    )
}

/// What sessions cost once.
fn session_line(report: &Report) -> String {
    let worlds = report.rows.iter().filter_map(|row| row.world.map(|world| (world, row)));
    let costs = worlds
        .filter(|(world, _)| world.has_costs)
        .map(|(world, row)| format!("{} for {} ({})", thousands(row.results.session_bits), world.session, world.name));
    let costs: Vec<String> = costs.collect();
    match costs.is_empty() {
        true => String::new(),
        false => paragraph("session", &format!("bits once a session, however many images: {}", costs.join("; "))),
    }
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
    let images = row.images as u64;
    let logits = images * report.setup.network.output().shape.elements() as u64;
    let results = &row.results;
    let cost = |number: u64| if row.has_costs() { thousands(number) } else { "-".to_owned() };
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
        let [drelus, drelus_before] = [&setup.network, &full].map(|network| thousands(network.plan().counts().drelus));
        let (online, online_before) = (thousands(bits.total), thousands(before.total));
        let fewer = percent(before.total.saturating_sub(bits.total), before.total);
        let share = percent(before.drelu, before.total);
        let words = format!(
            "{drelus} DReLUs an image instead of {drelus_before} in the full model, and so {online} online bits (gmw) \
             instead of {online_before}: {fewer} less; computing DReLUs is {share} of the full model's online bits, \
             the rest is spent on products, truncations and linear layers"
        );
        text.push_str(&paragraph("saved", &words));
    }
    let [truncation, drelu, gating, linear, transfer] =
        [bits.truncation, bits.drelu, bits.gating, bits.linear, bits.transfer].map(|part| percent(part, bits.total));
    let words = format!(
        "of the {} online bits (gmw), truncations take {truncation}, DReLUs {drelu}, multiplying by DReLUs {gating}, \
         linear layers {linear}, input and output {transfer}",
        thousands(bits.total)
    );
    text.push_str(&paragraph("spent", &words));
    Ok(text)
}
