//! The explorer's answer in words and tables.

use super::engine::NetworkCost;
use super::explore::{Answer, Question};
use super::piece::Part;
use super::systems::SYSTEMS;
use super::units::{bits, seconds};
use crate::error::CliError;
use crate::output::{count, paragraph, percent, table, thousands};
use deepshare_reference::plan::Counts;

/// The whole report.
///
/// # Errors
/// [`CliError::Cost`] if a sum does not fit 64 bits.
pub fn report(question: &Question, answers: &[Answer]) -> Result<String, CliError> {
    let failed = |source| CliError::Cost { network: question.place.clone(), source };
    let mut online = Vec::new();
    let mut before = Vec::new();
    for answer in answers {
        online.extend(online_rows(question, answer).map_err(failed)?);
        before.extend(before_rows(question, answer).map_err(failed)?);
    }
    let headings = [
        "backend",
        "plan",
        "DReLUs and\nproducts",
        "private\ngates",
        "trunca-\ntions",
        "linear\nlayers",
        "input,\noutput",
        "online,\ntogether",
        "rounds",
        "time, at\nleast",
    ];
    let before_headings =
        ["backend", "plan", "offline\n(dealer)", "once a\nsession", "private gates everywhere\nwould add, online"];
    Ok(format!(
        "{}\n{}\n{}\n{}",
        answer(question),
        table("<<>>>>>>>>", &headings, online),
        table("<<>>>", &before_headings, before),
        systems(question)
    ))
}

/// The first lines: what the plan shares.
fn answer(question: &Question) -> String {
    let (shared, full) = (question.shared.plan().counts(), question.full.plan().counts());
    let plan = question.shared.plan();
    let products = match shared.drelus {
        0 => "nothing is multiplied by a DReLU".to_owned(),
        drelus => format!(
            "{} products: a DReLU serves {:.2} elements on average, {} at most",
            thousands(shared.multiplexed),
            shared.multiplexed as f64 / drelus as f64,
            thousands(plan.fan_outs().into_values().max().unwrap_or(0))
        ),
    };
    let linear = match shared.linear {
        0 => String::new(),
        linear => format!("; {} have none", count(linear, "element")),
    };
    [
        paragraph(
            "network",
            &format!(
                "{}: {}, {}, ring width {} bits",
                question.place,
                count(full.baseline, "ReLU"),
                count(plan.layers().len() as u64, "activation layer"),
                plan.width()
            ),
        ),
        paragraph(
            "plan",
            &format!(
                "{}: {} of {} ({}), {products}{linear}",
                question.plan,
                count(shared.drelus, "DReLU"),
                thousands(shared.baseline),
                percent(shared.drelus, shared.baseline)
            ),
        ),
        paragraph(
            "costs",
            "payload bits of one image, all senders together, by running the party programs over shapes; \
            `full` is the same network without sharing",
        ),
        paragraph(
            "time",
            &format!(
                "rounds x latency + bits / bandwidth on the line `{}` ({}); computation is not counted",
                question.link.name,
                question.link.words()
            ),
        ),
    ]
    .concat()
}

type Rows = Result<Vec<Vec<String>>, super::error::CostError>;

fn online_rows(question: &Question, answer: &Answer) -> Rows {
    let row = |name: String, plan: String, cost: &NetworkCost| -> Result<Vec<String>, super::error::CostError> {
        let online = cost.online()?.bits()?;
        let mut row = vec![name, plan];
        for part in Part::ALL {
            row.push(bits(cost.part(part)?));
        }
        let time = question.link.seconds(cost.rounds.online, online);
        row.extend([bits(online), thousands(u64::from(cost.rounds.online)), seconds(time)]);
        Ok(row)
    };
    let mut saved = vec![String::new(), "saved".to_owned()];
    for part in Part::ALL {
        saved.push(less(answer.shared.part(part)?, answer.full.part(part)?));
    }
    let (shared, full) = (answer.shared.online()?.bits()?, answer.full.online()?.bits()?);
    let time = |cost: &NetworkCost, bits| question.link.seconds(cost.rounds.online, bits);
    saved.extend([
        less(shared, full),
        less(answer.shared.rounds.online.into(), answer.full.rounds.online.into()),
        less_f(time(&answer.shared, shared), time(&answer.full, full)),
    ]);
    Ok(vec![
        row(answer.world.to_owned(), question.plan_word(), &answer.shared)?,
        row(String::new(), "full".to_owned(), &answer.full)?,
        saved,
    ])
}

fn before_rows(question: &Question, answer: &Answer) -> Rows {
    let added = answer.private.part(Part::Affine)?;
    let row =
        |name: &str, plan: String, cost: &NetworkCost, added: String| -> Result<Vec<String>, super::error::CostError> {
            Ok(vec![name.to_owned(), plan, bits(cost.offline()?.bits()?), bits(cost.session.bits()?), added])
        };
    Ok(vec![
        row(answer.world, question.plan_word(), &answer.shared, bits(added))?,
        row("", "full".to_owned(), &answer.full, String::new())?,
    ])
}

/// How much less `part` is than `whole`, in percent.
fn less(part: u64, whole: u64) -> String {
    less_f(part as f64, whole as f64)
}

fn less_f(part: f64, whole: f64) -> String {
    match whole {
        0.0 => "-".to_owned(),
        _ => format!("{:.1} %", 100.0 - 100.0 * part / whole).replace("-0.0 %", "0.0 %"),
    }
}

/// What other systems send for the same counts.
fn systems(question: &Question) -> String {
    let width = question.shared.width().bits();
    let (shared, full) = (question.shared.plan().counts(), question.full.plan().counts());
    let show = |counts: &Counts, system: &super::systems::System| system.bits(counts).map_or("-".to_owned(), bits);
    let rows = SYSTEMS.iter().map(|system| {
        let of_one = [system.drelu, system.product, system.replicate].map(thousands);
        let [drelu, product, replicate] = of_one;
        let (name, setting, source) = (system.name.to_owned(), system.setting.to_owned(), system.source.to_owned());
        vec![name, setting, drelu, product, replicate, show(&shared, system), show(&full, system), source]
    });
    let note = match width {
        64 => "DReLUs and products online for the same counts, k = 64, by these sources' figures".to_owned(),
        _ => format!(
            "DReLUs and products online for the same counts, by these sources' figures at k = 64; the network's width is \
             {width} bits, so they do not compare with the table above"
        ),
    };
    let plan = question.plan_word();
    let headings = ["system", "setting", "a\nDReLU", "its\nproduct", "repli-\ncate's", &plan, "full", "source"];
    format!("{}\n{}", paragraph("others", &note), table("<<>>>>><", &headings, rows.collect()))
}

impl Question {
    /// The plan's name in a table: a file is called `plan`.
    pub fn plan_word(&self) -> String {
        let long = self.plan.chars().count() > 14 || self.plan.contains(['.', '/', '\\']) || self.plan == "full";
        if long { "plan".to_owned() } else { self.plan.clone() }
    }
}
