//! `deepshare conform`: runs an implementation's adapter against a release of vectors, and reports.

use super::book::SPEC_URL;
use super::run::{Counts, Report, run};
use super::session::{Limits, NoAnswer};
use super::{html, json, junit, text};
use crate::error::CliError;
use crate::files;
use crate::operations;
use crate::output::{count, print, print_json};
use crate::printable::Name;
use crate::vectors::command::VECTORS;
use crate::vectors::file::VectorFile;
use crate::vectors::release;
use crate::worlds::progress;
use clap::Args;
use std::path::PathBuf;
use std::time::Duration;

const EXAMPLES: &str = "\
Examples:
  deepshare conform --adapter 'python3 adapter.py' --topic truncation
  deepshare conform --adapter ./adapter --junit report.xml --html report.html
  deepshare conform --adapter 'target/release/deepshare adapter --fault bit-of-zero'

The book's chapter \"Testing your implementation\" (spec/src/testing.md) writes an adapter in ten lines.";

/// Arguments of `conform`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ConformArgs {
    /// The program to test and its arguments, quoted as in a shell; no shell is started
    #[arg(long, value_name = "CMD")]
    adapter: String,
    /// The release of vectors
    #[arg(long, value_name = "DIR", default_value = VECTORS)]
    vectors: PathBuf,
    /// Only this topic; may be given several times
    #[arg(long, value_name = "TOPIC")]
    topic: Vec<String>,
    /// Seconds that an answer may take; to `describe` at least 10
    #[arg(long, value_name = "SECONDS", default_value_t = 10.0)]
    timeout: f64,
    /// Write a report in JUnit XML
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Write a report in HTML, one file
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Where the links of the HTML report lead; `{chapter}` stands for a chapter of the book
    /// [default: the book of this folder's project, else spec/src/{chapter}.md]
    #[arg(long, value_name = "URL")]
    spec_url: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Runs an adapter against vectors.
///
/// # Errors
/// [`CliError`]: bad input; an adapter that cannot be started; a case that failed, or none that passed.
pub fn conform(args: &ConformArgs) -> Result<(), CliError> {
    let command = command(&args.adapter)?;
    let limits = Limits::of(limit(args.timeout)?);
    let release = release::read(&args.vectors)?;
    let selected = select(&release.files, &args.topic)?;
    let cases = selected.iter().map(|file| file.cases.len()).sum();
    let bar = progress("conform", cases, "cases");
    let report = run(command, limits, &release, &selected, &bar).map_err(|failed| no_adapter(&args.adapter, failed))?;
    bar.finish_and_clear();
    if let Some(path) = &args.junit {
        let unwritable = |error| CliError::Unwritable { file: files::name(path), reason: std::io::Error::other(error) };
        files::write(path, &junit::xml(&report).map_err(unwritable)?)?;
    }
    if let Some(path) = &args.html {
        files::write(path, &html::page(&report, &spec_url(args)))?;
    }
    match args.json {
        true => print_json(&json::object(&report))?,
        false => print(&text::text(&report))?,
    }
    verdict(&report)
}

/// Where the links of a report lead: it may lie in any folder, so the book's place is absolute.
fn spec_url(args: &ConformArgs) -> String {
    let book = std::path::absolute("spec/src").ok().filter(|book| book.is_dir());
    let here = book.map(|book| format!("{}/{{chapter}}.md", book.display()));
    args.spec_url.clone().or(here).unwrap_or_else(|| SPEC_URL.to_owned())
}

/// The words of a command line.
fn command(line: &str) -> Result<Vec<String>, CliError> {
    let wrong = |rule: &str| CliError::Argument { argument: Name("--adapter".to_owned()), rule: rule.to_owned() };
    let words = shell_words::split(line).map_err(|_| wrong("a quote is not closed"))?;
    match words.first().is_none_or(String::is_empty) {
        true => Err(wrong("name a program")),
        false => Ok(words),
    }
}

/// The limit for an answer.
fn limit(seconds: f64) -> Result<Duration, CliError> {
    let allowed = (0.001..=86_400.0).contains(&seconds);
    allowed.then(|| Duration::from_secs_f64(seconds)).ok_or_else(|| CliError::Argument {
        argument: Name(format!("--timeout {seconds}")),
        rule: "give seconds from 0.001 to 86400".to_owned(),
    })
}

/// The files of the topics that are asked for; all unless some are.
fn select<'a>(files: &'a [VectorFile], topics: &[String]) -> Result<Vec<&'a VectorFile>, CliError> {
    if let Some(unknown) = topics.iter().find(|topic| !files.iter().any(|file| file.topic == **topic)) {
        let names: Vec<&str> = files.iter().map(|file| file.topic.as_str()).collect();
        let rule = format!("there is no such topic; there are {}", names.join(", "));
        return Err(CliError::Argument { argument: Name(format!("--topic {unknown}")), rule });
    }
    let mut selected: Vec<&VectorFile> =
        files.iter().filter(|file| topics.is_empty() || topics.contains(&file.topic)).collect();
    selected.sort_by_key(|file| (rank(file), &file.topic));
    Ok(selected)
}

/// Topics are run from the simple to the composed, in the order of the specification's operations, so that the first failure
/// is the one to mend first. [DS-VEC-7]
fn rank(file: &VectorFile) -> usize {
    let own = file.cases.iter().map(|case| case.operation.as_str()).filter(|operation| *operation != "sweep");
    own.filter_map(|operation| operations::names().position(|name| name == operation)).max().unwrap_or_default()
}

/// An adapter that cannot be asked anything, on one line.
fn no_adapter(command: &str, failed: NoAnswer) -> CliError {
    let said = failed.complaints.last().map(|line| format!("; it wrote on standard error: {line}"));
    CliError::Adapter { command: Name(command.to_owned()), source: failed.error, said: said.unwrap_or_default() }
}

fn verdict(report: &Report) -> Result<(), CliError> {
    let Counts { passed, failed, skipped } = report.counts();
    let first = report.topics.iter().find_map(|topic| topic.failures().next());
    let what = match first {
        Some((case, failure)) => {
            let cases = count(passed + failed + skipped, "case");
            format!("{failed} of {cases} failed; the first is {}: {failure}", case.id)
        }
        None if passed == 0 => format!("nothing passed: {} skipped", count(skipped, "case")),
        None => return Ok(()),
    };
    Err(CliError::Conformance { what })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conform::tests::fixture::{case, failed, file, release, report};
    use crate::conform::verdict::Verdict;
    use serde_json::json;

    /// A file of a topic with cases of operations.
    fn topic(name: &str, operations: &[&str]) -> VectorFile {
        let cases = operations.iter().map(|operation| case("plaintext", operation, json!({}))).collect();
        VectorFile { topic: name.to_owned(), ..file(cases) }
    }

    /// [DS-VEC-7]
    #[test]
    fn topics_are_run_from_the_simple_to_the_composed() {
        let place = |name: &str| operations::names().position(|operation| operation == name).unwrap();
        assert!(place("drelu") < place("plan") && place("plan") < place("sweep"), "an order that this test is for");
        assert_eq!(rank(&topic("t", &["plan", "sweep", "drelu"])), place("plan"));
        assert_eq!(rank(&topic("t", &["sweep"])), 0);
        let files = [topic("plans", &["plan"]), topic("signs", &["drelu", "sweep"]), topic("gates", &["drelu"])];
        let of = |topics: &[&str]| {
            let topics: Vec<String> = topics.iter().map(|&topic| topic.to_owned()).collect();
            select(&files, &topics).map(|files| files.iter().map(|file| file.topic.as_str()).collect::<Vec<_>>())
        };
        assert_eq!(of(&[]).unwrap(), ["gates", "signs", "plans"]);
        assert_eq!(of(&["plans", "gates"]).unwrap(), ["gates", "plans"]);
        let unknown = of(&["gates", "sines"]).unwrap_err().to_string();
        assert!(unknown.contains("--topic sines: there is no such topic; there are plans, signs, gates"), "{unknown}");
    }

    #[test]
    fn a_run_succeeds_if_something_passed_and_nothing_failed() {
        let (release, file) = (release(), topic("t", &["drelu"; 6]));
        let said = |verdicts: &[Verdict]| verdict(&report(&release, &file, verdicts, true)).map_err(|e| e.to_string());
        let skipped = Verdict::Skipped(String::new());
        assert_eq!(said(&[Verdict::Passed, skipped.clone()]), Ok(()));
        let nothing = said(&[skipped.clone(), skipped.clone()]).unwrap_err();
        assert!(nothing.contains("nothing passed: 2 cases skipped"), "{nothing}");
        let [passed, failed] = [Verdict::Passed, failed()];
        let some = said(&[passed.clone(), passed, failed.clone(), failed, skipped.clone(), skipped]).unwrap_err();
        assert!(some.contains("2 of 6 cases failed; the first is t/a: "), "{some}");
    }

    #[test]
    fn links_lead_where_they_are_told_to_or_to_the_book() {
        #[derive(clap::Parser)]
        struct Program {
            #[command(flatten)]
            args: ConformArgs,
        }
        let url = |more: &[&str]| {
            let words = ["conform", "--adapter", "x"].into_iter().chain(more.iter().copied());
            spec_url(&<Program as clap::Parser>::parse_from(words).args)
        };
        assert_eq!(url(&["--spec-url", "https://x.invalid/{chapter}"]), "https://x.invalid/{chapter}");
        assert!(url(&[]).ends_with("spec/src/{chapter}.md"), "{}", url(&[]));
    }

    #[test]
    fn command_lines_are_split_as_a_shell_does_it() {
        assert_eq!(command("python3 'my adapter.py' --x").unwrap(), ["python3", "my adapter.py", "--x"]);
        for wrong in ["", "  ", "''", "python3 'x"] {
            assert_eq!(command(wrong).unwrap_err().code(), "cli/argument", "{wrong:?}");
        }
    }

    #[test]
    fn limits_are_positive_and_finite() {
        assert_eq!(limit(0.5).unwrap(), Duration::from_millis(500));
        for wrong in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e9] {
            assert_eq!(limit(wrong).unwrap_err().code(), "cli/argument", "{wrong}");
        }
    }
}
