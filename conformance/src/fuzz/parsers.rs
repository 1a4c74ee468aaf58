//! Bytes and texts from outside: a typed error, or a value that is written and read as the same value.

use super::error::{Finding, equal, fails};
use super::{Found, Reach};
use crate::adapter::protocol::{Answer, ReplyResult};
use crate::adapter::serve;
use crate::conform::session;
use crate::printable::Name;
use crate::steps::Right;
use crate::vectors::canonical;
use crate::vectors::file::VectorFile;
use crate::vectors::types::Count;
use deepshare_reference::network::{Images, Network};
use deepshare_reference::party::frame::{FrameError, Header};
use deepshare_reference::plan::Plan;
use serde::Serialize;
use serde_json::json;

/// The bytes as text, if they are UTF-8; a file that is not has an error before anybody reads it. [DS-FILE-1]
fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

/// What is refused has an error with a code and a message, neither of them empty. [DS-FILE-1]
fn refused(code: &str, error: &impl std::fmt::Display) -> Found {
    let message = error.to_string();
    equal("an error without a code or a message", &[false; 2], &[code, &message].map(str::is_empty))?;
    Ok(Reach::Refused)
}

/// A plan file. [DS-PLAN-9]
pub fn plan_file(bytes: &[u8]) -> Found {
    let Some(text) = text(bytes) else { return Ok(Reach::Refused) };
    let plan = match Plan::from_json(text) {
        Ok(plan) => plan,
        Err(error) => return refused(error.code(), &error),
    };
    let again = Plan::from_json(&plan.to_json()).map_err(fails("reading the plan that was written"))?;
    equal("the plan that is written and read", &plan, &again)?;
    equal("its file", &plan.to_json(), &again.to_json())?;
    Ok(Reach::Ran)
}

/// A network file. [DS-NET-4]
pub fn network_file(bytes: &[u8]) -> Found {
    let Some(text) = text(bytes) else { return Ok(Reach::Refused) };
    let network = match Network::from_json(text) {
        Ok(network) => network,
        Err(error) => return refused(error.code(), &error),
    };
    let again = Network::from_json(&network.to_json()).map_err(fails("reading the network that was written"))?;
    equal("the network that is written and read", &network, &again)?;
    equal("its file", &network.to_json(), &again.to_json())?;
    Ok(Reach::Ran)
}

/// An input file: each image has the elements that its shape says, and what is read is written here as a file that reads as
/// the same. [DS-NET-6]
pub fn input_file(bytes: &[u8]) -> Found {
    let Some(text) = text(bytes) else { return Ok(Reach::Refused) };
    let images = match Images::from_json(text) {
        Ok(images) => images,
        Err(error) => return refused(error.code(), &error),
    };
    let found = images.images.iter().map(Vec::len).find(|&len| len != images.shape.elements());
    equal("an image of another size", &None, &found)?;
    let again = Images::from_json(&input_json(&images)).map_err(fails("reading the input that was written"))?;
    equal("the input that is written and read", &images, &again)?;
    Ok(Reach::Ran)
}

/// An input file; the reference reads such files, and writes none.
fn input_json(of: &Images) -> String {
    let shape = [of.shape.channels(), of.shape.height(), of.shape.width()];
    let number = |x: &i64| x.to_string();
    let images: Vec<Vec<String>> = of.images.iter().map(|image| image.iter().map(number).collect()).collect();
    let mut file = json!({"format": "deepshare-input/1", "shape": shape, "scale": of.scale, "images": images});
    if let (Some(labels), Some(fields)) = (&of.labels, file.as_object_mut()) {
        fields.insert("labels".to_owned(), json!(labels));
    }
    file.to_string()
}

/// A vector file. [DS-VEC-9]
pub fn vector_file(bytes: &[u8]) -> Found {
    let name = Name::from("the file");
    let Some(text) = text(bytes) else { return Ok(Reach::Refused) };
    let file = match VectorFile::parse(&name, text) {
        Ok(file) => file,
        Err(error) => return refused(error.code(), &error),
    };
    let written = canonical::text(&value(&file)?);
    let again = VectorFile::parse(&name, &written).map_err(fails("reading the vectors that were written"))?;
    equal("the vectors that are written and read", &file, &again)?;
    equal("their file", &written, &canonical::text(&value(&again)?))?;
    Ok(Reach::Ran)
}

fn value(of: &impl Serialize) -> Result<serde_json::Value, Finding> {
    serde_json::to_value(of).map_err(fails("writing"))
}

/// A line to an adapter: a request that is written as the same request, or an answer that says what is wrong with it and
/// reads back. [DS-ADAPT-1] [DS-ADAPT-3]
pub fn adapter_line(bytes: &[u8]) -> Found {
    match serve::read(bytes) {
        Ok(request) => {
            let written = serde_json::to_vec(&request).map_err(fails("writing the request"))?;
            equal("the request that is written and read", &Ok(request), &serve::read(&written))?;
            Ok(Reach::Ran)
        }
        Err(answer) => answered(&answer),
    }
}

/// A request to an adapter, carried out: it has one answer, whose line reads back. [DS-ADAPT-1] [DS-ADAPT-3]
pub fn operations(bytes: &[u8]) -> Found {
    answered(&serve::answer(&Right, &serve::described(None), bytes))
}

/// An answer that is written reads back.
fn answered(answer: &Answer) -> Found {
    let line = serde_json::to_vec(answer).map_err(fails("writing the answer"))?;
    let again: Answer = serde_json::from_slice(&line).map_err(fails("reading the answer that was written"))?;
    equal("the answer that is written and read", answer, &again)?;
    match again.reply().map_err(fails("the answer's form"))?.result {
        ReplyResult::Output(_) => Ok(Reach::Ran),
        _ => Ok(Reach::Refused),
    }
}

/// Lines from an adapter, of which the first claims what it can: the harness says why a line is no answer and reads no
/// further, or reads one that is written as the same answer. [DS-ADAPT-3] [DS-ADAPT-6]
pub fn adapter_stream(bytes: &[u8]) -> Found {
    let mut reach = Reach::Refused;
    for (id, line) in (0_u64..).zip(bytes.split(|&byte| byte == b'\n')) {
        let Ok(reply) = session::read(line, id) else { break };
        let again = Answer::of(Count(id), reply.clone()).reply();
        equal("the answer that is read and written", &Ok(&reply), &again.as_ref().map_err(|what| *what))?;
        if id == 0 {
            let _ = session::claims(reply); // a typed error, or claims
        }
        reach = Reach::Ran;
    }
    Ok(reach)
}

/// A frame's header and payload: what is read is written as the same bytes, unless the label is no text; a check of a
/// header against itself passes. [DS-WIRE-4] [DS-WIRE-5]
pub fn frame(bytes: &[u8]) -> Found {
    match Header::parse(bytes) {
        Ok((header, payload)) if !header.step.contains(char::REPLACEMENT_CHARACTER) => {
            let written = [&header.to_bytes(), payload].concat();
            equal("the frame that is read and written", &bytes.to_vec(), &written)?;
            equal("the header's length", &(bytes.len() - payload.len()), &header.to_bytes().len())?;
            let expected = if header.round == 0 { Err(FrameError::Round { found: 0, latest: 0 }) } else { Ok(()) };
            equal("the header against itself", &expected, &header.check(&header))?;
            Ok(Reach::Ran)
        }
        Ok(_) | Err(FrameError::Cut | FrameError::Version { .. } | FrameError::Phase { .. }) => Ok(Reach::Refused),
        Err(error) => Err(fails("reading a header")(error)),
    }
}
