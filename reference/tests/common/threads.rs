//! Two parties in two threads, each with the record of what it hashes.
#![allow(dead_code)] // Each test file uses a part of it.

use deepshare_reference::backend::Program;
use deepshare_reference::backend::garbled::GarbledBackend;
use deepshare_reference::backend::ot::{Gilboa, OtBackend};
use deepshare_reference::backend::run::Sides;
use deepshare_reference::party::coins::SeedCoins;
use deepshare_reference::party::xof::{Seed, record};
use deepshare_reference::party::{Channel, Content, PartyError, Role, SessionId, Step};
use deepshare_reference::primitives::ot::extension::OtParty;
use deepshare_reference::primitives::ot::tweak::Purpose;
use deepshare_reference::values::{Concrete, Ring};
use std::future::Future;
use std::pin::pin;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::task::{Context, Poll, Waker};

/// A party's end of a pair of queues; to receive is to block.
struct Pipe {
    role: Role,
    to_peer: Sender<(&'static str, Vec<u8>)>,
    from_peer: Receiver<(&'static str, Vec<u8>)>,
}

impl Channel<Vec<u8>> for Pipe {
    fn role(&self) -> Role {
        self.role
    }

    fn send(&mut self, _to: Role, step: Step, _content: Content, payload: Vec<u8>) -> Result<(), PartyError> {
        self.to_peer.send((step.label, payload)).unwrap();
        Ok(())
    }

    fn poll_receive(&mut self, _from: Role, step: Step, content: Content) -> Poll<Result<Vec<u8>, PartyError>> {
        let (label, payload) = self.from_peer.recv().unwrap();
        assert_eq!((label, payload.len() as u64), (step.label, content.bytes()));
        Poll::Ready(Ok(payload))
    }
}

/// The result of a program that never waits without blocking its thread.
fn finish<T>(program: impl Future<Output = T>) -> T {
    match pin!(program).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("the program waits for something else than its peer"),
    }
}

/// What a party got, and every input of the XOF.
type Recorded = (Vec<Ring>, Vec<Vec<u8>>);

/// What the parties run; linear layers are Gilboa's in both, since there is no dealer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocols {
    /// `ot`.
    Ot,
    /// `garbled`.
    Garbled,
}

type Given = (Vec<Ring>, Seed, SessionId);

fn party<P: Program>(protocols: Protocols, program: &P, pipe: Pipe, (own, seed, session): Given) -> Recorded {
    let (name, purposes) = match protocols {
        Protocols::Ot => ("ot", &Purpose::OT),
        Protocols::Garbled => ("garbled", &Purpose::GARBLED),
    };
    record(|| {
        let coins = SeedCoins::new(&seed.for_session(session), name, pipe.role);
        finish(async {
            let ots = OtParty::<Concrete, _, _>::set_up(pipe, coins, session, purposes).await?;
            match protocols {
                Protocols::Ot => program.run(&mut OtBackend::<_, Gilboa>::new(ots), own).await,
                Protocols::Garbled => program.run(&mut GarbledBackend::<_, Gilboa>::new(ots), own).await,
            }
        })
        .unwrap()
    })
}

/// Runs a program over `ot`, from base OTs up; gives what each party got, and its record.
pub fn run<P: Program + Sync>(program: &P, own: Sides<Ring>, seed: Seed, session: SessionId) -> [Recorded; 2] {
    run_over(Protocols::Ot, program, own, seed, session)
}

/// The same over the protocols given.
pub fn run_over<P: Program + Sync>(
    protocols: Protocols,
    program: &P,
    own: Sides<Ring>,
    seed: Seed,
    session: SessionId,
) -> [Recorded; 2] {
    let ((to_client, from_server), (to_server, from_client)) = (channel(), channel());
    let server = Pipe { role: Role::Server, to_peer: to_client, from_peer: from_client };
    let client = Pipe { role: Role::Client, to_peer: to_server, from_peer: from_server };
    std::thread::scope(|scope| {
        let server = scope.spawn(move || party(protocols, program, server, (own.server, seed, session)));
        let client = scope.spawn(move || party(protocols, program, client, (own.client, seed, session)));
        [server.join().unwrap(), client.join().unwrap()]
    })
}
