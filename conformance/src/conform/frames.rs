//! What a party sends, frame by frame: for each receiver by itself, in order, decoded. [DS-ADAPT-4] [DS-WIRE-4]

use super::bits::{self, Packed};
use super::compare::first_clause;
use super::decoded::{Decoded, Field};
use super::forms::clip;
use super::verdict::{Failure, Kind};
use crate::adapter::protocol::{Reply, ReplyResult};
use crate::printable::printable;
use crate::vectors::case::{Case, Step};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// A frame that a party sends.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    to: String,
    frame: String,
}

/// The frames of an output of `party`, if it has them in readable form.
fn outgoing(case: &Case, output: Option<&Value>) -> Option<Vec<Sent>> {
    let frames = output.filter(|_| case.operation == "party")?.get("outgoing")?;
    Vec::deserialize(frames).ok()
}

/// The first frame that differs; one that is missing counts unless the party reports an error.
pub(super) fn sent(case: &Case, answer: &Reply) -> Option<Failure> {
    let expected = outgoing(case, case.expect.output.as_ref())?;
    let found = outgoing(case, answer.result.output())?;
    let all = matches!(answer.result, ReplyResult::Output(_));
    // a party that goes on where it must stop sends more, but that is not its mistake
    let further = case.expect.error.is_none() || !all;
    compare(case, &expected, &found, all).or_else(|| unexpected(case, &expected, &found).filter(|_| further))
}

/// The first frame that an output does not have.
pub(super) fn missing(case: &Case, output: &Value) -> Option<Failure> {
    let expected = outgoing(case, case.expect.output.as_ref())?;
    let found = match output.get("outgoing") {
        None => Vec::new(),
        Some(_) => outgoing(case, Some(output))?,
    };
    compare(case, &expected, &found, true).or_else(|| unexpected(case, &expected, &found))
}

/// Expected and found output without the frames, which are compared by themselves, unless they cannot be read.
pub(super) fn without(case: &Case, expected: &Value, found: &Value) -> [Value; 2] {
    let readable = [expected, found].iter().all(|output| outgoing(case, Some(output)).is_some());
    [expected, found].map(|output| {
        let mut output = output.clone();
        if let (true, Value::Object(fields)) = (readable, &mut output) {
            fields.shift_remove("outgoing");
        }
        output
    })
}

fn compare(case: &Case, expected: &[Sent], found: &[Sent], all: bool) -> Option<Failure> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (number, wanted) in expected.iter().enumerate() {
        let count = counts.entry(wanted.to.as_str()).or_default();
        let given = found.iter().filter(|sent| sent.to == wanted.to).nth(*count);
        *count += 1;
        let step = Place::of(case, number, wanted);
        match given {
            None if all => return Some(step.missing(wanted)),
            None => {}
            Some(given) if given.frame == wanted.frame => {}
            Some(given) => return Some(step.difference(wanted, given)),
        }
    }
    None
}

/// The first frame that no step sends.
fn unexpected(case: &Case, expected: &[Sent], found: &[Sent]) -> Option<Failure> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for wanted in expected {
        *counts.entry(wanted.to.as_str()).or_default() += 1;
    }
    let further = found.iter().find(|sent| match counts.get_mut(sent.to.as_str()) {
        None | Some(0) => true,
        Some(left) => {
            *left -= 1;
            false
        }
    })?;
    let label = Decoded::parse(&further.frame)
        .map_or_else(|| "that cannot be read".to_owned(), |frame| format!("of step {:?}", printable(&frame.label)));
    Some(Failure {
        kind: Kind::Frame,
        place: format!("frames to {}", clip(&printable(&further.to))),
        clause: first_clause(case),
        expected: "no further frame".to_owned(),
        found: format!("a frame {label}"),
        hints: Vec::new(),
    })
}

/// The step of a frame.
struct Place<'a> {
    name: String,
    clause: String,
    step: Option<&'a Step>,
}

impl<'a> Place<'a> {
    fn of(case: &'a Case, number: usize, wanted: &Sent) -> Place<'a> {
        let is_of = |step: &&Step| step.value.get("frame").and_then(Value::as_str) == Some(wanted.frame.as_str());
        match case.steps.get(number).filter(is_of) {
            Some(step) => {
                Place { name: format!("step {:?}", step.name), clause: step.clause.clone(), step: Some(step) }
            }
            None => Place { name: format!("frame {number} to {}", wanted.to), clause: first_clause(case), step: None },
        }
    }

    fn failure(&self, what: &str, clause: &str, [expected, found]: [String; 2], hints: Vec<String>) -> Failure {
        let place = format!("{}{what}", self.name);
        Failure { kind: Kind::Frame, place, clause: clause.to_owned(), expected, found, hints }
    }

    fn missing(&self, wanted: &Sent) -> Failure {
        let texts = ["this frame".to_owned(), format!("no further frame to {}", wanted.to)];
        self.failure("", &self.clause, texts, Vec::new())
    }

    fn difference(&self, wanted: &Sent, given: &Sent) -> Failure {
        let whole = |hints| {
            let texts = [&wanted.frame, &given.frame].map(|frame| clip(&printable(frame)));
            self.failure("", "DS-WIRE-4", texts, hints)
        };
        let Some(expected) = Decoded::parse(&wanted.frame) else {
            return whole(bits::byte_hints(&wanted.frame, &given.frame, None));
        };
        let Some(found) = Decoded::parse(&given.frame) else {
            let mut hints = bits::byte_hints(&wanted.frame, &given.frame, None);
            hints.push("what was found is cut off inside its header, or no string of bytes".to_owned());
            return whole(hints);
        };
        match expected.first_difference(&found) {
            Some(field) => self.header(field, &expected, &found),
            None => self.payload(&expected, &found),
        }
    }

    fn header(&self, field: Field, expected: &Decoded, found: &Decoded) -> Failure {
        let hints = match field {
            Field::Label => vec!["another step's frame was sent here".to_owned()],
            Field::Session => bits::byte_hints(&expected.bytes(field), &found.bytes(field), None),
            _ => bits::order_hint(&expected.bytes(field), &found.bytes(field)).into_iter().collect(),
        };
        let swapped = hints.iter().any(|hint| hint.contains("little-endian"));
        let clause = match field.clause() {
            Some(clause) if !swapped => clause,
            Some(_) => "DS-WIRE-4",
            None => &self.clause,
        };
        self.failure(&format!(", {}", field.name()), clause, [expected, found].map(|f| f.show(field)), hints)
    }

    fn payload(&self, expected: &Decoded, found: &Decoded) -> Failure {
        let number = |name: &str| u32::try_from(self.step?.value.get(name)?.as_u64()?).ok();
        let packed = number("width").map(|width| Packed { width, shift: number("shift").unwrap_or(0) });
        let bit_payload = self.step.is_some_and(|step| step.value.get("bits").is_some());
        let mut hints = bits::byte_hints(&expected.payload, &found.payload, packed);
        let differs = expected.first_bit(found);
        hints.extend(differs.filter(|_| bit_payload).map(|bit| format!("it is bit {bit} of the payload, from 0")));
        self.failure(", payload", &self.clause, [expected, found].map(|frame| clip(&frame.payload)), hints)
    }
}
