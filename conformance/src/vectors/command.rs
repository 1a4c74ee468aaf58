//! `deepshare vectors`: generation, replay, and the matrix of faults.

use super::case::Level;
use super::check::{Replay, Tally, replay};
use super::generate::{generate, write};
use super::kill_matrix::{Row, matrix};
use super::release;
use crate::error::CliError;
use crate::output::{count, print, print_json, table, thousands};
use crate::worlds::progress;
use clap::{Args, Subcommand};
use serde_json::json;
use std::path::PathBuf;
use std::time::Instant;

/// The vectors of this specification's current version, seen from the project's top folder.
pub const VECTORS: &str = "conformance/vectors/v1";
const CASES: &str = "conformance/cases";

/// What to do with vectors.
#[derive(Debug, Subcommand)]
pub enum VectorsCommand {
    /// Compute a release from the hand-owned cases; the same cases always give the same bytes
    Generate(GenerateArgs),
    /// Check a release, and replay every case through the reference
    Check(CheckArgs),
    /// Run every fault of the fault library against every vector; a fault that none finds is an error
    KillMatrix(CheckArgs),
}

/// Arguments of `vectors generate`.
#[derive(Debug, Args)]
pub struct GenerateArgs {
    /// The folder to write
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The folder of hand-owned cases
    #[arg(long, value_name = "DIR", default_value = CASES)]
    cases: PathBuf,
}

/// Arguments of `vectors check` and `vectors kill-matrix`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// The release
    #[arg(value_name = "DIR", default_value = VECTORS)]
    folder: PathBuf,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Runs a command on vectors.
///
/// # Errors
/// [`CliError`]: files that are wrong, or a reference that gives something else.
pub fn vectors(command: &VectorsCommand) -> Result<(), CliError> {
    match command {
        VectorsCommand::Generate(args) => generated(args),
        VectorsCommand::Check(args) => checked(args),
        VectorsCommand::KillMatrix(args) => kill_matrix(args),
    }
}

fn generated(args: &GenerateArgs) -> Result<(), CliError> {
    let release = generate(&args.cases)?;
    write(&release, &args.out)?;
    let bytes: usize = release.files.values().map(String::len).sum();
    let (files, cases) = (count(release.files.len() as u64, "file"), count(release.cases as u64, "case"));
    print(&format!("{files}, {cases}, {} bytes in {}\n", thousands(bytes as u64), args.out.display()))
}

fn checked(args: &CheckArgs) -> Result<(), CliError> {
    let files = release::read(&args.folder)?.files;
    let cases: usize = files.iter().map(|file| file.cases.len()).sum();
    let start = Instant::now();
    let bar = progress("vectors", cases, "cases");
    let found = replay(&files, &bar);
    bar.finish_and_clear();
    let seconds = start.elapsed().as_secs_f64();
    match args.json {
        true => print_json(&json_report(&found))?,
        false => print(&report(&found, seconds))?,
    }
    let [first, ..] = found.different.as_slice() else { return Ok(()) };
    let what =
        format!("{} of {cases} cases came out otherwise; the first is {}: {}", found.different.len(), first.0, first.1);
    Err(CliError::VectorsDiffer { what })
}

pub(super) fn report(found: &Replay, seconds: f64) -> String {
    let row = |topic: &str, level: &str, tally: &Tally| {
        let numbers = [tally.positive, tally.negative, tally.steps].map(thousands);
        [topic.to_owned(), level.to_owned()].into_iter().chain(numbers).collect::<Vec<String>>()
    };
    let mut rows: Vec<Vec<String>> =
        found.tallies.iter().map(|((topic, level), tally)| row(topic, level.name(), tally)).collect();
    for level in Level::ALL {
        rows.push(row("all", level.name(), &total(found, |other| other == level)));
    }
    let all = total(found, |_| true);
    rows.push(row("all", "all", &all));
    let table = table("<<>>>", &["topic", "level", "positive", "negative", "steps"], rows);
    let (cases, wrong) = (all.positive + all.negative, found.different.len() as u64);
    let equal = thousands(cases.saturating_sub(wrong));
    format!(
        "{table}\n{equal} of {} replayed with the reference's result and steps, {seconds:.2} s\n",
        count(cases, "case")
    )
}

fn total(found: &Replay, chosen: impl Fn(Level) -> bool) -> Tally {
    let tallies = found.tallies.iter().filter(|((_, level), _)| chosen(*level));
    tallies.fold(Tally::default(), |sum, (_, tally)| Tally {
        positive: sum.positive + tally.positive,
        negative: sum.negative + tally.negative,
        steps: sum.steps + tally.steps,
    })
}

pub(super) fn json_report(found: &Replay) -> serde_json::Value {
    let topics = found.tallies.iter().map(|((topic, level), tally)| {
        json!({"topic": topic, "level": level.name(), "positive": tally.positive, "negative": tally.negative,
               "steps": tally.steps})
    });
    let different = found.different.iter().map(|(id, what)| json!({"case": id, "difference": what}));
    json!({"topics": topics.collect::<Vec<_>>(), "different": different.collect::<Vec<_>>()})
}

fn kill_matrix(args: &CheckArgs) -> Result<(), CliError> {
    let files = release::read(&args.folder)?.files;
    let bar = progress("faults", crate::faults::all().count(), "faults");
    let rows = matrix(&files, &bar);
    bar.finish_and_clear();
    match args.json {
        true => print_json(&json!({"faults": rows.iter().map(json_row).collect::<Vec<_>>()}))?,
        false => print(&matrix_report(&rows))?,
    }
    let missing: Vec<String> = rows.iter().filter_map(Row::missing).collect();
    match missing.is_empty() {
        true => Ok(()),
        false => Err(CliError::VectorsDiffer { what: missing.join("; ") }),
    }
}

/// Which vector files find which fault, and then which faults each file finds.
pub(super) fn matrix_report(rows: &[Row]) -> String {
    let killed = |row: &Row| row.killed.iter().map(|(topic, n)| format!("{topic} {n}")).collect::<Vec<_>>().join(", ");
    let lead = |row: &Row| row.led.as_ref().map_or_else(|| "NOWHERE".to_owned(), |lead| lead.case.clone());
    let line = |row: &Row| vec![row.fault.name.to_owned(), row.fault.clause.to_owned(), lead(row), killed(row)];
    let by_fault = table(
        "<<<<",
        &["fault", "clause", "report that leads there", "failed cases by file"],
        rows.iter().map(line).collect(),
    );
    let topics: std::collections::BTreeSet<&String> = rows.iter().flat_map(|row| row.killed.keys()).collect();
    let found = |topic: &String| rows.iter().filter(|row| row.killed.contains_key(topic)).count();
    let only =
        |topic: &String| rows.iter().filter(|row| row.killed.len() == 1 && row.killed.contains_key(topic)).count();
    let line = |topic: &&String| vec![(*topic).clone(), found(topic).to_string(), only(topic).to_string()];
    let by_file = table("<>>", &["file", "faults found", "by it alone"], topics.iter().map(line).collect());
    let survivors = rows.iter().filter(|row| row.killed.is_empty()).count();
    let misled = rows.iter().filter(|row| row.missing().is_some()).count() - survivors;
    let summary = format!(
        "{}: {} found and led to, {survivors} not found, {misled} found without leading to their clause",
        count(rows.len() as u64, "fault"),
        rows.len() - survivors - misled
    );
    format!("{by_fault}\n{by_file}\n{summary}\n")
}

pub(super) fn json_row(row: &Row) -> serde_json::Value {
    let lead = row.led.as_ref().map(|lead| json!({"case": lead.case, "failure": lead.failure}));
    json!({"fault": row.fault.name, "mistake": row.fault.mistake, "clause": row.fault.clause, "cases": row.kills(),
           "files": row.killed, "lead": lead})
}
