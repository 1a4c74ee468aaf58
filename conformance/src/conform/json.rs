//! The report as JSON.

use super::earned::{Standing, counts, levels, skips};
use super::run::{CaseResult, Counts, Report, TopicResult};
use super::verdict::{Failure, Verdict};
use crate::output::json_count;
use crate::vectors::head::Generator;
use serde_json::{Value, json};

/// The report as one object, `spec/schema/conform.schema.json`.
pub fn object(report: &Report) -> Value {
    let claims = serde_json::to_value(&report.claims).unwrap_or_default(); // plain data
    let levels = levels(report).into_iter().map(|(name, standing)| json!({"name": name, "standing": standing.name()}));
    let skips = skips(report.results().map(|result| &result.verdict));
    let skip = |(reason, cases)| json!({"reason": reason, "cases": json_count(cases)});
    json!({
        "harness": Generator::this(),
        "release": {
            "folder": report.release.folder.0,
            "format": report.release.format,
            "manifest_sha256": report.release.digest,
        },
        "command": report.command,
        "claims": claims,
        "whole": report.whole,
        "counts": numbers(report.counts()),
        "levels": levels.collect::<Vec<Value>>(),
        "topics": report.topics.iter().map(topic).collect::<Vec<Value>>(),
        "skips": skips.into_iter().map(skip).collect::<Vec<Value>>(),
        "remarks": report.remarks,
    })
}

fn numbers(counts: Counts) -> Value {
    let Counts { passed, failed, skipped } = counts;
    json!({"passed": json_count(passed), "failed": json_count(failed), "skipped": json_count(skipped)})
}

fn topic(topic: &TopicResult) -> Value {
    let counts = counts(topic);
    json!({
        "name": topic.file.topic,
        "vectors": topic.file.format,
        "standing": Standing::of(counts).name(),
        "counts": numbers(counts),
        "cases": topic.cases.iter().map(|result| case(topic, result)).collect::<Vec<Value>>(),
    })
}

fn case(topic: &TopicResult, result: &CaseResult) -> Value {
    let verdict = match &result.verdict {
        Verdict::Passed => json!({"verdict": "passed"}),
        Verdict::Skipped(reason) => json!({"verdict": "skipped", "reason": reason}),
        Verdict::Failed(failure) => json!({"verdict": "failed", "failure": failed(topic, result, failure)}),
    };
    let mut object = json!({"id": result.case.id, "level": result.case.level, "seconds": result.took.as_secs_f64()});
    if let (Value::Object(fields), Value::Object(more)) = (&mut object, verdict) {
        fields.extend(more);
    }
    object
}

fn failed(topic: &TopicResult, result: &CaseResult, failure: &Failure) -> Value {
    json!({
        "kind": failure.kind.name(),
        "where": failure.place,
        "clause": failure.clause,
        "expected": failure.expected,
        "found": failure.found,
        "hints": failure.hints,
        "notes": topic.notes(result.case, failure).map(|(text, _)| text).collect::<Vec<&str>>(),
    })
}
