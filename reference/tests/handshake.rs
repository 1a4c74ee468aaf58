//! The handshake: who agrees, and the error on each side of everybody who does not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/sockets.rs"]
mod sockets;

use deepshare_reference::party::tcp::{
    Agreed, Dealing, HELLO_BYTES, Hello, KeepOut, Listener, Message, Reason, as_client, as_server, connect, deal,
    greeting, with_dealer,
};
use deepshare_reference::party::{PartyError, Role, SessionId, session_id};
use sockets::{LONG, SHORT, code, drips, loopback, of_batch, pair, public, says};
use std::io::{Read, Write};
use std::net::TcpStream;
#[cfg(target_os = "linux")]
use std::thread::spawn;
use std::thread::{scope, sleep};
use std::time::Duration;

const MOST: u32 = 60;

fn server(stream: &TcpStream, limit: Duration) -> Result<Agreed, PartyError> {
    as_server(stream, of_batch, MOST, [1; 16], limit)
}

fn client(stream: &TcpStream, images: u32, limit: Duration) -> Result<Agreed, PartyError> {
    as_client(stream, of_batch(images), images, [2; 16], limit)
}

/// Runs two sides of one connection; each closes its end when it is done.
fn both<A: Send, B: Send>(
    one: impl FnOnce(&TcpStream) -> A + Send,
    other: impl FnOnce(&TcpStream) -> B + Send,
) -> (A, B) {
    let (left, right) = pair();
    scope(|scope| {
        let other = scope.spawn(move || other(&right));
        let one = one(&left);
        drop(left);
        (one, other.join().unwrap())
    })
}

/// [DS-LIVE-3] [DS-LIVE-4] [DS-SESSION-1]
#[test]
fn both_agree_on_the_identifier_and_the_batch() {
    let (server, client) = both(|stream| server(stream, LONG).unwrap(), |stream| client(stream, 2, LONG).unwrap());
    assert_eq!(server, client);
    assert_eq!((server.images, server.session), (2, session_id(&[1; 16], &[2; 16], &of_batch(2).digest())));
}

/// [DS-LIVE-4]
#[test]
fn both_name_the_piece_of_the_public_part_that_differs() {
    let texts = ["1", "gmw", "2", "plan", "network"];
    for (piece, name) in ["specification version", "backend", "batch", "plan", "network"].into_iter().enumerate() {
        let mut other = texts;
        other[piece] = "other";
        let (server, client) = both(
            |stream| as_server(stream, |_| public(texts), MOST, [1; 16], LONG).unwrap_err(),
            |stream| as_client(stream, public(other), 2, [2; 16], LONG).unwrap_err(),
        );
        for (role, error) in [("server", server), ("client", client)] {
            let message = format!("{role}: the parties do not agree on the public part: {name} differs");
            assert_eq!((error.to_string(), error.code()), (message, "party/public-part"));
        }
    }
}

/// [DS-LIVE-5]
#[test]
fn a_batch_that_is_empty_or_too_large_is_refused_with_the_limit() {
    for images in [0, MOST + 1, u32::MAX] {
        let (server, client) =
            both(|stream| server(stream, LONG).unwrap_err(), |stream| client(stream, images, LONG).unwrap_err());
        assert_eq!((server.code(), client.code()), ("live/images", "live/images"));
        assert_eq!(client.to_string(), "client: the other side refuses: a batch has 1 to 60 images there");
        assert_eq!(server.to_string(), "server: the other side was refused: a batch has 1 to 60 images there");
    }
    let (server, client) = both(|stream| server(stream, LONG), |stream| client(stream, MOST, LONG));
    assert!(server.is_ok() && client.is_ok());
}

#[test]
fn two_servers_or_two_clients_notice_each_other() {
    let (one, other) = both(|stream| server(stream, LONG).unwrap_err(), |stream| server(stream, LONG).unwrap_err());
    assert_eq!(one, other);
    assert_eq!(
        (one.code(), one.to_string().as_str()),
        ("live/role", "server: the other side is a server, where a client is needed")
    );
    let (one, other) = both(|stream| client(stream, 1, LONG), |stream| client(stream, 1, LONG));
    assert_eq!((code(one), code(other)), ("live/role", "live/role"));
}

/// [DS-LIVE-2]
#[test]
fn strangers_are_told_apart() {
    let of_server = greeting(Role::Server);
    for (bytes, expected) in [
        (&b"GET / HTTP/1.1\r\n\r\n"[..], "live/magic"),
        (b"deepshard", "live/magic"),
        (b"deepshare\x02\x01", "live/version"),
        (b"deepshare\x01\x00", "live/malformed"),
        (b"deepshare\x01\x03", "live/role"),
        (&[&of_server[..], &[7; HELLO_BYTES]].concat(), "live/malformed"),
        (&[&of_server[..], &[2; HELLO_BYTES]].concat(), "live/malformed"),
        (&[&of_server[..], &Message::Refusal(Reason::Busy).to_bytes()].concat(), "live/busy"),
    ] {
        assert_eq!(code(client(&says(bytes).0, 1, LONG)), expected, "{bytes:?}");
    }
}

/// What a peer of this role sends to the end of the handshake.
fn script(role: Role) -> Vec<u8> {
    let hello = Hello { images: 2, nonce: [9; 16], digests: of_batch(2).digests().unwrap() };
    [&greeting(role)[..], &Message::Hello(hello).to_bytes()].concat()
}

#[test]
fn a_peer_that_closes_or_keeps_silent_at_any_byte() {
    let (of_client, of_server) = (script(Role::Client), script(Role::Server));
    for cut in 0..of_client.len() {
        assert_eq!(code(server(&says(&of_client[..cut]).0, LONG)), "live/closed", "after {cut} bytes");
        assert_eq!(code(client(&says(&of_server[..cut]).0, 2, LONG)), "live/closed", "after {cut} bytes");
    }
    for cut in [0, 5, 11, 12, 100] {
        let (own, mut peer) = pair();
        std::io::Write::write_all(&mut peer, &of_client[..cut]).unwrap();
        let error = server(&own, SHORT).unwrap_err();
        assert_eq!(error.to_string(), "server: the other side did not complete the handshake within 60ms");
        assert_eq!(error.code(), "live/silent");
    }
    assert!(server(&says(&of_client).0, LONG).is_ok() && client(&says(&of_server).0, 2, LONG).is_ok());
}

/// [DS-LIVE-8]
#[test]
fn a_peer_that_drips_bytes_does_not_extend_the_limit() {
    scope(|scope| {
        let (own, thread) = drips(scope, script(Role::Client));
        assert_eq!(code(server(&own, SHORT)), "live/silent");
        drop(own);
        thread.join().unwrap();
    });
}

#[test]
fn an_answer_that_contradicts_the_hello_is_malformed() {
    let mut other_batch = script(Role::Server);
    other_batch[12] = 3; // images; the digests are those of two
    assert_eq!(code(client(&says(&other_batch).0, 2, LONG)), "live/malformed");
    let agreed = Agreed { session: SessionId([9; 16]), images: 2, public: of_batch(2) };
    let mut dealer = script(Role::Trusted);
    assert!(with_dealer(Role::Client, &says(&dealer).0, &agreed, LONG).is_ok());
    dealer[16] ^= 1; // the identifier
    assert_eq!(code(with_dealer(Role::Client, &says(&dealer).0, &agreed, LONG)), "live/malformed");
}

fn listener() -> (Listener, [std::net::SocketAddr; 1]) {
    let listener = Listener::bind(Role::Server, &loopback()).unwrap();
    let address = listener.address();
    (listener, [address])
}

#[test]
fn newcomers_are_refused_until_the_session_ends() {
    let (listener, address) = listener();
    let _peer = connect(Role::Client, &address, LONG).unwrap();
    listener.accept(None).unwrap();
    let keep_out: KeepOut = listener.keep_out().unwrap();
    for _ in 0..3 {
        let stream = connect(Role::Client, &address, LONG).unwrap();
        let error = client(&stream, 1, LONG).unwrap_err();
        assert_eq!(error.to_string(), "client: the other side refuses: it is busy with a session");
        assert_eq!(error.code(), "live/busy");
    }
    // one who says more than anybody has to say hears it all the same
    let mut talker = connect(Role::Client, &address, LONG).unwrap();
    talker.write_all(&[0; 10 * HELLO_BYTES]).unwrap();
    let mut heard = Vec::new();
    talker.read_to_end(&mut heard).unwrap();
    assert_eq!(heard, [&greeting(Role::Server)[..], &Message::Refusal(Reason::Busy).to_bytes()].concat());
    drop(talker);
    // a newcomer who says nothing keeps nobody else waiting for ever
    let _mute = connect(Role::Client, &address, LONG).unwrap();
    assert_eq!(code(client(&connect(Role::Client, &address, LONG).unwrap(), 1, LONG)), "live/busy");
    // who is being refused when the session ends is heard out first, and then the address is free
    let mut last = connect(Role::Client, &address, LONG).unwrap();
    last.read_exact(&mut [0]).unwrap();
    drop(keep_out);
    drop(Listener::bind(Role::Server, &address).unwrap());
    assert_eq!(code(connect(Role::Client, &address, SHORT)), "live/nobody-listens");
}

#[test]
fn nobody_listens_nobody_comes_and_a_port_is_taken() {
    let (listener, address) = listener();
    assert_eq!(code(listener.accept(Some(SHORT)).map(drop)), "live/silent");
    let taken = Listener::bind(Role::Client, &address).map(drop).unwrap_err();
    assert!(taken.to_string().starts_with(&format!("client: cannot listen at {}: ", address[0])), "{taken}");
    assert_eq!(taken.code(), "live/listen");
    drop(listener);
    let nobody = connect(Role::Client, &address, SHORT).unwrap_err().to_string();
    assert!(nobody.starts_with(&format!("client: nobody listens at {} (", address[0])), "{nobody}");
    assert!(nobody.ends_with("; tried for 60ms): start the other side first"), "{nobody}");
}

/// A listener that starts late is found. The address is of the loopback interface, and no other test's.
#[cfg(target_os = "linux")]
#[test]
fn who_connects_first_waits() {
    let address = |port| [std::net::SocketAddr::from(([127, 0, 0, 77], port))];
    let free = Listener::bind(Role::Server, &address(0)).unwrap().address().port();
    let early = spawn(move || connect(Role::Client, &address(free), LONG).map(drop));
    sleep(SHORT); // it finds nobody at first
    let listener = Listener::bind(Role::Server, &address(free)).unwrap();
    early.join().unwrap().unwrap();
    listener.accept(Some(LONG)).unwrap();
}

/// Somebody who comes late, but within the limit. [DS-LIVE-8]
#[test]
fn who_listens_first_waits() {
    let (listener, address) = listener();
    scope(|scope| {
        let late = scope.spawn(move || {
            sleep(SHORT); // nobody has come at first
            connect(Role::Client, &address, LONG).map(drop)
        });
        listener.accept(Some(LONG)).unwrap();
        late.join().unwrap().unwrap();
    });
}

/// What a dealer and two guests get, each guest in a thread of its own, the first one first.
fn dealt(guests: [(Role, Agreed); 2]) -> (Result<Dealing, PartyError>, Vec<Result<(), PartyError>>) {
    let listener = Listener::bind(Role::Trusted, &loopback()).unwrap();
    let address = [listener.address()];
    scope(|scope| {
        let guests = guests.map(|(role, agreed)| {
            let stream = connect(role, &address, LONG).unwrap();
            scope.spawn(move || with_dealer(role, &stream, &agreed, LONG))
        });
        let dealing = deal(listener, of_batch, MOST, LONG);
        (dealing, guests.map(|guest| guest.join().unwrap()).into_iter().collect())
    })
}

fn agreed(session: u8, images: u32) -> Agreed {
    Agreed { session: SessionId([session; 16]), images, public: of_batch(images) }
}

#[test]
fn a_dealer_serves_the_two_parties_of_one_session() {
    for roles in [[Role::Server, Role::Client], [Role::Client, Role::Server]] {
        let (dealing, guests) = dealt(roles.map(|role| (role, agreed(7, 2))));
        let dealing = dealing.unwrap();
        assert_eq!((dealing.agreed, guests), (agreed(7, 2), vec![Ok(()), Ok(())]));
        assert_eq!(dealing.connections.iter().map(|(role, _)| *role).collect::<Vec<_>>(), roles);
    }
}

#[test]
fn a_dealer_refuses_who_is_not_of_one_session() {
    let [server, client] = [Role::Server, Role::Client];
    for (guests, expected) in [
        ([(server, agreed(7, 2)), (server, agreed(7, 2))], ["live/session"; 3]),
        ([(client, agreed(7, 2)), (client, agreed(7, 2))], ["live/session"; 3]),
        ([(server, agreed(7, 2)), (client, agreed(8, 2))], ["live/session"; 3]),
        ([(server, agreed(7, 61)), (client, agreed(7, 61))], ["live/images", "live/images", "live/closed"]),
        ([(server, agreed(7, 2)), (client, agreed(7, 3))], ["party/public-part", "live/closed", "party/public-part"]),
        ([(server, agreed(7, 2)), (Role::Trusted, agreed(7, 2))], ["live/role", "live/closed", "live/closed"]),
    ] {
        let (dealing, guests) = dealt(guests);
        let [one, other] = <[_; 2]>::try_from(guests).unwrap().map(code);
        assert_eq!([code(dealing.map(|dealing| dealing.agreed)), one, other], expected);
    }
}

#[test]
fn a_dealer_and_a_party_name_the_piece_that_differs() {
    let foreign = Agreed { public: public(["1", "gmw", "2", "other plan", "network"]), ..agreed(7, 2) };
    let (dealing, guests) = dealt([(Role::Server, foreign), (Role::Client, agreed(7, 2))]);
    let message = |role| format!("{role}: the parties do not agree on the public part: plan differs");
    assert_eq!(dealing.map(|dealing| dealing.agreed).unwrap_err().to_string(), message("trusted"));
    assert_eq!(guests[0].as_ref().unwrap_err().to_string(), message("server"));
}
