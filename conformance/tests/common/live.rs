//! Parties and a dealer as processes of their own, for tests.
#![allow(dead_code, reason = "not every test file uses every helper")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests stop like the tests themselves"
)]

use super::{Ran, command, deepshare, model, text};
use deepshare_reference::network::Network;
use deepshare_reference::party::tcp::{Agreed, as_client};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, ChildStderr, Stdio};
use std::time::Duration;
use tempfile::TempDir;

pub const LONG: Duration = Duration::from_secs(60);
pub const NETWORK: &str = "digits-shared.json";

/// A process that has said where it listens. It is ended if the test ends before it.
pub struct Process {
    child: Child,
    stderr: BufReader<ChildStderr>,
    pub address: String,
}

impl Process {
    /// Starts the command with `--listen` on a port that the system picks.
    pub fn listening(arguments: &[&str]) -> Process {
        let mut process = Process::start(&[arguments, &["--listen", "127.0.0.1:0"]].concat());
        let line = process.line();
        process.address = line.strip_prefix("listening on ").unwrap_or_else(|| panic!("{line}")).to_owned();
        process
    }

    pub fn start(arguments: &[&str]) -> Process {
        let mut child = command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        Process { child, stderr, address: String::new() }
    }

    /// The next line of standard error.
    pub fn line(&mut self) -> String {
        let mut line = String::new();
        self.stderr.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    pub fn connect(&self) -> TcpStream {
        TcpStream::connect(&self.address).unwrap()
    }

    /// What the process did to its end, apart from the lines that were read.
    pub fn end(mut self) -> Ran {
        let (mut stdout, mut stderr) = (String::new(), String::new());
        self.child.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
        self.stderr.read_to_string(&mut stderr).unwrap();
        Ran { code: self.child.wait().unwrap().code().unwrap(), stdout, stderr }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // it has ended already if the test has waited for it
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Exit code 1, nothing on standard output, and one line on standard error: what it says.
pub fn failed(ran: Ran) -> String {
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{}", ran.stderr);
    assert_eq!(ran.stderr.lines().count(), 1, "one line: {}", ran.stderr);
    ran.stderr.strip_prefix("deepshare: error: ").unwrap_or_else(|| panic!("{}", ran.stderr)).trim_end().to_owned()
}

/// The files of a session.
pub struct Files {
    pub _folder: TempDir,
    pub network: PathBuf,
    pub public: PathBuf,
    pub input: PathBuf,
}

/// The public part of a shipped network and the first two images.
pub fn files(network: &str) -> Files {
    let folder = TempDir::new().unwrap();
    let (network, public, input) = (model(network), folder.path().join("public.json"), folder.path().join("few.json"));
    deepshare(&["network", "public", text(&network), "--output", text(&public)]).success();
    let mut images: Value = serde_json::from_str(&std::fs::read_to_string(model("digits-test.json")).unwrap()).unwrap();
    for list in ["images", "labels"] {
        images[list].as_array_mut().unwrap().truncate(2);
    }
    std::fs::write(&input, images.to_string()).unwrap();
    Files { _folder: folder, network, public, input }
}

impl Files {
    /// The arguments of a role with the address of the dealer.
    pub fn server<'a>(&'a self, dealer: &'a str) -> Vec<&'a str> {
        vec!["party", "--role", "server", "--network", text(&self.network), "--dealer", dealer]
    }

    pub fn client<'a>(&'a self, dealer: &'a str) -> Vec<&'a str> {
        let (public, input) = (text(&self.public), text(&self.input));
        vec!["party", "--role", "client", "--public", public, "--input", input, "--dealer", dealer]
    }

    /// The arguments of a role that needs no dealer.
    pub fn server_alone<'a>(&'a self, backend: &'a str) -> Vec<&'a str> {
        vec!["party", "--role", "server", "--network", text(&self.network), "--backend", backend]
    }

    pub fn client_alone<'a>(&'a self, backend: &'a str) -> Vec<&'a str> {
        let (public, input) = (text(&self.public), text(&self.input));
        vec!["party", "--role", "client", "--public", public, "--input", input, "--backend", backend]
    }

    pub fn dealer(&self) -> Process {
        Process::listening(&["dealer", "--public", text(&self.public), "--json"])
    }

    /// A client of the library on a connection to a server.
    pub fn handshake(&self, server: &TcpStream) -> Agreed {
        let public = Network::from_json(&std::fs::read_to_string(&self.public).unwrap()).unwrap();
        as_client(server, public.session_part("gmw", 2), 2, [7; 16], LONG).unwrap()
    }
}

/// An address where nobody listens: the port of a service that is long out of use.
pub const NOBODY: &str = "127.0.0.1:1";

pub fn with<'a>(arguments: Vec<&'a str>, more: &[&'a str]) -> Vec<&'a str> {
    [&arguments[..], more].concat()
}

/// The sockets have moved what the frames have, on every connection.
pub fn assert_counted(report: &Value) {
    assert_eq!(report["socket_bytes_sent"], report["wire_bytes_sent"], "{report}");
    assert_eq!(report["socket_bytes_received"], report["wire_bytes_received"], "{report}");
}
