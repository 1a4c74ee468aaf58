//! The loop of an adapter: a request a line, an answer a line. [DS-ADAPT-1]

use super::error::AdapterError;
use super::protocol::{AllWidths, Answer, Described, Profile, Reply, ReplyResult, Reported, Request, Widths};
use super::{DESCRIBE, LINE_BYTES, PROTOCOL};
use crate::operations;
use crate::steps::Steps;
use crate::vectors::case::Level;
use crate::vectors::types::Count;
use crate::worlds::WORLDS;
use serde_json::{Map, Value};
use std::io::{BufRead, Error, Read, Write};

/// What the reference claims: everything.
pub fn described(fault: Option<&str>) -> Described {
    let with_fault = |name| format!("deepshare reference with the fault {name}");
    Described {
        name: fault.map_or_else(|| "deepshare reference".to_owned(), with_fault),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        protocol: PROTOCOL.to_owned(),
        operations: operations::names().map(str::to_owned).collect(),
        backends: WORLDS.iter().filter(|world| world.has_costs).map(|world| world.name.to_owned()).collect(),
        widths: Widths::All(AllWidths::All),
        levels: Level::ALL.to_vec(),
        profiles: vec![Profile::Positions],
    }
}

/// The request of a line.
///
/// # Errors
/// The answer to a line that is no request. [DS-ADAPT-3]
pub fn read(line: &[u8]) -> Result<Request, Box<Answer>> {
    serde_json::from_slice(line).map_err(|error| Box::new(Answer::of(id_of(line), refused(error.to_string()))))
}

/// The answer to one line.
pub fn answer(steps: &dyn Steps, claims: &Described, line: &[u8]) -> Answer {
    let Request { id, operation, input } = match read(line) {
        Ok(request) => request,
        Err(answer) => return *answer,
    };
    let reply = match operation.as_str() {
        DESCRIBE if input.is_empty() => description(claims),
        DESCRIBE => refused("the input of `describe` is empty".to_owned()),
        _ => operations::run(steps, &operation, Value::Object(input)).into(),
    };
    Answer::of(id, reply)
}

fn description(claims: &Described) -> Reply {
    // plain data, which JSON can always hold
    let output = serde_json::to_value(claims).unwrap_or_default();
    Reply { result: ReplyResult::Output(output), steps: Map::new() }
}

/// A request that cannot be read. [DS-ADAPT-3]
fn refused(what: String) -> Reply {
    let error = AdapterError::Request { what };
    let error = Reported { code: error.code().to_owned(), at: Map::new(), message: error.to_string() };
    Reply { result: ReplyResult::Error { error, output: None }, steps: Map::new() }
}

/// The id of a line that is no request, if it has one that is a count; else 0. [DS-ADAPT-3]
fn id_of(line: &[u8]) -> Count {
    let request = serde_json::from_slice::<Value>(line).ok();
    let id = request.and_then(|request| serde_json::from_value(request.get("id")?.clone()).ok());
    id.unwrap_or(Count(0))
}

/// Answers all lines until the input ends.
///
/// # Errors
/// What keeps lines from being read or written.
pub fn serve(
    steps: &dyn Steps,
    claims: &Described,
    mut input: impl BufRead,
    mut output: impl Write,
) -> Result<(), Error> {
    loop {
        let mut line = Vec::new();
        let read = input.by_ref().take(LINE_BYTES as u64 + 1).read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(());
        }
        let answer = match read > LINE_BYTES {
            true => Answer::of(Count(0), refused("a line of more than 64 MiB".to_owned())),
            false => answer(steps, claims, &line),
        };
        let mut text = serde_json::to_vec(&answer)?;
        text.push(b'\n');
        output.write_all(&text)?;
        output.flush()?;
        if read > LINE_BYTES {
            return Ok(()); // where the next line begins is unknown
        }
    }
}
