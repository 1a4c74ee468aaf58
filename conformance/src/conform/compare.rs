//! Whether an answer is what its case demands, and where it first differs. [DS-ADAPT-4]

use super::bits::Packed;
use super::forms::{hints, pair, text};
use super::frames;
use super::places;
use super::relations;
use super::tree::{self, Difference};
use super::verdict::{Failure, Kind, Verdict};
use crate::adapter::protocol::{Reply, ReplyResult, Reported};
use crate::printable::printable;
use crate::vectors::case::{Case, Refused, Step};
use serde_json::{Map, Value};

/// Compares an answer with its case: steps first, in the case's order, then the result. `positions` is whether the
/// implementation claims that profile. [DS-ADAPT-5]
pub fn compare(case: &Case, answer: &Reply, positions: bool) -> Verdict {
    if let ReplyResult::Unsupported(why) = &answer.result {
        return Verdict::Skipped(format!("unsupported: {}", super::forms::clip(&printable(why))));
    }
    let failure = frames::sent(case, answer)
        .or_else(|| case.steps.iter().find_map(|step| step_difference(case, step, &answer.steps)))
        .or_else(|| result_difference(case, &answer.result, positions));
    failure.map_or(Verdict::Passed, |failure| Verdict::Failed(Box::new(failure)))
}

/// The ring width of a case, if it has one.
pub fn width(case: &Case) -> Option<u64> {
    let input = &case.input;
    let object = [Some(input), input.get("plan"), input.pointer("/network/plan")];
    object.into_iter().flatten().find_map(|object| object.get("width")?.as_u64())
}

/// How elements stand in the bytes of a case that is about packing.
fn packed(case: &Case) -> Option<Packed> {
    let number = |name: &str| u32::try_from(case.input.get(name)?.as_u64()?).ok();
    let (width, shift) = (number("width")?, number("shift").unwrap_or(0));
    (2..=64).contains(&width).then_some(Packed { width, shift })
}

/// The clause that an implementation which fails a case should read first.
pub(super) fn first_clause(case: &Case) -> String {
    case.clauses.first().cloned().unwrap_or_default()
}

fn step_difference(case: &Case, step: &Step, given: &Map<String, Value>) -> Option<Failure> {
    let found = given.get(&step.name)?;
    let difference = tree::first(&step.name, &step.value, found)?;
    let rest = difference.path.get(step.name.len()..).unwrap_or_default();
    let place = match rest {
        "" => format!("step {:?}", step.name),
        rest => format!("step {:?}, at {}", step.name, rest.trim_start_matches('.')),
    };
    Some(failure(case, Kind::Step, place, step.clause.clone(), &difference))
}

/// A failure from a difference of two values.
pub(super) fn failure(case: &Case, kind: Kind, place: String, clause: String, difference: &Difference) -> Failure {
    let shown = |value: &Option<Value>| value.as_ref().map_or_else(|| "nothing".to_owned(), text);
    let width = width(case).and_then(|width| u32::try_from(width).ok());
    let (hints, [expected, found]) = match (&difference.expected, &difference.found) {
        (Some(wanted), Some(given)) => {
            (hints(&difference.name, width, packed(case), wanted, given), pair(wanted, given))
        }
        (wanted, given) => {
            let unknown = wanted.is_none().then(|| "there is no such field".to_owned());
            (unknown.into_iter().collect(), [wanted, given].map(shown))
        }
    };
    let stands_there = places::describe(case, &difference.path);
    let hints = stands_there.into_iter().chain(hints).collect();
    Failure { kind, place, clause, expected, found, hints }
}

fn result_difference(case: &Case, result: &ReplyResult, positions: bool) -> Option<Failure> {
    let (expect, clause) = (&case.expect, first_clause(case));
    match (&expect.error, result) {
        (Some(refused), ReplyResult::Error { error, .. }) => {
            error_difference(&clause, refused, error, positions).or_else(|| output_difference(case, result))
        }
        (Some(refused), _) => Some(Failure {
            kind: Kind::Error,
            place: "error".to_owned(),
            clause,
            expected: format!("the error {}", refused.code),
            found: result.output().map_or_else(String::new, |output| format!("the output {}", text(output))),
            hints: vec!["an input that must be rejected is accepted".to_owned()],
        }),
        (None, ReplyResult::Error { error, .. }) => Some(Failure {
            kind: Kind::Error,
            place: "error".to_owned(),
            clause,
            expected: expect
                .output
                .as_ref()
                .map_or_else(|| "an output".to_owned(), |o| format!("the output {}", text(o))),
            found: format!("the error {}", printable(&error.code)),
            hints: messages(error),
        }),
        (None, _) => match &expect.relations {
            Some(relations) => relations::difference(case, relations, result.output()),
            None => output_difference(case, result),
        },
    }
}

fn error_difference(clause: &str, expected: &Refused, found: &Reported, positions: bool) -> Option<Failure> {
    if expected.code != found.code {
        return Some(Failure {
            kind: Kind::Error,
            place: "error".to_owned(),
            clause: clause.to_owned(),
            expected: expected.code.clone(),
            found: printable(&found.code),
            hints: messages(found),
        });
    }
    let object = |fields: &Map<String, Value>| Value::Object(fields.clone());
    let difference = tree::first("error.at", &object(&expected.at), &object(&found.at)).filter(|_| positions)?;
    let shown = |value: Option<Value>| value.as_ref().map_or_else(|| "nothing".to_owned(), text);
    Some(Failure {
        kind: Kind::Position,
        place: difference.path,
        clause: clause.to_owned(),
        expected: shown(difference.expected),
        found: shown(difference.found),
        hints: messages(found),
    })
}

/// What the adapter says about its error.
fn messages(error: &Reported) -> Vec<String> {
    let unread = error.code == "adapter/request";
    let cannot_read = unread.then(|| "the adapter says that it cannot read the request".to_owned());
    let said = || format!("the adapter says: {}", super::forms::clip(&printable(&error.message)));
    cannot_read.into_iter().chain((!error.message.is_empty()).then(said)).collect()
}

fn output_difference(case: &Case, result: &ReplyResult) -> Option<Failure> {
    let expected = case.expect.output.as_ref()?;
    let nothing = Value::Object(Map::new());
    let found = result.output().unwrap_or(&nothing);
    if let Some(missing) = frames::missing(case, found) {
        return Some(missing);
    }
    let [expected, found] = frames::without(case, expected, found);
    let difference = tree::first("output", &expected, &found)?;
    Some(failure(case, Kind::Output, difference.path.clone(), first_clause(case), &difference))
}
