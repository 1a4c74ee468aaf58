//! The executor of three roles in one thread: what counts as progress, how roles end, what is left of a session. [DS-ROLE-2]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "common/values.rs"]
mod values;

use deepshare_reference::party::channel::{receive_ring, send_ring};
use deepshare_reference::party::frame::FrameError;
use deepshare_reference::party::local::{Endpoint, Ends, LocalNet, Medium, run, run_each};
use deepshare_reference::party::transcript::Transcript;
use deepshare_reference::party::{Channel, Content, PartyError, Phase, Role, SessionId, Step};
use deepshare_reference::values::{Concrete, RingVector, ShapeRing, Shapes};
use std::cell::Cell;
use std::future::poll_fn;
use std::task::Poll;
use values::{ring, width};

const STEP: Step = Step::new(Phase::Online, "test/step", "DS-TEST");
const CONTENT: Content = Content { element_bits: 8, ring: true, count: 1 };
const ID: SessionId = SessionId([9; 16]);

fn net() -> LocalNet<Vec<u8>> {
    LocalNet::new(ID, Transcript::default())
}

async fn sends(mut end: Endpoint<Vec<u8>>, to: Role) -> Result<(), PartyError> {
    end.send(to, STEP, CONTENT, vec![7])
}

async fn receives(mut end: Endpoint<Vec<u8>>, from: Role) -> Result<Vec<u8>, PartyError> {
    end.receive(from, STEP, CONTENT).await
}

async fn nothing() -> Result<(), PartyError> {
    Ok(())
}

#[test]
fn a_net_knows_its_session_and_what_nobody_took() {
    let net = net();
    assert_eq!((net.session(), net.undelivered()), (ID, 0));
    run(&net, nothing(), sends(net.endpoint(Role::Server), Role::Client), nothing()).unwrap();
    assert_eq!(net.undelivered(), 1);
}

/// The server is polled before the client, whom it waits for; in the second session, too, the client has not ended yet.
#[test]
fn a_second_session_begins_anew() {
    let net = net();
    for _ in 0..2 {
        let server = receives(net.endpoint(Role::Server), Role::Client);
        let client = sends(net.endpoint(Role::Client), Role::Server);
        assert_eq!(run(&net, nothing(), server, client).unwrap().1, [7]);
    }
}

#[test]
fn roles_that_run_to_their_own_ends_have_as_many_turns_as_they_need() {
    let net = net();
    let server = receives(net.endpoint(Role::Server), Role::Client);
    let ends = run_each(&net, nothing(), server, sends(net.endpoint(Role::Client), Role::Server));
    assert_eq!((ends.trusted, ends.server, ends.client), (Ok(()), Ok(vec![7]), Ok(())));
}

/// Who waits for a role that has ended is told so, even if nothing else happened in that turn. [DS-ROLE-3]
#[test]
fn an_ending_is_progress() {
    let net = net();
    let error = run(&net, receives(net.endpoint(Role::Trusted), Role::Client), nothing(), nothing()).unwrap_err();
    assert_eq!(error, PartyError::Closed { role: Role::Trusted, from: Role::Client, step: "test/step" });
}

/// A simulator may wait for what its party comes to: a turn in which a frame is only received is not a deadlock.
#[test]
fn a_reception_is_progress() {
    let (net, taken) = (net(), Cell::new(false));
    let trusted = async {
        poll_fn(|_| if taken.get() { Poll::Ready(()) } else { Poll::Pending }).await;
        sends(net.endpoint(Role::Trusted), Role::Server).await
    };
    let server = async {
        let mut end = net.endpoint(Role::Server);
        end.receive(Role::Client, STEP, CONTENT).await?;
        taken.set(true);
        end.receive(Role::Trusted, STEP, CONTENT).await
    };
    assert_eq!(run(&net, trusted, server, sends(net.endpoint(Role::Client), Role::Server)).unwrap().1, [7]);
}

/// A transcript has the cost of each step, and payloads only if it is to observe them.
#[test]
fn a_transcript_keeps_payloads_if_it_is_asked_to() {
    for (transcript, kept) in [(Transcript::default(), None), (Transcript::observed(), Some(vec![7]))] {
        let net = LocalNet::new(ID, transcript);
        run(&net, nothing(), sends(net.endpoint(Role::Server), Role::Client), nothing()).unwrap();
        let sent = net.transcript();
        assert_eq!(sent.entries()[0].payload, kept);
        assert_eq!((sent.step_cost("test/step").server_bits, sent.step_cost("other").frames), (8, 0));
    }
}

/// Where only sizes travel there are no bytes to keep.
#[test]
fn a_transcript_of_sizes_keeps_no_payloads() {
    let net = LocalNet::new(ID, Transcript::observed());
    let mut end = net.endpoint(Role::Server);
    let x = ShapeRing::constant(width(8), 1, 0);
    run(&net, nothing(), async { send_ring::<Shapes, _>(&mut end, Role::Client, STEP, &x) }, nothing()).unwrap();
    let sent = net.transcript();
    assert_eq!((sent.entries()[0].payload.as_ref(), sent.entries()[0].content), (None, CONTENT));
}

/// [DS-WIRE-6]
#[test]
fn a_peer_that_ends_early() {
    let net = net();
    let mut client = net.endpoint(Role::Client);
    let error = run(&net, nothing(), nothing(), client.receive(Role::Server, STEP, CONTENT)).unwrap_err();
    assert_eq!(error, PartyError::Closed { role: Role::Client, from: Role::Server, step: "test/step" });
    let message = "client: step test/step: server ended without sending the frame that this step needs";
    assert_eq!((error.to_string().as_str(), error.code()), (message, "party/closed"));
}

/// [DS-ROLE-3]
#[test]
fn two_that_wait_for_each_other() {
    let net = net();
    let (mut server, mut client) = (net.endpoint(Role::Server), net.endpoint(Role::Client));
    let later = Step::new(Phase::Online, "test/later", "DS-TEST");
    let waiting = (server.receive(Role::Client, STEP, CONTENT), client.receive(Role::Server, later, CONTENT));
    let error = run(&net, nothing(), waiting.0, waiting.1).unwrap_err();
    let message = "deadlock: server waits for client at step test/step; client waits for server at step test/later";
    assert_eq!((error.to_string().as_str(), error.code()), (message, "party/deadlock"));
}

/// [DS-ROLE-1]
#[test]
fn nobody_has_a_channel_to_himself() {
    let net = net();
    let mut server = net.endpoint(Role::Server);
    let error = server.send(Role::Server, STEP, CONTENT, vec![0]).unwrap_err();
    assert_eq!(error, PartyError::NoChannel { from: Role::Server, to: Role::Server });
    assert_eq!((error.to_string().as_str(), error.code()), ("server has no channel to server", "party/no-channel"));
    assert_eq!(net.undelivered(), 0);
}

/// Each role ends on its own: the one that fails, the one that waits for it, the one that needs neither. [DS-ROLE-4]
#[test]
fn each_role_has_its_own_end() {
    let net = net();
    let mut client = net.endpoint(Role::Client);
    let failure = PartyError::Misuse { role: Role::Server, what: "no".into() };
    let server = async { Err::<(), _>(failure.clone()) };
    let ends = run_each(&net, nothing(), server, client.receive(Role::Server, STEP, CONTENT));
    let closed = PartyError::Closed { role: Role::Client, from: Role::Server, step: "test/step" };
    assert_eq!(ends, Ends { trusted: Ok(()), server: Err(failure), client: Err(closed) });
}

/// A deadlock is the error of every role that has not ended, and of no other.
#[test]
fn a_deadlock_is_the_end_of_those_who_wait() {
    let net = net();
    let (mut server, mut client) = (net.endpoint(Role::Server), net.endpoint(Role::Client));
    let waiting = (server.receive(Role::Client, STEP, CONTENT), client.receive(Role::Server, STEP, CONTENT));
    let ends = run_each(&net, nothing(), waiting.0, waiting.1);
    let stuck = PartyError::Deadlock {
        waiting: "server waits for client at step test/step; client waits for server at step test/step".into(),
    };
    assert_eq!(ends, Ends { trusted: Ok(()), server: Err(stuck.clone()), client: Err(stuck) });
}

/// A medium may drop, repeat and reorder; what it makes of a frame arrives in order, and the transcript has what was sent.
#[test]
fn a_medium_between_the_roles() {
    struct Twice;
    impl Medium<Vec<u8>> for Twice {
        fn carry(&mut self, from: Role, to: Role, frame: Vec<u8>) -> Vec<Vec<u8>> {
            assert_eq!((from, to), (Role::Server, Role::Client));
            vec![frame.clone(), frame]
        }
    }
    let net = net();
    net.intercept(Box::new(Twice));
    let (mut server, mut client) = (net.endpoint(Role::Server), net.endpoint(Role::Client));
    let x = ring(width(8), &[7]);
    let send = async { send_ring::<Concrete, _>(&mut server, Role::Client, STEP, &x) };
    let receive = async {
        let first = receive_ring::<Concrete, _>(&mut client, Role::Server, STEP, width(8), 1).await?;
        assert_eq!(first, x);
        receive_ring::<Concrete, _>(&mut client, Role::Server, STEP, width(8), 1).await
    };
    let ends = run_each(&net, nothing(), send, receive);
    assert_eq!((ends.trusted, ends.server), (Ok(()), Ok(())));
    let cause = FrameError::Sequence { found: 0, expected: 1 };
    assert_eq!(
        ends.client,
        Err(PartyError::Frame { role: Role::Client, from: Role::Server, step: "test/step", cause })
    );
    assert_eq!((net.undelivered(), net.transcript().entries().len()), (0, 1));
}
