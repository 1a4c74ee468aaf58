//! An adapter for the tests of the harness: the reference, until a request contains a text; then it does what it was told.
//!
//! `adapter-that-misbehaves KIND TEXT [FILE]`

use deepshare_conformance::adapter::protocol::Answer;
use deepshare_conformance::adapter::serve::{answer, described};
use deepshare_conformance::steps::Right;
use std::io::{BufRead, Error, ErrorKind, Write};
use std::process::{Command, exit};
use std::time::Duration;

fn main() -> Result<(), Error> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut arguments = arguments.iter().map(String::as_str);
    let [kind, text, file] = [(); 3].map(|()| arguments.next().unwrap_or_default());
    if kind == "banner" {
        say("ready\n")?;
    }
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let answer = answer(&Right, &described(None), line.as_bytes());
        match line.contains(text) {
            true => misbehave(kind, file, &answer)?,
            false => say(&lines(&answer)?)?,
        }
    }
    if kind == "stays" {
        sleep();
    }
    Ok(())
}

fn misbehave(kind: &str, file: &str, answer: &Answer) -> Result<(), Error> {
    let right = lines(answer)?;
    let with = |field: &str| right.replacen('{', &format!("{{{field}, "), 1);
    match kind {
        "die" => exit(3),
        "die-loudly" => {
            writeln!(std::io::stderr(), "first line\nout of \u{7}memory")?;
            exit(3);
        }
        "abort" => std::process::abort(),
        "sleep" => sleep(),
        "half-line-and-die" => {
            say(right.get(..right.len() / 2).unwrap_or_default())?;
            exit(0);
        }
        "half-line-and-sleep" => {
            say(right.get(..right.len() / 2).unwrap_or_default())?;
            sleep();
        }
        "answer-without-line-feed-and-die" => {
            say(right.trim_end())?;
            exit(0);
        }
        "endless-line" => say_forever("xxxxxxxx"),
        "endless-lines" => say_forever("{}\n"),
        "garbage" => say("hello\n"),
        "list" => say("[]\n"),
        "blank" => say(&format!("\n{right}")),
        "deep" => say(&format!("{}\n", "[".repeat(100_000))),
        "no-text" => bytes(b"\xff\xfe\n"),
        "wrong-id" => say(&right.replacen("\"id\":", "\"id\":1", 1)),
        "text-id" => say(&right.replacen("\"id\":", "\"id\":\"1\",\"was\":", 1)),
        "no-form" => say(&format!("{{\"id\": {}}}\n", answer.id.0)),
        "two-forms" => say(&with("\"unsupported\": \"maybe\"")),
        "unknown-field" => say(&with("\"time\": 3")),
        "duplicate-field" => say(&with(&format!("\"id\": {}", answer.id.0))),
        "twice" => say(&format!("{right}{right}")),
        "loud" => {
            for _ in 0..100_000 {
                std::io::stderr().write_all(b"a line of standard error that nobody reads\n")?;
            }
            say(&right)
        }
        "child" => {
            // the child has this process's standard output, and goes on when this process has ended
            let child = Command::new(std::env::current_exe()?).args(["stays", "no such text"]).spawn()?;
            std::fs::write(file, child.id().to_string())?;
            exit(0);
        }
        "deaf" => {
            say(&right)?;
            sleep();
        }
        "unsupported" => say(&format!("{{\"id\": {}, \"unsupported\": \"no such shift\"}}\n", answer.id.0)),
        "other-protocol" => say(&right.replace("deepshare-adapter/1", "deepshare-adapter/2")),
        "new-operation" => say(&right.replace("\"operations\":[", "\"operations\":[\"trunkation\",")),
        "one-width" => say(&right.replace("\"all\"", "[5]")),
        "few-operations" => say(&right.replace("\"drelu\",", "")),
        _ => say(&right),
    }
}

/// An answer as a line.
fn lines(answer: &Answer) -> Result<String, Error> {
    Ok(format!("{}\n", serde_json::to_string(answer)?))
}

fn say(text: &str) -> Result<(), Error> {
    bytes(text.as_bytes())
}

fn bytes(bytes: &[u8]) -> Result<(), Error> {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(bytes)?;
    stdout.flush()
}

fn say_forever(text: &str) -> Result<(), Error> {
    let text = text.repeat(8192);
    loop {
        match say(&text) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => sleep(),
            other => other?,
        }
    }
}

/// Does nothing until it is killed.
fn sleep() -> ! {
    loop {
        std::thread::sleep(Duration::from_secs(3600));
    }
}
