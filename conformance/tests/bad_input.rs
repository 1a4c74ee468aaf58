//! Every class of bad file: exit code 2, one line that names file, place and rule, and nothing written.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests stop like the tests themselves"
)]

mod common;

use common::{Ran, deepshare, model, text, with_stdin};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Ways to hand a file to the command. `FILE` stands for it, `OUT` for an output file that must not appear.
const NETWORK: [&[&str]; 4] = [
    &["network", "check", "FILE"],
    &["network", "show", "FILE"],
    &["network", "public", "FILE", "--output", "OUT"],
    &["plan", "make", "stage", "--network", "FILE", "--output", "OUT"],
];
const RUN: &[&str] = &["run", "--network", "FILE", "--input", "IMAGES", "--json"];
const PLAN: [&[&str]; 3] = [&["plan", "check", "FILE"], &["plan", "count", "FILE"], &["transcript", "--plan", "FILE"]];
const INPUT: [&[&str]; 2] = [
    &["run", "--network", "NETWORK", "--input", "FILE"],
    &[
        "plan",
        "make",
        "agreement",
        "--prototypes",
        "1",
        "--network",
        "NETWORK",
        "--calibration",
        "FILE",
        "--output",
        "OUT",
    ],
];

fn run(arguments: &[&str], file: &Path, folder: &TempDir) -> Ran {
    let (network, images) = (model("digits-shared.json"), model("digits-test.json"));
    let out = folder.path().join("out.json");
    let replaced: Vec<&str> = arguments
        .iter()
        .map(|argument| match *argument {
            "FILE" => text(file),
            "OUT" => text(&out),
            "NETWORK" => text(&network),
            "IMAGES" => text(&images),
            other => other,
        })
        .collect();
    let before = names(folder);
    let ran = deepshare(&replaced);
    assert_eq!(names(folder), before, "nothing is written: {arguments:?}");
    ran
}

fn names(folder: &TempDir) -> Vec<PathBuf> {
    let mut names: Vec<PathBuf> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    names
}

/// The command rejects a file in all these ways, naming the file first, then the place, and last the code.
fn assert_rejected(ways: &[&[&str]], file: &Path, folder: &TempDir, place: &str, code: &str) {
    for way in ways {
        let message = run(way, file, folder).rejected();
        let rest = message.strip_prefix(&format!("{}: ", text(file)));
        let rest = rest.unwrap_or_else(|| panic!("{way:?} names another file: {message}"));
        assert!(rest.contains(place), "{way:?}: no {place:?} in {message}");
        assert!(rest.ends_with(&format!(" [{code}]")), "{way:?}: not {code}: {message}");
    }
}

fn every_way() -> Vec<&'static [&'static str]> {
    [&NETWORK[..], &[RUN], &PLAN, &INPUT].concat()
}

#[test]
fn missing_files_and_directories() {
    let folder = TempDir::new().unwrap();
    assert_rejected(&every_way(), &folder.path().join("none.json"), &folder, "no such file", "file/missing");
    assert_rejected(&every_way(), folder.path(), &folder, "directory", "file/directory");
}

#[cfg(unix)]
#[test]
fn unreadable_files() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("secret.json");
    fs::write(&file, "{}").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o0)).unwrap();
    // who may read everything (root) cannot try this; a file used as a folder is unreadable for everybody
    if fs::read(&file).is_err() {
        assert_rejected(&every_way(), &file, &folder, "cannot be read", "file/unreadable");
    }
    assert_rejected(&every_way(), &file.join("below"), &folder, "cannot be read", "file/unreadable");
}

/// [DS-FILE-2]
#[test]
fn files_above_64_mib_are_not_read() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("large.json");
    fs::File::create(&file).unwrap().set_len((64 << 20) + 1).unwrap();
    assert_rejected(&every_way(), &file, &folder, "67108865 bytes", "json/too-large");
    let message = with_stdin(&["plan", "check", "-"], &vec![b' '; (64 << 20) + 1]).rejected();
    assert!(message.starts_with("standard input: ") && message.ends_with("[json/too-large]"), "{message}");
}

#[test]
fn files_that_are_not_utf_8_or_not_json() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("file.json");
    fs::write(&file, b"{\n\"format\": \"\xff\"}").unwrap();
    assert_rejected(&every_way(), &file, &folder, "line 2: byte 13", "file/not-utf8");
    fs::write(&file, "{\"format\"; 1}").unwrap();
    assert_rejected(&every_way(), &file, &folder, "line 1, column 10", "json/syntax");
    fs::write(&file, "").unwrap();
    assert_rejected(&every_way(), &file, &folder, "line 1, column 0", "json/syntax");
    fs::write(&file, "[]").unwrap();
    assert_rejected(&every_way(), &file, &folder, "line 1, column", "json/structure");
}

#[test]
fn truncated_files() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("cut.json");
    let plan = deepshare(&["plan", "make", "stage", "--shapes", "2x2x2"]).success();
    let network = fs::read_to_string(model("digits-shared.json")).unwrap();
    let images = fs::read_to_string(model("digits-test.json")).unwrap();
    for (whole, ways) in [(plan, &PLAN[..]), (network, &NETWORK[..]), (images, &INPUT[..])] {
        for part in [1, whole.len() / 2, whole.trim_end().len() - 1] {
            fs::write(&file, whole.get(..part).unwrap()).unwrap();
            assert_rejected(ways, &file, &folder, "line ", "json/syntax");
        }
    }
}

/// Writes a file with one place changed.
fn changed(file: &Path, whole: &str, from: &str, to: &str) {
    assert!(whole.contains(from), "{from} is not in the file");
    fs::write(file, whole.replacen(from, to, 1)).unwrap();
}

#[test]
fn inconsistent_plans() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("plan.json");
    let whole = r#"{"format":"deepshare-plan/1","width":8,"step":"nonnegative","layers":[{"shape":[2,1,1],"channels":[
        {"source":"prototype"},{"source":{"layer":0,"channel":0}}]}]}"#;
    fs::write(&file, whole).unwrap();
    run(PLAN[0], &file, &folder).success();
    for (from, to, place, code) in [
        (r#""channel":0"#, r#""channel":1"#, "layer 0, channel 1", "plan/source-not-prototype"),
        (r#""layer":0"#, r#""layer":1"#, "layer 0, channel 1", "plan/source-layer-out-of-range"),
        (r#"[2,1,1]"#, r#"[3,1,1]"#, "layer 0", "plan/channel-count"),
        (r#""width":8"#, r#""width":1"#, "width 1", "plan/width"),
        (r#""step":"non"#, r#""stepp":"non"#, "stepp", "json/structure"),
        (r#""width":8"#, r#""width":8,"width":8"#, "duplicate field", "json/structure"),
    ] {
        changed(&file, whole, from, to);
        assert_rejected(&PLAN, &file, &folder, place, code);
    }
}

#[test]
fn inconsistent_networks() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("network.json");
    let whole = fs::read_to_string(model("digits-shared.json")).unwrap();
    for (from, to, place, code) in [
        (r#""from": "stem-conv""#, r#""from": "stem\u001b[31m""#, "stem-act", "network/unknown-operand"),
        (r#""weights": [-219,"#, r#""weights": ["#, "layer stem-conv: 143 weights", "network/weight-count"),
        (r#""shift": 10"#, r#""shift": 19"#, "layer stem", "network/shift"),
        (r#""stride": [1, 1],"#, "", "layer stem-conv", "network/missing-field"),
    ] {
        changed(&file, &whole, from, to);
        assert_rejected(&[&NETWORK[..], &[RUN]].concat(), &file, &folder, place, code);
    }
    // control characters of a file do not reach the terminal
    changed(&file, &whole, r#""weights": [-219,"#, r#""weights": ["#);
    changed(&file, &fs::read_to_string(&file).unwrap(), r#""name": "stem-conv""#, r#""name": "\u001b[31m""#);
    assert_rejected(&NETWORK, &file, &folder, r"layer \u{1b}[31m: 143 weights", "network/weight-count");
}

#[test]
fn networks_without_weights_cannot_run() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("public.json");
    deepshare(&["network", "public", text(&model("digits-shared.json")), "--output", text(&file)]).success();
    assert_rejected(&[RUN], &file, &folder, "shape-only", "semantics/no-weights");
}

#[test]
fn inputs_that_do_not_fit_the_network() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("images.json");
    let image = |shape: &str, scale: u32, images: &str, labels: &str| {
        let text = format!(
            r#"{{"format":"deepshare-input/1","shape":{shape},"scale":{scale},"images":{images},"labels":{labels}}}"#
        );
        fs::write(&file, text).unwrap();
    };
    image("[1,1,2]", 4, "[[1,2]]", "[0]");
    assert_rejected(&INPUT, &file, &folder, "shape 1x1x2 at scale 4: the network takes shape 1x8x8", "input/type");
    image("[1,8,8]", 4, "[]", "[]");
    assert_rejected(&INPUT, &file, &folder, "images", "input/no-images");
    image("[1,1,2]", 4, "[[1,2],[3]]", "[0,0]");
    assert_rejected(&INPUT, &file, &folder, "images[1] has 1 values", "input/elements");
    image("[1,1,2]", 4, "[[1,2]]", "[0,1]");
    assert_rejected(&INPUT, &file, &folder, "2 labels for 1 images", "input/labels");
    image("[1,1,2]", 4, "[[1,2.5]]", "[0]");
    assert_rejected(&INPUT, &file, &folder, "images[0][1]", "json/structure");
}

#[test]
fn outputs_that_cannot_be_written_leave_nothing_behind() {
    let folder = TempDir::new().unwrap();
    let make = |out: &Path| {
        let before = names(&folder);
        let message = deepshare(&["plan", "make", "stage", "--shapes", "1x1x1", "--output", text(out)]).rejected();
        assert!(message.starts_with(text(out)) && message.ends_with("[file/unwritable]"), "{message}");
        assert_eq!(names(&folder), before);
    };
    make(&folder.path().join("no-such-folder/plan.json"));
    make(folder.path());
}

#[test]
fn an_output_file_is_replaced_only_by_a_whole_one() {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("plan.json");
    fs::write(&out, "before").unwrap();
    let make = |shapes| deepshare(&["plan", "make", "stage", "--shapes", shapes, "--output", text(&out)]);
    make("0x1x1").rejected();
    assert_eq!(fs::read_to_string(&out).unwrap(), "before");
    make("1x1x1").success();
    assert!(fs::read_to_string(&out).unwrap().contains("deepshare-plan/1"));
}

#[test]
fn options_that_do_not_fit_are_named() {
    for (arguments, place, code) in [
        (vec!["stage", "--shapes", "2x2"], "--shapes 2x2: ", "cli/argument"),
        (vec!["stage", "--shapes", "0x2x2"], "--shapes 0x2x2: ", "value/empty-shape"),
        (vec!["stage", "--prototypes", "0", "--shapes", "1x1x1"], "--shapes 1x1x1: ", "maker/no-prototypes"),
        (vec!["stage", "--width", "65", "--shapes", "1x1x1"], "--width 65: ", "value/width"),
        (vec!["budget", "--drelus", "3", "--shapes", "1x2x2"], "--shapes 1x2x2: ", "maker/budget-below-floor"),
        (vec!["agreement", "--prototypes", "1", "--calibration", "x", "--shapes", "1x1x1"], "", "cli/argument"),
    ] {
        let message = deepshare(&[&["plan", "make"], &arguments[..]].concat()).rejected();
        assert!(message.starts_with(place) && message.ends_with(&format!("[{code}]")), "{message}");
    }
}
