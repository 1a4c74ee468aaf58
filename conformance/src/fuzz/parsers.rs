//! Bytes and texts from outside: a typed error, or a value that is written and read as the same value.

use super::error::{Finding, equal, fails, refused};
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
        let reply = match session::read(line, id) {
            Ok(reply) => reply,
            Err(error) => return refused(error.code(), &error).map(|_| reach),
        };
        let again = Answer::of(Count(id), reply.clone()).reply();
        equal("the answer that is read and written", &Ok(&reply), &again.as_ref().map_err(|what| *what))?;
        if id == 0 {
            let claims = session::claims(reply).map(drop);
            equal("claims that are refused without a word", &false, &(claims == Err(String::new())))?;
        }
        reach = Reach::Ran;
    }
    Ok(reach)
}

/// A frame's header and payload: refused as its fields say, or what is read is written as the same bytes, unless the label
/// is no text; a check of a header against itself passes. [DS-WIRE-4] [DS-WIRE-5]
pub fn frame(bytes: &[u8]) -> Found {
    let read = Header::parse(bytes);
    equal("what is wrong with a frame", &complaint(bytes).as_ref(), &read.as_ref().err())?;
    let (header, payload) = match read {
        Ok(read) => read,
        Err(error) => return refused(error.code(), &error),
    };
    if header.step.contains(char::REPLACEMENT_CHARACTER) {
        return Ok(Reach::Refused);
    }
    let written = [&header.to_bytes(), payload].concat();
    equal("the frame that is read and written", &bytes.to_vec(), &written)?;
    equal("the header's length", &(bytes.len() - payload.len()), &header.to_bytes().len())?;
    let expected = if header.round == 0 { Err(FrameError::Round { found: 0, latest: 0 }) } else { Ok(()) };
    equal("the header against itself", &expected, &header.check(&header))?;
    Ok(Reach::Ran)
}

/// What is wrong with a frame's header, by the places of its fields: the version is byte 0 and is 1, the phase is byte 17 and
/// below 4, the label's length is byte 30, and 8 bytes follow the label. [DS-WIRE-4] [DS-WIRE-5]
fn complaint(bytes: &[u8]) -> Option<FrameError> {
    let field = |place: usize| bytes.get(place).copied();
    match (field(0), field(17), field(30)) {
        (Some(found), ..) if found != 1 => Some(FrameError::Version { found }),
        (_, Some(found), _) if found >= 4 => Some(FrameError::Phase { found }),
        (.., Some(label)) if bytes.len() >= 31 + usize::from(label) + 8 => None,
        _ => Some(FrameError::Cut),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use deepshare_reference::party::{Phase, SessionId};

    /// [DS-WIRE-5]
    #[test]
    fn what_is_wrong_with_a_frame_is_said_by_its_fields() {
        let step = "dcf/deal-keys".to_owned();
        let (session, phase) = (SessionId([7; 16]), Phase::Online);
        let header = Header { session, phase, round: 1, sequence: 2, step, payload_bytes: 3 };
        let right = header.to_bytes();
        let with = |place: usize, byte: u8| {
            let mut frame = right.clone();
            frame[place] = byte;
            complaint(&frame)
        };
        assert_eq!(complaint(&right), None);
        assert_eq!(complaint(&right[..right.len() - 1]), Some(FrameError::Cut));
        assert_eq!(complaint(&[]), Some(FrameError::Cut));
        assert_eq!(complaint(&[2]), Some(FrameError::Version { found: 2 }), "before what is cut off is missed");
        assert_eq!(with(0, 0), Some(FrameError::Version { found: 0 }));
        assert_eq!([with(17, 3), with(17, 4)], [None, Some(FrameError::Phase { found: 4 })]);
        assert_eq!([with(30, 12), with(30, 14)], [None, Some(FrameError::Cut)]);
        assert_eq!(frame(&right), Ok(Reach::Ran));
        assert_eq!(frame(&right[1..]), Ok(Reach::Refused));
    }

    /// An answer that reads back as another one is a finding.
    #[test]
    fn an_answer_has_one_form() {
        let reply = |text: &str| serde_json::from_str::<Answer>(text).map(|answer| answered(&answer));
        assert!(matches!(reply(r#"{"id": 1, "output": {}}"#), Ok(Ok(Reach::Ran))));
        assert!(matches!(reply(r#"{"id": 1, "unsupported": "no"}"#), Ok(Ok(Reach::Refused))));
        let both = reply(r#"{"id": 1, "output": {}, "unsupported": "no"}"#);
        assert!(matches!(both, Ok(Err(Finding::Fails { what: "the answer's form", .. }))), "{both:?}");
    }

    /// What is written of an input has every field of it. [DS-NET-6]
    #[test]
    fn an_input_is_written_with_its_labels() {
        let file = r#"{"format": "deepshare-input/1", "shape": [1, 1, 2], "scale": 3, "images": [["-4", "5"]], "labels": [6]}"#;
        let images = Images::from_json(file).unwrap();
        assert_eq!(Images::from_json(&input_json(&images)), Ok(images));
        assert_eq!(input_file(file.as_bytes()), Ok(Reach::Ran));
        assert_eq!(input_file(b"{"), Ok(Reach::Refused));
    }
}
