//! Runs the real command.
#![allow(dead_code, reason = "not every test file uses every helper")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests stop like the tests themselves")]

pub mod live;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// What the command did.
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Ran {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

impl Ran {
    /// Standard output of a run that must succeed without a word on standard error.
    pub fn success(self) -> String {
        assert_eq!((self.code, self.stderr.as_str()), (0, ""));
        self.stdout
    }

    /// The one JSON value that a successful run printed.
    pub fn json(self) -> serde_json::Value {
        let text = self.success();
        assert_eq!(text.lines().count(), 1, "one object on one line");
        serde_json::from_str(&text).unwrap()
    }

    /// The one line of standard error of a run that must be rejected as bad input: nothing on standard output.
    pub fn rejected(self) -> String {
        assert_eq!((self.code, self.stdout.as_str()), (2, ""), "{}", self.stderr);
        assert_eq!(self.stderr.lines().count(), 1, "one line: {}", self.stderr);
        self.stderr
            .strip_prefix("deepshare: error: ")
            .unwrap_or_else(|| panic!("{}", self.stderr))
            .trim_end()
            .to_owned()
    }
}

/// The command, with standard input closed.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deepshare"));
    command.args(arguments).stdin(Stdio::null());
    command
}

/// Runs the command.
pub fn deepshare(arguments: &[&str]) -> Ran {
    command(arguments).output().unwrap().into()
}

/// Runs the command with a text on standard input; it need not read all of it.
pub fn with_stdin(arguments: &[&str], input: &[u8]) -> Ran {
    let mut command = command(arguments);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap().into()
}

/// A file that comes with the command.
pub fn model(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("models").join(name)
}

/// A path as an argument.
pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Whether a schema under `spec/schema` accepts a value.
pub fn schema_accepts(schema: &str, value: &serde_json::Value) -> bool {
    let read = |name: &str| -> serde_json::Value {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/schema").join(name);
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    };
    let plan = read("plan.schema.json");
    let registry = jsonschema::Registry::new();
    let registry = registry.add("https://deepshare.invalid/schema/plan.schema.json", plan).unwrap().prepare().unwrap();
    let validator = jsonschema::draft202012::options().with_registry(&registry).build(&read(schema)).unwrap();
    validator.is_valid(value)
}
