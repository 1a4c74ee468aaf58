//! The executor of three roles in one thread: what counts as progress, and what is left of a session. [DS-ROLE-2]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use deepshare_reference::party::local::{Endpoint, LocalNet, run, run_each};
use deepshare_reference::party::transcript::Transcript;
use deepshare_reference::party::{Channel, Content, PartyError, Phase, Role, SessionId, Step};
use std::cell::Cell;
use std::future::poll_fn;
use std::task::Poll;

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
