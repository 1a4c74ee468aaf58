//! `deepshare verify exhaustive` and `deepshare verify leaks`. [DS-EXH-8]

use super::check::{Case, Row};
use super::error::VerifyError;
use super::leaks::{self, Evidence};
use super::registry::{QUICK_BITS, all, execution_bits};
use crate::error::CliError;
use crate::output::{print, table, thousands};
use crate::worlds::progress;
use clap::Args;
use clap::builder::PossibleValuesParser;
use deepshare_reference::party::Role;
use std::time::Instant;

/// The options of an enumeration.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Examples:\n  deepshare verify exhaustive --quick\n  \
    deepshare verify exhaustive --backend gmw --width 3")]
pub struct ExhaustiveArgs {
    /// Only this backend
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(["gmw", "ot", "fss", "fss-select"]))]
    pub backend: Option<String>,
    /// Only this width, in bits
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u32).range(2..=8))]
    pub width: Option<u32>,
    /// Only cases of at most 2^18 executions
    #[arg(long)]
    pub quick: bool,
}

/// Enumerates all cases that are asked for, each for either corrupted party.
///
/// # Errors
/// [`CliError`]: nothing to enumerate, a run that fails; [`CliError::Exhaustive`] after the report was printed, if the real
/// and the ideal world differ.
pub fn exhaustive(args: &ExhaustiveArgs) -> Result<(), CliError> {
    let start = Instant::now();
    let mut chosen = Vec::new();
    for case in all()? {
        let bits = execution_bits(&case)?;
        let asked = args.backend.as_deref().is_none_or(|backend| backend == case.backend)
            && args.width.is_none_or(|width| width == case.width);
        if asked && (!args.quick || bits <= QUICK_BITS) {
            chosen.push((case, bits));
        }
    }
    if chosen.is_empty() {
        return Err(VerifyError::NoCase { what: asked_for(args) }.into());
    }
    let rows = run(&chosen)?;
    let seconds = start.elapsed().as_secs_f64();
    print(&text(&rows, seconds))?;
    match rows.iter().find_map(|(case, row)| Some((case, row, row.difference.as_ref()?))) {
        None => Ok(()),
        Some((case, row, difference)) => {
            let found = format!(
                "{}, {} corrupted, inputs {:?}: {}",
                case.title(),
                row.corrupted,
                difference.inputs,
                difference.what
            );
            Err(CliError::Exhaustive { found })
        }
    }
}

/// The choice of cases, as it was given.
fn asked_for(args: &ExhaustiveArgs) -> String {
    let backend = args.backend.as_ref().map(|name| format!("--backend {name}"));
    let width = args.width.map(|bits| format!("--width {bits}"));
    let quick = args.quick.then(|| "--quick".to_owned());
    backend.into_iter().chain(width).chain(quick).collect::<Vec<_>>().join(" ")
}

/// Runs cases, with a bar that counts executions.
fn run(chosen: &[(Case, u32)]) -> Result<Vec<(&Case, Row)>, CliError> {
    let total: u64 = chosen.iter().map(|(_, bits)| 2 << bits).sum();
    let bar = progress("verify", usize::try_from(total).unwrap_or(usize::MAX), "executions");
    let mut rows = Vec::new();
    for (case, bits) in chosen {
        let [server, client] = case.protocol.inputs();
        for (corrupted, own) in [(Role::Server, server), (Role::Client, client)] {
            rows.push((case, case.check(corrupted, || bar.inc(1 << (bits - own)))?));
        }
    }
    bar.finish_and_clear();
    Ok(rows)
}

fn text(rows: &[(&Case, Row)], seconds: f64) -> String {
    let lines = rows.iter().map(|(case, row)| {
        let verdict = if row.difference.is_none() { "equal" } else { "DIFFERENT" };
        vec![
            case.backend.to_owned(),
            case.name.clone(),
            case.width.to_string(),
            row.corrupted.to_string(),
            thousands(row.inputs),
            format!("{} / {}", row.coins, row.simulated_coins),
            thousands(row.executions),
            thousands(row.views),
            verdict.to_owned(),
        ]
    });
    let headings =
        ["backend", "protocol", "k", "corrupted", "inputs", "coin bits\nreal / sim.", "executions", "views", "counts"];
    let executions = thousands(rows.iter().map(|(_, row)| row.executions).sum());
    let equal = rows.iter().filter(|(_, row)| row.difference.is_none()).count();
    let table = table("<<><>>>><", &headings, lines.collect());
    format!("{table}\n{equal} of {} equal, {executions} real executions, {seconds:.1} s\n", rows.len())
}

/// Plants every leak and prints what finds it.
///
/// # Errors
/// [`CliError::Exhaustive`] after the report was printed, if one survives.
pub fn planted() -> Result<(), CliError> {
    let leaks = leaks::all()?;
    let mut found = Vec::new();
    for leak in &leaks {
        found.push((leak, leak.found()?));
    }
    let report = found.iter().map(|(leak, evidence)| {
        let how = evidence.as_ref().map_or_else(|| "  SURVIVES\n".to_owned(), described);
        format!("{}: {}\n{how}\n", leak.name, leak.what)
    });
    print(&report.collect::<String>())?;
    let survivors: Vec<&str> = found.iter().filter(|(_, how)| how.is_none()).map(|(leak, _)| leak.name).collect();
    print(&format!("{} of {} planted leaks found\n", found.len() - survivors.len(), found.len()))?;
    if survivors.is_empty() {
        return Ok(());
    }
    Err(CliError::Exhaustive { found: format!("planted leaks survive: {}", survivors.join(", ")) })
}

fn described(evidence: &Evidence) -> String {
    let Evidence { corrupted, difference, tells } = evidence;
    let [server, client] = difference.inputs;
    let mut text = format!("  {corrupted} corrupted, inputs {server:x} and {client:x}: {}\n", difference.what);
    if let Some(tells) = tells {
        let [server, client] = tells.inputs;
        let (own, other) = if *corrupted == Role::Server { (server, client) } else { (client, server) };
        text.push_str(&format!(
            "  it tells input 0 of its peer from {other:x}, its own being {own:x}: {}\n",
            tells.what
        ));
    }
    text
}
