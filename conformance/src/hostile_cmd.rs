//! `deepshare hostile`: hostile peers against every backend, and what the honest parties do. [DS-HOSTILE-4]

use crate::error::CliError;
use crate::hostile::kind::{Group, Kind};
use crate::hostile::{Backend, Campaign, Fault, Totals};
use crate::output::{count, paragraph, print, print_json, table, thousands};
use crate::printable::Name;
use crate::seed::UserSeed;
use crate::worlds::progress;
use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser};
use indicatif::ProgressBar;
use serde_json::{Value, json};
use std::num::NonZero;
use std::ops::Range;
use std::time::Instant;

/// The options of a campaign.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:\n  deepshare hostile --backend gmw --mutations 100000\n  \
    deepshare hostile --backend gmw --seed 00c0ffee --case 1234")]
pub struct HostileArgs {
    /// The backend to attack
    #[arg(long, value_name = "NAME", default_value = "all", value_parser = names())]
    pub backend: String,
    /// How many frames to mutate, for each backend; a hundredth of it for ot-base, unless that is named
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub mutations: u64,
    /// Run only the case with this number, to repeat it
    #[arg(long, value_name = "N", conflicts_with = "mutations")]
    pub case: Option<u64>,
    /// Seed of all randomness, 2 to 64 hexadecimal digits [default: from the operating system]
    #[arg(long, value_name = "HEX")]
    pub seed: Option<String>,
    /// Print one JSON object instead of words
    #[arg(long)]
    pub json: bool,
}

/// What a campaign against one backend gave.
struct Row {
    backend: Backend,
    systematic: u64,
    totals: Totals,
    seconds: f64,
}

fn names() -> PossibleValuesParser {
    let all = PossibleValue::new("all").help("all of these, one after the other");
    PossibleValuesParser::new(Backend::ALL.iter().map(|backend| PossibleValue::new(backend.name())).chain([all]))
}

/// Runs a campaign against each backend.
///
/// # Errors
/// [`CliError`]: bad arguments; [`CliError::Hostile`] after the report was printed, if a run did what none may.
pub fn hostile(args: &HostileArgs) -> Result<(), CliError> {
    if args.mutations == 0 {
        let argument = Name(format!("--mutations {}", args.mutations));
        return Err(CliError::Argument { argument, rule: "give at least one".to_owned() });
    }
    let seed = UserSeed::from_option(args.seed.as_deref())?;
    let mut rows = Vec::new();
    for backend in Backend::ALL.into_iter().filter(|backend| args.backend == "all" || args.backend == backend.name()) {
        rows.push(attack(backend, &seed, args)?);
    }
    match args.json {
        true => print_json(&object(&rows, &seed))?,
        false => print(&text(&rows, &seed))?,
    }
    verdict(&rows, &seed)
}

fn attack(backend: Backend, seed: &UserSeed, args: &HostileArgs) -> Result<Row, CliError> {
    let asked = if args.backend == "all" { backend.share(args.mutations) } else { args.mutations };
    let numbers = args.case.map_or(0..asked, |case| case..case.saturating_add(1));
    let total = usize::try_from(numbers.end - numbers.start).unwrap_or(usize::MAX);
    let bar = progress(backend.name(), total, "mutations");
    let start = Instant::now();
    let (systematic, totals) = in_threads(backend, seed, numbers, &bar)?;
    bar.finish_and_clear();
    Ok(Row { backend, systematic, totals, seconds: start.elapsed().as_secs_f64() })
}

/// Carries out the cases with these numbers, thread t of T those that leave t modulo T. The counts do not depend on T.
fn in_threads(
    backend: Backend,
    seed: &UserSeed,
    numbers: Range<u64>,
    bar: &ProgressBar,
) -> Result<(u64, Totals), CliError> {
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let part = |first: usize| {
        let campaign = Campaign::new(backend, &seed.seed())?;
        let cases = numbers.clone().skip(first).step_by(threads);
        Ok((campaign.systematic(), Totals::of(&campaign, cases, Fault::None, || bar.inc(1))))
    };
    let parts: Vec<Result<(u64, Totals), CliError>> = std::thread::scope(|scope| {
        let parts: Vec<_> = (0..threads).map(|first| scope.spawn(move || part(first))).collect();
        let failed = || CliError::Hostile { what: format!("{}: a thread of the campaign has failed", backend.name()) };
        parts.into_iter().map(|part| part.join().unwrap_or_else(|_| Err(failed()))).collect()
    });
    let mut all = (0, Totals::default());
    for part in parts {
        let (systematic, totals) = part?;
        all.0 = systematic;
        all.1.add(totals);
    }
    Ok(all)
}

/// The first run that did what none may.
fn verdict(rows: &[Row], seed: &UserSeed) -> Result<(), CliError> {
    let first = rows.iter().find_map(|row| Some((row.backend.name(), row.totals.first.as_ref()?)));
    let Some((backend, offence)) = first else { return Ok(()) };
    let repeat = format!("deepshare hostile --backend {backend} --seed {seed} --case {}", offence.case);
    Err(CliError::Hostile { what: format!("{backend}: {}: {}; repeat: {repeat}", offence.what, offence.failure) })
}

fn text(rows: &[Row], seed: &UserSeed) -> String {
    let mut text = String::new();
    for row in rows {
        let totals = &row.totals;
        text.push_str(&paragraph("backend", row.backend.name()));
        text.push('\n');
        text.push_str(&steps(totals));
        text.push('\n');
        let all = format!(
            "{} in {:.1} s: {} malformed, {} well-formed; every kind at every step takes {}",
            count(totals.mutations, "mutation"),
            row.seconds,
            thousands(totals.malformed),
            thousands(totals.well_formed),
            thousands(row.systematic)
        );
        let failures = format!(
            "{}, {}, {} after a malformed frame, {} other than the specification's",
            count(totals.panics, "panic"),
            count(totals.hangs, "hang"),
            count(totals.outputs, "output"),
            count(totals.errors, "error")
        );
        text.push_str(&paragraph("mutations", &all));
        text.push_str(&paragraph("found", &failures));
        text.push('\n');
    }
    text + &paragraph("seed", &format!("{seed} (--seed repeats it)"))
}

/// The table of mutations by step and group.
fn steps(totals: &Totals) -> String {
    let number = |groups: &std::collections::BTreeMap<Group, u64>, group| groups.get(group).copied().unwrap_or(0);
    let rows = totals.steps.iter().map(|(step, groups)| {
        let counts = Group::ALL.iter().map(|group| thousands(number(groups, group)));
        let all = thousands(groups.values().sum());
        [(*step).to_owned()].into_iter().chain(counts).chain([all]).collect()
    });
    let headings: Vec<&str> = ["step"].into_iter().chain(Group::ALL.map(Group::name)).chain(["all"]).collect();
    table("<>>>>>>", &headings, rows.collect())
}

fn object(rows: &[Row], seed: &UserSeed) -> Value {
    let backends: Vec<Value> = rows.iter().map(backend).collect();
    json!({ "seed": seed.to_string(), "backends": backends })
}

fn backend(row: &Row) -> Value {
    let totals = &row.totals;
    let kind = |kind: Kind| {
        let [malformed, well_formed] = totals.kinds.get(&kind).copied().unwrap_or_default();
        json!({ "name": kind.name(), "group": kind.group().name(), "malformed": malformed, "well_formed": well_formed })
    };
    let first = totals
        .first
        .as_ref()
        .map(|offence| json!({ "case": offence.case, "what": offence.what, "failure": offence.failure.to_string() }));
    json!({
        "name": row.backend.name(),
        "mutations": totals.mutations,
        "systematic": row.systematic,
        "malformed": totals.malformed,
        "well_formed": totals.well_formed,
        "panics": totals.panics,
        "hangs": totals.hangs,
        "outputs": totals.outputs,
        "other_errors": totals.errors,
        "kinds": Kind::all().map(kind).collect::<Vec<Value>>(),
        "first": first,
        "seconds": row.seconds,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hostile::{Failure, Offence};

    #[test]
    fn a_run_that_fails_gives_exit_code_1_and_says_how_to_repeat_it() {
        let seed = UserSeed::from_option(Some("0b")).unwrap();
        let row = |first| {
            let totals = Totals { first, ..Totals::default() };
            Row { backend: Backend::Gmw, systematic: 0, totals, seconds: 0.0 }
        };
        assert!(verdict(&[row(None)], &seed).is_ok());
        let failure = Failure::Hang { waiting: "client for server".to_owned() };
        let offence = Offence { case: 17, what: "drop at step input, client to server".to_owned(), failure };
        let error = verdict(&[row(None), row(Some(offence))], &seed).unwrap_err();
        assert_eq!((error.exit_code(), error.code()), (1, "cli/hostile"));
        let repeat = "repeat: deepshare hostile --backend gmw --seed 0b --case 17";
        assert!(error.to_string().ends_with(repeat), "{error}");
    }
}
