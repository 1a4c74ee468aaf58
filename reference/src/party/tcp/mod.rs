//! Two processes, and a dealer as third, run the party programs over TCP: connections, the handshake, and a channel of
//! blocking sockets. [DS-LIVE-1]
//!
//! Nothing here encrypts or authenticates. All waiting is bounded by a limit that the caller gives, except the wait of
//! a listener for its first peer. [DS-LIVE-8]

mod channel;
mod connect;
mod dealer;
mod error;
mod greeting;
mod handshake;
mod timed;
mod writer;

pub use channel::{Finished, TcpChannel, Traffic, block_on};
pub use connect::{KeepOut, Listener, connect};
pub use dealer::{Dealing, deal};
pub use error::{LiveError, Reason};
pub use greeting::{GREETING_BYTES, HELLO_BYTES, HELLO_VERSION, Hello, MAGIC, Message, greeting, read_greeting};
pub use handshake::{Agreed, as_client, as_server, with_dealer};
