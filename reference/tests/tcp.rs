//! Sessions over sockets: the same frames as in one thread, and the error of every way in which a peer can fail.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/maps.rs"]
mod maps;
#[path = "common/script.rs"]
mod script;
#[path = "common/sockets.rs"]
mod sockets;
#[path = "common/values.rs"]
mod values;

use deepshare_reference::backend::live::{LIVE_BACKENDS, LiveSession, dealer, party};
use deepshare_reference::backend::run::{Session, Sides, gmw};
use deepshare_reference::backend::run_ot::ot;
use deepshare_reference::party::frame::Header;
use deepshare_reference::party::tcp::{Agreed, Finished, TcpChannel, block_on};
use deepshare_reference::party::transcript::{Entry, Transcript};
use deepshare_reference::party::xof::Seed;
use deepshare_reference::party::{Carried, Channel, Content, PartyError, Phase, Role, SessionId, Step};
use deepshare_reference::plan::StepConvention;
use deepshare_reference::values::{Ranges, Ring, Shape};
use maps::MapSpec;
use script::{Call, Script};
use sockets::{LONG, SHORT, code, drips, of_batch, pair, says};
use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread::{scope, spawn};
use std::time::Duration;
use values::{ring, width};

const SESSION: SessionId = SessionId([0x5a; 16]);
const SEED: Seed = Seed([3; 32]);
const STEP: Step = Step::new(Phase::Online, "test/step", "DS-TEST");
const LAST: Step = Step::new(Phase::Online, "test/last", "DS-TEST");

fn content(bytes: usize) -> Content {
    Content { element_bits: 8, ring: true, count: bytes }
}

fn channel(role: Role, stream: TcpStream, limit: Duration) -> TcpChannel {
    TcpChannel::new(SESSION, role, limit, Transcript::default(), [(role.peer(), stream)]).unwrap()
}

fn receive(channel: &mut TcpChannel, from: Role, step: Step, bytes: usize) -> Result<Vec<u8>, PartyError> {
    block_on(channel.role(), channel.receive(from, step, content(bytes)))
}

/// The server's frame number `sequence` of STEP.
fn frame(sequence: u64, payload: &[u8]) -> Vec<u8> {
    let (step, payload_bytes) = (STEP.label.to_owned(), payload.len() as u64);
    let header = Header { session: SESSION, phase: Phase::Online, round: 1, sequence, step, payload_bytes };
    payload.to_vec().seal(&header)
}

/// A program with every functionality.
fn everything() -> (Script, Sides<Ring>) {
    let map = MapSpec::Dense { input: Shape::new(1, 1, 3).unwrap(), outputs: 3 };
    let step = StepConvention::Nonnegative;
    let calls = vec![
        Call::Input { len: 3 },
        Call::Linear { map, x: 0, batch: 1 },
        Call::Activate { step, x: 1, earlier: vec![], served: Ranges::all(3), elements: 1 },
        Call::Truncate { x: 2, shift: 2 },
        Call::Output { x: 3 },
    ];
    let weights = ring(width(5), &[1, 0, 0, 0, 2, 0, 0, 0, -1]);
    let image = ring(width(5), &[9, -3, 4]);
    (Script { width: width(5), shared: vec![], calls }, Sides { server: vec![weights], client: vec![image] })
}

fn session<const N: usize>(connections: [(Role, TcpStream); N]) -> LiveSession<'static> {
    LiveSession {
        backend: LIVE_BACKENDS[0],
        agreed: Agreed { session: SESSION, images: 1, public: of_batch(1) },
        connections: connections.into(),
        seed: &SEED,
        limit: LONG,
        transcript: Transcript::observed(),
    }
}

fn assert_counted(finished: &Finished, role: Role) {
    for traffic in &finished.traffic {
        let bytes = |from, to| finished.transcript.cost_where(|entry| (entry.from, entry.to) == (from, to)).wire_bytes;
        let wire = (bytes(role, traffic.peer), bytes(traffic.peer, role));
        assert_eq!((traffic.sent, traffic.received), wire, "{role} and {}", traffic.peer);
    }
    let phases: BTreeSet<Phase> = finished.transcript.entries().iter().map(|entry| entry.phase).collect();
    assert_eq!(finished.seconds.keys().copied().collect::<BTreeSet<_>>(), phases, "{role}: phases that took time");
}

/// The frames from one role to another.
fn between(transcript: &Transcript, from: Role, to: Role) -> Vec<Entry> {
    transcript.entries().iter().filter(|entry| (entry.from, entry.to) == (from, to)).cloned().collect()
}

/// [DS-LIVE-1] [DS-ROLE-2]
#[test]
fn three_threads_over_sockets_send_what_three_roles_in_one_thread_send() {
    let (script, own) = everything();
    let [(server_client, client_server), (server_dealer, dealer_server), (client_dealer, dealer_client)] =
        [pair(), pair(), pair()];
    let (trusted, server, client) = scope(|scope| {
        let trusted = scope.spawn(|| {
            dealer(&everything().0, session([(Role::Server, dealer_server), (Role::Client, dealer_client)])).unwrap()
        });
        let server = scope.spawn(|| {
            let session = session([(Role::Client, server_client), (Role::Trusted, server_dealer)]);
            party(&everything().0, Role::Server, everything().1.server, session).unwrap()
        });
        let session = session([(Role::Server, client_server), (Role::Trusted, client_dealer)]);
        let client = party(&everything().0, Role::Client, everything().1.client, session).unwrap();
        (trusted.join().unwrap(), server.join().unwrap(), client)
    });

    let local_session = Session { id: SESSION, transcript: Transcript::observed() };
    let local = gmw(&script, own, &SEED, local_session).unwrap();
    assert!(server.0 == local.outputs.server && client.0 == local.outputs.client);
    for (role, finished) in [(Role::Trusted, trusted), (Role::Server, server.1), (Role::Client, client.1)] {
        assert_counted(&finished, role);
        for (from, to) in [(role, role.peer()), (role.peer(), role), (Role::Trusted, role), (role, Role::Trusted)] {
            let [live, local] = [&finished.transcript, &local.transcript].map(|t| between(t, from, to));
            assert_eq!(live, local, "{role}: {from} to {to}");
        }
    }
}

/// The same without a dealer: from base OTs on, two threads send what two roles in one thread send.
#[test]
fn two_threads_over_sockets_send_what_two_roles_in_one_thread_send() {
    let (script, own) = everything();
    let (server_client, client_server) = pair();
    let alone = |peer, stream| LiveSession {
        backend: LIVE_BACKENDS.into_iter().find(|backend| backend.name == "ot").unwrap(),
        connections: vec![(peer, stream)],
        ..session([])
    };
    let (server, client) = scope(|scope| {
        let server = scope.spawn(|| {
            let session = alone(Role::Client, server_client);
            party(&everything().0, Role::Server, everything().1.server, session).unwrap()
        });
        let session = alone(Role::Server, client_server);
        let client = party(&everything().0, Role::Client, everything().1.client, session).unwrap();
        (server.join().unwrap(), client)
    });
    let local_session = Session { id: SESSION, transcript: Transcript::observed() };
    let local = ot(&script, own, &SEED, local_session).unwrap();
    assert!(server.0 == local.outputs.server && client.0 == local.outputs.client);
    for (role, finished) in [(Role::Server, server.1), (Role::Client, client.1)] {
        assert_counted(&finished, role);
        for (from, to) in [(role, role.peer()), (role.peer(), role)] {
            assert_eq!(between(&finished.transcript, from, to), between(&local.transcript, from, to), "{role}: {from}");
        }
    }
}

/// Far more than the sockets hold, in both directions at once, before anybody receives. [DS-LIVE-7] [DS-ROLE-1]
#[test]
fn two_large_frames_that_cross_do_not_block_each_other() {
    const BYTES: usize = 32 << 20;
    let (server, client) = pair();
    let side = |role: Role, stream, byte| {
        let mut channel = channel(role, stream, LONG);
        channel.send(role.peer(), STEP, content(BYTES), vec![byte; BYTES]).unwrap();
        let payload = receive(&mut channel, role.peer(), STEP, BYTES).unwrap();
        assert!(payload.len() == BYTES && payload.iter().all(|&found| found == 3 - byte));
        assert_counted(&channel.finish().unwrap(), role);
    };
    let other = spawn(move || side(Role::Server, server, 1));
    side(Role::Client, client, 2);
    other.join().unwrap();
}

/// [DS-LIVE-8]
#[test]
fn a_silent_peer_and_one_that_drips_bytes_are_given_up() {
    let (own, _peer) = pair();
    let error = receive(&mut channel(Role::Client, own, SHORT), Role::Server, STEP, 3).unwrap_err();
    assert_eq!(error.to_string(), "client: step test/step: server did not send the frame of this step within 60ms");
    assert_eq!(error.code(), "party/silent");
    scope(|scope| {
        let (own, thread) = drips(scope, frame(0, &[7; 100]));
        assert_eq!(code(receive(&mut channel(Role::Client, own, SHORT), Role::Server, STEP, 100)), "party/silent");
        thread.join().unwrap();
    });
}

/// The peer sends some frames and closes: at every byte of the last one.
#[test]
fn a_peer_that_closes_between_or_within_frames() {
    let one = frame(1, &[7; 3]);
    for cut in 0..=one.len() {
        let (stream, _peer) = says(&[&frame(0, &[8; 5])[..], &one[..cut]].concat());
        let mut channel = channel(Role::Client, stream, LONG);
        assert_eq!(receive(&mut channel, Role::Server, STEP, 5), Ok(vec![8; 5]));
        let found = receive(&mut channel, Role::Server, STEP, 3);
        match cut {
            0 => {
                assert_eq!(found, Err(PartyError::Closed { role: Role::Client, from: Role::Server, step: STEP.label }))
            }
            _ if cut < one.len() => assert_eq!(code(found), "frame/cut", "cut at {cut}"),
            _ => assert_eq!(found, Ok(vec![7; 3])),
        }
    }
}

#[test]
fn after_a_malformed_frame_nothing_more_is_taken() {
    let (own, mut peer) = pair();
    peer.write_all(&[frame(1, &[]), frame(1, &[7; 3])].concat()).unwrap();
    let mut channel = channel(Role::Client, own, LONG);
    let error = receive(&mut channel, Role::Server, STEP, 3).unwrap_err();
    let message = "client: step test/step: frame from server: sequence number 1, expected 0";
    assert_eq!((error.to_string().as_str(), error.code()), (message, "frame/sequence"));
    // the next frame is there, and would be the expected one
    assert_eq!(code(receive(&mut channel, Role::Server, STEP, 3)), "party/closed");
    assert!(matches!(peer.read(&mut [0; 1]), Ok(0) | Err(_)), "the peer learns it while the channel is still there");
}

/// A peer that stops with an error in its n-th step: the other one learns it at the step that needs it.
#[test]
fn a_peer_that_stops_at_any_step() {
    for steps in 0..4 {
        let (server, client) = pair();
        let peer = spawn(move || {
            let mut channel = channel(Role::Server, server, LONG);
            for _ in 0..steps {
                channel.send(Role::Client, STEP, content(1), vec![0]).unwrap();
                receive(&mut channel, Role::Client, STEP, 1).unwrap();
            }
        });
        let mut channel = channel(Role::Client, client, LONG);
        for _ in 0..steps {
            assert_eq!(receive(&mut channel, Role::Server, STEP, 1), Ok(vec![0]));
            channel.send(Role::Server, STEP, content(1), vec![0]).unwrap();
        }
        let error = receive(&mut channel, Role::Server, LAST, 1).unwrap_err();
        assert_eq!(error, PartyError::Closed { role: Role::Client, from: Role::Server, step: LAST.label });
        peer.join().unwrap();
    }
}

/// [DS-LIVE-9]
#[test]
fn frames_that_nobody_takes_are_an_error_at_the_end() {
    const BYTES: usize = 64 << 20;
    let sender = |stream, limit| {
        let mut channel = channel(Role::Server, stream, limit);
        channel.send(Role::Client, STEP, content(BYTES), vec![0; BYTES]).unwrap();
        channel.finish().map(drop).unwrap_err()
    };
    let (own, peer) = pair();
    drop(peer);
    let error = sender(own, LONG);
    assert!(error.to_string().starts_with("server: client did not take all frames that were sent to it: "), "{error}");
    assert_eq!(error.code(), "party/unsent");
    let (own, _peer) = pair(); // open, and never read
    assert_eq!(sender(own, SHORT).code(), "party/unsent");
}

/// It does not wait for a peer that takes nothing, and the peer does not get the rest later.
#[test]
fn a_channel_that_is_dropped_with_frames_in_its_queue_does_not_hang() {
    const BYTES: usize = 64 << 20;
    let (own, peer) = pair();
    let mut channel = channel(Role::Server, own, LONG);
    channel.send(Role::Client, STEP, content(BYTES), vec![0; BYTES]).unwrap();
    drop(channel);
    let mut taken = Vec::new();
    let _ = (&peer).read_to_end(&mut taken); // to the end or to an error: the connection is cut
    assert!(taken.len() < BYTES, "the peer has all {BYTES} bytes");
}

/// A session is over when its frames are: the others need not close within the limit. [DS-LIVE-9]
#[test]
fn a_peer_that_stays_is_no_error_at_the_end() {
    let (own, mut peer) = pair();
    // the whole limit is waited for; it must also do for writing a frame on a busy machine
    let mut channel = channel(Role::Client, own, 10 * SHORT);
    channel.send(Role::Server, STEP, content(1), vec![7]).unwrap();
    let finished = channel.finish().unwrap();
    assert_counted(&finished, Role::Client);
    let mut taken = Vec::new();
    peer.read_to_end(&mut taken).unwrap();
    assert_eq!(taken, frame(0, &[7]));
}

/// A peer that has not read what it was sent, and goes, has the system say so. [DS-LIVE-9]
#[test]
fn a_peer_that_goes_with_frames_unread_is_an_error_at_the_end() {
    let (own, peer) = pair();
    let mut channel = channel(Role::Server, own, LONG);
    channel.send(Role::Client, STEP, content(3), vec![7; 3]).unwrap();
    peer.peek(&mut [0; 1]).unwrap(); // the frame is there
    drop(peer);
    assert_eq!(channel.finish().map(drop).unwrap_err().code(), "party/unsent");
}

#[test]
fn bytes_after_the_last_step_are_counted_and_no_error() {
    let (stream, _peer) = says(&[&frame(0, &[8; 5])[..], b"more"].concat());
    let mut channel = channel(Role::Client, stream, LONG);
    receive(&mut channel, Role::Server, STEP, 5).unwrap();
    let finished = channel.finish().unwrap();
    let wire = finished.transcript.cost(Phase::Online).wire_bytes;
    assert_eq!(finished.traffic[0].received, wire + 4, "the sockets count what no frame explains");
}

#[test]
fn waiting_for_something_else_and_for_nobody() {
    let error = block_on(Role::Client, std::future::pending::<Result<(), PartyError>>()).unwrap_err();
    assert_eq!(error.to_string(), "deadlock: client waits for something that is not its channel");
    let (own, _peer) = pair();
    let mut channel = channel(Role::Client, own, LONG);
    assert_eq!(code(receive(&mut channel, Role::Trusted, STEP, 1)), "party/no-channel");
    assert_eq!(code(channel.send(Role::Trusted, STEP, content(1), vec![0])), "party/no-channel");
    assert_eq!(code(channel.send(Role::Client, STEP, content(1), vec![0])), "party/no-channel");
}
