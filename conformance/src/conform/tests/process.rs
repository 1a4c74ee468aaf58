//! Processes: why one is not started, and what a line is. Paths are below the package's folder, where tests run.
#![allow(clippy::unwrap_used, reason = "helpers of tests stop like the tests themselves")]

use crate::adapter::error::AdapterError;
use crate::conform::process::Process;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::sync::Mutex;
use std::time::Duration;

/// A script that is being written cannot be started by anybody, and a process that starts meanwhile keeps it open.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Longer than any test takes.
const LONG: Duration = Duration::from_secs(600);

fn start(command: &[&str], line_bytes: usize) -> Result<Process, AdapterError> {
    Process::start(&command.iter().map(|&word| word.to_owned()).collect::<Vec<_>>(), line_bytes)
}

/// Why a command is not started.
fn refused(command: &[&str]) -> String {
    start(command, 10).map(drop).unwrap_err().to_string()
}

/// [DS-ADAPT-6]
#[test]
fn a_program_that_cannot_be_started_says_why() {
    let _alone = ONE_AT_A_TIME.lock();
    assert_eq!(refused(&[]), "cannot be started: no program is named");
    assert_eq!(refused(&["src"]), "cannot be started: this is a directory; name a program");
    assert!(
        refused(&["Cargo.toml"]).ends_with("for the file of this folder write ./Cargo.toml, or name its interpreter")
    );
    assert_eq!(refused(&["no-such-program"]), "cannot be started: there is no such program");
    assert_eq!(refused(&["./no-such-program"]), "cannot be started: there is no such program");
    assert!(refused(&["./Cargo.toml"]).contains("the file is not executable"));
    assert_eq!(refused(&["true", "a\0b"]), "cannot be started: nul byte found in provided data");
}

/// An executable file that is no program, or whose interpreter is not there.
#[test]
fn a_script_that_cannot_be_started_says_why() {
    let _alone = ONE_AT_A_TIME.lock();
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("script");
    let refused = |text: &str| {
        std::fs::write(&script, text).unwrap();
        std::fs::set_permissions(&script, Permissions::from_mode(0o755)).unwrap();
        refused(&[script.to_str().unwrap()])
    };
    assert!(refused("").contains("the file is no program; a script begins with a line such as"));
    assert!(
        refused("#!/no/such/interpreter\n").ends_with("the file is there, but not what its first line names to run it")
    );
}

/// What comes back for a request to a shell that reads it and then prints something, where lines have at most 4 bytes.
fn answer(printed: &str) -> Result<Vec<u8>, AdapterError> {
    let script = format!("read request; printf '{printed}'");
    start(&["sh", "-c", &script], 4).unwrap().ask(b"request".to_vec(), LONG)
}

/// A line of as many bytes as the limit is one, and what the end cuts off is none, however long.
#[test]
fn lines_end_with_a_line_feed_and_within_the_limit() {
    let _alone = ONE_AT_A_TIME.lock();
    assert_eq!(answer("abcd\\n"), Ok(b"abcd".to_vec()));
    assert_eq!(answer("\\n"), Ok(Vec::new()));
    let ended = Err(AdapterError::Crash { how: "ended with exit code 0".to_owned() });
    assert_eq!(answer("abc"), ended);
    assert_eq!(answer("abcd"), ended);
    for long in ["abcde", "abcde\\n", "abcdefghijkl\\n"] {
        assert!(matches!(answer(long), Err(AdapterError::Flood { .. })), "{long}");
    }
}
