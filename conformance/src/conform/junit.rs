//! The report as JUnit XML, for systems that run tests: a suite for each topic, a test for each case.

use super::details::lines;
use super::run::{CaseResult, Report, TopicResult};
use super::text::release;
use super::verdict::{Failure, Kind, Verdict};
use crate::printable::printable;
use quick_junit::{NonSuccessKind, Report as Suites, SerializeError, TestCase, TestCaseStatus, TestSuite};
use std::time::Duration;

/// The XML text.
///
/// # Errors
/// What keeps it from being written.
pub fn xml(report: &Report) -> Result<String, SerializeError> {
    let mut suites =
        Suites::new(printable(&format!("DeepShare conformance of {} {}", report.claims.name, report.claims.version)));
    suites.set_time(report.results().map(|result| result.took).sum::<Duration>());
    for topic in &report.topics {
        suites.add_test_suite(suite(report, topic));
    }
    suites.to_string()
}

fn suite(report: &Report, topic: &TopicResult) -> TestSuite {
    let mut suite = TestSuite::new(topic.file.topic.as_str());
    suite.add_property(("vectors", release(report).as_str()));
    suite.set_time(topic.cases.iter().map(|result| result.took).sum::<Duration>());
    suite.add_test_cases(topic.cases.iter().map(|result| test(topic, result)));
    suite
}

fn test(topic: &TopicResult, result: &CaseResult) -> TestCase {
    let case = result.case;
    let status = match &result.verdict {
        Verdict::Passed => TestCaseStatus::success(),
        Verdict::Failed(failure) => failed(topic, result, failure),
        Verdict::Skipped(reason) => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(printable(reason));
            status
        }
    };
    let name = case.id.split_once('/').map_or(case.id.as_str(), |(_, name)| name);
    let mut test = TestCase::new(name, status);
    test.set_classname(format!("deepshare.{}", topic.file.topic)).set_time(result.took);
    test.set_system_out(printable(&format!("{} [{}]", case.comment, case.clauses.join("] ["))));
    test
}

/// A wrong answer is a failure, no answer an error.
fn failed(topic: &TopicResult, result: &CaseResult, failure: &Failure) -> TestCaseStatus {
    let kind = match failure.kind {
        Kind::Adapter(_) => NonSuccessKind::Error,
        _ => NonSuccessKind::Failure,
    };
    let text: Vec<String> =
        lines(topic, result.case, failure).into_iter().map(|(title, line)| format!("{title:<9} {line}")).collect();
    let mut status = TestCaseStatus::non_success(kind);
    status.set_message(printable(&failure.to_string())).set_type(failure.kind.name()).set_description(text.join("\n"));
    status
}
