//! Connected sockets, and peers in threads of their own.
#![allow(dead_code, reason = "not every test file uses every helper")]
#![allow(clippy::unwrap_used, reason = "helpers of tests stop like the tests themselves")]

use deepshare_reference::party::{PartyError, PublicPart};
use std::io::Write;
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread::{Scope, ScopedJoinHandle, sleep};
use std::time::Duration;

/// Longer than anything takes that is meant to succeed.
pub const LONG: Duration = Duration::from_secs(60);
/// For peers that are meant to keep silent.
pub const SHORT: Duration = Duration::from_millis(60);

/// A port of the loopback interface that the system picks.
pub fn loopback() -> [SocketAddr; 1] {
    [SocketAddr::from((Ipv4Addr::LOCALHOST, 0))]
}

/// Two ends of one connection.
pub fn pair() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind(&loopback()[..]).unwrap();
    let one = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    (one, listener.accept().unwrap().0)
}

/// Two ends of a connection, of which the second has sent bytes and will send no more. Keep it: a socket that is closed
/// with bytes unread may take back what it has sent.
pub fn says(bytes: &[u8]) -> (TcpStream, TcpStream) {
    let (own, mut peer) = pair();
    peer.write_all(bytes).unwrap();
    peer.shutdown(Shutdown::Write).unwrap();
    (own, peer)
}

/// A peer that sends bytes one by one, each long before the limit, all of them long after.
pub fn drips<'s>(scope: &'s Scope<'s, '_>, bytes: Vec<u8>) -> (TcpStream, ScopedJoinHandle<'s, ()>) {
    let (own, mut peer) = pair();
    let thread = scope.spawn(move || {
        for byte in bytes {
            if peer.write_all(&[byte]).is_err() {
                return;
            }
            sleep(SHORT / 6);
        }
    });
    (own, thread)
}

/// A public part of which one text can be chosen, piece by piece.
pub fn public(texts: [&str; 5]) -> PublicPart {
    PublicPart::new(["specification version", "backend", "batch", "plan", "network"].into_iter().zip(texts))
}

/// The public part of a batch.
pub fn of_batch(images: u32) -> PublicPart {
    public(["1", "gmw", &images.to_string(), "plan", "network"])
}

/// The code of what went wrong.
pub fn code<T: std::fmt::Debug>(result: Result<T, PartyError>) -> &'static str {
    result.unwrap_err().code()
}
