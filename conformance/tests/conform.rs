//! `deepshare conform` and `deepshare adapter`: what is printed and written, and how they end. [DS-ADAPT-7]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests stop like the tests themselves"
)]

mod common;

use common::{Ran, deepshare, schema_accepts, text, with_stdin};
use deepshare_conformance::adapter::{PROTOCOL, schema_text};
use deepshare_conformance::vectors::generate::{generate, write};
use serde_json::{Value, json};
use std::path::Path;
use tempfile::TempDir;

/// The reference as an adapter, with options.
fn reference(options: &str) -> String {
    format!("'{}' adapter {options}", env!("CARGO_BIN_EXE_deepshare"))
}

fn misbehaving(options: &str) -> String {
    format!("'{}' {options}", env!("CARGO_BIN_EXE_adapter-that-misbehaves"))
}

fn case(topic: &str, name: &str, operation: &str, flags: Value, input: Value) -> Value {
    json!({"id": format!("{topic}/{name}"), "comment": "<b>why</b> & \"how\"", "clauses": ["DS-DRELU-1", "DS-VAL-1"], "flags": flags,
        "level": "plaintext", "operation": operation, "input": input})
}

/// A release of two topics, three cases.
fn release() -> TempDir {
    let owned = TempDir::new().unwrap();
    let drelu = |step, x| json!({"width": 8, "step": step, "semantics": "ring", "x": x});
    let cut = json!({"width": 8, "semantics": "ring", "shift": 8, "x": ["1"]});
    let notes = json!({"zero": {"text": "The bit of 0 is wrong.", "clause": "DS-DRELU-1"}});
    let files = [
        json!({"topic": "signs", "about": "", "notes": notes, "cases": [
            case("signs", "zero", "drelu", json!(["zero"]), drelu("nonnegative", json!(["-1", "0", "1"]))),
            case("signs", "extremes", "drelu", json!([]), drelu("positive", json!(["-128", "127"])))]}),
        json!({"topic": "cuts", "about": "", "notes": {}, "cases": [
            case("cuts", "too-far", "truncation", json!([]), cut)]}),
    ];
    for file in files {
        let name = format!("{}.json", file["topic"].as_str().unwrap());
        std::fs::write(owned.path().join(name), file.to_string()).unwrap();
    }
    let release = TempDir::new().unwrap();
    write(&generate(owned.path()).unwrap(), release.path()).unwrap();
    release
}

fn conform(release: &TempDir, adapter: &str, more: &[&str]) -> Ran {
    let arguments = ["conform", "--vectors", text(release.path()), "--adapter", adapter];
    deepshare(&[&arguments[..], more].concat())
}

#[test]
fn the_reference_earns_everything() {
    let release = release();
    let report = conform(&release, &reference(""), &[]).success();
    assert!(report.contains("3 passed, 0 failed, 0 skipped"), "{report}");
    assert!(report.contains("earned     levels: plaintext; topics: signs, cuts"), "{report}");
    let manifest = std::fs::read(release.path().join("manifest.json")).unwrap();
    let digest = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(manifest));
    assert!(report.contains(&digest), "the report does not name its release: {report}");
    let some = conform(&release, &reference(""), &["--topic", "signs"]).success();
    assert!(some.contains("2 passed") && some.contains("not judged"), "{some}");
}

#[test]
fn a_fault_is_told_so_that_it_is_found() {
    let ran = conform(&release(), &reference("--fault bit-of-zero"), &[]);
    assert_eq!(ran.code, 1);
    let lines = [
        "signs: 1 case failed; the first:",
        "  case     signs/zero: <b>why</b> & \"how\"",
        "  where    output.bits",
        "  expected \"011\"",
        "  found    \"001\"",
        "  hint     the first bit that differs is bit 1, from 0",
        "  clause   DS-DRELU-1, spec/src/drelu.md",
        "  see also DS-VAL-1",
        "  note     The bit of 0 is wrong. [DS-DRELU-1]",
    ];
    let spaces = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(spaces(&ran.stdout).contains(&spaces(&lines.join("\n"))), "{}", ran.stdout);
    assert!(
        spaces(&ran.stdout).contains("earned topics: cuts failed levels: plaintext; topics: signs"),
        "{}",
        ran.stdout
    );
    let line = "deepshare: error: CONFORMANCE: 1 of 3 cases failed; the first is signs/zero: output.bits: expected \"011\", found \"001\" [DS-DRELU-1] [cli/conformance]\n";
    assert_eq!(ran.stderr, line);
}

#[test]
fn skips_are_counted_with_reasons_and_are_no_success_by_themselves() {
    let release = release();
    let few = misbehaving("few-operations describe");
    let partial = conform(&release, &few, &[]).success();
    assert!(partial.contains("2 cases: not claimed: operation drelu"), "{partial}");
    assert!(
        partial.contains("partial    levels: plaintext") && partial.contains("skipped    topics: signs"),
        "{partial}"
    );
    let nothing = conform(&release, &few, &["--topic", "signs"]);
    assert_eq!(nothing.code, 1);
    assert!(nothing.stderr.contains("nothing passed: 2 cases skipped [cli/conformance]"), "{}", nothing.stderr);
}

#[test]
fn the_json_report_follows_its_schema() {
    let release = release();
    for (adapter, code) in [
        (reference(""), 0),
        (reference("--fault bit-of-zero"), 1),
        (misbehaving("few-operations describe"), 0),
        (misbehaving("die drelu"), 1),
    ] {
        let ran = conform(&release, &adapter, &["--json"]);
        assert_eq!((ran.code, ran.stdout.lines().count()), (code, 1), "{}", ran.stderr);
        let report: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert!(schema_accepts("conform.schema.json", &report), "{report}");
        let mut other = report.clone();
        other["topics"][0]["cases"][0]["verdict"] = json!("acceptable");
        assert!(!schema_accepts("conform.schema.json", &other));
    }
}

/// The values of an attribute in all elements of a name, in order.
fn attributes<'a>(xml: &'a str, element: &str, attribute: &str) -> Vec<&'a str> {
    let elements = xml.split('<').filter(|part| part.starts_with(&format!("{element} ")));
    let value = |part: &'a str| Some(part.split_once(&format!(" {attribute}=\""))?.1.split_once('"')?.0);
    elements.filter_map(value).collect()
}

#[test]
fn junit_has_a_suite_for_each_topic_and_a_test_for_each_case() {
    let (release, out) = (release(), TempDir::new().unwrap());
    let file = out.path().join("report.xml");
    let xml = |adapter: &str| {
        conform(&release, adapter, &["--junit", text(&file)]);
        std::fs::read_to_string(&file).unwrap()
    };
    let fault = xml(&reference("--fault bit-of-zero"));
    assert!(fault.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"), "{fault}");
    assert_eq!(attributes(&fault, "testsuite", "name"), ["signs", "cuts"]);
    assert_eq!(attributes(&fault, "testsuite", "failures"), ["1", "0"]);
    assert_eq!(attributes(&fault, "testcase", "name"), ["zero", "extremes", "too-far"]);
    assert_eq!(attributes(&fault, "testcase", "classname"), ["deepshare.signs", "deepshare.signs", "deepshare.cuts"]);
    assert_eq!(attributes(&fault, "testcase", "time").len(), 3);
    assert_eq!(attributes(&fault, "failure", "type"), ["output"]);
    assert!(attributes(&fault, "failure", "message")[0].ends_with("[DS-DRELU-1]"));
    assert!(fault.contains("The bit of 0 is wrong.") && !fault.contains("<b>"), "{fault}");
    let skipped = xml(&misbehaving("few-operations describe"));
    assert_eq!(attributes(&skipped, "skipped", "message"), ["not claimed: operation drelu"; 2]);
    assert_eq!(attributes(&xml(&misbehaving("die drelu")), "error", "type"), ["adapter/crash"; 2]);
}

#[test]
fn the_page_needs_nothing_from_elsewhere() {
    let (release, out) = (release(), TempDir::new().unwrap());
    let file = out.path().join("report.html");
    conform(
        &release,
        &reference("--fault bit-of-zero"),
        &["--html", text(&file), "--spec-url", "https://x.invalid/{chapter}.html"],
    );
    let page = std::fs::read_to_string(&file).unwrap();
    for wrong in ["<script", "<link", "<img", " src=", "url(", "@import", " on", "<b>why"] {
        let outside_words = page.replace("only ", "").replace(" on ", "");
        assert!(!outside_words.contains(wrong), "{wrong}");
    }
    assert!(page.contains("name=\"viewport\"") && page.contains("prefers-color-scheme: dark"));
    assert!(page.contains("&lt;b&gt;why&lt;/b&gt;"));
    assert!(page.contains("<a href=\"https://x.invalid/drelu.html#:~:text=%5BDS%2DDRELU%2D1%5D\">DS-DRELU-1</a>"));
    assert_eq!(page.matches("<details class=\"case passed\" id=").count(), 2);
    assert_eq!(page.matches("<details class=\"case failed\" id=\"signs/zero\" open>").count(), 1);
    assert!(page.contains("#t-signs:checked~main>.topic:not(#signs){display:none}"));
}

#[test]
fn what_cannot_be_tested_is_one_clear_line() {
    let release = release();
    let rejected = |adapter: &str, more: &[&str]| conform(&release, adapter, more).rejected();
    let nowhere = rejected("no/such/adapter --x", &[]);
    assert_eq!(nowhere, "--adapter no/such/adapter --x: cannot be started: there is no such program [adapter/start]");
    #[cfg(unix)]
    {
        let manifest = release.path().join("manifest.json");
        let plain = rejected(text(&manifest), &[]);
        assert!(plain.ends_with("make it so (chmod +x), or name its interpreter [adapter/start]"), "{plain}");
        let folder = rejected(text(release.path()), &[]);
        assert!(folder.contains("cannot be started: this is a directory"), "{folder}");
        let script = release.path().join("script");
        std::fs::write(&script, "print(1)").unwrap();
        std::fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let script = rejected(text(&script), &[]);
        assert!(script.contains("a script begins with a line such as #!"), "{script}");
    }
    let dies = rejected(&misbehaving("die-loudly describe"), &[]);
    assert!(dies.contains("does not describe itself: the adapter ended with exit code 3"), "{dies}");
    assert!(dies.ends_with("it wrote on standard error: out of \\u{7}memory [adapter/described]"), "{dies}");
    assert!(rejected("'", &[]).contains("a quote is not closed"));
    assert!(rejected("x", &["--timeout", "0"]).contains("give seconds"));
    assert!(rejected("x", &["--topic", "sines"]).contains("there are cuts, signs [cli/argument]"));
    let file = TempDir::new().unwrap().path().join("gone/report.html");
    let ran = conform(&release, &reference(""), &["--html", text(&file)]);
    assert!(ran.code == 2 && ran.stderr.contains("[file/unwritable]"), "{}", ran.stderr);
    std::fs::write(release.path().join("cuts.json"), "{").unwrap();
    assert!(rejected("x", &[]).ends_with("[vectors/digest]"));
}

/// [DS-ADAPT-1]
#[test]
fn the_reference_answers_lines_until_its_input_ends() {
    let line = r#"{"id": 3, "operation": "describe", "input": {}}"#;
    let answer = with_stdin(&["adapter"], line.as_bytes()).json();
    assert_eq!((&answer["id"], &answer["output"]["protocol"]), (&json!(3), &json!(PROTOCOL)));
    assert!(schema_accepts("adapter.schema.json", &answer), "{answer}");
    let fault = with_stdin(&["adapter", "--fault", "bit-of-zero"], line.as_bytes()).json();
    assert_eq!(fault["output"]["name"], "deepshare reference with the fault bit-of-zero");
    assert_eq!(deepshare(&["adapter"]).success(), "");
    let faults = deepshare(&["adapter", "--list-faults"]).success();
    assert!(faults.lines().any(|line| line.starts_with("bit-of-zero ") && line.contains(" DS-DRELU-1 ")), "{faults}");
    assert!(deepshare(&["adapter", "--fault", "none"]).rejected().contains("--list-faults"));
}

#[test]
fn the_schema_of_adapters_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/schema/adapter.schema.json");
    let remedy = "run `deepshare adapter --schema > spec/schema/adapter.schema.json`";
    assert!(std::fs::read_to_string(path).unwrap() == schema_text(), "{remedy}");
    assert_eq!(deepshare(&["adapter", "--schema"]).success(), schema_text());
}

/// [DS-ADAPT-3]
#[test]
fn the_schema_of_adapters_accepts_requests_and_answers_alone() {
    for line in [
        json!({"id": 0, "operation": "describe", "input": {}}),
        json!({"id": 1, "output": {}, "steps": {"a": 1}}),
        json!({"id": 1, "error": {"code": "x", "at": {"layer": 1}, "message": ""}, "output": {}}),
        json!({"id": 1, "unsupported": "why"}),
    ] {
        assert!(schema_accepts("adapter.schema.json", &line), "{line}");
    }
    for line in [
        json!({"id": 1}),
        json!({"id": -1, "output": {}}),
        json!({"id": 1, "output": []}),
        json!({"id": 1, "output": {}, "unsupported": "why"}),
        json!({"id": 1, "error": {"code": "x", "where": {}}}),
        json!({"id": 1, "operation": "drelu", "input": {}, "hint": 1}),
        json!({"output": {}}),
    ] {
        assert!(!schema_accepts("adapter.schema.json", &line), "{line}");
    }
}

/// An adapter whose reader has gone ends, and says nothing.
#[test]
fn an_adapter_that_nobody_reads_is_no_error() {
    use std::io::Write;
    use std::process::Stdio;
    let mut adapter = common::command(&["adapter"]);
    let mut child = adapter.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    child.stdin.take().unwrap().write_all(b"{\"id\": 1, \"operation\": \"describe\"}\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}
