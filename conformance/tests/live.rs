//! Live sessions of `gmw`: words, disagreements, strangers, losses, bad arguments.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests stop like the tests themselves"
)]

mod common;

use common::live::{Files, LONG, NETWORK, NOBODY, Process, failed, files, with};
use common::{deepshare, model, text};
use deepshare_reference::party::Role;
use deepshare_reference::party::tcp::with_dealer;
use std::io::Write;
use std::net::TcpStream;

/// [DS-LIVE-12]
#[test]
fn words_are_those_of_a_run_and_only_the_client_sees_outputs() {
    let files = files(NETWORK);
    let one = deepshare(&["run", "--network", text(&files.network), "--input", text(&files.input)]).success();
    let dealer = Process::listening(&["dealer", "--public", text(&files.public)]);
    let server = Process::listening(&files.server(&dealer.address));
    let all = Files { input: model("digits-test.json"), ..files };
    let more = ["--images", "2", "--connect", &server.address, "--seed", "0a"];
    let client = deepshare(&with(all.client(&dealer.address), &more));
    let (client, server, dealer) = (client.success(), server.end().success(), dealer.end().success());
    let images = |text: &str| {
        let start = text.find("image 0:").unwrap();
        text[start..].lines().take(6).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(images(&client), images(&one));
    assert!(client.starts_with("client of gmw: network digits-shared, 2 images, ring width 32 bits\n"), "{client}");
    assert!(client.lines().all(|line| line.len() <= 100), "{client}");
    for shown in [server, dealer] {
        assert!(!shown.contains("predicted") && !shown.contains("-542682") && shown.contains("offline"), "{shown}");
    }
}

#[test]
fn parties_that_disagree_name_what_differs() {
    let (own, other) = (files(NETWORK), files("digits-full.json"));
    let server = Process::listening(&own.server(NOBODY));
    let client = deepshare(&with(other.client(NOBODY), &["--connect", &server.address]));
    let message =
        |role| format!("{role}: the parties do not agree on the public part: plan differs [party/public-part]");
    assert_eq!((failed(client), failed(server.end())), (message("client"), message("server")));

    let dealer = other.dealer();
    let server = Process::listening(&with(own.server(&dealer.address), &["--timeout", "5"]));
    let client = deepshare(&with(own.client(&dealer.address), &["--timeout", "5", "--connect", &server.address]));
    assert_eq!(failed(dealer.end()), message("trusted"));
    let codes = [failed(client), failed(server.end())].map(|line| line.rsplit_once(" [").unwrap().1.to_owned());
    // whoever comes to the dealer first is told; the other one finds it gone, at once or, if it comes late, at its limit
    assert!(codes.contains(&"party/public-part]".to_owned()), "{codes:?}");
}

#[test]
fn strangers_end_the_wait_with_what_they_are() {
    let files = files(NETWORK);
    for (bytes, message) in [
        (
            &b"GET / HTTP/1.1\r\n"[..],
            "the other side does not speak this protocol: its greeting does not begin with `deepshare` [live/magic]",
        ),
        (b"deepshare\x02\x01", "the other side speaks version 2 of the handshake; this is version 1 [live/version]"),
        (b"deepshare\x01\x02", "the other side is a server, where a client is needed [live/role]"),
        (b"deepshare\x01\x01", "the other side did not complete the handshake within 1s [live/silent]"),
    ] {
        let server = Process::listening(&with(files.server(NOBODY), &["--timeout", "1"]));
        let mut stranger = server.connect();
        stranger.write_all(bytes).unwrap();
        assert_eq!(failed(server.end()), format!("server: {message}"));
    }
    let server = Process::listening(&files.server(NOBODY));
    drop(server.connect());
    assert_eq!(failed(server.end()), "server: the other side closed the connection during the handshake [live/closed]");
}

#[test]
fn two_servers_and_two_clients_notice() {
    let files = files(NETWORK);
    for (arguments, role) in [(files.server(NOBODY), "server"), (files.client(NOBODY), "client")] {
        let other = if role == "server" { "client" } else { "server" };
        let message = format!("{role}: the other side is a {role}, where a {other} is needed [live/role]");
        let first = Process::listening(&arguments);
        let second = deepshare(&with(arguments.clone(), &["--connect", &first.address]));
        assert_eq!((failed(first.end()), failed(second)), (message.clone(), message));
    }
}

#[test]
fn a_second_client_is_refused_and_a_lost_one_is_noticed() {
    let files = files(NETWORK);
    let dealer = files.dealer();
    let server = Process::listening(&files.server(&dealer.address));
    let first = server.connect();
    let second = deepshare(&with(files.client(&dealer.address), &["--connect", &server.address]));
    assert_eq!(failed(second), "client: the other side refuses: it is busy with a session [live/busy]");

    let agreed = files.handshake(&first); // the session has not noticed
    let to_dealer = dealer.connect();
    with_dealer(Role::Client, &to_dealer, &agreed, LONG).unwrap();
    drop((first, to_dealer));
    let lost = failed(server.end());
    assert!(lost.starts_with("server: step ") && lost.ends_with("[party/closed]"), "{lost}");
    assert!(lost.contains("client ended without sending the frame that this step needs"), "{lost}");
    let unsent = failed(dealer.end()); // the server has ended too by then, so either of them is named
    assert!(unsent.contains(" did not take all frames that were sent to it: "), "{unsent}");
    assert!(unsent.starts_with("trusted: ") && unsent.ends_with("[party/unsent]"), "{unsent}");
}

#[test]
fn a_batch_that_is_too_large_is_refused() {
    let files = files(NETWORK);
    let server = Process::listening(&with(files.server(NOBODY), &["--max-images", "1"]));
    let client = deepshare(&with(files.client(NOBODY), &["--connect", &server.address]));
    let why = "a batch has 1 to 1 images there [live/images]";
    assert_eq!(failed(client), format!("client: the other side refuses: {why}"));
    assert_eq!(failed(server.end()), format!("server: the other side was refused: {why}"));
}

#[test]
fn nobody_listens() {
    let files = files(NETWORK);
    let rule = |role: &str| format!("{role}: nobody listens at {NOBODY} (");
    let end = "; tried for 1s): start the other side first [live/nobody-listens]";
    let line = failed(deepshare(&with(files.client(NOBODY), &["--timeout", "1", "--connect", NOBODY])));
    assert!(line.starts_with(&rule("client")) && line.ends_with(end), "{line}");

    let server = Process::listening(&with(files.server(NOBODY), &["--timeout", "1"]));
    let client = deepshare(&with(files.client(NOBODY), &["--timeout", "1", "--connect", &server.address]));
    for (role, ran) in [("client", client), ("server", server.end())] {
        let line = failed(ran);
        assert!(line.starts_with(&rule(role)) && line.ends_with(end), "{line}");
    }
}

#[test]
fn weights_are_not_taken_where_the_public_part_belongs() {
    let files = files(NETWORK);
    let (network, input) = (text(&files.network), text(&files.input));
    let client = ["party", "--role", "client", "--public", network, "--input", input, "--dealer", NOBODY];
    for arguments in [&client[..], &["dealer", "--public", network]] {
        let line = deepshare(arguments).rejected();
        assert!(line.starts_with(network) && line.ends_with(" [cli/not-public]"), "{line}");
        assert!(line.contains(&format!("run `deepshare network public {network} --output P`")), "{line}");
    }
    let server = ["party", "--role", "server", "--network", text(&files.public), "--dealer", NOBODY];
    assert!(deepshare(&server).rejected().ends_with("[semantics/no-weights]"));
}

#[test]
fn arguments_that_do_not_fit() {
    let files = files(NETWORK);
    let (network, public, input) = (text(&files.network), text(&files.public), text(&files.input));
    let server = ["party", "--role", "server", "--network", network];
    let dealer = ["--dealer", NOBODY];
    for (arguments, rule) in [
        (server.to_vec(), "--backend gmw: it has a dealer: give its address, such as --dealer 127.0.0.1:7879"),
        ([&server[..], &["--dealer", "7879"]].concat(), "--dealer 7879: an address is HOST:PORT"),
        ([&server[..], &dealer, &["--input", input]].concat(), "--input: the server takes no --input"),
        ([&["party", "--role", "server"], &dealer[..]].concat(), "--role server: the server needs --network FILE"),
        ([&["party", "--role", "client", "--public", public], &dealer[..]].concat(), "the client needs --input FILE"),
        (
            with(files.client(NOBODY), &["--images", "3"]),
            "--images 3: the file has 2 images; give a number from 1 to 2",
        ),
        (with(files.client(NOBODY), &["--max-images", "2"]), "the client takes no --max-images"),
        (with(files.server(NOBODY), &["--images", "2"]), "the server takes no --images"),
    ] {
        let line = deepshare(&arguments).rejected();
        assert!(line.contains(rule) && line.ends_with("[cli/argument]"), "{line}");
    }
    let both = deepshare(&with(files.client(NOBODY), &["--listen", "127.0.0.1:0", "--connect", NOBODY]));
    assert_eq!((both.code, both.stdout.as_str()), (2, ""));
    assert!(both.stderr.contains("cannot be used with"), "{}", both.stderr);
}

/// [DS-LIVE-11]
#[test]
fn addresses_that_others_can_reach_are_warned_of() {
    let files = files(NETWORK);
    let mut server = Process::start(&with(files.server(NOBODY), &["--listen", "0.0.0.0:0"]));
    let warning = server.line();
    assert!(warning.starts_with("deepshare: warning: --listen 0.0.0.0:0: "), "{warning}");
    assert!(warning.contains("neither encrypted nor authenticated"), "{warning}");
    let line = server.line();
    let port = line.strip_prefix("listening on 0.0.0.0:").unwrap_or_else(|| panic!("{line}")).to_owned();
    drop(TcpStream::connect(format!("127.0.0.1:{port}")).unwrap());
    assert!(failed(server.end()).ends_with("[live/closed]"));
}
