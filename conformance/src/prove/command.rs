//! `deepshare prove`: decides all lemmas, and shows that they refute planted faults. [DS-PROVE-1]

use super::smt::{Query, Solver};
use super::{
    Answer, Attempt, Backend, Counterexample, Lemma, Proof, ProveError, Verdict, Widths, decide, faults, registry,
    vector,
};
use crate::error::CliError;
use crate::faults::{Fault, find};
use crate::files;
use crate::output::{count, paragraph, print, print_json, table};
use crate::printable::Name;
use crate::steps::{Right, Steps};
use crate::vectors::generate::{add, release};
use clap::Args;
use clap::builder::PossibleValuesParser;
use deepshare_reference::values::Width;
use rayon::prelude::*;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::Duration;

/// The options of proofs.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:\n  deepshare prove --width 8\n  \
    deepshare prove --backend gmw --width 64 --solver bitwuzla\n  \
    deepshare prove --width 8 --fault all --counterexamples found\n  \
    deepshare prove --replay found/both-add-half.json\n  \
    deepshare vectors check found")]
pub struct ProveArgs {
    /// Only the lemmas of this backend
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(Backend::ALL.map(Backend::name)))]
    pub backend: Option<String>,
    /// Only lemmas whose name contains this text
    #[arg(long, value_name = "TEXT")]
    pub lemma: Option<String>,
    /// Widths in bits, 2 to 64
    #[arg(long, value_name = "K", default_values = ["8", "16", "32", "64"])]
    pub width: Vec<u32>,
    /// Solvers; each must be on the path
    #[arg(long, value_name = "NAME", default_values = ["z3", "bitwuzla"])]
    pub solver: Vec<Solver>,
    /// Seconds that a solver may take for a query
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    pub limit: u64,
    /// Plant this fault of the library, or `all` that apply: some lemma must refute it
    #[arg(long, value_name = "FAULT")]
    pub fault: Option<String>,
    /// Write the counterexample of each fault as a vector file to this folder, a release that `vectors check` replays
    #[arg(long, value_name = "FOLDER", requires = "fault")]
    pub counterexamples: Option<PathBuf>,
    /// Replay a counterexample instead: its vectors hold without the fault that they name, and fail with it
    #[arg(long, value_name = "FILE", conflicts_with_all = ["fault", "backend", "lemma"])]
    pub replay: Option<PathBuf>,
    /// Write the queries to this folder instead of asking solvers
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["fault", "replay"])]
    pub queries: Option<PathBuf>,
    /// Print one JSON object instead of words
    #[arg(long)]
    pub json: bool,
}

/// A lemma at a width, and what was said of it.
struct Row {
    lemma: usize,
    width: Option<Width>,
    attempts: Vec<Attempt>,
}

/// Proves, refutes, replays or writes queries.
///
/// # Errors
/// [`CliError`]: bad arguments; [`CliError::Prove`], a proof that cannot be carried out; [`CliError::Unproved`] after the
/// report was printed, if a lemma is not proved, or a fault not refuted.
pub fn prove(args: &ProveArgs) -> Result<(), CliError> {
    let widths = args.width.iter().map(|&k| Width::new(k.into())).collect::<Result<Vec<_>, _>>();
    let widths = widths.map_err(|source| CliError::Value { place: "--width".into(), source })?;
    let lemmas = selected(args)?;
    match (&args.replay, &args.queries, &args.fault) {
        (Some(file), _, _) => print(&vector::replay_file(&files::name(file), &files::read(file)?)?),
        (None, Some(folder), _) => write_queries(&lemmas, &widths, folder),
        (None, None, Some(name)) => refute(args, &lemmas, &widths, name),
        (None, None, None) => {
            let rows = run(args, &lemmas, &widths, &Right, None)?;
            match args.json {
                true => print_json(&Value::Array(rows.iter().map(|row| object(row, &lemmas)).collect()))?,
                false => print(&text(&rows, &lemmas, args))?,
            }
            verdict(&rows, &lemmas)
        }
    }
}

/// The lemmas that are asked for; none is an error.
fn selected(args: &ProveArgs) -> Result<Vec<Lemma>, CliError> {
    let wanted = |lemma: &Lemma| {
        args.backend.as_ref().is_none_or(|backend| backend == lemma.backend.name())
            && args.lemma.as_ref().is_none_or(|text| lemma.name.contains(text.as_str()))
    };
    let lemmas: Vec<Lemma> = registry::all().into_iter().filter(wanted).collect();
    if lemmas.is_empty() {
        let argument = Name(format!("--lemma {}", args.lemma.as_deref().unwrap_or_default()));
        return Err(CliError::Argument { argument, rule: "no lemma of the backend has this in its name".to_owned() });
    }
    Ok(lemmas)
}

/// What is decided: every lemma at every width that it has; once those on words and those without a width.
fn jobs(lemmas: &[Lemma], widths: &[Width]) -> Vec<(usize, Option<Width>)> {
    let of = |(number, lemma): (usize, &Lemma)| -> Vec<(usize, Option<Width>)> {
        match &lemma.proof {
            Proof::Words { .. } | Proof::Bits { widths: Widths::Once, .. } => vec![(number, None)],
            Proof::Bits { widths: has, .. } => {
                widths.iter().filter(|width| has.contain(**width)).map(|width| (number, Some(*width))).collect()
            }
        }
    };
    lemmas.iter().enumerate().flat_map(of).collect()
}

/// Decides all jobs. With steps `beside` those of the run are a fault's: then jobs that ask the same with both are left
/// out, since nothing new can come of them, and so are those that say nothing of the fault.
fn run(
    args: &ProveArgs,
    lemmas: &[Lemma],
    widths: &[Width],
    steps: &(dyn Steps + Sync),
    beside: Option<&(dyn Steps + Sync)>,
) -> Result<Vec<Row>, CliError> {
    let limit = Duration::from_secs(args.limit);
    let one = |(number, width): (usize, Option<Width>)| {
        let Some(lemma) = lemmas.get(number) else { return Ok(None) };
        let at = width.unwrap_or(Width::MAX);
        if let (Some(beside), Proof::Bits { queries, .. }) = (beside, &lemma.proof) {
            let texts =
                |steps: &dyn Steps| Ok::<Vec<String>, ProveError>(queries(steps, at)?.iter().map(Query::smt).collect());
            if texts(steps)? == texts(beside)? {
                return Ok(None);
            }
        }
        let attempts = decide(lemma, steps, at, &args.solver, limit)?;
        Ok(Some(Row { lemma: number, width, attempts }))
    };
    let unless_it_says_nothing = |row| match row {
        Err(error) if beside.is_some() && says_nothing(&error) => Ok(None),
        row => row,
    };
    let rows: Result<Vec<Option<Row>>, ProveError> =
        jobs(lemmas, widths).into_par_iter().map(|job| unless_it_says_nothing(one(job))).collect();
    Ok(rows?.into_iter().flatten().collect())
}

/// Whether an error under a fault only means that this lemma does not refute it: the program stops, or no values are
/// found. [DS-PROVE-5]
fn says_nothing(error: &ProveError) -> bool {
    matches!(error, ProveError::Party(_) | ProveError::NotFound { .. })
}

/// Plants faults: for each, some lemma at some width must fail.
fn refute(args: &ProveArgs, lemmas: &[Lemma], widths: &[Width], name: &str) -> Result<(), CliError> {
    let planted: Vec<&Fault> = match name {
        "all" => faults::applicable().collect(),
        _ => find(name).into_iter().filter(|fault| faults::names().any(|name| name == fault.name)).collect(),
    };
    if planted.is_empty() {
        let rule = format!("give `all` or one of {}", faults::names().collect::<Vec<_>>().join(", "));
        return Err(CliError::Argument { argument: Name(format!("--fault {name}")), rule });
    }
    let (mut lines, mut survivors, mut vectors) = (Vec::new(), Vec::new(), Vec::new());
    for fault in planted {
        let rows = run(args, lemmas, widths, fault.steps, Some(&Right))?;
        let refuted = rows.iter().flat_map(|row| &row.attempts).filter_map(|attempt| match &attempt.answer {
            Answer::Refuted(found) => Some(Counterexample { fault: Some(fault.name.to_owned()), ..found.clone() }),
            _ => None,
        });
        let refuted: Vec<Counterexample> = refuted.collect();
        let Some(first) = refuted.first() else {
            survivors.push(fault.name);
            continue;
        };
        if args.counterexamples.is_some() {
            vectors.push((format!("{}.json", fault.name), vector::file(fault, first)?));
        }
        let queries: std::collections::BTreeSet<&str> = refuted.iter().map(|found| found.query.as_str()).collect();
        lines.push(json!({
            "fault": fault.name, "refuted_by": queries.len(), "first": first,
        }));
    }
    if let Some(folder) = &args.counterexamples {
        vectors.sort_by(|(left, _), (right, _)| left.cmp(right));
        add(&release(&vectors), folder)?;
    }
    match args.json {
        true => print_json(&Value::Array(lines))?,
        false => print(&refuted_text(&lines))?,
    }
    match survivors.is_empty() {
        true => Ok(()),
        false => Err(CliError::Unproved { what: format!("no lemma refutes {}", survivors.join(", ")) }),
    }
}

fn refuted_text(lines: &[Value]) -> String {
    let word = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let row = |line: &Value| {
        let first = line.get("first");
        let values = first.and_then(|first| first.get("values")).and_then(Value::as_object);
        let shares = values.into_iter().flatten().filter(|(name, _)| name.starts_with('x'));
        let shares: Vec<String> = shares.map(|(name, value)| format!("{name} = {}", word(Some(value)))).collect();
        let by = line.get("refuted_by").map(Value::to_string).unwrap_or_default();
        vec![word(line.get("fault")), by, word(first.and_then(|first| first.get("query"))), shares.join(", ")]
    };
    table("<><<", &["fault", "refuted by", "first", "shares, in hexadecimal"], lines.iter().map(row).collect())
}

/// Writes all queries, one file each.
fn write_queries(lemmas: &[Lemma], widths: &[Width], folder: &std::path::Path) -> Result<(), CliError> {
    let mut written = 0;
    for (number, width) in jobs(lemmas, widths) {
        let Some(lemma) = lemmas.get(number) else { continue };
        let Proof::Bits { queries, .. } = &lemma.proof else { continue };
        for query in queries(&Right, width.unwrap_or(Width::MAX))? {
            files::write(&folder.join(file_name(&query.name)), &query.smt())?;
            written += 1;
        }
    }
    print(&format!("{} written to {}\n", count(written, "query file"), folder.display()))
}

/// A query's name as a file name.
fn file_name(query: &str) -> String {
    let word = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    format!("{}.smt2", query.chars().map(word).collect::<String>())
}

fn said(attempt: &Attempt) -> String {
    let who = attempt.solver.map_or("words", Solver::name);
    match &attempt.answer {
        Answer::Proved => format!("{who} {:.1} s", attempt.seconds),
        Answer::Refuted(_) => format!("{who} REFUTES"),
        Answer::TimedOut => format!("{who} no answer"),
    }
}

fn text(rows: &[Row], lemmas: &[Lemma], args: &ProveArgs) -> String {
    let line = |row: &Row| {
        let lemma = lemmas.get(row.lemma)?;
        let width = row.width.map_or_else(|| "all".to_owned(), |width| width.to_string());
        let attempts: Vec<String> = row.attempts.iter().map(said).collect();
        Some(vec![lemma.name.clone(), lemma.clause.to_owned(), width, attempts.join(", ")])
    };
    let proved = rows.iter().filter(|row| Verdict::of(&row.attempts) == Verdict::Proved).count();
    let solvers: Vec<&str> = args.solver.iter().map(|solver| solver.name()).collect();
    let proved = format!("{proved} of {} proved, by {} and by normal forms", rows.len(), solvers.join(", "));
    let lines = rows.iter().filter_map(line).collect();
    format!("{}\n{}", table("<<><", &["lemma", "clause", "width", "decided by"], lines), paragraph("proofs", &proved))
}

fn object(row: &Row, lemmas: &[Lemma]) -> Value {
    let attempt = |attempt: &Attempt| {
        json!({
            "by": attempt.solver.map_or("words", Solver::name),
            "seconds": (attempt.seconds * 1000.0).round() / 1000.0,
            "answer": match &attempt.answer {
                Answer::Proved => json!("proved"),
                Answer::Refuted(found) => json!(found),
                Answer::TimedOut => json!("timed-out"),
            },
        })
    };
    let lemma = lemmas.get(row.lemma);
    json!({
        "lemma": lemma.map(|lemma| &lemma.name),
        "clause": lemma.map(|lemma| lemma.clause),
        "statement": lemma.map(|lemma| lemma.statement),
        "width": row.width.map(Width::bits),
        "attempts": row.attempts.iter().map(attempt).collect::<Vec<_>>(),
    })
}

fn verdict(rows: &[Row], lemmas: &[Lemma]) -> Result<(), CliError> {
    let unproved = rows.iter().filter(|row| Verdict::of(&row.attempts) != Verdict::Proved);
    let names: Vec<String> = unproved
        .filter_map(|row| {
            let width = row.width.map_or_else(String::new, |width| format!(" at k = {width}"));
            Some(format!("{}{width}", lemmas.get(row.lemma)?.name))
        })
        .collect();
    match names.is_empty() {
        true => Ok(()),
        false => Err(CliError::Unproved { what: format!("not proved: {}", names.join(", ")) }),
    }
}
