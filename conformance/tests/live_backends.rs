//! Live sessions of every backend: what processes compute is what one computes, and the sockets move what is counted.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests stop like the tests themselves"
)]

mod common;

use common::live::{Files, NETWORK, NOBODY, Process, assert_counted, failed, files, with};
use common::{deepshare, text};
use serde_json::{Value, json};

#[test]
fn three_processes_compute_what_one_computes() {
    let files = files(NETWORK);
    let one = deepshare(&["run", "--network", text(&files.network), "--input", text(&files.input), "--json"]).json();
    for server_listens in [true, false] {
        let dealer = files.dealer();
        let (server, client) = (files.server(&dealer.address), files.client(&dealer.address));
        let (first, second) = if server_listens { (&server, &client) } else { (&client, &server) };
        let first = Process::listening(&with(first.clone(), &["--json"]));
        let second = deepshare(&with(second.clone(), &["--json", "--connect", &first.address]));
        let (first, second) = (first.end().json(), second.json());
        let (server, client) = if server_listens { (first, second) } else { (second, first) };
        let dealer = dealer.end().json();

        assert_eq!(client["results"], one["results"]);
        assert_eq!((&server["results"], &dealer["results"]), (&Value::Null, &Value::Null));
        [&server, &client, &dealer].into_iter().for_each(assert_counted);
        let sum =
            |field: &str| [&server, &client, &dealer].map(|report| report[field].as_u64().unwrap()).iter().sum::<u64>();
        assert_eq!(sum("socket_bytes_sent"), sum("socket_bytes_received"));
        let online = |report: &Value, field: &str| report["phases"][2][field].as_u64().unwrap();
        let bits = online(&client, "bits_sent") + online(&server, "bits_sent");
        assert_eq!(json!(bits), json!(2 * one["worlds"][0]["online_bits_per_image"].as_u64().unwrap()));
        assert_eq!(json!(online(&client, "rounds")), one["worlds"][0]["rounds"]);
    }
}

/// What the client has is what one process computes; the sockets have moved what the frames have.
fn assert_same_as_one(files: &Files, backend: &str, client: &Value, server: &Value) {
    let input = ["--network", text(&files.network), "--input", text(&files.input)];
    let one = deepshare(&[&["run", "--json", "--backend", backend], &input[..]].concat()).json();
    assert_eq!((&client["results"], &server["results"]), (&one["results"], &Value::Null));
    [server, client].into_iter().for_each(assert_counted);
    let phase = |report: &Value, name: &str, field: &str| {
        let phases = report["phases"].as_array().unwrap();
        phases.iter().find(|phase| phase["phase"] == name).unwrap()[field].as_u64().unwrap()
    };
    let sent = |name| phase(client, name, "bits_sent") + phase(server, name, "bits_sent");
    let world = &one["worlds"][0];
    assert_eq!(json!(sent("online")), json!(2 * world["online_bits_per_image"].as_u64().unwrap()));
    assert_eq!(json!(phase(client, "online", "rounds")), world["rounds"]);
}

#[test]
fn two_processes_need_nobody_else() {
    let files = files(NETWORK);
    let [server, client] = [files.server_alone("ot"), files.client_alone("ot")];
    let server = Process::listening(&with(server, &["--json"]));
    let client = deepshare(&with(client, &["--json", "--connect", &server.address])).json();
    let server = server.end().json();
    assert_same_as_one(&files, "ot", &client, &server);
    assert_eq!(client["socket_bytes_sent"], server["socket_bytes_received"]);
    assert_eq!(server["socket_bytes_sent"], client["socket_bytes_received"]);
}

/// The reports of the server and the client of a session with a dealer, whose own counts are checked.
fn with_a_dealer(files: &Files, backend: &str) -> (Value, Value) {
    let dealer = Process::listening(&["dealer", "--public", text(&files.public), "--json", "--backend", backend]);
    let [server, client] = [files.server(&dealer.address), files.client(&dealer.address)];
    let server = Process::listening(&with(server, &["--json", "--backend", backend]));
    let client = with(client, &["--json", "--backend", backend, "--connect", &server.address]);
    let client = deepshare(&client).json();
    let (server, dealer) = (server.end().json(), dealer.end().json());
    assert_counted(&dealer);
    (server, client)
}

#[test]
fn a_dealer_for_linear_layers_only() {
    let files = files(NETWORK);
    for backend in ["ot-dealer", "garbled"] {
        let (server, client) = with_a_dealer(&files, backend);
        assert_same_as_one(&files, backend, &client, &server);
    }
}

/// Both forms of `fss`: the dealer gives keys, and the parties are those of one process.
#[test]
fn a_dealer_of_comparison_keys() {
    let files = files(NETWORK);
    for backend in ["fss", "fss-select"] {
        let (server, client) = with_a_dealer(&files, backend);
        assert_same_as_one(&files, backend, &client, &server);
    }
}

#[test]
fn ot_takes_no_dealer_and_needs_the_same_backend_on_both_sides() {
    let files = files(NETWORK);
    for arguments in [files.server(NOBODY), vec!["dealer", "--public", text(&files.public)]] {
        let line = deepshare(&with(arguments, &["--backend", "ot"])).rejected();
        assert!(line.starts_with("--") && line.ends_with("[cli/argument]"), "{line}");
    }
    let server = Process::listening(&files.server_alone("ot"));
    let client = deepshare(&with(files.client(NOBODY), &["--connect", &server.address]));
    let message =
        |role| format!("{role}: the parties do not agree on the public part: backend differs [party/public-part]");
    assert_eq!((failed(client), failed(server.end())), (message("client"), message("server")));
}
