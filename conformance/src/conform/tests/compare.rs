//! Comparison of answers with cases: what passes, and where the first difference of what fails is told. [DS-ADAPT-4]
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests stop like the tests themselves"
)]

use crate::adapter::protocol::{Answer, Reply};
use crate::conform::{Failure, Kind, Verdict, compare};
use crate::operations;
use crate::steps::Right;
use crate::vectors::case::Case;
use deepshare_reference::party::frame::Header;
use deepshare_reference::party::{Phase, SessionId};
use serde_json::{Value, json};

fn case(operation: &str, input: Value, steps: Value, expect: Value) -> Case {
    let case = json!({"id": "t/a", "comment": "", "clauses": ["DS-TRUNC-1", "DS-VAL-1"], "flags": [], "level": "plaintext",
        "operation": operation, "input": input, "steps": steps, "expect": expect});
    serde_json::from_value(case).unwrap()
}

fn reply(mut answer: Value) -> Reply {
    answer["id"] = json!(0);
    serde_json::from_value::<Answer>(answer).unwrap().reply().unwrap()
}

fn verdict(case: &Case, answer: Value) -> Verdict {
    compare(case, &reply(answer), true)
}

fn failure(case: &Case, answer: Value) -> Failure {
    match verdict(case, answer) {
        Verdict::Failed(failure) => *failure,
        other => panic!("{other:?}"),
    }
}

fn truncation() -> Case {
    let input = json!({"width": 8, "semantics": "ring", "shift": 1, "x": ["-7", "6"]});
    let steps = json!([{"name": "low bits", "clause": "DS-CARRY-1", "value": "10"},
        {"name": "sums", "clause": "DS-TRUNC-1", "value": ["1", "2"]}]);
    case("truncation", input, steps, json!({"output": {"y": ["-4", "3"]}}))
}

#[test]
fn an_output_that_is_equal_passes_with_and_without_steps() {
    let case = truncation();
    let output = json!({"y": ["-4", "3"]});
    for steps in [json!({}), json!({"sums": ["1", "2"], "low bits": "10"}), json!({"of my own": 7})] {
        assert_eq!(verdict(&case, json!({"output": output, "steps": steps})), Verdict::Passed);
    }
    let input = json!({"width": 8, "semantics": "ring", "shift": 1, "x": ["-7", "6"]});
    let reference = operations::run(&Right, "truncation", input).into();
    assert_eq!(compare(&case, &reference, true), Verdict::Passed);
}

#[test]
fn the_first_step_of_the_case_that_differs_is_told_with_its_clause() {
    let steps = json!({"sums": ["1", "3"], "low bits": "01"});
    let found = failure(&truncation(), json!({"output": {"y": ["0", "0"]}, "steps": steps}));
    assert_eq!(
        (found.kind, found.place.as_str(), found.clause.as_str()),
        (Kind::Step, "step \"low bits\"", "DS-CARRY-1")
    );
    let found = failure(&truncation(), json!({"output": {"y": ["-4", "3"]}, "steps": {"sums": ["1", "3"]}}));
    assert_eq!((found.place.as_str(), found.clause.as_str()), ("step \"sums\", at [1]", "DS-TRUNC-1"));
    assert_eq!((found.expected.as_str(), found.found.as_str()), ("\"2\"", "\"3\""));
}

#[test]
fn a_wrong_output_is_told_by_its_place_in_both_forms() {
    let found = failure(&truncation(), json!({"output": {"y": ["-3", "3"]}}));
    assert_eq!((found.kind, found.place.as_str(), found.clause.as_str()), (Kind::Output, "output.y[0]", "DS-TRUNC-1"));
    assert_eq!(found.hints[0], "expected: integer -4, element 252, bytes fc");
    assert_eq!(found.to_string(), "output.y[0]: expected \"-4\", found \"-3\" [DS-TRUNC-1]");
    for output in [json!({"y": ["-4"]}), json!({}), json!({"y": ["-4", "3"], "z": 1}), json!({"y": [-4, 3]})] {
        assert_eq!(failure(&truncation(), json!({ "output": output })).kind, Kind::Output, "{output}");
    }
}

#[test]
fn unsupported_is_a_skip_with_its_reason() {
    let skipped = Verdict::Skipped("unsupported: no \\u{7} shifts".to_owned());
    assert_eq!(verdict(&truncation(), json!({"unsupported": "no \u{7} shifts"})), skipped);
}

/// [DS-ADAPT-5]
#[test]
fn errors_are_compared_by_code_and_under_the_profile_by_place() {
    let expect = json!({"error": {"code": "plan/alpha-out-of-range", "at": {"layer": 1, "channel": 2}}});
    let case = case("plan", json!({"text": ""}), json!([]), expect);
    let right =
        json!({"error": {"code": "plan/alpha-out-of-range", "at": {"channel": 2, "layer": 1}, "message": "any"}});
    assert_eq!(verdict(&case, right), Verdict::Passed);

    let nowhere = json!({"error": {"code": "plan/alpha-out-of-range"}});
    assert_eq!(compare(&case, &reply(nowhere.clone()), false), Verdict::Passed);
    let found = failure(&case, nowhere);
    assert_eq!((found.kind, found.place.as_str(), found.found.as_str()), (Kind::Position, "error.at.layer", "nothing"));

    let other = failure(&case, json!({"error": {"code": "plan/beta-out-of-range", "message": "beta is 9"}}));
    assert_eq!((other.kind, other.expected.as_str()), (Kind::Error, "plan/alpha-out-of-range"));
    assert_eq!(other.hints, ["the adapter says: beta is 9"]);
    assert_eq!(failure(&case, json!({"output": {}})).hints, ["an input that must be rejected is accepted"]);
    let error = failure(&truncation(), json!({"error": {"code": "adapter/request", "message": "x"}}));
    assert!(error.kind == Kind::Error && error.hints[0].contains("cannot read the request"), "{error:?}");
}

/// Bytes of elements are read as such, where the case says how they stand.
#[test]
fn bytes_of_a_case_about_packing_are_read_as_elements() {
    let hints = |input: Value| {
        let case = case("pack", input, json!([]), json!({"output": {"bytes": "bc3a12"}}));
        failure(&case, json!({"output": {"bytes": "bc3a13"}})).hints
    };
    let place = "the first byte that differs is byte 2, from 0";
    let read = |width, found| format!("read as elements of k = {width}: element 1 is {found}");
    assert_eq!(hints(json!({"width": 12})), [place.to_owned(), read(12, "291 (291), found 307 (307)")]);
    assert_eq!(hints(json!({"width": 16, "shift": 4})), [place.to_owned(), read(16, "4656 (4656), found 4912 (4912)")]);
    for none in [json!({}), json!({"width": 12, "shift": 12}), json!({"width": 12, "shift": 13}), json!({"width": 65})]
    {
        assert_eq!(hints(none.clone()), [place], "{none}");
    }
}

/// A frame of the session 5a..5a, hexadecimal.
fn frame(label: &str, round: u32, sequence: u64, payload: &[u8]) -> String {
    let session = SessionId([0x5a; 16]);
    let payload_bytes = payload.len() as u64;
    let header = Header { session, phase: Phase::Online, round, sequence, step: label.to_owned(), payload_bytes };
    hex::encode([header.to_bytes().as_slice(), payload].concat())
}

fn step(name: &str, frame: &str, payload: Value) -> Value {
    let mut value = payload;
    value["frame"] = json!(frame);
    json!({"name": name, "clause": "DS-GMW-4", "value": value})
}

fn to(receiver: &str, frame: &str) -> Value {
    json!({"to": receiver, "frame": frame})
}

/// Three frames of a server, two of them to the client.
fn party(error: bool) -> (Case, [String; 3]) {
    let delta = frame("apply/delta", 2, 0, &[0b101]);
    let key = frame("deal", 1, 0, &[7]);
    let epsilon = frame("apply/epsilon", 2, 1, &[0xbc, 0x3a, 0x12]);
    let steps = json!([
        step("0 to client apply/delta", &delta, json!({"bits": "101"})),
        step("1 to trusted deal", &key, json!({})),
        step("2 to client apply/epsilon", &epsilon, json!({"width": 12, "shift": 0, "elements": ["2748", "291"]}))
    ]);
    let outgoing = json!([to("client", &delta), to("trusted", &key), to("client", &epsilon)]);
    let expect = match error {
        true => json!({"error": {"code": "party/closed", "at": {"from": "client"}}, "output": {"outgoing": outgoing}}),
        false => json!({"output": {"outgoing": outgoing, "outputs": [["3"]]}}),
    };
    (case("party", json!({"backend": "gmw"}), steps, expect), [delta, key, epsilon])
}

#[test]
fn frames_are_compared_for_each_receiver_by_itself() {
    let (case, [delta, key, epsilon]) = party(false);
    let answer = |outgoing: Vec<Value>| json!({"output": {"outgoing": outgoing, "outputs": [["3"]]}});
    let right = [to("client", &delta), to("client", &epsilon), to("trusted", &key)];
    assert_eq!(verdict(&case, answer(right.to_vec())), Verdict::Passed);

    let swapped = failure(&case, answer(vec![to("client", &epsilon), to("client", &delta), to("trusted", &key)]));
    assert_eq!((swapped.kind, swapped.clause.as_str()), (Kind::Frame, "DS-GMW-4"));
    assert_eq!(swapped.place, "step \"0 to client apply/delta\", label");
    assert_eq!((swapped.expected.as_str(), swapped.found.as_str()), ("\"apply/delta\"", "\"apply/epsilon\""));
    assert_eq!(swapped.hints, ["another step's frame was sent here"]);
    let missing = failure(&case, answer(right[..2].to_vec()));
    assert_eq!((missing.place.as_str(), missing.expected.as_str()), ("step \"1 to trusted deal\"", "this frame"));
    let more = failure(&case, answer([&right[..], &[to("trusted", &key)]].concat()));
    assert_eq!((more.place.as_str(), more.found.as_str()), ("frames to trusted", "a frame of step \"deal\""));
    let unreadable = failure(&case, answer([&right[..], &[to("client", "zz")]].concat()));
    assert_eq!(
        (unreadable.place.as_str(), unreadable.found.as_str()),
        ("frames to client", "a frame that cannot be read")
    );
    // a step that is wrong, too, comes after the frames
    for frames in [[&right[..], &[to("client", "zz")]].concat(), vec![to("client", &epsilon)]] {
        let mut both = answer(frames);
        both["steps"] = json!({"0 to client apply/delta": {}});
        assert_eq!(failure(&case, both).kind, Kind::Frame);
    }
    let output = failure(&case, json!({"output": {"outgoing": right, "outputs": [["4"]]}}));
    assert_eq!((output.kind, output.place.as_str()), (Kind::Output, "output.outputs[0][0]"));
    let unreadable = failure(&case, json!({"output": {"outgoing": [{"to": "client"}], "outputs": [["3"]]}}));
    assert_eq!(unreadable.place, "output.outgoing");
}

#[test]
fn a_frame_that_differs_is_decoded() {
    let (case, [delta, key, epsilon]) = party(false);
    let of = |frame: &str| {
        let outgoing = json!([to("client", &delta), to("trusted", &key), to("client", frame)]);
        failure(&case, json!({"output": {"outgoing": outgoing, "outputs": [["3"]]}}))
    };
    let round = of(&frame("apply/epsilon", 3, 1, &[0xbc, 0x3a, 0x12]));
    assert_eq!(round.place, "step \"2 to client apply/epsilon\", header field `round`");
    assert_eq!((round.expected.as_str(), round.clause.as_str()), ("2 (bytes 02000000)", "DS-COST-3"));
    assert_eq!((round.found.as_str(), round.hints.len()), ("3 (bytes 03000000)", 0));
    let round = of(&frame("apply/epsilon", 0x0403_0201, 1, &[0xbc, 0x3a, 0x12]));
    assert_eq!(round.found, "67305985 (bytes 01020304)");
    let big_endian = of(&epsilon.replace("02000000", "00000002"));
    assert_eq!(big_endian.clause, "DS-WIRE-4");
    assert!(big_endian.hints.iter().any(|hint| hint.contains("little-endian")), "{big_endian:?}");
    let sequence = of(&frame("apply/epsilon", 2, 2, &[0xbc, 0x3a, 0x12]));
    assert!(sequence.place.ends_with("`sequence`") && sequence.clause == "DS-WIRE-4");
    let payload = of(&frame("apply/epsilon", 2, 1, &[0xbc, 0x3a, 0x13]));
    assert!(payload.place.ends_with(", payload") && payload.clause == "DS-GMW-4", "{payload:?}");
    let element = "read as elements of k = 12: element 1 is 291 (291), found 307 (307)";
    assert!(payload.hints.iter().any(|hint| hint == element), "{payload:?}");
    let longer = of(&frame("apply/epsilon", 2, 1, &[0xbc, 0x3a, 0x12, 0]));
    assert!(longer.place.ends_with("`payload length`") && longer.clause == "DS-GMW-4");
    assert_eq!(
        (longer.expected.as_str(), longer.found.as_str()),
        ("3 (bytes 0300000000000000)", "4 (bytes 0400000000000000)")
    );
    for unreadable in ["01", "zz"] {
        let cut = of(unreadable);
        assert_eq!((cut.place.as_str(), cut.clause.as_str()), ("step \"2 to client apply/epsilon\"", "DS-WIRE-4"));
        assert!(
            cut.hints.iter().any(|hint| hint.ends_with("cut off inside its header, or no string of bytes")),
            "{cut:?}"
        );
    }
}

/// Version, session and phase stand in the bytes 0, 1 to 16, and 17.
#[test]
fn each_field_of_a_header_is_told_with_its_clause() {
    let (case, [delta, key, epsilon]) = party(false);
    let of = |byte: usize, value: &str| {
        let mut frame = epsilon.clone();
        frame.replace_range(2 * byte..2 * byte + 2, value);
        let outgoing = json!([to("client", &delta), to("trusted", &key), to("client", &frame)]);
        failure(&case, json!({"output": {"outgoing": outgoing, "outputs": [["3"]]}}))
    };
    let told = |failure: &Failure| (failure.place.rsplit_once(", ").unwrap().1.to_owned(), failure.clause.clone());
    let field = |name: &str, clause: &str| (format!("header field `{name}`"), clause.to_owned());
    let version = of(0, "09");
    assert_eq!((told(&version), version.found.as_str()), (field("version", "DS-WIRE-4"), "9"));
    let session = of(16, "5b");
    assert_eq!(told(&session), field("session", "DS-WIRE-4"));
    assert_eq!(
        (session.expected.as_str(), session.found.as_str()),
        ("5a".repeat(16).as_str(), format!("{}5b", "5a".repeat(15)).as_str())
    );
    assert_eq!(session.hints, ["the first byte that differs is byte 15, from 0"]);
    let phase = of(17, "07");
    assert_eq!((told(&phase), phase.found.as_str()), (field("phase", "DS-COST-2"), "7"));
}

#[test]
fn a_payload_that_differs_is_read_as_bits_or_elements() {
    let (mut case, [delta, key, epsilon]) = party(false);
    let wrong = frame("apply/delta", 2, 0, &[0b1]);
    let answer = |frames: [&str; 3]| {
        let outgoing = json!([to("client", frames[0]), to("trusted", frames[1]), to("client", frames[2])]);
        json!({"output": {"outgoing": outgoing, "outputs": [["3"]]}})
    };
    let bits = failure(&case, answer([&wrong, &key, &epsilon]));
    assert_eq!((bits.expected.as_str(), bits.found.as_str()), ("05", "01"));
    assert_eq!(bits.hints, ["the first byte that differs is byte 0, from 0", "it is bit 2 of the payload, from 0"]);
    case.steps[1].value["bits"] = json!("1110000010000000");
    let told = |payload: &[u8]| failure(&case, answer([&delta, &frame("deal", 1, 0, payload), &epsilon])).hints;
    assert!(told(&[7 ^ 0b1010]).iter().any(|hint| hint == "it is bit 1 of the payload, from 0"));
    let wrong = frame("apply/epsilon", 2, 1, &[0xbc, 0x3a, 0x13]);
    let bytes = failure(&case, answer([&delta, &key, &wrong]));
    assert!(!bytes.hints.iter().any(|hint| hint.contains("it is bit")), "{bytes:?}");
    case.steps[2].value["width"] = json!(16);
    case.steps[2].value["shift"] = json!(4);
    let shifted = failure(&case, answer([&delta, &key, &wrong]));
    let element = "read as elements of k = 16: element 1 is 4656 (4656), found 4912 (4912)";
    assert!(shifted.hints.iter().any(|hint| hint == element), "{shifted:?}");
    case.steps.clear();
    assert_eq!(failure(&case, answer([&delta, &key, &wrong])).place, "frame 2 to client, payload");
}

#[test]
fn frames_before_an_error_are_compared_too() {
    let (case, [delta, key, epsilon]) = party(true);
    let answer = |code: &str, outgoing: Value| json!({"error": {"code": code, "at": {"from": "client"}}, "output": {"outgoing": outgoing}});
    let all = json!([to("client", &delta), to("trusted", &key), to("client", &epsilon)]);
    let few = json!([to("client", &delta)]);
    assert_eq!(verdict(&case, answer("party/closed", all.clone())), Verdict::Passed);
    assert_eq!(failure(&case, answer("frame/cut", few.clone())).kind, Kind::Error);
    assert_eq!(failure(&case, answer("party/closed", few)).place, "step \"1 to trusted deal\"");
    assert_eq!(failure(&case, json!({"output": {"outgoing": all, "outputs": [["3"]]}})).kind, Kind::Error);
    let mut more = all.as_array().unwrap().clone();
    more.push(to("client", &frame("output", 3, 2, &[1])));
    let went_on = failure(&case, json!({"output": {"outgoing": more, "outputs": [["3"]]}}));
    assert_eq!((went_on.kind, went_on.expected.as_str()), (Kind::Error, "the error party/closed"));
    for code in ["party/closed", "frame/cut"] {
        assert_eq!(failure(&case, answer(code, json!(more))).found, "a frame of step \"output\"", "{code}");
    }
    let nothing = failure(&case, json!({"error": {"code": "party/closed", "at": {"from": "client"}}}));
    assert_eq!((nothing.kind, nothing.place.as_str()), (Kind::Frame, "step \"0 to client apply/delta\""));
}

#[test]
fn answers_have_exactly_one_form() {
    for wrong in [
        json!({"id": 0}),
        json!({"id": 0, "output": {}, "unsupported": "x"}),
        json!({"id": 0, "error": {"code": "x"}, "unsupported": "x"}),
    ] {
        assert!(serde_json::from_value::<Answer>(wrong.clone()).unwrap().reply().is_err(), "{wrong}");
    }
    for wrong in [
        r#"{"output": {}}"#,
        r#"{"id": "0", "output": {}}"#,
        r#"{"id": 0, "output": []}"#,
        r#"{"id": 0, "output": null}"#,
        r#"{"id": 0, "output": {}, "error": null}"#,
        r#"{"id": 0, "output": {"y": [{"a": 1, "a": 1}]}}"#,
        r#"{"id": 0, "output": {}, "id": 0}"#,
        r#"{"id": 0, "output": {}, "surprise": 1}"#,
        r#"{"id": 0, "error": {"code": "x", "where": {}}}"#,
        r#"{"id": 0, "output": {}, "steps": []}"#,
    ] {
        assert!(serde_json::from_str::<Answer>(wrong).is_err(), "{wrong}");
    }
}
