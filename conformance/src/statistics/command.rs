//! `deepshare verify statistics`: what is claimed to look random, real and simulated transcripts, planted defects.

use super::bounds::LEVEL;
use super::claims::{CLAIMS, Defect, SampleError};
use super::sample::{FEWEST, Finding, Sample, Verdict, judge};
use super::transcripts::{Real, Runs, runs};
use super::{check, source};
use crate::error::CliError;
use crate::output::{print, table};
use crate::seed::UserSeed;
use clap::Args;
use deepshare_reference::party::{PartyError, Role};

/// The options of statistical checks.
#[derive(Args, Clone, Debug)]
#[command(after_help = "Example:\n  deepshare verify statistics --seed 00")]
pub struct StatisticsArgs {
    /// Rows, OTs or gates of a sample
    #[arg(long, value_name = "N", default_value_t = 8192, value_parser = clap::value_parser!(u32).range(64..=1 << 20))]
    pub size: u32,
    /// Runs of each backend in each world
    #[arg(long, value_name = "N", default_value_t = 32, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub runs: u32,
    /// Seed of all coins, 2 to 64 hexadecimal digits
    #[arg(long, value_name = "HEX", default_value = "5eed")]
    pub seed: String,
}

/// Runs all checks and prints them.
///
/// # Errors
/// [`CliError`]: bad arguments, a role that fails, or something that is found, or a planted defect that is not.
pub fn statistics(args: &StatisticsArgs) -> Result<(), CliError> {
    let seed = UserSeed::from_option(Some(&args.seed))?;
    let report = Report::new(&seed, args.size as usize, args.runs as usize).map_err(failed)?;
    print(&report.text)?;
    if report.failures.is_empty() { Ok(()) } else { Err(CliError::Statistics { found: report.failures.join("; ") }) }
}

fn failed(error: SampleError) -> CliError {
    let source = match error {
        SampleError::Party(source) => source,
        SampleError::Value(source) => PartyError::Value { role: Role::Trusted, step: "statistics", source },
    };
    CliError::Party { world: "statistics", source }
}

/// What is printed, and what fails.
struct Report {
    text: String,
    untested: Vec<String>,
    failures: Vec<String>,
}

impl Report {
    fn new(seed: &UserSeed, size: usize, count: usize) -> Result<Report, SampleError> {
        let key = seed.seed();
        let mut claims = Vec::new();
        for claim in &CLAIMS {
            claims.push((claim.take)(&mut source(&key, size, None))?);
        }
        let mut worlds = Vec::new();
        for backend in Real::ALL {
            for corrupted in [Role::Server, Role::Client] {
                worlds.push(runs(backend, corrupted, &key, count)?);
            }
        }
        let samples = || claims.iter().chain(worlds.iter().map(|runs| &runs.samples)).flatten();
        let tests = samples().map(|sample| sample.test().len()).sum();
        let mut report = Report { text: String::new(), untested: Vec::new(), failures: Vec::new() };
        report.text = format!(
            "seed {seed}; {tests} tests; a false alarm in any of them has probability at most 2^-{LEVEL}, each at most \
             2^-{:.1}\n\n",
            super::bounds::level_of_each(tests)
        );
        report.claims(&claims, tests);
        report.worlds(&worlds, tests);
        if !report.untested.is_empty() {
            let too_small = format!("\nnot tested, fewer than {FEWEST} bits a test: {}\n", report.untested.join("; "));
            report.text += &too_small;
        }
        report.defects(&key, size, tests)?;
        Ok(report)
    }

    fn claims(&mut self, claims: &[Vec<Sample>], tests: usize) {
        let mut rows = Vec::new();
        for (claim, samples) in CLAIMS.iter().zip(claims) {
            let verdict = judge(samples, tests);
            let left = [claim.name, claim.corrupted, claim.assumption, claim.clause].map(str::to_owned);
            rows.push(left.into_iter().chain(self.cells(claim.name, &verdict)).collect());
        }
        let headings = ["claim", "to", "assumes", "clause", "tests", "bits", "bias found", "worst, 2^-", "result"];
        self.text += &table("<<<<>>>><", &headings, rows);
    }

    fn worlds(&mut self, worlds: &[Runs], tests: usize) {
        let mut rows = Vec::new();
        for runs in worlds {
            let verdict = judge(&runs.samples, tests);
            let name = format!("{} against {}", runs.backend.name(), runs.corrupted);
            let shapes = if runs.difference.is_some() { "differ" } else { "equal" };
            self.failures.extend(runs.difference.iter().map(|difference| format!("{name}: {difference}")));
            let left = [runs.backend.name().to_owned(), runs.corrupted.to_string(), runs.frames.to_string()];
            let cells = self.cells(&name, &verdict);
            rows.push(left.into_iter().chain([shapes.to_owned()]).chain(cells).collect());
        }
        let headings = ["backend", "to", "frames", "shapes", "tests", "bits", "bias found", "worst, 2^-", "result"];
        self.text += "\n";
        self.text += &table("<<><>>>><", &headings, rows);
    }

    fn cells(&mut self, name: &str, verdict: &Verdict) -> [String; 5] {
        let alarm = |finding: &Finding| {
            format!("{name}: {}, {}: 2^-{:.0} of {} bits", finding.what, finding.test, finding.surprise, finding.bits)
        };
        self.failures.extend(verdict.alarms.iter().take(1).map(alarm));
        self.untested.extend(verdict.untested.iter().cloned());
        let worst = verdict.worst.as_ref().map_or(0.0, |finding| finding.surprise);
        [
            verdict.tests.to_string(),
            verdict.bits.to_string(),
            format!("{:.4}", verdict.sufficient_bias),
            format!("{worst:.1}"),
            if verdict.alarms.is_empty() { "nothing found".into() } else { "FOUND".into() },
        ]
    }

    /// Every defect in every claim: what finds it.
    fn defects(
        &mut self,
        seed: &deepshare_reference::party::xof::Seed,
        size: usize,
        tests: usize,
    ) -> Result<(), SampleError> {
        let mut rows = Vec::new();
        for claim in &CLAIMS {
            for defect in Defect::ALL {
                let verdict = check(claim, seed, size, Some(defect), tests)?;
                let found = match &verdict.worst {
                    Some(finding) if !verdict.alarms.is_empty() => format!("{}: {}", finding.what, finding.test),
                    _ => {
                        self.failures.push(format!("{}: {} is not found", claim.name, defect.name()));
                        "NOT FOUND".to_owned()
                    }
                };
                rows.push(vec![claim.name.to_owned(), defect.name().to_owned(), found]);
            }
        }
        self.text += "\n";
        self.text += &table("<<<", &["claim", "planted defect", "found by"], rows);
        Ok(())
    }
}
